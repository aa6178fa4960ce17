"""One accounting day through the real scheduler, from preflight to the report."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fortnox.core import names
from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.errors import DemoError
from fortnox.demo.progress import Progress

SHOP = "demo"
DAILY = names.daily_dag_id(SHOP)
PREFLIGHT = names.preflight_dag_id(SHOP)
_PREFLIGHT_TIMEOUT_S = 300.0
_DAILY_TIMEOUT_S = 1800.0
_OWN_RUN_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRun:
    """A finished run and the report that it left."""

    run_id: str
    state: str
    summary: Mapping[str, Any]
    dag_id: str = DAILY

    def report_url(self, base_url: str) -> str:
        """The tab of the run in Airflow's UI."""
        return f"{base_url}/dags/{self.dag_id}/runs/{self.run_id}/plugin/reconciliation"


def run_preflight(api: AirflowApi, progress: Progress) -> None:
    """Checks what can be checked before money moves.

    Raises:
        DemoError: Something is wrong; names the task and its run.
    """
    api.unpause(PREFLIGHT)
    run_id = api.trigger(PREFLIGHT)
    progress.say("Preflight: connections, company, financial year, accounts")
    state = api.wait_run(PREFLIGHT, run_id, timeout_s=_PREFLIGHT_TIMEOUT_S, progress=progress.tasks)
    if state != "success":
        raise DemoError(_failure(api, PREFLIGHT, run_id))


def run_day(api: AirflowApi, day: date, progress: Progress, *, dag_id: str = DAILY) -> DayRun:
    """Runs a shop's daily DAG for one accounting day and waits for its report.

    Raises:
        DemoError: The run left no report; names the task that failed.
    """
    run_id = _start_day(api, dag_id, day.isoformat())
    progress.say(f"The orders of {day}: {run_id}")
    state = api.wait_run(dag_id, run_id, timeout_s=_DAILY_TIMEOUT_S, progress=progress.tasks)
    summary = api.xcom(dag_id, run_id, names.RECONCILE_TASK, names.REPORT_KEY)
    if summary is None:
        raise DemoError(_failure(api, dag_id, run_id))
    return DayRun(run_id=run_id, state=state, summary=summary, dag_id=dag_id)


def _start_day(api: AirflowApi, dag_id: str, key: str) -> str:
    """The day's run: the scheduler's own if it makes one on unpausing, else a new one."""
    known = {run["dag_run_id"] for run in api.runs(dag_id, partition_key=key)}
    was_paused = bool((api.dag(dag_id) or {}).get("is_paused"))
    api.unpause(dag_id)
    deadline = time.monotonic() + (_OWN_RUN_TIMEOUT_S if was_paused else 0.0)
    while time.monotonic() < deadline:
        for run in api.runs(dag_id, partition_key=key):
            if run["dag_run_id"] not in known:
                return str(run["dag_run_id"])
        time.sleep(0.3)
    return api.trigger(dag_id, partition_key=key)


def _failure(api: AirflowApi, dag_id: str, run_id: str) -> str:
    failed = [task for task, state in api.task_states(dag_id, run_id) if state == "failed"]
    where = f" at {', '.join(failed)}" if failed else ""
    return f"{dag_id} failed{where}; see {api.base_url}/dags/{dag_id}/runs/{run_id}"
