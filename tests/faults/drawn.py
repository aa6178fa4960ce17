"""Days that nobody thought of: drawn by a number, the same each time."""

import random
from datetime import UTC, date, datetime, time
from decimal import Decimal

from tests.faults.days import YESTERDAY, Scenario, wanted_of
from tests.support.builders import DAY, buyer, line, order

from fortnox.core.orders import Order, OrderLine, Refund

#: Payment methods of ``days.MAPPINGS`` whose sales can be refunded by a document of their own.
_REFUNDABLE = ("stripe", "swish", "cheque")
_METHODS = (*_REFUNDABLE, "kco", "b2b", "quote")
_RATES = ("25", "12", "6")
_ORE = Decimal("0.01")


def drawn_day(number: int) -> Scenario:
    """Two to four sales of yesterday, three to seven of the day, refunds in whole and in part."""
    chance = random.Random(f"day {number}")  # noqa: S311 - the same each time
    first = 10_000 + 100 * (number % 10_000)
    before = [
        _drawn(chance, str(first + index), YESTERDAY, chance.choice(_REFUNDABLE))
        for index in range(chance.randint(2, 4))
    ]
    sales = [
        _drawn(chance, str(first + 20 + index), DAY, chance.choice(_METHODS))
        for index in range(chance.randint(3, 7))
    ]
    refunded = chance.sample(before, chance.randint(1, len(before)))
    refunds = tuple(_refund(chance, of, str(index)) for index, of in enumerate(refunded, 1))
    return Scenario(
        name=f"drawn day {number}",
        before=wanted_of(YESTERDAY, *before),
        wanted=wanted_of(DAY, *sales, *refunded, refunds=refunds),
    )


def _drawn(chance: random.Random, order_id: str, day: date, method: str) -> Order:
    """One to four lines of any rate and quantity, by a guest of its own or one who comes back."""
    lines = [_line(chance, str(index)) for index in range(1, chance.randint(2, 5))]
    at = datetime.combine(day, time(chance.randint(4, 20), chance.randint(0, 59)), UTC)
    is_delivered = method == "cheque" or (method == "b2b" and chance.random() < 0.7)
    return order(
        *lines,
        order_id=order_id,
        payment_method=method,
        buyer=buyer(email=chance.choice((f"guest-{order_id}@example.com", "often@example.com"))),
        created_utc=at,
        modified_utc=at,
        paid_utc=None if method == "cheque" else at,
        delivered_utc=at if is_delivered else None,
    )


def _line(chance: random.Random, line_id: str) -> OrderLine:
    gross = Decimal(chance.randint(100, 200_000)) * _ORE
    quantity = str(chance.randint(1, 5))
    return line(str(gross), chance.choice(_RATES), line_id=line_id, quantity=quantity)


def _refund(chance: random.Random, of: Order, refund_id: str) -> Refund:
    """All of it, or one of its lines."""
    lines = of.lines if chance.random() < 0.5 else (chance.choice(of.lines),)
    return Refund(
        refund_id=refund_id,
        order_id=of.head.order_id,
        created_utc=datetime.combine(DAY, time(12), UTC),
        amount_ore=sum(one.gross_ore for one in lines),
        lines=tuple(lines),
    )
