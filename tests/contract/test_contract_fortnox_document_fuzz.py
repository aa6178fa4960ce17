"""Requests made from Fortnox's OpenAPI document: whatever is sent, the sandbox answers, never 500.

The document is Fortnox's and not part of this repository; without it these tests are skipped.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.fortnox_openapi import DOCUMENT, REASON
from tests.support.openapi_requests import requests

from fortnox.sandbox.fortnox.app import create_app

pytestmark = pytest.mark.skipif(not DOCUMENT.exists(), reason=REASON)
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
@given(st.lists(requests(RESOURCES), min_size=10, max_size=25))
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
