"""Where ``reconcile`` and ``plan`` leave what the UI shows: reports, plans, the year's index."""

import fcntl
import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from airflow.configuration import AIRFLOW_HOME
from airflow.sdk import ObjectStoragePath

from fortnox.api.private_file import make_private
from fortnox.core.report_frame import Summary
from fortnox.core.report_index import index_folder, index_name, with_day, year_of
from fortnox.core.report_paths import (
    SUMMARY_NAME,
    details_name,
    plan_name,
    report_folder,
    reports_base,
)
from fortnox.steps.run import Run
from fortnox.steps.staging import write_atomically

#: Times that an index on object storage, which has no locks, is written until it stays.
_TRIES = 5

Rows = Sequence[Sequence[Mapping[str, Any]]]


def store_report(run: Run, summary: Summary, pages: Rows) -> None:
    """Summary and pages beside each other, where the UI computes them to be."""
    folder = run_folder(run)
    store_pages(folder, pages, details_name)
    content = json.dumps(summary, ensure_ascii=False, indent=1).encode()
    write_atomically(folder, SUMMARY_NAME, content)


def store_plan(run: Run, pages: Rows) -> None:
    """The plan's documents beside where the report will be."""
    store_pages(run_folder(run), pages, plan_name)


def store_pages(folder: ObjectStoragePath, pages: Rows, name: Callable[[int], str]) -> None:
    """Gzipped JSON, ready to serve; ``name`` gives the file of a page."""
    for number, page in enumerate(pages):
        content = gzip.compress(json.dumps(page, ensure_ascii=False).encode(), mtime=0)
        write_atomically(folder, name(number), content)


def store_index(run: Run, summary: Summary) -> None:
    """The day's entry in the index of its year; hourly runs have none."""
    year = year_of(summary)
    if year is None:
        return
    folder = _root() / index_folder(run.dag_id)
    name = index_name(year)
    with _alone(folder):
        for _ in range(_TRIES):
            index = with_day(
                read_index(folder, name),
                summary,
                shop=run.shop,
                dag_id=run.dag_id,
                run_id=run.run_id,
            )
            write_atomically(folder, name, json.dumps(index, ensure_ascii=False).encode())
            if read_index(folder, name) == index:
                return


def read_days(dag_id: str, first: date, last: date) -> dict[str, dict[str, Any]]:
    """The index's days of a span, by ISO date."""
    folder = _root() / index_folder(dag_id)
    found: dict[str, dict[str, Any]] = {}
    for year in range(first.year, last.year + 1):
        index = read_index(folder, index_name(year)) or {}
        found.update(index.get("days", {}))
    return {
        day: entry for day, entry in found.items() if first.isoformat() <= day <= last.isoformat()
    }


def read_index(folder: ObjectStoragePath, name: str) -> dict[str, Any] | None:
    """The index; None if there is none, or none that can be read."""
    try:
        index = json.loads((folder / name).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return index if isinstance(index, dict) else None


@contextmanager
def _alone(folder: ObjectStoragePath) -> Iterator[None]:
    """Two days of a shop may end at once: neither entry may be lost. Local folders only."""
    if folder.protocol != "file":
        yield
        return
    local = Path(folder.path)
    make_private(local)
    with (local / ".lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_folder(run: Run) -> ObjectStoragePath:
    """The folder of a run's report and plan."""
    return _root() / report_folder(
        run.shop.fortnox_conn_id, run.shop.shop, run.window.label, run.dag_id, run.run_id
    )


def _root() -> ObjectStoragePath:
    base = reports_base(os.environ, AIRFLOW_HOME)
    return ObjectStoragePath(base if "://" in base else f"file://{base}")
