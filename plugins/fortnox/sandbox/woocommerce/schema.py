"""Bodies of writes: what WordPress checks before WooCommerce looks at them, with its texts.

A schema is a dictionary of member -> kind. A kind is one of the words below, a tuple of allowed
words, a dictionary (an object with these members) or a list of one kind (an array of it). Members
that a schema does not name are ignored, as WordPress does.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.errors import WpError, invalid_params

Kind = str | tuple[str, ...] | Mapping[str, Any] | list[Any]

META: list[Kind] = [{"id": "integer", "key": "string", "value": "mixed"}]
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
#: As many digits as ids, quantities and prices multiply to without loss.
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}(\.0*)?")
_NUMBER = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})")
_TRUE: tuple[Any, ...] = (True, 1, "1", "true", "TRUE")
_FALSE: tuple[Any, ...] = (False, 0, "0", "false", "FALSE", "")


class _WrongError(Exception):
    """A value is not of its kind: name, code, text and data of the detail."""

    def __init__(self, code: str, text: str, data: Any) -> None:
        super().__init__(text)
        self.code, self.data = code, data


def checked(body: Json, schema: Mapping[str, Kind], *, required: tuple[str, ...] = ()) -> Json:
    """The members that the schema names, each as its kind.

    Raises:
        WpError: 400 ``rest_missing_callback_param`` or ``rest_invalid_param``.
    """
    missing = [name for name in required if name not in body]
    if missing:
        text = f"Missing parameter(s): {', '.join(missing)}"
        raise WpError("rest_missing_callback_param", text, 400, params=missing)
    found: Json = {}
    wrong: dict[str, tuple[str, str, Any]] = {}
    for name, kind in schema.items():
        if name not in body:
            continue
        try:
            found[name] = _value(body[name], kind, name)
        except _WrongError as error:
            wrong[name] = (str(error), error.code, error.data)
    if wrong:
        raise invalid_params(wrong)
    return found


def _value(value: Any, kind: Kind, name: str) -> Any:
    if isinstance(kind, tuple):
        return _one_of(value, kind, name)
    if isinstance(kind, list):
        return [_value(part, kind[0], f"{name}[{i}]") for i, part in enumerate(_items(value, name))]
    if isinstance(kind, str):
        return _simple(value, kind, name)
    if not isinstance(value, dict):
        raise _type(name, "object")
    return {
        member: _value(value[member], its_kind, f"{name}[{member}]")
        for member, its_kind in kind.items()
        if member in value
    }


def _items(value: Any, name: str) -> list[Any]:
    """An array; WordPress takes a text with commas for one."""
    if isinstance(value, str):
        return [word for word in re.split(r"[\s,]+", value) if word]
    if not isinstance(value, list):
        raise _type(name, "array")
    return value


def _one_of(value: Any, allowed: tuple[str, ...], name: str) -> str:
    if not isinstance(value, str):
        raise _type(name, "string")
    if value not in allowed:
        text = f"{name} is not one of {', '.join(allowed[:-1])}, and {allowed[-1]}."
        raise _WrongError("rest_not_in_enum", text, None)
    return value


def _simple(value: Any, kind: str, name: str) -> Any:
    if kind == "mixed":
        return value
    if kind == "email":
        return _email(value, name)
    reader = {"string": _string, "integer": _integer, "number": _number, "boolean": _boolean}[kind]
    found = reader(value)
    if found is None:
        raise _type(name, kind)
    return found


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _integer(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    text = str(value)
    return int(text.partition(".")[0] or 0) if _WHOLE.fullmatch(text) else None


def _number(value: Any) -> int | Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    text = str(value)
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def _boolean(value: Any) -> bool | None:
    if isinstance(value, list | dict | Decimal):
        return None
    if value in _TRUE:
        return True
    return False if value in _FALSE else None


def _email(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise _type(name, "string")
    if not _EMAIL.fullmatch(value):
        raise _WrongError("rest_invalid_email", "Invalid email address.", None)
    return value


def _type(name: str, kind: str) -> _WrongError:
    return _WrongError("rest_invalid_type", f"{name} is not of type {kind}.", {"param": name})
