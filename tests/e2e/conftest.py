"""One real Airflow and one sandbox for all end-to-end tests; everything in this folder is slow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from browser import SignedIn, chromium_missing, signed_in
from tests.support.end_to_end import EndToEnd, end_to_end

from fortnox.demo.day import DayRun
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


@pytest.fixture(scope="session")
def browser(embedded: EndToEnd) -> Iterator[SignedIn]:
    """One browser for all tests: to start it and to load Airflow's UI takes longer than they do."""
    if missing := chromium_missing():
        pytest.skip(missing)
    with signed_in(embedded.base_url) as made:
        yield made


@dataclass(frozen=True)
class Twice:
    """The day's first run, the run after it, and how many writes Fortnox had got after each."""

    first: DayRun
    second: DayRun
    writes_after_first: int
    writes_after_second: int


@pytest.fixture(scope="session")
def twice(embedded: EndToEnd) -> Twice:
    """The run that the scheduler makes by itself when the DAG is unpaused, and one more.

    Afterwards the shop begins three weeks earlier: the scheduler, which goes on from its last
    run, does not catch up on those days, but runs of theirs have sales to book. The second run
    comes before that, for with those sales booked, the day's refunds of them are due too.
    """
    first = embedded.run_day(embedded.day)
    after_first = embedded.writes
    second = embedded.run_day(embedded.day)
    after_second = embedded.writes
    embedded.begin_on(embedded.day - timedelta(days=20))
    return Twice(first, second, after_first, after_second)


@pytest.fixture(scope="session")
def first(twice: Twice) -> DayRun:
    """The run that the scheduler made by itself."""
    return twice.first
