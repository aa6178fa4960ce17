"""Writes rows into Airflow's tables as Airflow would, without its scheduler."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from airflow import settings
from airflow.api_fastapi.app import create_auth_manager, purge_cached_app
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.models import import_all_models
from airflow.models.base import Base
from airflow.models.dag import DagModel
from airflow.models.dagbundle import DagBundleModel
from airflow.models.dagrun import DagRun
from airflow.models.pool import Pool
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from fastapi.testclient import TestClient
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from fortnox.ui.app import app

#: ``client_of("VIEWER")``: signed in with that role; ``client_of(None)``: without any rights.
ClientOf = Callable[[str | None], TestClient]

_NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)


def connect() -> None:
    """Airflow's ORM on the database that the environment names now."""
    settings.dispose_orm()
    settings.configure_vars()
    settings.configure_orm()


def make_tables() -> None:
    """Airflow's tables in a new database that the environment names, and who may read them."""
    connect()
    import_all_models()
    Base.metadata.create_all(settings.engine)
    purge_cached_app()
    create_auth_manager()


def add_basics(session: Session) -> None:
    """What every row of a DAG refers to."""
    # Rows of runs without the rows of versions and templates that they refer to.
    session.execute(text("PRAGMA foreign_keys=OFF"))
    session.execute(insert(DagBundleModel).values(name="dags"))
    session.execute(insert(Pool).values(pool="default_pool", slots=8, include_deferred=False))
    session.commit()


def signed_in(role: str | None) -> TestClient:
    """A client of the app with a token of a role of Airflow's."""
    user = SimpleAuthManagerUser(username="somebody", role=role)
    token = create_auth_manager().generate_jwt(user)
    return TestClient(app, headers={"Authorization": f"Bearer {token}"})


@dataclass(frozen=True)
class Database:
    """The session in which the rows are written."""

    session: Session

    def dag(self, dag_id: str, *, paused: bool = False) -> None:
        """A DAG that the DAG processor has seen."""
        self.session.execute(
            insert(DagModel).values(
                dag_id=dag_id,
                bundle_name="dags",
                is_paused=paused,
                fileloc="/dags/x.py",
                max_active_tasks=16,
                max_active_runs=16,
                max_consecutive_failed_dag_runs=0,
                has_task_concurrency_limits=False,
            )
        )
        self.session.commit()

    def run(self, dag_id: str, run_id: str, state: str = "success") -> None:
        """A run in a state."""
        self.session.execute(
            insert(DagRun).values(
                dag_id=dag_id,
                run_id=run_id,
                state=state,
                run_type="manual",
                run_after=_NOW,
                log_template_id=1,
                span_status="not_started",
                clear_number=0,
            )
        )
        self.session.commit()

    def task(
        self, dag_id: str, run_id: str, task_id: str, state: str | None, **more: object
    ) -> None:
        """A task instance; ``more`` are further columns."""
        values = {
            "id": uuid.uuid4(),
            "dag_id": dag_id,
            "run_id": run_id,
            "task_id": task_id,
            "state": state,
            "pool": "default_pool",
            "pool_slots": 1,
            "map_index": -1,
            "try_number": 0,
        } | more
        self.session.execute(insert(TaskInstance.__table__).values(**values))
        self.session.commit()

    def xcom(
        self,
        dag_id: str,
        run_id: str,
        value: object,
        *,
        task_id: str = "reconcile",
        key: str = "reconciliation",
    ) -> None:
        """A value of a task, under the key of the report if no other is given."""
        dag_run_id = self.session.scalar(
            select(DagRun.id).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id)
        )
        self.session.execute(
            insert(XComModel).values(
                dag_run_id=dag_run_id,
                dag_id=dag_id,
                run_id=run_id,
                task_id=task_id,
                key=key,
                value=value,
                timestamp=_NOW,
            )
        )
        self.session.commit()
