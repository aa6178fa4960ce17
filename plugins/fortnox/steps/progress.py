"""What became of the tasks before reconcile: their states, what they delivered, what they held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow.sdk import Context

from fortnox.core.advances import Advance
from fortnox.core.day_voucher import DaySale
from fortnox.core.documents import Held, Invoice
from fortnox.core.names import PROBLEM_KEY
from fortnox.core.report_frame import Work
from fortnox.steps.advances import read_advances
from fortnox.steps.day_vouchers import read_sales
from fortnox.steps.run import Run, pull
from fortnox.steps.transform import HELD, INVOICES

#: Steps without which there is no proof, in the order in which they run.
_STEPS = ("preflight", "extract", "transform", "plan", "approve", "apply")
_MUST_DELIVER = ("extract", "transform", "plan")
_BAD = ("failed", "upstream_failed")


@dataclass(slots=True, kw_only=True)
class Progress:
    """Everything the run left for its report; absent parts are empty."""

    states: dict[str, str] = field(default_factory=dict)
    #: By reference.
    invoices: dict[str, Invoice] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    planned: Mapping[str, Any] | None = None
    approved: list[Any] | None = None
    applied: list[Mapping[str, Any]] = field(default_factory=list)
    nothing_to_book: int = 0
    day_sales: list[DaySale] = field(default_factory=list)
    advances: list[Advance] = field(default_factory=list)
    #: Sentences that failed steps left, by step.
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def nothing_changed(self) -> bool:
        """An hourly run whose extract found nothing."""
        return self.states.get("extract") == "skipped"

    @property
    def broken(self) -> list[str]:
        """Steps that did not deliver, named once at their root."""
        failed = [step for step in _STEPS if self.states.get(step) in _BAD]
        roots = [step for step in failed if self.states[step] == "failed"] or failed
        if not any(step in _MUST_DELIVER for step in failed):
            return []
        return [
            f"step {step} failed: {self.problems.get(step, 'see its log')}" for step in roots[:1]
        ]

    @property
    def rejected(self) -> bool:
        """The plan had something to do, a person was asked and did not approve."""
        return bool(self.planned and self.planned["chunks"]) and self.approved == []

    @property
    def carried_out(self) -> bool:
        """Every piece of the plan was gone through."""
        return bool(self.applied) and self.states.get("apply") not in _BAD

    @property
    def not_carried_out(self) -> str:
        """Why a planned document may be missing."""
        if self.rejected:
            return "not approved: the plan was rejected, or nobody answered"
        if self.states.get("apply") in _BAD:
            return "apply failed before it came to this document; see its log"
        return "planned, but not carried out"

    @property
    def notes(self) -> list[str]:
        """What the reader should know besides the figures."""
        notes: list[str] = []
        notes.extend((self.planned or {}).get("notes", ()))
        if self.rejected:
            notes.append("The plan was not approved; nothing was written.")
        if self.states.get("apply") in _BAD:
            cause = self.problems.get("apply", "see its log")
            notes.append(f"Apply failed: {cause} The report shows what stands in Fortnox.")
        if self.nothing_to_book:
            notes.append(f"{self.nothing_to_book} orders of 0.00 have nothing to book.")
        surplus = sum(item["surplus_cancelled"] for item in self.applied)
        if surplus:
            notes.append(f"{surplus} surplus documents were cancelled before anything was booked.")
        return notes

    def work(self, own_reads: int) -> Work:
        """Counts for the report."""
        planned = self.planned or {}
        return Work(
            created=sum(item["created"] for item in self.applied),
            booked=sum(item["booked"] for item in self.applied),
            paid=sum(item["paid"] for item in self.applied),
            unchanged=int(planned.get("unchanged", 0)),
            reads=own_reads
            + int(planned.get("reads", 0))
            + sum(item["reads"] for item in self.applied),
            writes=sum(item["writes"] for item in self.applied),
            forecast=int(planned.get("requests", 0)),
            seconds=sum(item["milliseconds"] for item in self.applied) // 1000,
            steps=self.states,
        )


def read_progress(context: Context, run: Run) -> Progress:
    """Collect what the other tasks left."""
    progress = Progress(states=step_states(context))
    progress.problems = step_problems(context, progress.states)
    transformed = pull(context, "transform")
    if transformed:
        invoices = run.staging.read_records(transformed["invoices"], INVOICES)
        progress.invoices = {invoice.reference: invoice for invoice in invoices}
        progress.held.extend(run.staging.read_records(transformed["held"], HELD))
        progress.nothing_to_book = transformed["nothing_to_book"]
        progress.day_sales = read_sales(run, transformed["day_sales"])
        progress.advances = read_advances(run, transformed["advances"])
    progress.planned = pull(context, "plan")
    if progress.planned:
        progress.held.extend(run.staging.read_records(progress.planned["held"], HELD))
    progress.approved = pull(context, "approve")
    applied = pull(context, "apply")
    progress.applied = [item for item in as_list(applied) if item]
    for item in progress.applied:
        progress.held.extend(run.staging.read_records(item["held"], HELD))
    progress.held = list(
        {
            (item.kind, item.order_id, item.refund_id, item.code, item.reason): item
            for item in progress.held
        }.values()
    )
    return progress


def step_problems(context: Context, states: Mapping[str, str]) -> dict[str, str]:
    """What failed steps said of themselves; the first piece of a mapped step speaks for it."""
    problems = {}
    for step in (step for step, state in states.items() if state == "failed"):
        said = pull(context, step, PROBLEM_KEY)
        text = said if isinstance(said, str) else next(iter(said or ()), None)
        if text:
            problems[step] = str(text)
    return problems


def step_states(context: Context) -> dict[str, str]:
    """State per step; the worst of a mapped step's pieces."""
    run_id, dag_id = context["run_id"], context["dag"].dag_id
    found = context["ti"].get_task_states(dag_id=dag_id, run_ids=[run_id]).get(run_id, {})
    states: dict[str, str] = {}
    for name, state in found.items():
        step = name if name in _STEPS else name.rsplit("_", 1)[0]
        if step in _STEPS:
            text = str(getattr(state, "value", state) or "none")
            states[step] = text if states.get(step) not in _BAD else states[step]
    return {step: states[step] for step in _STEPS if step in states}


def as_list(value: Any) -> list[Any]:
    """A mapped task's XComs come as a lazy sequence, a lone one as itself."""
    if value is None:
        return []
    return [value] if isinstance(value, dict) else list(value)
