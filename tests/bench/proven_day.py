"""A day of so many booked sales, as ``reconcile`` has read it: for the benches of proof and pages.

One sale is transformed and the others are copies of it under ids of their own, so that making the
day costs little beside what is measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tests.support.builders import DAY, day_window, line, mappings, order, shop_row

from fortnox.core.documents import Invoice, ListedInvoice
from fortnox.core.orders import OrderHead
from fortnox.core.reconcile import reconcile_orders
from fortnox.core.reconcile_ledger import BaseAccounts, expected_amounts, reconcile_ledger
from fortnox.core.reconciled import Evidence
from fortnox.core.references import sale_reference
from fortnox.core.report import Findings, detail_pages, make_report
from fortnox.core.report_bridge import BridgeSource
from fortnox.core.report_frame import Work
from fortnox.core.transform import transform

_YEAR_ID, _SERIES = 2, "B"
_LINES = (
    line("125.00", "25"),
    line("49.90", "12", line_id="2"),
    line("39.00", "6", line_id="3"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRead:
    """What the shop sold, what Fortnox lists, and the amounts of its vouchers."""

    heads: Sequence[OrderHead]
    invoices: Mapping[str, Invoice]
    documents: Sequence[ListedInvoice]
    amounts: Mapping[tuple[int, str, int], Mapping[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The report's summary, and its order rows in pages of 500."""

    summary: Mapping[str, Any]
    pages: Sequence[Sequence[Mapping[str, Any]]]


def read_day(size: int) -> DayRead:
    """So many orders of three lines, each with its booked invoice and voucher."""
    sold = order(*_LINES)
    (wanted,) = transform(
        [sold], (), shop=shop_row(), mappings=mappings(), window=day_window()
    ).invoices
    amounts = expected_amounts(wanted, BaseAccounts(), wanted.currency_rate)
    key = shop_row().reference_key
    ids = [str(1_000_000 + n) for n in range(size)]
    invoices = [
        replace(wanted, order_id=one, order_number=one, reference=sale_reference(key, one))
        for one in ids
    ]
    return DayRead(
        heads=[replace(sold.head, order_id=one, number=one) for one in ids],
        invoices={invoice.reference: invoice for invoice in invoices},
        documents=[_listed(one, number) for number, one in enumerate(invoices, 1)],
        amounts={(_YEAR_ID, _SERIES, number): amounts for number in range(1, size + 1)},
    )


def _listed(invoice: Invoice, number: int) -> ListedInvoice:
    return ListedInvoice(
        document_number=str(number),
        reference=invoice.reference,
        day_reference=invoice.day_reference,
        total_ore=invoice.total_ore,
        balance_ore=0,
        currency=invoice.currency,
        invoice_date=DAY,
        booked=True,
        cancelled=False,
        voucher_series=_SERIES,
        voucher_number=number,
        voucher_year=_YEAR_ID,
    )


def prove(day: DayRead) -> Proof:
    """The proof on three levels and its report, as the task makes them."""
    base = BaseAccounts()
    pairs = [(day.invoices[document.reference], document) for document in day.documents]
    ledger = reconcile_ledger(pairs, day.amounts, base=base)
    orders = reconcile_orders(
        Evidence(
            shop=shop_row(),
            mappings=mappings(),
            window=day_window(),
            heads=day.heads,
            documents=day.documents,
            held=(),
            invoices=day.invoices,
            gross_ore=ledger.gross_ore,
        )
    )
    bridge = BridgeSource(invoices=day.invoices, ledger=ledger, base=base)
    summary = make_report(
        Findings(orders=orders, ledger=ledger, held=(), bridge=bridge),
        shop=shop_row(),
        window=day_window(),
        company_name="Handel AB",
        made_at=datetime(2026, 5, 5, tzinfo=UTC),
        work=Work(),
    )
    return Proof(summary=summary, pages=detail_pages(orders, bridge))
