"""Reading an answer's fields without trusting them. Pure.

Money comes as JSON numbers, which the shop's own computer may have added up in binary fractions
(30.000000000000004). What is a hair from a whole öre is that öre; anything else becomes a
``Problem``, and the order is held.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fortnox.core.orders import Problem
from fortnox.shops.listing import Json

#: How far from a whole öre (in öre), or from a rate of two decimals, binary fractions can be off.
_HAIR = Decimal("0.001")
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_LARGEST_EXPONENT = 14
BY_HAND = "Book this one by hand, or correct it in the shop."


def text(data: Json, key: str) -> str:
    """A field as text; ``""`` for none."""
    value = data.get(key)
    return "" if value is None or isinstance(value, bool | Mapping | list) else str(value).strip()


def part(data: Json, key: str) -> Json:
    """A field that holds an object; an empty one for none."""
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def parts(data: Json, key: str) -> list[Json]:
    """A field that holds a list of objects, or one object instead of a list of one."""
    value = data.get(key)
    if isinstance(value, Mapping):
        return [value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def number(value: Any) -> Decimal | None:
    """A JSON number; None for anything else, and for what no shop can mean."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    exact = Decimal(value)
    return exact if exact.is_finite() and exact.adjusted() <= _LARGEST_EXPONENT else None


def moment_utc(data: Json, key: str) -> datetime | None:
    """A time with its zone; None for none."""
    try:
        moment = datetime.fromisoformat(text(data, key))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def amount_ore(data: Json, key: str, where: str, problems: list[Problem]) -> int:
    """An amount in öre; 0 and a problem when it is no amount in whole öre."""
    value = number(data.get(key))
    if value is not None:
        ore = (value * _HUNDRED).to_integral_value()
        if abs(value * _HUNDRED - ore) <= _HAIR:
            return int(ore)
    problems.append(
        Problem(
            code="unreadable_amount",
            text=f'{where}: "{key}" is not an amount in whole öre.',
            remedy=BY_HAND,
        )
    )
    return 0


def rate_pct(data: Json) -> Decimal | None:
    """``vatRate`` (a fraction) in per cent with at most two decimals; None when it is none.

    A rate with more is a blend of several: VAT by net of a sum, which nothing may be booked by.
    """
    fraction = number(data.get("vatRate"))
    if fraction is None:
        return None
    rate = (fraction * _HUNDRED).quantize(_CENT)
    if abs(fraction * _HUNDRED - rate) > _HAIR:
        return None
    return rate.to_integral_value() if rate == rate.to_integral_value() else rate.normalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """An amount as the shop tells it; the gross is what the buyer pays."""

    gross_ore: int = 0
    vat_ore: int = 0

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(
            gross_ore=self.gross_ore - other.gross_ore, vat_ore=self.vat_ore - other.vat_ore
        )


def cost(data: Json, where: str, problems: list[Problem]) -> Cost:
    """``incVat`` and ``vat`` of ``Costs`` or ``discountInfo``; ``exVat`` must agree to the öre."""
    found: list[Problem] = []
    gross, vat, net = (amount_ore(data, key, where, found) for key in ("incVat", "vat", "exVat"))
    if not found and abs(gross - vat - net) > 1:
        found.append(
            Problem(
                code="amounts_differ",
                text=f"{where}: without VAT and VAT do not add up to the amount with VAT.",
                remedy=BY_HAND,
            )
        )
    problems.extend(found)
    return Cost(gross_ore=gross, vat_ore=vat)
