"""What each accounting day of a shop came to, for calendar and overview. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

#: Worst first; the order of the overview.
WORST_FIRST = (
    "differs", "failed", "not_delivered", "missing", "held", "running", "reconciled", "not_yet",
    "before_start",
)  # fmt: skip
_UNFINISHED = ("queued", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRun:
    """A run of an accounting day as Airflow has it; of several the newest counts."""

    day: str
    run_id: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the calendar; ``state`` is one of :data:`WORST_FIRST`."""

    day: str
    state: str
    run_id: str = ""
    headline: str = ""
    held: int = 0
    shop_ore: int | None = None
    difference_ore: int | None = None


def make_days(
    entries: Mapping[str, Mapping[str, Any]],
    runs: Iterable[DayRun],
    *,
    first: date,
    last: date,
    start_date: date | None,
    today: date,
) -> list[Day]:
    """Every day from ``first`` to ``last``.

    Args:
        entries: The index's days.
        runs: Oldest first, so that the newest of a day is the last.
        first: Of the span.
        last: Of the span, included.
        start_date: The shop's first day; None if no report has said so yet.
        today: The shop's local date; it and later ones are "not yet".
    """
    newest = {run.day: run for run in runs}
    known = [*entries, *newest]
    begin = min([start_date.isoformat()] if start_date else known, default=today.isoformat())
    span = ((first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1))
    return [
        _day(day, entries.get(day), newest.get(day), begin=begin, today=today.isoformat())
        for day in span
    ]


def _day(
    day: str, entry: Mapping[str, Any] | None, run: DayRun | None, *, begin: str, today: str
) -> Day:
    if run and run.state in _UNFINISHED:
        return Day(day=day, state="running", run_id=run.run_id)
    if entry and not (run and run.state == "failed" and run.run_id != entry["run_id"]):
        return Day(
            day=day,
            state=str(entry["verdict"]),
            run_id=str(entry["run_id"]),
            headline=str(entry["headline"]),
            held=int(entry["held"]),
            shop_ore=entry.get("shop_ore"),
            difference_ore=entry.get("difference_ore"),
        )
    if run:
        # A green run that left no entry is of before there was an index.
        state = "failed" if run.state == "failed" else "reconciled"
        return Day(day=day, state=state, run_id=run.run_id)
    if day >= today:
        return Day(day=day, state="not_yet")
    return Day(day=day, state="before_start" if day < begin else "missing")


def badness(days: Sequence[Day]) -> tuple[int, ...]:
    """How bad a shop's days are, to sort by: how many of each state, the worst state first."""
    counted = dict.fromkeys(WORST_FIRST, 0)
    for day in days:
        counted[day.state] = counted.get(day.state, 0) + 1
    return tuple(-counted[state] for state in WORST_FIRST[:5])
