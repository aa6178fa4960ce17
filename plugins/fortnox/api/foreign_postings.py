"""Looks for what others booked of the sales that are about to be made (rules of the books 13).

Costs one list for the days around, only when there is something to create, and one look-up for
each document that has a sale's total and date: the order's number is not in lists.
"""

from collections.abc import Sequence

from fortnox.api.invoices import parse_listed
from fortnox.api.reader import Reader
from fortnox.api.shapes import entry_fits
from fortnox.core.documents import Invoice, ListedInvoice
from fortnox.core.foreign_postings import NEAR, Elsewhere, candidates, names_order, note

#: A company whose tills sell at one price has more look-alikes than are worth a request each.
_LOOK_UPS = 200


def find_elsewhere(client: Reader, sales: Sequence[Invoice]) -> Elsewhere:
    """What others booked of these sales, none of which is in Fortnox by its reference."""
    if not sales:
        return Elsewhere()
    days = [invoice.invoice_date for invoice in sales]
    listed = [
        parse_listed(item)
        for item in client.list(
            "invoices",
            "Invoices",
            fromdate=(min(days) - NEAR).isoformat(),
            todate=(max(days) + NEAR).isoformat(),
        )
        if entry_fits("Invoices", item)
    ]
    order_numbers = _OrderNumbers(client)
    numbers: dict[str, str] = {}
    notes: list[str] = []
    for invoice in sales:
        near = candidates(invoice, listed)
        found = next((one for one in near if names_order(invoice, one)), None) or next(
            (one for one in near if names_order(invoice, one, order_numbers.of(one))), None
        )
        if found is not None:
            numbers[invoice.reference] = found.document_number
        else:
            notes.extend(note(invoice, one) for one in near if not order_numbers.of(one).strip())
    return Elsewhere(numbers=numbers, notes=tuple(notes))


class _OrderNumbers:
    """``YourOrderNumber`` by document, each asked for once and only so many."""

    def __init__(self, client: Reader) -> None:
        self._client = client
        self._known: dict[str, str] = {}

    def of(self, document: ListedInvoice) -> str:
        """The number that somebody wrote on the document; empty when there is none."""
        number = document.document_number
        if number not in self._known and len(self._known) < _LOOK_UPS:
            answer = self._client.get(f"invoices/{number}", "Invoice")
            self._known[number] = str(answer.get("YourOrderNumber") or "")
        return self._known.get(number, "")
