"""Validation of request bodies: field names, types, lengths and characters.

Lengths and types are those of Fortnox's OpenAPI document; the permitted characters are the class
that Fortnox publishes with error 2000359.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from fortnox.sandbox.fortnox.errors import (
    BAD_DATE,
    BAD_STRUCTURE,
    BAD_VALUE,
    FORBIDDEN_CHARACTERS,
    NOT_BOOLEAN,
    NOT_NUMERIC,
    TOO_LONG,
    UNKNOWN_FIELD,
    ApiError,
)

Type = Literal["text", "int", "number", "bool", "date", "object", "list"]

#: Fortnox's magic word that empties a field; "" leaves it as it is.
API_BLANK: Final = "API_BLANK"

_INT32 = 2**31
_LARGEST = Decimal(10) ** 15
_PERMITTED = frozenset("’\\\u0308\u030a0123456789 –:.`´,;^¤#%§£$€¢¥©™°&/()=+-*_!?²³®½@\u00a0\n\r")


@dataclass(frozen=True, slots=True)
class Field:
    """What a field may hold.

    Args:
        type: JSON type; numbers and booleans may come as text.
        length: Longest text, 0 = no limit known.
        choices: Permitted values of an enumeration; "" is always permitted.
        free: True where Fortnox takes any character (e-mail texts).
    """

    type: Type = "text"
    length: int = 0
    choices: tuple[str, ...] = ()
    free: bool = False


Fields = Mapping[str, Field]


def texts(*names: str, length: int = 0) -> dict[str, Field]:
    """Several text fields of the same length."""
    return dict.fromkeys(names, Field("text", length))


def permitted(text: str) -> bool:
    """True when each character is in the class that Fortnox publishes."""
    return all(c in _PERMITTED or unicodedata.category(c)[0] == "L" for c in text)


def read(fields: Fields, body: object) -> dict[str, Any]:
    """Check a request object and convert its values.

    Returns:
        Only the fields that were sent. Values: None, ``""``, ``API_BLANK`` as sent, else text,
        int, Decimal, bool, ``YYYY-MM-DD`` text, dict or list.

    Raises:
        ApiError: Not an object, an unknown field, or a value that doesn't fit.
    """
    if not isinstance(body, dict):
        raise ApiError(BAD_STRUCTURE)
    for name in body:
        if name not in fields:
            raise ApiError(UNKNOWN_FIELD, name=name)
    return {name: _value(name, fields[name], value) for name, value in body.items()}


def _value(name: str, rule: Field, value: object) -> object:
    if value is None or value in ("", API_BLANK):
        return value
    shape = {"object": dict, "list": list}.get(rule.type)
    if shape is not None:
        return _of_type(value, shape)
    if isinstance(value, (dict, list)):
        raise ApiError(BAD_STRUCTURE)
    if rule.type == "text":
        return _text(name, rule, value)
    if rule.type == "int":
        return _integer(name, value)
    return _SCALARS[rule.type](value)


def _of_type(value: object, kind: type) -> object:
    if not isinstance(value, kind):
        raise ApiError(BAD_STRUCTURE)
    return value


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word not in ("true", "false"):
        raise ApiError(NOT_BOOLEAN, value=value)
    return word == "true"


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool):
        raise ApiError(NOT_NUMERIC, value=value)
    try:
        result = Decimal(str(value))
    except InvalidOperation as error:
        raise ApiError(NOT_NUMERIC, value=value) from error
    if not result.is_finite() or abs(result) > _LARGEST:
        raise ApiError(NOT_NUMERIC, value=value)
    return result


def _integer(name: str, value: object) -> int:
    result = _decimal(value)
    if result != result.to_integral_value() or abs(result) >= _INT32:
        raise ApiError(BAD_VALUE, name=name)
    return int(result)


def _date(value: object) -> str:
    text = str(value)
    try:
        if date.fromisoformat(text).isoformat() != text:
            raise ApiError(BAD_DATE, value=text)
    except ValueError as error:
        raise ApiError(BAD_DATE, value=text) from error
    return text


_SCALARS: Final = {"bool": _boolean, "number": _decimal, "date": _date}


def _text(name: str, rule: Field, value: object) -> str:
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    if rule.length and len(text) > rule.length:
        raise ApiError(TOO_LONG, name=name, length=rule.length)
    if rule.choices and text not in rule.choices:
        raise ApiError(BAD_VALUE, name=name)
    if not rule.free and not permitted(text):
        raise ApiError(FORBIDDEN_CHARACTERS, value=text)
    return text


def present(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that carry a value: neither null nor empty nor ``API_BLANK``."""
    return {k: v for k, v in sent.items() if v is not None and v not in ("", API_BLANK)}


def created(defaults: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """A new object: defaults in their order, overlaid with what was sent and is not empty."""
    return {**defaults, **present(sent)}


def updated(
    current: Mapping[str, Any], sent: Mapping[str, Any], blanks: Mapping[str, Any]
) -> dict[str, Any]:
    """A partial update: absent and ``""`` keep, null and ``API_BLANK`` empty (recordings 4.34).

    Args:
        current: The object as it is.
        sent: Values from ``read``.
        blanks: Value of each field when it is empty.
    """
    result = dict(current)
    for name, value in sent.items():
        if value is None or value == API_BLANK:
            result[name] = blanks.get(name)
        elif value != "":
            result[name] = value
    return result
