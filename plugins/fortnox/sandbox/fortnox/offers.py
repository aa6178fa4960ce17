"""``/3/offers``: what can be done with an offer."""

from decimal import Decimal

from fortnox.sandbox.fortnox.document_copies import header_of, row_of
from fortnox.sandbox.fortnox.document_routes import answered, found, kept, routes
from fortnox.sandbox.fortnox.document_writes import create
from fortnox.sandbox.fortnox.errors import (
    ALREADY_CANCELLED,
    LOCKED_CANT_CANCEL,
    OFFER_CANCELLED,
    OFFER_INVOICED,
    OFFER_LOCKED,
    OFFER_ORDERED,
    ApiError,
)
from fortnox.sandbox.fortnox.invoice_header import INVOICE
from fortnox.sandbox.fortnox.offer_header import OFFER
from fortnox.sandbox.fortnox.order_header import ORDER
from fortnox.sandbox.fortnox.orders import invoice_from
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.wire import Answer, Json


def _is_used(data: Json) -> bool:
    return {data["OrderReference"], data["InvoiceReference"]} != {"0"}


def _guard(data: Json) -> None:
    """A cancelled offer, or one that has become something else, stays as it is."""
    if data["Cancelled"]:
        raise ApiError(OFFER_CANCELLED, number=data["DocumentNumber"])
    if _is_used(data):
        raise ApiError(OFFER_LOCKED, number=data["DocumentNumber"])


def _unused(call: Call) -> Json:
    """The offer, when neither order nor invoice has been made of it.

    Raises:
        ApiError: Unknown, cancelled or used.
    """
    data = found(call, OFFER)
    number = data["DocumentNumber"]
    if data["Cancelled"]:
        raise ApiError(OFFER_CANCELLED, number=number)
    if data["OrderReference"] != "0":
        raise ApiError(OFFER_ORDERED, number=number)
    if data["InvoiceReference"] != "0":
        raise ApiError(OFFER_INVOICED, number=number)
    return data


def _cancel(call: Call) -> Answer:
    data = found(call, OFFER)
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if _is_used(data):
        raise ApiError(LOCKED_CANT_CANCEL)
    return kept(call, OFFER, {**data, "Cancelled": True})


def _create_order(call: Call) -> Answer:
    data = _unused(call)
    copied = header_of(data, ORDER)
    copied["OrderRows"] = [row_of(row, ORDER, _ordered) for row in data["OfferRows"]]
    if data["CopyRemarks"] and data["Remarks"]:
        copied["Remarks"] = data["Remarks"]
    order = create(call.store, ORDER, copied, {"OfferReference": data["DocumentNumber"]})
    kept(call, OFFER, {**data, "OrderReference": order["DocumentNumber"]})
    return answered(call, ORDER, order)


def _ordered(row: Json) -> dict[str, Decimal]:
    """All of it is both ordered and delivered [inferred]."""
    return dict.fromkeys(("OrderedQuantity", "DeliveredQuantity"), Decimal(row["Quantity"]))


def _create_invoice(call: Call) -> Answer:
    data = _unused(call)
    invoice = invoice_from(call.store, data, {"OfferReference": data["DocumentNumber"]})
    kept(call, OFFER, {**data, "InvoiceReference": invoice["DocumentNumber"]})
    return answered(call, INVOICE, invoice)


ROUTES = (
    *routes(OFFER, _guard),
    Route("PUT", "offers/{number}/cancel", "offer", _cancel),
    Route("PUT", "offers/{number}/createorder", "offer", _create_order),
    Route("PUT", "offers/{number}/createinvoice", "offer", _create_invoice),
)
