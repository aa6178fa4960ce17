"""Routes of ``/3`` and the request value that their handlers get."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fortnox.sandbox.fortnox.errors import (
    BAD_STRUCTURE,
    METHOD_NOT_ALLOWED,
    NO_DATA,
    NO_IDENTIFIER,
    NO_SUCH_RESOURCE,
    ApiError,
)
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, parse


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request to ``/3``, already authorised."""

    store: Store
    method: str
    path: str
    args: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes
    base_url: str
    content_type: str = "application/json"

    def envelope(self, name: str) -> Any:
        """What stands inside ``{"<name>": …}``.

        Raises:
            ApiError: No body, no such envelope, or something else beside it.
        """
        body = parse(self.raw)
        if not isinstance(body, dict) or list(body) != [name]:
            raise ApiError(NO_DATA)
        if not isinstance(body[name], dict):
            raise ApiError(BAD_STRUCTURE)
        return body[name]

    def url(self, path: str) -> str:
        """Absolute address of a resource, as in ``@url``."""
        return f"{self.base_url}/3/{path}"


Handler = Callable[[Call], Answer]


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


@dataclass(frozen=True)
class Route:
    """A method and a path such as ``invoices/{number}/bookkeep``, and the scope that it needs."""

    method: str
    path: str
    scope: str
    handler: Handler

    def match(self, path: str) -> dict[str, str] | None:
        """Arguments in the path, or None when it is another path."""
        found = _pattern(self.path).fullmatch(path)
        return None if found is None else found.groupdict()


class Router:
    """Finds the route of a request among ``routes``."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.routes = routes

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and its arguments.

        Raises:
            ApiError: No such resource or method; a PUT on a collection lacks its identifier.
        """
        known = False
        for route in self.routes:
            args = route.match(path)
            if args is None:
                continue
            if route.method == method:
                return route, args
            known = True
        if known and method in ("PUT", "DELETE") and "/" not in path:
            raise ApiError(NO_IDENTIFIER)
        raise ApiError(METHOD_NOT_ALLOWED if known else NO_SUCH_RESOURCE)
