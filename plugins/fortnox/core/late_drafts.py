"""Drafts of payments that a request left which Fortnox carried out long after it was given up.

A paid invoice takes no further payment, so that such a request is refused. The unpaid sale that a
partial refund was set off against stays open and takes it: a draft of the same money lies beside
the payment that is booked, for somebody to book once more.
"""

from dataclasses import replace

from fortnox.core.actions import Action, ActionKind, Snapshot
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.surplus import settle


def may_have_late_draft(invoice: Invoice, sale: ListedInvoice | None) -> bool:
    """Whether the payments of a credited sale must be looked at."""
    is_set_off = invoice.payment is not None and invoice.payment.sets_off
    return bool(is_set_off and sale and sale.booked and 0 != sale.balance_ore != sale.total_ore)


def with_late_draft(decision: Action | Held, snapshot: Snapshot) -> Action | Held:
    """A refund that is done, as one whose payments are to be settled where a draft is left."""
    if isinstance(decision, Held) or decision.kind is not ActionKind.UNCHANGED:
        return decision
    invoice = decision.invoice
    sale = settle(snapshot.documents.get(invoice.sale_reference, ())).survivor
    if invoice.payment is None or sale is None or not may_have_late_draft(invoice, sale):
        return decision
    paid_on = max(invoice.payment.paid_on, invoice.invoice_date)
    opposite = replace(invoice.payment, amount_ore=-invoice.payment.amount_ore, paid_on=paid_on)
    same = [one for one in snapshot.payments.get(sale.document_number, ()) if one.is_of(opposite)]
    if any(one.booked for one in same) and not all(one.booked for one in same):
        reason = f"{decision.reason}, a second draft of its payment is left"
        return replace(decision, kind=ActionKind.PAY, reason=reason)
    return decision
