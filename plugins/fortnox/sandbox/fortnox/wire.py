"""JSON as Fortnox writes it: exact numbers, escaped slashes and non-ASCII, fixed key order."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import simplejson

from fortnox.sandbox.fortnox.errors import BAD_JSON, ApiError

Json = dict[str, Any]
Number = int | Decimal

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An HTTP answer before it is encoded."""

    status: int = 200
    body: Json | bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def encoded(self) -> bytes:
        """The bytes of the body."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else dump(self.body)


def dump(payload: Json) -> bytes:
    """Encode with Fortnox's escapes; ``/`` occurs in strings only, so a replace is exact."""
    text = simplejson.dumps(payload, use_decimal=True, separators=(",", ":"), ensure_ascii=True)
    return str(text).replace("/", "\\/").encode("ascii")


def parse(raw: bytes) -> Any:
    """Decode a request body with exact numbers; None for an empty one.

    Raises:
        ApiError: Not JSON.
    """
    if not raw.strip():
        return None
    try:
        return simplejson.loads(raw.decode("utf-8"), use_decimal=True, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise ApiError(BAD_JSON) from error


def hundredths(value: Decimal) -> Decimal:
    """Round half up to two decimals, as Fortnox does with prices and quantities."""
    return value.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def number(value: Decimal | int) -> Number:
    """A JSON number without trailing zeros: 10, 101.5; whole ones as int."""
    if isinstance(value, int):
        return value
    if value == value.to_integral_value():
        return int(value)
    return value.normalize()


def kronor(ore: int) -> Number:
    """Öre as a JSON number in kronor: 1250 -> 12.5."""
    return number(Decimal(ore).scaleb(-2))


def to_ore(value: Decimal | int | str) -> int:
    """A JSON amount in kronor -> whole öre, half up."""
    return int((Decimal(value) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def quantity_text(value: Decimal) -> str:
    """Quantities are strings in documents: "1", "1.12"."""
    return f"{number(value):f}" if isinstance(number(value), Decimal) else str(number(value))
