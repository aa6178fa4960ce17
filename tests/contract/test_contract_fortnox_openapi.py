"""The sandbox's answers and our client's requests against Fortnox's OpenAPI document.

The document is Fortnox's and not part of this repository; without it these tests are skipped.
"""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import simplejson
from tests.support.fortnox_openapi import (
    DOCUMENT,
    REASON,
    answer_faults,
    operations,
    request_faults,
    schema,
)
from tests.support.once import TODAY, YESTERDAY, a_company, run

from fortnox.sandbox.fortnox.app import ROUTER, create_app
from fortnox.sandbox.fortnox.control import Control
from fortnox.sandbox.fortnox.errors import ApiError

pytestmark = pytest.mark.skipif(not DOCUMENT.exists(), reason=REASON)

#: Resources of the document that the sandbox does not simulate; a call is answered with 404.
NOT_SIMULATED = {
    *("absencetransactions", "articleurlconnections", "assets", "attendancetransactions"),
    *("contractaccruals", "contracts", "contracttemplates", "customerreferences", "employees"),
    *("expenses", "invoiceaccruals", "noxfinansinvoices", "salarytransactions"),
    *("scheduletimes", "supplierinvoiceaccruals", "supplierinvoiceexternalurlconnections"),
    *("vacationdebtbasis", "assetfileconnections", "emailsenders"),
}
SOLD = {
    "AccountNumber": 3001,
    "DeliveredQuantity": 1,
    "Description": "Vara",
    "Price": 10,
    "VAT": 25,
}
OFFERED = {k: v for k, v in SOLD.items() if k != "DeliveredQuantity"} | {"Quantity": 1}
INVOICE = {"Invoice": {"CustomerNumber": "1", "InvoiceRows": [SOLD]}}
ROT = {"Invoice": {"CustomerNumber": "1", "TaxReductionType": "rot"}}
PERSON = {
    "AskedAmount": 5,
    "CustomerName": "A",
    "ReferenceDocumentType": "INVOICE",
    "ReferenceNumber": "3",
    "SocialSecurityNumber": "19810812-1172",
}
#: One of each, in an order in which each finds what it needs.
MADE: list[tuple[str, str, dict[str, Any] | None]] = [
    ("POST", "customers", {"Customer": {"Name": "A", "Email": "a@example.com"}}),
    ("POST", "articles", {"Article": {"Description": "A"}}),
    ("POST", "invoices", INVOICE),
    ("POST", "invoices", INVOICE),
    ("POST", "invoices", ROT),
    ("PUT", "invoices/1/bookkeep", None),
    ("PUT", "invoices/1/credit", None),
    ("PUT", "invoices/2/cancel", None),
    ("POST", "invoicepayments", {"InvoicePayment": {"InvoiceNumber": 1}}),
    ("PUT", "invoicepayments/1/bookkeep", None),
    ("POST", "orders", {"Order": {"CustomerNumber": "1", "OrderRows": [SOLD]}}),
    ("PUT", "orders/1/createinvoice", None),
    ("POST", "offers", {"Offer": {"CustomerNumber": "1", "OfferRows": [OFFERED]}}),
    ("POST", "suppliers", {"Supplier": {"Name": "A"}}),
    ("POST", "supplierinvoices", {"SupplierInvoice": {"SupplierNumber": "1", "Total": 10}}),
    ("PUT", "supplierinvoices/1/bookkeep", None),
    ("PUT", "supplierinvoices/1/credit", None),
    ("POST", "supplierinvoicepayments", {"SupplierInvoicePayment": {"InvoiceNumber": "1"}}),
    ("PUT", "supplierinvoicepayments/1/bookkeep", None),
    ("POST", "projects", {"Project": {"Description": "A"}}),
    ("POST", "costcenters", {"CostCenter": {"Code": "A", "Description": "A"}}),
    ("POST", "labels", {"Label": {"Description": "A"}}),
    ("POST", "prices", {"Price": {"ArticleNumber": "1", "PriceList": "A", "FromQuantity": 5}}),
    ("PUT", "prices/A/1", {"Price": {"Price": 5}}),
    ("POST", "taxreductions", {"TaxReduction": PERSON}),
    ("POST", "archive", {"Folder": {"Name": "A"}}),
    (
        "POST",
        "voucherfileconnections",
        {"VoucherFileConnection": {"FileId": "f1", "VoucherNumber": "1", "VoucherSeries": "B"}},
    ),
    (
        "POST",
        "articlefileconnections",
        {"ArticleFileConnection": {"FileId": "f2", "ArticleNumber": "1"}},
    ),
    (
        "POST",
        "supplierinvoicefileconnections",
        {"SupplierInvoiceFileConnection": {"FileId": "f3", "SupplierInvoiceNumber": "1"}},
    ),
    (
        "POST",
        "financialyears",
        {"FinancialYear": {"FromDate": "2028-01-01", "ToDate": "2028-12-31"}},
    ),
]
SINGLES = (
    *("accounts/3001", "articles/1", "companyinformation", "costcenters/A", "currencies/EUR"),
    *("customers/1", "euvatlimitregulation", "financialyears/2", "inbox/Inbox_v", "invoices/1"),
    *("invoices/2", "invoicepayments/1", "me", "modesofpayments/BG", "offers/1", "orders/1"),
    *("predefinedaccounts/SALES", "predefinedvoucherseries/INVOICE", "pricelists/A"),
    *("prices/A/1", "prices/A/1/5", "projects/1", "settings/company", "settings/lockedperiod"),
    *("supplierinvoices/1", "supplierinvoicepayments/1", "suppliers/1", "taxreductions/1"),
    *("termsofdeliveries/FVL", "termsofpayments/30", "units/st", "vouchers/B/1"),
    *("voucherseries/A", "wayofdeliveries/BREV", "voucherfileconnections/f1"),
    *("articlefileconnections/f2", "supplierinvoicefileconnections/f3", "archive"),
)
LISTS = (
    *("accountcharts", "accounts", "articlefileconnections", "articles", "costcenters"),
    *("currencies", "customers", "financialyears", "invoicepayments", "invoices", "labels"),
    *("modesofpayments", "offers", "orders", "predefinedaccounts", "predefinedvoucherseries"),
    *("pricelists", "prices/sublist/A/1", "printtemplates", "projects"),
    *("supplierinvoicefileconnections", "supplierinvoicepayments", "supplierinvoices"),
    *("suppliers", "taxreductions", "termsofdeliveries", "termsofpayments", "units"),
    *("voucherfileconnections", "vouchers", "vouchers/sublist/B", "voucherseries"),
    "wayofdeliveries",
)


@cache
def _company() -> tuple[Control, dict[str, tuple[int, Any]]]:
    """A company with one of each, and what it answered while they were made."""
    control = create_app().state.control
    for name in ("f1", "f2", "f3"):
        file = {"Id": name, "ArchiveFileId": f"a{name}", "Comments": None, "Content": "QQ=="}
        file |= {"Folder": "Inbox_v", "Name": "a.txt", "Place": "inbox", "Size": 1}
        control.store.table("files").put(name, file)
    answers = {}
    for method, path, body in MADE:
        made = control.act(method, path, body)
        assert made.status < 300, (path, made.body)
        answers[f"{method} {path}"] = (made.status, _decoded(made.encoded()))
    return control, answers


def _decoded(raw: bytes | str) -> Any:
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    return simplejson.loads(text, use_decimal=True) if text.startswith("{") else None


@pytest.mark.parametrize("path", [*SINGLES, *LISTS])
def test_answers_hold_documented_fields_only(path: str) -> None:
    """A client written from Fortnox's document understands every field of the sandbox."""
    made = _company()[0].act("GET", path)
    assert made.status == 200, made.body
    body = _decoded(made.encoded())
    assert answer_faults("GET", f"/3/{path}", 200, body) == []
    if path in LISTS:
        meta, listed = body
        assert (meta, len(body[listed]) > 0) == ("MetaInformation", True)


@pytest.mark.parametrize("step", sorted({f"{method} {path}" for method, path, _ in MADE}))
def test_what_writes_answer_is_documented_too(step: str) -> None:
    """The answer to a POST or an action has the shape that the document promises."""
    if step == "POST archive":
        pytest.skip("the document knows uploads only; folders are made so by clients")
    method, _, path = step.partition(" ")
    status, body = _company()[1][step]
    assert answer_faults(method, f"/3/{path}", status, body) == []


def test_every_documented_operation_is_there_or_named_as_missing() -> None:
    """What the sandbox lacks is a list that one can read, not a surprise."""
    missing = set()
    for method, path, _ in operations():
        if not path.startswith("/3/"):
            continue
        below = path.removeprefix("/3/").replace("{", "").replace("}", "")
        try:
            ROUTER.find(method, below)
        except ApiError:
            whole = below.split("/")[0]
            known = any(route.path.split("/")[0] == whole for route in ROUTER.routes)
            missing.add(f"{method} {below}" if known else whole)
    assert missing == NOT_SIMULATED


def test_what_our_client_sends_and_gets_is_documented() -> None:
    """Two days of customers, sales and bookings: no field or type that Fortnox doesn't know."""
    exchanged: list[requests.Response] = []
    session = requests.Session()
    session.hooks["response"].append(lambda answer, **_: exchanged.append(answer))
    with a_company(known=False) as company:
        run(company, (*YESTERDAY, *TODAY), session=session)
    faults = set()
    bodies = set()
    for answer in exchanged:
        method, path = str(answer.request.method), urlsplit(str(answer.request.url)).path
        if not path.startswith("/3/"):
            continue
        if answer.request.body:
            bodies.add((method, path))
            faults |= set(request_faults(method, path, _decoded(answer.request.body)))
        faults |= set(answer_faults(method, path, answer.status_code, _decoded(answer.content)))
    assert {("POST", "/3/customers"), ("POST", "/3/invoices")} <= bodies
    assert faults == set()


@pytest.mark.parametrize(
    ("path", "envelope", "name", "read_only"),
    [
        (
            "customers/1",
            "Customer",
            "Customer",
            {"@url", "Country", "DeliveryCountry", "VisitingCountry"},
        ),
        (
            "articles/1",
            "Article",
            "Article",
            {"@url", "DisposableQuantity", "ReservedQuantity", "StockValue", "SupplierName"},
        ),
        ("invoices/2", "Invoice", "InvoicePayload", set()),
        ("suppliers/1", "Supplier", "Supplier", {"@url", "Country", "VisitingCountry"}),
        ("projects/1", "Project", "Project", {"@url"}),
        ("costcenters/A", "CostCenter", "CostCenter", {"@url"}),
        ("pricelists/A", "PriceList", "PriceList", {"@url"}),
        ("prices/A/1", "Price", "Price", {"@url"}),
        ("currencies/EUR", "Currency", "Currency", {"@url"}),
    ],
)
def test_every_documented_request_field_is_known(
    path: str, envelope: str, name: str, read_only: set[str]
) -> None:
    """A field of Fortnox's document is never answered with "unknown field" by the sandbox."""
    for field in set(schema(name)["properties"]) - read_only:
        made = _company()[0].act("PUT", path, {envelope: {field: None}})
        assert made.status != 404, "there is nothing to update"
        body = _decoded(made.encoded())
        assert body.get("ErrorInformation", {}).get("code") != 2001399, field
