"""Runs of the DAGs' steps in order, with XComs in a dictionary: no scheduler, no database.

The steps, their staging, both sandboxes over HTTP and the report are the real ones. What Airflow
itself does (operators, mapped tasks, pools, templates) is one ``dag.test`` in each DAG's module.
"""

import itertools
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from tests.support.airflow_runs import ROOT, DayRun, DayRunner
from tests.support.worlds import environment, lists_without_lag
from tests.support.xcoms import Xcoms

from fortnox.core.errors import PipelineError
from fortnox.core.names import DRY_RUN_PARAM, PLAN_KEY, PLAN_TASK, PROBLEM_KEY
from fortnox.core.window import Window, accounting_day_window

_RUNS = itertools.count(1)
_WRITING = ("extract", "transform", "plan", "approve", "apply")


class StepRunner(DayRunner):
    """A ``DayRunner`` whose runs need no Airflow."""

    def run(self, day: date | str) -> DayRun:
        """The steps of a daily run of ``dags/fortnox_orders.py``, without the write-back."""
        return self._steps("orders", self._day(day), kind="orders_daily")

    def dry_run(self, day: date) -> DayRun:
        """The same, as far as its plan."""
        params = {DRY_RUN_PARAM: True}
        return self._steps("orders", self._day(day), kind="orders_daily", **params)

    def run_since(self, watermark: datetime) -> DayRun:
        """The steps of an hourly run; where the watermark is kept is Airflow's part."""
        from airflow.sdk.exceptions import AirflowSkipException

        from fortnox.operators.open_hour import window_since
        from fortnox.steps.write_back import write_back

        def steps(context: Any, ti: Xcoms) -> None:
            now = datetime.now(UTC).replace(microsecond=0)
            window = window_since(watermark.isoformat(), now)
            # What was skipped keeps nobody from telling the shop: the task's trigger rule.
            with suppress(AirflowSkipException):
                self._book(context, ti, window, now, hourly=True)
            if self._shop(context)[1].write_back != "none":
                ti.did("write_back", write_back, context, ti.xcom_pull("window"))

        return self._steps("orders", steps, kind="orders_hourly")

    def run_payouts(self) -> DayRun:
        """The steps of ``dags/fortnox_payouts.py``."""
        from fortnox.steps.payouts import apply_vouchers, collect_payouts, plan_vouchers
        from fortnox.steps.payouts_reconcile import prove_payouts
        from fortnox.steps.preflight import preflight

        def write(context: Any, ti: Xcoms) -> None:
            ti.did("preflight", preflight, context, self.shop, strict=False)
            read = ti.did("extract", collect_payouts, context, self.shop)
            planned = ti.did("plan", plan_vouchers, context, read)
            chunks = _approved(ti, planned)
            ti.did("apply", lambda: [apply_vouchers(context, read, planned, c) for c in chunks])

        def steps(context: Any, ti: Xcoms) -> None:
            try:
                write(context, ti)
            except PipelineError:
                ti.never_ran(*_WRITING)
            ti.task_id = "reconcile"
            prove_payouts(context)

        return self._steps("payouts", steps)

    def _day(self, day: date | str) -> Callable[[Any, Xcoms], None]:
        def steps(context: Any, ti: Xcoms) -> None:
            window = accounting_day_window(
                date.fromisoformat(str(day)), self._shop(context)[1].zone
            )
            self._book(context, ti, window, datetime.now(UTC), hourly=False)

        return steps

    def _shop(self, context: Any) -> tuple[Any, Any]:
        from fortnox.steps.run import load_mappings

        mappings = load_mappings(context["dag"].fileloc)
        return mappings, mappings.shop(self.shop)

    def _book(
        self, context: Any, ti: Xcoms, window: Window, now: datetime, *, hourly: bool
    ) -> None:
        from fortnox.steps.reconcile import prove
        from fortnox.steps.run import open_run

        first = "window" if hourly else "settle"
        mappings, shop = self._shop(context)
        opened = open_run(context, shop=shop, mappings=mappings, window=window, opened_at=now)
        run = ti.push(first, opened)
        try:
            self._write(context, ti, run, hourly=hourly)
        except PipelineError:
            ti.never_ran(*_WRITING)
        ti.task_id = "reconcile"
        ti.push("reconcile", prove(context, first, None))

    def _write(self, context: Any, ti: Xcoms, run: Any, *, hourly: bool) -> None:
        from fortnox.steps.apply import apply_chunk
        from fortnox.steps.extract import extract
        from fortnox.steps.plan import plan_invoices
        from fortnox.steps.preflight import preflight
        from fortnox.steps.transform import transform_orders

        ti.did("preflight", preflight, context, self.shop, strict=False)
        extracted = ti.did("extract", extract, context, run, skip_when_empty=hourly)
        transformed = ti.did("transform", transform_orders, context, run, extracted)
        planned = ti.did("plan", plan_invoices, context, run, transformed)
        chunks = _approved(ti, planned)
        ti.did("apply", lambda: [apply_chunk(context, run, planned, chunk) for chunk in chunks])

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
        from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

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
            state = "success"
            try:
                steps(context, ti)
            except AirflowSkipException:
                ti.states[ti.task_id] = "skipped"
            except AirflowFailException:
                state = ti.states[ti.task_id] = "failed"
        return DayRun(
            state=state,
            tasks=ti.states,
            report=ti.xcom_pull("reconcile", "reconciliation"),
            fortnox_reads=self.requests("GET") - reads,
            findings=(ti.xcom_pull("preflight") or {}).get("findings", []),
            run_id=context["run_id"],
            plan=ti.xcom_pull(PLAN_TASK, PLAN_KEY),
            xcom_bytes=sum(len(json.dumps(value)) for value in ti.values.values()),
            problems={task: text for (task, key), text in ti.values.items() if key == PROBLEM_KEY},
        )


def _approved(ti: Xcoms, planned: Any) -> list[Any]:
    """Nobody answers: a plan that a person must see is not carried out."""
    stops = planned["approval_reasons"] or planned.get("dry_run")
    chunks: list[Any] = [] if stops else planned["chunks"]
    ti.push("approve", chunks)
    return chunks
