"""What the shop's order is told about its document in Fortnox. Pure.

Meta only: a number and a status, which send no e-mail and change no money. The order's own status
is changed only where shops.csv names one (``paid_status``), and only of an order that the shop does
not know to be paid: one that was paid at checkout would else count as delivered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from fortnox.core.documents import ListedInvoice
from fortnox.core.references import order_of_sale

DocumentStatus = Literal["ordered", "unbooked", "booked", "paid", "cancelled"]

#: Meta keys of the shop's order; the underscore keeps them out of what buyers see.
NUMBER_KEY = "_fortnox_document_number"
STATUS_KEY = "_fortnox_document_status"
#: Statuses in which an order waits for its money.
_WAITS = frozenset({"pending", "on-hold", "processing", "completed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNote:
    """An order as far as writing back concerns it.

    ``content`` is a digest of everything but our meta and the date of change: the same before and
    after our write, nobody else changed the order in between.
    """

    order_id: str
    status: str
    is_paid: bool
    modified_utc: datetime | None
    content: str
    meta: Mapping[str, str] = field(default_factory=dict)
    #: What an order of this shop system has a place for.
    keeps: frozenset[str] = frozenset({NUMBER_KEY, STATUS_KEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleDocument:
    """What stands in Fortnox for a sale now: its invoice, or its order while there is none."""

    document: ListedInvoice
    is_order: bool = False

    @property
    def status(self) -> DocumentStatus:
        """In the words that the shop's staff read."""
        document = self.document
        if document.cancelled:
            return "cancelled"
        if self.is_order:
            return "ordered"
        if not document.booked:
            return "unbooked"
        return "paid" if document.total_ore and not document.balance_ore else "booked"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWrite:
    """What to write to one order; an empty status stays as it is."""

    order_id: str
    meta: Mapping[str, str]
    status: str = ""


def documents_by_order(key: str, listed: Iterable[ListedInvoice]) -> dict[str, ListedInvoice]:
    """The document of each sale: a live one before cancelled ones, then the newest."""
    found: dict[str, ListedInvoice] = {}
    for document in listed:
        order_id = order_of_sale(key, document.reference)
        if order_id is None:
            continue
        rival = found.get(order_id)
        if rival is None or _rank(document) > _rank(rival):
            found[order_id] = document
    return found


def sale_documents(
    invoices: Mapping[str, ListedInvoice], orders: Mapping[str, ListedInvoice]
) -> dict[str, SaleDocument]:
    """Both by the shop's order: the invoice that was made of an order takes its place."""
    found = {key: SaleDocument(document=order, is_order=True) for key, order in orders.items()}
    return found | {key: SaleDocument(document=invoice) for key, invoice in invoices.items()}


def note_write(order: OrderNote, sale: SaleDocument, paid_status: str) -> NoteWrite | None:
    """What the order lacks; None when it says it all already."""
    status = sale.status
    wanted = {NUMBER_KEY: sale.document.document_number, STATUS_KEY: status}
    meta = {
        name: value
        for name, value in wanted.items()
        if name in order.keeps and order.meta.get(name) != value
    }
    moves = (
        status == "paid"
        and paid_status not in {"", order.status}
        and not order.is_paid
        and order.status in _WAITS
    )
    if not meta and not moves:
        return None
    return NoteWrite(order_id=order.order_id, meta=meta, status=paid_status if moves else "")


def is_only_ours(before: OrderNote, after: OrderNote, *, seen_until: datetime) -> bool:
    """Whether the order's new date of change means our write and nothing else.

    Args:
        before: Read before the write.
        after: Read after it, when the second of the write was over.
        seen_until: Every change before this was looked at by a run.
    """
    return (
        before.modified_utc is not None
        and before.modified_utc < seen_until
        and after.modified_utc is not None
        and before.content == after.content
    )


def _rank(document: ListedInvoice) -> tuple[bool, bool, int]:
    number = int(document.document_number) if document.document_number.isdecimal() else 0
    return (not document.cancelled, document.booked, number)
