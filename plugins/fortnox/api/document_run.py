"""One run's work in one register: create, list, settle, verify, bookkeep, in this order (rule 7).

An unbooked document is harmless: it can be cancelled. So whatever dies and whenever, the next run
finds every document by its reference and goes on from there; there is no journal to lose.

Each step goes over all documents side by side before the next one begins, so nothing is bookkept
before the list has shown everything that was created.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from fortnox.api.booker import (
    Draft,
    bookkeep,
    read_draft,
    redate,
    rewrite,
    unverified,
)
from fortnox.api.cards_ahead import CardAhead, with_cards_ahead
from fortnox.api.client import FortnoxClient
from fortnox.api.creator import Creator
from fortnox.api.finder import find_by_reference
from fortnox.api.outcome import Outcome, Unanswered, attempt
from fortnox.api.registers import INVOICES, Register
from fortnox.api.settler import cancel_surplus
from fortnox.core.actions import Action, ActionKind
from fortnox.core.decide import decide_existing
from fortnox.core.documents import FortnoxInvoice, Held, Invoice, ListedInvoice
from fortnox.core.errors import UnreachableError
from fortnox.core.surplus import settle

#: Looks at the list until it shows all that was created; the pause doubles from look to look.
_LOOKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Created:
    """A carried out creation; ``answer`` is None when it is known from the list only."""

    action: Action
    answer: FortnoxInvoice | None


class DocumentRun:
    """The steps in one register and what they have come to.

    Args:
        client: The company's client.
        key: ``reference_key`` of the shop.
        outcome: Where counts and held documents are added.
        pause: Waits before the n-th look (from 0) at a list that must show what was just written.
        filter_proven: Whether the snapshot's empty answers may be trusted (rule 3).
        register: Where the documents stand.

    Attributes:
        begun: References that this run began to make or to change.
        stands: Those of them that are as wanted, by reference.
        finished: They, and what they were to be, in the order in which they were finished.
    """

    def __init__(
        self,
        client: FortnoxClient,
        key: str,
        outcome: Outcome,
        *,
        pause: Callable[[int], None],
        filter_proven: bool,
        register: Register = INVOICES,
    ) -> None:
        self.begun: set[str] = set()
        self.stands: dict[str, FortnoxInvoice] = {}
        self.finished: list[Draft] = []
        self._client = client
        self._key = key
        self._outcome = outcome
        self._pause = pause
        self._register = register
        self._creator = Creator(client, key, filter_proven=filter_proven, register=register)
        self._booked_meanwhile: set[str] = set()
        self._unsettled: set[str] = set()

    def carry_out(self, actions: Sequence[Action]) -> None:
        """Create, list, settle, verify, bookkeep: in this order for all of them."""
        self.begun |= {action.invoice.reference for action in actions}
        created = self._create([a for a in actions if a.kind is ActionKind.CREATE])
        listed = self._list_created(created) if created else {}
        existing = [action for action in actions if action.kind is ActionKind.BOOK]
        self.verify_and_book([*self._keep(created, listed), *self._read(existing)])

    def settle(self, surplus: Iterable[ListedInvoice]) -> None:
        """Cancel surplus documents.

        What somebody bookkept first, and what could not be cancelled, keeps its siblings unbooked.
        """
        for document in surplus:
            try:
                is_cancelled = cancel_surplus(self._client, document, self._register)
            except UnreachableError as error:
                self._unsettled.add(document.reference)
                self._outcome.take(error)
                continue
            self._outcome.surplus_cancelled += is_cancelled
            if not is_cancelled:
                self._booked_meanwhile.add(document.reference)

    def verify_and_book(self, drafts: Iterable[Draft]) -> None:
        """Bookkeep drafts that are what was wanted, unless their mapping leaves them unbooked."""
        self._client.lanes.each(self._finish, drafts, self._take_finished)

    def _finish(self, draft: Draft) -> Draft | Held | Unanswered | None:
        """None: left for the next try, which is asked for already."""
        invoice, number = draft.invoice, draft.answer.document_number
        if invoice.reference in self._unsettled:
            return None
        if draft.answer.booked:
            return draft
        if invoice.reference in self._booked_meanwhile:
            return _held_booked_meanwhile(invoice, number)
        reason = unverified(draft)
        if reason or not invoice.needs_bookkeeping:
            return reason or draft
        return attempt(partial(self._bookkept, draft), invoice, number)

    def _bookkept(self, draft: Draft) -> Draft:
        bookkeep(self._client, draft.answer.document_number)
        return draft

    def _take_finished(self, draft: Draft, came: Draft | Held | Unanswered | None) -> None:
        if self._outcome.take(came) is None:
            return
        self.stands[draft.invoice.reference] = draft.answer
        if draft.answer.booked:
            self._outcome.unchanged += 1
            return
        self._outcome.booked += draft.invoice.needs_bookkeeping
        self.finished.append(draft)

    def _create(self, actions: Sequence[Action]) -> list[_Created]:
        """Create each unbooked; one that Fortnox refuses is held, the others go on."""
        created: list[_Created] = []

        def take(_: Action | CardAhead, came: _Created | Held | Unanswered | None) -> None:
            one = self._outcome.take(came)
            if one is not None:
                created.append(one)

        before, begun = self._creator.created, 0
        # One by one as long as what they answer says whether the others need a look-up each.
        while begun < len(actions) and not self._creator.knows_filter:
            take(actions[begun], self._created(actions[begun]))
            begun += 1
        # An unproven filter is asked before anything is made, a card included.
        ahead = self._client.lanes.width if self._creator.filter_proven else 0
        self._client.lanes.each(self._begin, with_cards_ahead(actions[begun:], ahead), take)
        self._outcome.created += self._creator.created - before
        return created

    def _begin(self, one: Action | CardAhead) -> _Created | Held | Unanswered | None:
        if not isinstance(one, CardAhead):
            return self._created(one)
        self._creator.begin_card(one.action.invoice.customer)
        return None

    def _created(self, action: Action) -> _Created | Held | Unanswered:
        return attempt(partial(self._created_for_customer, action), action.invoice)

    def _created_for_customer(self, action: Action) -> _Created:
        if action.customer is None:
            raise ValueError(f"order {action.invoice.order_id}: create without a customer")
        answer = self._creator.create(action.invoice, action.customer)
        return _Created(action=action, answer=answer)

    def _list_created(self, created: Sequence[_Created]) -> Mapping[str, tuple[ListedInvoice, ...]]:
        """All documents of the created references, once the list shows what we know to exist.

        A request that we gave up on may have been carried out before: a list that shows the later
        document shows the earlier one too.
        """
        references = [one.action.invoice.reference for one in created]
        known = {one.answer.document_number: one.answer.listed for one in created if one.answer}
        for look in range(_LOOKS):
            self._pause(look)
            listed = find_by_reference(
                self._client, self._key, references, self._register, known
            ).by_reference
            if all(_is_listed(one, listed) for one in created):
                return listed
        raise UnreachableError(
            f"Fortnox's lists do not show the {self._register.path} just made; none of them was "
            "bookkept.",
            remedy="The next try finds them and goes on.",
        )

    def _keep(
        self,
        created: Iterable[_Created],
        listed: Mapping[str, tuple[ListedInvoice, ...]],
    ) -> list[Draft]:
        """The surviving draft of each created reference, after its surplus is cancelled."""
        drafts: list[Draft] = []
        for one in created:
            invoice, documents = one.action.invoice, listed[one.action.invoice.reference]
            self.settle(settle(documents).cancel)
            draft = self._outcome.take(attempt(partial(self._kept, one, documents), invoice))
            if draft is not None:
                drafts.append(draft)
        return drafts

    def _kept(self, created: _Created, documents: Sequence[ListedInvoice]) -> Draft | Held:
        """What is to be verified of one reference: what was answered, else what stands there."""
        action, answer = created.action, created.answer
        decision = decide_existing(action.invoice, documents)
        if isinstance(decision, Held):
            return decision
        if answer and answer.document_number == decision.document_number:
            number = action.customer.number if action.customer else ""
            return Draft(invoice=action.invoice, customer_number=number, answer=answer)
        return self._changed_draft(decision)

    def _read(self, actions: Iterable[Action]) -> list[Draft]:
        """Documents that stood unbooked before this run, on an open day."""
        drafts: list[Draft] = []

        def read(action: Action) -> Draft | Held | Unanswered:
            change = partial(self._changed_draft, action)
            return attempt(change, action.invoice, action.document_number)

        def take(_: Action, came: Draft | Held | Unanswered) -> None:
            draft = self._outcome.take(came)
            if draft is not None:
                drafts.append(draft)

        self._client.lanes.each(read, actions, take)
        return drafts

    def _changed_draft(self, action: Action) -> Draft:
        """A draft that stood before this run, as it should be now."""
        if action.redate and not action.rewrite:
            return redate(self._client, action.invoice, action.document_number)
        change = rewrite if action.rewrite else read_draft
        return change(self._client, action.invoice, action.document_number, self._register)


def _is_listed(one: _Created, listed: Mapping[str, tuple[ListedInvoice, ...]]) -> bool:
    documents = listed.get(one.action.invoice.reference, ())
    if one.answer is None:
        return bool(documents)
    return any(d.document_number == one.answer.document_number for d in documents)


def _held_booked_meanwhile(invoice: Invoice, number: str) -> Held:
    return invoice.held(
        "booked_meanwhile",
        f"another {invoice.document} of this order was booked in Fortnox while "
        f"{invoice.document} {number} was about to be",
        "Run the day again: the booked one counts, the other is cancelled.",
    )
