"""The VAT of an order, checked against its own amounts and its market: certain, or held.

Rates come from the order, never from today's tax table (rules of the books 21; peers looked them
up and booked refunds at the wrong rate when the law changed).
"""

from decimal import Decimal

from fortnox.core.market import Market, SaleMarket, vat_countries
from fortnox.core.money import format_ore, vat_of_gross
from fortnox.core.orders import LineKind, Order, OrderLine, Problem
from fortnox.core.territories import EU_COUNTRIES, NORTHERN_IRELAND

_ZERO = Decimal(0)
#: A shop rounds net and VAT of a line each by itself: up to one öre each.
_LINE_TOLERANCE_ORE = 2


def order_vat_problem(order: Order, market: SaleMarket) -> Problem | None:
    """Why this order's VAT can't be booked for certain; None when it can."""
    lines = [line for line in order.lines if line.gross_ore != 0 or line.vat_ore != 0]
    market_problem = _country_problem(lines, market) or _market_problem(lines, market)
    if market_problem:
        return market_problem
    for line in lines:
        problem = _line_problem(line, market)
        if problem:
            return problem
    problem = _rate_problem(lines, market)
    if problem:
        return problem
    line_vat = sum(line.vat_ore for line in lines)
    if abs(line_vat - order.total_vat_ore) > len(lines):
        return Problem(
            code="vat_total_differs",
            text=f"the lines' VAT is {format_ore(line_vat)}, the order's total VAT is "
            f"{format_ore(order.total_vat_ore)}",
            remedy="Recalculate the order in the shop, or book it by hand.",
        )
    return None


def line_rate(line: OrderLine, market: SaleMarket) -> Decimal:
    """The rate to book a line at: its own, or 0 where shops rightly send no tax line."""
    if line.vat_rate_pct is None and market.is_untaxed:
        return _ZERO
    if line.vat_rate_pct is None:
        raise ValueError(f"line {line.line_id} has no VAT rate")
    return line.vat_rate_pct


def _country_problem(lines: list[OrderLine], market: SaleMarket) -> Problem | None:
    """One country's VAT, and that of the country where the sale went."""
    named = vat_countries(lines, market.country)
    if len(named) > 1:
        return Problem(
            code="several_vat_countries",
            text=f"VAT of {' and '.join(sorted(named))} on one order",
            remedy="Correct the tax settings and the order in the shop, or book it by hand.",
        )
    if market.market is Market.EXPORT and market.vat_country in EU_COUNTRIES:
        return Problem(
            code="vat_on_export",
            text=f"VAT of {market.vat_country} was charged on a sale to {market.country}, outside "
            "the EU's VAT area",
            remedy="Correct the order in the shop, or book it by hand.",
        )
    if market.is_foreign_vat and market.vat_country != market.country:
        return Problem(
            code="foreign_vat",
            text=f"VAT of {market.vat_country} was charged on a sale to {market.country}",
            remedy="Correct the order in the shop, or book it by hand.",
        )
    return None


def _market_problem(lines: list[OrderLine], market: SaleMarket) -> Problem | None:
    if market.market is Market.EU_CONSUMER and lines and not market.vat_country:
        return Problem(
            code="eu_sale_without_vat",
            text=f"no VAT was charged to a buyer in {market.country}, inside the EU, without a "
            "VAT number",
            remedy="Set up the country's tax rate in the shop; book this order by hand.",
        )
    kinds = {line.kind for line in lines}
    is_mixed = LineKind.SERVICE in kinds and not kinds.isdisjoint(
        {LineKind.GOODS, LineKind.ARTICLE}
    )
    if market.country == NORTHERN_IRELAND and is_mixed and market.vat_country != "SE":
        return Problem(
            code="northern_ireland_mixed",
            text="goods and services to Northern Ireland in one order: EU VAT is for the goods "
            "only",
            remedy="Book it by hand, the services as export.",
        )
    return None


def _line_problem(line: OrderLine, market: SaleMarket) -> Problem | None:
    rate = line.vat_rate_pct
    if rate is None:
        if market.is_untaxed:
            return None
        return Problem(
            code="no_vat_rate",
            text=f"line {line.line_id} ({line.kind.value}, {format_ore(line.gross_ore)}) has no "
            "VAT rate in the shop: a gift card, an exempt sale or a mistake",
            remedy="Give it a tax rate in the shop (0 % for an exempt sale), or book it by hand.",
        )
    expected = vat_of_gross(line.gross_ore, rate)
    if abs(expected - line.vat_ore) > _LINE_TOLERANCE_ORE:
        return Problem(
            code="vat_does_not_fit_rate",
            text=f"line {line.line_id}: VAT {format_ore(line.vat_ore)} does not fit {rate} % of "
            f"{format_ore(line.gross_ore)}, which is {format_ore(expected)}",
            remedy="Recalculate the order in the shop, or book it by hand.",
        )
    return None


def _rate_problem(lines: list[OrderLine], market: SaleMarket) -> Problem | None:
    """Per rate an öre a line (rule 19): what is further off would not verify in Fortnox either."""
    sums: dict[Decimal, tuple[int, int, int]] = {}
    for line in lines:
        rate = line_rate(line, market)
        expected, charged, count = sums.get(rate, (0, 0, 0))
        expected += vat_of_gross(line.gross_ore, rate)
        sums[rate] = (expected, charged + line.vat_ore, count + 1)
    for rate, (expected, charged, count) in sums.items():
        if abs(expected - charged) > count:
            return Problem(
                code="vat_does_not_fit_rate",
                text=f"VAT at {rate} % is {format_ore(charged)}; the {count} lines give "
                f"{format_ore(expected)}",
                remedy="Recalculate the order in the shop, or book it by hand.",
            )
    return None
