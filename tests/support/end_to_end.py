"""A real Airflow on the sandboxes, with folders of its own: for end-to-end tests and proofs."""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from fortnox.core.names import daily_dag_id
from fortnox.demo import stack as stacks
from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.day import SHOP, DayRun, run_day
from fortnox.demo.progress import Progress
from fortnox.demo.settings import PASSWORD, USERNAME
from fortnox.demo.stack import Sales, Stack
from fortnox.demo.supervisor import Supervisor
from fortnox.demo.world import set_columns


@dataclass(frozen=True, kw_only=True)
class EndToEnd:
    """The handle of tests and proofs."""

    stack: Stack
    supervisor: Supervisor
    progress: Progress

    @property
    def api(self) -> AirflowApi:
        """Airflow's REST API."""
        return self.stack.airflow.api

    @property
    def base_url(self) -> str:
        """Airflow's UI."""
        return self.stack.airflow.base_url

    @property
    def day(self) -> date:
        """The last day with sales."""
        return self.stack.day

    @property
    def mappings(self) -> Path:
        """The mapping files that this Airflow reads; a test that changes them puts them back."""
        return self.stack.airflow.layout.mappings

    def set_shop(self, **columns: str) -> None:
        """Changes columns of the demo's row in shops.csv, which tasks read when they run."""
        path = self.mappings / "shops.csv"
        path.write_text(set_columns(path.read_text(encoding="utf-8"), columns), encoding="utf-8")

    def begin_on(self, day: date) -> None:
        """Changes the shop's ``start_date``, which its DAG has, and lets Airflow read that anew.

        The scheduler catches up on the days between, if the DAG is not paused and has not run yet.
        """
        self.set_shop(start_date=day.isoformat())
        self.api.reparse(daily_dag_id(SHOP))

    def run_day(self, day: date) -> DayRun:
        """Runs the daily DAG for an accounting day through the scheduler."""
        return run_day(self.api, day, self.progress)

    def command(self, module: str, *arguments: str) -> str:
        """Runs ``python -m <module> ...`` beside this Airflow, as a person would; what it prints.

        The supervisor is at work meanwhile, so a process that dies is still restarted.
        """
        ran = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=self.stack.airflow.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        while True:
            try:
                printed, _ = ran.communicate(timeout=0.5)
                break
            except subprocess.TimeoutExpired:
                self.supervisor.tick()
        assert ran.returncode == 0, printed
        return printed

    def report_page(self, dag_id: str, run_id: str) -> Any:
        """What the run's tab reads, signed in: the report, or why there is none."""
        login = {"username": USERNAME, "password": PASSWORD}
        token = requests.post(f"{self.base_url}/auth/token", json=login, timeout=30).json()
        return requests.get(
            f"{self.base_url}/fortnox/api/runs/{dag_id}/{quote(run_id)}",
            headers={"Authorization": f"Bearer {token['access_token']}"},
            timeout=30,
        ).json()

    def fortnox(self, method: str, path: str, body: Any = None) -> Any:
        """The Fortnox sandbox's control: ``fortnox("GET", "state")``."""
        return control(self.stack.fortnox_url, method, path, body)

    @property
    def writes(self) -> int:
        """How many writes Fortnox has received."""
        log = self.fortnox("GET", "requests")["requests"]
        return sum(1 for row in log if row["method"] != "GET" and row["path"].startswith("/3/"))

    def shop(self, method: str, path: str, body: Any = None) -> Any:
        """The shop sandbox's control."""
        return control(self.stack.woocommerce_url, method, path, body)


def stop_cleanly() -> None:
    """Whoever is asked to stop unwinds, so that no process and no folder is left."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def control(url: str, method: str, path: str, body: Any = None) -> Any:
    """One request to the control of a sandbox."""
    answer = requests.request(method, f"{url}/_sandbox/{path}", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def living_invoices(state: Any) -> list[dict[str, Any]]:
    """Invoices of a state of the Fortnox sandbox that are not cancelled."""
    return [row for row in state["invoices"] if not row["Cancelled"]]


@contextmanager
def end_to_end(sales: Sales) -> Iterator[EndToEnd]:
    """The repository's DAGs in a real Airflow; nothing is left of it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="fnx-e2e-"))
    root = stacks.package_root()
    layout = stacks.layout_of(root, folder)
    supervisor = Supervisor(folder)
    progress = Progress(sys.stderr)
    try:
        stack = stacks.start(root, layout, supervisor, variables={}, progress=progress, sales=sales)
        yield EndToEnd(stack=stack, supervisor=supervisor, progress=progress)
    finally:
        supervisor.stop()
        stacks.forget(layout)
        shutil.rmtree(folder, ignore_errors=True)
