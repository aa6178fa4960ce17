"""One document made from another: what is copied from its header and its rows."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from fortnox.sandbox.fortnox.document_kinds import Kind
from fortnox.sandbox.fortnox.wire import Json

#: The new document gets its own number, dates and, where it names one, its own template.
_NOT_COPIED = (
    "CreditInvoiceReference",
    "DeliveryState",
    "DocumentNumber",
    "DueDate",
    "EmailInformation",
    "ExpireDate",
    "InvoiceDate",
    "Labels",
    "NotCompleted",
    "OCR",
    "OfferDate",
    "OrderDate",
    "OutboundDate",
    "PrintTemplate",
    "Remarks",
)
_NOT_COPIED_IN_ROWS = ("RowId", "DeliveredQuantity", "OrderedQuantity", "Quantity")


def header_of(source: Json, target: Kind) -> Json:
    """The header fields that ``target`` takes over, as if a client had sent them."""
    return _carried(source, (name for name in target.fields if name not in _NOT_COPIED))


def row_of(source: Json, target: Kind, quantities: Callable[[Json], dict[str, Decimal]]) -> Json:
    """A row that ``target`` takes over, as if a client had sent it.

    Args:
        source: The row.
        target: Kind of the new document.
        quantities: Its quantities in the new document, from the row.
    """
    names = (name for name in target.row_fields if name not in _NOT_COPIED_IN_ROWS)
    return {**_carried(source, names), **quantities(source)}


def _carried(source: Json, names: Iterable[str]) -> Json:
    return {n: source[n] for n in names if n in source and source[n] not in (None, "", [])}
