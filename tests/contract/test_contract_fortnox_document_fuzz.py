"""Requests made from Fortnox's OpenAPI document: whatever is sent, the sandbox answers, never 500.

The document is Fortnox's and not part of this repository; without it these tests are skipped.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fortnox.sandbox.fortnox.app import create_app

DOCUMENT = Path(__file__).parents[3] / "shared/data/fortnox-openapi.json"
pytestmark = pytest.mark.skipif(
    not DOCUMENT.exists(), reason=f"Fortnox's OpenAPI document is not at {DOCUMENT}"
)
RESOURCES = (
    "invoices",
    "orders",
    "offers",
    "invoicepayments",
    "vouchers",
    "customers",
    "articles",
    "accounts",
    "sie",
)
#: Fortnox itself answers 500 to a date without a financial year (facts, known messages).
NO_FINANCIAL_YEAR = 9000008

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
    "Account": [1930, 3001],
}
PATH_VALUES = st.integers(0, 9).flatmap(
    lambda dice: st.text(min_size=1, max_size=6) if dice == 0 else st.sampled_from("123")
)


@cache
def _document() -> dict[str, Any]:
    return dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = _document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _value(name: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly what the document wants, sometimes what nobody wants."""
    schema = _resolved(schema)
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
    "Voucher": {"Description": "A", "TransactionDate": "2026-11-21", "VoucherSeries": "A"},
}


def _without_read_only(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_read_only(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {k: _without_read_only(v) for k, v in value.items() if k not in READ_ONLY}


@cache
def _operations() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for path, methods in _document()["paths"].items():
        if path.startswith("/3/") and path.split("/")[2] in RESOURCES:
            for method, operation in methods.items():
                if method in ("get", "post", "put", "delete"):
                    found.append((method.upper(), path, operation))
    # Writes reach more code than reads do, so each is drawn three times as often.
    writes = [one for one in found if "requestBody" in one[2] and one[0] != "DELETE"]
    return sorted([*found, *writes, *writes], key=lambda one: one[:2])


def _body(operation: dict[str, Any]) -> st.SearchStrategy[Any]:
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return st.none()
    wrap = _resolved(next(iter(content.values()))["schema"])
    name, inner = next(iter(wrap["properties"].items()))

    def with_required(value: dict[str, Any]) -> dict[str, Any]:
        value.pop("HouseWork", None)  # computed on the header, sent on rows
        return {name: {**REQUIRED.get(name, {}), **_without_read_only(value)}}

    made = _object(_resolved(inner)).map(with_required)
    return st.integers(0, 14).flatmap(
        lambda dice: {0: HOSTILE, 1: _object(_resolved(inner))}.get(dice, made)
    )


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, Any, dict[str, str]]:
    """Method, path below ``/3``, body and query of one operation of the document."""
    method, path, operation = draw(st.sampled_from(_operations()))
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


def _control() -> Any:
    """A company with documents of each kind."""
    control = create_app().state.control
    row = {"AccountNumber": 3001, "VAT": 25, "Price": 10, "DeliveredQuantity": 1}
    row["Description"] = "Vara"
    offer = {k: v for k, v in row.items() if k != "DeliveredQuantity"} | {"Quantity": 1}
    for path, body in (
        ("customers", {"Customer": {"Name": "A", "Email": "kund@example.org"}}),
        ("customers", {"Customer": {"Name": "B", "VATType": "EXPORT"}}),
        ("articles", {"Article": {"Description": "A"}}),
        ("articles", {"Article": {"Description": "B", "SalesAccount": 3002}}),
        *[("invoices", {"Invoice": {"CustomerNumber": "1", "InvoiceRows": [row]}})] * 3,
        *[("orders", {"Order": {"CustomerNumber": "2", "OrderRows": [row]}})] * 2,
        *[("offers", {"Offer": {"CustomerNumber": "1", "OfferRows": [offer]}})] * 2,
    ):
        assert control.act("POST", path, body).status == 201
    assert control.act("PUT", "invoices/1/bookkeep").status == 200
    payment = {"InvoicePayment": {"InvoiceNumber": 1, "Amount": 2}}
    assert control.act("POST", "invoicepayments", payment).status == 201
    return control


@settings(
    max_examples=int(os.environ.get("FORTNOX_FUZZ_EXAMPLES", "40")),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(requests(), min_size=10, max_size=25))
def test_no_request_of_the_document_ends_in_a_server_error(made) -> None:
    """A client's mistake is answered by a refusal that says what is wrong, never by a crash."""
    control = _control()
    for method, path, body, query in made:
        answer = control.act(method, path, body, query)
        assert answer.encoded() is not None
        if answer.status >= 500:
            assert answer.body["ErrorInformation"]["code"] == NO_FINANCIAL_YEAR, answer.body
    for voucher in control.state()["vouchers"]:
        rows = voucher["VoucherRows"]
        assert sum(r["Debit"] for r in rows) == sum(r["Credit"] for r in rows)
