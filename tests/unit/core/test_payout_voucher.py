"""One balanced voucher per payout: bank, fees with their VAT, clearing account."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import shop_row
from tests.support.payouts import DAY, KLARNA, OWN, STRIPE, line, one_payout, payout, payout_row

from fortnox.core.documents import Held
from fortnox.core.mapping import PayoutRow
from fortnox.core.payout_voucher import line_list, on_open_day, payout_voucher
from fortnox.core.payouts import FeeVat, Payout
from fortnox.core.vouchers import Voucher

SHOP = shop_row()


def voucher(of: Payout, row: PayoutRow | None = None) -> Voucher:
    """The voucher, which must be made."""
    made = payout_voucher(of, row or payout_row(), SHOP)
    assert isinstance(made, Voucher), made
    return made


def held(of: Payout, **changed: object) -> Held:
    """Why it is not made."""
    made = payout_voucher(of, payout_row(**changed), SHOP)
    assert isinstance(made, Held)
    return made


def test_exempt_fee() -> None:
    """AC-53: the acquirer's fee carries no VAT, whatever country it comes from."""
    assert voucher(one_payout(STRIPE)).sums == {1686: -250_000, 1930: 243_750, 6570: 6_250}


def test_swedish_vat_as_the_report_states_it() -> None:
    """AC-55: sales minus returns leave the clearing account; the VAT on the fee is deducted."""
    sums = voucher(one_payout(KLARNA)).sums
    assert sums == {1686: -360_000, 1930: 347_500, 2641: 2_500, 6570: 10_000}


def test_three_kinds_of_fees_in_one_payout() -> None:
    """One report can hold exempt, reverse charged and Swedish fees; each has its accounts."""
    assert voucher(one_payout(OWN)).sums == {
        1686: -250_000,
        1930: 238_750,
        2614: -1_000,
        2641: 200,
        2645: 1_000,
        4535: 4_000,
        6570: 7_050,
    }


def test_what_the_report_does_not_say_payouts_csv_decides() -> None:
    """Nothing may be booked on a default that nobody chose."""
    subscription = payout(line(10_000), line(-800, "service_fee", "2"))
    reverse = voucher(subscription, payout_row(service_fee_vat="reverse_charge")).sums
    assert reverse == {1686: -10_000, 1930: 9_200, 2614: -200, 2645: 200, 4535: 800}
    waiting = held(subscription)
    assert waiting.code == "payout_fee_vat_unknown"
    assert "line 2" in waiting.reason


def test_reserve_stays_on_the_clearing_account() -> None:
    """What the provider holds back is still the shop's money."""
    kept = payout(line(100_000), line(-5_000, "fee", "2"), line(-10_000, "reserve", "3"))
    assert voucher(kept).sums == {1686: -90_000, 1930: 85_000, 6570: 5_000}


def test_more_refunds_than_sales() -> None:
    """A provider that takes money from the bank turns the sides around."""
    taken = payout(line(10_000), line(-25_000, "refund", "2"), line(-500, "fee", "3"))
    assert voucher(taken).sums == {1686: 15_000, 1930: -15_500, 6570: 500}


def test_fee_as_supplier_invoice_leaves_the_fee_to_it() -> None:
    """The fee would be booked twice: in the voucher and as a supplier invoice."""
    row = payout_row(fee_as="supplier_invoice", supplier_number="7")
    assert voucher(one_payout(STRIPE), row).sums == {1686: -243_750, 1930: 243_750}


def test_nothing_paid_and_no_fee_is_nothing() -> None:
    """A PayPal day without withdrawal and fee would ask for an empty voucher."""
    assert payout_voucher(payout(line(500), line(-500, "reserve", "2")), payout_row(), SHOP) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"net_ore": 1}, "payout_does_not_add_up"),
        ({"currency": "EUR"}, "payout_foreign_currency"),
        ({"payout_id": "po:1"}, "payout_does_not_add_up"),
    ],
)
def test_what_is_not_certain_is_held(changed: dict[str, object], code: str) -> None:
    """A wrong amount on the bank account is found at the year's end, by the auditor."""
    assert held(payout(line(10_000), **changed)).code == code


def test_without_a_series_nothing_is_booked() -> None:
    """Fortnox refuses series that are not manual; nobody may guess one."""
    made = payout_voucher(payout(line(1)), payout_row(), shop_row(voucher_series=""))
    assert isinstance(made, Held)
    assert made.code == "no_voucher_series"


def test_mark_stands_in_description_and_comments() -> None:
    """The next run would not find the voucher, and book the payout again."""
    made = voucher(one_payout(STRIPE))
    assert made.mark == "demo:payout:stripe:po_1A"
    assert made.description.startswith("(demo:payout:stripe:po_1A) ")
    assert "(demo:payout:stripe:po_1A)" in made.comments


def test_closed_period() -> None:
    """A voucher would be dated into a month whose VAT is filed."""
    made = voucher(one_payout(STRIPE))
    late = on_open_day(made, DAY, shop_row(late_policy="first_open_day"))
    assert isinstance(late, Voucher)
    assert late.day == DAY.replace(day=20)
    assert "2026-05-19" in late.description
    assert isinstance(on_open_day(made, DAY, SHOP), str)
    assert on_open_day(made, DAY.replace(day=18), SHOP) == made


def test_the_file_lists_every_line() -> None:
    """The voucher's file is the underlying document: it must add up to the payout."""
    text = line_list(one_payout(OWN)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    *lines, total = rows
    sums = sum(round(float(row["amount"]) * 100 + float(row["vat"]) * 100) for row in lines)
    assert sums == round(float(total["amount"]) * 100) == 238_750


AMOUNTS = st.integers(min_value=-10_000_000, max_value=10_000_000)


@given(
    sale=AMOUNTS,
    fees=st.lists(st.tuples(AMOUNTS, st.sampled_from(FeeVat), st.integers(0, 1000)), max_size=5),
)
def test_every_voucher_balances(sale: int, fees: list[tuple[int, FeeVat, int]]) -> None:
    """Fortnox refuses what does not balance, and an öre off would be off for ever."""
    lines = [line(sale)]
    for number, (ore, vat, vat_ore) in enumerate(fees, start=2):
        stated = vat_ore if vat is FeeVat.SWEDISH else 0
        lines.append(line(ore, "fee", str(number), vat=vat, vat_ore=stated))
    of = payout(*lines)
    made = payout_voucher(of, payout_row(), SHOP)
    if isinstance(made, Voucher):
        assert sum(made.sums.values()) == 0
        assert made.sums.get(1930, 0) == of.net_ore
        assert made.sums.get(1686, 0) == -of.clearing_ore
