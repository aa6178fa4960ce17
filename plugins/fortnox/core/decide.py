"""What becomes of one wanted document, by what Fortnox has of its reference. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from fortnox.core.actions import Action, ActionKind, Snapshot
from fortnox.core.customer_match import choose_customer
from fortnox.core.documents import Held, Invoice, ListedInvoice, ListedPayment
from fortnox.core.foreign_postings import held_elsewhere
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.open_dates import closed_through, open_date
from fortnox.core.references import DayReference
from fortnox.core.surplus import ONE_TOO_MANY, settle

Payments = Mapping[str, tuple[ListedPayment, ...]]


def decide_sale(
    invoice: Invoice, documents: Sequence[ListedInvoice], snapshot: Snapshot, shop: ShopRow
) -> Action | Held:
    """What becomes of a sale, or of a credit invoice that stands in Fortnox already."""
    if documents:
        decision = decide_existing(invoice, documents, snapshot.payments)
        if isinstance(decision, Action) and decision.kind is ActionKind.BOOK:
            return _with_open_date(decision, documents, snapshot, shop)
        return decision
    theirs = snapshot.elsewhere.numbers.get(invoice.reference)
    if theirs:
        return held_elsewhere(invoice, theirs)
    dated = open_date(invoice, snapshot, shop)
    if isinstance(dated, Held):
        return dated
    customer = choose_customer(invoice.customer, snapshot.customers)
    if isinstance(customer, str):
        return uncertain_customer(invoice, customer)
    reason = "the order as it is now" if invoice.replaces else "not in Fortnox"
    return Action(kind=ActionKind.CREATE, invoice=dated, reason=reason, customer=customer)


def decide_existing(
    invoice: Invoice, documents: Sequence[ListedInvoice], payments: Payments | None = None
) -> Action | Held:
    """What becomes of an invoice whose exact reference these documents carry already.

    Args:
        invoice: The wanted one.
        documents: All of its reference, cancelled ones too; at least one.
        payments: What is known of the documents' payments.
    """
    settlement = settle(documents)
    survivor = settlement.survivor
    if survivor is None:
        return cancelled(invoice, (document.document_number for document in documents))
    if settlement.double_booked:
        return double_booked(invoice, (survivor, *settlement.double_booked))
    number = survivor.document_number
    is_final = survivor.booked or (invoice.posted_when_paid and survivor.sent)
    if survivor.day_reference != invoice.day_reference:
        return _changed(invoice, survivor) if is_final else _rewrite(invoice, number)
    if is_final:
        kind, reason = _of_booked(invoice, survivor, (payments or {}).get(number, ()))
    elif not invoice.bookkeep:
        kind = ActionKind.UNCHANGED
        reason = f"stands as invoice {number}, left unbooked by document_types.csv"
    else:
        kind, reason = ActionKind.BOOK, f"invoice {number} stands unbooked"
    return Action(kind=kind, invoice=invoice, reason=reason, document_number=number)


def _of_booked(
    invoice: Invoice, document: ListedInvoice, payments: Sequence[ListedPayment]
) -> tuple[ActionKind, str]:
    """A booked invoice is done once its payment stands too (rules of the books 8).

    Under the cash method one that is sent: it has no voucher of its own.
    """
    wanted = invoice.payment
    done = "sent" if invoice.posted_when_paid else "booked"
    stands = f"{done} as invoice {document.document_number}"
    if wanted is None or not document.total_ore:
        return ActionKind.UNCHANGED, stands
    if document.balance_ore != document.total_ore:
        return ActionKind.UNCHANGED, f"{stands}, paid"
    if not wanted.bookkeep and any(payment.is_of(wanted) for payment in payments):
        return ActionKind.UNCHANGED, f"{stands}, its payment stands as a draft"
    return ActionKind.PAY, f"{stands}, the payment is missing"


def _with_open_date(
    action: Action, documents: Iterable[ListedInvoice], snapshot: Snapshot, shop: ShopRow
) -> Action | Held:
    """A draft is booked on an open day; one whose day closed since is dated anew (rule 17)."""
    dated = open_date(action.invoice, snapshot, shop)
    if isinstance(dated, Held):
        return replace(dated, reason=f"{action.reason}; {dated.reason}")
    draft = next(d for d in documents if d.document_number == action.document_number)
    closed = closed_through(snapshot, shop)
    is_closed = closed is not None and draft.invoice_date <= closed
    return replace(action, invoice=dated, redate=is_closed and not action.rewrite)


def uncertain_customer(invoice: Invoice, why: str) -> Held:
    """No customer card, or several, for the buyer."""
    return invoice.held(
        "customer_not_certain",
        why,
        "Merge or correct the customer cards in Fortnox, or change customer_policy.csv.",
    )


def cancelled(invoice: Invoice, numbers: Iterable[str]) -> Held:
    """All documents of the reference are cancelled: never recreated (rules of the books 5)."""
    return invoice.held(
        "cancelled_in_fortnox",
        f"{invoice.document} {', '.join(numbers)} of this order was cancelled in Fortnox",
        "If the sale was called off, refund or cancel the order in the shop. If it was cancelled "
        "by mistake, make it anew by hand in Fortnox, with ExternalInvoiceReference1 = "
        f"{invoice.reference} and ExternalInvoiceReference2 = {invoice.day_reference}, which only "
        "its API can set. Then run the day again.",
    )


def _rewrite(invoice: Invoice, number: str) -> Action:
    """Nothing is booked yet: the draft simply becomes what the order is now."""
    return Action(
        kind=ActionKind.BOOK,
        invoice=invoice,
        reason=f"invoice {number} stands unbooked, and the order was edited since",
        document_number=number,
        rewrite=True,
    )


def _changed(invoice: Invoice, survivor: ListedInvoice) -> Held:
    """A booked invoice is never altered (BFL 5 kap. 5 §), nor one that the buyer has.

    The correction is proposed.
    """
    number, total_ore = survivor.document_number, survivor.total_ore
    before = DayReference.parse(survivor.day_reference)
    moved = before is not None and before.day != invoice.accounting_day
    done = "booked" if survivor.booked else "sent"
    what = f"moved from {before.day}" if moved and before else "edited"
    return invoice.held(
        "changed_after_export",
        f"the order was {what} after it became {done} invoice {number} of "
        f"{format_ore(total_ore)}; it is {format_ore(invoice.total_ore)} now",
        "Undo the edit in the shop; or set correct_booked to credit_and_rebook in shops.csv: the "
        f"next run credits invoice {number} ({format_ore(-total_ore)}) and makes one of "
        f"{format_ore(invoice.total_ore)}. Then run the day again.",
    )


def double_booked(invoice: Invoice, documents: Iterable[ListedInvoice]) -> Held:
    """More than one is booked, or, of orders, invoiced: only a person can reverse those."""
    numbers = ", ".join(document.document_number for document in documents)
    return invoice.held(
        "booked_twice",
        f"{invoice.document}s {numbers} all carry this order and are "
        + ("booked" if invoice.document == "invoice" else "invoiced"),
        ONE_TOO_MANY,
    )
