"""When something runs: ``hourly``, ``daily`` or a cron expression of five fields."""

import re

from fortnox.core.mapping.cells import complaint

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
#: Minute, hour, day of month, month, day of week (7 is Sunday too): lowest, highest.
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTH, _WEEKDAY = 3, 4
_PART = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?")


def parse_schedule(text: str) -> str:
    """``hourly``, ``daily``, or five cron fields, which are checked for their ranges."""
    words = text.lower().split()
    if words in (["hourly"], ["daily"]):
        return words[0]
    if len(words) == len(_RANGES) and all(_is_field(i, word) for i, word in enumerate(words)):
        return " ".join(words)
    raise complaint(
        f'"{text}" is not a schedule', "write hourly, daily or five cron fields, e.g. 10 * * * *"
    )


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
