"""The plan carried out on Fortnox, in the one order that survives any crash (rule 7).

Create unbooked, list what then exists and settle surplus, verify each answer, only then bookkeep.
An unbooked document is harmless: it can be cancelled. So whatever dies and whenever, the next run
finds every document by its reference and goes on from there; there is no journal to lose.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from fortnox.api.client import FortnoxClient
from fortnox.api.creator import Creator
from fortnox.api.invoices import parse_invoice
from fortnox.api.settler import settle_surplus
from fortnox.api.snapshot import find_by_reference, take_snapshot
from fortnox.core.documents import FortnoxInvoice, Held, Invoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError
from fortnox.core.mapping import ShopRow
from fortnox.core.plan import Action, ActionKind, make_plan
from fortnox.core.surplus import settle
from fortnox.core.verify import mismatches

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome:
    """What apply did. Counts are documents."""

    created: int = 0
    booked: int = 0
    unchanged: int = 0
    surplus_cancelled: int = 0
    held: list[Held] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An unbooked document of ours, as Fortnox answered it, and what it should be."""

    invoice: Invoice
    customer_number: str
    answer: FortnoxInvoice


def apply_invoices(
    client: FortnoxClient,
    shop: ShopRow,
    wanted: Sequence[Invoice],
    *,
    settle_after_s: float = 2.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Bring the wanted invoices into Fortnox, each once, and bookkeep those that verify.

    Args:
        client: Its ``before_write`` checks the company's lease.
        shop: Row of shops.csv.
        wanted: Invoices of the approved plan, never more.
        settle_after_s: Pause between the last create and the list that looks for surplus: whether
            Fortnox's lists show a write at once is unknown (scheduler rule 2).
        sleep: Sleep, for tests.

    Raises:
        UnreachableError: Fortnox doesn't answer; a new try goes on from what stands there.
        FatalError: Credentials, rights or company.
    """
    snapshot = take_snapshot(client, shop.reference_key, wanted)
    plan = make_plan(wanted, snapshot, shop)
    outcome = Outcome(held=list(plan.held), unchanged=len(plan.of(ActionKind.UNCHANGED)))
    outcome.surplus_cancelled += settle_surplus(client, plan.surplus)
    drafts = _create(client, shop, plan.of(ActionKind.CREATE), outcome, snapshot.filter_proven)
    outcome.created = len(drafts)
    if drafts:
        sleep(settle_after_s)
        drafts = _settle_created(client, shop, drafts, outcome)
    drafts.extend(_read_drafts(client, plan.of(ActionKind.BOOK)))
    for draft in drafts:
        _verify_and_book(client, draft, outcome)
    return outcome


def _create(
    client: FortnoxClient,
    shop: ShopRow,
    actions: Iterable[Action],
    outcome: Outcome,
    filter_proven: bool,  # noqa: FBT001 - a fact of the snapshot, not a switch
) -> list[Draft]:
    creator = Creator(client, shop.reference_key, filter_proven=filter_proven)
    drafts: list[Draft] = []
    for action in actions:
        if action.customer is None:
            raise ValueError(f"order {action.invoice.order_id}: create without a customer")
        try:
            answer = creator.create(action.invoice, action.customer)
        except DocumentError as error:
            outcome.held.append(held_by_fortnox(action.invoice, error))
            continue
        drafts.append(
            Draft(invoice=action.invoice, customer_number=action.customer.number, answer=answer)
        )
    return drafts


def _settle_created(
    client: FortnoxClient, shop: ShopRow, drafts: Sequence[Draft], outcome: Outcome
) -> list[Draft]:
    """List once more by reference; a request that we gave up on may have been carried out."""
    ids = {draft.invoice.order_id for draft in drafts}
    found = find_by_reference(client, shop.reference_key, ids).by_reference
    kept: list[Draft] = []
    for draft in drafts:
        settlement = settle(found.get(draft.invoice.reference, ()))
        outcome.surplus_cancelled += settle_surplus(client, settlement.cancel)
        survivor = settlement.survivor
        if survivor is None or survivor.document_number == draft.answer.document_number:
            kept.append(draft)
        else:
            kept.append(_reread(client, draft, survivor.document_number))
    return kept


def _reread(client: FortnoxClient, draft: Draft, document_number: str) -> Draft:
    answer = parse_invoice(client.get(f"invoices/{document_number}", "Invoice"))
    return Draft(invoice=draft.invoice, customer_number=answer.customer_number, answer=answer)


def _read_drafts(client: FortnoxClient, actions: Iterable[Action]) -> list[Draft]:
    drafts = []
    for action in actions:
        answer = parse_invoice(client.get(f"invoices/{action.document_number}", "Invoice"))
        drafts.append(
            Draft(invoice=action.invoice, customer_number=answer.customer_number, answer=answer)
        )
    return drafts


def _verify_and_book(client: FortnoxClient, draft: Draft, outcome: Outcome) -> None:
    number = draft.answer.document_number
    if draft.answer.booked:
        outcome.unchanged += 1
        return
    differences = mismatches(draft.invoice, draft.customer_number, draft.answer)
    if differences:
        outcome.held.append(_held_unverified(draft, differences))
        return
    if not draft.invoice.bookkeep:
        return
    try:
        bookkeep(client, number)
    except DocumentError as error:
        outcome.held.append(held_by_fortnox(draft.invoice, error, number))
        return
    outcome.booked += 1


def bookkeep(client: FortnoxClient, document_number: str) -> None:
    """Bookkeep one invoice; after an unknown outcome the invoice itself tells whether it is.

    Raises:
        DocumentError: Fortnox refuses (closed period, inactive account, ...).
        UnreachableError: Twice no answer.
    """
    path = f"invoices/{document_number}/bookkeep"
    for _ in range(2):
        try:
            client.action(path, "Invoice")
        except UnknownOutcomeError:
            if parse_invoice(client.get(f"invoices/{document_number}", "Invoice")).booked:
                return
        except DocumentError:
            if parse_invoice(client.get(f"invoices/{document_number}", "Invoice")).booked:
                return
            raise
        else:
            return
    raise UnreachableError(
        f"Fortnox gave no answer twice when invoice {document_number} was to be bookkept."
    )


def held_by_fortnox(invoice: Invoice, error: DocumentError, document_number: str = "") -> Held:
    """A document that Fortnox refused, with its code and text."""
    where = f"invoice {document_number}: " if document_number else ""
    return Held(
        kind="order",
        order_id=invoice.order_id,
        order_number=invoice.order_number,
        amount_ore=invoice.total_ore,
        code=f"fortnox_{error.vendor_code or 'refused'}",
        reason=f"{where}Fortnox refuses: {error.vendor_message or error.message}",
        remedy=error.remedy or "Correct it in Fortnox or in the mapping, then run the day again.",
        day=invoice.accounting_day,
    )


def _held_unverified(draft: Draft, differences: Sequence[str]) -> Held:
    number = draft.answer.document_number
    return Held(
        kind="order",
        order_id=draft.invoice.order_id,
        order_number=draft.invoice.order_number,
        amount_ore=draft.invoice.total_ore,
        code="not_verified",
        reason=f"invoice {number} stands unbooked, Fortnox made it otherwise: "
        + "; ".join(differences[:5]),
        remedy=f"Correct the cause, cancel invoice {number} in Fortnox and book the order by hand.",
        day=draft.invoice.accounting_day,
    )
