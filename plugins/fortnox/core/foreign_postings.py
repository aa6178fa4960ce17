"""Whether somebody else has booked a sale already (rules of the books 13). Pure.

A document without our references is no proof by its amount: shops sell many things at one price.
So a sale is held only where the order's number stands on it too; else a person is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.money import format_ore
from fortnox.core.references import DayReference

#: A document of the same sale is dated so near: of the order, of its payment or of its delivery.
NEAR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What others booked: by the reference of our sale their document's number, and what to say."""

    numbers: dict[str, str] = field(default_factory=dict)
    #: Sentences about documents that may be a sale of ours; no personal data.
    notes: tuple[str, ...] = ()


def candidates(invoice: Invoice, documents: Iterable[ListedInvoice]) -> tuple[ListedInvoice, ...]:
    """Living documents of others with the same total and currency, at most a week away."""
    return tuple(
        document
        for document in documents
        if document.total_ore == invoice.total_ore
        and document.currency == invoice.currency
        and abs(document.invoice_date - invoice.invoice_date) <= NEAR
        and not document.cancelled
        and not _is_ours(document)
    )


def names_order(invoice: Invoice, document: ListedInvoice, your_order_number: str = "") -> bool:
    """Whether a document carries the order's number or id, compared exactly.

    ``your_order_number`` is not in lists; empty as long as it was not looked up.
    """
    wanted = {invoice.order_number, invoice.order_id} - {""}
    said = (
        document.reference,
        document.day_reference,
        document.document_number,
        your_order_number,
    )
    return any(text.strip().removeprefix("#") in wanted for text in said)


def held_elsewhere(invoice: Invoice, document_number: str) -> Held:
    """The sale, as one that somebody else has booked."""
    return invoice.held(
        "booked_elsewhere",
        f"invoice {document_number}, which this package did not make, has this order's number, "
        f"its total of {format_ore(invoice.total_ore)} and a date near it",
        f"If it is this sale, stop the other integration or move start_date; if it is not, take "
        f"the number off invoice {document_number} and run the day again.",
    )


def note(invoice: Invoice, document: ListedInvoice) -> str:
    """What a person should compare."""
    return (
        f"Order {invoice.order_number}: invoice {document.document_number} of "
        f"{document.invoice_date}, which this package did not make, has the same total of "
        f"{format_ore(invoice.total_ore)} and no order number that says whose it is. If both are "
        "one sale, credit one of them."
    )


def _is_ours(document: ListedInvoice) -> bool:
    """Of any shop of this package: its second reference has our grammar."""
    return DayReference.parse(document.day_reference) is not None
