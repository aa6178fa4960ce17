"""A small day brought into the sandbox Fortnox, whatever happens on the way; and its books."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.builders import buyer, day_window, line, mappings, order, shop_row
from tests.support.worlds import World

from fortnox.api.apply import Outcome, apply_invoices
from fortnox.api.client import FortnoxClient
from fortnox.api.limiter import Pacer
from fortnox.core.documents import Invoice
from fortnox.core.errors import PipelineError
from fortnox.core.transform import transform
from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.control import Control
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.server import start

MAPPINGS = mappings()
TIMEOUT_S = 0.25
#: Open questions about companies on the cash method only.
OF_CASH_METHOD = ("cash_payable", "cash_bookkeep", "cash_paid_is_booked")

Json = dict[str, Any]
_DEBT = ("SupplierNumber", "InvoiceNumber", "InvoiceDate", "Total", "Booked", "Balance")
_PAID = ("Amount", "PaymentDate", "ModeOfPayment")


def small_day(count: int = 6, *, first: int = 1101) -> tuple[Invoice, ...]:
    """Orders of 4 May 2026: mixed VAT, several by one guest, one by a customer with an account."""
    buyers = (
        buyer(email="ada@example.com"),
        buyer(email="ada@example.com"),
        buyer(email="bo@example.com"),
        buyer(email="cy@example.com", customer_id="3"),
    )
    orders = [
        order(
            line("33.33", "25", line_id="1", quantity="3" if index % 3 == 0 else "1"),
            line("112.00", "12", line_id="2", sku="TE", name="Te"),
            line("49.90", "25", line_id="3", sku="MUGG-2"),
            order_id=str(first + index),
            buyer=buyers[index % len(buyers)],
        )
        for index in range(count)
    ]
    wanted = transform(orders, (), shop=shop_row(), mappings=MAPPINGS, window=day_window())
    assert wanted.held == ()
    return wanted.invoices


YESTERDAY = small_day(2, first=1091)
#: Four orders by ada, who bought yesterday too, and two by new customers.
TODAY = small_day()


@dataclass(frozen=True, slots=True, kw_only=True)
class Company(World):
    """A sandbox Fortnox without a shop; ``control`` is what a person does there by hand."""

    control_room: Control

    def by_hand(self, method: str, path: str, body: Json | None = None) -> Json:
        """Somebody does this in Fortnox."""
        answer = self.control_room.act(method, path, body)
        assert answer.status < 300, answer.body
        return dict(answer.body or {})


@contextmanager
def a_company(*, known: bool = True, **switches: Any) -> Iterator[Company]:
    """A sandbox Fortnox; ``known``: the shop has documents and two customers there already."""
    app = create_app(switches=Switches(**{"rate_limit": 0, **switches}))
    with start(app) as server:
        made = Company(
            fortnox_url=server.url,
            shop_url="",
            fortnox=app.state.fortnox,
            woocommerce=None,
            faults=app.state.faults,
            control_room=app.state.control,
        )
        if known:
            run(made, YESTERDAY)
            made.faults.forget_requests()
        yield made


def at_url(url: str) -> World:
    """Somebody else's sandbox Fortnox, for a process of its own."""
    return World(fortnox_url=url, shop_url="", fortnox=None, woocommerce=None, faults=None)


def run(
    company: Company, invoices: Sequence[Invoice] = TODAY, *, shop: Any = None, **changed: Any
) -> Outcome:
    """One apply, without waiting for anything but the network."""
    return apply_invoices(
        quick_client(company, **changed), shop or shop_row(), invoices, sleep=lambda _: None
    )


def run_until_done(
    company: Company, invoices: Sequence[Invoice] = TODAY, tries: int = 3, **options: Any
) -> Outcome:
    """Apply as the scheduler does: again after an error; options are those of ``run``."""
    for _ in range(tries - 1):
        try:
            return run(company, invoices, **options)
        except PipelineError:
            continue
    return run(company, invoices, **options)


def quick_client(company: Company, **changed: Any) -> FortnoxClient:
    """A client that gives up after parts of a second, and waits for nothing in between."""
    ticking = iter(range(0, 10**9, 5))
    values: dict[str, Any] = {
        "timeout_s": (TIMEOUT_S, TIMEOUT_S),
        "clock": lambda: float(next(ticking)),
        "pacer": Pacer(per_window=10_000, sleep=lambda _: None, clock=lambda: float(next(ticking))),
    }
    return company.client(**{**values, **changed})


@dataclass(frozen=True, kw_only=True)
class Books:
    """What an accountant sees, without the numbers that differ from try to try."""

    documents: tuple[str, ...]
    vouchers: tuple[str, ...]
    balances: tuple[tuple[int, str], ...]
    customers: tuple[str, ...]
    payments: tuple[str, ...]
    #: Orders and offers.
    orders: tuple[str, ...]
    #: Manual vouchers that have a file.
    files: tuple[str, ...]
    #: Living supplier invoices, and the payments of them that are bookkept.
    payables: tuple[str, ...]
    #: With their prices, whenever those were set.
    articles: tuple[str, ...]
    unbooked: int


def books(company: Company) -> Books:
    """The sandbox's books; cancelled documents are left out, they have no effect."""
    store = company.fortnox
    with store.lock:
        invoices = [dict(one) for one in store.table("invoices").values() if not one["Cancelled"]]
        vouchers = list(store.table("vouchers").values())
        customers = list(store.table("customers").values())
        payments = list(store.table("invoicepayments").values())
        orders = [dict(one) for one in store.table("orders").values() if not one["Cancelled"]]
        offers = [dict(one) for one in store.table("offers").values() if not one["Cancelled"]]
        connected = list(store.table("voucherfileconnections").values())
        debts = [one for one in store.table("supplierinvoices").values() if not one["Cancelled"]]
        paying = list(store.table("supplierinvoicepayments").values())
        articles = list(store.table("articles").values())
        prices = [{**one, "Date": ""} for one in store.table("prices").values()]
    documents = {one["DocumentNumber"]: one["ExternalInvoiceReference1"] for one in invoices}
    references = {("INVOICE", number): text for number, text in documents.items()}
    references |= {("CASHINVOICE", number): text for number, text in documents.items()}
    references |= {
        ("INVOICEPAYMENT", one["Number"]): documents[str(one["InvoiceNumber"])] for one in payments
    }
    # A voucher of our own has no reference but its mark.
    marks = {
        (one["VoucherSeries"], str(one["VoucherNumber"])): one["Description"] for one in vouchers
    }
    balances: dict[int, Any] = {}
    for voucher in vouchers:
        for row in voucher["VoucherRows"]:
            balances[row["Account"]] = (
                balances.get(row["Account"], 0) + row["Debit"] - row["Credit"]
            )
    return Books(
        documents=tuple(sorted(_text(_document(one)) for one in invoices)),
        vouchers=tuple(sorted(_text(_voucher(one, references)) for one in vouchers)),
        balances=tuple(sorted((account, str(amount)) for account, amount in balances.items())),
        customers=tuple(sorted(_text(one) for one in customers)),
        payments=tuple(sorted(_text(_payment(one, documents)) for one in payments)),
        orders=tuple(sorted(_text(_order(one)) for one in (*orders, *offers))),
        files=tuple(
            sorted(marks[one["VoucherSeries"], str(one["VoucherNumber"])] for one in connected)
        ),
        payables=tuple(
            sorted(
                [_text({name: one[name] for name in _DEBT}) for one in debts]
                + [_text({name: one[name] for name in _PAID}) for one in paying if one["Booked"]]
            )
        ),
        articles=tuple(sorted(_text(one) for one in (*articles, *prices))),
        unbooked=sum(1 for one in (*invoices, *payments, *paying) if not one["Booked"]),
    )


def _document(invoice: Json) -> Json:
    numbered = ("DocumentNumber", "OCR", "VoucherNumber", "InvoiceRows", "OrderReference")
    rows = [{k: v for k, v in row.items() if k != "RowId"} for row in invoice["InvoiceRows"]]
    return {k: v for k, v in invoice.items() if k not in numbered} | {"InvoiceRows": rows}


def _order(order: Json) -> Json:
    """Whether it is invoiced counts, and not which number its invoice got."""
    name = "OrderRows" if "OrderRows" in order else "OfferRows"
    rows = [{k: v for k, v in row.items() if k != "RowId"} for row in order[name]]
    kept = {k: v for k, v in order.items() if k not in ("DocumentNumber", "EmailInformation")}
    return kept | {"InvoiceReference": order["InvoiceReference"] != "0", name: rows}


def _payment(payment: Json, documents: dict[str, str]) -> Json:
    kept = ("Amount", "Booked", "PaymentDate", "ModeOfPaymentAccount", "WriteOffs")
    of = documents[str(payment["InvoiceNumber"])]
    return {"of": of, **{name: payment[name] for name in kept}}


def _voucher(voucher: Json, references: dict[tuple[str, str], str]) -> Json:
    return {
        "date": voucher["TransactionDate"],
        "of": references.get(
            (voucher["ReferenceType"], voucher["ReferenceNumber"]),
            # That of a supplier invoice names its number.
            re.sub(r" \(\d+\)$", "", voucher["Description"]),
        ),
        "rows": [(row["Account"], row["Debit"], row["Credit"]) for row in voucher["VoucherRows"]],
    }


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def restore(company: Company, saved: dict[str, dict[str, Any]]) -> None:
    """Bring the company back to :func:`saved_state`, and forget faults and the log."""
    store = company.fortnox
    with store.lock:
        for name, rows in saved.items():
            store.table(name)._rows = dict(rows)
    company.faults.clear()
    company.faults.forget_requests()


def saved_state(company: Company) -> dict[str, dict[str, Any]]:
    """The company as it is; objects in tables are never changed in place."""
    store = company.fortnox
    with store.lock:
        return {name: dict(table._rows) for name, table in store._tables.items()}


def fault(company: Company, nth: int, kind: str, **values: Any) -> None:
    """The n-th request to the API (or to ``path``) from now on is hit."""
    company.faults.add(FaultRule(kind=kind, nth=nth, **{"path": "/3/", **values}))  # type: ignore[arg-type]


def api_requests(company: Company) -> list[Any]:
    """The API requests since the log was emptied."""
    return [one for one in company.faults.requests() if one.path.startswith("/3/")]


def writes(company: Company) -> list[str]:
    """The requests that write, as ``POST /3/invoices``."""
    return [f"{one.method} {one.path}" for one in api_requests(company) if one.method != "GET"]


def wait_for(condition: Any, seconds: float = 5.0) -> None:
    """Until something that another thread or process does has happened."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
