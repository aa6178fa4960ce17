"""The three registers of documents: what they are called, how they are said and found."""

from collections.abc import Callable
from dataclasses import dataclass

from fortnox.api.invoices import (
    JsonObject,
    invoice_body,
    parse_invoice,
    parse_listed,
    rewritten_body,
)
from fortnox.api.orders import (
    offer_body,
    order_body,
    parse_listed_offer,
    parse_listed_order,
    parse_offer,
    parse_order,
    rewritten_offer,
    rewritten_order,
)
from fortnox.core.documents import DocumentKind, FortnoxInvoice, Invoice, ListedInvoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Where one kind of document stands.

    Attributes:
        document: The kind.
        path: Of the collection.
        envelope: Around one document.
        list_key: Around a list.
        filter_name: Of the list's filter by reference, a contains match.
        lists_reference: List items show the reference; if not, each one found is read by itself.
        body: Document and customer number -> what a POST says.
        rewritten: Document -> what a PUT says.
        parse: A full answer.
        parse_listed: A list item, or a full answer where items lack the reference.
    """

    document: DocumentKind
    path: str
    envelope: str
    list_key: str
    filter_name: str
    lists_reference: bool
    body: Callable[[Invoice, str], JsonObject]
    rewritten: Callable[[Invoice], JsonObject]
    parse: Callable[[JsonObject], FortnoxInvoice]
    parse_listed: Callable[[JsonObject], ListedInvoice]

    def one(self, number: str) -> str:
        """Path of a document."""
        return f"{self.path}/{number}"


INVOICES = Register(
    document="invoice",
    path="invoices",
    envelope="Invoice",
    list_key="Invoices",
    filter_name="externalinvoicereference1",
    lists_reference=True,
    body=invoice_body,
    rewritten=rewritten_body,
    parse=parse_invoice,
    parse_listed=parse_listed,
)
ORDERS = Register(
    document="order",
    path="orders",
    envelope="Order",
    list_key="Orders",
    filter_name="externalinvoicereference1",
    lists_reference=True,
    body=order_body,
    rewritten=rewritten_order,
    parse=parse_order,
    parse_listed=parse_listed_order,
)
OFFERS = Register(
    document="offer",
    path="offers",
    envelope="Offer",
    list_key="Offers",
    filter_name="yourreference",
    lists_reference=False,
    body=offer_body,
    rewritten=rewritten_offer,
    parse=parse_offer,
    parse_listed=parse_listed_offer,
)
