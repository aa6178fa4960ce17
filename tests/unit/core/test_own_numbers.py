"""Own document numbers: one per sale, in a range that is nobody else's."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import shop_row
from tests.support.once import TODAY
from tests.unit.core.test_plan import listed

from fortnox.api.invoices import invoice_body, rewritten_body
from fortnox.api.orders import order_body
from fortnox.core.checks import Severity
from fortnox.core.own_numbers import number_check, own_number

SHOP = shop_row(document_numbers_from=1_000_000_000)
NUMBERED = replace(TODAY[0], document_number="1000001101")


@given(st.integers(1, 99_999_999))
def test_each_order_has_its_own_number_within_32_bits(order_id: int):
    """Two sales under one number would keep the second out; a payment can't name a longer one."""
    largest = shop_row(document_numbers_from=2_000_000_000)
    number = int(own_number(largest, str(order_id)))
    assert number - 2_000_000_000 == order_id
    assert number < 2**31


@pytest.mark.parametrize("order_id", ["", "0", "042", "A1", "²", "100000000", "-1"])
def test_an_order_without_a_number_of_its_own_takes_fortnoxs(order_id: str):
    """A number that two orders could have, or that leaves the range, is no identity."""
    assert own_number(SHOP, order_id) == ""


def test_without_the_option_no_number_is_sent():
    """The company's series is its own unless somebody decided otherwise."""
    assert own_number(shop_row(), "1101") == ""
    assert "DocumentNumber" not in invoice_body(TODAY[0], "1")


def test_only_the_first_version_of_a_sale_is_numbered():
    """A credit, a new version or an order under the sale's number would be refused as taken."""
    assert invoice_body(NUMBERED, "1")["DocumentNumber"] == "1000001101"
    for other in (
        replace(NUMBERED, reference=f"{NUMBERED.reference}:v2"),
        replace(NUMBERED, reference=f"{NUMBERED.reference}:r:7", refund_id="7"),
    ):
        assert "DocumentNumber" not in invoice_body(other, "1")
    assert "DocumentNumber" not in order_body(replace(NUMBERED, document="order"), "1")
    assert "DocumentNumber" not in rewritten_body(NUMBERED)


@pytest.mark.parametrize(
    ("number", "reference", "severity"),
    [
        ("1000001101", "demo:1101", Severity.OK),
        ("17", "", Severity.OK),
        ("1100000000", "other:1", Severity.OK),
        ("1000001102", "demo:1101:r:7", Severity.FATAL),
        ("1000001102", "", Severity.FATAL),
    ],
)
def test_a_series_that_follows_our_numbers_is_told(number: str, reference: str, severity: Severity):
    """Its next invoice would take the number of an order to come."""
    found = number_check(SHOP, [listed(TODAY[0], number, reference=reference)])
    assert found.severity is severity
