"""The document's number in an order's ``externalOrderNumber``; an order has no place for more."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from fortnox.core.write_back import NUMBER_KEY, NoteWrite, OrderNote
from fortnox.shops.listing import Json
from fortnox.shops.textalk.client import TextalkClient
from fortnox.shops.textalk.convert import ORDER_QUERY
from fortnox.shops.textalk.errors import NotFoundError, RefusedError
from fortnox.shops.textalk.fields import moment_utc, text
from fortnox.shops.textalk.reader import OrderReader

_FIELD = "externalOrderNumber"
_QUERY: Json = {**ORDER_QUERY, _FIELD: True}
_CHANGED = frozenset({"changed", _FIELD})
_PAID = "paid"


class TextalkOrderNotes:
    """Implements ``OrderNotes``.

    Args:
        client: The shop; its key's user may change orders.
        orders: Reads orders by uid.
    """

    def __init__(self, client: TextalkClient, orders: OrderReader) -> None:
        self._client = client
        self._orders = orders

    def order_notes(self, order_ids: Iterable[str]) -> Iterator[OrderNote]:
        """Orders by uid; those that are gone are left out."""
        return map(note_from_json, self._orders.with_uids(order_ids, _QUERY))

    def write_order_notes(self, writes: Sequence[NoteWrite]) -> Iterator[OrderNote | None]:
        """One by one, in order; None for an order that the shop refuses to change."""
        return map(self._write, writes)

    def _write(self, write: NoteWrite) -> OrderNote | None:
        patch = {_FIELD: write.meta[NUMBER_KEY]}
        try:
            written = self._client.call("Order.set", int(write.order_id), patch, _QUERY)
        except (RefusedError, NotFoundError):
            return None
        return note_from_json(written)


def note_from_json(item: Json) -> OrderNote:
    """An order as far as writing back concerns it."""
    rest = {name: value for name, value in item.items() if name not in _CHANGED}
    content = json.dumps(rest, sort_keys=True, default=str)
    return OrderNote(
        order_id=text(item, "uid"),
        status=text(item, "paymentStatus"),
        is_paid=text(item, "paymentStatus") == _PAID,
        modified_utc=moment_utc(item, "changed"),
        content=hashlib.sha256(content.encode()).hexdigest(),
        meta={NUMBER_KEY: text(item, _FIELD)},
        keeps=frozenset({NUMBER_KEY}),
    )
