"""Arithmetic of documents: Skatteverket's rounding, discounts, and sums that always hold."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.sandbox.fortnox.documents import Line, line_total, luhn_digit, totals

VAT_ACCOUNT = {25: 2611, 12: 2621, 6: 2631, 0: 0}


def _line(total_ore: int, rate_pct: int, account: int = 3001) -> Line:
    return Line(
        account=account, rate_pct=rate_pct, vat_account=VAT_ACCOUNT[rate_pct], total_ore=total_ore
    )


def test_three_rows_of_33_33_differ_by_row_and_by_rate() -> None:
    """VAT by row is 20.01, by rate 20.00: the switch must be visible in the books."""
    lines = [_line(3333, 25)] * 3
    assert totals(lines, vat_included=True, vat_rounding="rate").vat_ore == 2000
    assert totals(lines, vat_included=True, vat_rounding="row").vat_ore == 2001


def test_skatteverkets_own_example() -> None:
    """4467.75 at 25 % is 1116.94 VAT, and 5584.69 is rounded to 5585 with 0.31 on 3740."""
    lines = [_line(350000, 25), _line(72000, 25, 3041), _line(24775, 25, 3041)]
    result = totals(lines, vat_included=False, krona_rounding=True)
    assert (result.vat_ore, result.round_off_ore, result.total_ore) == (111694, 31, 558500)
    assert result.net_by_account == {3001: 350000, 3041: 96775}


def test_half_a_krona_rounds_away_from_zero() -> None:
    """199.50 becomes 200 and its credit -200, so that both cancel out."""
    for sign in (1, -1):
        result = totals([_line(sign * 19950, 25)], vat_included=True, krona_rounding=True)
        assert result.total_ore == sign * 20000
        assert result.vat_ore == sign * 3990


def test_freight_shares_the_rates_vat() -> None:
    """500 + 59 + 29 incl. 25 %: 400, 47.20, 23.20 and 117.60 VAT, each to the öre."""
    lines = [_line(50000, 25), _line(5900, 25, 3520), _line(2900, 25, 3540)]
    result = totals(lines, vat_included=True)
    assert result.net_by_account == {3001: 40000, 3520: 4720, 3540: 2320}
    assert result.vat_ore == 11760


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "kind", "total_ore"),
    [
        ("3", "33.33", "0", "PERCENT", 9999),
        ("1", "79.992", "0", "PERCENT", 7999),
        ("2", "100", "15", "PERCENT", 17000),
        ("2", "100", "15", "AMOUNT", 18500),
        ("-1", "100", "10", "PERCENT", -9000),
        ("0", "100", "10", "AMOUNT", 0),
        ("1.125", "1", "0", "PERCENT", 113),
    ],
)
def test_row_totals(quantity: str, price: str, discount: str, kind: str, total_ore: int) -> None:
    """Price and quantity are rounded before they are multiplied; the discount comes after."""
    got, _ = line_total(Decimal(quantity), Decimal(price), Decimal(discount), kind)
    assert got == total_ore


LINES = st.lists(
    st.builds(
        _line,
        st.integers(-(10**8), 10**8),
        st.sampled_from([25, 12, 6, 0]),
        st.sampled_from([3001, 3002, 3041, 3520]),
    ),
    max_size=12,
)


@given(LINES, st.booleans(), st.sampled_from(["rate", "row"]), st.booleans())
def test_the_parts_of_a_document_always_sum_to_its_total(lines, included, by, krona) -> None:
    """No öre may appear or vanish between rows, accounts, VAT and total."""
    result = totals(lines, vat_included=included, vat_rounding=by, krona_rounding=krona)
    assert sum(result.net_by_account.values()) == result.net_ore
    assert sum(result.vat_by_account.values()) == result.vat_ore
    assert result.net_ore + result.vat_ore + result.round_off_ore == result.total_ore
    rows = sum(line.total_ore for line in lines)
    assert (rows == result.net_ore + result.vat_ore) if included else (rows == result.net_ore)
    assert abs(result.round_off_ore) <= 50


@given(LINES)
def test_a_credit_is_the_exact_mirror_of_its_sale(lines) -> None:
    """Refunding everything must leave nothing on any account."""
    mirror = [_line(-one.total_ore, one.rate_pct, one.account) for one in lines]
    sale, credit = (totals(rows, vat_included=True) for rows in (lines, mirror))
    assert sale.total_ore == -credit.total_ore
    assert sale.vat_ore == -credit.vat_ore
    assert {a: -o for a, o in credit.net_by_account.items()} == sale.net_by_account


@given(st.integers(1, 10**12))
def test_luhn_digits_check_out(number: int) -> None:
    """An OCR that fails the bank's check would be refused at payment."""
    digits = str(number) + luhn_digit(str(number))
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    assert total % 10 == 0
