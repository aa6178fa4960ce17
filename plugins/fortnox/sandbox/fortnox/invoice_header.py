"""Fields and defaults of an invoice's header, and what it takes from its customer.

Key order and defaults: recordings 4.29 to 4.31, newest field set.
"""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from fortnox.sandbox.fortnox.countries import is_name
from fortnox.sandbox.fortnox.errors import (
    BAD_COUNTRY,
    COST_CENTER_UNKNOWN,
    CURRENCY_UNKNOWN,
    TERMS_UNKNOWN,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, texts
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json, number

INVOICE_TYPES = (
    "INVOICE",
    "AGREEMENTINVOICE",
    "INTRESTINVOICE",
    "SUMMARYINVOICE",
    "CASHINVOICE",
)
FIELDS = {
    **texts(
        "City",
        "Comments",
        "DeliveryAddress1",
        "DeliveryAddress2",
        "DeliveryCity",
        "DeliveryName",
        "DeliveryZipCode",
        "Phone1",
        "Phone2",
        "Remarks",
        "ZipCode",
        "Address1",
        "Address2",
        "CustomerName",
        length=1024,
    ),
    **texts("ExternalInvoiceReference1", "ExternalInvoiceReference2", length=80),
    **texts("OurReference", "YourReference", length=50),
    **texts("CostCenter", "Country", "CreditInvoiceReference", "Currency", "CustomerNumber"),
    **texts("DeliveryCountry", "DocumentNumber", "OCR", "PriceList", "PrintTemplate", "Project"),
    **texts("TermsOfDelivery", "TermsOfPayment", "WayOfDelivery"),
    "YourOrderNumber": Field("text", 75),
    **dict.fromkeys(("AdministrationFee", "CurrencyRate", "Freight"), Field("number")),
    **dict.fromkeys(("DeliveryDate", "DueDate", "InvoiceDate", "OutboundDate"), Field("date")),
    **dict.fromkeys(("EUQuarterlyReport", "NotCompleted", "VATIncluded"), Field("bool")),
    **dict.fromkeys(("EDIInformation", "EmailInformation"), Field("object")),
    **dict.fromkeys(("InvoiceRows", "Labels"), Field("list")),
    "CurrencyUnit": Field("int"),
    "InvoiceType": Field("text", choices=INVOICE_TYPES),
    "Language": Field("text", choices=("SV", "EN")),
    "PaymentWay": Field("text", choices=("CASH", "CARD", "AG")),
    "TaxReductionType": Field("text", choices=("none", "rot", "rut", "green")),
}
EDI_FIELDS = {
    **texts("EDIGlobalLocationNumber", "EDIGlobalLocationNumberDelivery", length=13),
    **texts("EDIInvoiceExtra1", "EDIInvoiceExtra2"),
    **texts("EDIOurElectronicReference", "EDIYourElectronicReference"),
}
EMAIL_FIELDS = {
    **texts("EmailAddressFrom", "EmailAddressTo", "EmailAddressCC", "EmailAddressBCC"),
    "EmailSubject": Field("text", 100, free=True),
    "EmailBody": Field("text", 20000, free=True),
}
BLANK_EDI: Json = {
    "EDIGlobalLocationNumber": None,
    "EDIGlobalLocationNumberDelivery": None,
    "EDIInvoiceExtra1": None,
    "EDIInvoiceExtra2": None,
    "EDIOurElectronicReference": None,
    "EDIYourElectronicReference": None,
    "EDIStatus": "",
}
BLANK_EMAIL: Json = {
    "EmailAddressFrom": None,
    "EmailAddressTo": "",
    "EmailAddressCC": None,
    "EmailAddressBCC": None,
    "EmailSubject": "Faktura {no} bifogas",
    "EmailBody": " ",
}


def defaults(store: Store) -> Json:
    """A new invoice before customer and request, in the key order of the wire."""
    today = store.clock.today().isoformat()
    return {
        "AccountingMethod": store.company.accounting_method,
        "Address1": "",
        "Address2": "",
        "AdministrationFee": number(Decimal(store.company.administration_fee_ore).scaleb(-2)),
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
        "EDIInformation": BLANK_EDI,
        "EUQuarterlyReport": False,
        "EmailInformation": BLANK_EMAIL,
        "ExternalInvoiceReference1": "",
        "ExternalInvoiceReference2": "",
        "FinalPayDate": None,
        "Freight": number(Decimal(store.company.freight_ore).scaleb(-2)),
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
        "WarehouseReady": True,
        "WayOfDelivery": "",
        "YourOrderNumber": "",
        "YourReference": "",
        "ZipCode": "",
    }


_COPIED = (
    "Address1",
    "Address2",
    "City",
    "CostCenter",
    "Country",
    "Currency",
    "DeliveryAddress1",
    "DeliveryAddress2",
    "DeliveryCity",
    "DeliveryCountry",
    "DeliveryName",
    "DeliveryZipCode",
    "OrganisationNumber",
    "OurReference",
    "Phone1",
    "Phone2",
    "PriceList",
    "Project",
    "TermsOfDelivery",
    "TermsOfPayment",
    "WayOfDelivery",
    "YourReference",
    "ZipCode",
)


def from_customer(customer: Json) -> Json:
    """What an invoice copies from its customer at creation (recordings, point 15)."""
    copied = {name: customer[name] for name in _COPIED if customer[name]}
    copied["CustomerName"] = customer["Name"]
    copied["VATIncluded"] = customer["ShowPriceVATIncluded"]
    if customer["InvoiceRemark"]:
        copied["Remarks"] = customer["InvoiceRemark"]
    address = customer["EmailInvoice"] or customer["Email"]
    copied["EmailInformation"] = {**BLANK_EMAIL, "EmailAddressTo": address}
    for source, name in (
        ("InvoiceFreight", "Freight"),
        ("InvoiceAdministrationFee", "AdministrationFee"),
    ):
        fee = _fee(customer[source])
        if fee is not None:
            copied[name] = fee
    return copied


def _fee(text: Any) -> int | Decimal | None:
    try:
        return None if text in (None, "") else number(Decimal(str(text)))
    except InvalidOperation:
        return None


def check(store: Store, data: Json) -> None:
    """Refuse references to registers that don't exist.

    Raises:
        ApiError: Unknown currency, terms, country or cost centre.
    """
    if data["Currency"] not in store.table("currencies"):
        raise ApiError(CURRENCY_UNKNOWN)
    if data["TermsOfPayment"] and data["TermsOfPayment"] not in store.table("termsofpayments"):
        raise ApiError(TERMS_UNKNOWN)
    for name in ("Country", "DeliveryCountry"):
        if data[name] and not is_name(data[name]):
            raise ApiError(BAD_COUNTRY, name=data[name])
    if data["CostCenter"] and data["CostCenter"] not in store.company.cost_centers:
        raise ApiError(COST_CENTER_UNKNOWN)


def due_date(invoice_date: str, terms: str) -> str:
    """InvoiceDate plus the days in the terms' code; codes without days add none."""
    days = int(terms) if terms.isdecimal() else 0
    return (date.fromisoformat(invoice_date) + timedelta(days=days)).isoformat()


def currency_rate(store: Store, data: Json, sent: dict[str, Any]) -> tuple[int | Decimal, int]:
    """Rate and unit of the document; the day's rate unless the caller names rate or unit.

    A unit without a rate makes the rate 1, as an integrator found out.
    """
    if data["Currency"] == "SEK":
        return 1, 1
    register = store.table("currencies").get(data["Currency"]) or {}
    unit = int(sent.get("CurrencyUnit") or register["Unit"])
    if sent.get("CurrencyRate"):
        return number(Decimal(sent["CurrencyRate"])), unit
    if sent.get("CurrencyUnit"):
        return 1, unit
    return number(Decimal(register["SellRate"])), unit
