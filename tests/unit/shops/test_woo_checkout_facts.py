"""What checkout plugins keep about VIES and currencies, in the words that each of them writes."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.acceptance.woo_orders import canonical, order_json, row

from fortnox.core.orders import VatCheck
from fortnox.shops.woocommerce.checkout_facts import currency_rate, vat_check

DAY = date(2026, 5, 4)


def with_meta(**meta: Any) -> dict[str, Any]:
    entries = [{"id": 1, "key": key, "value": value} for key, value in meta.items()]
    return order_json(row("40.00"), meta_data=entries)


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        # EU VAT Number of WooCommerce.com
        ({"_vat_number_is_valid": "true", "_vat_number_is_validated": "true"}, True),
        ({"_vat_number_is_valid": "false", "_vat_number_is_validated": "true"}, False),
        # VIES did not answer: that is not "invalid", and no proof either.
        ({"_vat_number_is_valid": "false", "_vat_number_is_validated": "false"}, None),
        # EU VAT Assistant
        ({"_vat_number_validated": "valid"}, True),
        ({"_vat_number_validated": "not-valid"}, False),
        ({"_vat_number_validated": "could-not-be-validated"}, None),
        ({"_vat_number_validated": "no-number"}, None),
        # EU/UK VAT Compliance
        ({"VAT number validated": "true"}, True),
        ({}, None),
        ({"_vat_number_is_valid": ""}, None),
        ({"_vat_number_is_valid": ["true"]}, None),
    ],
)
def test_the_answer_of_vies(meta: dict[str, Any], expected: bool | None):
    """A proof that is overlooked holds the sale; a "no answer" that is taken for one is worse."""
    found = vat_check(with_meta(**meta))
    assert found == (None if expected is None else VatCheck(checked_on=DAY, is_valid=expected))


@pytest.mark.parametrize(
    ("text", "expected"), [("WAPIAAAAX1", "WAPIAAAAX1"), ("Not returned", ""), ([], "")]
)
def test_the_receipt_of_vies(text: Any, expected: str):
    """The plugin writes a sentence where VIES gave no receipt."""
    found = vat_check(with_meta(_vat_number_validated="valid", vies_consultation_number=text))
    assert found is not None
    assert found.consultation_number == expected


def test_an_order_without_a_date_proves_nothing():
    """The proof is dated by the order."""
    data = {**with_meta(_vat_number_validated="valid"), "date_created_gmt": None}
    assert vat_check(data) is None


CURCY = {"SEK": {"rate": 1, "is_main": 1}, "EUR": {"rate": "0.08"}, "USD": {"rate": "0.1"}}


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        (
            {
                "_wcpay_multi_currency_order_exchange_rate": "0.08",
                "_wcpay_multi_currency_order_default_currency": "SEK",
            },
            "12.5",
        ),
        ({"_woocs_order_rate": 0.08, "_woocs_order_base_currency": "SEK"}, "12.5"),
        ({"wmc_order_info": CURCY}, "12.5"),
        # A shop whose own currency is the euro says nothing about kronor.
        ({"_woocs_order_rate": "1.09", "_woocs_order_base_currency": "EUR"}, None),
        ({"wmc_order_info": {**CURCY, "SEK": {"rate": 1}}}, None),
        ({"wmc_order_info": {"SEK": {"is_main": 1}}}, None),
        ({"_woocs_order_rate": "0", "_woocs_order_base_currency": "SEK"}, None),
        ({"_woocs_order_rate": "", "_woocs_order_base_currency": "SEK"}, None),
        ({}, None),
    ],
)
def test_the_rate_that_the_shop_sold_at(meta: dict[str, Any], expected: str | None):
    """Kronor for one euro: the plugin's rate is the other way round, and only of its own base."""
    data = {**with_meta(**meta), "currency": "EUR"}
    assert currency_rate(data) == (None if expected is None else Decimal(expected))


def test_both_reach_the_canonical_order():
    """What the adapter leaves behind nobody reads later."""
    data = with_meta(
        _vat_number="DE136695976",
        _vat_number_validated="valid",
        _woocs_order_rate="0.08",
        _woocs_order_base_currency="SEK",
    )
    order = canonical(data)
    assert order.currency_rate == Decimal("12.5")
    assert order.buyer.vat_check == VatCheck(checked_on=DAY, is_valid=True)
