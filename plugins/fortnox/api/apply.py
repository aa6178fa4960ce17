"""The plan carried out on Fortnox, in the one order that survives any crash (rule 7).

Within each step the documents go side by side (:mod:`fortnox.api.lanes`).

Sales go before refunds, since a credit invoice names the invoice it credits; orders before the
invoices that are made from them; payments after everything is booked; sending last of all, but
under the cash method, where an invoice must be sent before it takes a payment (rule 18). The order
within a register, and why it is safe, is in :mod:`fortnox.api.document_run`.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from fortnox.api.booker import Draft
from fortnox.api.client import FortnoxClient
from fortnox.api.customer_cache import customer_index
from fortnox.api.document_run import DocumentRun
from fortnox.api.order_invoicer import invoice_order
from fortnox.api.outcome import Outcome, Unanswered, attempt
from fortnox.api.payables import Payables
from fortnox.api.payer import Payer
from fortnox.api.reader import Reader
from fortnox.api.registers import INVOICES, OFFERS, ORDERS, Register
from fortnox.api.sender import Sendable, send
from fortnox.api.snapshot import take_snapshot
from fortnox.core.actions import Action, ActionKind, Snapshot
from fortnox.core.credits import with_credited_number
from fortnox.core.customer_match import CustomerIndex
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.mapping import ShopRow
from fortnox.core.order_documents import order_of_invoice
from fortnox.core.plan import Plan, make_plan
from fortnox.core.surplus import settle

__all__ = ["Outcome", "apply_invoices"]


def apply_invoices(
    client: FortnoxClient,
    shop: ShopRow,
    wanted: Sequence[Invoice],
    *,
    round_off_account: int = 3740,
    read_customers: Callable[[Reader], CustomerIndex] = customer_index,
    settle_after_s: float = 2.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Bring the wanted documents into Fortnox, each once, and bookkeep those that verify.

    Args:
        client: Its ``before_write`` checks the company's lease.
        shop: Row of shops.csv.
        wanted: Documents of the approved plan, never more.
        round_off_account: Where whole-krona rounding of a paid invoice is written off.
        read_customers: Reads the customer cards; may remember them between runs.
        settle_after_s: First pause between the last create and the list that looks for surplus:
            whether Fortnox's lists show a write at once is unknown (scheduler rule 2).
        sleep: Sleep, for tests.

    Raises:
        UnreachableError: Fortnox doesn't answer; a new try goes on from what stands there.
        FatalError: Credentials, rights or company.
    """
    started = datetime.now(UTC)
    snapshot = take_snapshot(client, shop.reference_key, wanted, read_customers=read_customers)
    plan = make_plan(wanted, snapshot, shop)
    run = _Run(client, shop, snapshot, pause=lambda looks: sleep(settle_after_s * 2**looks))
    run.begin(plan)
    planned = run.as_planned(plan, wanted)
    run.invoices.carry_out([action for action in planned if action.invoice.corrects])
    sales = [action for action in planned if _is_plain_sale(action)]
    run.invoices.carry_out(run.replacing_what_is_credited(sales))
    run.write_orders([action for action in planned if action.invoice.document != "invoice"])
    run.invoice_orders([action for action in planned if action.invoice.source_order])
    refunds = [action for action in planned if action.invoice.is_refund]
    run.invoices.carry_out(run.creditable(refunds))
    payer = Payer(
        client,
        run.outcome,
        snapshot.payments,
        round_off_account=round_off_account,
        started=started,
        pause=lambda: sleep(settle_after_s),
    )
    run.send_unposted()
    run.pay(payer, plan.of(ActionKind.PAY))
    run.send((*plan.of(ActionKind.PAY), *plan.of(ActionKind.SEND)))
    run.outcome.raise_unanswered()
    return run.outcome


def _is_plain_sale(action: Action) -> bool:
    invoice = action.invoice
    is_sale = invoice.document == "invoice" and not invoice.is_refund and not invoice.corrects
    return is_sale and invoice.source_order is None


class _Run:
    """The steps of one apply, over the registers, and what they have come to."""

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
        self._key = shop.reference_key
        self._documents = snapshot.documents
        self._pause = pause
        self._not_sent: set[str] = set()
        self._unchanged: list[Invoice] = []
        self.invoices = self._register(INVOICES, filter_proven=snapshot.filter_proven)
        self._orders = self._register(ORDERS, filter_proven=snapshot.orders.filter_proven)
        self._offers = self._register(OFFERS, filter_proven=snapshot.offers.filter_proven)

    def _register(self, register: Register, *, filter_proven: bool) -> DocumentRun:
        return DocumentRun(
            self._client,
            self._key,
            self.outcome,
            pause=self._pause,
            filter_proven=filter_proven,
            register=register,
        )

    def begin(self, plan: Plan) -> None:
        """What needs no creation: held, unchanged, surplus of earlier runs."""
        self.outcome.held.extend(plan.held)
        self._unchanged = [action.invoice for action in plan.of(ActionKind.UNCHANGED)]
        self.outcome.unchanged = len(self._unchanged)
        self.invoices.settle(plan.surplus)
        self._orders.settle(plan.surplus_orders)
        self._offers.settle(plan.surplus_offers)

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

    def replacing_what_is_credited(self, actions: Iterable[Action]) -> list[Action]:
        """Sales without new versions of what this run was to credit first, and could not."""
        kept: list[Action] = []
        for action in actions:
            credit = action.invoice.replaces
            if credit in self.invoices.begun and credit not in self.invoices.stands:
                self.outcome.held.append(_held_without_credit(action.invoice))
            else:
                kept.append(action)
        return kept

    def write_orders(self, actions: Sequence[Action]) -> None:
        """Orders and offers, which are made like invoices and never booked."""
        self._orders.carry_out([a for a in actions if a.invoice.document == "order"])
        self._offers.carry_out([a for a in actions if a.invoice.document == "offer"])

    def invoice_orders(self, actions: Sequence[Action]) -> None:
        """Invoices of delivered orders, after the orders that are missing or were edited."""
        new = [action for action in actions if action.kind is ActionKind.CREATE]
        self._orders.carry_out([_order_first(a) for a in new if a.rewrite or not a.order_number])
        self.invoices.begun |= {action.invoice.reference for action in new}
        numbered = [(action.invoice, self._order_number(action)) for action in new]
        drafts: list[Draft] = []

        def act(one: tuple[Invoice, str]) -> Draft | Held | Unanswered:
            invoice, number = one
            return attempt(partial(invoice_order, self._client, invoice, number), invoice)

        def take(_: tuple[Invoice, str], came: Draft | Held | Unanswered) -> None:
            draft = self.outcome.take(came)
            if draft is not None:
                self.outcome.created += not draft.answer.booked
                drafts.append(draft)

        self._client.lanes.each(act, [one for one in numbered if one[1]], take)
        self.invoices.verify_and_book(drafts)
        self.invoices.carry_out([action for action in actions if action.kind is ActionKind.BOOK])

    def _order_number(self, action: Action) -> str:
        """The order to be invoiced, as it should be; empty when this run could not make it so."""
        order = self._orders.stands.get(action.invoice.reference)
        if order is not None:
            return order.document_number
        return "" if action.rewrite else action.order_number

    def creditable(self, actions: Iterable[Action]) -> list[Action]:
        """Credit invoices whose sale stands; each names the invoice that it credits."""
        kept: list[Action] = []
        for action in actions:
            invoice = action.invoice
            made = self.invoices.stands.get(invoice.sale_reference)
            if invoice.sale_reference in self.invoices.begun and made is None:
                self.outcome.held.append(_held_without_sale(invoice))
                continue
            number = made.document_number if made else action.credits_number
            kept.append(replace(action, invoice=with_credited_number(invoice, number)))
        return kept

    def pay(self, payer: Payer, unpaid: Iterable[Action]) -> None:
        """Payments of what was booked just now, and of what was booked before without one."""
        payables = Payables(self._documents, self.invoices.stands, self._unchanged)
        finished = [
            (draft.invoice, draft.answer.document_number, draft.answer.total_ore)
            for draft in self.invoices.finished
            if draft.invoice.reference not in self._not_sent
        ]
        before = [
            (action.invoice, document.document_number, document.total_ore)
            for action in unpaid
            if (document := self._standing(action)) is not None
        ]
        payer.pay(payables.of([*finished, *before]))

    def send_unposted(self) -> None:
        """What this run finished for a company on the cash method."""
        new = [
            Sendable(invoice=draft.invoice, number=draft.answer.document_number, is_new=True)
            for draft in self.invoices.finished
            if draft.invoice.posted_when_paid
        ]
        held = send(self._client, new)
        self._not_sent = {one.invoice.reference for one in new if _is_held(one.invoice, held)}
        self.outcome.held.extend(held)

    def send(self, standing: Iterable[Action]) -> None:
        """What this run finished, and what stood finished and is only to be marked."""
        posted = [draft for draft in self.invoices.finished if not draft.invoice.posted_when_paid]
        finished: list[Draft] = [*posted, *self._orders.finished]
        new = [
            Sendable(invoice=draft.invoice, number=draft.answer.document_number, is_new=True)
            for draft in finished
        ]
        old = [
            Sendable(invoice=action.invoice, number=number, is_new=False)
            for action in standing
            if (number := self._unsent(action))
        ]
        self.outcome.held.extend(send(self._client, [*new, *old]))

    def _standing(self, action: Action) -> ListedInvoice | None:
        return settle(self._documents.get(action.invoice.reference, ())).survivor

    def _unsent(self, action: Action) -> str:
        document = self._standing(action)
        if action.invoice.document == "invoice" and document is not None and document.sent:
            return ""
        return action.document_number


def _is_held(invoice: Invoice, held: Iterable[Held]) -> bool:
    mine = (invoice.order_id, invoice.refund_id)
    return any((item.order_id, item.refund_id) == mine for item in held)


def _order_first(action: Action) -> Action:
    """The order of an invoice, to be made or, where it was edited in the shop, rewritten."""
    kind = ActionKind.BOOK if action.order_number else ActionKind.CREATE
    return replace(
        action,
        kind=kind,
        invoice=order_of_invoice(action.invoice),
        document_number=action.order_number,
        order_number="",
    )


def _held_closed_since(invoice: Invoice) -> Held:
    return invoice.held(
        "period_closed",
        f"the period of {invoice.accounting_day} was closed after this run's plan was made",
        "Clear the run from its first task to plan anew, or open the period.",
    )


def _held_without_credit(invoice: Invoice) -> Held:
    return invoice.held(
        "credit_held",
        "the credit invoice of the version before did not go through in this run",
        "Mend what holds it; the new version goes through with it.",
    )


def _held_without_sale(invoice: Invoice) -> Held:
    return invoice.held(
        "sale_held",
        "its sale did not go through in this run",
        "Mend the sale; the refund goes through with it.",
    )
