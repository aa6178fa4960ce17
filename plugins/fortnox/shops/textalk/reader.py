"""Asking for orders by time and by uid, so that none is missed, with a filter trusted when proven.

What is not documented is found out: whether ``/changed`` and ``/uid`` can be filtered by (else the
orders of a look-back are read, or each order by itself), whether bounds are inclusive (they are
asked a second wider, and the caller gets exactly what it asked for), and how many rows a list holds
at most (it is held against a count).
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from math import ceil, floor
from typing import Literal

from fortnox.core.errors import FatalError, UnreachableError
from fortnox.shops.listing import Batch, Json, walk
from fortnox.shops.textalk.client import TextalkClient
from fortnox.shops.textalk.convert import is_placed
from fortnox.shops.textalk.errors import QueryError
from fortnox.shops.textalk.fields import moment_utc, text
from fortnox.shops.textalk.register import ByUid

logger = logging.getLogger(__name__)

By = Literal["ordered", "changed"]

_SECOND = timedelta(seconds=1)
_MOST_ROWS = 200


class FilterIgnoredError(FatalError):
    """The shop answers with orders that its filter should have left out."""


class OrderReader:
    """Orders, discarded ones included, carts left out.

    Args:
        client: The shop.
        look_back: How long after its making a change of an order is still found where the shop
            can't filter by ``/changed``.
    """

    def __init__(self, client: TextalkClient, *, look_back: timedelta) -> None:
        self._client = client
        self._look_back = look_back
        self._rows = _MOST_ROWS
        self._changed_works: bool | None = None
        self._by_uid = ByUid(client, "Order")

    def in_span(
        self, by: By, start_utc: datetime, end_utc: datetime, query: Json
    ) -> Iterator[Json]:
        """Orders made or changed in ``[start, end)``, each once.

        Raises:
            FatalError: The shop can't filter by the time of order.
            UnreachableError: The shop does not answer properly, or contradicts itself.
        """
        asked, asked_start = by, start_utc
        if by == "changed" and not self._can_filter_by_changed():
            asked, asked_start = "ordered", start_utc - self._look_back

        def ask(start_s: int, end_s: int, page: int) -> Batch:
            return self._batch(asked, start_s, end_s, page, query)

        for item in walk(ask, floor(asked_start.timestamp()), ceil(end_utc.timestamp()),
                         id_key="uid"):  # fmt: skip
            moment = moment_utc(item, by)
            if is_placed(item) and (moment is None or start_utc <= moment < end_utc):
                yield item

    def _batch(self, by: By, start_s: int, end_s: int, page: int, query: Json) -> Batch:
        """One answer, held against a count: a list may be cut without a word."""
        filters = {f"/{by}": {"min": _text(start_s - 1), "max": _text(end_s)}}
        total = self._count(filters)
        items = self._list(query, filters, limit=self._rows, offset=(page - 1) * self._rows)
        expected = min(self._rows, max(0, total - (page - 1) * self._rows))
        if len(items) < expected:
            # Orders that were edited in between have left; a list that is cut stays short.
            total = self._count(filters)
            expected = min(self._rows, max(0, total - (page - 1) * self._rows))
            if len(items) < expected:
                self._hold_less(len(items))
        self._refuse_ignored(by, items, start_s, end_s)
        return Batch(items=items, total=max(total, len(items)), per_page=self._rows)

    def _hold_less(self, rows: int) -> None:
        if not rows:
            raise UnreachableError(
                "The shop counts orders that it does not list.",
                remedy="Try again later; if it stays so, ask the shop's support.",
            )
        logger.info("Shop: its lists hold %d rows at most", rows)
        self._rows = rows

    def _refuse_ignored(self, by: By, items: Iterable[Json], start_s: int, end_s: int) -> None:
        first = datetime.fromtimestamp(start_s - 1, UTC) - _SECOND
        last = datetime.fromtimestamp(end_s, UTC) + _SECOND
        for item in items:
            moment = moment_utc(item, by)
            if moment is not None and not first <= moment <= last:
                raise FilterIgnoredError(
                    f"The shop lists orders that its filter by /{by} should leave out.",
                    remedy="The shop's API differs from what is documented: ask its support.",
                )

    def _can_filter_by_changed(self) -> bool:
        """Whether the filter finds an order that is known to be there, and nothing else."""
        if self._changed_works is None:
            self._changed_works = self._probe_changed()
            if not self._changed_works:
                logger.warning(
                    "The shop can't filter by /changed: changes are looked for in the orders of "
                    "the last %d days",
                    self._look_back.days,
                )
        return self._changed_works

    def _probe_changed(self) -> bool:
        query = {"uid": True, "changed": True}
        placed = {"/ordered": {"min": _text(0)}}
        for order in self._list(query, placed, limit=1, offset=0, descending=True):
            changed = moment_utc(order, "changed")
            if changed is None:
                return False
            second = floor(changed.timestamp())
            try:
                batch = self._batch("changed", second, second + 1, 1, query)
            except (QueryError, FilterIgnoredError):
                return False
            found = {text(item, "uid") for item in batch.items}
            return text(order, "uid") in found or batch.total > batch.per_page
        return True

    def with_uids(self, uids: Iterable[str], query: Json) -> Iterator[Json]:
        """Orders by uid, each once; carts, and those that the shop does not have, are left out."""
        return filter(is_placed, self._by_uid.read(uids, query))

    def _count(self, filters: Json) -> int:
        return int(self._client.call("Order.count", filters))

    def _list(
        self, query: Json, filters: Json, *, limit: int, offset: int, descending: bool = False
    ) -> list[Json]:
        selection = {
            "filters": filters,
            "sort": "uid",
            "descending": descending,
            "limit": limit,
            "offset": offset,
        }
        items: list[Json] = self._client.call("Order.list", query, selection)
        return items


def _text(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
