"""``/3/customers``: defaults as recorded (4.5), numbers that stay reserved after deletion."""

import re
from typing import Any

from fortnox.sandbox.fortnox.card_register import CardRegister
from fortnox.sandbox.fortnox.countries import swedish_name
from fortnox.sandbox.fortnox.customer_fields import (
    DEFAULTS,
    DELIVERY_FIELDS,
    FIELDS,
    TEMPLATE_FIELDS,
)
from fortnox.sandbox.fortnox.document_kinds import documents
from fortnox.sandbox.fortnox.errors import (
    BAD_COUNTRY,
    CURRENCY_UNKNOWN,
    CUSTOMER_NOT_FOUND,
    CUSTOMER_NUMBER_DELETED,
    CUSTOMER_NUMBER_TAKEN,
    ROW_ACCOUNT_UNKNOWN,
    TERMS_UNKNOWN,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import read
from fortnox.sandbox.fortnox.ledger import account_of, year_of
from fortnox.sandbox.fortnox.listing import numeric
from fortnox.sandbox.fortnox.routing import Call
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json, number

_LIST_KEYS = (
    "Address1",
    "Address2",
    "City",
    "CustomerNumber",
    "Email",
    "Name",
    "OrganisationNumber",
    "Phone",
    "ZipCode",
)
_FILTERS = {
    "customernumber": "CustomerNumber",
    "name": "Name",
    "zipcode": "ZipCode",
    "city": "City",
    "email": "Email",
    "phone": "Phone1",
    "organisationnumber": "OrganisationNumber",
    "gln": "GLN",
    "glndelivery": "GLNDelivery",
}
_COUNTRIES = (
    ("CountryCode", "Country"),
    ("DeliveryCountryCode", "DeliveryCountry"),
    ("VisitingCountryCode", "VisitingCountry"),
)
_NUMBER = re.compile(r"[0-9A-Za-zÅÄÖåäö\-+/_]+")
_CENTURY = re.compile(r"^(19|20)(?=\d{6}-?\d{4}$)")


def _item(data: Json) -> Json:
    return {key: data.get("Phone1" if key == "Phone" else key) or "" for key in _LIST_KEYS}


def _is_used(store: Store, number: str) -> bool:
    """With all its documents cancelled a customer can go, as a live test showed."""
    return any(
        data["CustomerNumber"] == number and not data["Cancelled"] for data in documents(store)
    )


def _read(call: Call) -> dict[str, Any]:
    sent = read(FIELDS, call.envelope("Customer"))
    for name, rules in (
        ("DefaultDeliveryTypes", DELIVERY_FIELDS),
        ("DefaultTemplates", TEMPLATE_FIELDS),
    ):
        if sent.get(name):
            part = read(rules, sent[name])
            sent[name] = {**DEFAULTS[name], **{k: v for k, v in part.items() if v}}
    return sent


def _completed(store: Store, data: Json, _sent: dict[str, Any]) -> Json:
    """Check what the customer refers to and fill what follows from other fields."""
    for code, name in _COUNTRIES:
        data[name] = None
        if data[code]:
            data[code] = data[code].upper()
            data[name] = swedish_name(data[code])
            if data[name] is None:
                raise ApiError(BAD_COUNTRY, name=data[code])
    if data["Currency"] not in store.table("currencies"):
        raise ApiError(CURRENCY_UNKNOWN)
    if data["TermsOfPayment"] and data["TermsOfPayment"] not in store.table("termsofpayments"):
        raise ApiError(TERMS_UNKNOWN)
    if data["SalesAccount"]:
        data["SalesAccount"] = _sales_account(store, str(data["SalesAccount"]))
    if data["Type"] == "PRIVATE":
        data["OrganisationNumber"] = _CENTURY.sub("", data["OrganisationNumber"])
    if data["InvoiceDiscount"] is not None:
        data["InvoiceDiscount"] = number(data["InvoiceDiscount"])
    return data


def _sales_account(store: Store, text: str) -> int:
    year = year_of(store, store.clock.today().isoformat())
    if not text.isdecimal() or year is None or account_of(store, year["Id"], int(text)) is None:
        raise ApiError(ROW_ACCOUNT_UNKNOWN)
    return int(text)


ROUTES = CardRegister(
    path="customers",
    single="Customer",
    plural="Customers",
    number="CustomerNumber",
    named="Name",
    characters=_NUMBER,
    not_found=CUSTOMER_NOT_FOUND,
    taken=CUSTOMER_NUMBER_TAKEN,
    deleted=CUSTOMER_NUMBER_DELETED,
    filters=_FILTERS,
    sortable={"customernumber": numeric("CustomerNumber"), "name": lambda d: str(d["Name"])},
    item=_item,
    read=_read,
    blanks=lambda _: DEFAULTS,
    completed=_completed,
    is_used=_is_used,
).routes()
