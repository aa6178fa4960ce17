"""Freight and fees of a mixed basket: one line in the shop, several VAT rates. Pure.

WooCommerce spreads a negative fee over the rates of the goods, plugins do so with freight. The
line tells the tax of each rate, and a rate's tax is its share of the amount times the rate: so the
shares are known, if together they are the line's amount.
"""

from dataclasses import replace
from decimal import Decimal

from fortnox.core.money import round_half_up, split
from fortnox.core.orders import LineKind, OrderLine
from fortnox.shops.woocommerce.fields import Json, number, ore_or_none, rows, text
from fortnox.shops.woocommerce.vat import Rates, Taxed, TaxRate

_HUNDRED = Decimal(100)
#: A tax amount is rounded to the öre, its share of the net amount by 100 / rate as much.
_HALF_ORE = Decimal("0.5")
_MIXED = (LineKind.SHIPPING, LineKind.FEE)


def split_by_rate(row: Json, line: OrderLine, rates: Rates) -> tuple[OrderLine, ...]:
    """The line as one line per rate, sums unchanged; empty when that is not certain.

    Args:
        row: The shop's line.
        line: The same, before its rate is known.
        rates: The order's rates.
    """
    taxes = _taxes(row, rates)
    if line.kind not in _MIXED or len(taxes) < 2:  # noqa: PLR2004 - several
        return ()
    # A refund's amounts are negative in the shop and positive here.
    turned = -1 if (sum(ore for _, _, ore in taxes) < 0) != (line.vat_ore < 0) else 1
    shares = [round_half_up(turned * ore * _HUNDRED / pct) for _, pct, ore in taxes]
    # The lower the rate, the less certain its share: what is left goes where the doubt is.
    doubts = [_HALF_ORE * _HUNDRED / pct for _, pct, _ in taxes]
    left_ore = line.net_ore - sum(shares)
    if abs(left_ore) > sum(doubts) + len(taxes):
        return ()
    parts_of_left = split(left_ore, [round_half_up(doubt * _HUNDRED) for doubt in doubts])
    nets = [share + part for share, part in zip(shares, parts_of_left, strict=True)]
    vats = split(line.vat_ore, [abs(ore) for _, _, ore in taxes])
    parts = tuple(
        _part(line, rate, pct, net_ore, vat_ore)
        for (rate, pct, _), net_ore, vat_ore in zip(taxes, nets, vats, strict=True)
    )
    return parts if all(_fits(part) for part in parts) else ()


def _taxes(row: Json, rates: Rates) -> list[tuple[TaxRate, Decimal, int]]:
    """Rate, per cent and öre of each tax that the line has an amount of; none if one is unclear."""
    found: list[tuple[TaxRate, Decimal, int]] = []
    for tax in rows(row, "taxes"):
        if not number(tax.get("total")):
            continue
        ore, rate = ore_or_none(tax.get("total")), rates.get(text(tax, "id"))
        if not ore or rate is None or not rate.rate_pct or rate.compound:
            return []
        found.append((rate, rate.rate_pct, ore))
    return found


def _part(line: OrderLine, rate: TaxRate, pct: Decimal, net_ore: int, vat_ore: int) -> OrderLine:
    return replace(
        line,
        line_id=f"{line.line_id}-{pct:f}",
        net_ore=net_ore,
        vat_ore=vat_ore,
        vat_rate_pct=pct,
        vat_country=rate.country,
    )


def _fits(part: OrderLine) -> bool:
    taxed = Taxed(
        net_ore=part.net_ore, vat_ore=part.vat_ore, quantity=part.quantity, where=part.line_id
    )
    return part.vat_rate_pct is not None and taxed.fits(part.vat_rate_pct, Decimal(2))
