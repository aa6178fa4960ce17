"""Another sale made from an old one, and ids for lines that are copies."""

import copy
from collections.abc import Sequence

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.state import Registers

_WITH_IDS = ("line_items", "shipping_lines", "fee_lines", "coupon_lines", "tax_lines")


def sold_again(orders: Sequence[Json], registers: Registers) -> Json:
    """The newest ordinary order once more, paid and not delivered, with ids of its own.

    Raises:
        LookupError: The shop has no paid order to copy.
    """
    ordinary = [o for o in orders if o["status"] in ("processing", "completed") and o["date_paid"]]
    newest = max(
        (o for o in ordinary if not o["refunds"]), key=lambda o: int(o["id"]), default=None
    )
    if newest is None:
        raise LookupError("no paid order to sell again")
    order = copy.deepcopy(newest)
    renumber(order, registers)
    order_id = registers.next_id("post")
    # What was recorded names the old order's own address.
    kept = {name: value for name, value in order.items() if name not in ("_links", "payment_url")}
    return kept | {
        "id": order_id,
        "number": str(order_id),
        "status": "processing",
        "date_completed": None,
        "date_completed_gmt": None,
    }


def renumber(document: Json, registers: Registers) -> None:
    """Give the lines of an order or refund ids of their own."""
    for line in (line for name in _WITH_IDS for line in document.get(name, ())):
        line["id"] = registers.next_id("item")
