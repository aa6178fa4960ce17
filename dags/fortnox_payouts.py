"""Payouts of payment providers into Fortnox: one voucher per payout, clearing accounts proven.

Reads the settlement reports that are dropped into the shop's folder (docs/payouts.md). Made from
shops.csv and events.csv, resource ``payouts``.
"""

from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk import DAG, CronTriggerTimetable

from fortnox.core.mapping import ShopRow, parse_mappings
from fortnox.core.names import RECONCILE_TASK, payouts_dag_id, pool_name
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.approve import FortnoxApproveOperator
from fortnox.operators.payouts import (
    FortnoxApplyPayoutsOperator,
    FortnoxCollectPayoutsOperator,
    FortnoxPlanPayoutsOperator,
    FortnoxReconcilePayoutsOperator,
)
from fortnox.operators.preflight import FortnoxPreflightOperator
from fortnox.policies import RETRY_POLICY

#: After the orders of the same company: their sales are what the payouts settle.
PRIORITY = 10
CALLS = {
    "retries": 5,
    "retry_delay": timedelta(minutes=1),
    "retry_policy": RETRY_POLICY,
    "weight_rule": "absolute",
}
SCHEDULES = {"hourly": "20 * * * *", "daily": "30 6 * * *"}


def payouts(shop: ShopRow, schedule: str) -> DAG:
    """Reads all reports each time: what is booked already stays as it is."""
    company = {"pool": pool_name(shop.fortnox_conn_id), "priority_weight": PRIORITY, **CALLS}
    with DAG(
        dag_id=payouts_dag_id(shop.shop),
        description=f"{shop.name}: payouts of payment providers in Fortnox",
        doc_md=__doc__,
        schedule=CronTriggerTimetable(schedule, timezone=shop.timezone),
        start_date=datetime(2026, 1, 1, tzinfo=shop.zone),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=36),
        tags=["fortnox", "payouts"],
    ) as dag:
        preflight = FortnoxPreflightOperator(task_id="preflight", shop=shop.shop, **company)
        extract = FortnoxCollectPayoutsOperator(task_id="extract", shop=shop.shop)
        plan = FortnoxPlanPayoutsOperator(task_id="plan", collected=extract.output, **company)
        approve = FortnoxApproveOperator(task_id="approve", planned=plan.output)
        apply = FortnoxApplyPayoutsOperator.partial(
            task_id="apply", collected=extract.output, planned=plan.output, **company
        ).expand(chunk=approve.output)
        reconcile = FortnoxReconcilePayoutsOperator(
            task_id=RECONCILE_TASK, trigger_rule="all_done", **company
        )
        preflight >> extract >> plan >> approve >> apply >> reconcile
    return dag


_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")
_MAPPINGS = parse_mappings(read_folder(_FOLDER)).mappings

for _shop in _MAPPINGS.usable_shops():
    _event = _MAPPINGS.event(_shop.shop, "payouts")
    if _event is not None and _event.direction == "export":
        _schedule = SCHEDULES.get(_event.schedule, _event.schedule)
        globals()[payouts_dag_id(_shop.shop)] = payouts(_shop, _schedule)
