"""The one DAG that articles and stock share: read, plan, approve, apply, compare again."""

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable

from fortnox.core.mapping import EventRow, ShopRow, cron_of
from fortnox.core.names import RECONCILE_TASK, articles_dag_id, pool_name, stock_dag_id
from fortnox.operators.articles import (
    FortnoxApplyArticlesOperator,
    FortnoxApproveArticlesOperator,
    FortnoxExtractArticlesOperator,
    FortnoxOpenArticlesOperator,
    FortnoxPlanArticlesOperator,
    FortnoxReconcileArticlesOperator,
)
from fortnox.operators.preflight import FortnoxPreflightOperator
from fortnox.policies import RETRY_POLICY

#: After the orders of the same company: they are what must not wait.
PRIORITY = 10
CALLS: dict[str, Any] = {
    "retries": 5,
    "retry_delay": timedelta(minutes=1),
    "retry_policy": RETRY_POLICY,
    "weight_rule": "absolute",
}
#: Resource -> its DAG's id, and its cron fields for ``hourly`` and ``daily``.
_KINDS = {
    "articles": (articles_dag_id, "40 * * * *", "10 5 * * *"),
    "stock": (stock_dag_id, "50 * * * *", "30 5 * * *"),
}
_WAY = {"export": "from the shop to Fortnox", "import": "from Fortnox to the shop"}


def article_dag(shop: ShopRow, event: EventRow, doc_md: str | None) -> DAG:
    """The DAG of one shop and resource, one way.

    Args:
        shop: The shop.
        event: Its row of events.csv, for ``articles`` or ``stock``, not off.
        doc_md: What the UI shows.
    """
    make_id, hourly, daily = _KINDS[event.resource]
    resource = event.resource
    company = {"pool": pool_name(shop.fortnox_conn_id), "priority_weight": PRIORITY, **CALLS}
    with DAG(
        dag_id=make_id(shop.shop),
        description=f"{shop.name}: {resource} {_WAY[event.direction]}",
        doc_md=doc_md,
        schedule=CronTriggerTimetable(
            cron_of(event.schedule, hourly=hourly, daily=daily), timezone=shop.timezone
        ),
        start_date=datetime(2026, 1, 1, tzinfo=shop.zone),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=36),
        tags=["fortnox", resource],
    ) as dag:
        first = FortnoxOpenArticlesOperator(
            task_id="window", shop=shop.shop, resource=resource, **CALLS
        )
        preflight = FortnoxPreflightOperator(task_id="preflight", shop=shop.shop, **company)
        extract = FortnoxExtractArticlesOperator(
            task_id="extract", run=first.output, resource=resource, **CALLS
        )
        plan = FortnoxPlanArticlesOperator(
            task_id="plan",
            run=first.output,
            extracted=extract.output,
            resource=resource,
            **company,
        )
        approve = FortnoxApproveArticlesOperator(task_id="approve", planned=plan.output)
        apply = FortnoxApplyArticlesOperator.partial(
            task_id="apply", run=first.output, planned=plan.output, resource=resource, **company
        ).expand(chunk=approve.output)
        reconcile = FortnoxReconcileArticlesOperator(
            task_id=RECONCILE_TASK,
            first_task_id="window",
            resource=resource,
            trigger_rule="all_done",
            **company,
        )
        first >> preflight >> extract >> plan >> approve >> apply >> reconcile
    return dag
