"""An order becomes its invoice: ``createinvoice``, then one PUT (rules of the books 22).

``createinvoice`` takes no body and, as far as anybody knows, dates today; whether the references
come along is unknown too. An order is invoiced once only: 2000496 means that it is done already,
and the order itself names its invoice.
"""

import logging

from fortnox.api.booker import Draft, rewrite
from fortnox.api.client import FortnoxClient
from fortnox.api.orders import invoice_number_of
from fortnox.api.registers import INVOICES, ORDERS
from fortnox.api.shapes import is_number
from fortnox.core.decide import cancelled
from fortnox.core.decide_orders import is_made_by_hand, made_by_hand
from fortnox.core.documents import Held, Invoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError

log = logging.getLogger(__name__)


def invoice_order(client: FortnoxClient, invoice: Invoice, order_number: str) -> Draft | Held:
    """The order's invoice as a draft that says what was wanted; held when a person made it.

    Args:
        client: The company's client.
        invoice: What the invoice should be.
        order_number: The order.

    Raises:
        DocumentError: Fortnox refuses (the order is cancelled, a closed period, ...).
        UnknownOutcomeError: Twice no answer, and the order names no invoice.
    """
    number, is_new = _invoice_number(client, order_number)
    if not is_new:
        found = _found(client, invoice, number)
        if found is not None:
            return found
    return rewrite(client, invoice, number)


def _invoice_number(client: FortnoxClient, order_number: str) -> tuple[str, bool]:
    path = f"{ORDERS.one(order_number)}/createinvoice"
    for last in (False, True):
        try:
            return _create_invoice(client, path), True
        except (DocumentError, UnknownOutcomeError) as error:
            log.info("createinvoice of order %s: %s", order_number, type(error).__name__)
            order = client.get(ORDERS.one(order_number), ORDERS.envelope)
            number = invoice_number_of(order)
            if number:
                return number, False
            if last or isinstance(error, DocumentError):
                raise
    raise AssertionError("unreachable: the second try returns or raises")


def _create_invoice(client: FortnoxClient, path: str) -> str:
    number = client.action(path, INVOICES.envelope).get("DocumentNumber")
    if not is_number(number):
        raise UnknownOutcomeError(
            "createinvoice was answered without the invoice's number.",
            remedy="The order itself names its invoice.",
        )
    return str(number)


def _found(client: FortnoxClient, invoice: Invoice, number: str) -> Draft | Held | None:
    """What became of an invoice that the order had already; None: a draft, to be completed."""
    answer = INVOICES.parse(client.get(INVOICES.one(number), INVOICES.envelope))
    if answer.cancelled:
        return cancelled(invoice, [number])
    if is_made_by_hand(invoice, answer.day_reference, booked=answer.booked):
        return made_by_hand(invoice, number)
    if answer.booked:
        return Draft(invoice=invoice, customer_number=answer.customer_number, answer=answer)
    return None
