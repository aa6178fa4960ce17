"""Orders of each shop into Fortnox: a daily DAG per accounting day, an hourly one by watermark.

Made from shops.csv and events.csv. The way of the data, one task each:
preflight, extract, transform, plan, approve, apply (per chunk), reconcile. See the README.
"""

from datetime import datetime, time, timedelta
from pathlib import Path

from airflow.sdk import DAG, Asset, CronPartitionTimetable, Param

from fortnox.core.mapping import ShopRow, cron_of, parse_mappings
from fortnox.core.names import (
    DRY_RUN_PARAM,
    RECONCILE_TASK,
    daily_dag_id,
    hourly_dag_id,
    ledger_asset_uri,
    pool_name,
)
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.apply import FortnoxApplyOperator
from fortnox.operators.approve import FortnoxApproveOperator
from fortnox.operators.extract import FortnoxExtractOperator
from fortnox.operators.open_day import FortnoxOpenDayOperator
from fortnox.operators.open_hour import FortnoxAdvanceOperator, FortnoxOpenHourOperator
from fortnox.operators.plan import FortnoxPlanOperator
from fortnox.operators.preflight import FortnoxPreflightOperator
from fortnox.operators.reconcile import FortnoxReconcileOperator
from fortnox.operators.transform import FortnoxTransformOperator
from fortnox.operators.write_back import FortnoxWriteBackOperator
from fortnox.policies import RETRY_POLICY

#: Queue order in the company's pool (rules of the scheduler 4): hourly before daily, and within
#: a DAG what finishes a day before what begins another.
HOURLY_PRIORITY = 30
DAILY_PRIORITY = 20
FINISHING = 5

CALLS = {
    "retries": 5,
    "retry_delay": timedelta(minutes=1),
    "retry_policy": RETRY_POLICY,
    "weight_rule": "absolute",
}
TAGS = ["fortnox", "orders"]

#: A run that waits for a person must still have time for its report.
HOURLY_TIMEOUT, HOURLY_ANSWER = timedelta(hours=3), timedelta(hours=2)
DAILY_TIMEOUT, DAILY_ANSWER = timedelta(hours=36), timedelta(hours=24)


def steps(first, shop: ShopRow, *, priority: int, ledger: Asset | None = None):
    """The steps that daily and hourly share; returns the last one, ``reconcile``."""
    company = {"pool": pool_name(shop.fortnox_conn_id), "priority_weight": priority, **CALLS}
    finishing = {**company, "priority_weight": priority + FINISHING}
    preflight = FortnoxPreflightOperator(task_id="preflight", shop=shop.shop, **company)
    extract = FortnoxExtractOperator(
        task_id="extract", run=first.output, skip_when_empty=ledger is None, **CALLS
    )
    transform = FortnoxTransformOperator(
        task_id="transform", run=first.output, extracted=extract.output
    )
    plan = FortnoxPlanOperator(
        task_id="plan", run=first.output, transformed=transform.output, **company
    )
    approve = FortnoxApproveOperator(
        task_id="approve",
        planned=plan.output,
        response_timeout=HOURLY_ANSWER if ledger is None else DAILY_ANSWER,
    )
    apply = FortnoxApplyOperator.partial(
        task_id="apply", run=first.output, planned=plan.output, **finishing
    ).expand(chunk=approve.output)
    reconcile = FortnoxReconcileOperator(
        task_id=RECONCILE_TASK,
        first_task_id=first.task_id,
        ledger=ledger,
        trigger_rule="all_done",
        **finishing,
    )
    first >> preflight >> extract >> transform >> plan >> approve >> apply >> reconcile
    return reconcile


def tell_the_shop(first, last, shop: ShopRow, *, priority: int):
    """After the proof, where shops.csv says so; whatever becomes of it, the run's colour stays."""
    if shop.write_back == "none":
        return
    last >> FortnoxWriteBackOperator(
        task_id="write_back",
        run=first.output,
        trigger_rule="none_failed",
        pool=pool_name(shop.fortnox_conn_id),
        priority_weight=priority,
        **CALLS,
    )


def daily(shop: ShopRow, *, alone: bool) -> DAG:
    """One run per local accounting day; the unit of truth and of backfill."""
    with DAG(
        dag_id=daily_dag_id(shop.shop),
        description=f"{shop.name}: a day's orders in Fortnox, proven to the öre",
        doc_md=__doc__,
        schedule=CronPartitionTimetable(
            "0 0 * * *", timezone=shop.timezone, run_offset=-1, key_format="%Y-%m-%d"
        ),
        start_date=first_run(shop),
        catchup=True,
        max_active_runs=3,
        dagrun_timeout=DAILY_TIMEOUT,
        params={
            "day": Param(
                None,
                type=["null", "string"],
                format="date",
                title="Accounting day",
                description="For a manual run without a partition key.",
            ),
            DRY_RUN_PARAM: Param(
                default=False,
                type="boolean",
                title="Dry run",
                description="Stop after the plan; write nothing to Fortnox.",
            ),
        },
        tags=TAGS,
    ) as dag:
        ledger = Asset(
            name=f"{shop.shop} ledger", uri=ledger_asset_uri(shop.fortnox_conn_id, shop.shop)
        )
        first = FortnoxOpenDayOperator(task_id="settle", shop=shop.shop, **CALLS)
        last = steps(first, shop, priority=DAILY_PRIORITY, ledger=ledger)
        if alone:
            tell_the_shop(first, last, shop, priority=DAILY_PRIORITY)
    return dag


def hourly(shop: ShopRow, schedule: str) -> DAG:
    """Books what is new; proves only its own documents. The daily run proves the day."""
    with DAG(
        dag_id=hourly_dag_id(shop.shop),
        description=f"{shop.name}: new and changed orders in Fortnox",
        doc_md=__doc__,
        schedule=schedule,
        start_date=first_run(shop),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=HOURLY_TIMEOUT,
        tags=TAGS,
    ) as dag:
        watermark = Asset(
            name=f"{shop.shop} orders watermark",
            uri=f"fortnox://{shop.fortnox_conn_id}/{shop.shop}/orders-watermark",
        )
        first = FortnoxOpenHourOperator(
            task_id="window", shop=shop.shop, watermark=watermark, **CALLS
        )
        last = steps(first, shop, priority=HOURLY_PRIORITY)
        advance = FortnoxAdvanceOperator(
            task_id="advance",
            watermark=watermark,
            run=first.output,
            trigger_rule="none_failed",
            **CALLS,
        )
        last >> advance
        tell_the_shop(first, last, shop, priority=HOURLY_PRIORITY)
    return dag


def first_run(shop: ShopRow) -> datetime:
    """The first tick: local midnight that ends the shop's start date."""
    return datetime.combine(shop.start_date + timedelta(days=1), time.min, tzinfo=shop.zone)


_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")
_MAPPINGS = parse_mappings(read_folder(_FOLDER)).mappings

for _shop in _MAPPINGS.usable_shops():
    _event = _MAPPINGS.event(_shop.shop, "orders")
    if _event is None or _event.direction != "export":
        continue
    _alone = _event.schedule == "daily"
    globals()[daily_dag_id(_shop.shop)] = daily(_shop, alone=_alone)
    if not _alone:
        globals()[hourly_dag_id(_shop.shop)] = hourly(_shop, cron_of(_event.schedule))
