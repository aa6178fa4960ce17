"""An invoice's own header fields and defaults (recordings 4.29 to 4.31, newest field set)."""

from datetime import date, timedelta

from fortnox.sandbox.fortnox import document_header as shared
from fortnox.sandbox.fortnox.document_kinds import Kind
from fortnox.sandbox.fortnox.errors import INVOICE_NOT_FOUND
from fortnox.sandbox.fortnox.fields import Field, texts
from fortnox.sandbox.fortnox.row_fields import INVOICE_ROW_FIELDS, INVOICE_ROW_KEYS
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json

INVOICE_TYPES = (
    "INVOICE",
    "AGREEMENTINVOICE",
    "INTRESTINVOICE",
    "SUMMARYINVOICE",
    "CASHINVOICE",
)
FIELDS = {
    **shared.FIELDS,
    **texts("ExternalInvoiceReference1", "ExternalInvoiceReference2", length=80),
    **texts("CreditInvoiceReference", "OCR"),
    **dict.fromkeys(("DueDate", "InvoiceDate", "OutboundDate"), Field("date")),
    "EDIInformation": Field("object"),
    "EUQuarterlyReport": Field("bool"),
    "InvoiceRows": Field("list"),
    "InvoiceType": Field("text", choices=INVOICE_TYPES),
    "PaymentWay": Field("text", choices=("CASH", "CARD", "AG")),
    "YourOrderNumber": Field("text", 75),
}
_EDI_FIELDS = {
    **texts("EDIGlobalLocationNumber", "EDIGlobalLocationNumberDelivery", length=13),
    **texts("EDIInvoiceExtra1", "EDIInvoiceExtra2"),
    **texts("EDIOurElectronicReference", "EDIYourElectronicReference"),
}
_BLANK_EDI: Json = {
    "EDIGlobalLocationNumber": None,
    "EDIGlobalLocationNumberDelivery": None,
    "EDIInvoiceExtra1": None,
    "EDIInvoiceExtra2": None,
    "EDIOurElectronicReference": None,
    "EDIYourElectronicReference": None,
    "EDIStatus": "",
}


def _defaults(store: Store) -> Json:
    """A new invoice before customer and request, in the key order of the wire."""
    today = store.clock.today().isoformat()
    own = {
        "AccountingMethod": store.company.accounting_method,
        "Balance": 0,
        "Booked": False,
        "ContractReference": "0",
        "Credit": "false",
        "CreditInvoiceReference": "0",
        "DueDate": None,
        "EDIInformation": _BLANK_EDI,
        "EUQuarterlyReport": False,
        "EmailInformation": shared.blank_email("Faktura"),
        "ExternalInvoiceReference1": "",
        "ExternalInvoiceReference2": "",
        "FinalPayDate": None,
        "InvoiceDate": today,
        "InvoicePeriodEnd": "",
        "InvoicePeriodStart": "",
        "InvoiceRows": [],
        "InvoiceType": "INVOICE",
        "LastRemindDate": None,
        "NoxFinans": False,
        "OCR": "",
        "OfferReference": "0",
        "OrderReference": "0",
        "OutboundDate": today,
        "PaymentWay": "",
        "PrintTemplate": "st",
        "Reminders": 0,
        "TimeBasisReference": None,
        "VoucherNumber": None,
        "VoucherSeries": None,
        "VoucherYear": None,
        "WarehouseReady": not store.company.has_warehouse,
        "YourOrderNumber": "",
    }
    return shared.in_order({**shared.blank(store), **own})


def due_date(invoice_date: str, terms: str) -> str:
    """InvoiceDate plus the days in the terms' code; codes without days add none."""
    days = int(terms) if terms.isdecimal() else 0
    return (date.fromisoformat(invoice_date) + timedelta(days=days)).isoformat()


INVOICE = Kind(
    path="invoices",
    single="Invoice",
    plural="Invoices",
    scope="invoice",
    not_found=INVOICE_NOT_FOUND,
    fields=FIELDS,
    parts={"EDIInformation": _EDI_FIELDS, "EmailInformation": shared.EMAIL_FIELDS},
    row_fields=INVOICE_ROW_FIELDS,
    row_keys=INVOICE_ROW_KEYS,
    counted="DeliveredQuantity",
    defaults=_defaults,
    email="EmailInvoice",
    is_ledger_document=True,
)
