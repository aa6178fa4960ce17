"""``GET /3/invoices`` (recordings 4.35 to 4.37)."""

from fortnox.sandbox.fortnox.document_lists import REFERENCES, SHARED_CONTAINS, Listing, by_number
from fortnox.sandbox.fortnox.invoice_header import INVOICE
from fortnox.sandbox.fortnox.listing import numeric
from fortnox.sandbox.fortnox.wire import Json, to_ore

_KEYS = (
    "Balance",
    "Booked",
    "Cancelled",
    "CostCenter",
    "Currency",
    "CurrencyRate",
    "CurrencyUnit",
    "CustomerName",
    "CustomerNumber",
    "DocumentNumber",
    "DueDate",
    "ExternalInvoiceReference1",
    "ExternalInvoiceReference2",
    "InvoiceDate",
    "InvoiceType",
    "NoxFinans",
    "OCR",
    "VoucherNumber",
    "VoucherSeries",
    "VoucherYear",
    "WayOfDelivery",
    "TermsOfPayment",
    "Project",
    "Sent",
    "Total",
    "FinalPayDate",
)


def _unpaid(data: Json, _today: str) -> bool:
    """Paid and unpaid look at booked invoices only, credits included (recordings, point 6)."""
    return bool(data["Booked"]) and to_ore(data["Balance"]) != 0


_LISTING = Listing(
    kind=INVOICE,
    keys=_KEYS,
    states={
        "cancelled": lambda data, _: bool(data["Cancelled"]),
        "fullypaid": lambda data, _: bool(data["Booked"]) and to_ore(data["Balance"]) == 0,
        "unpaid": _unpaid,
        "unpaidoverdue": lambda data, today: _unpaid(data, today) and data["DueDate"] < today,
        "unbooked": lambda data, _: not data["Booked"] and not data["Cancelled"],
    },
    sortable={
        **by_number(),
        "invoicedate": lambda data: data["InvoiceDate"],
        "ocr": numeric("OCR"),
    },
    contains={
        **SHARED_CONTAINS,
        "currency": "Currency",
        "invoicetype": "InvoiceType",
        "ocr": "OCR",
        "yourordernumber": "YourOrderNumber",
    },
    references=REFERENCES,
    booleans={"credit": "Credit", "notcompleted": "NotCompleted", "sent": "Sent"},
    periods=(
        ("fromdate", "todate", "InvoiceDate"),
        ("fromfinalpaydate", "tofinalpaydate", "FinalPayDate"),
    ),
    text_keys=("CurrencyRate",),
    by_row=True,
    max_limit="max_limit_invoices",
)
ROUTES = (_LISTING.route(),)
