"""``GET /3/orders`` (recording 4.28)."""

from fortnox.sandbox.fortnox.document_lists import REFERENCES, SHARED_CONTAINS, Listing, by_number
from fortnox.sandbox.fortnox.order_header import ORDER
from fortnox.sandbox.fortnox.wire import Json

_KEYS = (
    "Cancelled",
    "Currency",
    "CustomerName",
    "CustomerNumber",
    "DeliveryDate",
    "DocumentNumber",
    "ExternalInvoiceReference1",
    "ExternalInvoiceReference2",
    "OrderDate",
    "OrderType",
    "Project",
    "Sent",
    "Total",
)


def _open(data: Json) -> bool:
    return not data["Cancelled"] and data["InvoiceReference"] == "0"


_LISTING = Listing(
    kind=ORDER,
    keys=_KEYS,
    states={
        "cancelled": lambda data, _: bool(data["Cancelled"]),
        # Past its delivery day without an invoice [inferred].
        "expired": lambda data, today: _open(data) and (data["DeliveryDate"] or "9999") < today,
        "invoicecreated": lambda data, _: data["InvoiceReference"] != "0",
        "invoicenotcreated": lambda data, _: _open(data),
    },
    sortable={**by_number(), "orderdate": lambda data: data["OrderDate"]},
    contains={**SHARED_CONTAINS, "ordertype": "OrderType"},
    references=REFERENCES,
    booleans={"notcompleted": "NotCompleted", "sent": "Sent"},
    periods=(("fromdate", "todate", "OrderDate"),),
)
ROUTES = (_LISTING.route(),)
