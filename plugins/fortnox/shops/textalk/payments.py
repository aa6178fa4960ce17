"""What paid an order: its method for the mapping, gift cards apart, and whether all is paid. Pure.

How the shop tells a gift card is not documented in full; one that pays together with another method
is a payment of its own. It pays a part of the order, and what is left is the other method's: the
order's total is what that one paid, and untaxed_amounts.csv says what the rest was.
"""

from collections.abc import Mapping, Sequence

from fortnox.core.orders import Problem, UnlistedAmount
from fortnox.shops.listing import Json
from fortnox.shops.textalk.fields import BY_HAND, amount_ore, part, parts, text

#: What is shown of a payment; the method's type tells a gift card.
PAYMENT_QUERY: Json = {"uid": True, "method": ["uid", "type"], "status": True, "amount": True}

_PAID = "paid"
#: A payment's states, the one that says most first; tries that came to nothing are left out.
_STATES = (frozenset({_PAID}), frozenset({"reserved"}), frozenset({"pending", "unpaid"}))
_DEAD = frozenset({"cancelled", "error"})


def payment_method(order: Json) -> str:
    """The uid of the method that pays; several with ``+`` between, as a mapping never has them."""
    return "+".join(dict.fromkeys(_method(payment) for payment in _paying(order)))


def used_gift_cards(order: Json, problems: list[Problem]) -> tuple[UnlistedAmount, ...]:
    """Gift cards that paid a part of the order, each with its amount.

    One that paid all of it is the order's method, and nothing besides.
    """
    paying = _paying(order)
    return tuple(
        UnlistedAmount(
            found_in="payment_method",
            name=f"{_type(payment)} {_method(payment)}",
            amount_ore=amount_ore(payment, "amount", "A gift card", problems),
        )
        for payment in _counting(order)
        if payment not in paying
    )


def payment_problems(order: Json, total_ore: int) -> list[Problem]:
    """Why the payments leave open what was paid, and how; ``total_ore`` with gift cards."""
    problems: list[Problem] = []
    counting = _counting(order)
    if len({_method(payment) for payment in _paying(order)}) > 1:
        problems.append(
            Problem(
                code="several_payments",
                text="The order is paid in several ways, none of them a gift card.",
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


def _paying(order: Json) -> Sequence[Json]:
    """The payments without gift cards, unless there are only those."""
    counting = _counting(order)
    others = [one for one in counting if "gift" not in _type(one)]
    return others or counting


def _counting(order: Json) -> Sequence[Json]:
    payments = [one for one in parts(order, "payments") if text(one, "status") not in _DEAD]
    for states in _STATES:
        found = [one for one in payments if text(one, "status") in states]
        if found:
            return found
    return payments


def _method(payment: Json) -> str:
    method = payment.get("method")
    return text(method, "uid") if isinstance(method, Mapping) else text(payment, "method")


def _type(payment: Json) -> str:
    return text(part(payment, "method"), "type").lower()
