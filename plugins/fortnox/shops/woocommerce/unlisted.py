"""Money that an order names beside its lines: gift cards and store credit of plugins. Pure.

Gift card plugins lower the order's total with no line for it. They tell it in a field of their own
(``pw_gift_cards_redeemed``, ``gift_cards``), in the order's meta (``_ywgc_applied_gift_cards``) or
as a coupon of a type of their own (``smart_coupon``). Only field and amount are kept: a card's
number is money.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from fortnox.core.orders import UnlistedAmount
from fortnox.shops.woocommerce.fields import Json, ore_or_none, rows, text

#: Fields that plugins add to an order: lists of cards, each with its ``amount``.
AMOUNT_FIELDS = ("gift_cards", "pw_gift_cards_redeemed")

_MONEY_KEY = re.compile(
    r"gift|presentkort|voucher|credit|wallet|funds|smart_coupons", re.IGNORECASE
)
#: WooCommerce's own coupon types: discounts, which are inside the lines.
_DISCOUNTS = frozenset({"percent", "fixed_cart", "fixed_product", ""})


def unlisted_amounts(data: Json) -> Iterator[UnlistedAmount]:
    """Amounts above zero, in the order's currency; what can't be read as money is left out."""
    for found_in, name, amount_ore in _found(data):
        if amount_ore > 0:
            yield UnlistedAmount(found_in=found_in, name=name, amount_ore=amount_ore)


def _found(data: Json) -> Iterator[tuple[Literal["order_field", "coupon_type"], str, int]]:
    for name in AMOUNT_FIELDS:
        yield "order_field", name, _sum_ore(data.get(name))
    for meta in rows(data, "meta_data"):
        key = text(meta, "key")
        if _MONEY_KEY.search(key):
            yield "order_field", key, _sum_ore(meta.get("value"))
    for coupon in rows(data, "coupon_lines"):
        kind = text(coupon, "discount_type")
        if kind not in _DISCOUNTS:
            parts = (ore_or_none(coupon.get(name)) for name in ("discount", "discount_tax"))
            yield "coupon_type", kind, sum(part or 0 for part in parts)


def _sum_ore(value: object) -> int:
    """A number, a list of cards with ``amount``, or an object of card number -> amount."""
    if isinstance(value, Mapping):
        value = [value] if "amount" in value else list(value.values())
    if isinstance(value, list):
        return sum(_card_ore(card) for card in value)
    return ore_or_none(value) or 0


def _card_ore(card: object) -> int:
    return ore_or_none(card.get("amount") if isinstance(card, Mapping) else card) or 0
