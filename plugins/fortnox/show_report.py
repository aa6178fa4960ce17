"""A report on the command line: the newest one of a shop, or of one of its days."""

import json
import os
from pathlib import Path
from typing import Any

from fortnox.core.errors import FatalError
from fortnox.core.report_paths import BASE_VARIABLE, SUMMARY_NAME, reports_base

_DEFAULT_AIRFLOW_HOME = "~/airflow"


def reports_folder() -> Path:
    """The folder of all reports, as the tasks compute it.

    Raises:
        FatalError: Reports are kept in object storage, which this command does not read.
    """
    home = os.environ.get("AIRFLOW_HOME", _DEFAULT_AIRFLOW_HOME)
    base = reports_base(os.environ, home).removeprefix("file://")
    if "://" in base:
        raise FatalError(
            f"The reports lie in {base}.", remedy="Read them in the Airflow UI, tab Reconciliation."
        )
    return Path(base).expanduser()


def newest_report(folder: Path, shop: str, label: str | None) -> dict[str, Any]:
    """The summary that was made last; several runs of a day may each have left one.

    Args:
        folder: The folder of all reports.
        shop: Key of the shop.
        label: An accounting day, or None for the newest of any day.

    Raises:
        FatalError: There is none.
    """
    pattern = f"*/{shop}/{label or '*'}/*/{SUMMARY_NAME}"
    summaries = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob(pattern)]
    # Those of articles and stock have a kind; this command is about the sales.
    summaries = [summary for summary in summaries if "kind" not in summary]
    if not summaries:
        what = f"for {label}" if label else "yet"
        raise FatalError(
            f"There is no report of shop {shop} {what} in {folder}.",
            remedy=f"Run its DAG, or point {BASE_VARIABLE} to the reports.",
        )
    newest: dict[str, Any] = max(summaries, key=lambda summary: str(summary["made_at"]))
    return newest
