"""How many requests a plan costs, and how a long day is cut into pieces. Pure."""

from collections.abc import Sequence
from itertools import groupby

from fortnox.core.actions import Action, ActionKind
from fortnox.core.currency import BOOKS
from fortnox.core.documents import ListedInvoice

#: Requests of an apply that are made once, whatever the number of documents: company guard,
#: references, unbooked list, customers, locked period, financial years, list after the creates.
FIXED_REQUESTS = 7


def forecast(
    actions: Sequence[Action], surplus: Sequence[ListedInvoice], *, filter_proven: bool
) -> int:
    """Requests that apply will make, by the floor in rules-of-the-books."""
    work = [action for action in actions if action.kind is not ActionKind.UNCHANGED]
    if not work and not surplus:
        return 0
    creates = [action for action in work if action.kind is ActionKind.CREATE]
    customers = {a.customer.number for a in creates if a.customer and a.customer.create}
    lookups = 0 if filter_proven or not creates else 2
    lists = 1 if any(action.invoice.payment for action in work) else 0
    lists += 1 if any(action.invoice.is_refund for action in creates) else 0
    lists += 1 if any(action.invoice.currency != BOOKS for action in work) else 0
    return (
        FIXED_REQUESTS
        + len(customers)
        + sum(_requests(action) for action in work)
        + 2 * len(surplus)
        + lookups
        + lists
    )


def _requests(action: Action) -> int:
    """Writes of one action, and the one read that a document known from a list needs."""
    invoice = action.invoice
    document = {
        ActionKind.CREATE: _creating(action) + invoice.needs_bookkeeping,
        ActionKind.BOOK: 1 + invoice.needs_bookkeeping + (action.redate and not action.rewrite),
        ActionKind.PAY: 0,
        ActionKind.SEND: 0,
        ActionKind.UNCHANGED: 0,
    }[action.kind]
    if action.kind is not ActionKind.UNCHANGED:
        document += invoice.send != "no"
    payment = invoice.payment
    if payment is None or action.kind in {ActionKind.UNCHANGED, ActionKind.SEND}:
        return document
    return document + (1 + payment.bookkeep) * (2 if payment.sets_off else 1)


def _creating(action: Action) -> int:
    """An order's invoice is ``createinvoice`` and a PUT, after the order itself (rule 22)."""
    if action.invoice.source_order is None:
        return 1
    return 2 + (not action.order_number or action.rewrite)


def chunks(actions: Sequence[Action], *, max_requests: int) -> list[tuple[Action, ...]]:
    """Cut a long day so that each piece needs about ``max_requests`` (scheduler rule 4).

    An order's sale and refunds stay together: a credit invoice follows its invoice.
    """
    pieces: list[tuple[Action, ...]] = []
    piece: list[Action] = []
    spent = 0
    work = [action for action in actions if action.kind is not ActionKind.UNCHANGED]
    work.sort(key=lambda action: action.invoice.order_id)
    for _, of_order in groupby(work, key=lambda action: action.invoice.order_id):
        together = list(of_order)
        piece += together
        spent += sum(1 + _requests(action) for action in together)
        if spent + FIXED_REQUESTS >= max_requests:
            pieces.append(tuple(piece))
            piece, spent = [], 0
    if piece:
        pieces.append(tuple(piece))
    return pieces
