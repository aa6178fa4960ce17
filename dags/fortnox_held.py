"""Held documents are driven again: a hold ends by itself when its cause does.

Each hour the holds of the last 31 days are planned once more, without writing. A day of which
something would go through now, or has left, is run again by its daily DAG, which books what is
missing and renews the day's report; five days at a time, each situation once a day at the most.
"""

from datetime import datetime, timedelta
from pathlib import Path

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, CronTriggerTimetable

from fortnox.core.mapping import ShopRow, parse_mappings
from fortnox.core.names import daily_dag_id, held_dag_id, pool_name
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.held_again import FortnoxHeldAgainOperator
from fortnox.policies import RETRY_POLICY

#: Behind everything else in the company's pool: it only looks.
PRIORITY = 5


def held(shop: ShopRow) -> DAG:
    """Look, then trigger; green and skipped when there is nothing to drive."""
    with DAG(
        dag_id=held_dag_id(shop.shop),
        description=f"{shop.name}: held documents that may go through now",
        doc_md=__doc__,
        schedule=CronTriggerTimetable("55 * * * *", timezone=shop.timezone),
        start_date=datetime(2026, 1, 1, tzinfo=shop.zone),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=3),
        tags=["fortnox", "orders"],
    ) as dag:
        look = FortnoxHeldAgainOperator(
            task_id="look",
            shop=shop.shop,
            pool=pool_name(shop.fortnox_conn_id),
            priority_weight=PRIORITY,
            weight_rule="absolute",
            retries=2,
            retry_delay=timedelta(minutes=1),
            retry_policy=RETRY_POLICY,
        )
        TriggerDagRunOperator.partial(
            task_id="drive",
            trigger_dag_id=daily_dag_id(shop.shop),
            logical_date=None,
            skip_when_already_exists=True,
            fail_when_dag_is_paused=True,
        ).expand_kwargs(look.output)
    return dag


_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")
_MAPPINGS = parse_mappings(read_folder(_FOLDER)).mappings

for _shop in _MAPPINGS.shops_exporting("orders"):
    globals()[held_dag_id(_shop.shop)] = held(_shop)
