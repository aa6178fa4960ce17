"""Which payouts become vouchers, which wait, and what a person is asked."""

from datetime import date

from tests.support.builders import mappings, shop_row
from tests.support.payouts import DAY, line, payout

from fortnox.core.payout_plan import plan_payouts, wanted_payouts
from fortnox.core.payouts import SettlementReports, Unreadable
from fortnox.core.vouchers import ListedVoucher

SHOP = shop_row()
PAYOUT = payout(line(10_000))
WANTED = wanted_payouts(SettlementReports(payouts=(PAYOUT,)), mappings(), SHOP)
MARK = "demo:payout:stripe:po_1"
LISTED = ListedVoucher(year=2, series="A", number=7, day=DAY, marks=frozenset({MARK}))


def test_a_payout_becomes_a_voucher() -> None:
    """The standard mapping knows the usual providers."""
    (one,) = WANTED.wanted
    assert one.voucher.mark == MARK
    assert one.voucher.sums == {1686: -10_000, 1930: 10_000}
    assert WANTED.held == ()


def test_unknown_provider_and_unreadable_report_are_held() -> None:
    """Money from a provider that nobody mapped would be booked nowhere without a word."""
    reports = SettlementReports(
        payouts=(payout(line(1), provider="adyen"),),
        unreadable=(Unreadable(source="x.csv", reason="no header"),),
    )
    wanted = wanted_payouts(reports, mappings(), SHOP)
    assert wanted.wanted == ()
    assert [item.code for item in wanted.held] == ["payout_report_unreadable", "unmapped_provider"]


def test_payouts_before_the_start_date_are_another_systems() -> None:
    """They would be booked a second time after the cut-over."""
    early = SettlementReports(payouts=(payout(line(1), day=date(2024, 12, 31)),))
    wanted = wanted_payouts(early, mappings(), SHOP)
    assert wanted.wanted == wanted.held == ()
    assert "1 payouts lie before start_date" in wanted.notes[0]


def test_what_is_there_already_is_not_made_again() -> None:
    """A second run would double the bank's money."""
    plan = plan_payouts(WANTED.wanted, {MARK: (LISTED,)}, None, SHOP)
    assert plan.create == ()
    assert plan.unchanged == 1


def test_closed_period_holds_or_asks() -> None:
    """Closed is closed: held, or dated the first open day after somebody approved."""
    plan = plan_payouts(WANTED.wanted, {}, DAY, SHOP)
    assert [item.code for item in plan.held] == ["period_closed"]
    late = plan_payouts(WANTED.wanted, {}, DAY, shop_row(late_policy="first_open_day"))
    assert [voucher.day for voucher in late.create] == [date(2026, 5, 20)]
    assert late.approval_reasons == ("1 vouchers of a closed period, dated the first open day",)


def test_thresholds_ask_a_person() -> None:
    """A folder full of old reports would be booked before anybody looked."""
    shop = shop_row(approve_documents_over=0, approve_total_over_ore=5_000)
    plan = plan_payouts(WANTED.wanted, {}, None, shop)
    assert plan.approval_reasons == (
        "1 new vouchers of payouts, more than 0",
        "100.00 in new vouchers of payouts, more than 50.00",
    )
