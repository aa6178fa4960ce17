"""The seeded shop: its money adds up as WooCommerce's does, and it has what the demo needs."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.se import orgnr

from fortnox.sandbox.seed import ShopData, generate
from fortnox.sandbox.seed.arithmetic import fixed_discounts, from_gross, from_net, percent_discounts
from fortnox.sandbox.seed.people import organisation_number

ZONE = ZoneInfo("Europe/Stockholm")
SHOP = generate(end_day=date(2026, 11, 20))
FORBIDDEN = set("“”’–×✨🍫<&")


def amount(lines: list[dict[str, str]], *names: str) -> Decimal:
    """Sum of some members of some lines."""
    return sum((Decimal(line[name]) for line in lines for name in names), Decimal())


def moments(order: dict[str, str], name: str) -> datetime | None:
    """A GMT time of an order."""
    text = order[f"{name}_gmt"]
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def check_identity(order: dict) -> None:
    """An order's totals are the sums of its lines."""
    everything = [*order["line_items"], *order["shipping_lines"], *order["fee_lines"]]
    assert amount(everything, "total", "total_tax") == Decimal(order["total"])
    assert amount(everything, "total_tax") == Decimal(order["total_tax"])
    assert amount(order["tax_lines"], "tax_total") == Decimal(order["cart_tax"])
    assert amount(order["tax_lines"], "shipping_tax_total") == Decimal(order["shipping_tax"])
    lines = order["line_items"]
    assert amount(lines, "subtotal") - amount(lines, "total") == Decimal(order["discount_total"])
    off = amount(lines, "subtotal", "subtotal_tax") - amount(lines, "total", "total_tax")
    assert off == Decimal(order["discount_total"]) + Decimal(order["discount_tax"])


@given(seed=st.integers(0, 10**6), offset=st.integers(0, 900), days=st.integers(1, 8))
@settings(max_examples=25, deadline=None)
def test_every_order_adds_up(seed: int, offset: int, days: int) -> None:
    """The demo would show differences that come from the demo itself."""
    end_day = date(2025, 3, 1) + timedelta(days=offset)
    shop = generate(seed=seed, end_day=end_day, days=days, orders_per_day=8)
    assert len(shop.orders) == 8 * days
    for order in shop.orders:
        check_identity(order)
        assert set(shop.unrounded) >= {line["id"] for line in order["line_items"]}
    totals = {order["id"]: Decimal(order["total"]) for order in shop.orders}
    for refund in shop.refunds:
        given_back = [*refund["line_items"], *refund["shipping_lines"], *refund["fee_lines"]]
        assert amount(given_back, "total", "total_tax") == -Decimal(refund["amount"])
        assert 0 < Decimal(refund["amount"]) <= totals[refund["parent_id"]]


@given(
    ore=st.integers(1, 10**7),
    rate=st.sampled_from([Decimal(0), Decimal(6), Decimal(12), Decimal(25), Decimal("25.5")]),
)
def test_net_and_vat_as_shown_are_the_price(ore: int, rate: Decimal) -> None:
    """Net rounded up and VAT rounded down must meet at the price, half öre included."""
    price = Decimal(ore) / 100
    split = from_gross(price, rate)
    assert split.net + split.vat == price


def test_vat_is_rounded_half_down() -> None:
    """WooCommerce adds 0.87 to 3.50 at 25 %, not 0.88; documents must follow the shop."""
    assert str(from_net(Decimal("3.50"), Decimal(25)).vat) == "0.87"


def test_fixed_coupon_is_shared_per_piece() -> None:
    """Five pieces share 100 kr in whole öre: 20 kr each, whatever they cost."""
    assert fixed_discounts([39900, 29900, 20970], [1, 1, 3], 10000) == [2000, 2000, 6000]


@given(
    st.lists(st.tuples(st.integers(1, 10**5), st.integers(1, 9)), min_size=1, max_size=6),
    st.integers(1, 100),
)
def test_coupons_are_shared_out_whole(lines: list[tuple[int, int]], number: int) -> None:
    """A coupon would give more or less than it says."""
    # Pieces cost whole öre, so a line costs at least an öre a piece.
    prices, quantities = [p * q for p, q in lines], [q for _, q in lines]
    fixed = fixed_discounts(prices, quantities, number * 100)
    assert sum(fixed) == min(number * 100, sum(prices))
    percent = percent_discounts(prices, quantities, number)
    assert abs(sum(percent) - Decimal(sum(prices)) * number / 100) <= Decimal("0.5")
    for shares in (fixed, percent):
        assert all(0 <= part <= price for part, price in zip(shares, prices, strict=True))


def test_same_arguments_same_shop() -> None:
    """Two demos could not be compared."""
    again = generate(end_day=date(2026, 11, 20))
    assert json.dumps(again.orders, default=str) == json.dumps(SHOP.orders, default=str)
    assert generate(seed=2, end_day=date(2026, 11, 20)).orders != SHOP.orders


def test_a_day_is_the_same_in_every_range() -> None:
    """Tomorrow's demo would have other sales for yesterday; only what happened since may differ."""
    tomorrow = generate(end_day=date(2026, 11, 21), days=5)
    before = {order["id"]: order for order in SHOP.orders}
    both = [order for order in tomorrow.orders if order["id"] in before]
    assert len(both) == 80
    for order in both:
        assert order["total"] == before[order["id"]]["total"]
        assert order["line_items"] == before[order["id"]]["line_items"]


def test_nothing_happens_after_the_last_day() -> None:
    """An order would be delivered in the future."""
    end = datetime(2026, 11, 21, tzinfo=ZONE)
    names = ("date_created", "date_modified", "date_paid", "date_completed")
    found = [moments(order, name) for order in SHOP.orders for name in names]
    assert max(moment for moment in found if moment) <= end


def test_orders_are_paid_and_delivered_late_and_over_midnight() -> None:
    """The demo would not show why the accounting day is not the order's day."""
    days = Counter()
    for order in SHOP.orders:
        created, paid = moments(order, "date_created"), moments(order, "date_paid")
        done = moments(order, "date_completed")
        days["paid"] += bool(paid and (paid - created).days >= 2)
        days["done"] += bool(done and (done - created).days >= 7)
        if paid and paid - created < timedelta(minutes=15):
            days["midnight"] += paid.astimezone(ZONE).date() != created.astimezone(ZONE).date()
    assert min(days["paid"], days["done"], days["midnight"]) >= 5


def test_the_mix_has_what_the_demo_promises() -> None:
    """A case that the product must handle would be missing from the first run."""
    orders = SHOP.orders
    rates = {line["rate_percent"] for order in orders for line in order["tax_lines"]}
    assert {0, 6, 12, 25} <= rates
    statuses = {order["status"] for order in orders}
    assert {"processing", "completed", "on-hold", "pending", "cancelled", "failed",
            "checkout-draft", "refunded"} <= statuses  # fmt: skip
    methods = {order["payment_method"] for order in orders}
    assert methods == {"kco", "stripe", "swish", "bacs", "cheque", "cod", ""}
    shipping = {(s["total"], s["total_tax"]) for o in orders for s in o["shipping_lines"]}
    assert {("39.20", "9.80"), ("39.20", "2.35"), ("0.00", "0.00")} <= shipping
    assert {c["discount_type"] for o in orders for c in o["coupon_lines"]} == {
        "percent", "fixed_cart"}  # fmt: skip
    assert {o["customer_id"] == 0 for o in orders} == {True, False}
    assert any(line["sku"] == "" for o in orders for line in o["line_items"])
    assert any(line["sku"] is None for o in orders for line in o["line_items"])
    assert any(Decimal(f["total"]) < 0 for o in orders for f in o["fee_lines"])
    assert {o["currency"] for o in orders} == {"SEK", "EUR"}
    names = {line["name"] for o in orders for line in o["line_items"]}
    assert set("".join(names)) & FORBIDDEN
    assert {"NO"} < {o["billing"]["country"] for o in orders}


def test_most_orders_are_ordinary() -> None:
    """The demo would hold so much that reconciling proves nothing."""
    odd = [
        o for o in SHOP.orders
        if o["billing"]["country"] != "SE" or o["currency"] != "SEK" or o["refunds"]
        or any(Decimal(f["total"]) < 0 for f in o["fee_lines"])
    ]  # fmt: skip
    assert len(odd) <= len(SHOP.orders) * 0.05


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2026, 3, 31), 12),
        (date(2026, 4, 1), 6),
        (date(2027, 12, 31), 6),
        (date(2028, 1, 1), 12),
    ],
)
def test_food_vat_follows_the_law(day: date, rate: int) -> None:
    """Food of the old time would be booked at the new rate."""
    shop = generate(end_day=day, days=1, orders_per_day=60)
    found = {
        tax["rate_percent"]
        for order in shop.orders
        for line in order["line_items"]
        if line["sku"] == "KNACK-SALT"
        for tax in order["tax_lines"]
        if line["taxes"] and tax["rate_id"] == line["taxes"][0]["id"]
    }
    assert found == {rate}


def test_company_numbers_are_valid() -> None:
    """A made-up number with a wrong check digit would be refused by every check."""
    assert all(orgnr.is_valid(organisation_number(serial)) for serial in range(0, 1000, 37))
    numbers = {m["value"] for o in SHOP.orders for m in o["meta_data"]
               if m["key"] == "_billing_org_nr"}  # fmt: skip
    assert len(numbers) >= 3
    assert all(orgnr.is_valid(number) for number in numbers)


def test_forty_products_with_unique_ids() -> None:
    """Two products with one id would mix up goods and services."""
    ids = [item["id"] for item in [*SHOP.products, *SHOP.variations]]
    assert len(SHOP.products) == 40
    assert len(ids) == len(set(ids))
    line_ids = [line["id"] for order in SHOP.orders for name in
                ("line_items", "shipping_lines", "fee_lines") for line in order[name]]  # fmt: skip
    assert len(line_ids) == len(set(line_ids))


def test_bad_arguments_are_refused() -> None:
    """An empty shop would look like a shop without sales."""
    with pytest.raises(ValueError, match="days and orders_per_day"):
        generate(end_day=date(2026, 11, 20), days=0)


def test_shop_data_is_first_class() -> None:
    """Code that builds its own shop needs only these fields."""
    empty = ShopData(orders=[], refunds=[], products=[], variations=[], customers=[], taxes=[],
                     settings={}, gateways=[])  # fmt: skip
    assert empty.timezone == "Europe/Stockholm"
