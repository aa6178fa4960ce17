"""Level one of the proof: each sale and refund of the shop against its document. Pure.

An independent reading: the shop's heads and Fortnox's lists as they are now, not what an earlier
step believes. Held orders are part of the sum, never of the difference: shop = documents + held.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from fortnox.core.compare_order import compare_order, extra_document
from fortnox.core.dates import (
    Due,
    SaleDate,
    belongs,
    ledger_sale,
    refund_day,
    sale_date,
    waits_for_daily,
    window_sale,
)
from fortnox.core.documents import DocumentKind, Held, ListedInvoice
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.orders import OrderHead, Refund
from fortnox.core.reconciled import Evidence, Expected, OrderRow, OrdersLevel
from fortnox.core.references import is_credit, refund_reference, sale_reference
from fortnox.core.window import Window, local_day


def reconcile_orders(evidence: Evidence) -> OrdersLevel:
    """Compare every sale and refund with its documents, and every document with one of them."""
    due, sales = _due(evidence)
    key = evidence.shop.reference_key
    held = {_reference_of(item, key): item for item in evidence.held}
    expected = [*(_sale(head, sale, key) for head, sale in due), *_refunds(evidence)]
    documents = live_documents(expected, evidence)
    rows = [
        compare_order(one, documents[one.document].pop(one.reference, []), held, evidence)
        for one in expected
    ]
    rows.extend(
        extra_document(reference, found, evidence, kind)
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
        is_ours = is_ours and _is_of_day(refund, head, evidence)
        if is_ours and local_day(refund.created_utc, shop.zone) >= shop.start_date:
            yield Expected(
                reference=refund_reference(shop.reference_key, refund.order_id, refund.refund_id),
                order_id=refund.order_id,
                order_number=head.number if head else refund.order_id,
                total_ore=-refund.amount_ore,
                currency=head.currency if head else "",
            )


def _is_of_day(refund: Refund, head: OrderHead | None, evidence: Evidence) -> bool:
    """Made on the window's day, or before it on a sale that is the day's."""
    if head is None or evidence.window.day is None:
        return True
    sale = ledger_sale(head, evidence.shop, evidence.mappings)
    return refund_day(refund.created_utc, sale, evidence.shop) == evidence.window.day


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
        if (document.total_ore < 0) == is_credit(document.reference)
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
