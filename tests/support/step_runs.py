"""Runs of the DAGs' steps in order, with XComs in a dictionary: no scheduler, no database.

The steps, their staging, both sandboxes over HTTP and the report are the real ones. What Airflow
itself does (operators, mapped tasks, pools, templates) is one ``dag.test`` in each DAG's module.
"""

import itertools
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.support.airflow_runs import ROOT, DayRun, DayRunner
from tests.support.worlds import environment, lists_without_lag

from fortnox.core.errors import PipelineError
from fortnox.core.names import PLAN_KEY, PLAN_TASK, PROBLEM_KEY
from fortnox.core.window import accounting_day_window, modified_window

_RUNS = itertools.count(1)


@dataclass(slots=True)
class Xcoms:
    """The part of a task instance that the steps use."""

    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    task_id: str = ""
    try_number: int = 1

    def push(self, task_id: str, value: Any) -> Any:
        """A step's result, as JSON keeps it."""
        kept = json.loads(json.dumps(value))
        self.values[task_id, "return_value"] = kept
        self.states[task_id] = "success"
        return kept

    def did(self, task_id: str, step: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Carry a step out as an operator does: what went wrong stands where the report looks."""
        self.task_id = task_id
        try:
            return self.push(task_id, step(*given, **named))
        except PipelineError as error:
            self.states[task_id] = "failed"
            self.xcom_push(PROBLEM_KEY, str(error))
            raise

    def xcom_push(self, key: str, value: Any) -> None:
        """As Airflow's."""
        self.values[self.task_id, key] = json.loads(json.dumps(value))

    def xcom_pull(self, task_ids: str, key: str = "return_value") -> Any:
        """As Airflow's, for one task."""
        return self.values.get((task_ids, key))

    def get_task_states(self, dag_id: str, run_ids: list[str]) -> dict[str, dict[str, str]]:
        """As Airflow's."""
        del dag_id
        return {run_id: dict(self.states) for run_id in run_ids}


class StepRunner(DayRunner):
    """A ``DayRunner`` whose days, articles, stock and customers run without Airflow."""

    def run(self, day: date | str) -> DayRun:
        """The steps of a daily run of ``dags/fortnox_orders.py``, without the write-back."""
        from fortnox.steps.apply import apply_chunk
        from fortnox.steps.extract import extract
        from fortnox.steps.plan import plan_invoices
        from fortnox.steps.preflight import preflight
        from fortnox.steps.reconcile import prove
        from fortnox.steps.run import load_mappings, open_run
        from fortnox.steps.transform import transform_orders

        def book(context: Any, ti: Xcoms, run: Any) -> None:
            ti.did("preflight", preflight, context, self.shop, strict=False)
            extracted = ti.did("extract", extract, context, run, skip_when_empty=False)
            transformed = ti.did("transform", transform_orders, context, run, extracted)
            planned = ti.did("plan", plan_invoices, context, run, transformed)
            chunks = _approved(ti, planned)
            ti.did("apply", lambda: [apply_chunk(context, run, planned, chunk) for chunk in chunks])

        def steps(context: Any, ti: Xcoms) -> None:
            mappings = load_mappings(context["dag"].fileloc)
            shop = mappings.shop(self.shop)
            window = accounting_day_window(date.fromisoformat(str(day)), shop.zone)
            now = datetime.now(UTC)
            opened = open_run(context, shop=shop, mappings=mappings, window=window, opened_at=now)
            run = ti.push("settle", opened)
            with suppress(PipelineError):
                book(context, ti, run)
            ti.task_id = "reconcile"
            prove(context, "settle", None)

        return self._steps("orders", steps, kind="orders_daily")

    def run_quiet_hour(self) -> DayRun:
        """The steps of an hourly run that finds nothing: it ends skipped, after ``extract``."""
        from airflow.sdk.exceptions import AirflowSkipException

        from fortnox.steps.extract import extract
        from fortnox.steps.preflight import preflight
        from fortnox.steps.run import load_mappings, open_run

        def steps(context: Any, ti: Xcoms) -> None:
            mappings = load_mappings(context["dag"].fileloc)
            now = datetime.now(UTC)
            run = ti.push(
                "window",
                open_run(
                    context,
                    shop=mappings.shop(self.shop),
                    mappings=mappings,
                    window=modified_window(now - timedelta(hours=1), now),
                    opened_at=now,
                ),
            )
            ti.did("preflight", preflight, context, self.shop, strict=False)
            try:
                extract(context, run, skip_when_empty=True)
            except AirflowSkipException:
                ti.states["extract"] = "skipped"

        return self._steps("orders", steps, kind="orders_hourly")

    def run_articles(self, resource: str = "articles") -> DayRun:
        """The steps of ``article_dags.article_dag``."""
        from fortnox.steps.articles import extract_articles, open_articles, plan_articles
        from fortnox.steps.articles_apply import apply_articles
        from fortnox.steps.articles_reconcile import prove_articles

        def steps(context: Any, ti: Xcoms) -> None:
            run = ti.push("window", open_articles(context, self.shop, resource))
            extracted = ti.push("extract", extract_articles(context, run, resource))
            planned = ti.push("plan", plan_articles(context, run, extracted, resource))
            chunks = _approved(ti, planned)
            ti.push("apply", [apply_articles(context, run, planned, c, resource) for c in chunks])
            ti.task_id = "reconcile"
            prove_articles(context, "window", resource)

        return self._steps(resource, steps)

    def run_customers(self) -> DayRun:
        """The steps of ``dags/fortnox_customers.py``."""
        from fortnox.steps.customers import extract_customers, open_customers, plan_customers
        from fortnox.steps.customers_apply import apply_customers
        from fortnox.steps.customers_prove import prove_customers

        def steps(context: Any, ti: Xcoms) -> None:
            run = ti.push("window", open_customers(context, self.shop))
            read = ti.push("extract", extract_customers(context, run))
            planned = ti.push("plan", plan_customers(context, run, read))
            chunks = _approved(ti, planned)
            ti.push("apply", [apply_customers(context, run, planned, chunk) for chunk in chunks])
            ti.task_id = "reconcile"
            prove_customers(context, "window")

        return self._steps("customers", steps)

    def run_smoke(self, *, book: bool = False, order: str = "") -> DayRun:
        """The step of ``dags/fortnox_smoke.py``."""
        from fortnox.steps.smoke import smoke_test

        def steps(context: Any, ti: Xcoms) -> None:
            ti.task_id = "reconcile"
            smoke_test(context, self.shop)

        return self._steps("smoke", steps, book=book, order=order)

    def _steps(
        self, resource: str, steps: Callable[[Any, Xcoms], None], *, kind: str = "", **params: Any
    ) -> DayRun:
        from airflow.sdk.exceptions import AirflowFailException

        ti = Xcoms()
        dag_id = f"fortnox_{kind or resource}__{self.shop}"
        fileloc = str(ROOT / "dags" / f"fortnox_{resource}.py")
        context = {
            "ti": ti,
            "dag": SimpleNamespace(dag_id=dag_id, fileloc=fileloc),
            "run_id": f"manual__{next(_RUNS)}",
            "params": params,
        }
        reads = self.requests("GET")
        with environment(self.variables()), lists_without_lag():
            try:
                steps(context, ti)
                state = "success"
            except AirflowFailException:
                state = "failed"
        return DayRun(
            state=state,
            tasks=ti.states,
            report=ti.xcom_pull("reconcile", "reconciliation"),
            fortnox_reads=self.requests("GET") - reads,
            findings=(ti.xcom_pull("preflight") or {}).get("findings", []),
            run_id=context["run_id"],
            plan=ti.xcom_pull(PLAN_TASK, PLAN_KEY),
            xcom_bytes=sum(len(json.dumps(value)) for value in ti.values.values()),
        )


def _approved(ti: Xcoms, planned: Any) -> list[Any]:
    """Nobody answers: a plan that a person must see is not carried out."""
    chunks: list[Any] = [] if planned["approval_reasons"] else planned["chunks"]
    ti.push("approve", chunks)
    return chunks
