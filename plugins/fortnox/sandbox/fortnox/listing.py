"""Lists: filters, sorting and paging with the observed oddities (recordings, points 1 to 6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from fortnox.sandbox.fortnox.errors import BAD_PARAMETER, ApiError
from fortnox.sandbox.fortnox.store import SWEDISH_TIME, Table
from fortnox.sandbox.fortnox.wire import Answer, Json

DEFAULT_LIMIT = 100
_TIME_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")

Test = Callable[[Json], bool]


def contains(data: Json, name: str, wanted: str) -> bool:
    """Fortnox's text filter: case-insensitive contains."""
    return wanted.casefold() in str(data.get(name) or "").casefold()


def date_parameter(query: Mapping[str, str], name: str) -> str | None:
    """A ``YYYY-MM-DD`` parameter, or None.

    Raises:
        ApiError: Not a date.
    """
    text = query.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ApiError(BAD_PARAMETER) from error


def int_parameter(query: Mapping[str, str], name: str, default: int, smallest: int) -> int:
    """A whole number parameter.

    Raises:
        ApiError: Not a whole number, or too small.
    """
    text = query.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < smallest:
        raise ApiError(BAD_PARAMETER)
    return int(text)


def changed(table: Table, query: Mapping[str, str]) -> Iterable[Json]:
    """The table's objects, cut by ``lastmodified`` (Swedish local time, at or after).

    Raises:
        ApiError: Not a time.
    """
    text = query.get("lastmodified", "")
    if not text:
        return (data for data, _ in table.listed())
    since = _swedish_time(text)
    return (data for data, modified in table.listed() if modified.replace(microsecond=0) >= since)


def _swedish_time(text: str) -> datetime:
    for form in _TIME_FORMATS:
        try:
            naive = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is implied
        except ValueError:
            continue
        return naive.replace(tzinfo=SWEDISH_TIME).astimezone(UTC)
    raise ApiError(BAD_PARAMETER)


def numeric(name: str) -> Callable[[Json], tuple[int, int, str]]:
    """Sort key: numbers by value ('0000','0001','1','2','10'), other texts after them."""

    def key(data: Json) -> tuple[int, int, str]:
        text = str(data[name])
        return (0, int(text), text) if text.isdecimal() else (1, 0, text)

    return key


def ordered(
    rows: Iterable[Json],
    query: Mapping[str, str],
    default: str,
    sortable: Mapping[str, Callable[[Json], Any]],
) -> list[Json]:
    """Sort by ``sortby`` and ``sortorder``.

    Raises:
        ApiError: A field that this list does not sort by, or an unknown order.
    """
    by = query.get("sortby", "") or default
    order = query.get("sortorder", "") or "ascending"
    if by not in sortable or order not in ("ascending", "descending"):
        raise ApiError(BAD_PARAMETER)
    return sorted(rows, key=sortable[by], reverse=order == "descending")


def page(
    rows: Sequence[Json],
    query: Mapping[str, str],
    *,
    plural: str,
    item: Callable[[Json], Json],
    max_limit: int,
) -> Answer:
    """One page in the list envelope.

    An ``offset`` leaves CurrentPage at 1; past the end nothing is counted any more; an empty list
    has 0 pages (recordings, points 1 and 2).

    Raises:
        ApiError: ``page``, ``limit`` or ``offset`` is not a number.
    """
    limit = min(int_parameter(query, "limit", DEFAULT_LIMIT, 1), max_limit)
    number = int_parameter(query, "page", 1, 1)
    offset = int_parameter(query, "offset", -1, 0)
    start = offset if offset >= 0 else (number - 1) * limit
    total = len(rows)
    current = 1 if offset >= 0 or not total else number
    if start >= total and offset >= 0:
        total = 0
    meta = {
        "@TotalResources": total,
        "@TotalPages": -(-total // limit),
        "@CurrentPage": current,
    }
    items = [item(row) for row in rows[start : start + limit]]
    return Answer(body={"MetaInformation": meta, plural: items})
