"""What the API's errors mean for the caller. Pure.

Only codes and the places that they point at get into a text: an error's ``data`` may quote values
of an order. Codes and meanings are those of the API's own page of errors.
"""

import re
from collections.abc import Mapping
from typing import Any

from fortnox.core.errors import FatalError

#: Their side's trouble, worth another try.
TRANSIENT_CODES = frozenset({-32603, -32000})
_BAD_TOKEN = 1004
_NO_METHOD, _BAD_PARAMS, _NOT_FOUND = -32601, -32602, 9003
#: Validation and normalization failed: the values, not the call.
_REFUSED = frozenset({9001, 9002})
_POINTER = re.compile(r"[A-Za-z0-9_/~]{1,80}")
_KEYS_PAGE = "Settings > External connections > API keys"
_KNOWN = {
    1001: ("The shop was not named.", "Set the connection's extra webshop to the shop's number."),
    1002: ("There is no such shop.", "Correct the connection's extra webshop."),
    1006: (
        "The key may not do this.",
        f"Make a key of a user who may see orders, and change what is written, under {_KEYS_PAGE}.",
    ),
    1007: ("The shop answers over https only.", "Begin the connection's host with https://."),
}


class TokenError(FatalError):
    """The token is wrong, or a login's token has ended."""


class QueryError(FatalError):
    """The shop does not take a query, a filter or a property; ``pointers`` say where."""

    def __init__(self, message: str, *, remedy: str, pointers: tuple[str, ...]) -> None:
        super().__init__(message, remedy=remedy)
        self.pointers = pointers


class NoMethodError(FatalError):
    """The shop's API has no such method."""


class RefusedError(FatalError):
    """The shop does not take these values; the next object's may be taken."""

    def __init__(self, code: int, pointers: tuple[str, ...]) -> None:
        where = ", ".join(pointers) or "?"
        super().__init__(
            f"The shop does not take {where} (code {code}).", remedy="Correct it in Fortnox."
        )
        self.code = code


class NotFoundError(FatalError):
    """There is no such object, or it is a cart, which is not an order yet."""


def classify(method: str, error: Mapping[str, Any]) -> FatalError:
    """The error for an answer that must not be tried again.

    Args:
        method: What was called.
        error: The envelope's ``error``.
    """
    code = error.get("code")
    if code == _NO_METHOD:
        return NoMethodError(
            f"The shop's API has no {method}.",
            remedy="Check that the connection's host is a Textalk Webshop (Abicart).",
        )
    if code == _NOT_FOUND:
        return NotFoundError(f"The shop does not have what {method} asks for.", remedy="")
    if code == _BAD_PARAMS:
        pointers = _pointers(error.get("data"))
        return QueryError(
            f"The shop does not take the query of {method}, at {', '.join(pointers) or '?'}.",
            remedy="The shop's API differs from what is documented: ask its support for these "
            "properties.",
            pointers=pointers,
        )
    if code in _REFUSED:
        return RefusedError(code, _pointers(error.get("data")))
    if code == _BAD_TOKEN:
        return TokenError(
            f"The shop refuses the API key (code {code}).",
            remedy=f"Make a new one under {_KEYS_PAGE}.",
        )
    if isinstance(code, int) and code in _KNOWN:
        message, remedy = _KNOWN[code]
        return FatalError(f"{message} ({method}, code {code})", remedy=remedy)
    return FatalError(
        f"The shop refuses {method} with code {code if isinstance(code, int) else '?'}.",
        remedy="See the code in Textalk's API documentation, page Errors.",
    )


def _pointers(data: object) -> tuple[str, ...]:
    entries = data if isinstance(data, list) else []
    named = (str(entry.get("pointer", "")) for entry in entries if isinstance(entry, Mapping))
    return tuple(pointer for pointer in named if _POINTER.fullmatch(pointer))
