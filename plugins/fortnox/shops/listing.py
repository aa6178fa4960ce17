"""Listing a time span so that nothing is lost and nothing comes twice, whatever happens meanwhile.

Pages lose orders: when an order leaves the list between two pages (edited, trashed), all later ones
move up by one, and the first of the next page is never seen. So no list here has a second page:
the span is walked in slices of time that each fit into ONE answer, which the shop makes from one
query. It does not depend on how the shop sorts (some sort by local time, which goes back an hour in
October). Only more orders in the same second than an answer holds need pages; these are
read from the last to the first, so that what moves up moves into a page that is still to be read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fortnox.core.errors import UnreachableError

#: One JSON object of a shop.
Json = Mapping[str, Any]

#: How full a slice is meant to be, of what one answer holds: fewer slices are then too full.
_FILL_PCT = 75
#: How much wider than the last one a slice may be, when there was nothing in it.
_WIDER = 4
_MOST_PASSES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One answer of a list: ``total`` counts all that match, ``per_page`` is what was asked."""

    items: list[Json]
    total: int
    per_page: int


#: ``ask(start_s, end_s, page)``: what lies in ``[start_s, end_s)``, whole seconds since 1970.
Ask = Callable[[int, int, int], Batch]


def walk(ask: Ask, start_s: int, end_s: int, *, id_key: str = "id") -> Iterator[Json]:
    """Every item in ``[start_s, end_s)``, each id once, earliest slice first.

    The whole span is asked for first: an ordinary hour, or a small shop's day, is one request.

    Raises:
        UnreachableError: One second's list kept changing while it was read.
    """
    seen: set[str] = set()
    at, width = start_s, end_s - start_s
    while at < end_s:
        stop = min(at + width, end_s)
        batch = ask(at, stop, 1)
        if batch.total > batch.per_page and stop - at > 1:
            width = _narrower(stop - at, batch)
            continue
        items = batch.items if batch.total <= batch.per_page else _one_second(ask, at, batch)
        for item in items:
            item_id = str(item.get(id_key))
            if item_id not in seen:
                seen.add(item_id)
                yield item
        at, width = stop, _next_width(stop - at, batch)


def _narrower(width_s: int, batch: Batch) -> int:
    wanted = width_s * batch.per_page * _FILL_PCT // (100 * batch.total)
    return max(1, min(wanted, width_s // 2))


def _next_width(width_s: int, batch: Batch) -> int:
    widest = width_s * _WIDER
    if batch.total == 0:
        return widest
    return max(1, min(widest, width_s * batch.per_page * _FILL_PCT // (100 * batch.total)))


def _one_second(ask: Ask, second: int, first: Batch) -> list[Json]:
    """More items in one second than an answer holds: all pages, last to first.

    Read again from the start when the list grew, or when the answers became smaller (a shop that
    times out is asked for less at a time, which moves the pages' edges).
    """
    for _ in range(_MOST_PASSES):
        pages = -(-first.total // first.per_page)
        batches = [ask(second, second + 1, page) for page in range(pages, 0, -1)]
        same_size = all(batch.per_page == first.per_page for batch in batches)
        if same_size and batches[-1].total <= first.total:
            return [item for batch in batches for item in batch.items]
        first = batches[-1]
    raise UnreachableError(
        "The shop's list of one second kept changing while it was read.",
        remedy="Run again when the bulk edit in the shop is done.",
    )
