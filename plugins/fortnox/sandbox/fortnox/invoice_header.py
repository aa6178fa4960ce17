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
    return {
        "AccountingMethod": store.company.accounting_method,
        "Address1": "",
        "Address2": "",
        "AdministrationFee": 0,
        "AdministrationFeeVAT": 0,
        "Balance": 0,
        "BasisTaxReduction": 0,
        "Booked": False,
        "Cancelled": False,
        "City": "",
        "Comments": "",
        "ContractReference": "0",
        "ContributionPercent": 0,
        "ContributionValue": 0,
        "CostCenter": "",
        "Country": "",
        "Credit": "false",
        "CreditInvoiceReference": "0",
        "Currency": "SEK",
        "CurrencyRate": 1,
        "CurrencyUnit": 1,
        "CustomerName": "",
        "CustomerNumber": "",
        "DeliveryAddress1": "",
        "DeliveryAddress2": "",
        "DeliveryCity": "",
        "DeliveryCountry": "",
        "DeliveryDate": None,
        "DeliveryName": "",
        "DeliveryZipCode": "",
        "DocumentNumber": "",
        "DueDate": None,
        "EDIInformation": _BLANK_EDI,
        "EUQuarterlyReport": False,
        "EmailInformation": shared.blank_email("Faktura"),
        "ExternalInvoiceReference1": "",
        "ExternalInvoiceReference2": "",
        "FinalPayDate": None,
        "Freight": 0,
        "FreightVAT": 0,
        "Gross": 0,
        "HouseWork": False,
        "InvoiceDate": today,
        "InvoicePeriodEnd": "",
        "InvoicePeriodStart": "",
        "InvoiceReference": "0",
        "InvoiceRows": [],
        "InvoiceType": "INVOICE",
        "Labels": [],
        "Language": "SV",
        "LastRemindDate": None,
        "Net": 0,
        "NotCompleted": False,
        "NoxFinans": False,
        "OCR": "",
        "OfferReference": "0",
        "OrderReference": "0",
        "OrganisationNumber": "",
        "OurReference": "",
        "OutboundDate": today,
        "PaymentWay": "",
        "Phone1": "",
        "Phone2": "",
        "PriceList": "A",
        "PrintTemplate": "st",
        "Project": "",
        "Remarks": "",
        "Reminders": 0,
        "RoundOff": 0,
        "Sent": False,
        "TaxReduction": None,
        "TaxReductionType": "none",
        "TermsOfDelivery": "",
        "TermsOfPayment": store.company.terms_of_payment,
        "TimeBasisReference": None,
        "Total": 0,
        "TotalToPay": 0,
        "TotalVAT": 0,
        "VATIncluded": False,
        "VoucherNumber": None,
        "VoucherSeries": None,
        "VoucherYear": None,
        "WarehouseReady": not store.company.has_warehouse,
        "WayOfDelivery": "",
        "YourOrderNumber": "",
        "YourReference": "",
        "ZipCode": "",
        **shared.standard_fees(store),
    }


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
