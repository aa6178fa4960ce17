"""WooCommerce's arithmetic for a shop whose prices include VAT, in exact decimals.

The rules, as WooCommerce 11 was seen to apply them: the line total ex VAT is kept to six decimals
and shown half up, VAT is rounded per line and half DOWN (prices include it), so that the two
always add up to the price; coupons are shared out in whole öre, the rest öre by öre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

_ORE = Decimal("0.01")
_MICRO = Decimal("0.000001")
_HUNDRED = Decimal(100)


def half_up(amount: Decimal) -> Decimal:
    """To the öre, halves up: how WooCommerce shows prices."""
    return amount.quantize(_ORE, rounding=ROUND_HALF_UP)


def half_down(amount: Decimal) -> Decimal:
    """To the öre, halves down: how WooCommerce rounds VAT when prices include it."""
    return amount.quantize(_ORE, rounding=ROUND_HALF_DOWN)


def six(amount: Decimal) -> str:
    """Six decimals, as WooCommerce stores a line."""
    return str(amount.quantize(_MICRO, rounding=ROUND_HALF_UP))


def short(amount: Decimal) -> str:
    """Without trailing zeros, as coupon lines show it: ``116.6``, ``80``."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount ex VAT and its VAT, unrounded; ``net`` and ``vat`` are what WooCommerce shows."""

    exact_net: Decimal
    exact_vat: Decimal

    @property
    def net(self) -> Decimal:
        """Ex VAT with two decimals."""
        return half_up(self.exact_net)

    @property
    def vat(self) -> Decimal:
        """VAT with two decimals."""
        return half_down(self.exact_vat)


def from_gross(gross: Decimal, rate_pct: Decimal) -> Amount:
    """Split a price that includes VAT."""
    net = (gross * _HUNDRED / (_HUNDRED + rate_pct)).quantize(_MICRO, rounding=ROUND_HALF_UP)
    return Amount(net, gross - net)


def from_net(net: Decimal, rate_pct: Decimal) -> Amount:
    """Add VAT to an amount ex VAT: shipping costs are entered so, whatever the shop's setting."""
    return Amount(net, net * rate_pct / _HUNDRED)


def percent_discounts(prices_ore: Sequence[int], quantities: Sequence[int], pct: int) -> list[int]:
    """Share out a percent coupon: whole öre per line rounded down, then the missing öre in turn.

    Args:
        prices_ore: Line prices incl. VAT, dearest first.
        quantities: Pieces per line; a line takes at most that many of the missing öre at a time.
        pct: The coupon's percentage.
    """
    discounts = [
        int((Decimal(price) * pct / _HUNDRED).to_integral_value(ROUND_FLOOR))
        for price in prices_ore
    ]
    whole = int((Decimal(sum(prices_ore)) * pct / _HUNDRED).to_integral_value(ROUND_HALF_DOWN))
    return _hand_out(whole - sum(discounts), discounts, prices_ore, quantities)


def fixed_discounts(
    prices_ore: Sequence[int], quantities: Sequence[int], amount_ore: int
) -> list[int]:
    """Share out a fixed cart coupon: equal whole öre per piece, repeated until it is used up."""
    discounts = [0] * len(prices_ore)
    left = min(amount_ore, sum(prices_ore))
    while left > 0:
        open_lines = [i for i, price in enumerate(prices_ore) if discounts[i] < price]
        per_piece = left // sum(quantities[i] for i in open_lines)
        if per_piece == 0:
            return _hand_out(left, discounts, prices_ore, quantities)
        for i in open_lines:
            part = min(per_piece * quantities[i], prices_ore[i] - discounts[i])
            discounts[i] += part
            left -= part
    return discounts


def _hand_out(
    left: int, discounts: list[int], prices_ore: Sequence[int], quantities: Sequence[int]
) -> list[int]:
    """One öre a piece, line by line."""
    for i, price in enumerate(prices_ore):
        part = max(0, min(left, quantities[i], price - discounts[i]))
        discounts[i] += part
        left -= part
    return discounts
