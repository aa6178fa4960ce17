"""Textalk's ``Costs``: net, VAT and gross as JSON numbers, and how they add up in an order.

Items are shown before discount; ``cart`` is items minus discounts, ``total`` is cart, payment fee
and shipment. The rate on a sum is VAT by net, a blend that nothing should be booked by.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fortnox.sandbox.seed.model import Json

_ORE = Decimal("0.01")
_RATE = Decimal("0.00000001")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount without VAT, and its VAT."""

    net: Decimal = _ZERO
    vat: Decimal = _ZERO

    def __add__(self, other: "Money") -> "Money":
        return Money(self.net + other.net, self.vat + other.vat)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.net - other.net, self.vat - other.vat)

    @property
    def gross(self) -> Decimal:
        """Net plus VAT."""
        return self.net + self.vat

    def piece(self, quantity: Decimal) -> "Money":
        """The price of one, rounded to the öre."""
        gross = (self.gross / quantity).quantize(_ORE, rounding=ROUND_HALF_UP)
        vat = (self.vat / quantity).quantize(_ORE, rounding=ROUND_HALF_UP)
        return Money(gross - vat, vat)


def number(value: Decimal) -> int | Decimal:
    """A JSON number without zeros at its end."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def cost(money: Money, currency: str, rate: Decimal | None = None) -> Json:
    """One ``Costs`` object; without ``rate`` the blend of what it holds."""
    if rate is None:
        rate = (money.vat / money.net).quantize(_RATE) if money.net else _ZERO
    return {
        "currency": currency,
        "exVat": number(money.net),
        "incVat": number(money.gross),
        "vat": number(money.vat),
        "vatRate": number(rate),
    }


def money_of(data: Json | None) -> Money:
    """The amounts of a ``Costs`` or ``discountInfo`` object; nothing for None."""
    if data is None:
        return Money()
    return Money(Decimal(data["exVat"]), Decimal(data["vat"]))


def order_costs(items: Iterable[Json], shipment: Json, fee: Json, currency: str) -> Json:
    """``Order.costs`` from items, freight and payment fee."""
    cart = sum(
        (money_of(one["costs"]["total"]) - money_of(one["discountInfo"]) for one in items), Money()
    )
    return {
        "cart": cost(cart, currency),
        "payment": fee,
        "shipment": shipment,
        "total": cost(cart + money_of(fee) + money_of(shipment), currency),
    }


def discounts_by_rate(items: Iterable[Json]) -> list[Json]:
    """``Order.discountInfo``: the items' discounts per VAT rate."""
    grouped: dict[Any, list[Json]] = {}
    for item in items:
        info = item["discountInfo"]
        if info is not None:
            grouped.setdefault(info["vatRate"], []).append(info)
    found = []
    for rate, infos in grouped.items():
        money = sum((money_of(info) for info in infos), Money())
        sums = {
            key: value for key, value in cost(money, "", Decimal(rate)).items() if key != "currency"
        }
        found.append(infos[0] | sums | {"type": "cart"})
    return found


def noisy(value: Any) -> Any:
    """The same with every fraction as a binary computer adds it up: a hair off."""
    if isinstance(value, dict):
        return {key: noisy(one) for key, one in value.items()}
    if isinstance(value, list):
        return [noisy(one) for one in value]
    return value + Decimal("0.00000000000004") if isinstance(value, Decimal) else value
