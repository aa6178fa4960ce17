"""Orders that are paid before their delivery: deliveries, and the payments before them. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from fortnox.core.advances import Advance, delivery
from fortnox.core.dates import delivery_day, is_delivery, sale_date
from fortnox.core.documents import Held
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.orders import Order, Problem, Refund
from fortnox.core.refunds import gives_nothing_back
from fortnox.core.wanted_credit import wanted_credit
from fortnox.core.wanted_held import held_order
from fortnox.core.wanted_sale import wanted_invoice
from fortnox.core.window import Window, local_day


def wanted_deliveries(
    orders: Mapping[str, Order],
    refunds: Sequence[Refund],
    *,
    shop: ShopRow,
    mappings: Mappings,
    window: Window,
) -> list[Advance | Held]:
    """The deliveries of the window's day, of orders that were paid on an earlier one."""
    delivered = [
        order for order in orders.values() if is_delivery(order.head, shop, mappings, window)
    ]
    outcomes: list[Advance | Held] = []
    for order in delivered:
        before = [one for one in refunds if one.order_id == order.head.order_id]
        outcome = wanted_delivery(order, before, shop=shop, mappings=mappings)
        if isinstance(outcome, Problem):
            outcomes.append(held_order(order.head, window.day, outcome))
        else:
            outcomes.append(outcome)
    return outcomes


def wanted_delivery(
    order: Order, refunds: Iterable[Refund], *, shop: ShopRow, mappings: Mappings
) -> Advance | Problem:
    """The delivery of an order that was paid in advance (rule 18).

    Args:
        order: Paid on an earlier day than it was delivered.
        refunds: Its refunds; those made before the day of the delivery are taken off.
        shop: Row of shops.csv.
        mappings: All mappings.
    """
    day = delivery_day(order.head, shop)
    sale = sale_date(order.head, shop, mappings)
    payment = wanted_invoice(order, sale, shop=shop, mappings=mappings)
    if isinstance(payment, Problem):
        return payment
    if day is None or not isinstance(payment, Advance):
        raise ValueError(f"order {order.head.order_id} is no advance")
    given_back: list[Advance] = []
    for refund in refunds:
        if local_day(refund.created_utc, shop.zone) >= day or gives_nothing_back(refund):
            continue
        part = wanted_credit(refund, order, shop=shop, mappings=mappings)
        if isinstance(part, Problem):
            return part
        if isinstance(part, Advance):
            given_back.append(part)
    return delivery(payment, day, given_back)


def with_payments(
    advances: Sequence[Advance],
    orders: Mapping[str, Order],
    *,
    shop: ShopRow,
    mappings: Mappings,
) -> Iterable[Advance]:
    """The events, and the payments that they go on from: no order of days is asked for."""
    yield from advances
    paid = {one.order_id for one in advances if not one.after}
    for order_id in sorted({one.order_id for one in advances} - paid):
        head = orders[order_id].head
        sale = sale_date(head, shop, mappings)
        payment = wanted_invoice(orders[order_id], sale, shop=shop, mappings=mappings)
        if isinstance(payment, Advance):
            yield payment
