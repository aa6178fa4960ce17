"""The plan carried out on Fortnox, in the one order that survives any crash (rule 7).

Create unbooked, list what then exists and settle surplus, verify each answer, only then bookkeep,
and register payments last. Sales go before refunds: a credit invoice names the invoice it credits.
An unbooked document is harmless: it can be cancelled. So whatever dies and whenever, the next run
finds every document by its reference and goes on from there; there is no journal to lose.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from fortnox.api.booker import (
    Draft,
    bookkeep,
    held_by_fortnox,
    read_draft,
    redate,
    rewrite,
    unverified,
)
from fortnox.api.client import FortnoxClient
from fortnox.api.creator import Creator
from fortnox.api.payer import Payer
from fortnox.api.payments import Payable
from fortnox.api.settler import settle_surplus
from fortnox.api.snapshot import find_by_reference, take_snapshot
from fortnox.core.actions import Action, ActionKind, Snapshot
from fortnox.core.credits import with_credited_number
from fortnox.core.decide import decide_existing
from fortnox.core.documents import FortnoxInvoice, Held, Invoice, ListedInvoice, Payment
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError
from fortnox.core.mapping import ShopRow
from fortnox.core.plan import Plan, make_plan
from fortnox.core.surplus import settle

#: So many documents without an answer, each tried twice: Fortnox itself is ill, so stop.
_GIVE_UP_AFTER = 3
#: Looks at the list until it shows all that was created; the pause doubles from look to look.
_LOOKS = 3


@dataclass(slots=True)
class Outcome:
    """What apply did. Counts are documents, and payments that were bookkept."""

    created: int = 0
    booked: int = 0
    paid: int = 0
    unchanged: int = 0
    surplus_cancelled: int = 0
    held: list[Held] = field(default_factory=list)


def apply_invoices(
    client: FortnoxClient,
    shop: ShopRow,
    wanted: Sequence[Invoice],
    *,
    round_off_account: int = 3740,
    settle_after_s: float = 2.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Bring the wanted documents into Fortnox, each once, and bookkeep those that verify.

    Args:
        client: Its ``before_write`` checks the company's lease.
        shop: Row of shops.csv.
        wanted: Documents of the approved plan, never more.
        round_off_account: Where whole-krona rounding of a paid invoice is written off.
        settle_after_s: First pause between the last create and the list that looks for surplus:
            whether Fortnox's lists show a write at once is unknown (scheduler rule 2).
        sleep: Sleep, for tests.

    Raises:
        UnreachableError: Fortnox doesn't answer; a new try goes on from what stands there.
        FatalError: Credentials, rights or company.
    """
    started = datetime.now(UTC)
    snapshot = take_snapshot(client, shop.reference_key, wanted)
    plan = make_plan(wanted, snapshot, shop)
    run = _Run(client, shop, snapshot, pause=lambda looks: sleep(settle_after_s * 2**looks))
    run.outcome.held.extend(plan.held)
    run.outcome.unchanged = len(plan.of(ActionKind.UNCHANGED))
    run.settle(plan.surplus)
    planned = run.as_planned(plan, wanted)
    run.carry_out([action for action in planned if not action.invoice.is_refund])
    run.carry_out(run.creditable([action for action in planned if action.invoice.is_refund]))
    payer = Payer(
        client,
        snapshot.payments,
        round_off_account=round_off_account,
        started=started,
        pause=lambda: sleep(settle_after_s),
    )
    run.pay(payer, plan.of(ActionKind.PAY))
    run.raise_unanswered()
    return run.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Created:
    """A carried out creation; ``answer`` is None when it is known from the list only."""

    action: Action
    answer: FortnoxInvoice | None


class _Run:
    """The steps of one apply and what they have come to."""

    def __init__(
        self,
        client: FortnoxClient,
        shop: ShopRow,
        snapshot: Snapshot,
        *,
        pause: Callable[[int], None],
    ) -> None:
        self.outcome = Outcome()
        self._client = client
        self._shop = shop
        self._documents = snapshot.documents
        self._creator = Creator(client, shop.reference_key, filter_proven=snapshot.filter_proven)
        self._pause = pause
        self._booked_meanwhile: frozenset[str] = frozenset()
        #: Documents that this run began to make, and those of them that are as wanted.
        self._begun: set[str] = set()
        self._stands: dict[str, FortnoxInvoice] = {}
        self._unanswered: list[UnknownOutcomeError] = []
        self._payables: list[Payable] = []

    def carry_out(self, actions: Sequence[Action]) -> None:
        """Create, list, settle, verify, bookkeep: in this order for all of them."""
        self._begun |= {action.invoice.reference for action in actions}
        created = self.create(a for a in actions if a.kind is ActionKind.CREATE)
        listed = self.list_created(created) if created else {}
        existing = [action for action in actions if action.kind is ActionKind.BOOK]
        for draft in [*self.keep(created, listed), *self.read(existing)]:
            self.verify_and_book(draft)

    def creditable(self, actions: Iterable[Action]) -> list[Action]:
        """Credit invoices whose sale stands; each names the invoice that it credits."""
        kept: list[Action] = []
        for action in actions:
            invoice = action.invoice
            made = self._stands.get(invoice.sale_reference)
            if invoice.sale_reference in self._begun and made is None:
                self.outcome.held.append(_held_without_sale(invoice))
                continue
            number = made.document_number if made else action.credits_number
            kept.append(replace(action, invoice=with_credited_number(invoice, number)))
        return kept

    def settle(self, surplus: Iterable[ListedInvoice]) -> None:
        """Cancel surplus documents; what somebody bookkept first keeps its siblings unbooked."""
        settled = settle_surplus(self._client, surplus)
        self.outcome.surplus_cancelled += settled.cancelled
        self._booked_meanwhile |= settled.booked_meanwhile

    def as_planned(self, plan: Plan, wanted: Iterable[Invoice]) -> list[Action]:
        """Actions on the dates that were planned; another date needs approval first (rule 17)."""
        planned = {invoice.reference: invoice.invoice_date for invoice in wanted}
        kept: list[Action] = []
        for action in (*plan.of(ActionKind.CREATE), *plan.of(ActionKind.BOOK)):
            if action.invoice.invoice_date == planned[action.invoice.reference]:
                kept.append(action)
            else:
                self.outcome.held.append(_held_closed_since(action.invoice))
        return kept

    def create(self, actions: Iterable[Action]) -> list[_Created]:
        """Create each unbooked; one that Fortnox refuses is held, the others go on."""
        created: list[_Created] = []
        for action in actions:
            if action.customer is None:
                raise ValueError(f"order {action.invoice.order_id}: create without a customer")
            try:
                answer = self._creator.create(action.invoice, action.customer)
            except DocumentError as error:
                self.outcome.held.append(held_by_fortnox(action.invoice, error))
            except UnknownOutcomeError as error:
                self._add_unanswered(error)
            else:
                created.append(_Created(action=action, answer=answer))
        self.outcome.created = self._creator.created
        return created

    def list_created(self, created: Sequence[_Created]) -> Mapping[str, tuple[ListedInvoice, ...]]:
        """All documents of the created references, once the list shows what we know to exist.

        A request that we gave up on may have been carried out before: a list that shows the later
        document shows the earlier one too.
        """
        references = [one.action.invoice.reference for one in created]
        for look in range(_LOOKS):
            self._pause(look)
            key = self._shop.reference_key
            listed = find_by_reference(self._client, key, references).by_reference
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
                drafts.append(_changed_draft(self._client, decision))
        return drafts

    def read(self, actions: Iterable[Action]) -> list[Draft]:
        """Documents that stood unbooked before this run, on an open day."""
        drafts: list[Draft] = []
        for action in actions:
            number, invoice = action.document_number, action.invoice
            try:
                drafts.append(_changed_draft(self._client, action))
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
            self._stands[invoice.reference] = draft.answer
            return
        reason = unverified(draft)
        if invoice.reference in self._booked_meanwhile:
            reason = _held_booked_meanwhile(invoice, number)
        if reason:
            self.outcome.held.append(reason)
            return
        if not invoice.bookkeep:
            self._stands[invoice.reference] = draft.answer
            return
        try:
            bookkeep(self._client, number)
        except DocumentError as error:
            self.outcome.held.append(held_by_fortnox(invoice, error, number))
        except UnknownOutcomeError as error:
            self._add_unanswered(error)
        else:
            self.outcome.booked += 1
            self._stands[invoice.reference] = draft.answer
            self._owe(invoice, number, draft.answer.total_ore)

    def pay(self, payer: Payer, unpaid: Iterable[Action]) -> None:
        """Payments of what was booked just now, and of what was booked before without one."""
        for action in unpaid:
            document = settle(self._documents[action.invoice.reference]).survivor
            if document is not None:
                self._owe(action.invoice, document.document_number, document.total_ore)
        paid = payer.pay(self._payables)
        self.outcome.paid = paid.booked
        self.outcome.held.extend(paid.held)
        for error in paid.unanswered:
            self._add_unanswered(error)

    def _owe(self, invoice: Invoice, number: str, total_ore: int) -> None:
        """Note the payment of a booked document; never before the document's own date (2001089)."""
        if invoice.payment is None:
            return
        paid_on = max(invoice.payment.paid_on, invoice.invoice_date)
        payment = replace(invoice.payment, paid_on=paid_on)
        if payment.sets_off:
            self._owe_set_off(invoice, payment)
        self._payables.append(
            Payable(
                invoice=invoice,
                invoice_number=number,
                payment=payment,
                write_off_ore=total_ore - payment.amount_ore,
            )
        )

    def _owe_set_off(self, invoice: Invoice, payment: Payment) -> None:
        """The unpaid sale gets the opposite payment first: the credit's alone says it is done."""
        made = self._stands.get(invoice.sale_reference)
        sale = made or settle(self._documents.get(invoice.sale_reference, ())).survivor
        if sale is not None:
            opposite = replace(payment, amount_ore=-payment.amount_ore)
            self._payables.append(
                Payable(invoice=invoice, invoice_number=sale.document_number, payment=opposite)
            )

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


def _changed_draft(client: FortnoxClient, action: Action) -> Draft:
    """A draft that stood before this run, as it should be now."""
    if action.rewrite:
        return rewrite(client, action.invoice, action.document_number)
    change = redate if action.redate else read_draft
    return change(client, action.invoice, action.document_number)


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


def _held_without_sale(invoice: Invoice) -> Held:
    return invoice.held(
        "sale_held",
        "its sale did not go through in this run",
        "Mend the sale; the refund goes through with it.",
    )


def _held_booked_meanwhile(invoice: Invoice, number: str) -> Held:
    return invoice.held(
        "booked_meanwhile",
        f"another invoice of this order was booked in Fortnox while invoice {number} was about to "
        "be",
        "Run the day again: the booked one counts, the other is cancelled.",
    )
