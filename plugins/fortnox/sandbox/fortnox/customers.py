"""``/3/customers``: defaults as recorded (4.5), numbers that stay reserved after deletion."""

import re
from typing import Any

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
    BAD_FILTER,
    BAD_VALUE,
    CURRENCY_UNKNOWN,
    CUSTOMER_NOT_FOUND,
    CUSTOMER_NUMBER_DELETED,
    CUSTOMER_NUMBER_TAKEN,
    IN_USE,
    NOT_ALPHANUMERIC,
    ROW_ACCOUNT_UNKNOWN,
    TERMS_UNKNOWN,
    VALUE_IS_NULL,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import created, read, updated
from fortnox.sandbox.fortnox.ledger import account_of, year_of
from fortnox.sandbox.fortnox.listing import changed, contains, numeric, ordered, page
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json, number

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


def _shown(call: Call, data: Json) -> Json:
    return {"@url": call.url(f"customers/{data['CustomerNumber']}"), **data}


def _item(call: Call, data: Json) -> Json:
    shown = {key: data.get("Phone1" if key == "Phone" else key) or "" for key in _LIST_KEYS}
    return {"@url": call.url(f"customers/{data['CustomerNumber']}"), **shown}


def _list(call: Call) -> Answer:
    rows = list(changed(call.store.table("customers"), call.query))
    wanted = call.query.get("filter", "")
    if wanted not in ("", "active", "inactive"):
        raise ApiError(BAD_FILTER)
    if wanted:
        rows = [data for data in rows if data["Active"] == (wanted == "active")]
    for parameter, name in _FILTERS.items():
        text = call.query.get(parameter, "")
        if text:
            rows = [data for data in rows if contains(data, name, text)]
    sortable = {"customernumber": numeric("CustomerNumber"), "name": lambda d: str(d["Name"])}
    return page(
        ordered(rows, call.query, "customernumber", sortable),
        call.query,
        plural="Customers",
        item=lambda data: _item(call, data),
        max_limit=call.store.switches.max_limit,
    )


def _found(call: Call) -> Json:
    data = call.store.table("customers").get(call.args["number"])
    if data is None:
        raise ApiError(CUSTOMER_NOT_FOUND)
    return data


def _get(call: Call) -> Answer:
    return Answer(body={"Customer": _shown(call, _found(call))})


def _create(call: Call) -> Answer:
    sent = _read(call)
    if not sent.get("Name"):
        raise ApiError(VALUE_IS_NULL)
    data = _completed(call.store, created(DEFAULTS, sent))
    data["CustomerNumber"] = _number(call.store, data["CustomerNumber"])
    call.store.table("customers").put(data["CustomerNumber"], data)
    return Answer(
        status=201, body={"Customer": _shown(call, data)}, headers={"Location": "customers"}
    )


def _update(call: Call) -> Answer:
    call.envelope("Customer")
    current = _found(call)
    sent = _read(call)
    if "Name" in sent and sent["Name"] is None:
        raise ApiError(VALUE_IS_NULL)
    if sent.get("CustomerNumber") not in (None, "", current["CustomerNumber"]):
        raise ApiError(BAD_VALUE, name="CustomerNumber")
    sent.pop("CustomerNumber", None)
    data = _completed(call.store, updated(current, sent, DEFAULTS))
    call.store.table("customers").put(data["CustomerNumber"], data)
    return Answer(body={"Customer": _shown(call, data)})


def _delete(call: Call) -> Answer:
    data = _found(call)
    key = data["CustomerNumber"]
    # With all its documents cancelled a customer can go, as a live test showed.
    if any(d["CustomerNumber"] == key and not d["Cancelled"] for d in documents(call.store)):
        raise ApiError(IN_USE)
    call.store.table("customers").delete(key)
    call.store.table("deleted").put(f"customers:{key}", {})
    return Answer(status=204)


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


def _completed(store: Store, data: Json) -> Json:
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


def _number(store: Store, chosen: str) -> str:
    """The caller's number if it is free, else the next of the series."""
    customers, deleted = store.table("customers"), store.table("deleted")
    if chosen:
        if not _NUMBER.fullmatch(chosen):
            raise ApiError(NOT_ALPHANUMERIC, value=chosen)
        if f"customers:{chosen}" in deleted:
            raise ApiError(CUSTOMER_NUMBER_DELETED, number=chosen)
        if chosen in customers:
            raise ApiError(CUSTOMER_NUMBER_TAKEN, number=chosen)
        return chosen
    while True:
        free = str(store.next_number("customer"))
        if free not in customers and f"customers:{free}" not in deleted:
            return free


ROUTES = (
    Route("GET", "customers", "customer", _list),
    Route("POST", "customers", "customer", _create),
    Route("GET", "customers/{number}", "customer", _get),
    Route("PUT", "customers/{number}", "customer", _update),
    Route("DELETE", "customers/{number}", "customer", _delete),
)
