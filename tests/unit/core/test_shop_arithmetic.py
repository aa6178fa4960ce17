"""Whatever a shop's arithmetic is, Fortnox's own arithmetic on our rows gives the shop's total.

The shop side is WooCommerce's: prices with or without VAT, tax rounded per line or at the
subtotal, halves up or down, coupons. The Fortnox side is the sandbox's, which shares no code with
ours: VAT rounded by rate or by row, whole kronor or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.builders import DAY, mappings, order, shop_row

from fortnox.core.documents import InvoiceRow
from fortnox.core.market import Market, SaleMarket
from fortnox.core.orders import LineKind, Order, OrderLine
from fortnox.core.rows import invoice_rows
from fortnox.core.vat import order_vat_problem
from fortnox.sandbox.fortnox.documents import Line, Totals, VatRounding, line_total, totals

SWEDEN = SaleMarket(market=Market.SE, country="SE")
VAT_ACCOUNTS = {25: 2611, 12: 2621, 6: 2631, 0: 0}
ONE, HUNDRED = Decimal(1), Decimal(100)
ITEM = st.tuples(
    st.integers(1, 200_000),
    st.one_of(st.integers(1, 120).map(Decimal), st.decimals("0.01", "9", places=3)),
    st.sampled_from(sorted(VAT_ACCOUNTS)),
    st.integers(0, 99),
)


@dataclass(frozen=True, kw_only=True)
class ShopSettings:
    """WooCommerce's tax settings."""

    prices_include_vat: bool = True
    round_at_subtotal: bool = False
    halves: str = ROUND_HALF_UP


SHOP_SETTINGS = st.builds(
    ShopSettings,
    prices_include_vat=st.booleans(),
    round_at_subtotal=st.booleans(),
    halves=st.sampled_from([ROUND_HALF_UP, ROUND_HALF_DOWN]),
)


def sold_by(shop: ShopSettings, items: Sequence[tuple[int, Decimal, int, int]]) -> Order:
    """A cart of (price in öre, quantity, rate, percent off) as the shop computes and answers it."""
    lines: list[OrderLine] = []
    exact_net = Decimal(0)
    exact_vat: dict[int, Decimal] = {}
    for number, (price_ore, quantity, rate, percent_off) in enumerate(items, start=1):
        full = (price_ore * quantity).quantize(ONE, ROUND_HALF_UP)
        off = (full * percent_off / HUNDRED).quantize(ONE, ROUND_HALF_DOWN)
        net, vat = _taxed(full - off, rate, shop)
        full_net, full_vat = _taxed(full, rate, shop)
        net_ore, vat_ore = _rounded(net, vat, shop)
        full_net_ore, full_vat_ore = _rounded(full_net, full_vat, shop)
        exact_net += net
        exact_vat[rate] = exact_vat.get(rate, Decimal(0)) + vat
        lines.append(
            OrderLine(
                line_id=str(number),
                kind=LineKind.GOODS,
                name="Vara",
                quantity=quantity,
                net_ore=net_ore,
                vat_ore=vat_ore,
                vat_rate_pct=Decimal(rate),
                vat_country="SE",
                discount_net_ore=full_net_ore - net_ore,
                discount_vat_ore=full_vat_ore - vat_ore,
            )
        )
    if not shop.round_at_subtotal:
        return order(*lines)
    vat_ore = sum(int(vat.quantize(ONE, shop.halves)) for vat in exact_vat.values())
    total_ore = int(exact_net.quantize(ONE, ROUND_HALF_UP)) + vat_ore
    return order(*lines, total_ore=total_ore, total_vat_ore=vat_ore)


def _taxed(amount_ore: Decimal, rate: int, shop: ShopSettings) -> tuple[Decimal, Decimal]:
    if shop.prices_include_vat:
        vat = amount_ore * rate / (HUNDRED + rate)
        return amount_ore - vat, vat
    return amount_ore, amount_ore * rate / HUNDRED


def _rounded(net: Decimal, vat: Decimal, shop: ShopSettings) -> tuple[int, int]:
    """As the REST API answers with two decimals; inclusive prices keep their gross per line."""
    vat_ore = int(vat.quantize(ONE, shop.halves))
    if shop.prices_include_vat and not shop.round_at_subtotal:
        return int(net + vat) - vat_ore, vat_ore
    return int(net.quantize(ONE, ROUND_HALF_UP)), vat_ore


def in_fortnox(rows: Sequence[InvoiceRow], *, by: VatRounding, krona: bool) -> Totals:
    """The sandbox's arithmetic on what is sent."""
    lines = []
    for row in rows:
        discount = Decimal(row.discount_ore) / 100 if row.discount_ore else row.discount_pct
        kind = "AMOUNT" if row.discount_ore else "PERCENT"
        total_ore, _ = line_total(row.quantity, Decimal(row.price_ore) / 100, discount, kind)
        lines.append(
            Line(
                account=row.account_number,
                rate_pct=int(row.vat.rate.rate_pct),
                vat_account=VAT_ACCOUNTS[int(row.vat.rate.rate_pct)],
                total_ore=total_ore,
            )
        )
    return totals(lines, vat_included=True, vat_rounding=by, krona_rounding=krona)


def rows_of(sold: Order, discount_rows: str = "net") -> tuple[InvoiceRow, ...]:
    shop = shop_row(rounding_tolerance_ore=100, discount_rows=discount_rows)
    rows = invoice_rows(sold, shop, SWEDEN, mappings(), DAY)
    assert isinstance(rows, tuple), rows
    return rows


@pytest.mark.parametrize("krona", [False, True])
@pytest.mark.parametrize("by", ["rate", "row"])
@settings(deadline=None, max_examples=150)
@given(
    items=st.lists(ITEM, min_size=1, max_size=8),
    shop=SHOP_SETTINGS,
    discount_rows=st.sampled_from(["net", "row", "article"]),
)
def test_fortnox_gives_the_shops_total_and_vat(
    items: list[tuple[int, Decimal, int, int]],
    shop: ShopSettings,
    discount_rows: str,
    by: VatRounding,
    krona: bool,
):
    """An öre more or less and the invoice could not be bookkept: each sale would be held."""
    sold = sold_by(shop, items)
    rows = rows_of(sold, discount_rows)
    found = in_fortnox(rows, by=by, krona=krona)
    assert found.total_ore - found.round_off_ore == sold.head.total_ore
    assert abs(found.round_off_ore) <= (50 if krona else 0)
    assert sum(found.net_by_account.values()) + found.vat_ore == sold.head.total_ore
    for rate, account in VAT_ACCOUNTS.items():
        of_rate = [row for row in rows if row.vat.rate.rate_pct == rate]
        shop_vat_ore = sum(row.shop_vat_ore for row in of_rate)
        assert abs(found.vat_by_account.get(account, 0) - shop_vat_ore) <= len(of_rate), rate


@settings(deadline=None)
@given(items=st.lists(ITEM, min_size=1, max_size=8), shop=SHOP_SETTINGS)
def test_what_a_shop_can_sell_is_not_held_for_its_rounding(
    items: list[tuple[int, Decimal, int, int]], shop: ShopSettings
):
    """An honest cart that our own checks refuse would be booked by hand, every time."""
    assert order_vat_problem(sold_by(shop, items), SWEDEN) is None


@settings(deadline=None)
@given(items=st.lists(ITEM, min_size=1, max_size=8), by=st.sampled_from(["rate", "row"]))
def test_negative_quantities_take_back_exactly_what_was_sold(
    items: list[tuple[int, Decimal, int, int]], by: VatRounding
):
    """A credit invoice that rounds otherwise would leave an öre of a sale that is undone."""
    rows = rows_of(sold_by(ShopSettings(), items))
    sale = in_fortnox(rows, by=by, krona=False)
    back = in_fortnox([replace(row, quantity=-row.quantity) for row in rows], by=by, krona=False)
    assert back.total_ore == -sale.total_ore
    assert back.vat_by_account == {key: -ore for key, ore in sale.vat_by_account.items()}
    assert back.net_by_account == {key: -ore for key, ore in sale.net_by_account.items()}


def test_why_prices_are_sent_with_vat():
    """Net prices in a shop that rounds tax per line: Fortnox's total would be an öre off."""
    sold = sold_by(ShopSettings(prices_include_vat=False), [(50, ONE, 25, 0)] * 3)
    assert sold.head.total_ore == 189
    net_lines = [Line(account=3001, rate_pct=25, vat_account=2611, total_ore=50)] * 3
    assert totals(net_lines, vat_included=False).total_ore == 188
    assert in_fortnox(rows_of(sold), by="rate", krona=False).total_ore == 189
