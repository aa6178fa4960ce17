"""One day through the scheduler, against a server that answers as Airflow does."""

import io
from datetime import date
from typing import Any

import pytest

from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.day import DAILY, PREFLIGHT, DayRun, run_day, run_preflight
from fortnox.demo.errors import DemoError
from fortnox.demo.progress import Progress

DAY = date(2026, 11, 20)
RUNS = f"dags/{DAILY}/dagRuns"


def api_of(airflow: Any) -> AirflowApi:
    """A client of the fake."""
    return AirflowApi(airflow.url, "admin", "admin")


def finished(airflow: Any, dag_id: str, run_id: str, state: str) -> None:
    """A run that ended, with one task in the same state."""
    airflow.answers[f"PATCH dags/{dag_id}"] = [(200, {})]
    airflow.answers[f"GET dags/{dag_id}/dagRuns/{run_id}"] = [(200, {"state": state})]
    rows = [{"task_id": "apply", "state": state, "start_date": None, "map_index": -1}]
    airflow.answers[f"GET dags/{dag_id}/dagRuns/{run_id}/taskInstances"] = [
        (200, {"task_instances": rows})
    ]


def test_the_scheduler_s_own_run_is_taken(airflow: Any) -> None:
    """A first demo would run the day twice at the same time."""
    airflow.answers[f"GET dags/{DAILY}"] = [(200, {"is_paused": True})]
    run = {"dag_run_id": "scheduled", "partition_key": DAY.isoformat()}
    airflow.answers[f"GET {RUNS}"] = [(200, {"dag_runs": []}), (200, {"dag_runs": [run]})]
    finished(airflow, DAILY, "scheduled", "success")
    airflow.answers[f"GET {RUNS}/scheduled/taskInstances/reconcile/xcomEntries/reconciliation"] = [
        (200, {"value": {"verdict": "reconciled"}})
    ]
    ran = run_day(api_of(airflow), DAY, Progress(io.StringIO()))
    assert ran == DayRun(run_id="scheduled", state="success", summary={"verdict": "reconciled"})
    assert not [request for request in airflow.requests if request[0] == "POST"]


def test_a_second_demo_runs_the_day_again(airflow: Any) -> None:
    """It would show the first demo's report as its own."""
    airflow.answers[f"GET dags/{DAILY}"] = [(200, {"is_paused": False})]
    run = {"dag_run_id": "old", "partition_key": DAY.isoformat()}
    airflow.answers[f"GET {RUNS}"] = [(200, {"dag_runs": [run]})]
    airflow.answers[f"POST {RUNS}"] = [(200, {"dag_run_id": "new"})]
    finished(airflow, DAILY, "new", "failed")
    airflow.answers[f"GET {RUNS}/new/taskInstances/reconcile/xcomEntries/reconciliation"] = [
        (200, {"value": {"verdict": "differs"}})
    ]
    ran = run_day(api_of(airflow), DAY, Progress(io.StringIO()))
    assert ran == DayRun(run_id="new", state="failed", summary={"verdict": "differs"})


def test_a_run_without_a_report_names_the_task(airflow: Any) -> None:
    """The user would have to search in the UI."""
    airflow.answers[f"GET dags/{DAILY}"] = [(200, {"is_paused": False})]
    airflow.answers[f"GET {RUNS}"] = [(200, {"dag_runs": []})]
    airflow.answers[f"POST {RUNS}"] = [(200, {"dag_run_id": "r"})]
    finished(airflow, DAILY, "r", "failed")
    with pytest.raises(DemoError, match=f"{DAILY} failed at apply; see {airflow.url}/dags/"):
        run_day(api_of(airflow), DAY, Progress(io.StringIO()))


def test_a_failed_preflight_stops_the_demo(airflow: Any) -> None:
    """Money would move although the checks said no."""
    airflow.answers[f"POST dags/{PREFLIGHT}/dagRuns"] = [(200, {"dag_run_id": "p"})]
    finished(airflow, PREFLIGHT, "p", "failed")
    with pytest.raises(DemoError, match=f"{PREFLIGHT} failed at apply"):
        run_preflight(api_of(airflow), Progress(io.StringIO()))
    finished(airflow, PREFLIGHT, "p", "success")
    run_preflight(api_of(airflow), Progress(io.StringIO()))


def test_the_report_s_address_is_the_tab_of_the_run() -> None:
    """The printed link would lead nowhere."""
    run = DayRun(run_id="r", state="success", summary={})
    assert run.report_url("http://h:1") == f"http://h:1/dags/{DAILY}/runs/r/plugin/reconciliation"
