"""Pieces that the shop has sold and Fortnox has not heard of, where its invoices move stock."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from fortnox.api.finder import find_by_reference
from fortnox.api.reader import Reader
from fortnox.core.references import sale_reference
from fortnox.shops.base import Shop
from fortnox.steps.run import Run

#: Sales that are in Fortnox within this time; older ones are held, and their pieces are lost here.
_LOOK_BACK = timedelta(days=7)
#: With these WooCommerce has taken the pieces from its stock.
_TAKEN = frozenset({"processing", "on-hold", "completed"})


def pending_quantities(shop: Shop, client: Reader, run: Run) -> Mapping[str, Decimal]:
    """Article number -> pieces of orders of the last week that have no document yet."""
    key = run.shop.reference_key
    heads = shop.heads_created(run.opened_at - _LOOK_BACK, run.opened_at)
    taken = [head.order_id for head in heads if head.status in _TAKEN]
    ids = {sale_reference(key, order_id): order_id for order_id in taken}
    found = find_by_reference(client, key, ids).by_reference if ids else {}
    missing = sorted(order_id for reference, order_id in ids.items() if reference not in found)
    quantities: dict[str, Decimal] = {}
    for order in shop.orders(missing) if missing else ():
        for line in order.lines:
            if line.sku:
                quantities[line.sku] = quantities.get(line.sku, Decimal(0)) + line.quantity
    return quantities
