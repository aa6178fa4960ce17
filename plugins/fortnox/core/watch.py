"""What people are told each morning: yesterday's verdict, and what else is open. Pure.

Once per shop and day, never per task. No names, no secrets: verdicts, numbers and links only.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from html import escape
from typing import Any
from urllib.parse import quote

from fortnox.core.report_language import translate

#: How far back days that are still open are listed, and how many of them.
LOOK_BACK_DAYS, MOST_LISTED = 31, 10

_NO_REPORT = "Not reconciled: no report yet"
_WHY_NO_REPORT = "Its run has not begun, is not done, or failed before it could prove it."
_PROVEN = ("reconciled", "held")
_QUIET = ("reconciled",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told; ``is_late`` says that the day is not proven, ``is_trouble`` that it waits."""

    day: str
    subject: str
    lines: tuple[str, ...]
    link: str
    is_late: bool
    is_trouble: bool

    @property
    def text(self) -> str:
        """For a chat."""
        return "\n".join([self.subject, *self.lines, self.link])

    @property
    def html(self) -> str:
        """For a mail."""
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in (self.subject, *self.lines))
        if not self.link.startswith(("https://", "http://")):
            return paragraphs
        return f'{paragraphs}<p><a href="{escape(self.link)}">{escape(self.link)}</a></p>'

    def to_dict(self) -> dict[str, Any]:
        """For XCom."""
        return {**asdict(self), "lines": list(self.lines)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Message":
        """The inverse of :meth:`to_dict`."""
        return cls(**{**data, "lines": tuple(data["lines"])})


def morning_message(
    day: date,
    entries: Mapping[str, Mapping[str, Any]],
    *,
    shop_name: str,
    start_date: date,
    dag_id: str,
    base_url: str,
    language: str = "en",
) -> Message:
    """The message about a day that should be reconciled by now.

    Args:
        day: Yesterday, where the shop is.
        entries: The index's days (:mod:`fortnox.core.report_index`).
        shop_name: For people.
        start_date: The shop's first day; days before it are not missed.
        dag_id: The shop's daily DAG.
        base_url: Of the Airflow UI; empty if it is not set.
        language: Of the shop's messages.
    """
    entry = entries.get(day.isoformat())
    verdict = str(entry["verdict"]) if entry else "missing"
    headline = str(entry["headline"]) if entry else _NO_REPORT
    open_days = _open_days(day, entries, start_date)
    lines = [f"Also open: {', '.join(open_days)}"] if open_days else []
    if entry is None:
        lines.insert(0, _WHY_NO_REPORT)
    return Message(
        day=day.isoformat(),
        subject=f"{shop_name} {day}: {translate(headline, language)}",
        lines=tuple(translate(line, language) for line in lines),
        link=_link(dag_id, entry, base_url),
        is_late=verdict not in _PROVEN,
        is_trouble=verdict not in _QUIET or bool(open_days),
    )


def _open_days(day: date, entries: Mapping[str, Mapping[str, Any]], start_date: date) -> list[str]:
    """Earlier days that are not proven, newest first; more than a few are a number."""
    found = []
    for number in range(1, LOOK_BACK_DAYS + 1):
        earlier = day - timedelta(days=number)
        entry = entries.get(earlier.isoformat())
        is_open = entry is None or entry["verdict"] not in _PROVEN
        if earlier >= start_date and is_open:
            found.append(f"{earlier}")
    more = len(found) - MOST_LISTED
    return found if more <= 0 else [*found[:MOST_LISTED], f"and {more} more"]


def _link(dag_id: str, entry: Mapping[str, Any] | None, base_url: str) -> str:
    """The day's report, else the calendar."""
    dag = f"{base_url.rstrip('/')}/dags/{quote(dag_id, safe='')}"
    if entry is None:
        return f"{dag}/plugin/accounting-days"
    return f"{dag}/runs/{quote(str(entry['run_id']), safe='')}/plugin/reconciliation"
