"""What a task instance is to the steps: a dictionary of XComs."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fortnox.core.errors import PipelineError
from fortnox.core.names import PROBLEM_KEY


@dataclass(slots=True)
class Xcoms:
    """The part of a task instance that the steps use."""

    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    task_id: str = ""
    try_number: int = 1

    def push(self, task_id: str, value: Any) -> Any:
        """A step's result, as JSON keeps it."""
        kept = json.loads(json.dumps(value))
        self.values[task_id, "return_value"] = kept
        self.states[task_id] = "success"
        return kept

    def did(self, task_id: str, step: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Carry a step out as an operator does: what went wrong stands where the report looks."""
        from airflow.sdk.exceptions import AirflowSkipException

        self.task_id = task_id
        try:
            return self.push(task_id, step(*given, **named))
        except AirflowSkipException:
            self.states[task_id] = "skipped"
            raise
        except PipelineError as error:
            self.states[task_id] = "failed"
            self.xcom_push(PROBLEM_KEY, str(error))
            raise

    def never_ran(self, *task_ids: str) -> None:
        """What follows a failed task, as Airflow marks it."""
        self.states = dict.fromkeys(task_ids, "upstream_failed") | self.states

    def xcom_push(self, key: str, value: Any) -> None:
        """As Airflow's."""
        self.values[self.task_id, key] = json.loads(json.dumps(value))

    def xcom_pull(self, task_ids: str, key: str = "return_value") -> Any:
        """As Airflow's, for one task."""
        return self.values.get((task_ids, key))

    def get_task_states(self, dag_id: str, run_ids: list[str]) -> dict[str, dict[str, str]]:
        """As Airflow's."""
        del dag_id
        return {run_id: dict(self.states) for run_id in run_ids}
