"""Asking for orders and refunds by time and by id, so that none is missed.

Three habits of WooCommerce decide how it is asked. A time with ``Z`` together with
``dates_are_gmt`` is off by the shop's UTC offset: times go without it. Both bounds are exclusive
and whole seconds: the earlier one is moved back a second (and the caller filters exactly). And
``status=any`` leaves statuses out: they are named, and the trash is asked for by itself.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import ceil, floor
from typing import Literal

from fortnox.core.errors import FatalError
from fortnox.shops.listing import Batch, walk
from fortnox.shops.woocommerce.client import API, WooCommerceClient
from fortnox.shops.woocommerce.fields import Json, moment_utc, text, whole

#: What a time span is about, and the two parameters that bound it.
By = Literal["created", "modified"]
_BOUNDS = {"created": ("after", "before"), "modified": ("modified_after", "modified_before")}

ORDERS = f"{API}/orders"
_TRASH = "trash"
#: Checkout pages that were opened, and editors: not orders yet.
_DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})
_MOST_IDS = 100


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Ids in hundreds: the most that a list answers at a time."""
    ordered = list(ids)
    for start in range(0, len(ordered), _MOST_IDS):
        yield ordered[start : start + _MOST_IDS]


def span(
    client: WooCommerceClient,
    path: str,
    params: dict[str, str],
    *,
    by: By,
    start_utc: datetime,
    end_utc: datetime,
) -> Iterator[Json]:
    """Every item of a list in the whole seconds that hold ``[start, end)``, each id once."""
    after, before = _BOUNDS[by]

    def ask(start_s: int, end_s: int, page: int) -> Batch:
        bounds = {
            after: _naive(start_s - 1),
            before: _naive(end_s),
            "dates_are_gmt": "true",
            "orderby": "id",
            "order": "asc",
            "page": str(page),
        }
        return client.list(path, {**params, **bounds})

    return walk(ask, floor(start_utc.timestamp()), ceil(end_utc.timestamp()))


def within(item: Json, by: By, start_utc: datetime, end_utc: datetime) -> bool:
    """Whether an item is in ``[start, end)``; one without a readable time is, so it is not lost."""
    moment = moment_utc(item, f"date_{by}_gmt")
    return moment is None or start_utc <= moment < end_utc


def _naive(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def by_ids(
    client: WooCommerceClient, path: str, ids: Iterable[int], params: dict[str, str]
) -> Iterator[Json]:
    """The items with these ids, by the hundred, each once; ids that are not there are left out."""
    for chunk in chunks(dict.fromkeys(ids)):
        wanted = set(chunk)
        while wanted:
            include = ",".join(str(id_) for id_ in chunk if id_ in wanted)
            batch = client.list(path, {**params, "include": include})
            found = [item for item in batch.items if whole(item.get("id")) in wanted]
            yield from found
            wanted -= {whole(item.get("id")) for item in found}
            # A slow shop is asked for less than a hundred at a time: the rest by another request.
            if not found or batch.total <= len(batch.items):
                break


def read_all(client: WooCommerceClient, path: str, params: dict[str, str]) -> Iterator[Json]:
    """All items of a short list that does not change while it is read."""
    read = 0
    while True:
        # By offset, so that a page size that shrinks on the way moves nothing.
        offset = {"offset": str(read)} if read else {}
        batch = client.list(path, {**params, **offset})
        yield from batch.items
        read += len(batch.items)
        if not batch.items or read >= batch.total:
            return


class OrderReader:
    """Orders of every status, the trash included, drafts left out.

    Args:
        client: The shop.
    """

    def __init__(self, client: WooCommerceClient) -> None:
        self._client = client
        self._named = ""

    def in_span(
        self, by: By, start_utc: datetime, end_utc: datetime, fields: str
    ) -> Iterator[Json]:
        """Orders created or modified in ``[start, end)``, each once.

        The trash comes last: an order that is thrown away meanwhile is then still found.
        """
        seen: set[str] = set()
        for status in (self._statuses(), _TRASH):
            params = {"status": status, "_fields": fields}
            found = span(self._client, ORDERS, params, by=by, start_utc=start_utc, end_utc=end_utc)
            for item in found:
                order_id = text(item, "id")
                is_new = order_id not in seen and text(item, "status") not in _DRAFTS
                if is_new and within(item, by, start_utc, end_utc):
                    seen.add(order_id)
                    yield item

    def with_ids(self, order_ids: Iterable[int], fields: str) -> Iterator[Json]:
        """Orders by id, each once; those that were deleted for good are left out."""
        wanted = dict.fromkeys(order_ids)
        for status in (self._statuses(), _TRASH):
            params = {"status": status, "_fields": fields, "orderby": "include"}
            for item in by_ids(self._client, ORDERS, list(wanted), params):
                wanted.pop(whole(item.get("id")), None)
                if text(item, "status") not in _DRAFTS:
                    yield item

    def _statuses(self) -> str:
        """Every status of this shop, plugins' own ones included, as a comma list."""
        if not self._named:
            self._named = ",".join(self._read_statuses()) or "any"
        return self._named

    def _read_statuses(self) -> list[str]:
        # The first is new in WooCommerce 10; the report tells the same, with counts, on older ones.
        for path in (f"{ORDERS}/statuses", f"{API}/reports/orders/totals"):
            try:
                items = self._client.list(path, {}).items
            except FatalError:
                continue
            slugs = [text(item, "slug").removeprefix("wc-") for item in items]
            named = [slug for slug in slugs if slug and slug not in {*_DRAFTS, _TRASH}]
            if named:
                return named
        return []
