"""List selections: filters by JSON pointer, sort, limit and offset."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.textalk.rpc import invalid_params
from fortnox.sandbox.textalk.schema import ApiClass
from fortnox.sandbox.textalk.switches import Switches

_KEYS = frozenset({"filters", "sort", "descending", "limit", "offset"})
_SORTABLE = frozenset({"uid", "created", "changed", "ordered", "orderNumber", "type"})
_DATE = re.compile(r"\d{4}-\d\d-\d\dT")


def matching(
    things: Iterable[Json], of: ApiClass, filters: Any, switches: Switches, pointer: str
) -> list[Json]:
    """The objects that all conditions hold for.

    Raises:
        RpcError: -32602 with the pointer to the condition that is wrong.
    """
    if not isinstance(filters, Mapping):
        raise invalid_params("filters is an object of JSON pointers", pointer)
    checks: list[Callable[[Json], bool]] = []
    for key, condition in filters.items():
        where = f"{pointer}/{key.replace('/', '~1')}"
        path = key.removeprefix("/").split("/")
        missing = f"{of.name}.{path[0]}" in switches.missing_fields
        if not key.startswith("/") or path[0] not in of.properties or missing:
            raise invalid_params(f"No such property: {key}", where)
        if key in switches.unfilterable:
            raise invalid_params("Property is not filterable", where)
        if key not in switches.ignored_filters:
            checks.append(_check(path, condition, where, inclusive=switches.inclusive))
    return [thing for thing in things if all(check(thing) for check in checks)]


def selected(
    things: Iterable[Json], of: ApiClass, selection: Any, switches: Switches
) -> list[Json]:
    """One list: filtered, sorted, cut.

    Raises:
        RpcError: -32602.
    """
    wish: Any = {} if selection in (True, None) else selection
    if not isinstance(wish, dict) or set(wish) - _KEYS:
        raise invalid_params("A selection has filters, sort, descending, limit and offset", "/1")
    found = matching(things, of, wish.get("filters", {}), switches, "/1/filters")
    sort = wish.get("sort", "uid")
    if sort not in _SORTABLE or sort not in of.properties:
        raise invalid_params("Not sortable", "/1/sort")
    found.sort(key=lambda thing: (thing.get(sort) is None, thing.get(sort), thing["uid"]),
               reverse=wish.get("descending") is True)  # fmt: skip
    limit = _count(wish.get("limit", switches.default_limit), "/1/limit")
    offset = _count(wish.get("offset", 0), "/1/offset")
    most = min(limit, switches.max_limit) if switches.max_limit else limit
    return found[offset : offset + most]


def _count(value: Any, pointer: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise invalid_params("A whole number, 0 or more", pointer)
    return value


def _check(
    path: list[str], condition: Any, pointer: str, *, inclusive: bool
) -> Callable[[Json], bool]:
    if not isinstance(condition, Mapping):
        return lambda thing: bool(_same(_at(thing, path), condition))
    tests = _operators(inclusive=inclusive)
    for name in condition:
        if name not in tests:
            raise invalid_params(f"Unknown condition {name}", f"{pointer}/{name}")
    return lambda thing: all(
        tests[name](_at(thing, path), wanted) for name, wanted in condition.items()
    )


def _operators(*, inclusive: bool) -> dict[str, Callable[[Any, Any], bool]]:
    return {
        "equals": _same,
        "in": lambda value, wanted: any(_same(value, one) for one in wanted),
        "min": lambda value, wanted: _order(value, wanted) >= (0 if inclusive else 1),
        "max": lambda value, wanted: -1 <= _order(value, wanted) <= (0 if inclusive else -1),
        "startsWith": lambda value, wanted: str(value or "").startswith(wanted),
        "contains": lambda value, wanted: isinstance(value, list) and wanted in value,
        "containsAny": lambda value, wanted: (
            isinstance(value, list) and bool(set(value) & {*wanted})
        ),
    }


def _same(value: Any, wanted: Any) -> bool:
    # A uid may be sent as text.
    return value == wanted or (isinstance(value, int) and str(value) == wanted)


def _order(value: Any, wanted: Any) -> int:
    """-1, 0 or 1 as ``<=>``; -2 for what can't be compared, which no bound holds for."""
    left, right = _comparable(value), _comparable(wanted)
    if left is None or right is None or type(left) is not type(right):
        return -2
    return int(left > right) - int(left < right)


def _comparable(value: Any) -> Any:
    if isinstance(value, str) and _DATE.match(value):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _at(thing: Any, path: list[str]) -> Any:
    for part in path:
        if not isinstance(thing, dict):
            return None
        thing = thing.get(part)
    return thing
