"""Cancels surplus documents and reads the cancellation back before anything is bookkept."""

import logging

from fortnox.api.client import FortnoxClient
from fortnox.api.registers import INVOICES, Register
from fortnox.core.documents import ListedInvoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError

log = logging.getLogger(__name__)


def cancel_surplus(
    client: FortnoxClient, document: ListedInvoice, register: Register = INVOICES
) -> bool:
    """Cancel a surplus document and see that it is cancelled.

    Returns:
        False when somebody bookkept it before it could be cancelled: that one is the sale now, so
        no other of its reference may be bookkept.

    Raises:
        UnreachableError: It is neither cancelled nor booked after the request, or can't be read.
    """
    number = document.document_number
    try:
        client.action(f"{register.one(number)}/cancel", register.envelope)
    except (DocumentError, UnknownOutcomeError) as error:
        log.info("cancel of surplus %s %s: %s", register.document, number, type(error).__name__)
    try:
        now = register.parse(client.get(register.one(number), register.envelope))
    except DocumentError as error:
        raise _left(register, number) from error
    if not now.booked and not now.cancelled:
        raise _left(register, number)
    return not now.booked


def _left(register: Register, number: str) -> UnreachableError:
    return UnreachableError(
        f"Surplus {register.document} {number} could not be cancelled; nothing of its order was "
        "bookkept.",
        remedy=f"The next try settles it; if it stays, cancel {register.document} {number} in "
        "Fortnox.",
    )
