"""Is yesterday reconciled by the hour that shops.csv names? Told once per shop and day.

By a DAG of its own and not by a deadline of the daily one: a deadline belongs to a run, so that it
is silent on a day whose run was never made (a paused DAG, a scheduler that stood still), and speaks
once for each run of a backfill. Sent by Airflow's notifiers, one task per channel, each with its
own retries. Red while the day is not proven, and when somebody could not be told.
"""

from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk import DAG, CronTriggerTimetable

from fortnox.core.mapping import ShopRow, parse_mappings
from fortnox.core.names import watch_dag_id
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.watch import (
    FortnoxLookAtYesterdayOperator,
    FortnoxMustBeProvenOperator,
    FortnoxTellOperator,
)
from fortnox.policies import RETRY_POLICY


def watch(shop: ShopRow) -> DAG:
    """Look, tell, colour. Reads one small file; calls nobody but the channels."""
    at = shop.reconciled_by
    with DAG(
        dag_id=watch_dag_id(shop.shop),
        description=f"{shop.name}: is yesterday reconciled by {at:%H:%M}?",
        doc_md=__doc__,
        schedule=CronTriggerTimetable(f"{at.minute} {at.hour} * * *", timezone=shop.timezone),
        start_date=datetime(2026, 1, 1, tzinfo=shop.zone),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=6),
        tags=["fortnox", "orders"],
    ) as dag:
        look = FortnoxLookAtYesterdayOperator(task_id="look", shop=shop.shop)
        FortnoxMustBeProvenOperator(task_id="proven", message=look.output)
        if shop.notify:
            FortnoxTellOperator.partial(
                task_id="tell",
                shop=shop.shop,
                message=look.output,
                retries=5,
                retry_delay=timedelta(minutes=5),
                retry_policy=RETRY_POLICY,
            ).expand(channel=list(range(len(shop.notify))))
    return dag


_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")
_MAPPINGS = parse_mappings(read_folder(_FOLDER)).mappings

for _shop in _MAPPINGS.shops_exporting("orders"):
    if _shop.reconciled_by:
        globals()[watch_dag_id(_shop.shop)] = watch(_shop)
