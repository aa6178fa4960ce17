"""When something runs: ``hourly``, ``daily``, ``daily 10:10`` or five cron fields."""

import re

from fortnox.core.mapping.cells import CellError, parse_clock

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
#: Minute, hour, day of month, month, day of week (7 is Sunday too): lowest, highest.
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTH, _WEEKDAY = 3, 4
_DAILY_WORDS = 2
_PART = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?")


def parse_schedule(text: str) -> str:
    """``hourly``, ``daily``, a clock time each day, or five cron fields within their ranges."""
    words = text.lower().split()
    if words in (["hourly"], ["daily"]):
        return words[0]
    if len(words) == _DAILY_WORDS and words[0] == "daily":
        return f"daily {parse_clock(words[1]):%H:%M}"
    if len(words) == len(_RANGES) and all(_is_field(i, word) for i, word in enumerate(words)):
        return " ".join(words)
    raise CellError(
        f'"{text}" is not a schedule',
        "write hourly, daily, daily 10:10 or five cron fields, e.g. 10 * * * *",
    )


def cron_of(schedule: str, *, daily: str = "0 0 * * *", hourly: str = "0 * * * *") -> str:
    """Five cron fields for a parsed schedule; ``daily`` and ``hourly`` are the caller's minutes."""
    word, _, clock = schedule.partition(" ")
    if word == "daily" and clock:
        hour, _, minute = clock.partition(":")
        return f"{int(minute)} {int(hour)} * * *"
    return {"daily": daily, "hourly": hourly}.get(schedule, schedule)


def _is_field(position: int, field: str) -> bool:
    names = {_MONTH: _MONTHS, _WEEKDAY: _DAYS}.get(position, ())
    first = 1 if position == _MONTH else 0
    for number, name in enumerate(names, start=first):
        field = re.sub(rf"\b{name}\b", str(number), field)
    low, high = _RANGES[position]
    return all(_is_part(part, low, high) for part in field.split(","))


def _is_part(part: str, low: int, high: int) -> bool:
    found = _PART.fullmatch(part)
    if found is None:
        return False
    start, end, step = (None if group is None else int(group) for group in found.groups())
    if step == 0 or (start is not None and not low <= start <= high):
        return False
    return end is None or (start is not None and start <= end <= high)
