"""The plan carried out on Fortnox, in the one order that survives any crash (rule 7).

Create unbooked, list what then exists and settle surplus, verify each answer, only then bookkeep.
An unbooked document is harmless: it can be cancelled. So whatever dies and whenever, the next run
finds every document by its reference and goes on from there; there is no journal to lose.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fortnox.api.booker import (
    Draft,
    bookkeep,
    held_by_fortnox,
    read_draft,
    redate,
    unverified,
)
from fortnox.api.client import FortnoxClient
from fortnox.api.creator import Creator
from fortnox.api.settler import settle_surplus
from fortnox.api.snapshot import find_by_reference, take_snapshot
from fortnox.core.documents import FortnoxInvoice, Held, Invoice, ListedInvoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError
from fortnox.core.mapping import ShopRow
from fortnox.core.plan import Action, ActionKind, Plan, decide_existing, make_plan
from fortnox.core.surplus import settle

#: So many documents without an answer, each tried twice: Fortnox itself is ill, so stop.
_GIVE_UP_AFTER = 3
#: Looks at the list until it shows all that was created; the pause doubles from look to look.
_LOOKS = 3


@dataclass(slots=True)
class Outcome:
    """What apply did. Counts are documents."""

    created: int = 0
    booked: int = 0
    unchanged: int = 0
    surplus_cancelled: int = 0
    held: list[Held] = field(default_factory=list)


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
        settle_after_s: First pause between the last create and the list that looks for surplus:
            whether Fortnox's lists show a write at once is unknown (scheduler rule 2).
        sleep: Sleep, for tests.

    Raises:
        UnreachableError: Fortnox doesn't answer; a new try goes on from what stands there.
        FatalError: Credentials, rights or company.
    """
    run = _Run(client, shop)
    snapshot = take_snapshot(client, shop.reference_key, wanted)
    plan = make_plan(wanted, snapshot, shop)
    run.outcome.held.extend(plan.held)
    run.outcome.unchanged = len(plan.of(ActionKind.UNCHANGED))
    run.settle(plan.surplus)
    creates = run.as_planned(plan, ActionKind.CREATE, wanted)
    created = run.create(creates, filter_proven=snapshot.filter_proven)
    listed = run.list_created(created, settle_after_s, sleep) if created else {}
    drafts = [*run.keep(created, listed), *run.read(run.as_planned(plan, ActionKind.BOOK, wanted))]
    for draft in drafts:
        run.verify_and_book(draft)
    run.raise_unanswered()
    return run.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Created:
    """A carried out creation; ``answer`` is None when it is known from the list only."""

    action: Action
    answer: FortnoxInvoice | None


class _Run:
    """The steps of one apply and what they have come to."""

    def __init__(self, client: FortnoxClient, shop: ShopRow) -> None:
        self.outcome = Outcome()
        self._client = client
        self._shop = shop
        self._booked_meanwhile: frozenset[str] = frozenset()
        self._unanswered: list[UnknownOutcomeError] = []

    def settle(self, surplus: Iterable[ListedInvoice]) -> None:
        """Cancel surplus documents; what somebody bookkept first keeps its siblings unbooked."""
        settled = settle_surplus(self._client, surplus)
        self.outcome.surplus_cancelled += settled.cancelled
        self._booked_meanwhile |= settled.booked_meanwhile

    def as_planned(self, plan: Plan, kind: ActionKind, wanted: Iterable[Invoice]) -> list[Action]:
        """Actions on the dates that were planned; another date needs approval first (rule 17)."""
        planned = {invoice.reference: invoice.invoice_date for invoice in wanted}
        kept: list[Action] = []
        for action in plan.of(kind):
            if action.invoice.invoice_date == planned[action.invoice.reference]:
                kept.append(action)
            else:
                self.outcome.held.append(_held_closed_since(action.invoice))
        return kept

    def create(self, actions: Iterable[Action], *, filter_proven: bool) -> list[_Created]:
        """Create each unbooked; one that Fortnox refuses is held, the others go on."""
        creator = Creator(self._client, self._shop.reference_key, filter_proven=filter_proven)
        created: list[_Created] = []
        for action in actions:
            if action.customer is None:
                raise ValueError(f"order {action.invoice.order_id}: create without a customer")
            try:
                answer = creator.create(action.invoice, action.customer)
            except DocumentError as error:
                self.outcome.held.append(held_by_fortnox(action.invoice, error))
            except UnknownOutcomeError as error:
                self._add_unanswered(error)
            else:
                created.append(_Created(action=action, answer=answer))
        self.outcome.created = creator.created
        return created

    def list_created(
        self, created: Sequence[_Created], settle_after_s: float, sleep: Callable[[float], None]
    ) -> Mapping[str, tuple[ListedInvoice, ...]]:
        """All documents of the created references, once the list shows what we know to exist.

        A request that we gave up on may have been carried out before: a list that shows the later
        document shows the earlier one too.
        """
        ids = [one.action.invoice.order_id for one in created]
        for look in range(_LOOKS):
            sleep(settle_after_s * 2**look)
            listed = find_by_reference(self._client, self._shop.reference_key, ids).by_reference
            if all(_is_listed(one, listed) for one in created):
                return listed
        raise UnreachableError(
            "Fortnox's lists do not show the invoices just made; none of them was bookkept.",
            remedy="The next try finds them and goes on.",
        )

    def keep(
        self,
        created: Iterable[_Created],
        listed: Mapping[str, tuple[ListedInvoice, ...]],
    ) -> list[Draft]:
        """The surviving draft of each created reference, after its surplus is cancelled."""
        drafts: list[Draft] = []
        for one in created:
            invoice, documents = one.action.invoice, listed[one.action.invoice.reference]
            self.settle(settle(documents).cancel)
            decision = decide_existing(invoice, documents)
            if isinstance(decision, Held):
                self.outcome.held.append(decision)
            elif one.answer and one.answer.document_number == decision.document_number:
                number = one.action.customer.number if one.action.customer else ""
                drafts.append(Draft(invoice=invoice, customer_number=number, answer=one.answer))
            else:
                drafts.append(read_draft(self._client, invoice, decision.document_number))
        return drafts

    def read(self, actions: Iterable[Action]) -> list[Draft]:
        """Documents that stood unbooked before this run, on an open day."""
        drafts: list[Draft] = []
        for action in actions:
            number, invoice = action.document_number, action.invoice
            try:
                change = redate if action.redate else read_draft
                drafts.append(change(self._client, invoice, number))
            except DocumentError as error:
                self.outcome.held.append(held_by_fortnox(invoice, error, number))
            except UnknownOutcomeError as error:
                self._add_unanswered(error)
        return drafts

    def verify_and_book(self, draft: Draft) -> None:
        """Bookkeep a draft that is what was wanted, unless its mapping leaves it unbooked."""
        invoice, number = draft.invoice, draft.answer.document_number
        if draft.answer.booked:
            self.outcome.unchanged += 1
            return
        reason = unverified(draft)
        if invoice.reference in self._booked_meanwhile:
            reason = _held_booked_meanwhile(invoice, number)
        if reason:
            self.outcome.held.append(reason)
            return
        if not invoice.bookkeep:
            return
        try:
            bookkeep(self._client, number)
        except DocumentError as error:
            self.outcome.held.append(held_by_fortnox(invoice, error, number))
        except UnknownOutcomeError as error:
            self._add_unanswered(error)
        else:
            self.outcome.booked += 1

    def _add_unanswered(self, error: UnknownOutcomeError) -> None:
        """One document must not keep the others out; several mean that Fortnox is ill."""
        self._unanswered.append(error)
        if len(self._unanswered) >= _GIVE_UP_AFTER:
            self.raise_unanswered()

    def raise_unanswered(self) -> None:
        """Ask for a new try when documents got no answer; it looks each of them up first."""
        if self._unanswered:
            raise UnreachableError(
                f"Fortnox gave no answer twice to {len(self._unanswered)} documents; the last: "
                f"{self._unanswered[-1].message}",
                remedy="The next try looks their references up first.",
            ) from self._unanswered[-1]


def _is_listed(one: _Created, listed: Mapping[str, tuple[ListedInvoice, ...]]) -> bool:
    documents = listed.get(one.action.invoice.reference, ())
    if one.answer is None:
        return bool(documents)
    return any(d.document_number == one.answer.document_number for d in documents)


def _held_closed_since(invoice: Invoice) -> Held:
    return invoice.held(
        "period_closed",
        f"the period of {invoice.accounting_day} was closed after this run's plan was made",
        "Clear the run from its first task to plan anew, or open the period.",
    )


def _held_booked_meanwhile(invoice: Invoice, number: str) -> Held:
    return invoice.held(
        "booked_meanwhile",
        f"another invoice of this order was booked in Fortnox while invoice {number} was about to "
        "be",
        "Run the day again: the booked one counts, the other is cancelled.",
    )
