"""JSON between Python and Fortnox: numbers stay exact decimals in both directions."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import simplejson

#: A JSON object of Fortnox; numbers with a fraction are ``Decimal``, whole ones ``int``.
JsonObject = dict[str, Any]

ParamValue = str | int | Decimal | date | bool | None


class NotJsonError(ValueError):
    """The body is not a JSON object: an error page, a cut answer, or nothing at all."""


def encode(value: Mapping[str, Any]) -> bytes:
    """A JSON body with exact decimals.

    Raises:
        TypeError: A float is in it somewhere: an amount went through binary arithmetic.
        ValueError: A decimal is not finite.
    """
    _refuse_inexact(value)
    return simplejson.dumps(value, use_decimal=True, allow_nan=False).encode()


def decode(body: bytes) -> JsonObject:
    """A JSON object with fractions as ``Decimal``.

    Raises:
        NotJsonError: The body is something else.
    """
    try:
        value = simplejson.loads(body.decode("utf-8-sig"), use_decimal=True)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise NotJsonError("the body is not a JSON object")
    return value


def query(params: Mapping[str, ParamValue]) -> dict[str, str]:
    """Query parameters as Fortnox wants them: names in lower case, ``None`` left out."""
    return {name.lower(): _param_text(value) for name, value in params.items() if value is not None}


def path_segment(value: str | int) -> str:
    """A number or code made safe as one part of a path (unit ``förp``, customer ``A/1``)."""
    return quote(str(value), safe="")


def _param_text(value: ParamValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _refuse_inexact(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a float in a document for Fortnox; amounts are Decimal or int")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("a decimal for Fortnox must be finite")
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_inexact(part)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for part in value:
            _refuse_inexact(part)
