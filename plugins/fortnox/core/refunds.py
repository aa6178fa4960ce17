"""What a refund gives back of its order: the lines that its credit invoice has (rule 21). Pure.

Rates and accounts are those of the sale, whatever they are today, so a refund is made into a part
of its order and goes through the same rules as the sale did.
"""

from dataclasses import replace
from decimal import Decimal

from fortnox.core.documents import InvoiceRow
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore, split, vat_of_gross
from fortnox.core.orders import LineKind, Order, OrderLine, Problem, Refund

_Group = tuple[LineKind, Decimal | None, str]


def credited_part(refund: Refund, order: Order, shop: ShopRow) -> Order | Problem:
    """The refunded part as an order of its own, amounts positive; or why nobody can tell it."""
    if refund.problems:
        return refund.problems[0]
    lines = refund.lines or _lines_of_amount(refund, order, shop)
    if isinstance(lines, Problem):
        return lines
    return replace(
        order,
        head=replace(order.head, total_ore=refund.amount_ore),
        lines=lines,
        total_vat_ore=sum(line.vat_ore for line in lines),
    )


def negated(rows: tuple[InvoiceRow, ...]) -> tuple[InvoiceRow, ...]:
    """Rows of a credit invoice: negative quantities, as Fortnox wants them."""
    return tuple(
        replace(row, quantity=-row.quantity, shop_vat_ore=-row.shop_vat_ore)
        for row in map(_without_discount, rows)
    )


def _without_discount(row: InvoiceRow) -> InvoiceRow:
    """One of the whole amount: what a discount in kronor does to a negative quantity is unknown."""
    if not row.discount_ore:
        return row
    return replace(row, quantity=Decimal(1), price_ore=row.total_ore, discount_ore=0)


def gives_nothing_back(refund: Refund) -> bool:
    """A refund of 0.00, with or without pieces coming back, has no posting."""
    return refund.amount_ore == 0 and all(line.gross_ore == 0 for line in refund.lines)


def _lines_of_amount(
    refund: Refund, order: Order, shop: ShopRow
) -> tuple[OrderLine, ...] | Problem:
    """Lines for a refund that names none: all of the order's, or its rates by value."""
    others_ore = (order.refunded_ore or 0) - refund.amount_ore
    if refund.amount_ore == order.head.total_ore and others_ore <= 0:
        return order.lines
    if shop.refund_amount_only == "hold":
        return Problem(
            code="refund_without_lines",
            text=f"refund {refund.refund_id} gives back {format_ore(refund.amount_ore)} of "
            f"{format_ore(order.head.total_ore)}, and does not say for what",
            remedy="Refund lines in the shop, or set refund_amount_only to split in shops.csv: "
            "the amount is then split over the order's VAT rates by value.",
        )
    if others_ore > 0 or any(line.gross_ore < 0 for line in order.lines):
        return Problem(
            code="refund_split_unclear",
            text=f"refund {refund.refund_id} has no lines, and the order has other refunds or "
            "negative lines: what is left at which rate is not certain",
            remedy="Make the credit invoice in Fortnox by hand, on the refund's day.",
        )
    return _by_value(refund, order)


def _by_value(refund: Refund, order: Order) -> tuple[OrderLine, ...]:
    """One line per kind and rate, by value; the largest remainders get the last öre."""
    gross: dict[_Group, int] = {}
    for line in order.lines:
        if line.gross_ore:
            group = (line.kind, line.vat_rate_pct, line.vat_country)
            gross[group] = gross.get(group, 0) + line.gross_ore
    parts = split(refund.amount_ore, list(gross.values()))
    return tuple(
        _part(f"{refund.refund_id}-{number}", group, ore)
        for number, (group, ore) in enumerate(zip(gross, parts, strict=True), start=1)
        if ore
    )


def _part(line_id: str, group: _Group, gross_ore: int) -> OrderLine:
    kind, rate_pct, country = group
    vat_ore = vat_of_gross(gross_ore, rate_pct or Decimal(0))
    return OrderLine(
        line_id=line_id,
        kind=kind,
        name="Återbetalning",
        quantity=Decimal(1),
        net_ore=gross_ore - vat_ore,
        vat_ore=vat_ore,
        vat_rate_pct=rate_pct,
        vat_country=country,
    )
