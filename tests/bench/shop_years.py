"""A shop's year as its runs leave it: rows of Airflow's table of runs, and the index files."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fortnox.core.report_index import SCHEMA, index_folder, index_name


def run_of(dag_id: str, day: date) -> dict[str, Any]:
    """The row of a day's successful run."""
    return {
        "dag_id": dag_id,
        "run_id": f"partition__{day}",
        "partition_key": day.isoformat(),
        "state": "success",
        "run_type": "scheduled",
        "run_after": datetime(day.year, day.month, day.day, tzinfo=UTC),
        "log_template_id": 1,
        "span_status": "not_started",
        "clear_number": 0,
    }


def write_index(reports: Path, dag_id: str, days: Sequence[date]) -> None:
    """The index files of the days, each of which is proven."""
    folder = reports / index_folder(dag_id)
    folder.mkdir(parents=True)
    for year in {day.year for day in days}:
        index = {
            "schema": SCHEMA,
            "dag_id": dag_id,
            "shop": {"key": dag_id, "name": dag_id},
            "company": {"name": "Handel AB"},
            "start_date": min(days).isoformat(),
            "timezone": "Europe/Stockholm",
            "days": {str(day): _entry(day) for day in days if day.year == year},
        }
        (folder / index_name(year)).write_text(json.dumps(index), encoding="utf-8")


def _entry(day: date) -> dict[str, Any]:
    return {
        "verdict": "reconciled",
        "headline": "Reconciled, difference 0.00 SEK",
        "run_id": f"partition__{day}",
        "made_at": f"{day}T03:00:00+00:00",
        "held": 0,
        "orders": 27,
        "shop_ore": 1_234_500,
        "difference_ore": 0,
        "waiting": [],
    }
