"""What Airflow's database knows about one run: its report, and how far its tasks have come."""

import json
from dataclasses import dataclass
from typing import Any

from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.pool import Pool
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fortnox.core.names import (
    PLAN_KEY,
    PLAN_TASK,
    PREFLIGHT_TASK,
    RECONCILE_TASK,
    REPORT_KEY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCount:
    """How many instances of a task (mapped ones have several) are in a state."""

    task_id: str
    #: Airflow's state; "none" for a task that nobody has scheduled yet.
    state: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """A run as the scheduler sees it."""

    state: str
    dag_paused: bool
    tasks: tuple[TaskCount, ...]
    #: Pools that tasks of this run name and that do not exist.
    missing_pools: tuple[str, ...]


def load_report(session: Session, dag_id: str, run_id: str) -> dict[str, Any] | None:
    """The report that the run's reconcile task pushed, or the preflight DAG's list; else None.

    Raises:
        ValueError: There is one, but it is not a JSON object (an XCom backend that keeps values
            outside of the database leaves a mere reference here).
    """
    return _load_object(session, dag_id, run_id, REPORT_KEY, RECONCILE_TASK, PREFLIGHT_TASK)


def load_plan(session: Session, dag_id: str, run_id: str) -> dict[str, Any] | None:
    """The plan that the run's plan task pushed; None too if it is kept outside of the database."""
    try:
        return _load_object(session, dag_id, run_id, PLAN_KEY, PLAN_TASK)
    except ValueError:
        return None


def _load_object(
    session: Session, dag_id: str, run_id: str, key: str, *task_ids: str
) -> dict[str, Any] | None:
    row = session.execute(
        select(XComModel.value)
        .where(
            XComModel.dag_id == dag_id,
            XComModel.run_id == run_id,
            XComModel.key == key,
            or_(
                XComModel.task_id.in_(task_ids),
                *(XComModel.task_id.endswith(f".{one}", autoescape=True) for one in task_ids),
            ),
        )
        .order_by(XComModel.timestamp.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    value = row.value
    # Depending on who wrote it, the column holds the object or its JSON text.
    report = json.loads(value) if isinstance(value, str) else value
    if not isinstance(report, dict):
        message = "the XCom is not a JSON object"
        raise ValueError(message)  # noqa: TRY004 - a wrong value from outside, not a wrong call
    return report


def load_run_state(session: Session, dag_id: str, run_id: str) -> RunState | None:
    """State of the run and of its tasks, first started first; None if there is no such run."""
    run_state = session.scalar(
        select(DagRun.state).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id)
    )
    if run_state is None:
        return None
    paused = session.scalar(select(DagModel.is_paused).where(DagModel.dag_id == dag_id))
    of_run = (TaskInstance.dag_id == dag_id, TaskInstance.run_id == run_id)
    started = func.min(TaskInstance.start_date)
    rows = session.execute(
        select(TaskInstance.task_id, TaskInstance.state, func.count())
        .where(*of_run)
        .group_by(TaskInstance.task_id, TaskInstance.state)
        .order_by(started.is_(None), started, TaskInstance.task_id)
    )
    missing = session.scalars(
        select(TaskInstance.pool)
        .where(*of_run, TaskInstance.pool.not_in(select(Pool.pool)))
        .distinct()
        .order_by(TaskInstance.pool)
    )
    return RunState(
        state=str(run_state),
        dag_paused=bool(paused),
        tasks=tuple(
            TaskCount(task_id=task_id, state=str(state or "none"), count=count)
            for task_id, state, count in rows
        ),
        missing_pools=tuple(missing),
    )
