"""The sandbox's answers against Fortnox's OpenAPI document, where it is at hand.

The document is Fortnox's and not part of this repository; without it these tests are skipped.
"""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import simplejson

from fortnox.sandbox.fortnox.app import create_app

DOCUMENT = Path(__file__).parents[3] / "shared/data/fortnox-openapi.json"
pytestmark = pytest.mark.skipif(
    not DOCUMENT.exists(), reason=f"Fortnox's OpenAPI document is not at {DOCUMENT}"
)

#: What live answers hold and the document leaves out (recordings, sections 4 and 5).
UNDOCUMENTED = {
    "Article": {"SupplierName", "CommodityCode"},
    "Invoice": {"InvoiceReference"},
    "Invoice_EDIInformation": {"EDIStatus"},
    "Invoice_InvoiceRow": {"Cost"},
    "FinancialYear": {"accountCharts"},
}
#: What the document types otherwise than live answers do (recorded: left live, right document).
TYPED_OTHERWISE = {
    ("Invoice", "ContractReference"),  # text
    ("Invoice", "InvoicePeriodStart"),  # "" for no date
    ("Customer", "SalesAccount"),  # integer since 2023
    ("InvoiceListItem", "CurrencyRate"),  # text in lists
    ("ArticleListItem", "QuantityInStock"),  # text in lists
}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


@cache
def _schemas() -> dict[str, Any]:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return dict(document["components"]["schemas"])


@cache
def _control():
    control = create_app().state.control
    post = [
        ("customers", {"Customer": {"Name": "A"}}),
        ("articles", {"Article": {"Description": "A"}}),
    ]
    sold = {"AccountNumber": 3001, "VAT": 25, "Price": 10, "DeliveredQuantity": 1}
    sold["Description"] = "Vara"
    invoice = {"Invoice": {"CustomerNumber": "1", "InvoiceRows": [sold]}}
    post += [("invoices", invoice), ("invoices", invoice)]
    for path, body in post:
        assert control.act("POST", path, body).status == 201
    assert control.act("PUT", "invoices/1/bookkeep").status == 200
    payment = {"InvoicePayment": {"InvoiceNumber": 1, "WriteOffs": []}}
    assert control.act("POST", "invoicepayments", payment).status == 201
    return control


SINGLES = [
    ("customers/1", "Customer", "Customer"),
    ("articles/1", "Article", "Article"),
    ("invoices/1", "Invoice", "Invoice"),
    ("invoicepayments/1", "InvoicePayment", "InvoicePayment"),
    ("vouchers/B/1", "Voucher", "Voucher"),
    ("accounts/3001", "Account", "AccountSingleItem"),
    ("financialyears/2", "FinancialYear", "FinancialYear"),
    ("companyinformation", "CompanyInformation", "CompanyInfo"),
    ("settings/company", "CompanySettings", "CompanySettings"),
    ("settings/lockedperiod", "LockedPeriod", "LockedPeriod"),
    ("me", "MeInformation", "Me"),
    ("modesofpayments/BG", "ModeOfPayment", "ModeOfPayment"),
    ("termsofpayments/30", "TermsOfPayment", "TermsOfPayment"),
    ("units/st", "Unit", "Unit"),
    ("currencies/EUR", "Currency", "Currency"),
    ("voucherseries/A", "VoucherSeries", "VoucherSeries"),
    ("predefinedaccounts/SALES", "PreDefinedAccount", "PredefinedAccount"),
]
LISTS = [
    ("customers", "Customers", "CustomerListItem"),
    ("articles", "Articles", "ArticleListItem"),
    ("invoices", "Invoices", "InvoiceListItem"),
    ("invoicepayments", "InvoicePayments", "InvoicePaymentListItem"),
    ("vouchers", "Vouchers", "VoucherListItem"),
    ("accounts", "Accounts", "AccountListItem"),
    ("financialyears", "FinancialYears", "FinancialYear"),
    ("modesofpayments", "ModesOfPayments", "ModeOfPayment"),
    ("termsofpayments", "TermsOfPayments", "TermsOfPayment"),
    ("units", "Units", "Unit"),
    ("currencies", "Currencies", "Currency"),
    ("voucherseries", "VoucherSeriesCollection", "VoucherSeriesListItem"),
    ("predefinedaccounts", "PreDefinedAccounts", "PredefinedAccount"),
]


def _get(path: str) -> dict[str, Any]:
    made = _control().act("GET", path)
    assert made.status == 200, made
    return dict(simplejson.loads(made.encoded(), use_decimal=True))


def _check(name: str, schema_name: str, value: dict[str, Any]) -> None:
    properties = _schemas()[f"fortnox_{schema_name}"]["properties"]
    unknown = set(value) - set(properties) - UNDOCUMENTED.get(schema_name, set())
    assert not unknown, f"{name}: {sorted(unknown)} are not in the document"
    for field, content in value.items():
        rule = properties.get(field)
        if rule is None or content is None or (schema_name, field) in TYPED_OTHERWISE:
            continue
        if "$ref" in rule:
            _check(f"{name}.{field}", rule["$ref"].rpartition("fortnox_")[2], content)
            continue
        _check_value(f"{name}.{field}", rule, content)


def _check_value(name: str, rule: dict[str, Any], content: Any) -> None:
    kind = rule["type"]
    assert isinstance(content, TYPES[kind]), f"{name}: {content!r} is no {kind}"
    if kind != "boolean":
        assert not isinstance(content, bool), f"{name}: {content!r} is no {kind}"
    if "enum" in rule and content != "":
        assert content in rule["enum"], f"{name}: {content!r}"
    if kind == "array" and "$ref" in rule["items"]:
        for item in content:
            _check(f"{name}[]", rule["items"]["$ref"].rpartition("fortnox_")[2], item)


@pytest.mark.parametrize(("path", "envelope", "schema"), SINGLES)
def test_single_answers_hold_documented_fields_only(path: str, envelope: str, schema: str) -> None:
    """A client written from Fortnox's document understands every field of the sandbox."""
    answer = _get(path)
    assert list(answer) == [envelope]
    _check(envelope, schema, answer[envelope])


@pytest.mark.parametrize(("path", "envelope", "schema"), LISTS)
def test_list_items_hold_documented_fields_only(path: str, envelope: str, schema: str) -> None:
    """The same for lists, whose items are shorter and typed differently."""
    answer = _get(path)
    assert list(answer) == ["MetaInformation", envelope]
    assert answer[envelope], "an empty list shows nothing"
    for item in answer[envelope][:20]:
        _check(envelope, schema, item)


@pytest.mark.parametrize(
    ("path", "envelope", "schema"),
    [
        ("customers/1", "Customer", "Customer"),
        ("articles/1", "Article", "Article"),
        ("invoices/2", "Invoice", "InvoicePayload"),
    ],
)
def test_every_documented_request_field_is_known(path: str, envelope: str, schema: str) -> None:
    """A field of Fortnox's document is never answered with "unknown field" by the sandbox."""
    read_only = {
        "Customer": {"@url", "Country", "DeliveryCountry", "VisitingCountry"},
        "Article": {
            "@url",
            "DisposableQuantity",
            "ReservedQuantity",
            "StockValue",
            "SupplierName",
        },
        "InvoicePayload": set(),
    }[schema]
    for field in set(_schemas()[f"fortnox_{schema}"]["properties"]) - read_only:
        made = _control().act("PUT", path, {envelope: {field: None}})
        body = simplejson.loads(made.encoded())
        assert made.status != 404, "there is nothing to update"
        assert body.get("ErrorInformation", {}).get("code") != 2001399, field
