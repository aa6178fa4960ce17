"""Once a week: do both sides still have the same sales? Reads only.

A day that was proven can change afterwards: an order is edited, deleted or paid late, an invoice
made twice or cancelled by hand. The ids of the last ``sweep_days`` (shops.csv) are compared: a sale
without a document, a document without a sale, two documents of one sale.
"""

from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk import DAG, CronTriggerTimetable

from fortnox.core.mapping import ShopRow, parse_mappings
from fortnox.core.names import RECONCILE_TASK, pool_name, sweep_dag_id
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.sweep import FortnoxSweepOperator
from fortnox.policies import RETRY_POLICY

#: Behind everything else in the company's pool.
PRIORITY = 5


def sweep(shop: ShopRow) -> DAG:
    """One task, in the company's pool."""
    with DAG(
        dag_id=sweep_dag_id(shop.shop),
        description=f"{shop.name}: both sides of the last {shop.sweep_days} days, id by id",
        doc_md=__doc__,
        schedule=CronTriggerTimetable("20 5 * * 0", timezone=shop.timezone),
        start_date=datetime(2026, 1, 1, tzinfo=shop.zone),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=6),
        tags=["fortnox", "orders"],
    ) as dag:
        FortnoxSweepOperator(
            task_id=RECONCILE_TASK,
            shop=shop.shop,
            pool=pool_name(shop.fortnox_conn_id),
            priority_weight=PRIORITY,
            weight_rule="absolute",
            retries=5,
            retry_delay=timedelta(minutes=1),
            retry_policy=RETRY_POLICY,
        )
    return dag


_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")
_MAPPINGS = parse_mappings(read_folder(_FOLDER)).mappings

for _shop in _MAPPINGS.shops_exporting("orders"):
    globals()[sweep_dag_id(_shop.shop)] = sweep(_shop)
