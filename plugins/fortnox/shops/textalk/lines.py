"""An order's lines: items after their discount, freight and payment fee. Pure.

Observed arithmetic: items stand before discount, ``cart`` is items minus discounts, ``total`` is
cart, payment fee and shipment. Each cost has a rate of its own; rates of sums are blends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fortnox.core.orders import LineKind, OrderLine, Problem
from fortnox.shops.listing import Json
from fortnox.shops.textalk.fields import (
    BY_HAND,
    Cost,
    amount_ore,
    cost,
    number,
    part,
    parts,
    rate_pct,
    text,
)
from fortnox.shops.textalk.settings import TextalkSettings

_ONE = Decimal(1)
_ZERO = Decimal(0)
_STANDARD = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineContext:
    """What decides a line besides itself.

    Attributes:
        settings: The owner's answers.
        has_vat: The order's ``hasVat``: False says that the sale as a whole is free of VAT.
        vat_country: Whose VAT it is; empty when nobody knows.
    """

    settings: TextalkSettings
    has_vat: bool
    vat_country: str


def order_lines(order: Json, context: LineContext, problems: list[Problem]) -> list[OrderLine]:
    """All lines that cost something, and the check that the items are the whole cart."""
    lines = [_item_line(item, context, problems) for item in parts(order, "items")]
    cart_ore = amount_ore(part(part(order, "costs"), "cart"), "incVat", "The cart", problems)
    if not problems and cart_ore != sum(line.gross_ore for line in lines):
        problems.append(
            Problem(
                code="cart_differs",
                text="The items, less their discounts, are not the cart's sum: a discount or a "
                "gift card that stands on no item.",
                remedy=BY_HAND,
            )
        )
    return [*lines, *_extra_lines(order, context, problems)]


def _item_line(item: Json, context: LineContext, problems: list[Problem]) -> OrderLine:
    line_id = text(item, "uid")
    where = f"Item {line_id}"
    full = part(part(item, "costs"), "total")
    paid = cost(full, where, problems)
    for discount in parts(item, "discountInfo"):
        paid -= cost(discount, f"{where} (discount)", problems)
    return OrderLine(
        line_id=line_id,
        kind=_kind(item, context.settings),
        name=text(item, "articleName") or text(item, "articleNumber"),
        quantity=_quantity(item, where, problems),
        net_ore=paid.gross_ore - paid.vat_ore,
        vat_ore=paid.vat_ore,
        sku=text(item, "articleNumber"),
        vat_rate_pct=_rate(full, paid, context, where, problems),
        vat_country=context.vat_country,
    )


def _kind(item: Json, settings: TextalkSettings) -> LineKind:
    """Goods, unless it is a download, a named service, or an article of an unknown type."""
    article_type = text(part(item, "article"), "type").lower()
    if "gift" in article_type:
        return LineKind.GIFT_CARD
    if item.get("download") or settings.is_service(text(item, "articleNumber")):
        return LineKind.SERVICE
    return LineKind.GOODS if article_type in {"", _STANDARD} else LineKind.ARTICLE


def _quantity(item: Json, where: str, problems: list[Problem]) -> Decimal:
    """``choices.quantity``; none means one piece."""
    value = part(item, "choices").get("quantity")
    quantity = _ONE if value is None else number(value)
    if quantity is not None and quantity > 0:
        return quantity
    problems.append(
        Problem(
            code="unreadable_quantity",
            text=f"{where}: its quantity is not a number above 0.",
            remedy=BY_HAND,
        )
    )
    return _ONE


def _rate(
    data: Json, paid: Cost, context: LineContext, where: str, problems: list[Problem]
) -> Decimal | None:
    rate = rate_pct(data)
    if not context.has_vat and not paid.vat_ore and not rate:
        # Export, reverse charge or a shop without VAT: the order names no rate.
        return None
    if rate is None and (paid.gross_ore or paid.vat_ore):
        problems.append(
            Problem(
                code="unknown_vat_rate",
                text=f"{where}: its VAT rate is missing, or a blend of several.",
                remedy=BY_HAND,
            )
        )
    return rate


def _extra_lines(order: Json, context: LineContext, problems: list[Problem]) -> Iterator[OrderLine]:
    costs = part(order, "costs")
    for key, kind, name in (
        ("shipment", LineKind.SHIPPING, "Frakt"),
        ("payment", LineKind.FEE, "Betalningsavgift"),
    ):
        data = part(costs, key)
        if not data:
            continue
        where = f"The order's {key}"
        paid = cost(data, where, problems)
        if not paid.gross_ore and not paid.vat_ore:
            continue
        yield OrderLine(
            line_id=key,
            kind=kind,
            name=name,
            quantity=_ONE,
            net_ore=paid.gross_ore - paid.vat_ore,
            vat_ore=paid.vat_ore,
            vat_rate_pct=_rate(data, paid, context, where, problems),
            vat_country=context.vat_country,
        )
