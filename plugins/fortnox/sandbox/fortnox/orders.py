"""``/3/orders``: what can be done with an order. An order never touches the ledger."""

from decimal import Decimal

from fortnox.sandbox.fortnox.document_copies import header_of, row_of
from fortnox.sandbox.fortnox.document_routes import answered, found, kept, routes
from fortnox.sandbox.fortnox.document_writes import create
from fortnox.sandbox.fortnox.errors import (
    ALREADY_CANCELLED,
    LOCKED_CANT_CANCEL,
    ORDER_CANCELLED,
    ORDER_INVOICED,
    ApiError,
)
from fortnox.sandbox.fortnox.invoice_actions import warehouse_ready
from fortnox.sandbox.fortnox.invoice_header import INVOICE
from fortnox.sandbox.fortnox.order_header import ORDER
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json

_REFERENCES = ("ExternalInvoiceReference1", "ExternalInvoiceReference2")


def _guard(data: Json) -> None:
    """A cancelled or invoiced order stays as it is."""
    if data["Cancelled"]:
        raise ApiError(ORDER_CANCELLED, number=data["DocumentNumber"])
    if data["InvoiceReference"] != "0":
        raise ApiError(ORDER_INVOICED, number=data["DocumentNumber"])


def _cancel(call: Call) -> Answer:
    data = found(call, ORDER)
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["InvoiceReference"] != "0":
        raise ApiError(LOCKED_CANT_CANCEL)
    return kept(call, ORDER, {**data, "Cancelled": True})


def invoice_from(store: Store, source: Json, references: Json) -> Json:
    """Make the unbooked invoice of an order or offer.

    It is dated today, as far as anybody knows; that, and whether the references come along, are
    switches. Remarks follow only when the source says so.
    """
    switches = store.switches
    copied = header_of(source, INVOICE)
    if switches.createinvoice_references == "drop":
        copied = {name: value for name, value in copied.items() if name not in _REFERENCES}
    if switches.createinvoice_date == "order":
        copied["InvoiceDate"] = source.get("OrderDate") or source.get("OfferDate")
    if source["CopyRemarks"] and source["Remarks"]:
        copied["Remarks"] = source["Remarks"]
    rows = source.get("OrderRows") or source.get("OfferRows") or []
    copied["InvoiceRows"] = [row_of(row, INVOICE, _delivered) for row in rows]
    return create(store, INVOICE, copied, references)


def _delivered(row: Json) -> dict[str, Decimal]:
    return {"DeliveredQuantity": Decimal(row.get("DeliveredQuantity") or row["Quantity"])}


def _create_invoice(call: Call) -> Answer:
    data = found(call, ORDER)
    _guard(data)
    references = {
        "OrderReference": data["DocumentNumber"],
        "OfferReference": data["OfferReference"],
    }
    invoice = invoice_from(call.store, data, references)
    answer = kept(call, ORDER, {**data, "InvoiceReference": invoice["DocumentNumber"]})
    if call.store.switches.createinvoice_answer == "order":
        return answer
    return answered(call, INVOICE, invoice)


ROUTES = (
    *routes(ORDER, _guard),
    Route("PUT", "orders/{number}/cancel", "order", _cancel),
    Route("PUT", "orders/{number}/createinvoice", "order", _create_invoice),
    Route("PUT", "orders/{number}/warehouseready", "order", warehouse_ready(ORDER)),
)
