"""What preflight makes of a company's settings, without asking anybody."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import mappings, shop_row

from fortnox.core.actions import FinancialYear
from fortnox.core.checks import Severity
from fortnox.core.company_checks import (
    SeenRounding,
    clock_check,
    closed_check,
    last_filed_month_end,
    rounding_check,
    wanted_scopes,
    year_checks,
)

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def year(number: int, **changed: Any) -> FinancialYear:
    """A calendar year."""
    values: dict[str, Any] = {
        "year_id": number,
        "from_date": date(number, 1, 1),
        "to_date": date(number, 12, 31),
    }
    return FinancialYear(**(values | changed))


@pytest.mark.parametrize(
    ("today", "filed"),
    [
        # September is due on 12 November; June and November on the 17th of August and January.
        (date(2026, 11, 12), date(2026, 8, 31)),
        (date(2026, 11, 13), date(2026, 9, 30)),
        (date(2026, 8, 17), date(2026, 5, 31)),
        (date(2026, 8, 18), date(2026, 6, 30)),
        (date(2027, 1, 17), date(2026, 10, 31)),
        (date(2027, 1, 18), date(2026, 11, 30)),
        (date(2026, 2, 13), date(2025, 12, 31)),
        (date(2026, 3, 1), date(2025, 12, 31)),
    ],
)
def test_the_last_filed_month_follows_the_dates_of_the_tax_agency(today: date, filed: date) -> None:
    """The accountant would be told to close a month that is not filed yet."""
    assert last_filed_month_end(today) == filed


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_filed_month_is_whole_and_at_least_a_month_old(today: date) -> None:
    """A suggestion in the middle of a month would lock sales that are still to come."""
    filed = last_filed_month_end(today)
    assert (filed + timedelta(days=1)).day == 1
    assert timedelta(days=31) < today - filed < timedelta(days=110)


def test_a_filed_month_that_is_open_is_advice_and_names_the_day_to_write() -> None:
    """A late sale would change a VAT return that is sent."""
    check = closed_check(None, shop_row(), today=TODAY)

    assert check.severity is Severity.ADVICE
    assert "write 2026-09-30 in books_closed_through" in check.remedy
    assert not check.fails


@pytest.mark.parametrize(
    ("locked", "column"), [(date(2026, 9, 30), None), (None, date(2026, 10, 31))]
)
def test_a_filed_month_that_is_closed_is_well(locked: date | None, column: date | None) -> None:
    """Advice that was followed would be given for ever."""
    shop = shop_row(books_closed_through=column)
    assert closed_check(locked, shop, today=TODAY).severity is Severity.OK


def test_books_locked_through_today_hold_every_sale() -> None:
    """Every sale would be held, and nobody would connect it with the lock."""
    assert closed_check(TODAY, shop_row(), today=TODAY).fails


def test_a_year_without_a_gap_and_the_method_are_named() -> None:
    """Nobody would see which method the company is booked by."""
    checks = list(year_checks([year(2025), year(2026)], shop_row(), None, today=TODAY))
    assert [check.severity for check in checks] == [Severity.OK, Severity.OK]
    assert checks[1].seen == "invoicing method"


def test_a_missing_year_of_the_first_open_day_is_told() -> None:
    """The catch-up from the start date would hold every sale of the old year."""
    shop = shop_row(start_date=date(2025, 12, 1))
    check, _method = year_checks([year(2026)], shop, None, today=TODAY)
    assert check.seen == "Fortnox has no financial year for 2025-12-01"
    closed = year_checks([year(2026)], shop, date(2025, 12, 31), today=TODAY)
    assert next(iter(closed)).severity is Severity.OK


def test_the_cash_method_of_this_year_is_told() -> None:
    """Sales would be held one by one without a word on the cause."""
    years = [year(2025, cash_method=True), year(2026)]
    assert not any(check.fails for check in year_checks(years, shop_row(), None, today=TODAY))
    years = [year(2026, cash_method=True)]
    assert any(
        "kontantmetoden" in c.seen for c in year_checks(years, shop_row(), None, today=TODAY)
    )
    tested = shop_row(cash_method="tested")
    checks = {check.what: check for check in year_checks(years, tested, None, today=TODAY)}
    assert checks["accounting method"].severity is Severity.OK


@pytest.mark.parametrize(
    ("invoices", "cash", "severity"),
    [
        ([], False, Severity.OK),
        ([SeenRounding("1", 10000, 0)], True, Severity.OK),
        ([SeenRounding("1", 10050)], True, Severity.OK),
        ([SeenRounding("1", 10000, 0), SeenRounding("2", 10000, -40)], False, Severity.ADVICE),
        ([SeenRounding("2", 10000, 40)], True, Severity.WARNING),
    ],
)
def test_whole_kronor_are_found_out_by_what_documents_show(
    invoices: list[SeenRounding], cash: bool, severity: Severity
) -> None:
    """No setting tells it: paid sales would stay open by some öre, cash invoices be held."""
    assert rounding_check(invoices, has_cash_invoices=cash).severity is severity


@pytest.mark.parametrize(("seconds", "fails"), [(0, False), (60, False), (61, True), (-90, True)])
def test_a_clock_that_is_off_is_told(seconds: int, fails: bool) -> None:
    """An hourly window would end before orders that the shop has already."""
    check = clock_check("the shop", NOW - timedelta(seconds=seconds), NOW)
    assert check is not None
    assert check.fails is fails
    assert clock_check("the shop", None, NOW) is None


def test_scopes_follow_what_the_rows_use() -> None:
    """The consent would ask for rights that nothing uses, or lack one that a payout needs."""
    plain = mappings(events="shop,resource,direction,schedule\ndemo,orders,export,daily\n")
    assert wanted_scopes(plain, shop_row()) == (
        "bookkeeping", "companyinformation", "customer", "invoice", "payment", "settings",
    )  # fmt: skip
    more = mappings(
        events="shop,resource,direction,schedule\ndemo,orders,export,daily\n"
        "demo,payouts,export,daily\ndemo,articles,export,daily\n"
    )
    assert set(wanted_scopes(more, shop_row(), currency="EUR")) >= {
        "inbox", "connectfile", "article", "price", "currency",
    }  # fmt: skip
