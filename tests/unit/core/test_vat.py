"""VAT of an order: certain, or held. Tolerances are those of rule 19, an öre a row."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.builders import line, order

from fortnox.core.market import Market, SaleMarket
from fortnox.core.money import vat_of_gross
from fortnox.core.orders import LineKind, OrderLine
from fortnox.core.vat import line_rate, order_vat_problem

SWEDEN = SaleMarket(market=Market.SE, country="SE", vat_country="SE")
UNTAXED = SaleMarket(market=Market.EU_CONSUMER, country="DE")
GERMANY = SaleMarket(market=Market.EU_CONSUMER, country="DE", vat_country="DE")
GERMAN_COMPANY = SaleMarket(market=Market.EU_BUSINESS, country="DE")
NORWAY = SaleMarket(market=Market.EXPORT, country="NO")
ULSTER = SaleMarket(market=Market.EU_CONSUMER, country="XI", vat_country="XI")


def taxed(market: SaleMarket, vat_country: str) -> SaleMarket:
    """The same market, where the shop charged a country's VAT."""
    return replace(market, vat_country=vat_country)


SERVICE = line("10.00", "20", kind=LineKind.SERVICE, line_id="2", country="XI")


def code(*lines: OrderLine, market: SaleMarket = SWEDEN, total_vat_ore: int | None = None) -> str:
    changed = {} if total_vat_ore is None else {"total_vat_ore": total_vat_ore}
    problem = order_vat_problem(order(*lines, **changed), market)
    return problem.code if problem else ""


def test_line_vat_within_an_ore_is_fine():
    """WooCommerce halves down where Skatteverket halves up: 10.81 and 10.82 are both right."""
    assert code(line("100.94", "12", vat="10.81")) == ""
    assert code(line("100.94", "12", vat="10.82")) == ""


def test_two_ore_on_a_lone_line_are_held_before_fortnox():
    """Fortnox would compute another VAT, and an unbooked draft would be left for a person."""
    assert code(line("100.00", "25", vat="20.02")) == "vat_does_not_fit_rate"
    assert code(line("100.00", "25", vat="19.98")) == "vat_does_not_fit_rate"


def test_the_other_lines_of_the_rate_share_the_tolerance():
    """A shop that settles its rounding on one line is right over the rate as a whole."""
    assert code(line("100.00", "25", vat="20.02"), line("100.00", "25", line_id="2")) == ""
    assert (
        code(line("100.00", "25", vat="20.02"), line("100.00", "6", line_id="2"))
        == "vat_does_not_fit_rate"
    )


def test_systematic_error_is_held():
    """Two öre on every line is no rounding, however many lines there are."""
    lines = [line("100.00", "25", vat="20.02", line_id=str(n)) for n in range(40)]
    assert code(*lines) == "vat_does_not_fit_rate"


def test_total_vat_of_the_order_must_be_that_of_its_lines():
    """An öre a line is round-at-subtotal; more is an edited order."""
    lines = (line("33.33", "25", line_id="1"), line("33.33", "25", line_id="2"))
    assert code(*lines, total_vat_ore=1333) == ""
    assert code(*lines, total_vat_ore=1331) == "vat_total_differs"


@pytest.mark.parametrize(
    ("lines", "market", "expected"),
    [
        # Another country's VAT than that of where the goods went.
        ([line("100.00", "25", country="DK")], taxed(GERMANY, "DK"), "foreign_vat"),
        ([line("100.00", "19", country="DE")], taxed(SWEDEN, "DE"), "foreign_vat"),
        ([line("100.00", "25", country="NO")], taxed(UNTAXED, "NO"), "foreign_vat"),
        ([line(), line("1.00", "19", country="DE")], GERMANY, "several_vat_countries"),
        ([line("119.00", "19", country="DE")], GERMANY, ""),
        ([line("125.50", "25.5", country="FI")], taxed(replace(GERMANY, country="FI"), "FI"), ""),
        ([line()], taxed(GERMANY, "SE"), ""),
        # VOEC: the country's own VAT; Sweden's, or an EU country's, is a mistake there.
        ([line("100.00", "25", country="NO")], taxed(NORWAY, "NO"), ""),
        ([line()], taxed(NORWAY, "SE"), "vat_on_export"),
        # Åland has Finland's code and none of its VAT.
        (
            [line("125.50", "25.5", country="FI")],
            taxed(replace(NORWAY, country="FI"), "FI"),
            "vat_on_export",
        ),
        ([line("100.00", None)], UNTAXED, "eu_sale_without_vat"),
        ([line("100.00", "0", country="DE")], UNTAXED, "eu_sale_without_vat"),
        ([line("100.00", "0", country="DE")], GERMAN_COMPANY, ""),
        ([line("100.00", None)], GERMAN_COMPANY, ""),
        ([line("100.00", None)], SWEDEN, "no_vat_rate"),
        ([line("100.00", None)], NORWAY, ""),
        (
            [line("100.00", "25", country="NO"), line("1.00", None)],
            taxed(NORWAY, "NO"),
            "no_vat_rate",
        ),
        # Some shops say export by a rate of 0 % for the country: nothing is owed there.
        ([line("100.00", "0", country="NO")], NORWAY, ""),
        ([line("100.00", "25"), line("0.00", None, line_id="2")], SWEDEN, ""),
        ([line("100.00", "0")], SWEDEN, ""),
        ([line("100.00", "20", country="XI"), SERVICE], ULSTER, "northern_ireland_mixed"),
        ([line("100.00", "20", country="XI")], ULSTER, ""),
    ],
)
def test_market_and_rate(lines, market, expected):
    """VAT that belongs to nobody for certain is asked about under its own name."""
    assert code(*lines, market=market) == expected


def test_rate_of_an_export_line():
    """Export has no tax line; elsewhere a missing rate is a programming error, never 0 %."""
    assert line_rate(line("100.00", None), NORWAY) == 0
    with pytest.raises(ValueError, match="no VAT rate"):
        line_rate(line("100.00", None), SWEDEN)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**7), st.sampled_from([25, 12, 6]), st.booleans()),
        min_size=1,
        max_size=30,
    )
)
def test_correct_rounding_is_never_held(sold):
    """Half up or half down on each line, net or gross prices: an honest shop always passes."""
    lines = []
    for number, (gross_ore, rate, is_down) in enumerate(sold):
        exact = Decimal(gross_ore) * rate / (100 + rate)
        rounding = "ROUND_HALF_DOWN" if is_down else "ROUND_HALF_UP"
        vat = exact.quantize(Decimal(1), rounding)
        assert abs(vat - vat_of_gross(gross_ore, Decimal(rate))) <= 1
        gross, tax = Decimal(gross_ore) / 100, vat / 100
        lines.append(line(str(gross), str(rate), vat=str(tax), line_id=str(number)))
    assert code(*lines) == ""
