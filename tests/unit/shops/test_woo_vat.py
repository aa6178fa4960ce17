"""Which VAT rate a line has."""

from decimal import Decimal
from typing import Any

import pytest

from fortnox.core.orders import Problem
from fortnox.shops.woocommerce.vat import RateOfLine, Taxed, rate_of_line, tax_rates

SE_25 = {"rate_id": 1, "rate_code": "SE-MOMS 25%-1", "rate_percent": 25, "label": "Moms 25%"}
SE_6 = {"rate_id": 3, "rate_code": "SE-MOMS 6%-1", "rate_percent": 6, "label": "Moms 6%"}
SE_0 = {"rate_id": 4, "rate_code": "SE-MOMSFRI 0%-1", "rate_percent": 0, "label": "Momsfri"}
FI = {"rate_id": 8, "rate_code": "FI-ALV 25,5%-1", "rate_percent": Decimal("25.5")}


def rate(
    taxes: list[dict[str, Any]], net: int, vat: int, *tax_lines: dict[str, Any], quantity: int = 1
) -> tuple[RateOfLine, list[str]]:
    """The rate of a line with these taxes, and the codes of its problems."""
    problems: list[Problem] = []
    taxed = Taxed(net_ore=net, vat_ore=vat, quantity=Decimal(quantity), where="Line 1")
    found = rate_of_line({"taxes": taxes}, taxed, tax_rates(tax_lines), problems)
    return found, [problem.code for problem in problems]


def test_rate_comes_from_the_orders_own_tax_line() -> None:
    """A food order from before a change of rate would be booked at today's rate."""
    assert rate([{"id": 3, "total": "3.95"}], 6585, 395, SE_25, SE_6) == ((Decimal(6), "SE"), [])


def test_rate_is_exact_and_has_one_spelling() -> None:
    """25.5 % must stay 25.5, and "25.0000" must find the mapping row of 25."""
    assert rate([{"id": 8, "total": "2.55"}], 1000, 255, FI) == ((Decimal("25.5"), "FI"), [])
    (pct, _), _ = rate([{"id": 1, "total": "2.50"}], 1000, 250, SE_25 | {"rate_percent": "25.0000"})
    assert str(pct) == "25"


def test_zero_rate_is_a_rate() -> None:
    """Zero-rated Swedish goods would look like an export."""
    assert rate([{"id": 4, "total": "0.00"}], 70000, 0, SE_0) == ((Decimal(0), "SE"), [])


def test_nothing_said_is_none_without_a_problem() -> None:
    """Export and reverse charge have no tax lines: the market decides, not the adapter."""
    assert rate([], 10000, 0) == ((None, ""), [])
    assert rate([], 50000, 0, SE_25, SE_6) == ((None, ""), [])


def test_line_of_a_free_order_keeps_its_rate() -> None:
    """A 100 % coupon leaves tax 0.00 of rate 6: it is a 6 % line all the same."""
    assert rate([{"id": 3, "total": "0.00"}], 0, 0, SE_6) == ((Decimal(6), "SE"), [])


def test_ids_without_an_amount_do_not_count() -> None:
    """WooCommerce lists rates with an empty total; they are not several rates."""
    taxes = [{"id": 1, "total": "29.80"}, {"id": 3, "total": ""}]
    assert rate(taxes, 11920, 2980, SE_25, SE_6) == ((Decimal(25), "SE"), [])


def test_several_rates_are_held() -> None:
    """A negative fee that WooCommerce spread over two rates has no rate of its own."""
    taxes = [{"id": 1, "total": "-10.00"}, {"id": 3, "total": "-1.00"}]
    assert rate(taxes, -5600, -1100, SE_25, SE_6) == ((None, ""), ["several_vat_rates"])


def test_compound_is_held() -> None:
    """A tax on a tax is no Swedish VAT."""
    line = SE_25 | {"compound": True}
    assert rate([{"id": 1, "total": "2.50"}], 1000, 250, line)[1] == ["compound_vat"]


def test_null_percent_is_derived_when_one_rate_fits() -> None:
    """Orders from before WooCommerce 3.7 do not say the percentage, only its name."""
    old = SE_25 | {"rate_percent": None}
    assert rate([{"id": 1, "total": "25"}], 10000, 2500, old, SE_6) == ((Decimal(25), "SE"), [])


@pytest.mark.parametrize(("net", "vat"), [(10000, 1900), (2, 1)])
def test_null_percent_is_held_when_none_or_two_fit(net: int, vat: int) -> None:
    """19 % of an order that names 25 and 6 is a guess, and so is an öre that fits both."""
    old = SE_25 | {"rate_percent": None}
    found = rate([{"id": 1, "total": "1"}], net, vat, old, SE_6)
    assert found == ((None, ""), ["unknown_vat_rate"])


def test_unknown_rate_id_with_tax_is_derived_or_held() -> None:
    """A tax plugin's rate that the order does not list must fit one that it does."""
    assert rate([{"id": 99, "total": "6.00"}], 10000, 600, SE_25, SE_6)[0] == (Decimal(6), "SE")
    assert rate([{"id": 99, "total": "9.00"}], 10000, 900, SE_25)[1] == ["unknown_vat_rate"]


def test_tax_that_is_not_of_its_rate_is_held() -> None:
    """A line at 25 % with no tax would be booked with VAT that nobody paid."""
    assert rate([{"id": 1, "total": "0"}], 10000, 0, SE_25)[1] == ["vat_rate_mismatch"]


def test_rounding_by_the_piece_is_no_mismatch() -> None:
    """A till that rounds the tax of each of 7 pieces is 3 öre off, and right."""
    assert rate([{"id": 1, "total": "20.00"}], 8003, 1997, SE_25, quantity=7)[1] == []


@pytest.mark.parametrize(("code", "country"), [("MOMS-1", ""), ("EU-1", ""), ("US-CA-TAX-1", "US")])
def test_country_only_where_the_code_has_one(code: str, country: str) -> None:
    """A rate for all countries has no country in its code; its name is none."""
    line = SE_25 | {"rate_code": code}
    assert rate([{"id": 1, "total": "25"}], 10000, 2500, line)[0] == (Decimal(25), country)
