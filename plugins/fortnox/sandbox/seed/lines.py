"""The lines of an order as WooCommerce shows them, from amounts that are worked out already."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from fortnox.sandbox.seed.arithmetic import Amount, half_up, short
from fortnox.sandbox.seed.cart import Basket, Item
from fortnox.sandbox.seed.model import Json, Unrounded
from fortnox.sandbox.seed.registers import TAX_RATES, variation_id, variation_sku

_ZERO = Decimal(0)


@dataclass(slots=True)
class Taxes:
    """VAT collected per rate id: on lines and fees, and on shipping."""

    lines: dict[int, Decimal] = field(default_factory=dict)
    shipping: dict[int, Decimal] = field(default_factory=dict)


def item_line(
    basket: Basket,
    item: Item,
    line_id: int,
    *,
    before: Amount,
    after: Amount,
    rate: tuple[int, Decimal] | None,
) -> Json:
    """One of ``line_items``: before and after the coupon."""
    article, option = item.article, item.option
    gone = basket.product_deleted
    own = "" if option is None else article.options[option]
    sku = article.sku if option is None else variation_sku(article, option)
    return {
        "id": line_id,
        "name": f"{article.name} - {own}" if own else article.name,
        "product_id": 0 if gone else article.product_id,
        "variation_id": 0 if gone or option is None else variation_id(article, option),
        "quantity": item.quantity,
        "tax_class": article.tax_class(basket.day),
        "subtotal": str(before.net),
        "subtotal_tax": str(before.vat),
        "total": str(after.net),
        "total_tax": str(after.vat),
        "taxes": line_taxes(rate, after.exact_vat, str(half_up(before.exact_vat))),
        "meta_data": _option_meta(line_id, own),
        "sku": None if gone else sku,
        "global_unique_id": None if gone else "",
        "price": _number(after.exact_net / item.quantity),
        "image": {"id": 0 if gone else "", "src": ""},
        "parent_name": article.name if own else None,
    }


def _option_meta(line_id: int, own: str) -> list[Json]:
    if not own:
        return []
    return [{"id": line_id * 2, "key": "utforande", "value": own, "display_key": "Utförande",
             "display_value": own}]  # fmt: skip


def line_taxes(rate: tuple[int, Decimal] | None, exact_vat: Decimal, subtotal: str) -> list[Json]:
    """``taxes`` of one line; ``subtotal`` is empty for shipping and fees."""
    if rate is None:
        return []
    return [{"id": rate[0], "total": str(half_up(exact_vat)), "subtotal": subtotal}]


def _number(value: Decimal) -> int | Decimal:
    """A JSON number with at most 15 decimals, as PHP shows ``price``."""
    value = value.quantize(Decimal("1E-15"), rounding=ROUND_HALF_UP).normalize()
    return int(value) if value == value.to_integral_value() else value


def fee_line(fee_id: int, name: str, status: str, amount: Amount, taxes: list[Json]) -> Json:
    """One of ``fee_lines``."""
    return {
        "id": fee_id,
        "name": name,
        "tax_class": "",
        "tax_status": status,
        "amount": str(amount.net),
        "total": str(amount.net),
        "total_tax": str(amount.vat),
        "taxes": taxes,
        "meta_data": [],
    }


def tax_lines(ids: Iterator[int], taxes: Taxes) -> list[Json]:
    """``tax_lines``: what was collected per rate."""
    lines = []
    for rate_id, country, rate, label, _ in TAX_RATES:
        if rate_id not in taxes.lines and rate_id not in taxes.shipping:
            continue
        lines.append({
            "id": next(ids),
            "rate_code": f"{country}-{label.upper()}-1",
            "rate_id": rate_id,
            "label": label,
            "compound": False,
            "tax_total": str(half_up(taxes.lines.get(rate_id, _ZERO))),
            "shipping_tax_total": str(half_up(taxes.shipping.get(rate_id, _ZERO))),
            "rate_percent": int(rate),
            "meta_data": [],
        })  # fmt: skip
    return lines


def coupon_lines(
    basket: Basket, lines: list[Json], unrounded: dict[int, Unrounded], ids: Iterator[int]
) -> list[Json]:
    """From unrounded amounts, so that it can be an öre off the order's ``discount_total``."""
    coupon = basket.coupon
    if coupon is None:
        return []
    kept = [unrounded[line["id"]] for line in lines]
    net = sum((Decimal(k.subtotal) - Decimal(k.total) for k in kept), _ZERO)
    vat = sum((Decimal(k.subtotal_tax) - Decimal(k.total_tax) for k in kept), _ZERO)
    return [
        {
            "id": next(ids),
            "code": coupon.code,
            "discount": short(half_up(net)),
            "discount_tax": short(half_up(vat)),
            "meta_data": [],
            "discount_type": coupon.kind,
            "nominal_amount": coupon.amount,
            "free_shipping": coupon.free_shipping,
        }
    ]
