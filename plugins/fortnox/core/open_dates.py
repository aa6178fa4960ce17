"""Closed is closed: the date that a document may have (rules of the books 17). Pure."""

from dataclasses import replace
from datetime import date, timedelta

from fortnox.core.actions import Snapshot
from fortnox.core.documents import Held, Invoice
from fortnox.core.mapping import ShopRow


def closed_through(snapshot: Snapshot, shop: ShopRow) -> date | None:
    """The last closed day, by Fortnox's lock or by shops.csv; None when nothing is closed."""
    return max(filter(None, (snapshot.closed_through, shop.books_closed_through)), default=None)


def open_date(invoice: Invoice, snapshot: Snapshot, shop: ShopRow) -> Invoice | Held:
    """The invoice with a date that is open, by ``late_policy``; closed is closed (rule 17)."""
    day = invoice.accounting_day
    closed = closed_through(snapshot, shop)
    dated = invoice
    if closed is not None and day <= closed:
        if shop.late_policy == "hold":
            return invoice.held(
                "period_closed",
                f"{day} lies in a period that is closed through {closed}",
                "Ask the accountant; then open the period, or set late_policy to first_open_day.",
            )
        dated = replace(
            invoice,
            invoice_date=closed + timedelta(days=1),
            comment=f"Sen bokning, affärshändelse {day.isoformat()}",
        )
    return _in_its_year(dated, snapshot)


def _in_its_year(invoice: Invoice, snapshot: Snapshot) -> Invoice | Held:
    """There must be a financial year for the date, and its method must be ours."""
    day = invoice.invoice_date
    year = next((year for year in snapshot.years if year.from_date <= day <= year.to_date), None)
    if year is None:
        return invoice.held(
            "no_financial_year",
            f"Fortnox has no financial year for {day}",
            "Create the financial year in Fortnox, then run the day again.",
        )
    if year.cash_method:
        return invoice.held(
            "cash_method",
            f"the company uses the cash method (kontantmetoden) in the year of {day}",
            "This version books by the invoice method; book by hand, or change the company's "
            "method at the turn of the year.",
        )
    return invoice
