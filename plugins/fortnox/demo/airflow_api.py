"""What the demo and the end-to-end test ask of Airflow, in its public REST API."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from fortnox.demo.rest import ApiError, Json, Rest

FINISHED = frozenset({"success", "failed"})
_HTTP_CONFLICT = 409
#: Between two looks at a run: each costs the api-server two answers, and its tasks need it too.
_LOOK_S = 1.0


class AirflowApi(Rest):
    """One Airflow; the arguments are those of :class:`fortnox.demo.rest.Rest`."""

    def health(self) -> dict[str, str]:
        """Status by part: metadatabase, scheduler, triggerer, dag_processor; empty while down."""
        answer = self.probe("/api/v2/monitor/health") or {}
        return {part: str(state.get("status")) for part, state in answer.items()}

    def put_connection(self, connection_id: str, fields: Mapping[str, str]) -> None:
        """Creates the connection, or changes it to be so."""
        body = {"connection_id": connection_id, **fields}
        try:
            self.call("POST", "connections", json=body)
        except ApiError as error:
            if not _exists(error):
                raise
            self.call("PATCH", f"connections/{quote(connection_id)}", json=body)

    def put_pool(self, name: str, *, slots: int, description: str) -> None:
        """Creates the pool, or changes it to be so. Deferred tasks count."""
        body = {
            "name": name,
            "slots": slots,
            "description": description,
            "include_deferred": True,
        }
        try:
            self.call("POST", "pools", json=body)
        except ApiError as error:
            if not _exists(error):
                raise
            self.call("PATCH", f"pools/{quote(name)}", json=body)

    def dag(self, dag_id: str) -> Json | None:
        """The DAG, None while the DAG processor has not seen it."""
        return self.get_or_none(f"dags/{quote(dag_id)}")

    def reparse(self, dag_id: str) -> None:
        """Lets the DAG processor read the DAG's file next, instead of in up to half a minute."""
        row = self.call("GET", f"dags/{quote(dag_id)}")
        self.call("PUT", f"parseDagFile/{quote(row['file_token'])}")

    def import_errors(self) -> list[str]:
        """What is wrong with DAG files, as ``file: last line of the trace``."""
        rows = self.call("GET", "importErrors")["import_errors"]
        return [f"{row['filename']}: {_last_line(row['stack_trace'])}" for row in rows]

    def unpause(self, dag_id: str) -> None:
        """Lets the scheduler run the DAG."""
        self.call("PATCH", f"dags/{quote(dag_id)}", json={"is_paused": False})

    def trigger(
        self,
        dag_id: str,
        *,
        partition_key: str | None = None,
        conf: Mapping[str, Any] | None = None,
    ) -> str:
        """Starts a run; the accounting day goes into ``partition_key``.

        Returns:
            The run's id.
        """
        body = {"logical_date": None, "partition_key": partition_key, "conf": dict(conf or {})}
        return str(self.call("POST", f"dags/{quote(dag_id)}/dagRuns", json=body)["dag_run_id"])

    def runs(self, dag_id: str, *, partition_key: str | None = None) -> list[Json]:
        """Runs of the DAG (of one partition), the newest first."""
        parameters = {"order_by": "-run_after", "limit": 100}
        rows = self.call("GET", f"dags/{quote(dag_id)}/dagRuns", params=parameters)["dag_runs"]
        return [row for row in rows if partition_key in (None, row.get("partition_key"))]

    def run(self, dag_id: str, run_id: str) -> Json:
        """One run."""
        return self.call("GET", f"dags/{quote(dag_id)}/dagRuns/{quote(run_id)}")

    def task_states(self, dag_id: str, run_id: str) -> list[tuple[str, str]]:
        """Task (with its map index, if it has one) and state, in the order of start."""
        path = f"dags/{quote(dag_id)}/dagRuns/{quote(run_id)}/taskInstances"
        rows = self.call("GET", path, params={"limit": 200})["task_instances"]
        rows.sort(key=lambda row: (row["start_date"] or "~", row["task_id"], row["map_index"]))
        return [(_task_name(row), row["state"] or "waiting") for row in rows]

    def wait_run(
        self,
        dag_id: str,
        run_id: str,
        *,
        timeout_s: float,
        progress: Callable[[list[tuple[str, str]]], None] = lambda _states: None,
    ) -> str:
        """Waits for a run to end.

        Returns:
            ``success`` or ``failed``.

        Raises:
            DemoError: It did not end in time.
        """
        state = ""

        def ended() -> bool:
            nonlocal state
            state = str(self.run(dag_id, run_id)["state"])
            progress(self.task_states(dag_id, run_id))
            return state in FINISHED

        what = f"the run {run_id} of {dag_id}"
        self.wait_until(ended, timeout_s=timeout_s, what=what, pause_s=_LOOK_S)
        return state

    def xcom(self, dag_id: str, run_id: str, task_id: str, key: str) -> Any:
        """The value of an XCom, None when the task left none."""
        path = (
            f"dags/{quote(dag_id)}/dagRuns/{quote(run_id)}"
            f"/taskInstances/{quote(task_id)}/xcomEntries/{quote(key)}"
        )
        entry = self.get_or_none(path, params={"stringify": "false"})
        return None if entry is None else entry["value"]

    def backfill(
        self, dag_id: str, *, first: str, last: str, reprocess: str = "none", max_active_runs: int
    ) -> int:
        """Creates a backfill over whole days, written ``YYYY-MM-DD``.

        Returns:
            Its id.
        """
        body = {
            "dag_id": dag_id,
            # Airflow reads the wall clock of the bounds in the DAG's own time zone.
            "from_date": f"{first}T00:00:00Z",
            "to_date": f"{last}T00:00:00Z",
            "reprocess_behavior": reprocess,
            "max_active_runs": max_active_runs,
        }
        return int(self.call("POST", "backfills", json=body)["id"])


def _exists(error: ApiError) -> bool:
    return error.status == _HTTP_CONFLICT


def _task_name(row: Json) -> str:
    index = row["map_index"]
    return str(row["task_id"]) if index < 0 else f"{row['task_id']}[{index}]"


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
