"""The order of a smoke test that somebody placed at the shop's own checkout.

Then the whole way is tested, checkout, payment method and VAT included. Where nobody but the
checkout makes orders (Textalk), it is the only way.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from fortnox.api.client import FortnoxClient
from fortnox.core.errors import FatalError
from fortnox.core.orders import Order
from fortnox.core.smoke import Check, SmokeProduct, as_told
from fortnox.shops.base import Shop
from fortnox.steps.smoke_checks import article_checks

#: How long ago it may have been placed.
RECENT = timedelta(days=7)
_AHEAD = timedelta(minutes=10)


def placed_order(shop: Shop, number: str, now: datetime) -> Order:
    """The order with this number, as the buyer sees it.

    Raises:
        FatalError: None of the last days has it.
    """
    heads = shop.heads_created(now - RECENT, now + _AHEAD)
    ids = [head.order_id for head in heads if head.number == number]
    for order in shop.orders(ids) if ids else ():
        return order
    raise FatalError(
        f"The shop has no order {number} of the last {RECENT.days} days.",
        remedy="Place one at its checkout, and give its number as the buyer sees it.",
    )


def line_checks(client: FortnoxClient, order: Order) -> Iterator[Check]:
    """The article of each line. Other prices are told: a discount or a campaign explains them."""
    for line in order.lines:
        if not line.sku or not line.quantity:
            continue
        before = (line.net_ore + line.discount_net_ore, line.gross_ore + line.discount_ore)
        net_ore, gross_ore = (_of_one(ore, line.quantity) for ore in before)
        product = SmokeProduct(product_id=line.line_id, sku=line.sku, name=line.name)
        found = article_checks(
            client, product, gross_ore=gross_ore, net_ore=net_ore, name_flows=False
        )
        yield from map(as_told, found)


def _of_one(ore: int, quantity: Decimal) -> int:
    return int((Decimal(ore) / quantity).to_integral_value(rounding=ROUND_HALF_UP))
