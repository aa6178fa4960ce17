"""Meta of orders, read and written: only ours, so that nothing else of an order changes."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fortnox.core.write_back import NUMBER_KEY, STATUS_KEY, NoteWrite, OrderNote
from fortnox.shops.woocommerce.client import WooCommerceClient
from fortnox.shops.woocommerce.convert import ORDER_FIELDS
from fortnox.shops.woocommerce.fields import Json, moment_utc, rows, text
from fortnox.shops.woocommerce.reader import ORDERS, OrderReader
from fortnox.shops.woocommerce.transport import Write

_OURS = (NUMBER_KEY, STATUS_KEY)
_CHANGED = frozenset({"date_modified_gmt", "meta_data"})
_MOST_IN_BATCH = 100


class WooCommerceOrderNotes:
    """Implements ``OrderNotes``.

    Args:
        client: The shop's client; its key needs the permission Read/Write.
        orders: Reads orders by id.
    """

    def __init__(self, client: WooCommerceClient, orders: OrderReader) -> None:
        self._client = client
        self._orders = orders

    def order_notes(self, order_ids: Iterable[str]) -> Iterator[OrderNote]:
        """Orders by id, in hundreds; those that are gone are left out."""
        ids = (int(order_id) for order_id in order_ids)
        for item in self._orders.with_ids(ids, ORDER_FIELDS):
            yield note_from_json(item)

    def write_order_notes(self, writes: Sequence[NoteWrite]) -> Iterator[OrderNote | None]:
        """In batches of a hundred, in order; None for an order that the shop refuses to change."""
        for start in range(0, len(writes), _MOST_IN_BATCH):
            part = writes[start : start + _MOST_IN_BATCH]
            body = {"update": [_body(one) for one in part]}
            answer = self._client.write(f"{ORDERS}/batch", Write(method="POST", body=body))
            answers = iter(rows(answer, "update"))
            for _ in part:
                item = next(answers, None)
                refused = item is None or isinstance(item.get("error"), Mapping)
                yield None if item is None or refused else note_from_json(item)


def note_from_json(item: Json) -> OrderNote:
    """An order as far as writing back concerns it."""
    meta = rows(item, "meta_data")
    others = [
        [text(entry, "key"), json.dumps(entry.get("value"), sort_keys=True, default=str)]
        for entry in meta
        if entry.get("key") not in _OURS
    ]
    booked = {name: item.get(name) for name in ORDER_FIELDS.split(",") if name not in _CHANGED}
    whole = json.dumps([booked, sorted(others)], sort_keys=True, default=str)
    return OrderNote(
        order_id=text(item, "id"),
        status=text(item, "status"),
        is_paid=moment_utc(item, "date_paid_gmt") is not None,
        modified_utc=moment_utc(item, "date_modified_gmt"),
        content=hashlib.sha256(whole.encode()).hexdigest(),
        meta={
            text(entry, "key"): text(entry, "value") for entry in meta if entry.get("key") in _OURS
        },
    )


def _body(write: NoteWrite) -> dict[str, Any]:
    """By key: WooCommerce changes the entry that has it, or adds one."""
    body: dict[str, Any] = {
        "id": int(write.order_id),
        "meta_data": [{"key": name, "value": value} for name, value in write.meta.items()],
    }
    return body | ({"status": write.status} if write.status else {})
