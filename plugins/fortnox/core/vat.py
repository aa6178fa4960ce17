"""The VAT rate of each line, checked against its own amounts and its market.

Rates come from the order, never from today's tax table (rules of the books 21; peers looked them
up and booked refunds at the wrong rate when the law changed).
"""

from decimal import Decimal

from fortnox.core.market import Market, SaleMarket
from fortnox.core.money import format_ore, vat_of_gross
from fortnox.core.orders import Order, OrderLine, Problem

_ZERO = Decimal(0)
#: A shop rounds net and VAT of a line each by itself: up to one öre each.
_LINE_TOLERANCE_ORE = 2


def order_vat_problem(order: Order, market: SaleMarket) -> Problem | None:
    """Why this order's VAT can't be booked for certain by this version; None when it can."""
    lines = [line for line in order.lines if line.gross_ore != 0 or line.vat_ore != 0]
    market_problem = _market_problem(lines, market)
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
    """The rate to book a line at: its own, or 0 in export, where shops send no tax line."""
    if line.vat_rate_pct is None and market.market is Market.EXPORT:
        return _ZERO
    if line.vat_rate_pct is None:
        raise ValueError(f"line {line.line_id} has no VAT rate")
    return line.vat_rate_pct


def _market_problem(lines: list[OrderLine], market: SaleMarket) -> Problem | None:
    vat_ore = sum(line.vat_ore for line in lines)
    # A country's rate of 0 % is how some shops say export; nothing is owed to that country.
    taxed = (line for line in lines if line.vat_ore or line.vat_rate_pct)
    foreign = {line.vat_country for line in taxed} - {"", "SE"}
    if foreign:
        return Problem(
            code="foreign_vat",
            text=f"VAT of {', '.join(sorted(foreign))} was charged; this version books Swedish "
            "VAT and export, not OSS",
            remedy="Book it by hand on the country's OSS accounts.",
        )
    if market.market is Market.EU_BUSINESS:
        return Problem(
            code="reverse_charge_evidence",
            text=f"sale without VAT to an EU business in {market.country}: the evidence (number "
            "valid in VIES at the time of sale) is not recorded",
            remedy="Check the VAT number in VIES, keep the answer, and book it by hand.",
        )
    if market.market is Market.EU_CONSUMER and lines and vat_ore == 0:
        return Problem(
            code="eu_sale_without_vat",
            text=f"no VAT was charged to a buyer in {market.country}, inside the EU, without a "
            "VAT number",
            remedy="Set up the country's tax rate in the shop; book this order by hand.",
        )
    if market.market is Market.EXPORT and vat_ore != 0:
        return Problem(
            code="vat_on_export",
            text=f"VAT was charged on a sale to {market.country}, outside the EU",
            remedy="Correct the order in the shop, or book it by hand.",
        )
    return None


def _line_problem(line: OrderLine, market: SaleMarket) -> Problem | None:
    rate = line.vat_rate_pct
    if rate is None:
        if market.market is Market.EXPORT:
            return None
        return Problem(
            code="no_vat_rate",
            text=f"line {line.line_id} ({line.kind.value}, {format_ore(line.gross_ore)}) has no "
            "VAT rate in the shop: a gift card, an exempt sale or a mistake",
            remedy="Give it a tax rate in the shop (0 % for an exempt sale), or book it by hand.",
        )
    if rate != rate.to_integral_value():
        return Problem(
            code="vat_rate_not_whole",
            text=f"line {line.line_id}: {rate} % can't be sent on an invoice row",
            remedy="Book it by hand.",
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
    by_rate: dict[Decimal, list[OrderLine]] = {}
    for line in lines:
        by_rate.setdefault(line_rate(line, market), []).append(line)
    for rate, group in by_rate.items():
        expected = sum(vat_of_gross(line.gross_ore, rate) for line in group)
        charged = sum(line.vat_ore for line in group)
        if abs(expected - charged) > len(group):
            return Problem(
                code="vat_does_not_fit_rate",
                text=f"VAT at {rate} % is {format_ore(charged)}; the {len(group)} lines give "
                f"{format_ore(expected)}",
                remedy="Recalculate the order in the shop, or book it by hand.",
            )
    return None
