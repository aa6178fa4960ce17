"""A company's books over real HTTP: invoices go in by apply, vouchers come out by SIE 4."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import requests
from tests.support.builders import shop_row
from tests.support.worlds import World

from fortnox.api.apply import Outcome, apply_invoices
from fortnox.api.finder import find_by_reference
from fortnox.api.invoices import parse_listed
from fortnox.core.documents import Invoice, ListedInvoice
from fortnox.core.references import sale_reference
from fortnox.core.sie import decode_sie, read_sie, split_lines
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.company import default_company
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.server import start

#: One more than the default company has: the return of 12 % on food is in it.
YEARS = tuple((date(year, 1, 1), date(year, 12, 31)) for year in range(2025, 2029))

#: Account -> öre, debit positive.
Postings = Mapping[int, int]
#: Series, number, Id of the financial year.
VoucherKey = tuple[str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """One company in a sandbox Fortnox."""

    world: World

    def book(self, invoices: Iterable[Invoice]) -> Outcome:
        """Carry the invoices out as the apply task does."""
        client = self.world.client()
        return apply_invoices(client, shop_row(), list(invoices), sleep=lambda _: None)

    def documents(self, order_ids: Iterable[str]) -> dict[str, list[ListedInvoice]]:
        """Documents that are not cancelled, by order id."""
        ids = list(order_ids)
        found = find_by_reference(
            self.world.client(), "demo", [sale_reference("demo", one) for one in ids]
        ).documents
        return {
            order_id: [
                document
                for document in found
                if document.reference == sale_reference("demo", order_id) and not document.cancelled
            ]
            for order_id in ids
        }

    def vouchers(self) -> dict[VoucherKey, list[tuple[int, int]]]:
        """Everything that is booked: the rows of each voucher as (account, öre)."""
        client = self.world.client()
        found: dict[VoucherKey, list[tuple[int, int]]] = {}
        for year in client.list("financialyears", "FinancialYears"):
            year_id = int(year["Id"])
            raw = client.get_bytes("sie/4", financialyear=year_id)
            for row in read_sie(split_lines(decode_sie(raw))).rows:
                voucher = found.setdefault((row.series, row.number, year_id), [])
                voucher.append((row.account, row.amount_ore))
        return found

    def live_documents(self) -> dict[str, ListedInvoice]:
        """Every invoice that is not cancelled, by number."""
        listed = map(parse_listed, self.world.client().list("invoices", "Invoices"))
        return {document.document_number: document for document in listed if not document.cancelled}

    def open_accounts(self, numbers: Iterable[int]) -> None:
        """Accounts that the company uses: activated, or added to the chart of every year."""
        client, wanted = self.world.client(), set(numbers)
        charts: dict[int, set[int]] = {int(one["Id"]): set() for one in self._years()}
        for account in self.world.fortnox.table("accounts").values():
            number, year = int(account["Number"]), int(account["Year"])
            if number in wanted:
                charts[year].add(number)
                if not account["Active"]:
                    path, body = f"accounts/{number}", {"Active": True}
                    client.update(path, "Account", body, financialyear=year)
        for year, known in charts.items():
            for number in wanted - known:
                body = {"Number": number, "Description": f"Konto {number}"}
                client.create("accounts", "Account", body, financialyear=year)

    def _years(self) -> Iterable[Any]:
        return self.world.fortnox.table("financialyears").values()

    def lock_through(self, day: date) -> None:
        """Close the books up to a day."""
        url = f"{self.world.fortnox_url}/_sandbox/locked-period"
        requests.put(url, json={"end_date": day.isoformat()}, timeout=10).raise_for_status()

    def register_payment(self, amount: str, day: str) -> None:
        """A person registers a payment of the only invoice in Fortnox, to the bank."""
        (number,) = self.live_documents()
        client = self.world.client()
        body = {
            "InvoiceNumber": int(number),
            "Amount": Decimal(amount),
            "PaymentDate": day,
            "ModeOfPaymentAccount": 1930,
        }
        made = client.create("invoicepayments", "InvoicePayment", body)
        client.action(f"invoicepayments/{made['Number']}/bookkeep", "InvoicePayment")

    def postings(self, documents: Iterable[ListedInvoice]) -> dict[str, Postings]:
        """What the ledger holds of each document's voucher, by document number."""
        wanted = list(documents)
        amounts: dict[tuple[int, str, int], dict[int, int]] = {}
        for year in {document.voucher_year for document in wanted if document.voucher_year}:
            raw = self.world.client().get_bytes("sie/4", financialyear=year)
            for row in read_sie(split_lines(decode_sie(raw))).rows:
                voucher = amounts.setdefault((year, row.series, row.number), {})
                voucher[row.account] = voucher.get(row.account, 0) + row.amount_ore
        return {
            document.document_number: amounts[
                document.voucher_year, document.voucher_series, document.voucher_number
            ]
            for document in wanted
            if document.voucher_year is not None and document.voucher_number is not None
        }


@contextmanager
def books(*, accounting_method: str = "ACCRUAL", **switches: Any) -> Iterator[Books]:
    """A new company, without rate limit; ``switches`` as of the sandbox Fortnox."""
    company = replace(default_company(), years=YEARS, accounting_method=accounting_method)
    app = create_app(company, switches=Switches(**{"rate_limit": 0, **switches}))
    with start(app) as fortnox:
        world = World(
            fortnox_url=fortnox.url,
            shop_url="",
            fortnox=app.state.fortnox,
            woocommerce=None,
            faults=app.state.faults,
        )
        yield Books(world=world)
