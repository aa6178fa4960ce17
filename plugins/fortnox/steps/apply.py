"""Task ``apply``, mapped over the plan's chunks: the only task that writes to Fortnox."""

import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypedDict

from airflow.sdk import Context

from fortnox.api.apply import Outcome, apply_invoices
from fortnox.api.client import FortnoxClient
from fortnox.core.errors import FatalError
from fortnox.core.reconcile_ledger import BaseAccounts
from fortnox.steps.day_vouchers import CHUNK, VOUCHERS, write_day_vouchers
from fortnox.steps.memory import customer_cache
from fortnox.steps.plan import Planned
from fortnox.steps.run import Run, RunDict, load_run
from fortnox.steps.staging import Pointer
from fortnox.steps.transform import HELD, INVOICES
from fortnox.steps.writing import holder_of, writing_to

log = logging.getLogger(__name__)

#: A plan ages: after this, orders and books have moved on (rules of the scheduler 12).
PLAN_MAX_AGE = timedelta(hours=36)


class Applied(TypedDict):
    """The task's XCom; documents and requests as counts, ``milliseconds`` in apply."""

    created: int
    booked: int
    paid: int
    unchanged: int
    surplus_cancelled: int
    held: Pointer
    reads: int
    writes: int
    milliseconds: int


def apply_chunk(context: Context, run_dict: RunDict, planned: Planned, chunk: Pointer) -> Applied:
    """Carry one piece of the plan out, under the company's lease and behind the company guard."""
    run = load_run(context, run_dict)
    check_plan(planned, run, datetime.now(UTC))
    started = time.monotonic()
    with writing_to(run.shop, holder=holder_of(context, run)) as writing:
        outcome = _carry_out(writing.client, run, chunk, writing.folder)
    milliseconds = int((time.monotonic() - started) * 1000)
    usage = writing.client.usage
    log.info("%d created, %d booked, %d held", outcome.created, outcome.booked, len(outcome.held))
    return _applied(outcome, run, chunk, usage.reads, usage.writes, milliseconds)


def _carry_out(client: FortnoxClient, run: Run, chunk: Pointer, folder: Path) -> Outcome:
    """Vouchers are pieces of their own; all other pieces are invoices."""
    if not chunk["step"].startswith(CHUNK):
        invoices = run.staging.read_records(chunk, INVOICES)
        return apply_invoices(
            client,
            run.shop,
            invoices,
            round_off_account=_round_off_account(run),
            read_customers=customer_cache(run.shop.fortnox_conn_id).index,
        )
    vouchers = run.staging.read_records(chunk, VOUCHERS)
    written = write_day_vouchers(client, run, vouchers, folder)
    return Outcome(
        created=written.created,
        booked=written.created,
        unchanged=written.unchanged,
        held=list(written.held),
    )


def _round_off_account(run: Run) -> int:
    """Where accounts.csv puts rounding; 3740 of BAS when it says nothing."""
    day = run.window.day or run.opened_at.date()
    row = run.mappings.account(run.shop.shop, "rounding", (), Decimal(0), day)
    return row.sales_account if row else BaseAccounts().round_off


def check_plan(planned: Mapping[str, Any], run: Run, now: datetime) -> None:
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
    outcome: Outcome, run: Run, chunk: Pointer, reads: int, writes: int, milliseconds: int
) -> Applied:
    return {
        "created": outcome.created,
        "booked": outcome.booked,
        "paid": outcome.paid,
        "unchanged": outcome.unchanged,
        "surplus_cancelled": outcome.surplus_cancelled,
        "held": run.staging.write_records(f"{chunk['step']}-held", HELD, outcome.held),
        "reads": reads,
        "writes": writes,
        "milliseconds": milliseconds,
    }
