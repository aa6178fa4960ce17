"""Level one of the proof: each sale and refund of the shop against its document. Pure.

An independent reading: the shop's heads and Fortnox's lists as they are now, not what an earlier
step believes. Held orders are part of the sum, never of the difference: shop = documents + held.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from fortnox.core.currency import BOOKS
from fortnox.core.dates import Due, SaleDate, belongs, sale_date, waits_for_daily, window_sale
from fortnox.core.documents import DocumentKind, Held, Invoice, ListedInvoice
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.money import format_ore
from fortnox.core.orders import OrderHead, Refund
from fortnox.core.references import (
    DayReference,
    is_refund,
    order_of,
    refund_reference,
    sale_reference,
)
from fortnox.core.window import Window, local_day

_KRONA = 100
_HALF_KRONA = 50


class State(StrEnum):
    """Where one order stands."""

    BOOKED = "booked"
    UNBOOKED = "unbooked"
    HELD = "held"
    MISSING = "missing"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A sale or a refund of the shop in the window; a refund's amount is negative."""

    reference: str
    order_id: str
    order_number: str
    total_ore: int
    currency: str
    #: What it stands as in Fortnox.
    document: DocumentKind = "invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """A sale or refund and its document; ``difference_ore`` is document minus shop, 0 if held.

    Amounts are in the order's currency; ``booked_sek_ore`` is what the ledger holds of it, None
    when it was not read.
    """

    reference: str
    order_id: str
    order_number: str
    state: State
    shop_ore: int
    document: ListedInvoice | None
    #: Without Fortnox's whole-krona rounding; None when no document counts.
    document_ore: int | None
    difference_ore: int
    reason: str = ""
    remedy: str = ""
    currency: str = BOOKS
    market: str = ""
    booked_sek_ore: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersLevel:
    """All orders due in a window, documents without an order, and how many were not due."""

    rows: tuple[OrderRow, ...]
    not_due: int
    #: Orders that would be due in the window, were it not before the shop's start date.
    before_start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What reconcile has read. ``gross_ore`` per document number comes from the ledger.

    ``refunds`` are those made in the window, each with its order's head (None: the order is gone);
    ``invoices`` the run's wanted documents by reference.
    """

    shop: ShopRow
    mappings: Mappings
    window: Window
    heads: Sequence[OrderHead]
    refunds: Sequence[tuple[Refund, OrderHead | None]] = ()
    documents: Sequence[ListedInvoice]
    #: Orders and offers of the window's references and, of orders, of its day.
    orders: Sequence[ListedInvoice] = ()
    offers: Sequence[ListedInvoice] = ()
    held: Sequence[Held]
    invoices: Mapping[str, Invoice]
    gross_ore: Mapping[str, int]
    #: Why a planned document may be missing, when the run knows it (not approved, apply failed).
    not_carried_out: str = "planned, but not carried out"
    #: What stands in a day voucher: reference -> (amount in öre, the vouchers' names).
    in_vouchers: Mapping[str, tuple[int, str]] = field(default_factory=dict)


def reconcile_orders(evidence: Evidence) -> OrdersLevel:
    """Compare every sale and refund with its documents, and every document with one of them."""
    due, sales = _due(evidence)
    key = evidence.shop.reference_key
    held = {_reference_of(item, key): item for item in evidence.held}
    expected = [*(_sale(head, sale, key) for head, sale in due), *_refunds(evidence)]
    documents = live_documents(expected, evidence)
    rows = [
        _compare(one, documents[one.document].pop(one.reference, []), held, evidence)
        for one in expected
    ]
    rows.extend(
        _extra(reference, found, evidence, kind)
        for kind, left in documents.items()
        for reference, found in left.items()
    )
    return OrdersLevel(
        rows=tuple(_with_market(row, evidence) for row in rows if row is not None),
        not_due=sum(sale.due is Due.NOT_DUE for sale in sales),
        before_start=sum(
            sale.due is Due.BEFORE_START and sale.day == evidence.window.day for sale in sales
        ),
    )


def _sale(head: OrderHead, sale: SaleDate, key: str) -> Expected:
    return Expected(
        reference=sale_reference(key, head.order_id),
        order_id=head.order_id,
        order_number=head.number,
        total_ore=head.total_ore,
        currency=head.currency,
        document=sale.document,
    )


def _refunds(evidence: Evidence) -> Iterator[Expected]:
    """Refunds that must be in the books: not those of sales that are booked elsewhere."""
    shop = evidence.shop
    for refund, head in evidence.refunds:
        sale = sale_date(head, shop, evidence.mappings) if head else None
        is_ours = sale is None or not (
            sale.due is Due.NONE or waits_for_daily(sale, evidence.window)
        )
        if is_ours and local_day(refund.created_utc, shop.zone) >= shop.start_date:
            yield Expected(
                reference=refund_reference(shop.reference_key, refund.order_id, refund.refund_id),
                order_id=refund.order_id,
                order_number=head.number if head else refund.order_id,
                total_ore=-refund.amount_ore,
                currency=head.currency if head else "",
            )


def _reference_of(item: Held, key: str) -> str:
    if item.refund_id:
        return refund_reference(key, item.order_id, item.refund_id)
    return sale_reference(key, item.order_id)


def without_foreign_credits(documents: Iterable[ListedInvoice]) -> list[ListedInvoice]:
    """Without credits made by hand: Fortnox's own credit copies the references of what it credits.

    Such a document is no second sale, nor a second refund.
    """
    return [
        document
        for document in documents
        if (document.total_ore < 0) == is_refund(document.reference)
    ]


def due_order_ids(
    heads: Iterable[OrderHead], shop: ShopRow, mappings: Mappings, window: Window
) -> list[str]:
    """Ids of the orders with a sale in the window, whatever holds them."""
    return list(due_documents(heads, shop, mappings, window))


def due_documents(
    heads: Iterable[OrderHead], shop: ShopRow, mappings: Mappings, window: Window
) -> dict[str, DocumentKind]:
    """The same ids, and what each sale stands as in Fortnox."""
    sales = ((head, window_sale(head, shop, mappings, window)) for head in heads)
    return {head.order_id: sale.document for head, sale in sales if belongs(sale, window)}


def _due(evidence: Evidence) -> tuple[list[tuple[OrderHead, SaleDate]], list[SaleDate]]:
    shop, mappings, window = evidence.shop, evidence.mappings, evidence.window
    sales = [window_sale(head, shop, mappings, window) for head in evidence.heads]
    due = [
        (head, sale)
        for head, sale in zip(evidence.heads, sales, strict=True)
        if belongs(sale, window)
    ]
    return due, sales


def live_documents(
    expected: Iterable[Expected], evidence: Evidence
) -> dict[DocumentKind, dict[str, list[ListedInvoice]]]:
    """What counts in the window, by kind and reference.

    An order's invoice may still carry the order's day, until it gets the delivery's; an order
    stays where it is when it was delivered on its own day. Neither is too much in the books.
    """
    kinds = {one.reference: one.document for one in expected}
    found = {
        "invoice": evidence.documents,
        "order": evidence.orders,
        "offer": evidence.offers,
    }
    live: dict[DocumentKind, dict[str, list[ListedInvoice]]] = {}
    for kind in ("invoice", "order", "offer"):
        of_kind = _live_by_reference(found[kind])
        live[kind] = {
            reference: documents
            for reference, documents in of_kind.items()
            if kinds.get(reference, kind) == kind
        }
    return live


def _live_by_reference(documents: Iterable[ListedInvoice]) -> dict[str, list[ListedInvoice]]:
    live: dict[str, dict[str, ListedInvoice]] = {}
    for document in documents:
        if not document.cancelled:
            live.setdefault(document.reference, {})[document.document_number] = document
    return {reference: list(found.values()) for reference, found in live.items()}


def _with_market(row: OrderRow, evidence: Evidence) -> OrderRow:
    """The market as the transform explained it, and what stands in the books in SEK."""
    invoice = evidence.invoices.get(row.reference)
    # Orders and offers count by themselves: their numbers are invoices' numbers too.
    is_posted = row.document is not None and (invoice is None or invoice.document == "invoice")
    number = row.document.document_number if row.document and is_posted else ""
    return replace(
        row,
        market=invoice.market if invoice else "",
        booked_sek_ore=evidence.gross_ore.get(number),
    )


def _compare(
    one: Expected,
    documents: list[ListedInvoice],
    held: Mapping[str, Held],
    evidence: Evidence,
) -> OrderRow | None:
    hold = held.get(one.reference)
    booked = [document for document in documents if document.booked]
    if hold is not None and not booked:
        return _row(one, State.HELD, reason=hold.reason, remedy=hold.remedy)
    if not documents and one.reference in evidence.in_vouchers:
        return _in_voucher(one, *evidence.in_vouchers[one.reference])
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
    if document.booked:
        return _row(one, State.BOOKED, document, gross_ore)
    return _unbooked(one, document, gross_ore, evidence)


def _in_voucher(one: Expected, voucher_ore: int, label: str) -> OrderRow:
    """A sale or refund without a document of its own, against its share of the day voucher."""
    difference = voucher_ore - one.total_ore
    return _row(
        one,
        State.DIFFERS if difference else State.BOOKED,
        None,
        voucher_ore,
        difference,
        reason=f"in day voucher {label}",
        remedy="Run the day again; it proposes a supplement." if difference else "",
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
    planned = one.reference in evidence.invoices
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
        remedy="Credit or cancel all but one of them in Fortnox.",
    )


def _extra(
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
