"""Requests made from Fortnox's OpenAPI document: mostly fitting, sometimes hostile."""

from functools import cache
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st
from tests.support.fortnox_openapi import operations, resolved

HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(["API_BLANK", "", "0", "-1", "1e400", "NaN", "1.5", "2026-02-30", "å" * 300]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)
#: Values that often get through, so that the code behind validation is reached too.
LIKELY = {
    "AccountNumber": [3001, 3108, 1510, 0],
    "ArticleNumber": ["1", "2"],
    "Currency": ["SEK", "EUR"],
    "CustomerNumber": ["1", "2"],
    "FinalPayDate": ["2026-11-21"],
    "InvoiceNumber": [1, 2],
    "ModeOfPayment": ["BG"],
    "ModeOfPaymentAccount": [1930],
    "PriceList": ["A"],
    "TermsOfPayment": ["30", "0"],
    "Unit": ["st"],
    "VAT": [25, 12, 6, 0],
    "VATCode": ["MP1", "MF"],
    "VoucherSeries": ["A", "B"],
    "Account": [1930, 3001, 2440, 6064],
    "Code": ["TOT", "VAT", "A", "ny"],
    "CostCenter": ["", "A"],
    "FileId": ["f1", "f2", "f3"],
    "PreDefinedAccount": ["4000", "6570"],
    "SupplierNumber": ["1", "2"],
}
PATH_VALUES = st.integers(0, 9).flatmap(
    lambda dice: st.text(min_size=1, max_size=6) if dice == 0 else st.sampled_from("123")
)


def _value(name: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly what the document wants, sometimes what nobody wants."""
    schema = resolved(schema)
    kind = schema.get("type", "object")
    fitting: st.SearchStrategy[Any]
    if name in LIKELY:
        fitting = st.sampled_from(LIKELY[name])
    elif "enum" in schema:
        fitting = st.sampled_from(schema["enum"])
    elif schema.get("format") == "date":
        fitting = st.sampled_from(["2026-11-21", "2025-01-01", "2026-11-30", "1999-12-31"])
    elif kind == "object":
        fitting = _object(schema)
    elif kind == "array":
        fitting = st.lists(_value("", schema.get("items", {})), max_size=3)
    else:
        fitting = {
            "string": st.sampled_from(["1", "-2", "0.5", "abc", "Åsa 50 % (ny)", "", "x" * 60]),
            "integer": st.integers(-3, 400),
            "number": st.one_of(st.integers(-5, 1000), st.floats(-1e15, 1e15)),
            "boolean": st.booleans(),
        }[kind]
    return st.integers(0, 59).flatmap(lambda dice: HOSTILE if dice == 0 else fitting)


def _object(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties = {
        name: _value(name, rule)
        for name, rule in schema.get("properties", {}).items()
        if not name.startswith("@")
    }
    if not properties:
        return st.just({})
    return st.lists(st.sampled_from(sorted(properties)), max_size=7, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: properties[name] for name in names})
    )


#: Fields that only answers hold: sent now and then, they would hide what is behind validation.
READ_ONLY = frozenset(
    (
        "AdministrationFeeVAT",
        "ApprovalState",
        "BasisTaxReduction",
        "Booked",
        "Cancelled",
        "ContributionPercent",
        "ContributionValue",
        "Country",
        "DeliveryCountry",
        "DisposableQuantity",
        "FreightVAT",
        "Gross",
        "InvoiceCustomerName",
        "InvoiceCustomerNumber",
        "InvoiceDueDate",
        "InvoiceOCR",
        "InvoiceReference",
        "InvoiceTotal",
        "Net",
        "Number",
        "OfferReference",
        "OrderReference",
        "OrderType",
        "ReferenceNumber",
        "ReferenceType",
        "ReservedQuantity",
        "RoundOff",
        "SalesPrice",
        "Sent",
        "Source",
        "StockValue",
        "SupplierName",
        "TaxReduction",
        "TimeBasisReference",
        "Total",
        "TotalToPay",
        "TotalVAT",
        "VisitingCountry",
        "VoucherNumber",
        "VoucherYear",
        "WarehouseReady",
    )
)
REQUIRED: dict[str, Any] = {
    "Invoice": {"CustomerNumber": "1"},
    "Order": {"CustomerNumber": "1"},
    "Offer": {"CustomerNumber": "1"},
    "InvoicePayment": {"InvoiceNumber": 1},
    "Customer": {"Name": "A"},
    "Article": {"Description": "A"},
    "Account": {"Number": 3999, "Description": "A"},
    "SupplierInvoice": {"SupplierNumber": "1", "Total": "125", "VAT": "25"},
    "SupplierInvoicePayment": {"InvoiceNumber": "1"},
    "Supplier": {"Name": "A"},
    "Price": {"ArticleNumber": "1", "PriceList": "A"},
    "Project": {"Description": "A"},
    "TaxReduction": {
        "AskedAmount": 5,
        "CustomerName": "A",
        "ReferenceDocumentType": "INVOICE",
        "ReferenceNumber": "3",
        "SocialSecurityNumber": "19810812-1172",
    },
    "VoucherFileConnection": {"FileId": "f1", "VoucherNumber": "1", "VoucherSeries": "B"},
    "Voucher": {"Description": "A", "TransactionDate": "2026-11-21", "VoucherSeries": "A"},
}


def _without_read_only(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_read_only(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {k: _without_read_only(v) for k, v in value.items() if k not in READ_ONLY}


@cache
def _operations(resources: tuple[str, ...]) -> list[tuple[str, str, dict[str, Any]]]:
    found = [
        one
        for one in operations()
        if one[1].startswith("/3/") and one[1].split("/")[2] in resources
    ]
    # Writes reach more code than reads do, so each is drawn three times as often.
    writes = [one for one in found if "requestBody" in one[2] and one[0] != "DELETE"]
    return sorted([*found, *writes, *writes], key=lambda one: one[:2])


def _body(operation: dict[str, Any]) -> st.SearchStrategy[Any]:
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return st.none()
    wrap = resolved(next(iter(content.values()))["schema"])
    if not wrap.get("properties"):
        return HOSTILE
    name, inner = next(iter(wrap["properties"].items()))

    def with_required(value: dict[str, Any]) -> dict[str, Any]:
        value.pop("HouseWork", None)  # computed on the header, sent on rows
        return {name: {**REQUIRED.get(name, {}), **_without_read_only(value)}}

    made = _object(resolved(inner)).map(with_required)
    return st.integers(0, 14).flatmap(
        lambda dice: {0: HOSTILE, 1: _object(resolved(inner))}.get(dice, made)
    )


@st.composite
def requests(draw: st.DrawFn, resources: tuple[str, ...]) -> tuple[str, str, Any, dict[str, str]]:
    """Method, path below ``/3``, body and query of one operation of the document.

    Args:
        draw: Hypothesis.
        resources: First parts of paths below ``/3``.
    """
    method, path, operation = draw(st.sampled_from(_operations(resources)))
    below = path.removeprefix("/3/")
    while "{" in below:
        before, _, rest = below.partition("{")
        below = before + quote(draw(PATH_VALUES), safe="") + rest.partition("}")[2]
    names = [p["name"] for p in operation.get("parameters", []) if p.get("in") == "query"]
    names += ["limit", "offset", "page", "sortorder", "financialyear", "fromdate"]
    most = 3 if method == "GET" else 0
    chosen = draw(st.lists(st.sampled_from(names), max_size=most, unique=True))
    text = st.one_of(
        st.sampled_from(["1", "2", "0", "-1", "true", "2026-11-21", "descending", "unpaid", "²"]),
        st.text(max_size=8),
    )
    return method, below, draw(_body(operation)), {name: draw(text) for name in chosen}
