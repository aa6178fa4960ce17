"""Orders edited or called off after booking: credit the whole version, book the next one. Pure.

A booked invoice is never altered (BFL 5 kap. 5 §): it is credited whole under ``:c<n>`` and, unless
the order was called off, the order as it is now is booked under ``:v<n+1>`` (rules of the books 1).
Both are decided from what stands in Fortnox, so a run that died in between is gone on with.

Dates: the credit carries the accounting day of the version that it takes back, the new version the
day that the order has now. So each day is net what the shop says of it; a day whose period is
closed meanwhile is dated by ``late_policy`` like any late document (rule 17).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fortnox.core.actions import Action, ActionKind, Snapshot
from fortnox.core.credit_of_version import (
    Credited,
    called_off_problem,
    credit_of,
    credit_problem,
    partly_credited,
)
from fortnox.core.customer_match import CustomerChoice
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.mapping import ShopRow
from fortnox.core.open_dates import open_date
from fortnox.core.orders import OrderHead
from fortnox.core.references import (
    correction_reference,
    refund_prefix,
    sale_of,
    sale_reference,
    version_reference,
)
from fortnox.core.surplus import settle

Documents = Mapping[str, Sequence[ListedInvoice]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The newest version of a sale that Fortnox has, and what was done about the one before.

    ``document`` is None when nothing living carries its reference. ``credits`` are the credit
    invoice of this version and that of the one before, with the document that each takes back.
    """

    number: int
    reference: str
    document: ListedInvoice | None
    is_doubled: bool
    credit: ListedInvoice | None
    before: tuple[ListedInvoice, ListedInvoice] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Wanted documents with corrections among them, and the corrections nobody may carry out."""

    invoices: tuple[Invoice, ...]
    held: tuple[Held, ...]


def newest_version(sale: str, documents: Documents) -> Version:
    """Where the chain of a sale's versions has come to.

    Args:
        sale: The sale's first reference.
        documents: All that Fortnox has of it, by reference.
    """
    number = 1
    while version_reference(sale, number + 1) in documents:
        number += 1
    reference = version_reference(sale, number)
    settlement = settle(documents.get(reference, ()))
    before = None
    if number > 1:
        credit = _credit(sale, number - 1, documents)
        taken_back = settle(documents.get(version_reference(sale, number - 1), ())).survivor
        before = (credit, taken_back) if credit and taken_back else None
    return Version(
        number=number,
        reference=reference,
        document=settlement.survivor,
        is_doubled=bool(settlement.double_booked),
        credit=_credit(sale, number, documents),
        before=before,
    )


def _credit(sale: str, number: int, documents: Documents) -> ListedInvoice | None:
    return settle(documents.get(correction_reference(sale, number), ())).survivor


def to_credit(
    wanted: Iterable[Invoice], called_off: Iterable[OrderHead], documents: Documents, shop: ShopRow
) -> list[ListedInvoice]:
    """The booked invoices that must be read whole before :func:`corrected` can decide."""
    found: list[ListedInvoice] = []
    for invoice in wanted:
        if _is_first_version(invoice):
            version = newest_version(invoice.reference, documents)
            wants_credit = _is_edited(version, invoice, documents, shop)
            found += _to_read(version, shop, wants_credit=wants_credit)
    for head in called_off:
        version = newest_version(sale_reference(shop.reference_key, head.order_id), documents)
        found += _to_read(version, shop, wants_credit=_is_booked(version))
    return found


def _to_read(version: Version, shop: ShopRow, *, wants_credit: bool) -> Iterator[ListedInvoice]:
    if version.before and not _is_done(*version.before, shop):
        yield version.before[1]
    document, credit = version.document, version.credit
    if document and (not _is_done(credit, document, shop) if credit else wants_credit):
        yield document


def _is_done(credit: ListedInvoice, document: ListedInvoice, shop: ShopRow) -> bool:
    """Booked, and its money moved too, where there is any to move."""
    has_money = shop.set_off_account is not None or document.balance_ore != document.total_ore
    is_open = bool(credit.total_ore) and credit.balance_ore == credit.total_ore
    return credit.booked and not (has_money and is_open)


def corrected(
    wanted: Iterable[Invoice],
    called_off: Iterable[OrderHead],
    snapshot: Snapshot,
    shop: ShopRow,
) -> Corrected:
    """Each wanted sale as the version that it is, after the credit invoice that must precede it.

    Args:
        wanted: Documents of the transform.
        called_off: Orders that no longer are sales and may stand booked.
        snapshot: With the documents of :func:`to_credit` read whole.
        shop: Row of shops.csv.
    """
    invoices: list[Invoice] = []
    held: list[Held] = []
    versions: dict[str, str] = {}
    for invoice in wanted:
        if not _is_first_version(invoice):
            invoices.append(invoice)
            continue
        outcome = _of_sale(invoice, snapshot, shop)
        versions[invoice.reference] = invoice.reference
        if isinstance(outcome, Held):
            held.append(outcome)
        else:
            invoices += outcome
            versions[invoice.reference] = outcome[-1].reference
    for head in called_off:
        of_order = _of_called_off(head, snapshot, shop)
        held += [of_order] if isinstance(of_order, Held) else []
        invoices += [of_order] if isinstance(of_order, Invoice) else []
    return Corrected(
        invoices=tuple(_of_version(one, versions, snapshot.documents) for one in invoices),
        held=tuple(held),
    )


def _of_version(invoice: Invoice, versions: Mapping[str, str], documents: Documents) -> Invoice:
    """A refund credits the version that stands, whichever that is."""
    if not invoice.is_refund:
        return invoice
    sale = invoice.sale_reference
    return replace(
        invoice, sale_reference=versions.get(sale) or newest_version(sale, documents).reference
    )


def _is_first_version(invoice: Invoice) -> bool:
    return (
        invoice.document == "invoice"
        and not invoice.is_refund
        and invoice.source_order is None
        and invoice.reference == sale_of(invoice.reference)
    )


def _is_booked(version: Version) -> bool:
    return version.document is not None and version.document.booked and not version.is_doubled


def _is_edited(version: Version, invoice: Invoice, documents: Documents, shop: ShopRow) -> bool:
    """Booked as something else than the order is now, and the shop wants it put right.

    Where a part was credited already, by a refund or by hand, only a person can tell what is left.
    """
    return (
        shop.correct_booked != "report"
        and _is_booked(version)
        and version.document is not None
        and version.document.day_reference != invoice.day_reference
        and not _is_partly_credited(version, invoice.reference, documents)
    )


def _is_partly_credited(version: Version, sale: str, documents: Documents) -> bool:
    return any(
        document.total_ore < 0 and not document.cancelled
        for reference, found in documents.items()
        if reference == version.reference or reference.startswith(refund_prefix(sale))
        for document in found
    )


def _of_sale(invoice: Invoice, snapshot: Snapshot, shop: ShopRow) -> list[Invoice] | Held:
    documents = snapshot.documents
    version = newest_version(invoice.reference, documents)
    edited = _is_edited(version, invoice, documents, shop)
    if version.document is None or not (version.credit or edited):
        before = version.before[1] if version.before else None
        credit = _credit_invoice(before, invoice, snapshot, shop)
        current = _as_version(invoice, version.number, documents)
        return [credit, current] if isinstance(credit, Invoice) else [current]
    credit = _credit_invoice(version.document, invoice, snapshot, shop)
    if isinstance(credit, Held):
        return credit
    following = _as_version(invoice, version.number + 1, documents)
    if following.currency_rate is None and following.currency == version.document.currency:
        following = replace(following, currency_rate=version.document.currency_rate)
    return [credit, following] if credit else [following]


def _credit_invoice(
    document: ListedInvoice | None, invoice: Invoice, snapshot: Snapshot, shop: ShopRow
) -> Invoice | Held | None:
    """The credit invoice of a document; None when there is nothing left to do about it."""
    booked = snapshot.booked.get(document.document_number) if document else None
    if document is None or booked is None:
        return None
    of = Credited(
        order_id=invoice.order_id,
        order_number=invoice.order_number,
        document=document,
        booked=booked,
        send=invoice.send,
        moves_money=invoice.payment is not None,
    )
    problem = credit_problem(of)
    return (
        invoice.held(problem.code, problem.text, problem.remedy)
        if problem
        else (credit_of(of, shop))
    )


def _of_called_off(head: OrderHead, snapshot: Snapshot, shop: ShopRow) -> Invoice | Held | None:
    """An order that was called off unpaid: its invoice is credited, nothing takes its place."""
    sale = sale_reference(shop.reference_key, head.order_id)
    version = newest_version(sale, snapshot.documents)
    document = version.document
    booked = snapshot.booked.get(document.document_number) if document else None
    if document is None or booked is None:
        return None
    of = Credited(
        order_id=head.order_id, order_number=head.number, document=document, booked=booked
    )
    credit = credit_of(of, shop)
    problem = credit_problem(of) or called_off_problem(of, shop)
    if version.credit is None and _is_partly_credited(version, sale, snapshot.documents):
        problem = partly_credited(of)
    return credit.held(problem.code, problem.text, problem.remedy) if problem else credit


def _as_version(invoice: Invoice, number: int, documents: Documents) -> Invoice:
    if number == 1:
        return invoice
    sale = invoice.reference
    reference = version_reference(sale, number)
    before = settle(documents.get(version_reference(sale, number - 1), ())).survivor
    text = f"Ersätter faktura {before.document_number}. " if before else ""
    return replace(
        invoice,
        reference=reference,
        sale_reference=reference,
        replaces=correction_reference(sale, number - 1),
        remarks=f"{text}{invoice.remarks}".strip(),
    )


def decide_correction(invoice: Invoice, snapshot: Snapshot, shop: ShopRow) -> Action | Held:
    """What becomes of the credit invoice of a whole version that Fortnox does not have yet."""
    standing = settle(snapshot.documents.get(invoice.sale_reference, ())).survivor
    if standing is None or not standing.booked or standing.document_number != invoice.corrects:
        return invoice.held(
            "correction_unclear",
            f"invoice {invoice.corrects} no longer is what stands for this order",
            "Run the day again: it plans anew.",
        )
    dated = open_date(invoice, snapshot, shop)
    if isinstance(dated, Held):
        return dated
    return Action(
        kind=ActionKind.CREATE,
        invoice=dated,
        reason=f"takes back booked invoice {invoice.corrects}, whose order was edited or called "
        "off since",
        customer=CustomerChoice(number=standing.customer_number, create=False),
        credits_number=invoice.corrects,
    )
