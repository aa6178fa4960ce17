"""The pages on Airflow's api-server alone: runs are written as finished, nothing is scheduled."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.support.airflow_runs import DayRun

from fortnox.core.names import PLAN_KEY, PLAN_TASK, RECONCILE_TASK, REPORT_KEY
from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.settings import PASSWORD, USERNAME, Layout, airflow_env

_START_S = 120.0
_SET_RUN = "UPDATE dag_run SET state = ? WHERE dag_id = ? AND run_id = ?"
_SET_TASK = "UPDATE task_instance SET state = ? WHERE dag_id = ? AND run_id = ? AND task_id = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """An api-server with the package's DAGs and plugin, and its database."""

    layout: Layout
    port: int
    env: Mapping[str, str]

    @property
    def base_url(self) -> str:
        """Airflow's UI."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> AirflowApi:
        """Airflow's REST API."""
        return AirflowApi(self.base_url, USERNAME, PASSWORD)

    @property
    def database(self) -> Path:
        """Airflow's database."""
        return self.layout.home / "airflow.db"

    def report_url(self, dag_id: str, run_id: str) -> str:
        """The tab of a run."""
        return f"{self.base_url}/dags/{dag_id}/runs/{run_id}/plugin/reconciliation"

    def put_connections(self, variables: Mapping[str, str]) -> None:
        """Connections of the environment, in Airflow's database as its form would store them."""
        for name, text in variables.items():
            fields = json.loads(text)
            if "extra" in fields:
                fields["extra"] = json.dumps(fields["extra"])
            self.api.put_connection(name.removeprefix("AIRFLOW_CONN_").lower(), fields)

    def put_run(self, dag_id: str, day: date, run: DayRun) -> None:
        """A run as the scheduler and its tasks would have left it."""
        body = {"logical_date": None, "partition_key": str(day), "dag_run_id": run.run_id}
        self.api.call("POST", f"dags/{dag_id}/dagRuns", json=body)
        with closing(sqlite3.connect(self.database, timeout=30)) as rows, rows:
            of_run = (dag_id, run.run_id)
            rows.execute(_SET_RUN, (run.state, *of_run))
            for task_id, state in {**run.tasks, RECONCILE_TASK: run.state}.items():
                rows.execute(_SET_TASK, (state, *of_run, task_id))
            for task_id, key, value in (
                (RECONCILE_TASK, REPORT_KEY, run.report),
                (PLAN_TASK, PLAN_KEY, run.plan),
            ):
                if value is not None:
                    _put_xcom(rows, of_run, task_id, key, value)


def _put_xcom(
    rows: sqlite3.Connection, of_run: tuple[str, str], task_id: str, key: str, value: Any
) -> None:
    rows.execute(
        "INSERT INTO xcom (dag_run_id, dag_id, run_id, task_id, map_index, key, value, timestamp)"
        " SELECT id, dag_id, run_id, ?, -1, ?, ?, ? FROM dag_run WHERE dag_id = ? AND run_id = ?",
        (task_id, key, json.dumps(value), datetime.now(UTC).isoformat(), *of_run),
    )


@contextmanager
def served_pages(layout: Layout, port: int, variables: Mapping[str, str]) -> Iterator[Pages]:
    """Makes the database, reads the DAG files, starts the api-server; ends it afterwards.

    Args:
        layout: Folders of its own.
        port: On loopback.
        variables: Folders, as environment variables.
    """
    layout.home.mkdir(parents=True, exist_ok=True)
    layout.logs.mkdir(parents=True, exist_ok=True)
    passwords = layout.home / "passwords.json"
    passwords.write_text(json.dumps({USERNAME: PASSWORD, "viewer": "viewer"}), encoding="utf-8")
    url = f"sqlite:///{layout.home / 'airflow.db'}"
    env = airflow_env(layout, port=port, database_url=url, inherited=dict(os.environ))
    env |= {**variables, "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,viewer:viewer"}
    pages = Pages(layout=layout, port=port, env=env)
    with (layout.logs / "pages.log").open("wb") as log:
        outputs = {"env": env, "cwd": layout.home, "stdout": log, "stderr": log}
        for command in (("db", "migrate"), ("dags", "reserialize")):
            subprocess.run([sys.executable, "-m", "airflow", *command], check=True, **outputs)
        server = subprocess.Popen([sys.executable, "-m", "airflow", "api-server"], **outputs)
        try:
            _wait(pages)
            yield pages
        finally:
            server.terminate()
            server.wait()


def _wait(pages: Pages) -> None:
    ends = time.monotonic() + _START_S
    while not pages.api.health():
        assert time.monotonic() < ends, f"no api-server; its log is in {pages.layout.logs}"
        time.sleep(0.5)
