"""Which payments the booked documents of a run still need."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from fortnox.api.payments import Payable
from fortnox.core.documents import FortnoxInvoice, Invoice, ListedInvoice, Payment
from fortnox.core.surplus import settle

#: Sale, day and amount of a set-off: all that tells one from another in Fortnox.
_SetOff = tuple[str, date, int]


class Payables:
    """The payments of one run, in the order of their documents.

    Args:
        documents: Invoices that Fortnox had before, by reference.
        stands: Those that this run has finished, by reference; read when it is needed.
        unchanged: Documents that need nothing more; what they are set off against stands already.
    """

    def __init__(
        self,
        documents: Mapping[str, Sequence[ListedInvoice]],
        stands: Mapping[str, FortnoxInvoice],
        unchanged: Iterable[Invoice] = (),
    ) -> None:
        self._documents = documents
        self._stands = stands
        self._done = Counter(_set_offs(unchanged))

    def of(self, owing: Sequence[tuple[Invoice, str, int]]) -> Iterator[Payable]:
        """Each booked document's payment, never dated before the document itself (2001089).

        Args:
            owing: Document, its number and its Total in öre.
        """
        begun = Counter(self._done)
        equal = begun + Counter(_set_offs(invoice for invoice, _, _ in owing))
        for invoice, number, total_ore in owing:
            payment = _payment(invoice)
            if payment is None:
                continue
            for one in _set_offs([invoice]):
                begun[one] += 1
                yield from self._set_off(invoice, payment, begun[one], equal[one])
            yield Payable(
                invoice=invoice,
                invoice_number=number,
                payment=payment,
                write_off_ore=total_ore - payment.amount_ore,
            )

    def _set_off(
        self, invoice: Invoice, payment: Payment, nth: int, equal: int
    ) -> Iterator[Payable]:
        """The unpaid sale gets the opposite payment first: the credit's alone says it is done."""
        made = self._stands.get(invoice.sale_reference)
        sale = made or settle(self._documents.get(invoice.sale_reference, ())).survivor
        if sale is not None:
            yield Payable(
                invoice=invoice,
                invoice_number=sale.document_number,
                payment=replace(payment, amount_ore=-payment.amount_ore),
                nth=nth,
                equal=equal,
            )


def _payment(invoice: Invoice) -> Payment | None:
    if invoice.payment is None or not invoice.bookkeep:
        return None
    return replace(invoice.payment, paid_on=max(invoice.payment.paid_on, invoice.invoice_date))


def _set_offs(invoices: Iterable[Invoice]) -> Iterator[_SetOff]:
    for invoice in invoices:
        payment = _payment(invoice)
        if payment is not None and payment.sets_off:
            yield invoice.sale_reference, payment.paid_on, payment.amount_ore
