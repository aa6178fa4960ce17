"""What Airflow's database knows about runs of accounting days, and whether more may be started."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from airflow.models.backfill import Backfill
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from sqlalchemy import select
from sqlalchemy.orm import Session

from fortnox.core.report_days import DayRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacles:
    """Why runs that are started now would not run."""

    paused: bool
    backfill_running: bool


def load_day_runs(
    session: Session, dag_ids: Collection[str], first: date, last: date
) -> dict[str, list[DayRun]]:
    """Runs by DAG, oldest first, whose partition is a day of the span; dry runs do not count."""
    rows = session.execute(
        select(DagRun.dag_id, DagRun.partition_key, DagRun.run_id, DagRun.state, DagRun.conf)
        .where(
            DagRun.dag_id.in_(dag_ids),
            DagRun.partition_key >= first.isoformat(),
            DagRun.partition_key <= last.isoformat(),
        )
        .order_by(DagRun.id)
    )
    found: dict[str, list[DayRun]] = defaultdict(list)
    for dag_id, day, run_id, state, conf in rows:
        if not (isinstance(conf, dict) and conf.get("dry_run")):
            found[dag_id].append(DayRun(day=day, run_id=run_id, state=str(state)))
    return dict(found)


def load_obstacles(session: Session, dag_id: str) -> Obstacles:
    """Paused, or a backfill that is not done."""
    paused = session.scalar(select(DagModel.is_paused).where(DagModel.dag_id == dag_id))
    running = session.scalar(
        select(Backfill.id)
        .where(Backfill.dag_id == dag_id, Backfill.completed_at.is_(None))
        .limit(1)
    )
    return Obstacles(paused=bool(paused), backfill_running=running is not None)
