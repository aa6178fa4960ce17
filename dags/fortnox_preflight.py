"""Everything that can be checked before money moves, each morning and on demand.

Connections, scopes and licences, company, closed periods, accounts, articles, series and terms that
the mappings name, the shop's settings, clocks, this machine. The run's tab Reconciliation lists
them all. Fails on every finding that would hold a document; the orders DAGs go on for those, and
stop for fatal ones only.
"""

from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk import DAG, CronTriggerTimetable

from fortnox.core.mapping import ShopRow, parse_mappings
from fortnox.core.names import PREFLIGHT_TASK, pool_name, preflight_dag_id
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.preflight import FortnoxPreflightOperator
from fortnox.policies import RETRY_POLICY


def preflight(shop: ShopRow) -> DAG:
    """One task, in the company's pool."""
    with DAG(
        dag_id=preflight_dag_id(shop.shop),
        description=f"{shop.name}: is everything in place?",
        doc_md=__doc__,
        schedule=CronTriggerTimetable("45 3 * * *", timezone=shop.timezone),
        start_date=datetime(2026, 1, 1, tzinfo=shop.zone),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=3),
        tags=["fortnox", "preflight"],
    ) as dag:
        FortnoxPreflightOperator(
            task_id=PREFLIGHT_TASK,
            shop=shop.shop,
            strict=True,
            pool=pool_name(shop.fortnox_conn_id),
            retries=2,
            retry_delay=timedelta(seconds=30),
            retry_policy=RETRY_POLICY,
        )
    return dag


_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")

for _shop in parse_mappings(read_folder(_FOLDER)).mappings.usable_shops():
    globals()[preflight_dag_id(_shop.shop)] = preflight(_shop)
