"""One sale or refund of the shop against its documents: where it stands, and why. Pure."""

from collections.abc import Mapping, Sequence

from fortnox.core.currency import BOOKS
from fortnox.core.documents import DocumentKind, Held, ListedInvoice
from fortnox.core.money import format_ore
from fortnox.core.reconciled import Evidence, Expected, OrderRow, State
from fortnox.core.references import DayReference, is_refund, order_of
from fortnox.core.surplus import ONE_TOO_MANY

_KRONA = 100
_HALF_KRONA = 50


def compare_order(
    one: Expected,
    documents: list[ListedInvoice],
    held: Mapping[str, Held],
    evidence: Evidence,
) -> OrderRow | None:
    """Where one sale or refund stands; None for a sale of nothing that has no document.

    Args:
        one: The sale or refund that is due in the window.
        documents: The living documents that carry its reference.
        held: What the run held, by reference.
        evidence: All that was read.
    """
    hold = held.get(one.reference)
    booked = [document for document in documents if document.is_in_ledger]
    in_voucher = evidence.in_vouchers.get(one.reference)
    if hold is not None and not booked and in_voucher is None:
        return _row(one, State.HELD, reason=hold.reason, remedy=hold.remedy)
    if not documents and in_voucher is not None:
        return _in_voucher(one, *in_voucher, hold)
    if not documents:
        return _missing(one, evidence)
    if len(documents) > 1:
        return _doubled(one, documents, evidence)
    document = documents[0]
    gross_ore = document_gross_ore(document, one, evidence)
    difference = gross_ore - one.total_ore
    if difference:
        reason = hold.reason if hold else _changed_reason(one, evidence)
        remedy = hold.remedy if hold else "Run the day again; it reports what was edited."
        return _row(
            one, State.DIFFERS, document, gross_ore, difference, reason=reason, remedy=remedy
        )
    if hold is not None:
        return _row(one, State.HELD, document, gross_ore, reason=hold.reason, remedy=hold.remedy)
    if document.booked or _is_paid_sale(one, document, evidence):
        return _row(one, State.BOOKED, document, gross_ore)
    return _unbooked(one, document, gross_ore, evidence)


def _is_paid_sale(one: Expected, document: ListedInvoice, evidence: Evidence) -> bool:
    """Under the cash method a paid invoice is booked, whatever Fortnox calls it."""
    invoice = evidence.invoices.get(one.reference)
    return invoice is not None and invoice.posted_when_paid and document.balance_ore == 0


def _in_voucher(one: Expected, voucher_ore: int, label: str, hold: Held | None) -> OrderRow:
    """A sale or refund without a document of its own, against what its voucher holds of it."""
    difference = voucher_ore - one.total_ore
    if hold is not None and difference:
        return _row(
            one,
            State.DIFFERS,
            None,
            voucher_ore,
            difference,
            reason=hold.reason,
            remedy=hold.remedy,
        )
    return _row(
        one,
        State.DIFFERS if difference else State.BOOKED,
        None,
        voucher_ore,
        difference,
        reason=f"in {label}",
        remedy="Run the day again; it says what is missing." if difference else "",
    )


def document_gross_ore(document: ListedInvoice, one: Expected, evidence: Evidence) -> int:
    """A document's amount without whole-krona rounding: from the ledger, else from the list.

    In its own currency: the ledger has only SEK, and only invoices; an order's number is another's.
    A list shows no rounding; a whole-krona Total within half a krona is taken as rounded.
    """
    if one.document == "invoice" and document.currency == BOOKS:
        from_ledger = evidence.gross_ore.get(document.document_number)
        if from_ledger is not None:
            return from_ledger
    total = document.total_ore
    if total % _KRONA == 0 and abs(total - one.total_ore) <= _HALF_KRONA:
        return one.total_ore
    return total


def _missing(one: Expected, evidence: Evidence) -> OrderRow | None:
    if one.total_ore == 0:
        return None
    planned = one.reference in evidence.planned or one.reference in evidence.invoices
    return _row(
        one,
        State.MISSING,
        None,
        None,
        -one.total_ore,
        reason=evidence.not_carried_out if planned else "came after this run's extract",
        remedy="Run the day again.",
    )


def _unbooked(
    one: Expected, document: ListedInvoice, gross_ore: int, evidence: Evidence
) -> OrderRow:
    invoice = evidence.invoices.get(one.reference)
    if one.document != "invoice":
        return _row(
            one,
            State.UNBOOKED,
            document,
            gross_ore,
            reason=f"stands as {one.document} {document.document_number}, which is never booked; "
            "proven on gross only",
        )
    if invoice is not None and invoice.posted_when_paid and document.sent:
        paid = format_ore(document.total_ore - document.balance_ore)
        return _row(
            one,
            State.UNBOOKED,
            document,
            gross_ore,
            reason=f"cash method: posted when it is paid, {paid} so far; proven on gross only",
        )
    if invoice is not None and not invoice.bookkeep:
        return _row(
            one,
            State.UNBOOKED,
            document,
            gross_ore,
            reason="left unbooked by document_types.csv; proven on gross only",
        )
    return _row(
        one,
        State.MISSING,
        document,
        None,
        -one.total_ore,
        reason=f"invoice {document.document_number} stands unbooked: apply did not finish",
        remedy="Run the day again.",
    )


def _doubled(one: Expected, documents: list[ListedInvoice], evidence: Evidence) -> OrderRow:
    numbers = ", ".join(sorted(d.document_number for d in documents))
    what = "refund" if is_refund(one.reference) else "order"
    gross_ore = sum(document_gross_ore(d, one, evidence) for d in documents)
    return _row(
        one,
        State.DIFFERS,
        documents[0],
        gross_ore,
        gross_ore - one.total_ore,
        reason=f"{one.document}s {numbers} all carry this {what}",
        remedy=ONE_TOO_MANY,
    )


def extra_document(
    reference: str, documents: Sequence[ListedInvoice], evidence: Evidence, kind: DocumentKind
) -> OrderRow | None:
    """A document that carries the window's day although the shop has no sale for it there."""
    order_id = order_of(evidence.shop.reference_key, reference)
    counted = [document for document in documents if _carries_day(document, evidence)]
    if order_id is None or not counted:
        return None
    total_ore = sum(document.total_ore for document in counted)
    numbers = ", ".join(document.document_number for document in counted)
    what = "refund" if is_refund(reference) else "sale"
    return OrderRow(
        reference=reference,
        order_id=order_id,
        order_number=order_id,
        state=State.DIFFERS,
        shop_ore=0,
        document=counted[0],
        document_ore=total_ore,
        difference_ore=total_ore,
        reason=f"{kind} {numbers} carries this day, but the shop has no such {what} on it: "
        "cancelled, deleted or dated anew",
        remedy=f"Credit or cancel the {kind} in Fortnox, or restore it in the shop.",
        currency=counted[0].currency,
    )


def _carries_day(document: ListedInvoice, evidence: Evidence) -> bool:
    reference = DayReference.parse(document.day_reference)
    day = evidence.window.day
    return reference is not None and day is not None and reference.day == day


def _changed_reason(one: Expected, evidence: Evidence) -> str:
    invoice = evidence.invoices.get(one.reference)
    if invoice is not None and invoice.total_ore != one.total_ore:
        return (
            f"the order was {format_ore(invoice.total_ore)} when it was extracted and is "
            f"{format_ore(one.total_ore)} now"
        )
    return "the document's amount differs from the shop's"


def _row(
    one: Expected,
    state: State,
    document: ListedInvoice | None = None,
    document_ore: int | None = None,
    difference_ore: int = 0,
    *,
    reason: str = "",
    remedy: str = "",
) -> OrderRow:
    return OrderRow(
        reference=one.reference,
        order_id=one.order_id,
        order_number=one.order_number,
        state=state,
        shop_ore=one.total_ore,
        document=document,
        document_ore=document_ore,
        difference_ore=difference_ore,
        reason=reason,
        remedy=remedy,
        currency=one.currency,
    )
