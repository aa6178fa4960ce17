"""What paid an order: its method for the mapping, and whether the payments are its total. Pure."""

from collections.abc import Sequence

from fortnox.core.orders import Problem
from fortnox.shops.listing import Json
from fortnox.shops.textalk.fields import BY_HAND, amount_ore, parts, text

_PAID = "paid"
#: A payment's states, the one that says most first; tries that came to nothing are left out.
_STATES = (frozenset({_PAID}), frozenset({"reserved"}), frozenset({"pending", "unpaid"}))
_DEAD = frozenset({"cancelled", "error"})


def payment_method(order: Json) -> str:
    """The uid of the method that pays; several with ``+`` between, as a mapping never has them."""
    return "+".join(dict.fromkeys(text(payment, "method") for payment in _counting(order)))


def payment_problems(order: Json, total_ore: int) -> list[Problem]:
    """Why the payments leave open what was paid, and how."""
    problems: list[Problem] = []
    counting = _counting(order)
    if len({text(payment, "method") for payment in counting}) > 1:
        problems.append(
            Problem(
                code="several_payments",
                text="The order is paid in several ways, such as a gift card and a card.",
                remedy=BY_HAND,
            )
        )
    paid = [one for one in counting if text(one, "status") == _PAID]
    amounts = [one for one in paid if one.get("amount") is not None]
    if paid and len(amounts) == len(paid):
        sum_ore = sum(amount_ore(one, "amount", "A payment", problems) for one in amounts)
        if not problems and sum_ore != total_ore:
            problems.append(
                Problem(
                    code="payments_differ",
                    text="What was paid is not the order's total: the order was edited after the "
                    "payment, or paid in part.",
                    remedy="Find out what was paid or paid back, and book this one by hand.",
                )
            )
    return problems


def _counting(order: Json) -> Sequence[Json]:
    payments = [one for one in parts(order, "payments") if text(one, "status") not in _DEAD]
    for states in _STATES:
        found = [one for one in payments if text(one, "status") in states]
        if found:
            return found
    return payments
