"""Task ``plan``: wanted x what Fortnox has -> what to do, and what it will cost."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import NotRequired, TypedDict

from airflow.sdk import Context

from fortnox.api.client import FortnoxClient
from fortnox.api.snapshot import documents_of_day, take_snapshot
from fortnox.core.actions import ActionKind, Snapshot
from fortnox.core.advances import Advance
from fortnox.core.corrections import corrected, to_credit
from fortnox.core.documents import Invoice
from fortnox.core.forecast import chunks
from fortnox.core.names import PLAN_KEY
from fortnox.core.orders import OrderHead
from fortnox.core.plan import Plan, make_plan
from fortnox.core.references import order_of, sale_reference
from fortnox.core.report_plan import PlanSource, plan_pages, plan_summary
from fortnox.steps.advances import plan_advances, read_advances
from fortnox.steps.connections import fortnox_hook
from fortnox.steps.day_vouchers import (
    CHUNK,
    VOUCHERS,
    DayPlan,
    plan_day_vouchers,
    read_sales,
)
from fortnox.steps.extract import HEADS
from fortnox.steps.memory import customer_cache
from fortnox.steps.report_store import store_plan
from fortnox.steps.run import Run, RunDict, is_dry_run, load_run
from fortnox.steps.staging import Pointer, local_folder, staging_base
from fortnox.steps.transform import HELD, INVOICES, Transformed

log = logging.getLogger(__name__)

#: Requests of a chunk: at most 20 minutes at 24 requests per 5 seconds (rules of the scheduler 4).
CHUNK_REQUESTS = 20 * 60 * 24 // 5
#: Inbox, voucher, connection and two lists (the request floor).
VOUCHER_REQUESTS = 5


#: An XCom is small; more look-alikes than this are one finding.
_NOTES = 20


class PlanHead(TypedDict):
    """What every plan says of itself, so that an old or another one is refused."""

    made_at: str
    fingerprint: str


class Planned(PlanHead):
    """The task's XCom. ``requests`` is the forecast of what apply will make."""

    chunks: list[Pointer]
    held: Pointer
    create: int
    book: int
    unchanged: int
    surplus: int
    requests: int
    total_ore: int
    approval_reasons: list[str]
    reads: int
    notes: list[str]
    #: Nothing may be applied.
    dry_run: NotRequired[bool]


def plan_invoices(context: Context, run_dict: RunDict, transformed: Transformed) -> Planned:
    """Compare, decide, stage the chunks. Reads Fortnox, writes nothing."""
    run = load_run(context, run_dict)
    invoices = run.staging.read_records(transformed["invoices"], INVOICES)
    client = fortnox_hook(run.shop.fortnox_conn_id).client()
    called_off = _called_off(client, run, transformed)
    snapshot = _snapshot(client, run, invoices, called_off)
    corrections = corrected(invoices, called_off, snapshot, run.shop)
    plan = make_plan(corrections.invoices, snapshot, run.shop)
    plan = replace(plan, held=(*corrections.held, *plan.held))
    folder = local_folder(staging_base(), run.shop.fortnox_conn_id)
    summed_up = plan_day_vouchers(client, run, read_sales(run, transformed["day_sales"]), folder)
    advances = read_advances(run, transformed["advances"])
    day = summed_up + plan_advances(client, run, advances, folder)
    log.info(
        "%d to create, %d to book, %d unchanged, %d held, %d requests",
        len(plan.of(ActionKind.CREATE)),
        len(plan.of(ActionKind.BOOK)),
        len(plan.of(ActionKind.UNCHANGED)),
        len(plan.held),
        plan.requests,
    )
    planned = _planned(plan, day, run, client.usage.reads)
    planned["dry_run"] = is_dry_run(context)
    planned["notes"] = list(snapshot.elsewhere.notes[:_NOTES])
    held = run.staging.read_records(transformed["held"], HELD)
    source = PlanSource(
        plan=plan,
        documents=snapshot.documents,
        held=[*held, *plan.held, *day.held],
        vouchers=len(summed_up.vouchers),
        advances=_to_write(advances, day),
        requests=planned["requests"],
        approval_reasons=planned["approval_reasons"],
    )
    _show(context, run, source)
    return planned


def _to_write(advances: Iterable[Advance], day: DayPlan) -> list[Advance]:
    marks = {voucher.mark for voucher in day.vouchers}
    return [advance for advance in advances if advance.mark in marks]


def _called_off(client: FortnoxClient, run: Run, transformed: Transformed) -> list[OrderHead]:
    """Orders called off whose invoice may stand booked; of a day, those that carry that day."""
    heads = run.staging.read_records(transformed["called_off"], HEADS)
    if not heads or run.window.day is None:
        return heads
    key = run.shop.reference_key
    booked = {
        order_of(key, document.reference)
        for document in documents_of_day(client, key, run.window.day)
        if document.booked
    }
    return [head for head in heads if head.order_id in booked]


def _snapshot(
    client: FortnoxClient, run: Run, invoices: list[Invoice], called_off: list[OrderHead]
) -> Snapshot:
    key = run.shop.reference_key
    return take_snapshot(
        client,
        key,
        invoices,
        look_elsewhere=True,
        also=[sale_reference(key, head.order_id) for head in called_off],
        to_credit=lambda documents: to_credit(invoices, called_off, documents, run.shop),
        read_customers=customer_cache(run.shop.fortnox_conn_id).index,
    )


def _show(context: Context, run: Run, source: PlanSource) -> None:
    """For the person who is asked, and for the report: documents in files, counts in an XCom."""
    store_plan(run, plan_pages(source))
    summary = plan_summary(
        source,
        shop=run.shop,
        window=run.window,
        made_at=datetime.now(UTC),
        is_dry_run=is_dry_run(context),
    )
    context["ti"].xcom_push(key=PLAN_KEY, value=summary)


def _planned(plan: Plan, day: DayPlan, run: Run, reads: int) -> Planned:
    create = plan.of(ActionKind.CREATE)
    return {
        "chunks": [*_stage_chunks(plan, run), *_stage_vouchers(day, run)],
        "held": run.staging.write_records("plan-held", HELD, [*plan.held, *day.held]),
        "create": len(create) + len(day.vouchers),
        "book": len(plan.of(ActionKind.BOOK)),
        "unchanged": len(plan.of(ActionKind.UNCHANGED)),
        "surplus": len(plan.surplus),
        "requests": plan.requests + VOUCHER_REQUESTS * len(day.vouchers),
        "total_ore": sum(action.invoice.total_ore for action in create),
        "approval_reasons": [*plan.approval_reasons, *day.approval_reasons],
        "made_at": datetime.now(UTC).isoformat(),
        "fingerprint": run.fingerprint,
        "reads": reads,
        "notes": [],
    }


def _stage_vouchers(day: DayPlan, run: Run) -> list[Pointer]:
    """Vouchers are pieces of their own, and the last ones: they can't be taken back."""
    vouchers = [*day.vouchers, *day.unfinished]
    size = CHUNK_REQUESTS // VOUCHER_REQUESTS
    pieces = [vouchers[start : start + size] for start in range(0, len(vouchers), size)]
    return [
        run.staging.write_records(f"{CHUNK}-{number}", VOUCHERS, piece)
        for number, piece in enumerate(pieces)
    ]


def _stage_chunks(plan: Plan, run: Run) -> list[Pointer]:
    """The pieces of the plan; a plan that only settles surplus documents is one empty piece."""
    pieces = chunks(plan.actions, max_requests=CHUNK_REQUESTS)
    if not pieces and plan.surplus:
        pieces = [()]
    originals = {action.invoice.reference: action.invoice for action in plan.actions}
    return [
        run.staging.write_records(
            f"chunk-{number}",
            INVOICES,
            [originals[action.invoice.reference] for action in piece],
        )
        for number, piece in enumerate(pieces)
    ]
