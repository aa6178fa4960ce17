"""Cancels surplus documents and reads the cancellation back before anything is bookkept."""

import logging
from collections.abc import Iterable

from fortnox.api.client import FortnoxClient
from fortnox.api.invoices import parse_invoice
from fortnox.core.documents import ListedInvoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError

log = logging.getLogger(__name__)


def settle_surplus(client: FortnoxClient, surplus: Iterable[ListedInvoice]) -> int:
    """Cancel each surplus document; returns how many are cancelled.

    A cancel that Fortnox refuses because the document was bookkept meanwhile (2001383) leaves it:
    the next plan finds two booked documents and holds the order, since only a person may reverse.

    Raises:
        UnreachableError: The document is neither cancelled nor booked after the request.
    """
    cancelled = 0
    for document in surplus:
        number = document.document_number
        try:
            client.action(f"invoices/{number}/cancel", "Invoice")
        except (DocumentError, UnknownOutcomeError) as error:
            log.info("cancel of surplus invoice %s: %s", number, type(error).__name__)
        now = parse_invoice(client.get(f"invoices/{number}", "Invoice"))
        if not now.cancelled and not now.booked:
            raise UnreachableError(
                f"Surplus invoice {number} could not be cancelled; nothing was bookkept.",
                remedy="The next try settles it.",
            )
        cancelled += now.cancelled
    return cancelled
