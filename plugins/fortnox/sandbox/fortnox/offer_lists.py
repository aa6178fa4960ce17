"""``GET /3/offers``; names from the OpenAPI document, which sorts by ``id`` and a date too."""

from fortnox.sandbox.fortnox.document_lists import SHARED_CONTAINS, Listing, by_number
from fortnox.sandbox.fortnox.listing import numeric
from fortnox.sandbox.fortnox.offer_header import OFFER
from fortnox.sandbox.fortnox.wire import Json

_KEYS = (
    "Cancelled",
    "Currency",
    "CustomerName",
    "CustomerNumber",
    "DocumentNumber",
    "OfferDate",
    "Project",
    "Sent",
    "Total",
)


def _completed(data: Json) -> bool:
    return {data["OrderReference"], data["InvoiceReference"]} != {"0"}


def _open(data: Json) -> bool:
    return not data["Cancelled"] and not _completed(data)


_LISTING = Listing(
    kind=OFFER,
    keys=_KEYS,
    states={
        "cancelled": lambda data, _: bool(data["Cancelled"]),
        "completed": lambda data, _: _completed(data),
        "expired": lambda data, today: _open(data) and (data["ExpireDate"] or "9999") < today,
        "notcompleted": lambda data, _: _open(data),
        "ordercreated": lambda data, _: data["OrderReference"] != "0",
        "ordernotcreated": lambda data, _: not data["Cancelled"] and data["OrderReference"] == "0",
    },
    sortable={
        **by_number(),
        "customerName": lambda data: str(data["CustomerName"]),
        "id": numeric("DocumentNumber"),
        "transactionDate": lambda data: data["OfferDate"],
    },
    contains=SHARED_CONTAINS,
    booleans={"notcompleted": "NotCompleted", "sent": "Sent"},
    periods=(("fromdate", "todate", "OfferDate"),),
)
ROUTES = (_LISTING.route(),)
