"""Reading a WooCommerce answer's fields without trusting them. Pure.

Money comes as text with a point (``dp=2``), dates as pairs without a zone (the ``*_gmt`` one is
UTC), and any text may hold HTML entities. What can't be read becomes a ``Problem``: the order is
held and says why, and the others go on.
"""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from fortnox.core.money import decimal_to_ore, parse_ore
from fortnox.core.orders import Problem

#: One JSON object of the shop.
Json: TypeAlias = Mapping[str, Any]

#: Stands in for a date that the shop does not tell; always together with a ``no_date`` problem.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SHOWN_CHARACTERS = 20
#: No shop sells for a thousand billion.
_LARGEST_EXPONENT = 12


def text(data: Json, key: str) -> str:
    """A field as plain text: tags dropped, entities resolved, blank ends cut; ``""`` for none.

    WooCommerce escapes names that were written over REST (``Salt &amp; Peppar-set``).
    """
    value = data.get(key)
    if value is None or isinstance(value, bool | Mapping | list):
        return ""
    return html.unescape(_TAG.sub("", str(value))).strip()


def rows(data: Json, key: str) -> list[Json]:
    """A field that holds a list of objects.

    PHP writes a list with gaps (a plugin removed an entry) as an object with the positions as
    keys; it is read as the list that it was.
    """
    value = data.get(key)
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list):
        return []
    return [row for row in value if isinstance(row, Mapping)]


def number(value: object) -> Decimal | None:
    """A JSON number or a number in a text; None for anything else."""
    if value is None or isinstance(value, bool):
        return None
    try:
        parsed = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return parsed if parsed.is_finite() else None


def whole(value: object) -> int:
    """An id; 0 for none, as WooCommerce writes it."""
    parsed = number(value)
    return int(parsed) if parsed is not None else 0


def amount_ore(data: Json, key: str, where: str, problems: list[Problem]) -> int:
    """An amount in öre; 0 and a problem when it is no amount (``"-"``, ``""``, missing)."""
    value = data.get(key)
    try:
        return parse_ore("" if isinstance(value, bool) else str(value))
    except ValueError:
        shown = str(value)[:_SHOWN_CHARACTERS]
        problems.append(
            Problem(
                code="unreadable_amount",
                text=f'{where}: "{key}" is "{shown}", which is not an amount in whole öre.',
                remedy="Correct the amount in the shop, or book this one by hand.",
            )
        )
        return 0


def ore_or_none(value: object) -> int | None:
    """An amount in öre, finer ones rounded half up; None for what is no amount of money."""
    amount = number(value)
    if amount is None or amount.adjusted() > _LARGEST_EXPONENT:
        return None
    return decimal_to_ore(amount)


def moment_utc(data: Json, key: str) -> datetime | None:
    """A ``*_gmt`` date as an aware time; None when empty or WordPress' zero date."""
    value = data.get(key)
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
