"""One real Airflow and one sandbox for all end-to-end tests; everything in this folder is slow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.end_to_end import EndToEnd, end_to_end

from fortnox.demo.stack import Sales

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks all tests of this folder as slow."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def embedded() -> Iterator[EndToEnd]:
    """The repository's DAGs in a real Airflow, with folders of its own."""
    with end_to_end(Sales()) as made:
        yield made
