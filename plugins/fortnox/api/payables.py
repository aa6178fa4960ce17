"""Which payments the booked documents of a run still need."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from fortnox.api.payments import Payable
from fortnox.core.documents import FortnoxInvoice, Invoice, ListedInvoice, Payment
from fortnox.core.surplus import settle


class Payables:
    """The payments of one run, in the order of their documents.

    Args:
        documents: Invoices that Fortnox had before, by reference.
        stands: Those that this run has finished, by reference; read when it is needed.
    """

    def __init__(
        self,
        documents: Mapping[str, Sequence[ListedInvoice]],
        stands: Mapping[str, FortnoxInvoice],
    ) -> None:
        self._documents = documents
        self._stands = stands

    def of(self, owing: Iterable[tuple[Invoice, str, int]]) -> Iterator[Payable]:
        """Each booked document's payment, never dated before the document itself (2001089).

        Args:
            owing: Document, its number and its Total in öre.
        """
        for invoice, number, total_ore in owing:
            if invoice.payment is None or not invoice.bookkeep:
                continue
            paid_on = max(invoice.payment.paid_on, invoice.invoice_date)
            payment = replace(invoice.payment, paid_on=paid_on)
            if payment.sets_off:
                yield from self._set_off(invoice, payment)
            yield Payable(
                invoice=invoice,
                invoice_number=number,
                payment=payment,
                write_off_ore=total_ore - payment.amount_ore,
            )

    def _set_off(self, invoice: Invoice, payment: Payment) -> Iterator[Payable]:
        """The unpaid sale gets the opposite payment first: the credit's alone says it is done."""
        made = self._stands.get(invoice.sale_reference)
        sale = made or settle(self._documents.get(invoice.sale_reference, ())).survivor
        if sale is not None:
            opposite = replace(payment, amount_ore=-payment.amount_ore)
            yield Payable(invoice=invoice, invoice_number=sale.document_number, payment=opposite)
