"""What the headers of invoices, orders and offers share: fields, customer, registers, currency."""

from decimal import Decimal, InvalidOperation
from typing import Any

from fortnox.sandbox.fortnox.countries import is_name
from fortnox.sandbox.fortnox.errors import (
    BAD_COUNTRY,
    CURRENCY_UNKNOWN,
    OUTBOUND_IN_FUTURE,
    TERMS_UNKNOWN,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, texts
from fortnox.sandbox.fortnox.ledger import require_cost_center
from fortnox.sandbox.fortnox.register_errors import (
    TERMS_OF_DELIVERY_UNKNOWN,
    WAY_OF_DELIVERY_UNKNOWN,
)
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json, Number, number

_DELIVERY_REGISTERS = (
    ("TermsOfDelivery", "termsofdeliveries", TERMS_OF_DELIVERY_UNKNOWN),
    ("WayOfDelivery", "wayofdeliveries", WAY_OF_DELIVERY_UNKNOWN),
)
FIELDS = {
    **texts(
        "Address1",
        "Address2",
        "City",
        "Comments",
        "CustomerName",
        "DeliveryAddress1",
        "DeliveryAddress2",
        "DeliveryCity",
        "DeliveryName",
        "DeliveryZipCode",
        "Phone1",
        "Phone2",
        "Remarks",
        "ZipCode",
        length=1024,
    ),
    **texts("OurReference", "YourReference", length=50),
    **texts("CostCenter", "Country", "Currency", "CustomerNumber", "DeliveryCountry"),
    **texts("DocumentNumber", "PriceList", "PrintTemplate", "Project"),
    **texts("TermsOfDelivery", "TermsOfPayment", "WayOfDelivery"),
    **dict.fromkeys(("AdministrationFee", "CurrencyRate", "Freight"), Field("number")),
    **dict.fromkeys(("NotCompleted", "VATIncluded"), Field("bool")),
    "CurrencyUnit": Field("int"),
    "DeliveryDate": Field("date"),
    "EmailInformation": Field("object"),
    "Labels": Field("list"),
    "Language": Field("text", choices=("SV", "EN")),
    "TaxReductionType": Field("text", choices=("none", "rot", "rut", "green")),
}
LABEL_FIELDS = {"Id": Field("int"), "Description": Field("text", 25)}
EMAIL_FIELDS = {
    **texts("EmailAddressFrom", "EmailAddressTo", "EmailAddressCC", "EmailAddressBCC"),
    "EmailSubject": Field("text", 100, free=True),
    "EmailBody": Field("text", 20000, free=True),
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


def blank_email(document: str) -> Json:
    """E-mail settings of a new document; ``document`` is its Swedish name."""
    return {
        "EmailAddressFrom": None,
        "EmailAddressTo": "",
        "EmailAddressCC": None,
        "EmailAddressBCC": None,
        "EmailSubject": f"{document} {{no}} bifogas",
        "EmailBody": " ",
    }


def blank(store: Store) -> Json:
    """What a new document of any kind begins with; offers and invoices are in this order."""
    return {
        "Address1": "",
        "Address2": "",
        "AdministrationFee": 0,
        "AdministrationFeeVAT": 0,
        "BasisTaxReduction": 0,
        "Cancelled": False,
        "City": "",
        "Comments": "",
        "ContributionPercent": 0,
        "ContributionValue": 0,
        "CostCenter": "",
        "Country": "",
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
        "Freight": 0,
        "FreightVAT": 0,
        "Gross": 0,
        "HouseWork": False,
        "InvoiceReference": "0",
        "Labels": [],
        "Language": "SV",
        "Net": 0,
        "NotCompleted": False,
        "OrganisationNumber": "",
        "OurReference": "",
        "Phone1": "",
        "Phone2": "",
        "PriceList": "A",
        "Project": "",
        "Remarks": "",
        "RoundOff": 0,
        "Sent": False,
        "TaxReduction": None,
        "TaxReductionType": "none",
        "TermsOfDelivery": "",
        "TermsOfPayment": store.company.terms_of_payment,
        "Total": 0,
        "TotalToPay": 0,
        "TotalVAT": 0,
        "VATIncluded": False,
        "WayOfDelivery": "",
        "YourReference": "",
        "ZipCode": "",
        **standard_fees(store),
    }


def in_order(data: Json) -> Json:
    """The keys by the alphabet, as invoices show them."""
    return dict(sorted(data.items()))


def standard_fees(store: Store) -> Json:
    """Freight and fee that the company adds to each document."""
    return {
        "AdministrationFee": number(Decimal(store.company.administration_fee_ore).scaleb(-2)),
        "Freight": number(Decimal(store.company.freight_ore).scaleb(-2)),
    }


def from_customer(customer: Json, blank: Json, email: str) -> Json:
    """What a document copies from its customer at creation (recordings, point 15).

    Args:
        customer: The customer.
        blank: The document's defaults.
        email: The customer's address for this kind of document.
    """
    copied = {name: customer[name] for name in _COPIED if customer[name]}
    copied["CustomerName"] = customer["Name"]
    copied["VATIncluded"] = customer["ShowPriceVATIncluded"]
    if customer["InvoiceRemark"]:
        copied["Remarks"] = customer["InvoiceRemark"]
    address = customer[email] or customer["Email"]
    copied["EmailInformation"] = {**blank["EmailInformation"], "EmailAddressTo": address}
    for source, name in (
        ("InvoiceFreight", "Freight"),
        ("InvoiceAdministrationFee", "AdministrationFee"),
    ):
        fee = _fee(customer[source])
        if fee is not None:
            copied[name] = fee
    return copied


def _fee(text: Any) -> Number | None:
    try:
        return None if text in (None, "") else number(Decimal(str(text)))
    except InvalidOperation:
        return None


def check(store: Store, data: Json, sent: Json) -> None:
    """Refuse references to registers that don't exist.

    Args:
        store: The company.
        data: The document as it would become.
        sent: What the request named.

    Raises:
        ApiError: Refers to what is not in its register, or a delivery that has not been.
    """
    if data["Currency"] not in store.table("currencies"):
        raise ApiError(CURRENCY_UNKNOWN)
    if data["TermsOfPayment"] and data["TermsOfPayment"] not in store.table("termsofpayments"):
        raise ApiError(TERMS_UNKNOWN)
    for name, table, unknown in _DELIVERY_REGISTERS:
        if data[name] and data[name] not in store.table(table):
            raise ApiError(unknown)
    for name in ("Country", "DeliveryCountry"):
        if data[name] and not is_name(data[name]):
            raise ApiError(BAD_COUNTRY, name=data[name])
    require_cost_center(store, data["CostCenter"])
    today = store.clock.today().isoformat()
    if store.company.has_warehouse and (sent.get("OutboundDate") or "") > today:
        raise ApiError(OUTBOUND_IN_FUTURE)


def currency_rate(store: Store, data: Json, sent: Json) -> tuple[Number, int]:
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
