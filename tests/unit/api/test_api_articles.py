"""Articles as Fortnox lists them: inactive ones are known, whatever the plain list holds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from fortnox.api.articles import read_articles

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


class Fortnox:
    """One active article and one that is not."""

    def __init__(self, *, lists_inactive: bool) -> None:
        self._plain = ["A-1", "A-2"] if lists_inactive else ["A-1"]

    def list(self, path: str, key: str, **params: Any) -> Iterator[dict[str, str]]:
        assert (path, key) == ("articles", "Articles")
        numbers = ["A-2"] if params.get("filter") == "inactive" else self._plain
        yield from ({"ArticleNumber": number, "Description": number} for number in numbers)


@pytest.mark.parametrize("lists_inactive", [True, False])
def test_an_inactive_article_is_known_and_inactive(lists_inactive: bool) -> None:
    """It would be made again, which Fortnox refuses, and never become active again."""
    client: Any = Fortnox(lists_inactive=lists_inactive)
    found = read_articles(client, "A", None, NOW, NOW)
    assert {number: one.active for number, one in found.items()} == {"A-1": True, "A-2": False}
