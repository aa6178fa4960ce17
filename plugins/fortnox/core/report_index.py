"""One small index per shop's daily DAG and year: what each accounting day came to. Pure.

The calendar and the overview read it instead of thousands of XComs (rules of the scheduler 17).
It lies at ``<base>/_index/<dag id>/<year>.json``, so that who may read the DAG may read it::

    {"schema": "fortnox.index/1", "dag_id": ..., "shop": {"key", "name", "language"},
     "company": {"name"}, "start_date": "2026-11-01", "timezone": "Europe/Stockholm",
     "days": {"2026-11-20": {...}}}

A day's entry: ``verdict``, ``headline``, ``run_id``, ``made_at``, ``held``, ``orders``,
``shop_ore``, ``difference_ore`` and ``waiting``: what is held, to be driven again (at most 50).
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from fortnox.core.mapping import ShopRow
from fortnox.core.report_frame import Summary

SCHEMA = "fortnox.index/1"
_FOLDER = "_index"
_SAFE_DAG_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,249}")

#: A year's index as it stands in its file.
YearIndex = dict[str, Any]


def index_folder(dag_id: str) -> str:
    """The folder of a DAG's indexes, relative to the base.

    Raises:
        ValueError: The id is not safe as the name of a folder.
    """
    if not _SAFE_DAG_ID.fullmatch(dag_id):
        message = f"not safe as a folder name: {dag_id[:100]!r}"
        raise ValueError(message)
    return f"{_FOLDER}/{dag_id}"


def index_name(year: int) -> str:
    """The file of a year."""
    return f"{year:04}.json"


def day_entry(summary: Summary, run_id: str) -> dict[str, Any]:
    """What the index keeps of a day's report."""
    return {
        "verdict": summary["verdict"],
        "headline": summary["headline"],
        "run_id": run_id,
        "made_at": summary["made_at"],
        "held": summary["counts"]["held"],
        "orders": summary["counts"]["orders"],
        "shop_ore": summary["totals_ore"]["shop"],
        "difference_ore": summary["totals_ore"]["difference"],
        "waiting": [
            {"kind": item["kind"], "order_id": item["order_id"]} for item in summary["held"]
        ],
    }


def with_day(
    index: Mapping[str, Any] | None, summary: Summary, *, shop: ShopRow, dag_id: str, run_id: str
) -> YearIndex:
    """The index with the day of a report in it; the newer of two reports of a day counts.

    An index that is missing, or of another schema, begins anew.
    """
    known = index.get("days") if index and index.get("schema") == SCHEMA else None
    days: dict[str, Any] = dict(known) if isinstance(known, Mapping) else {}
    day, entry = summary["window"]["day"], day_entry(summary, run_id)
    if entry["made_at"] >= days.get(day, {}).get("made_at", ""):
        days[day] = entry
    return {
        "schema": SCHEMA,
        "dag_id": dag_id,
        "shop": {"key": shop.shop, "name": shop.name, "language": shop.language},
        "company": {"name": summary["company"]["name"]},
        "start_date": shop.start_date.isoformat(),
        "timezone": shop.timezone,
        "days": {key: days[key] for key in sorted(days)},
    }


def year_of(summary: Summary) -> int | None:
    """The year of a report's accounting day; None for hourly ones."""
    day = summary["window"]["day"]
    return date.fromisoformat(day).year if day else None
