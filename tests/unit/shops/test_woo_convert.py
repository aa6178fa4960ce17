"""WooCommerce's JSON as canonical orders and refunds."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.core.orders import LineKind
from fortnox.shops.woocommerce.buyer import MetaKeys
from fortnox.shops.woocommerce.convert import (
    needs_order_rates,
    order_from_json,
    product_keys,
    refund_from_json,
)

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "woocommerce"
SE_25 = {"rate_id": 1, "rate_code": "SE-MOMS 25%-1", "rate_percent": 25}
TAX = [{"id": 1, "total": "10.00", "subtotal": "10.00"}]


def line(**fields: Any) -> dict[str, Any]:
    """A line item of 40.00 + 10.00 VAT."""
    base = {"id": 11, "name": "Mugg", "product_id": 5, "variation_id": 0, "quantity": 2}
    return {**base, "total": "40.00", "total_tax": "10.00", "taxes": TAX, "sku": "M-1", **fields}


def order(**fields: Any) -> dict[str, Any]:
    """An order with one line."""
    base: dict[str, Any] = {
        "id": 7,
        "number": "W-7",
        "status": "processing",
        "currency": "SEK",
        "total": "50.00",
        "total_tax": "10.00",
        "payment_method": "swish",
        "date_created_gmt": "2026-11-11T08:59:09",
        "date_modified_gmt": "2026-11-11T20:20:29",
        "date_paid_gmt": "2026-11-11T09:00:21",
        "date_completed_gmt": None,
        "customer_id": 3,
        "line_items": [line()],
        "tax_lines": [SE_25],
    }
    return {**base, **fields}


def codes(data: dict[str, Any]) -> list[str]:
    """The problems of an order."""
    return [problem.code for problem in order_from_json(data, {}, MetaKeys()).problems]


def test_ordinary_order() -> None:
    """The ordinary order must arrive whole: money, rate, dates, number."""
    found = order_from_json(order(), {(5, 0): LineKind.GOODS}, MetaKeys())
    assert found.problems == ()
    assert (found.head.number, found.head.total_ore, found.total_vat_ore) == ("W-7", 5000, 1000)
    assert found.head.paid_utc == datetime(2026, 11, 11, 9, 0, 21, tzinfo=UTC)
    assert found.head.delivered_utc is None
    (row,) = found.lines
    assert (row.kind, row.quantity, row.net_ore, row.vat_ore) == (LineKind.GOODS, 2, 4000, 1000)
    assert (row.vat_rate_pct, row.vat_country, row.sku) == (Decimal(25), "SE", "M-1")


def test_deleted_product_is_an_article() -> None:
    """A line whose product is gone would be booked as goods on a guess."""
    data = order(line_items=[line(product_id=0, sku=None)])
    (row,) = order_from_json(data, {(5, 0): LineKind.GOODS}, MetaKeys()).lines
    assert (row.kind, row.sku) == (LineKind.ARTICLE, "")


def test_shipping_and_fees_are_lines() -> None:
    """Shipping and fees would be missing from the invoice."""
    shipping = {"id": 12, "method_title": "Fast frakt", "total": "40.00", "total_tax": "10.00"}
    fee = {"id": 13, "name": "Fakturaavgift", "total": "40.00", "total_tax": "10.00"}
    data = order(shipping_lines=[shipping | {"taxes": TAX}], fee_lines=[fee | {"taxes": TAX}])
    found = order_from_json(data, {}, MetaKeys())
    assert [row.kind for row in found.lines[1:]] == [LineKind.SHIPPING, LineKind.FEE]
    assert [row.name for row in found.lines[1:]] == ["Fast frakt", "Fakturaavgift"]


def test_the_shipping_method_is_its_zones_instance() -> None:
    """The way of delivery is mapped by it; a title can be rewritten any day."""
    pickup = {"method_id": "local_pickup", "total": "0.00", "total_tax": "0.00", "taxes": []}
    parcel = pickup | {"method_id": "flat_rate", "instance_id": "3"}
    methods = [
        order_from_json(order(shipping_lines=lines), {}, MetaKeys()).shipping_method
        for lines in ([parcel, pickup], [pickup], [])
    ]
    assert methods == ["flat_rate:3", "local_pickup", ""]


def test_negative_fee_arrives_as_it_is() -> None:
    """Only the accountant's mapping can tell a gift card from a discount: both must reach it."""
    fee = {"id": 13, "name": "Presentkort", "total": "-20.00", "total_tax": "0.00", "taxes": []}
    found = order_from_json(order(fee_lines=[fee]), {}, MetaKeys())
    assert found.problems == ()
    assert (found.lines[1].gross_ore, found.lines[1].vat_rate_pct) == (-2000, None)


def test_discount_is_subtotal_less_total() -> None:
    """A discount that is split anew would move VAT between the lines' rates."""
    cheaper = line(subtotal="48.00", subtotal_tax="12.00")
    (row,) = order_from_json(order(line_items=[cheaper]), {}, MetaKeys()).lines
    assert (row.discount_net_ore, row.discount_vat_ore, row.gross_ore) == (800, 200, 5000)


@pytest.mark.parametrize(
    "before",
    [{}, {"subtotal": "30.00", "subtotal_tax": "7.50"}, {"subtotal": "x", "subtotal_tax": "1"}],
)
def test_no_discount_where_nothing_was_taken_off(before: dict[str, str]) -> None:
    """A price that was raised by hand would become a negative discount."""
    (row,) = order_from_json(order(line_items=[line(**before)]), {}, MetaKeys()).lines
    assert row.discount_ore == 0


def test_unreadable_total_is_held() -> None:
    """A total of "-" must not stop the shop, nor count as zero."""
    assert codes(order(total="-")) == ["unreadable_amount"]
    assert codes(order(line_items=[line(total_tax="")])) == [
        "unreadable_amount",
        "vat_rate_mismatch",
    ]


def test_order_without_lines_is_held() -> None:
    """An invoice without rows can't be made, whatever the total."""
    assert codes(order(line_items=[])) == ["no_lines"]
    assert codes(order(line_items=[], total="0.00")) == ["no_lines"]


def test_zero_quantity_with_money_is_held() -> None:
    """Quantity 0 times a price is no money in Fortnox."""
    assert codes(order(line_items=[line(quantity=0)])) == ["zero_quantity"]


def test_order_without_dates_is_held_not_lost() -> None:
    """One broken order would stop a whole day."""
    assert codes(order(date_created_gmt=None, date_modified_gmt=None)) == ["no_date"]


def test_fraction_of_a_piece() -> None:
    """Cloth by the metre: 1.5 must not become 1."""
    data = order(line_items=[line(quantity=Decimal("1.5"))])
    assert order_from_json(data, {}, MetaKeys()).lines[0].quantity == Decimal("1.5")


def test_problems_hold_no_personal_data() -> None:
    """A problem is shown in reports and logs."""
    data = order(total="-", billing={"first_name": "Hemlig", "email": "hemlig@example.com"})
    (problem,) = order_from_json(data, {}, MetaKeys()).problems
    assert "emlig" not in f"{problem.text}{problem.remedy}"


def refund(**fields: Any) -> dict[str, Any]:
    """A refund of one line, negative as the shop writes it."""
    taxes = [{"id": 1, "total": "-5.00"}]
    row = line(quantity=-1, total="-20.00", total_tax="-5.00", taxes=taxes)
    base = {"id": 90, "parent_id": 7, "amount": "25.00", "date_created_gmt": "2026-11-12T08:00:00"}
    return {**base, "line_items": [row], "tax_lines": [SE_25], **fields}


def test_refund_lines_are_positive() -> None:
    """A credit note's rows would come out with the wrong sign."""
    found = refund_from_json(refund(), {}, order_id="7")
    assert (found.amount_ore, found.problems) == (2500, ())
    (row,) = found.lines
    assert (row.quantity, row.net_ore, row.vat_ore, row.vat_rate_pct) == (1, 2000, 500, 25)


@pytest.mark.parametrize(
    ("amount", "lines", "code"),
    [
        ("much", [], "unreadable_amount"),
        ("-5.00", [], "refund_without_amount"),
        ("", None, "refund_lines_differ"),
        ("50.00", None, "refund_lines_differ"),
    ],
)
def test_refund_that_is_not_certain_is_held(amount: str, lines: Any, code: str) -> None:
    """A refund without, or with two different, amounts would be credited on a guess."""
    data = refund(amount=amount) if lines is None else refund(amount=amount, line_items=lines)
    found = refund_from_json(data, {}, order_id="7")
    assert [problem.code for problem in found.problems] == [code]


def test_amount_only_refund_is_whole() -> None:
    """Money back without lines is an ordinary refund; its VAT is worked out later."""
    found = refund_from_json(refund(line_items=[], amount="25.00"), {}, order_id="7")
    assert (found.amount_ore, found.lines, found.problems) == (2500, (), ())


def test_refund_of_an_older_shop_takes_the_orders_rates() -> None:
    """Before WooCommerce 9 refunds have no tax lines: their rates would be unknown."""
    data = refund(tax_lines=[])
    assert needs_order_rates(data)
    assert not needs_order_rates(refund())
    found = refund_from_json(data, {}, order_id="7", order_tax_lines=[SE_25])
    assert (found.lines[0].vat_rate_pct, found.problems) == (Decimal(25), ())


def test_price_reduction_has_one_piece() -> None:
    """Money back for a line without a piece coming back has quantity 0 in the shop."""
    row = line(quantity=0, total="-20.00", total_tax="-5.00", taxes=[{"id": 1, "total": "-5.00"}])
    found = refund_from_json(refund(line_items=[row]), {}, order_id="7")
    assert (found.lines[0].quantity, found.problems) == (1, ())


def test_product_keys_leave_out_deleted_ones() -> None:
    """Product 0 would be asked for in the catalogue."""
    data = order(line_items=[line(), line(product_id=0), line(product_id=40, variation_id=43)])
    assert product_keys(data) == {(5, 0), (40, 43)}


@given(
    amounts=st.lists(st.integers(min_value=0, max_value=10_000_000), min_size=1, max_size=8),
    rate=st.sampled_from([6, 12, 25]),
)
def test_every_ore_arrives(amounts: list[int], rate: int) -> None:
    """No amount may change by an öre between the shop's text and our numbers."""
    rows = []
    for net in amounts:
        vat = (net * rate + 50) // 100
        vat_text = f"{vat // 100}.{vat % 100:02}"
        rows.append(
            line(
                total=f"{net // 100}.{net % 100:02}",
                total_tax=vat_text,
                taxes=[{"id": 1, "total": vat_text}],
            )
        )
    data = order(line_items=rows, tax_lines=[SE_25 | {"rate_percent": rate}])
    found = order_from_json(data, {}, MetaKeys())
    assert [row.net_ore for row in found.lines] == amounts
    assert all(row.vat_rate_pct == rate for row in found.lines)
    assert found.problems == ()


def recorded(name: str) -> Any:
    """Real answers of a real shop."""
    path = RECORDED / name
    if not path.exists():
        pytest.skip("the recorded WooCommerce answers are not beside this repository")
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def test_recorded_orders_convert_and_add_up() -> None:
    """Every real order must convert, and its lines be its total and its VAT to the öre."""
    for data in recorded("orders.json"):
        found = order_from_json(data, {}, MetaKeys())
        assert found.lines, data["id"]
        assert sum(row.gross_ore for row in found.lines) == found.head.total_ore, data["id"]
        assert sum(row.vat_ore for row in found.lines) == found.total_vat_ore, data["id"]


def test_no_recorded_order_is_held_by_its_form() -> None:
    """An order that the shop is certain of would be held."""
    for data in recorded("orders.json"):
        assert order_from_json(data, {}, MetaKeys()).problems == (), data["id"]


def test_ordinary_recorded_orders_have_a_swedish_rate_on_every_line() -> None:
    """An ordinary Swedish sale would be left without VAT rate."""
    kinds = recorded("order_kinds.json")
    for data in recorded("orders.json"):
        if kinds[str(data["id"])] == "ordinary":
            found = order_from_json(data, {}, MetaKeys())
            assert {row.vat_rate_pct for row in found.lines} <= {25, 12, 6}, data["id"]
            assert {row.vat_country for row in found.lines} == {"SE"}, data["id"]


def test_recorded_refunds() -> None:
    """Real refunds: one is uncertain and held, the others whole."""
    held = {
        refund_from_json(data, {}, order_id=str(data["parent_id"])).refund_id
        for data in recorded("refunds.json")
        if refund_from_json(data, {}, order_id=str(data["parent_id"])).problems
    }
    assert held == {"229"}
