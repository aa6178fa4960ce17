"""The documents of a run that stand in Fortnox, and what others of the shop stand unbooked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from fortnox.api.finder import find_by_reference, merged, order_of_item
from fortnox.api.invoices import parse_listed
from fortnox.api.lanes import Ask
from fortnox.api.reader import Reader
from fortnox.api.unposted import read_offers, read_orders
from fortnox.core.actions import Unposted
from fortnox.core.documents import Invoice, ListedInvoice

#: What Fortnox has, by reference.
Documents = Mapping[str, tuple[ListedInvoice, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands of the wanted documents, and of the shop's unbooked ones.

    ``filter_proven``: whether an absent one may be taken as not there (rule 3).
    """

    documents: Documents
    filter_proven: bool
    orders: Unposted
    offers: Unposted

    def lacks(self, invoice: Invoice) -> bool:
        """Whether a document may be made, so that its customer must be found."""
        reference = invoice.sale_reference
        if invoice.document != "invoice":
            standing = self.orders if invoice.document == "order" else self.offers
            return reference not in standing.documents
        if invoice.source_order is not None:
            return reference not in self.documents and reference not in self.orders.documents
        return reference not in self.documents


def read_standing(
    client: Reader, ask: Ask, key: str, invoices: Sequence[Invoice], also: Iterable[str]
) -> Standing:
    """All of it, read side by side.

    Args:
        client: The company's client.
        ask: Begins a reading.
        key: ``reference_key`` of the shop.
        invoices: The wanted documents.
        also: Further references.
    """
    booking = [invoice for invoice in invoices if invoice.document == "invoice"]
    references = {reference for invoice in booking for reference in invoice.references} | {*also}
    found = ask(partial(find_by_reference, client, key, references))
    unbooked = ask(partial(unbooked_of_key, client, key))
    orders = ask(partial(read_orders, client, key, invoices))
    offers = ask(partial(read_offers, client, key, invoices))
    others = {document.reference for document in unbooked()} - references
    found_others = ask(partial(find_by_reference, client, key, others))
    return Standing(
        documents=merged((*found().documents, *found_others().documents, *unbooked())),
        filter_proven=found().filter_proven,
        orders=orders(),
        offers=offers(),
    )


def unbooked_of_key(client: Reader, key: str) -> tuple[ListedInvoice, ...]:
    """Unbooked documents of this shop, of any day: late-comers among them (rule 4).

    Nobody has sent a late-comer: those that are sent stand unbooked on purpose.
    """
    items = client.list("invoices", "Invoices", filter="unbooked")
    listed = (parse_listed(item) for item in items if order_of_item(key, item) is not None)
    return tuple(document for document in listed if not document.sent)
