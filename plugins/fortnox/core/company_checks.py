"""What in a company's settings stops or surprises the bookings, from what was read of it. Pure.

Sources: rules of the books 9-18 (voucher series, closed periods, cash method), Skatteverket's
dates for VAT returns (12th of the second month after, 17th in January and August).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fortnox.core.actions import FinancialYear
from fortnox.core.checks import Check, Severity
from fortnox.core.mapping import DocumentTypeRow, Mappings, PayoutRow, ShopRow, SpecialArticleRow
from fortnox.core.money import format_ore
from fortnox.core.open_dates import cash_method_problem, year_of

#: Further off than this a modified window misses or repeats orders.
MAX_SKEW = timedelta(seconds=60)
_KRONA = 100
_VAT_DUE_DAY, _VAT_DUE_DAY_LATE = 12, 17
_VAT_LATE_MONTHS = (1, 8)

#: Every scope that something here makes use of, and what for.
SCOPE_PURPOSES: Mapping[str, str] = {
    "bookkeeping": "financial years, accounts, the ledger (SIE 4), vouchers",
    "companyinformation": "to be sure of the company",
    "customer": "customers found or created",
    "invoice": "invoices and credit invoices",
    "payment": "payments of invoices",
    "settings": "closed periods, terms and modes of payment",
    "order": "sales that are orders in Fortnox",
    "offer": "sales that are offers in Fortnox",
    "inbox": "files of day vouchers and payouts",
    "connectfile": "files of day vouchers and payouts",
    "supplierinvoice": "fees of payouts as supplier invoices",
    "currency": "sales in other currencies",
    "article": "articles that the mapping names, articles and stock",
    "price": "prices of articles",
}
#: Scopes without which nothing is booked.
NEEDED_SCOPES = (
    "bookkeeping",
    "companyinformation",
    "customer",
    "invoice",
    "payment",
    "settings",
)


def wanted_scopes(mappings: Mappings, shop: ShopRow, *, currency: str = "SEK") -> tuple[str, ...]:
    """The scopes that a shop's rows make use of, the needed ones first.

    Args:
        mappings: All valid rows.
        shop: The shop; rows of ``*`` count too.
        currency: What the shop sells in.
    """
    documents = {row.document_type for row in mappings.rows_of(DocumentTypeRow, shop.shop)}
    payouts = _payouts(mappings, shop)
    articles = mappings.rows_of(SpecialArticleRow, shop.shop)
    carried = any(_is_on(mappings, shop, resource) for resource in ("articles", "stock"))
    vouchers = "day_voucher" in documents or bool(payouts)
    used = {
        "order": "order" in documents,
        "offer": "offer" in documents,
        "inbox": vouchers,
        "connectfile": vouchers,
        "supplierinvoice": any(row.fee_as == "supplier_invoice" for row in payouts),
        "currency": currency not in {"", "SEK"},
        "article": carried or any(row.article_number for row in articles),
        "price": carried,
    }
    return (*NEEDED_SCOPES, *(scope for scope, is_used in used.items() if is_used))


def _payouts(mappings: Mappings, shop: ShopRow) -> tuple[PayoutRow, ...]:
    is_on = _is_on(mappings, shop, "payouts")
    return mappings.rows_of(PayoutRow, shop.shop) if is_on else ()


def _is_on(mappings: Mappings, shop: ShopRow, resource: str) -> bool:
    event = mappings.event(shop.shop, resource)
    return event is not None and event.direction != "off"


def closed_check(closed: date | None, shop: ShopRow, *, today: date) -> Check:
    """The locked period, and whether a month whose VAT is filed can still be booked in."""
    if closed is not None and closed >= today:
        return Check(
            what="closed periods",
            severity=Severity.WARNING,
            seen=f"Fortnox has locked everything through {closed}: every sale will be held",
        )
    last = max((day for day in (closed, shop.books_closed_through) if day), default=None)
    filed = last_filed_month_end(today)
    if shop.start_date <= filed and (last is None or last < filed):
        return Check(
            what="closed periods",
            severity=Severity.ADVICE,
            seen=f"closed through {last or 'no day'}; the VAT return of {filed:%Y-%m} was due on "
            f"{_vat_due(filed)} at the latest, and a late sale could still be dated in it",
            remedy=f"when it is filed, write {filed} in books_closed_through of shops.csv or lock "
            "the period in Fortnox",
        )
    return Check(what="closed periods", seen=f"closed through {last or 'no day'}")


def last_filed_month_end(today: date) -> date:
    """The last day of the newest month whose VAT return is due by now.

    By the later of the two dates for those who file each month; quarters and years are filed later.
    """
    end = _month_end_before(_month_end_before(today))
    return end if today > _vat_due(end) else _month_end_before(end)


def _month_end_before(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


def _vat_due(month_end: date) -> date:
    """The 12th of the second month after; the 17th in January and August."""
    following = (month_end + timedelta(days=1)).replace(day=28) + timedelta(days=7)
    late = following.month in _VAT_LATE_MONTHS
    return following.replace(day=_VAT_DUE_DAY_LATE if late else _VAT_DUE_DAY)


def year_checks(
    years: Sequence[FinancialYear], shop: ShopRow, closed: date | None, *, today: date
) -> Iterator[Check]:
    """A financial year for each day that may still be booked, and the accounting method."""
    last = max((day for day in (closed, shop.books_closed_through) if day), default=date.min)
    first_open = max(shop.start_date, last + timedelta(days=1) if last != date.min else last)
    days = sorted({min(first_open, today), today})
    missing = [
        day for day in days if not any(year.from_date <= day <= year.to_date for year in years)
    ]
    if missing:
        yield Check(
            what="financial years",
            severity=Severity.WARNING,
            seen=f"Fortnox has no financial year for {missing[0]}",
            remedy="create the year in Fortnox",
        )
    else:
        yield Check(what="financial years", seen=f"there for {days[0]} and {today}")
    yield _method_check(years, shop, today)


def _method_check(years: Sequence[FinancialYear], shop: ShopRow, today: date) -> Check:
    """The cash method is booked by only where shops.csv says that it is tested (rule 18)."""
    what = "accounting method"
    year = year_of(today, years)
    if year is None or not year.cash_method:
        return Check(what=what, seen="invoicing method")
    if shop.cash_method == "tested":
        return Check(what=what, seen="cash method, tested by shops.csv")
    problem = cash_method_problem(today)
    return Check(what=what, severity=Severity.WARNING, seen=problem.text, remedy=problem.remedy)


@dataclass(frozen=True, slots=True)
class SeenRounding:
    """What one invoice in SEK shows: its total and its rounding row, None if not read."""

    document_number: str
    total_ore: int
    round_off_ore: int | None = None


def rounding_check(invoices: Collection[SeenRounding], *, has_cash_invoices: bool) -> Check:
    """Whether the company rounds invoices to whole kronor; only its documents tell.

    Args:
        invoices: The newest in SEK; rounding read of some.
        has_cash_invoices: The mapping makes cash invoices, which can't be rounded (rule 19).
    """
    what = "whole kronor"
    rounded = next((one for one in invoices if one.round_off_ore), None)
    if rounded is not None:
        off = format_ore(rounded.round_off_ore or 0)
        held = "; cash invoices that it changes are held" if has_cash_invoices else ""
        return Check(
            what=what,
            severity=Severity.WARNING if has_cash_invoices else Severity.ADVICE,
            seen=f"Fortnox rounds totals (invoice {rounded.document_number} by {off}): a paid "
            f"sale leaves that much open{held}",
            remedy="turn rounding off in Fortnox's settings for invoices",
        )
    exact = next((one for one in invoices if one.total_ore % _KRONA), None)
    if exact is not None:
        return Check(what=what, seen=f"not rounded (invoice {exact.document_number} has öre)")
    return Check(what=what, seen="no invoice shows it yet")


def clock_check(what: str, told: datetime | None, now: datetime) -> Check | None:
    """This machine's clock against the other side's; None where that does not tell."""
    if told is None:
        return None
    skew = now - told
    seen = f"{abs(skew).total_seconds():.0f} s {'ahead of' if skew > timedelta(0) else 'behind'} it"
    if abs(skew) <= MAX_SKEW:
        return Check(what=f"clock against {what}", seen=seen)
    return Check(
        what=f"clock against {what}",
        severity=Severity.WARNING,
        seen=f"this machine is {seen}: hourly windows would miss orders",
        remedy="synchronise the clock (NTP)",
    )
