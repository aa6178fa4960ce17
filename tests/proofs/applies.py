"""The processes of a served Airflow that carry out an apply task, and those around them."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.proofs.served import Served

from fortnox.demo import processes
from fortnox.demo.day import DAILY
from fortnox.demo.errors import DemoError


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """A process, and the try of a task instance that it carries out."""

    pid: int
    run_id: str
    map_index: int
    dag_id: str

    @property
    def path(self) -> str:
        """Of its task instance in Airflow's API."""
        return f"dags/{self.dag_id}/dagRuns/{quote(self.run_id)}/taskInstances/apply"


@dataclass(slots=True)
class Applies:
    """Knows the tries that Airflow gave up, too: their processes may still live."""

    airflow: Served
    dag_ids: tuple[str, ...] = (DAILY,)
    _rows: dict[str, Any] = field(default_factory=dict)

    def living(self) -> list[Apply]:
        """All processes that carry out an apply right now."""
        for dag_id in self.dag_ids:
            self._look_up(dag_id)
        found = []
        for process in processes.marked(self.airflow.mark, "scheduler"):
            row = self._rows.get(_title(process.pid).rpartition("-- ")[2])
            if row is not None:
                found.append(
                    Apply(
                        pid=process.pid,
                        run_id=row["dag_run_id"],
                        map_index=row["map_index"],
                        dag_id=row["dag_id"],
                    )
                )
        return found

    def next_one(self, *, timeout_s: float = 300.0) -> Apply | None:
        """One of them, as soon as there is one."""
        found: Apply | None = wait_for(lambda: next(iter(self.living()), None), timeout_s=timeout_s)
        return found

    def _look_up(self, dag_id: str) -> None:
        query = {"state": "running", "limit": 100}
        with suppress(DemoError, KeyError):
            path = f"dags/{dag_id}/dagRuns/~/taskInstances"
            for row in self.airflow.api.call("GET", path, params=query)["task_instances"]:
                if row["task_id"] == "apply":
                    self._rows[row["id"]] = row


def parent_of(pid: int) -> int | None:
    """The process that started this one."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    return int(text.rpartition(")")[2].split()[1])


def child_of(airflow: Served, name: str) -> int | None:
    """The process that the supervisor started under this name."""
    found = processes.marked(airflow.mark, name)
    return next((one.pid for one in found if parent_of(one.pid) == airflow.process.pid), None)


def wait_for(found: Callable[[], Any], *, timeout_s: float) -> Any:
    """What ``found`` gives as soon as it is not None; None after the time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        with suppress(DemoError):
            value = found()
            if value is not None:
                return value
        time.sleep(0.3)
    return None


def _title(pid: int) -> str:
    try:
        text = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""
    return text.replace("\0", " ").strip()
