"""``GET /3/invoices``: filters of documents, ANDed contains matches as recorded."""

from collections.abc import Callable, Mapping
from typing import Any

from fortnox.sandbox.fortnox.errors import BAD_FILTER, BAD_PARAMETER, ApiError
from fortnox.sandbox.fortnox.listing import (
    changed,
    contains,
    date_parameter,
    int_parameter,
    numeric,
    ordered,
    page,
)
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.wire import Answer, Json, to_ore

Test = Callable[[Json], bool]

_LIST_KEYS = (
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
_CONTAINS = {
    "costcenter": "CostCenter",
    "customername": "CustomerName",
    "customernumber": "CustomerNumber",
    "documentnumber": "DocumentNumber",
    "ocr": "OCR",
    "ourreference": "OurReference",
    "yourreference": "YourReference",
    "project": "Project",
    "invoicetype": "InvoiceType",
    "currency": "Currency",
    "yourordernumber": "YourOrderNumber",
}
_REFERENCES = {
    "externalinvoicereference1": "ExternalInvoiceReference1",
    "externalinvoicereference2": "ExternalInvoiceReference2",
}
_BOOLEANS = {"sent": "Sent", "notcompleted": "NotCompleted", "credit": "Credit"}
_ROW_CONTAINS = {"articlenumber": "ArticleNumber", "articledescription": "Description"}
_PERIODS = (
    ("fromdate", "todate", "InvoiceDate"),
    ("fromfinalpaydate", "tofinalpaydate", "FinalPayDate"),
)
_SORTABLE: dict[str, Callable[[Json], Any]] = {
    "customername": lambda data: str(data["CustomerName"]),
    "customernumber": numeric("CustomerNumber"),
    "documentnumber": numeric("DocumentNumber"),
    "invoicedate": lambda data: data["InvoiceDate"],
    "ocr": numeric("OCR"),
    "total": lambda data: data["Total"],
}


def _item(call: Call, data: Json) -> Json:
    """Key order of recording 4.35; the currency rate is text here."""
    shown = {key: data[key] for key in _LIST_KEYS}
    shown["CurrencyRate"] = str(data["CurrencyRate"])
    return {"@url": call.url(f"invoices/{data['DocumentNumber']}"), **shown}


def _list(call: Call) -> Answer:
    tests = _state_tests(call)
    if not (tests and call.store.switches.filter_with_fields == "filter_only"):
        tests += _field_tests(call) + _row_tests(call.query)
    rows = [
        data
        for data in changed(call.store.table("invoices"), call.query)
        if all(test(data) for test in tests)
    ]
    switches = call.store.switches
    return page(
        ordered(rows, call.query, "documentnumber", _SORTABLE),
        call.query,
        plural="Invoices",
        item=lambda data: _item(call, data),
        max_limit=min(switches.max_limit, switches.max_limit_invoices),
    )


def _state_tests(call: Call) -> list[Test]:
    """``filter=``: paid and unpaid look at booked invoices only (recordings, point 6)."""
    wanted = call.query.get("filter", "")
    if not wanted:
        return []
    today = call.store.clock.today().isoformat()

    def unpaid(data: Json) -> bool:
        return bool(data["Booked"]) and to_ore(data["Balance"]) != 0

    tests: dict[str, Test] = {
        "cancelled": lambda data: bool(data["Cancelled"]),
        "fullypaid": lambda data: bool(data["Booked"]) and to_ore(data["Balance"]) == 0,
        "unpaid": unpaid,
        "unpaidoverdue": lambda data: unpaid(data) and data["DueDate"] < today,
        "unbooked": lambda data: not data["Booked"] and not data["Cancelled"],
    }
    if wanted not in tests:
        raise ApiError(BAD_FILTER)
    return [tests[wanted]]


def _field_tests(call: Call) -> list[Test]:
    query = call.query
    tests: list[Test] = [
        _contains(name, query[parameter])
        for parameter, name in _CONTAINS.items()
        if query.get(parameter)
    ]
    match = call.store.switches.reference_match
    tests += [
        _reference(name, query[parameter], match)
        for parameter, name in _REFERENCES.items()
        if query.get(parameter)
    ]
    tests += [
        _boolean(name, query[parameter])
        for parameter, name in _BOOLEANS.items()
        if query.get(parameter)
    ]
    for first, last, name in _PERIODS:
        tests += _period(name, date_parameter(query, first), date_parameter(query, last))
    label = query.get("label", "")
    if label:
        tests.append(lambda data: any(str(one.get("Id")) == label for one in data["Labels"]))
    return tests


def _row_tests(query: Mapping[str, str]) -> list[Test]:
    tests: list[Test] = [
        _row_contains(name, query[parameter])
        for parameter, name in _ROW_CONTAINS.items()
        if query.get(parameter)
    ]
    if query.get("accountnumberfrom") or query.get("accountnumberto"):
        first = int_parameter(query, "accountnumberfrom", 0, 0)
        last = int_parameter(query, "accountnumberto", 9999, 0)
        tests.append(
            lambda data: any(first <= r["AccountNumber"] <= last for r in data["InvoiceRows"])
        )
    return tests


def _contains(name: str, wanted: str) -> Test:
    return lambda data: contains(data, name, wanted)


def _row_contains(name: str, wanted: str) -> Test:
    return lambda data: any(contains(row, name, wanted) for row in data["InvoiceRows"])


def _reference(name: str, wanted: str, match: str) -> Test:
    text = wanted.casefold()
    if match == "exact":
        return lambda data: str(data[name]).casefold() == text
    if match == "prefix":
        return lambda data: str(data[name]).casefold().startswith(text)
    return _contains(name, wanted)


def _boolean(name: str, wanted: str) -> Test:
    if wanted not in ("true", "false"):
        raise ApiError(BAD_PARAMETER)
    return lambda data: str(data[name]).lower() == wanted


def _period(name: str, first: str | None, last: str | None) -> list[Test]:
    if first is None and last is None:
        return []
    low, high = first or "", last or "9999"
    return [lambda data: data[name] is not None and low <= data[name] <= high]


ROUTES = (Route("GET", "invoices", "invoice", _list),)
