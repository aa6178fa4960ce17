"""Erases working files of runs older than FORTNOX_RETENTION_DAYS (14). Reports stay."""

from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, CronTriggerTimetable

from fortnox.operators.erase import FortnoxEraseStagingOperator

with DAG(
    dag_id="fortnox_maintenance",
    description="Erases old working files, which hold personal data",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("20 2 * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    tags=["fortnox", "maintenance"],
):
    FortnoxEraseStagingOperator(task_id="erase", retries=1)
