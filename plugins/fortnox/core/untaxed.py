"""What an amount without VAT is: a gift card, a store credit, a rounding; else the order is held.

A means of payment never lowers the VAT, a discount always does, and both look alike: a negative
fee, or a total below the lines. So nothing counts as a means of payment that untaxed_amounts.csv
does not name, and what lowers a total must be named with that very amount.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from fortnox.core.mapping import FoundIn, Mappings, ShopRow, UntaxedAmountRow
from fortnox.core.money import format_ore, vat_of_gross
from fortnox.core.orders import LineKind, Order, OrderLine, Problem, UnlistedAmount

_ZERO = Decimal(0)
_ARTICLES = (LineKind.GOODS, LineKind.SERVICE, LineKind.ARTICLE)
_PAYMENTS = (LineKind.GIFT_CARD, LineKind.STORE_CREDIT)
#: Rounding to whole kronor moves at most half a krona.
_LARGEST_ROUNDING_ORE = 50
_BY_HAND = "Book it by hand."


def identified(order: Order, shop: ShopRow, mappings: Mappings) -> Order | Problem:
    """The order with a kind and a rate for each amount without VAT, or why it is held."""
    lines = identified_lines(order.lines, shop, mappings)
    if isinstance(lines, Problem):
        return lines
    payments = _lowered_total(order, lines, shop, mappings)
    if isinstance(payments, Problem):
        return payments
    lines = (*lines, *payments)
    if lines == order.lines:
        return order
    # A card that was sold with VAT takes its VAT back when it is used (AC-24).
    taken_back = sum(line.vat_ore for line in lines) - sum(line.vat_ore for line in order.lines)
    return replace(order, lines=lines, total_vat_ore=order.total_vat_ore + taken_back)


def identified_lines(
    lines: Iterable[OrderLine], shop: ShopRow, mappings: Mappings
) -> tuple[OrderLine, ...] | Problem:
    """The lines of an order or a refund, each with its kind; or the first that nobody named."""
    found: list[OrderLine] = []
    for line in lines:
        made = _identified_line(line, shop, mappings)
        if isinstance(made, Problem):
            return made
        found.append(made)
    return tuple(found)


def _identified_line(line: OrderLine, shop: ShopRow, mappings: Mappings) -> OrderLine | Problem:
    is_untaxed = line.vat_ore == 0 and not line.vat_rate_pct
    if line.kind is LineKind.FEE and line.gross_ore:
        row = mappings.untaxed_amount(shop.shop, "fee_name", line.name)
        if is_untaxed:
            return _untaxed_fee(line, row)
        return _taxed_fee(line, row)
    if line.kind in _PAYMENTS and line.vat_rate_pct is None:
        return replace(line, vat_rate_pct=_ZERO)
    if line.gross_ore < 0 and line.kind not in (*_PAYMENTS, LineKind.DISCOUNT, LineKind.ROUNDING):
        return _negative_line(line)
    if is_untaxed and line.vat_rate_pct is None and line.kind in _ARTICLES:
        row = mappings.untaxed_amount(shop.shop, "product_name", line.name)
        if row is not None and row.meaning == "gift_card":
            return replace(line, kind=LineKind.GIFT_CARD, vat_rate_pct=_ZERO)
    return line


def _untaxed_fee(line: OrderLine, row: UntaxedAmountRow | None) -> OrderLine | Problem:
    """Positive and unknown fees go on: their VAT rate, or the lack of one, decides them."""
    kind = LineKind(row.meaning) if row else None
    if kind is LineKind.ROUNDING and abs(line.gross_ore) <= _LARGEST_ROUNDING_ORE:
        return replace(line, kind=kind, vat_rate_pct=_ZERO)
    if line.gross_ore > 0:
        return line
    if row is None or kind not in _PAYMENTS:
        return _negative_fee(line)
    return _payment(line, row)


def _taxed_fee(line: OrderLine, row: UntaxedAmountRow | None) -> OrderLine | Problem:
    if line.gross_ore > 0:
        return line
    if row is not None and row.meaning != "rounding":
        return Problem(
            code="payment_with_vat",
            text=f"line {line.line_id} is a {row.meaning.replace('_', ' ')} by its name, but it "
            f"took VAT of {format_ore(-line.vat_ore)} off: the shop recalculated it as a discount",
            remedy="Make the fee free of tax in the shop, or book the order by hand.",
        )
    return replace(line, kind=LineKind.DISCOUNT)


def _payment(line: OrderLine, row: UntaxedAmountRow) -> OrderLine:
    rate_pct = row.vat_rate_pct or _ZERO
    vat_ore = vat_of_gross(line.gross_ore, rate_pct)
    return replace(
        line,
        kind=LineKind(row.meaning),
        net_ore=line.gross_ore - vat_ore,
        vat_ore=vat_ore,
        vat_rate_pct=rate_pct,
        vat_country="SE" if rate_pct else "",
    )


def _lowered_total(
    order: Order, lines: tuple[OrderLine, ...], shop: ShopRow, mappings: Mappings
) -> tuple[OrderLine, ...] | Problem:
    """Lines for the means of payment that lowered the total, where they explain all of it."""
    missing_ore = sum(line.gross_ore for line in lines) - order.head.total_ore
    named = list(_named(order.unlisted, shop, mappings))
    explained = _explanation(named, missing_ore, shop.rounding_tolerance_ore)
    if explained is not None:
        return explained
    as_coupon = [line for amount, line in named if amount.found_in == "coupon_type"]
    is_in_lines = any(line.discount_ore for line in lines)
    if as_coupon and is_in_lines and abs(missing_ore) <= shop.rounding_tolerance_ore:
        kind = as_coupon[0].kind.value.replace("_", " ")
        return Problem(
            code="payment_with_vat",
            text=f"a {kind} was used as a coupon, which lowered the lines and their VAT",
            remedy="Set the plugin to apply it after tax; book this order by hand.",
        )
    return ()


def _named(
    unlisted: Iterable[UnlistedAmount], shop: ShopRow, mappings: Mappings
) -> Iterator[tuple[UnlistedAmount, OrderLine]]:
    for number, amount in enumerate(unlisted, start=1):
        found_in: FoundIn = amount.found_in
        row = mappings.untaxed_amount(shop.shop, found_in, amount.name)
        if row is not None and row.meaning in _PAYMENTS and amount.amount_ore > 0:
            line = OrderLine(
                line_id=f"payment-{number}",
                kind=LineKind(row.meaning),
                name="Presentkort" if row.meaning == "gift_card" else "Tillgodohavande",
                quantity=Decimal(1),
                net_ore=-amount.amount_ore,
                vat_ore=0,
            )
            yield amount, _payment(line, row)


def _explanation(
    named: list[tuple[UnlistedAmount, OrderLine]], missing_ore: int, tolerance_ore: int
) -> tuple[OrderLine, ...] | None:
    """One amount that is what is missing, or all of them together; else None.

    Plugins write the same money into several fields, so one that fits counts before their sum.
    """
    if missing_ore <= tolerance_ore:
        return None
    lines = [line for _, line in named]
    fitting = [(line,) for line in lines if abs(missing_ore + line.gross_ore) <= tolerance_ore]
    if fitting:
        kinds = {(line.kind, line.vat_rate_pct) for (line,) in fitting}
        return fitting[0] if len(kinds) == 1 else None
    together = missing_ore + sum(line.gross_ore for line in lines)
    return tuple(lines) if lines and abs(together) <= tolerance_ore else None


def _negative_fee(line: OrderLine) -> Problem:
    return Problem(
        code="negative_fee",
        text=f"line {line.line_id} takes {format_ore(-line.gross_ore)} off without VAT: a gift "
        "card, a store credit or a discount, and no row of untaxed_amounts.csv says which",
        remedy="Add its name to untaxed_amounts.csv, or book it by hand.",
    )


def _negative_line(line: OrderLine) -> Problem:
    """Goods that came back or were traded in have an account and a VAT rule of their own."""
    return Problem(
        code="negative_line",
        text=f"line {line.line_id} ({line.kind.value}) takes {format_ore(-line.gross_ore)} off: "
        "goods that came back or were traded in, and the shop does not say which",
        remedy=_BY_HAND,
    )
