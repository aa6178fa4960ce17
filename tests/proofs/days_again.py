"""Runs every day of a served world once more, and says what is wrong with its books."""

from collections import Counter
from datetime import date

from tests.proofs.applies import wait_for
from tests.proofs.served import Served
from tests.support.end_to_end import living_invoices

from fortnox.demo import verdict
from fortnox.demo.airflow_api import FINISHED
from fortnox.demo.day import DAILY

_TIMEOUT_S = 1800.0


def catch_up(airflow: Served) -> None:
    """Until every day has a run and none is under way."""
    airflow.api.unpause(DAILY)
    wait_for(lambda: _all_over(airflow, 1) or None, timeout_s=_TIMEOUT_S)


def run_all(airflow: Served) -> None:
    """Runs each day once more."""
    had = len(airflow.api.runs(DAILY))
    for day in airflow.all_days:
        airflow.api.trigger(DAILY, partition_key=day.isoformat())
    wait_for(
        lambda: (_all_over(airflow, 2) and len(airflow.api.runs(DAILY)) >= had) or None,
        timeout_s=_TIMEOUT_S,
    )


def red_days(airflow: Served) -> list[str]:
    """Days whose newest run left no good report."""
    return [fault for day in airflow.all_days if (fault := _fault(airflow, day))]


def doubled(airflow: Served) -> list[str]:
    """Sales that stand more than once, in living documents or in booked ones."""
    books = airflow.books()
    living = Counter(one["ExternalInvoiceReference1"] for one in living_invoices(books))
    booked = Counter(one["ExternalInvoiceReference1"] for one in books["invoices"] if one["Booked"])
    twice = sorted(name for name, n in (living | booked).items() if n > 1)
    return [f"{name} stands {living[name]} times, booked {booked[name]} times" for name in twice]


def idle_writes(airflow: Served) -> list[str]:
    """What one more run of all days writes; it should be nothing."""
    before = _writes(airflow)
    run_all(airflow)
    count = _writes(airflow) - before
    return [f"{count} writes by a run of days that stand"] if count else []


def _all_over(airflow: Served, runs_per_day: int) -> bool:
    """Whether each day has so many runs at least, and all runs ended."""
    runs = airflow.api.runs(DAILY)
    per_day = Counter(run["partition_key"] for run in runs)
    return all(run["state"] in FINISHED for run in runs) and all(
        per_day[day.isoformat()] >= runs_per_day for day in airflow.all_days
    )


def _fault(airflow: Served, day: date) -> str:
    run_id = airflow.api.runs(DAILY, partition_key=day.isoformat())[0]["dag_run_id"]
    summary = airflow.api.xcom(DAILY, run_id, "reconcile", "reconciliation")
    if summary is None:
        return f"{day}: no report"
    return "" if verdict.is_reconciled(summary) else f"{day}: {verdict.last_line(summary)}"


def _writes(airflow: Served) -> int:
    log = airflow.books()["requests"]
    return sum(1 for row in log if row["method"] != "GET" and row["path"].startswith("/3/"))
