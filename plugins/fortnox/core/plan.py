"""Wanted documents x what Fortnox has -> what to do, each with its reason. Pure.

A dry run ends here; apply makes the same decision again on a fresh snapshot, so that whatever was
done meanwhile, by us or by a person, is seen (design.md, the path of the data).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fortnox.core.actions import Action, ActionKind, Snapshot
from fortnox.core.corrections import decide_correction
from fortnox.core.credits import Credits, decide_credit
from fortnox.core.currency import with_rate
from fortnox.core.decide import decide_sale
from fortnox.core.decide_orders import decide_invoice_of_order, decide_order
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.forecast import forecast
from fortnox.core.late_drafts import with_late_draft
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.open_dates import by_method
from fortnox.core.sending import with_sending
from fortnox.core.surplus import settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that apply may do, and what is held. ``surplus`` are documents to cancel."""

    actions: tuple[Action, ...]
    held: tuple[Held, ...]
    surplus: tuple[ListedInvoice, ...]
    surplus_orders: tuple[ListedInvoice, ...]
    surplus_offers: tuple[ListedInvoice, ...]
    requests: int
    approval_reasons: tuple[str, ...]

    def of(self, kind: ActionKind) -> tuple[Action, ...]:
        """The actions of one kind."""
        return tuple(action for action in self.actions if action.kind is kind)


def make_plan(wanted: Iterable[Invoice], snapshot: Snapshot, shop: ShopRow) -> Plan:
    """Decide each wanted document; the rest of the plan follows from that.

    First the credit invoices of edited sales, then sales, last the refunds of both. A new version
    of a sale waits for the credit of the one before: while that is held, it is not decided at all.
    """
    posted = (by_method(invoice, snapshot.years, shop) for invoice in wanted)
    invoices = sorted(posted, key=lambda invoice: (invoice.is_refund, not invoice.corrects))
    credited = Credits(snapshot.documents)
    decisions: list[Action | Held] = []
    not_credited: set[str] = set()
    for invoice in invoices:
        if invoice.replaces in not_credited:
            continue
        documents = snapshot.documents.get(invoice.reference, ())
        # A credit invoice has the rate of its sale, whatever the currency is worth today.
        known = settle(documents).survivor or credited.sale_document(invoice.sale_reference)
        rated = with_rate(invoice, snapshot.currencies, known)
        decision: Action | Held
        if isinstance(rated, Held):
            decision = rated
        elif rated.document != "invoice":
            decision = decide_order(rated, snapshot)
        elif rated.source_order is not None:
            decision = decide_invoice_of_order(rated, documents, snapshot, shop)
        elif rated.corrects and not documents:
            decision = decide_correction(rated, snapshot, shop)
        elif documents or not rated.is_refund:
            decision = with_sending(decide_sale(rated, documents, snapshot, shop), documents)
        else:
            decision = decide_credit(rated, credited, snapshot, shop)
        decision = with_late_draft(decision, snapshot)
        credited.add(invoice, decision)
        if isinstance(decision, Held) and invoice.corrects:
            not_credited.add(invoice.reference)
        decisions.append(decision)
    actions = tuple(decision for decision in decisions if isinstance(decision, Action))
    surplus = _surplus(snapshot.documents)
    surplus_orders = _surplus(snapshot.orders.documents)
    surplus_offers = _surplus(snapshot.offers.documents)
    to_cancel = (*surplus, *surplus_orders, *surplus_offers)
    return Plan(
        actions=actions,
        held=tuple(decision for decision in decisions if isinstance(decision, Held)),
        surplus=surplus,
        surplus_orders=surplus_orders,
        surplus_offers=surplus_offers,
        requests=forecast(actions, to_cancel, filter_proven=snapshot.filter_proven),
        approval_reasons=tuple(_approval_reasons(actions, shop)),
    )


def _surplus(documents: Mapping[str, Sequence[ListedInvoice]]) -> tuple[ListedInvoice, ...]:
    return tuple(surplus for found in documents.values() for surplus in settle(found).cancel)


def _is_late_creation(action: Action) -> bool:
    invoice = action.invoice
    return action.kind is ActionKind.CREATE and invoice.invoice_date != invoice.accounting_day


def _approval_reasons(actions: Sequence[Action], shop: ShopRow) -> Iterable[str]:
    creates = [action for action in actions if action.kind is ActionKind.CREATE]
    # Credits count too: a thousand corrected sales are not nothing because they come to nothing.
    total = sum(abs(action.invoice.total_sek_ore) for action in creates)
    late = sum(1 for a in actions if a.redate or _is_late_creation(a))
    over = shop.approve_documents_over
    if over is not None and len(creates) > over:
        yield f"{len(creates)} new invoices, more than {over}"
    if shop.approve_total_over_ore is not None and total > shop.approve_total_over_ore:
        limit = format_ore(shop.approve_total_over_ore)
        yield f"{format_ore(total)} in new invoices, more than {limit}"
    corrections = sum(1 for action in creates if action.invoice.corrects)
    if corrections and shop.correct_booked == "approve":
        yield f"{corrections} booked invoices to credit: their orders were edited or called off"
    before_start = sum(1 for action in creates if action.invoice.sale_before_start)
    if before_start and shop.refunds_before_start == "approve":
        yield f"{before_start} refunds of sales from before start_date, which we did not book"
    if late:
        yield f"{late} invoices of a closed period, dated the first open day"
