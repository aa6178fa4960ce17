"""Closed is closed: the date that a document may have (rules of the books 17). Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from fortnox.core.actions import FinancialYear, Snapshot
from fortnox.core.documents import Held, Invoice, Sending
from fortnox.core.mapping import ShopRow
from fortnox.core.orders import Problem


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
    return _in_its_year(dated, snapshot, shop)


def year_of(day: date, years: Iterable[FinancialYear]) -> FinancialYear | None:
    """The financial year of a day."""
    return next((year for year in years if year.from_date <= day <= year.to_date), None)


def cash_method_problem(day: date) -> Problem:
    """The company books by payments that year, and shops.csv does not say that this is tested."""
    return Problem(
        code="cash_method",
        text=f"the company uses the cash method (kontantmetoden) in the year of {day}",
        remedy="Prove it in a Fortnox test company and set cash_method to tested in shops.csv; or "
        "book by hand, or change the company's method at the turn of the year.",
    )


def by_method(invoice: Invoice, years: Iterable[FinancialYear], shop: ShopRow) -> Invoice:
    """The invoice as its year's accounting method has it (rule 18).

    Under the cash method an invoice is made and marked as sent, and its payment posts the sale. A
    cash invoice is paid when it is booked, so it is the same under both.
    """
    year = year_of(invoice.invoice_date, years)
    is_posted = invoice.bookkeep and invoice.invoice_type == "INVOICE"
    if year is None or not year.cash_method or shop.cash_method != "tested" or not is_posted:
        return invoice
    send: Sending = "mark" if invoice.send == "no" else invoice.send
    return replace(invoice, posted_when_paid=True, send=send)


def _in_its_year(invoice: Invoice, snapshot: Snapshot, shop: ShopRow) -> Invoice | Held:
    """There must be a financial year for the date, and its method must be one that we book by."""
    day = invoice.invoice_date
    year = year_of(day, snapshot.years)
    if year is None:
        return invoice.held(
            "no_financial_year",
            f"Fortnox has no financial year for {day}",
            "Create the financial year in Fortnox, then run the day again.",
        )
    if year.cash_method and shop.cash_method != "tested":
        problem = cash_method_problem(day)
        return invoice.held(problem.code, problem.text, problem.remedy)
    return invoice
