"""The one value that says which time a run is about (rules of the scheduler 6).

Made by a run's first task and passed on; nothing after it asks Airflow, or the clock, for time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypedDict
from zoneinfo import ZoneInfo


class WindowKind(StrEnum):
    """By modification time (hourly, by watermark), or one local accounting day (daily)."""

    MODIFIED = "modified"
    ACCOUNTING_DAY = "accounting_day"


class WindowDict(TypedDict):
    """A window as it travels in an XCom."""

    kind: str
    start_utc: str
    end_utc: str
    day: str | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """``[start_utc, end_utc)``, and the accounting day if the run is about one.

    ``label`` is short, of ``[0-9A-Za-z-]`` only, and names the staging folder.
    """

    kind: WindowKind
    start_utc: datetime
    end_utc: datetime
    day: date | None
    label: str

    def to_dict(self) -> WindowDict:
        """Ints and strings only, for XCom."""
        return {
            "kind": self.kind.value,
            "start_utc": self.start_utc.isoformat(),
            "end_utc": self.end_utc.isoformat(),
            "day": self.day.isoformat() if self.day else None,
            "label": self.label,
        }

    @classmethod
    def from_dict(cls, data: WindowDict) -> "Window":
        """The inverse of :meth:`to_dict`."""
        return cls(
            kind=WindowKind(data["kind"]),
            start_utc=datetime.fromisoformat(data["start_utc"]),
            end_utc=datetime.fromisoformat(data["end_utc"]),
            day=date.fromisoformat(data["day"]) if data["day"] else None,
            label=data["label"],
        )


def local_midnight_utc(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins, in UTC; right on both days when the clocks change."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def accounting_day_window(day: date, zone: ZoneInfo) -> Window:
    """The window of one local day: 23, 24 or 25 hours long."""
    return Window(
        kind=WindowKind.ACCOUNTING_DAY,
        start_utc=local_midnight_utc(day, zone),
        end_utc=local_midnight_utc(day + timedelta(days=1), zone),
        day=day,
        label=day.isoformat(),
    )


def modified_window(start_utc: datetime, end_utc: datetime) -> Window:
    """The window of an hourly run.

    Raises:
        ValueError: The window is empty or turned around.
    """
    if start_utc >= end_utc:
        raise ValueError(f"empty window: {start_utc.isoformat()} to {end_utc.isoformat()}")
    label = f"m-{start_utc:%Y%m%dT%H%M%SZ}-{end_utc:%Y%m%dT%H%M%SZ}"
    return Window(
        kind=WindowKind.MODIFIED, start_utc=start_utc, end_utc=end_utc, day=None, label=label
    )


@lru_cache(maxsize=1024)  # asked several times of each order, and orders follow each other
def local_day(moment_utc: datetime, zone: ZoneInfo) -> date:
    """The accounting day of an event: the company's local date (rules of the books 15)."""
    return moment_utc.astimezone(zone).date()
