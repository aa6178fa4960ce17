"""Task ``apply``, mapped over the plan's chunks: the only task that writes to Fortnox."""

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from airflow.sdk import BaseOperator, Context

from fortnox.core.errors import FatalError
from fortnox.operators.connections import fortnox_hook
from fortnox.operators.plan import Planned
from fortnox.operators.run import Run, load_run
from fortnox.operators.staging import Pointer, local_folder, staging_base
from fortnox.operators.transform import HELD, INVOICES

if TYPE_CHECKING:
    from fortnox.api.apply import Outcome

#: A plan ages: after this, orders and books have moved on (rules of the scheduler 12).
PLAN_MAX_AGE = timedelta(hours=36)


class Applied(TypedDict):
    """The task's XCom; documents and requests as counts, ``milliseconds`` in apply."""

    created: int
    booked: int
    unchanged: int
    surplus_cancelled: int
    held: Pointer
    reads: int
    writes: int
    milliseconds: int


class FortnoxApplyOperator(BaseOperator):
    """Takes a fresh snapshot, drops what is there already, performs the rest, verifies each.

    Runs in the company's one-slot pool and under the company's lease; before every write the
    lease and the task's supervisor are checked (rules of the scheduler 1).

    Args:
        run: The first task's XCom.
        planned: The XCom of ``plan``.
        chunk: One staged piece of the plan.
    """

    ui_color = "#fce8e6"
    template_fields = ("run", "planned", "chunk")

    def __init__(self, *, run: Any, planned: Any, chunk: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.planned = planned
        self.chunk = chunk

    def execute(self, context: Context) -> Applied:
        """Carry the chunk out."""
        from fortnox.api.apply import apply_invoices  # noqa: PLC0415 - requests, at task time only
        from fortnox.api.lease import company_lease  # noqa: PLC0415

        run = load_run(context, self.run)
        check_plan(self.planned, run, datetime.now(UTC))
        invoices = run.staging.read_records(self.chunk, INVOICES)
        folder = local_folder(staging_base(), run.shop.fortnox_conn_id)
        holder = f"{run.dag_id} {run.run_id} try {context['ti'].try_number}"
        started = time.monotonic()
        with company_lease(folder, holder=holder) as lease:
            hook = fortnox_hook(run.shop.fortnox_conn_id)
            hook.guard(run.shop.organisation_number, run.shop.database_number)
            client = hook.client(before_write=lease.check)
            outcome = apply_invoices(client, run.shop, invoices)
        milliseconds = int((time.monotonic() - started) * 1000)
        usage = client.usage
        self.log.info(
            "%d created, %d booked, %d held", outcome.created, outcome.booked, len(outcome.held)
        )
        return _applied(outcome, run, self.chunk, usage.reads, usage.writes, milliseconds)


def check_plan(planned: Planned, run: Run, now: datetime) -> None:
    """Refuse a plan that is too old or was made with other mappings.

    Raises:
        FatalError: With the reason.
    """
    remedy = "Clear the run from its first task to plan anew."
    if now - datetime.fromisoformat(planned["made_at"]) > PLAN_MAX_AGE:
        raise FatalError("The plan is older than 36 hours.", remedy=remedy)
    if planned["fingerprint"] != run.fingerprint:
        raise FatalError("The plan was made with other mappings.", remedy=remedy)


def _applied(  # noqa: PLR0917 - one line of a table
    outcome: "Outcome", run: Run, chunk: Pointer, reads: int, writes: int, milliseconds: int
) -> Applied:
    return {
        "created": outcome.created,
        "booked": outcome.booked,
        "unchanged": outcome.unchanged,
        "surplus_cancelled": outcome.surplus_cancelled,
        "held": run.staging.write_records(f"{chunk['step']}-held", HELD, outcome.held),
        "reads": reads,
        "writes": writes,
        "milliseconds": milliseconds,
    }
