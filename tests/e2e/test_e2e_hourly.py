"""The hourly DAG on real processes: its watermark lives in Airflow's asset state store.

What the watermark carries over an outage is tested with ``dag.test``; here it is shown that the
store works where tasks are processes of their own.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from fortnox.core.names import hourly_dag_id

HOURLY = hourly_dag_id("demo")
RUN_TIMEOUT_S = 240.0

pytestmark = pytest.mark.timeout(900)


def test_each_run_begins_where_the_last_one_ended(embedded: Any):
    """A watermark that tasks could not read or write would lose the hours of an outage."""
    embedded.api.unpause(HOURLY)
    try:
        embedded.api.wait_until(
            lambda: bool(embedded.api.runs(HOURLY)), timeout_s=60, what="the scheduler's own run"
        )
        first_end = carried_until(embedded, embedded.api.runs(HOURLY)[-1]["dag_run_id"])
        assert watermark(embedded) == first_end.isoformat()
        second = embedded.api.trigger(HOURLY)
        second_end = carried_until(embedded, second)
        window = embedded.api.xcom(HOURLY, second, "window", "return_value")["window"]
        assert datetime.fromisoformat(window["start_utc"]) == first_end - timedelta(minutes=10)
        assert watermark(embedded) == second_end.isoformat() > first_end.isoformat()
    finally:
        embedded.api.call("PATCH", f"dags/{HOURLY}", json={"is_paused": True})


def carried_until(embedded: Any, run_id: str) -> datetime:
    """The end of a run's window; the run must be green."""
    assert embedded.api.wait_run(HOURLY, run_id, timeout_s=RUN_TIMEOUT_S) == "success"
    window = embedded.api.xcom(HOURLY, run_id, "window", "return_value")["window"]
    return datetime.fromisoformat(window["end_utc"])


def watermark(embedded: Any) -> str:
    """What Airflow's asset state store holds."""
    assets = embedded.api.call("GET", "assets")["assets"]
    asset = next(asset for asset in assets if asset["name"] == "demo orders watermark")
    path = f"assets/{asset['id']}/state-store/orders_until"
    return str(embedded.api.call("GET", path)["value"])
