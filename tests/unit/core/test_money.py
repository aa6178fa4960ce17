"""Money: nothing lost, nothing invented, halves go up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.core.money import (
    decimal_to_ore,
    format_ore,
    ore_to_decimal,
    parse_ore,
    split,
    vat_of_gross,
)

ORE = st.integers(min_value=-(10**14), max_value=10**14)


@given(ORE)
def test_text_and_back(ore):
    """An amount that is written and read again must be the same to the öre."""
    assert parse_ore(format_ore(ore)) == ore
    assert decimal_to_ore(ore_to_decimal(ore)) == ore


@pytest.mark.parametrize("text", ["", "-", "1,50", "1.005", "NaN", "Infinity", "12 kr", "1e999999"])
def test_not_an_amount(text):
    """A shop's '-' for a missing refund total must never become zero."""
    with pytest.raises(ValueError, match=r"amount|finer"):
        parse_ore(text)


@pytest.mark.parametrize(
    ("gross_ore", "rate", "vat_ore"),
    [
        (9999, "25", 2000),  # AC-03: 99.99 / 5 = 19.998
        (10094, "12", 1082),  # AC-06: half up, where WooCommerce says 10.81
        (5600, "6", 317),  # AC-13: 56 * 6 / 106 = 3.1698
        (-5600, "6", -317),
        (0, "25", 0),
    ],
)
def test_vat_of_gross(gross_ore, rate, vat_ore):
    """VAT is rounded half up to the öre (Skatteverket, dnr 8-19049)."""
    assert vat_of_gross(gross_ore, Decimal(rate)) == vat_ore


@given(ORE, st.sampled_from(["0", "2.1", "6", "12", "13.5", "19", "25", "25.5"]))
def test_vat_of_gross_is_exact(gross_ore, rate):
    """Not an öre may hang on the digits of a division: VAT is the nearest one, halves away."""
    share = Fraction(rate) / (100 + Fraction(rate))
    exact = abs(gross_ore) * share
    assert abs(vat_of_gross(gross_ore, Decimal(rate))) == int(exact + Fraction(1, 2))
    assert vat_of_gross(-gross_ore, Decimal(rate)) == -vat_of_gross(gross_ore, Decimal(rate))


@given(ORE, st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_split_sums_to_the_whole(total, weights):
    """A discount spread over rows must neither lose nor gain an öre, and is fair to one öre."""
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


def test_split_needs_weights():
    """Nothing to spread over is the caller's mistake, not a silent zero."""
    with pytest.raises(ValueError, match="weights"):
        split(100, [0, 0])
