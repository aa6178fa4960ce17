"""Orders and refunds that wait for a person, in the words of the report. Pure."""

from datetime import date

from fortnox.core.documents import Held
from fortnox.core.mapping import ShopRow
from fortnox.core.orders import Order, OrderHead, Problem, Refund
from fortnox.core.window import local_day


def held_order(head: OrderHead, day: date | None, problem: Problem) -> Held:
    """An order with what is not certain about it, on the day that is known."""
    return Held(
        kind="order",
        order_id=head.order_id,
        order_number=head.number,
        amount_ore=head.total_ore,
        code=problem.code,
        reason=problem.text,
        remedy=problem.remedy,
        day=day,
        currency=head.currency,
    )


def held_refund(
    refund: Refund, shop: ShopRow, problem: Problem, order: Order | None = None
) -> Held:
    """A refund with what is not certain about it, on its own day."""
    return Held(
        kind="refund",
        order_id=refund.order_id,
        order_number=order.head.number if order else refund.order_id,
        amount_ore=-refund.amount_ore,
        code=problem.code,
        reason=problem.text,
        remedy=problem.remedy,
        day=local_day(refund.created_utc, shop.zone),
        currency=order.head.currency if order else "",
        refund_id=refund.refund_id,
    )


def order_gone(refund: Refund) -> Problem:
    """The refund is there and its order is not."""
    return Problem(
        code="order_of_refund_gone",
        text=f"refund {refund.refund_id} belongs to an order that the shop no longer has",
        remedy="Make the credit invoice in Fortnox by hand, on the refund's day.",
    )
