"""Discounts: as the shop split them over its lines, never split anew. Pure.

WooCommerce splits a fixed coupon in equal parts per item and not by value, so any other split
would move VAT between rates (accounting cases AC-11 to AC-13).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from fortnox.core.money import vat_of_gross
from fortnox.core.orders import LineKind, OrderLine

_ONE = Decimal(1)
_CENT = Decimal("0.01")
#: Net and VAT of a discount are differences of rounded amounts: up to one öre each.
_TOLERANCE_ORE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPrice:
    """What a row says, so that Fortnox's own arithmetic gives the line's gross to the öre."""

    quantity: Decimal
    price_ore: int
    discount_ore: int = 0
    discount_pct: Decimal = Decimal(0)


def row_price(line: OrderLine, *, show_discount: bool) -> RowPrice:
    """Quantity and price of a line; 1 and the gross where no price of whole öre divides it.

    With ``show_discount`` the price before discount and Fortnox's row discount: whole percent
    where that is exact, else the amount.
    """
    if show_discount and line.discount_ore > 0:
        full_ore = line.gross_ore + line.discount_ore
        price_ore = _unit_price(full_ore, line.quantity)
        if price_ore is not None:
            pct = Decimal(line.discount_ore * 100) / full_ore
            if pct == pct.to_integral_value():
                return RowPrice(quantity=line.quantity, price_ore=price_ore, discount_pct=pct)
            return RowPrice(
                quantity=line.quantity, price_ore=price_ore, discount_ore=line.discount_ore
            )
    price_ore = _unit_price(line.gross_ore, line.quantity)
    if price_ore is not None:
        return RowPrice(quantity=line.quantity, price_ore=price_ore)
    return RowPrice(quantity=_ONE, price_ore=line.gross_ore)


def discounts_apart(lines: Iterable[OrderLine]) -> tuple[OrderLine, ...]:
    """Lines at their price before discount, then one negative line per VAT rate.

    A line whose discount does not fit its VAT rate keeps its reduced price.
    """
    whole: list[OrderLine] = []
    sums: dict[Decimal, tuple[int, int, str]] = {}
    for line in lines:
        rate = line.vat_rate_pct or Decimal(0)
        if not _is_at_its_rate(line, rate):
            whole.append(line)
            continue
        whole.append(_before_discount(line))
        net_ore, vat_ore, _ = sums.get(rate, (0, 0, ""))
        sums[rate] = (
            net_ore + line.discount_net_ore,
            vat_ore + line.discount_vat_ore,
            line.vat_country,
        )
    return (*whole, *(_discount_line(rate, *sums[rate]) for rate in sorted(sums, reverse=True)))


def _unit_price(total_ore: int, quantity: Decimal) -> int | None:
    """Fortnox rounds price and quantity to two decimals before it multiplies (recording 4.16)."""
    pieces = int(quantity)
    if pieces > 0 and pieces == quantity:
        return None if total_ore % pieces else total_ore // pieces
    if quantity > 0 and quantity == quantity.quantize(_CENT):
        price = Decimal(total_ore) / quantity
        if price == price.to_integral_value() and quantity * price == total_ore:
            return int(price)
    return None


def _is_at_its_rate(line: OrderLine, rate_pct: Decimal) -> bool:
    if line.discount_ore <= 0:
        return False
    expected = vat_of_gross(line.discount_ore, rate_pct)
    return abs(expected - line.discount_vat_ore) <= _TOLERANCE_ORE


def _before_discount(line: OrderLine) -> OrderLine:
    return replace(
        line,
        net_ore=line.net_ore + line.discount_net_ore,
        vat_ore=line.vat_ore + line.discount_vat_ore,
        discount_net_ore=0,
        discount_vat_ore=0,
    )


def _discount_line(rate_pct: Decimal, net_ore: int, vat_ore: int, country: str) -> OrderLine:
    return OrderLine(
        line_id=f"discount-{rate_pct:f}",
        kind=LineKind.DISCOUNT,
        name=f"Rabatt, {rate_pct:f} % moms",
        quantity=_ONE,
        net_ore=-net_ore,
        vat_ore=-vat_ore,
        vat_rate_pct=rate_pct,
        vat_country=country,
    )
