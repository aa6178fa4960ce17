"""The orders and offers of a run's references, read only when the run has some.

A list does not say whether an order is invoiced, and thereby locked. That decides only between two
orders of one sale, and about one that was edited since; those few are read by themselves.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from fortnox.api.finder import find_by_reference, merged
from fortnox.api.reader import Reader
from fortnox.api.registers import OFFERS, ORDERS
from fortnox.core.actions import Unposted
from fortnox.core.documents import Invoice, ListedInvoice


def read_orders(client: Reader, key: str, wanted: Iterable[Invoice]) -> Unposted:
    """The orders of wanted ones, and of the invoices that are made from orders."""
    day_references = {
        invoice.reference: source.day_reference if source else invoice.day_reference
        for invoice in wanted
        if (source := invoice.source_order) or invoice.document == "order"
    }
    if not day_references:
        return Unposted()
    found = find_by_reference(client, key, day_references, ORDERS)
    by_reference = found.by_reference
    locked = client.lanes.gather(
        partial(_with_locks, client, day_references), by_reference.values()
    )
    documents = dict(zip(by_reference, locked, strict=True))
    return Unposted(documents=documents, filter_proven=found.filter_proven)


def _with_locks(
    client: Reader, day_references: Mapping[str, str], documents: tuple[ListedInvoice, ...]
) -> tuple[ListedInvoice, ...]:
    """Which of them are invoiced, where that decides something."""
    live = [document for document in documents if not document.cancelled]
    wanted = day_references.get(documents[0].reference, documents[0].day_reference)
    if len(live) <= 1 and all(document.day_reference == wanted for document in live):
        return documents
    return tuple(
        document
        if document.cancelled
        else ORDERS.parse_listed(client.get(ORDERS.one(document.document_number), ORDERS.envelope))
        for document in documents
    )


def read_offers(client: Reader, key: str, wanted: Iterable[Invoice]) -> Unposted:
    """Wanted offers, each looked up exactly: their lists show no reference (rule 10)."""
    references = {invoice.reference for invoice in wanted if invoice.document == "offer"}
    found = find_by_reference(client, key, references, OFFERS)
    return Unposted(documents=merged(found.documents))
