"""Marking and e-mailing documents: last of all, one attempt, never retried (rule 26). Pure.

That a document was marked can be said again; that it was e-mailed can't. So a run e-mails only what
it has finished itself; a document that stands finished and unsent is marked, or left to a person.
"""

from collections.abc import Sequence
from dataclasses import replace

from fortnox.core.actions import Action, ActionKind
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.surplus import settle


def with_sending(decision: Action | Held, documents: Sequence[ListedInvoice]) -> Action | Held:
    """The decision about a document, and what is left to do when it is finished but not sent.

    Args:
        decision: What becomes of it otherwise.
        documents: All documents of its reference, in its register.
    """
    if not isinstance(decision, Action) or decision.kind is not ActionKind.UNCHANGED:
        return decision
    survivor = settle(documents).survivor
    if decision.invoice.send == "no" or survivor is None or survivor.sent:
        return decision
    if decision.invoice.send == "email":
        return not_sent(decision.invoice, survivor.document_number)
    return replace(decision, kind=ActionKind.SEND, reason=f"{decision.reason}, not marked as sent")


def not_sent(invoice: Invoice, number: str) -> Held:
    """Nobody knows whether the buyer got it; sending it again could be the second time."""
    return invoice.held(
        "not_sent",
        f"{invoice.document} {number} is not shown as sent in Fortnox, and it is not certain that "
        "the buyer did not get it",
        f"Ask the buyer, or see the shop's outbox; then e-mail {invoice.document} {number} in "
        "Fortnox, or mark it as sent there.",
    )
