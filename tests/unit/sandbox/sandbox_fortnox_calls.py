"""A sandbox Fortnox in the same process, for tests that need no HTTP."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import simplejson

from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.company import Company
from fortnox.sandbox.fortnox.control import Control
from fortnox.sandbox.fortnox.unknowns import Switches

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class RefusedError(Exception):
    """The sandbox answered with an error."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body}")
        info = {k.lower(): v for k, v in body["ErrorInformation"].items()}
        self.status, self.body = status, body
        self.code, self.text = info["code"], info["message"]


class Books:
    """Calls into one sandbox; the clock stands at ``NOW``."""

    def __init__(self, company: Company | None = None, **switches: Any) -> None:
        self.app = create_app(company, switches=Switches(**switches))
        self.control: Control = self.app.state.control
        self.store = self.control.store
        self.control.set_clock(NOW)

    def call(self, method: str, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        """Perform a call; refusals raise ``RefusedError``."""
        made = self.control.act(method, path, body, query)
        decoded = simplejson.loads(made.encoded() or b"{}", use_decimal=True)
        if made.status >= 400:
            raise RefusedError(made.status, decoded)
        return dict(decoded)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """GET."""
        return self.call("GET", path, **query)

    def customer(self, **fields: Any) -> str:
        """Create a customer and return its number."""
        body = {"Customer": {"Name": "Test AB", **fields}}
        return str(self.call("POST", "customers", body)["Customer"]["CustomerNumber"])

    def invoice(self, *rows: Mapping[str, Any], **header: Any) -> dict[str, Any]:
        """Create an invoice; a customer is made when none is named."""
        header.setdefault("InvoiceDate", "2026-11-20")
        if "CustomerNumber" not in header:
            header["CustomerNumber"] = self.customer()
        body = {"Invoice": {**header, "InvoiceRows": [dict(row) for row in rows]}}
        return dict(self.call("POST", "invoices", body)["Invoice"])

    def order(self, *rows: Mapping[str, Any], **header: Any) -> dict[str, Any]:
        """Create an order; a customer is made when none is named."""
        if "CustomerNumber" not in header:
            header["CustomerNumber"] = self.customer()
        body = {"Order": {**header, "OrderRows": [dict(row) for row in rows]}}
        return dict(self.call("POST", "orders", body)["Order"])

    def offer(self, *rows: Mapping[str, Any], **header: Any) -> dict[str, Any]:
        """Create an offer for a new customer."""
        rows_sent = [dict(row) for row in rows]
        body = {"Offer": {"CustomerNumber": self.customer(), **header, "OfferRows": rows_sent}}
        return dict(self.call("POST", "offers", body)["Offer"])

    def refused(self, method: str, path: str, body: Any = None, **query: str) -> RefusedError:
        """Perform a call that must be refused, and return the refusal."""
        try:
            self.call(method, path, body, **query)
        except RefusedError as refusal:
            return refusal
        raise AssertionError(f"{method} {path} was not refused")

    def booked(self, *rows: Mapping[str, Any], **header: Any) -> dict[str, Any]:
        """Create and bookkeep an invoice."""
        number = self.invoice(*rows, **header)["DocumentNumber"]
        return dict(self.call("PUT", f"invoices/{number}/bookkeep")["Invoice"])

    def postings(self, document: Mapping[str, Any]) -> dict[int, Decimal]:
        """Account -> amount (debit positive) of a document's voucher."""
        path = f"vouchers/{document['VoucherSeries']}/{document['VoucherNumber']}"
        voucher = self.get(path, financialyear=str(document["VoucherYear"]))["Voucher"]
        return {
            row["Account"]: Decimal(row["Debit"]) - Decimal(row["Credit"])
            for row in voucher["VoucherRows"]
        }


def row(price: str, rate_pct: int, account: int = 3001, quantity: str = "1", **more: Any) -> dict:
    """An invoice row that says everything that matters for the amounts."""
    return {
        "AccountNumber": account,
        "DeliveredQuantity": quantity,
        "Description": "Vara",
        "Price": Decimal(price),
        "VAT": rate_pct,
        **more,
    }
