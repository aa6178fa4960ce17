"""Everything in Fortnox's OpenAPI document is asked for, known to the sandbox or not: no 500.

And whatever is answered with success has the shape that the document promises. The document is not
part of this repository; without it these tests are skipped. ``FORTNOX_FUZZ_EXAMPLES`` makes them
longer.
"""

import os
import re
from typing import Any

import pytest
import simplejson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.fortnox_openapi import DOCUMENT, REASON, answer_faults, operations, resolved
from tests.support.openapi_requests import requests

from fortnox.sandbox.fortnox.app import create_app

pytestmark = pytest.mark.skipif(not DOCUMENT.exists(), reason=REASON)

RESOURCES = (
    *("accountcharts", "archive", "articlefileconnections", "costcenters", "currencies"),
    *("euvatlimitregulation", "financialyears", "inbox", "labels", "modesofpayments"),
    *("predefinedaccounts", "predefinedvoucherseries", "pricelists", "prices", "printtemplates"),
    *("projects", "settings", "supplierinvoicefileconnections", "supplierinvoicepayments"),
    *("supplierinvoices", "suppliers", "taxreductions", "termsofdeliveries", "termsofpayments"),
    *("units", "voucherfileconnections", "voucherseries", "wayofdeliveries"),
)
#: Fortnox itself answers 500 to a date without a financial year (facts, known messages).
NO_FINANCIAL_YEAR = 9000008
EXAMPLES = settings(
    max_examples=int(os.environ.get("FORTNOX_FUZZ_EXAMPLES", "15")),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def _control() -> Any:
    """A company with something to find in each register."""
    control = create_app().state.control
    for name in ("f1", "f2", "f3"):
        file = {"Id": name, "ArchiveFileId": f"a{name}", "Comments": None, "Content": "QQ=="}
        file |= {"Folder": "Inbox_v", "Name": "a.txt", "Place": "inbox", "Size": 1}
        control.store.table("files").put(name, file)
    row = {"AccountNumber": 3001, "VAT": 25, "Price": 10, "DeliveredQuantity": 1}
    row["Description"] = "Vara"
    fee = {"SupplierInvoice": {"SupplierNumber": "1", "Total": "125", "VAT": "25"}}
    rot = {"CustomerNumber": "1", "TaxReductionType": "rot"}
    for path, body in (
        ("customers", {"Customer": {"Name": "A"}}),
        ("articles", {"Article": {"Description": "A"}}),
        ("invoices", {"Invoice": {"CustomerNumber": "1", "InvoiceRows": [row]}}),
        *[("invoices", {"Invoice": rot})] * 2,
        ("suppliers", {"Supplier": {"Name": "A"}}),
        ("suppliers", {"Supplier": {"Name": "B", "Currency": "EUR"}}),
        *[("supplierinvoices", fee)] * 3,
        ("labels", {"Label": {"Description": "A"}}),
        ("projects", {"Project": {"Description": "A"}}),
        ("costcenters", {"CostCenter": {"Code": "A", "Description": "A"}}),
    ):
        assert control.act("POST", path, body).status == 201
    for path in ("invoices/1/bookkeep", "supplierinvoices/1/bookkeep"):
        assert control.act("PUT", path).status == 200
    payment = {"SupplierInvoicePayment": {"InvoiceNumber": "1", "Amount": 2}}
    assert control.act("POST", "supplierinvoicepayments", payment).status == 201
    return control


def _answered(control: Any, made: list[Any]) -> None:
    for method, path, body, query in made:
        answer = control.act(method, path, body, query)
        raw = answer.encoded()
        decoded = simplejson.loads(raw, use_decimal=True) if raw[:1] == b"{" else None
        if answer.status >= 500:
            assert decoded["ErrorInformation"]["code"] == NO_FINANCIAL_YEAR, decoded
        elif answer.status < 300 and method != "GET":
            assert answer_faults(method, f"/3/{path}", answer.status, decoded) == []
    for voucher in control.state()["vouchers"]:
        rows = voucher["VoucherRows"]
        assert sum(r["Debit"] for r in rows) == sum(r["Credit"] for r in rows)


@EXAMPLES
@given(st.lists(requests(RESOURCES), min_size=10, max_size=25))
def test_registers_files_and_the_supplier_side_answer_everything(made: list[Any]) -> None:
    """A client's mistake is answered by a refusal that says what is wrong, never by a crash."""
    _answered(_control(), made)


@pytest.mark.parametrize("body", [None, {}, {"Invoice": None}, {"Supplier": {"Name": 1}}, []])
def test_the_whole_document_may_be_asked_for(body: Any) -> None:
    """What the sandbox does not know is not found; no operation is a server error."""
    control = _control()
    made = []
    for method, path, operation in operations():
        envelope = _envelope(operation)
        below = re.sub(r"\{[^}]+\}", "1", path.removeprefix("/3/"))
        made.append((method, below, {envelope: {}} if body == {} and envelope else body, {}))
    _answered(control, made)


def _envelope(operation: dict[str, Any]) -> str:
    content = next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})
    return next(iter(resolved(content.get("schema", {})).get("properties", {})), "")
