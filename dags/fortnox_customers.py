"""Customers of each shop, one way: to Fortnox (export) or from it (import), as events.csv says.

The shop's accounts and Fortnox's cards are compared, changed fields only are carried, and what both
sides changed is held. See docs/customers.md.
"""

from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk import DAG, CronTriggerTimetable

from fortnox.core.mapping import ShopRow, parse_mappings
from fortnox.core.names import RECONCILE_TASK, customers_dag_id, pool_name
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.approve import FortnoxApproveOperator
from fortnox.operators.customers import (
    FortnoxApplyCustomersOperator,
    FortnoxExtractCustomersOperator,
    FortnoxOpenCustomersOperator,
    FortnoxPlanCustomersOperator,
    FortnoxReconcileCustomersOperator,
)
from fortnox.operators.preflight import FortnoxPreflightOperator
from fortnox.policies import RETRY_POLICY

#: Behind the orders in the company's pool (rules of the scheduler 4).
PRIORITY, FINISHING = 10, 12
CALLS = {
    "retries": 5,
    "retry_delay": timedelta(minutes=1),
    "retry_policy": RETRY_POLICY,
    "weight_rule": "absolute",
}
CRON = {"hourly": "30 * * * *", "daily": "15 5 * * *"}


def customers(shop: ShopRow, direction: str, schedule: str) -> DAG:
    """One DAG: the direction is read again from the mappings by each run."""
    company = {"pool": pool_name(shop.fortnox_conn_id), "priority_weight": PRIORITY, **CALLS}
    finishing = {**company, "priority_weight": FINISHING}
    with DAG(
        dag_id=customers_dag_id(shop.shop),
        description=f"{shop.name}: {direction} of customers",
        doc_md=__doc__,
        schedule=CronTriggerTimetable(CRON.get(schedule, schedule), timezone=shop.timezone),
        start_date=datetime(2026, 1, 1, tzinfo=shop.zone),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=36),
        tags=["fortnox", "customers"],
    ) as dag:
        first = FortnoxOpenCustomersOperator(task_id="window", shop=shop.shop, **CALLS)
        preflight = FortnoxPreflightOperator(task_id="preflight", shop=shop.shop, **company)
        read = FortnoxExtractCustomersOperator(task_id="extract", run=first.output, **CALLS)
        plan = FortnoxPlanCustomersOperator(
            task_id="plan", run=first.output, read=read.output, **company
        )
        approve = FortnoxApproveOperator(task_id="approve", planned=plan.output)
        apply = FortnoxApplyCustomersOperator.partial(
            task_id="apply", run=first.output, planned=plan.output, **finishing
        ).expand(chunk=approve.output)
        reconcile = FortnoxReconcileCustomersOperator(
            task_id=RECONCILE_TASK,
            first_task_id=first.task_id,
            trigger_rule="all_done",
            **finishing,
        )
        first >> preflight >> read >> plan >> approve >> apply >> reconcile
    return dag


_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")
_MAPPINGS = parse_mappings(read_folder(_FOLDER)).mappings

for _shop in _MAPPINGS.usable_shops():
    _event = _MAPPINGS.event(_shop.shop, "customers")
    if _event is None or _event.direction == "off":
        continue
    globals()[customers_dag_id(_shop.shop)] = customers(_shop, _event.direction, _event.schedule)
