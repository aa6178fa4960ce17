"""Advances in the orders DAG: planned with the day's documents, written with its vouchers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fortnox.api.client import FortnoxClient
from fortnox.api.finder import find_by_reference, find_exact
from fortnox.api.intents import IntentStore
from fortnox.api.snapshot import closed_through, financial_years
from fortnox.core.actions import FinancialYear
from fortnox.core.advance_plan import (
    advance_voucher,
    decide_advance,
    held_advance,
    held_too_early,
    held_without_payment,
    sorted_events,
)
from fortnox.core.advance_proof import AdvanceProof, advance_rows, stray_rows
from fortnox.core.advances import Advance
from fortnox.core.dates import is_delivery
from fortnox.core.day_voucher import is_settled
from fortnox.core.documents import Held
from fortnox.core.money import format_ore
from fortnox.core.open_dates import cash_method_problem, year_of
from fortnox.core.orders import Order, OrderHead, Refund
from fortnox.core.reconcile_ledger import Amounts
from fortnox.core.reconciled import OrderRow
from fortnox.core.vouchers import ListedVoucher, Voucher
from fortnox.core.window import WindowKind
from fortnox.shops.base import Shop
from fortnox.steps.day_vouchers import DayPlan, Known, vouchers_since
from fortnox.steps.ledger import ledger_amounts
from fortnox.steps.run import Run
from fortnox.steps.staging import Pointer, Records

ADVANCES = Records(Advance, ("order_id", "day"))


def uses_advances(run: Run) -> bool:
    """Whether the run is a day's, of a shop whose advances are booked by themselves."""
    is_day = run.window.kind is WindowKind.ACCOUNTING_DAY
    return is_day and run.shop.advances == "strict"


def read_advances(run: Run, pointer: Pointer | None) -> list[Advance]:
    """The staged events of the transform."""
    return run.staging.read_records(pointer, ADVANCES) if pointer else []


def delivered_orders(run: Run, heads: Iterable[OrderHead]) -> list[OrderHead]:
    """Orders that were paid in advance and are delivered on the run's day."""
    if not uses_advances(run):
        return []
    return [head for head in heads if is_delivery(head, run.shop, run.mappings, run.window)]


def earlier_refunds(
    shop: Shop, run: Run, delivered: Iterable[OrderHead], orders: Iterable[Order]
) -> list[Refund]:
    """What was given back of delivered orders before the day: that is not delivered.

    Args:
        shop: The shop.
        run: A day's.
        delivered: Orders that were paid in advance and are delivered on the day.
        orders: They, among others, whole.
    """
    refunded = {order.head.order_id for order in orders if order.refunded_ore != 0}
    paid = {
        head.order_id: head.paid_utc
        for head in delivered
        if head.order_id in refunded and head.paid_utc is not None
    }
    if not paid:
        return []
    refunds = shop.refunds_created(min(paid.values()), run.window.start_utc)
    return [refund for refund in refunds if refund.order_id in paid]


def plan_advances(
    client: FortnoxClient, run: Run, advances: Sequence[Advance], company_folder: Path
) -> DayPlan:
    """Which vouchers the window's events lack. Reads Fortnox, writes nothing."""
    if not advances:
        return DayPlan()
    if not is_settled(run.window, datetime.now(UTC)):
        own = [one for one in advances if one.day == run.window.day]
        return DayPlan(held=tuple(map(held_too_early, own)))
    events = sorted_events(_not_invoiced(client, run, advances))
    if not events:
        return DayPlan()
    known = vouchers_since(client, run, min(one.paid_on for one in events))
    closed = max(
        filter(None, (closed_through(client), run.shop.books_closed_through)), default=None
    )
    years = financial_years(client)
    intents = IntentStore(company_folder)
    vouchers: dict[str, Voucher] = {}
    unfinished: list[Voucher] = []
    held: list[Held] = []
    for event in events:
        decision = _on_cash_method(event, years) or decide_advance(
            event, known.get(event.mark, ()), closed, run.shop
        )
        if isinstance(decision, Held):
            held.append(decision)
        elif decision is None:
            unfinished.extend(_unfinished(event, known, intents))
        elif event.after and event.after not in known.keys() | vouchers.keys():
            held.append(held_without_payment(event))
        else:
            vouchers[event.mark] = decision
    return DayPlan(
        vouchers=tuple(vouchers.values()),
        unfinished=tuple(unfinished),
        held=tuple(item for item in held if item.day == run.window.day),
        approval_reasons=tuple(_reasons(run, events, vouchers)),
    )


def _not_invoiced(client: FortnoxClient, run: Run, advances: Iterable[Advance]) -> list[Advance]:
    """Without those of orders that stand as an invoice: booked before advances were switched on."""
    events = list(advances)
    references = {event.sale_reference for event in events}
    found = find_by_reference(client, run.shop.reference_key, references)
    documents = list(found.documents)
    if not found.filter_proven:
        unknown = references - {document.reference for document in documents}
        documents += [one for each in sorted(unknown) for one in find_exact(client, each)]
    invoiced = {document.reference for document in documents if not document.cancelled}
    return [event for event in events if event.sale_reference not in invoiced]


def _on_cash_method(event: Advance, years: Iterable[FinancialYear]) -> Held | None:
    """Under the cash method a payment is the sale; there are no advances."""
    year = year_of(event.day, years)
    if year is None or not year.cash_method:
        return None
    problem = cash_method_problem(event.day)
    return held_advance(event, problem.code, problem.text, problem.remedy)


def _unfinished(event: Advance, known: Known, intents: IntentStore) -> Iterable[Voucher]:
    """A voucher whose intent was kept: it goes when the file is connected (rule 12)."""
    for listed in known.get(event.mark, ())[:1]:
        if event.voucher_rows and intents.read(event.mark):
            yield advance_voucher(event, listed.day)


def _reasons(run: Run, events: Iterable[Advance], vouchers: dict[str, Voucher]) -> Iterable[str]:
    late = [
        event
        for event in events
        if event.mark in vouchers and vouchers[event.mark].day != event.day
    ]
    over = run.shop.approve_documents_over
    if over is not None and len(vouchers) > over:
        yield f"{len(vouchers)} vouchers of advances, more than {over}"
    if late:
        total = format_ore(sum(event.revenue_ore for event in late))
        yield f"{len(late)} vouchers of advances ({total} net) are dated the first open day"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvancesRead:
    """The day's events with their vouchers, and the vouchers that are dated the day."""

    proofs: Sequence[AdvanceProof] = ()
    of_day: Known = field(default_factory=dict)
    amounts: Amounts = field(default_factory=dict)


def prove_advances(client: FortnoxClient, run: Run, advances: Iterable[Advance]) -> AdvancesRead:
    """What Fortnox and its ledger hold of the day's events."""
    if not uses_advances(run) or run.window.day is None:
        return AdvancesRead()
    day = run.window.day
    events = _not_invoiced(client, run, [one for one in advances if one.day == day])
    known = vouchers_since(client, run, day)
    of_day = {
        mark: same
        for mark, vouchers in known.items()
        if (same := tuple(voucher for voucher in vouchers if voucher.day == day))
    }
    found = [*of_day.values(), *(known.get(event.mark, ()) for event in events)]
    keys = {voucher.key for vouchers in found for voucher in vouchers}
    amounts, _ = ledger_amounts(client, run.shop.fortnox_conn_id, keys)
    proofs = [
        AdvanceProof(
            advance=event,
            vouchers=known.get(event.mark, ()),
            ledger=_sums(known.get(event.mark, ()), amounts),
        )
        for event in events
    ]
    return AdvancesRead(proofs=proofs, of_day=of_day, amounts=amounts)


def _sums(vouchers: Iterable[ListedVoucher], amounts: Amounts) -> dict[int, int]:
    sums: Counter[int] = Counter()
    for voucher in vouchers:
        sums.update(amounts.get(voucher.key, {}))
    return dict(sums)


def advances_level(
    run: Run,
    heads: Iterable[OrderHead],
    read: AdvancesRead,
    *,
    advances: Iterable[Advance],
    held: Sequence[Held],
    not_carried_out: str,
) -> list[OrderRow]:
    """Rows of level one beside those of sales and refunds: deliveries, and what is wrong."""
    key = run.shop.reference_key
    expected = {
        *(proof.advance.mark for proof in read.proofs),
        *(advance.mark for advance in advances),
    }
    return [
        *advance_rows(
            read.proofs,
            delivered_orders(run, heads),
            held,
            key=key,
            not_carried_out=not_carried_out,
        ),
        *stray_rows(read.of_day, read.amounts, expected, key=key),
    ]
