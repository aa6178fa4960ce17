"""How many requests a plan costs, and how a long day is cut into pieces. Pure."""

from collections.abc import Collection, Sequence
from itertools import groupby
from math import ceil

from fortnox.core.actions import Action, ActionKind
from fortnox.core.currency import BOOKS
from fortnox.core.documents import Invoice, ListedInvoice
from fortnox.core.references import range_prefixes

#: Requests of an apply that are made once, whatever it has to do: company guard, unbooked list,
#: locked period, financial years.
FIXED_REQUESTS = 4
_PAGE = 500


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
    return (
        FIXED_REQUESTS
        + len(customers)
        + sum(_requests(action) for action in work)
        + 2 * len(surplus)
        + lookups
        + _lists(work, creates)
    )


def _lists(work: Sequence[Action], creates: Sequence[Action]) -> int:
    """Lists before the writes, and those that show what was written."""
    known = [action.invoice for action in work]
    refunds = [action.invoice for action in creates if action.invoice.is_refund]
    corrections = [action.invoice for action in creates if action.invoice.corrects]
    others = (action.invoice for action in creates)
    sales = [one for one in others if not one.is_refund and not one.corrects]
    invoices = [one for one in sales if one.document == "invoice" and not one.source_order]
    orders = [a.invoice for a in creates if a.invoice.document == "order" or _is_order_first(a)]
    offers = sum(one.document == "offer" for one in sales)
    return (
        _calls([one for one in known if one.document == "invoice"])
        + _calls([one for one in known if one.document == "order" or one.source_order])
        + sum(map(_calls, (invoices, orders, refunds, corrections)))
        # Whether the filter finds a part of a reference, in each register that showed nothing.
        + any(one.document == "invoice" for one in sales)
        + bool(orders)
        + bool(sales)  # customers
        # An offer's reference is in no list: looked up by itself before and after it is made.
        + sum(one.document == "offer" for one in known)
        + offers
        + any(action.kind is ActionKind.PAY for action in work)
        + ceil(sum(bool(one.payment) for one in known) / _PAGE)
        + any(one.currency != BOOKS for one in known)
    )


def _calls(invoices: Collection[Invoice]) -> int:
    """Lists that show all of these documents: ranges of order ids, 500 documents a page."""
    return max(len(range_prefixes(one.order_id for one in invoices)), ceil(len(invoices) / _PAGE))


def _is_order_first(action: Action) -> bool:
    """The order of an invoice is made or rewritten before it is invoiced."""
    return bool(action.invoice.source_order) and (not action.order_number or action.rewrite)


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
    return 2 + _is_order_first(action)


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
