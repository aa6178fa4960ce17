"""Guards against a run that would change, or empty, too much of a shop at once."""

from collections.abc import Iterator, Mapping, Sequence

from fortnox.core.articles import ArticleAction, ShopUpdate
from fortnox.core.mapping import ShopRow

Change = ArticleAction | ShopUpdate

_HUNDRED = 100
#: Below this many a share says nothing: one of three articles is a third.
_FEW = 10


def approval_reasons(
    changes: Sequence[Change],
    shop: ShopRow,
    *,
    known: int,
    first_run: bool,
    stocks: Mapping[str, int],
) -> list[str]:
    """Why a person must see the plan first; empty: it may go on.

    Args:
        changes: The whole plan. What it only notes in the shop changes nothing and is not counted.
        shop: Its thresholds.
        known: Articles that both sides have.
        first_run: Nothing is known of earlier runs; a lost cache counts as that.
        stocks: Product id -> pieces in the shop now.
    """
    seen = [change for change in changes if is_seen(change)]
    return list(_reasons(seen, shop, known, first_run=first_run, stocks=stocks))


def is_seen(change: Change) -> bool:
    """Whether it changes more than what we note in the shop for ourselves."""
    return not (isinstance(change, ShopUpdate) and change.is_note)


def _reasons(
    changes: Sequence[Change],
    shop: ShopRow,
    known: int,
    *,
    first_run: bool,
    stocks: Mapping[str, int],
) -> Iterator[str]:
    if first_run and len(changes) > shop.first_run_max_articles:
        yield (
            f"first run: {len(changes)} articles would change, more than "
            f"{shop.first_run_max_articles} (first_run_max_articles)"
        )
    pct = shop.max_article_changes_pct
    existing = [change for change in changes if not _creates(change)]
    if not first_run and _too_many(len(existing), known, pct):
        yield (
            f"{len(existing)} of {known} articles would change, more than {pct} % "
            "(max_article_changes_pct)"
        )
    emptied = sum(1 for change in changes if _empties(change, stocks))
    if _too_many(emptied, known, pct):
        yield f"{emptied} of {known} articles would be sold out, more than {pct} %"


def _too_many(count: int, known: int, pct: int) -> bool:
    return count > _FEW and count * _HUNDRED > known * pct


def _creates(change: Change) -> bool:
    return isinstance(change, ArticleAction) and change.kind == "create"


def _empties(change: Change, stocks: Mapping[str, int]) -> bool:
    if not isinstance(change, ShopUpdate) or change.stock_change is None:
        return False
    before = stocks.get(change.product_id, 0)
    return before > 0 >= before + change.stock_change
