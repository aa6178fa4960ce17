"""Cancels surplus documents and reads the cancellation back before anything is bookkept."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from fortnox.api.client import FortnoxClient
from fortnox.api.invoices import parse_invoice
from fortnox.core.documents import ListedInvoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of surplus documents.

    ``booked_meanwhile`` are references whose surplus document somebody bookkept before it could be
    cancelled: that one is the sale now, so no other of the reference may be bookkept.
    """

    cancelled: int
    booked_meanwhile: frozenset[str]


def settle_surplus(client: FortnoxClient, surplus: Iterable[ListedInvoice]) -> Settled:
    """Cancel each surplus document and see that it is cancelled.

    Raises:
        UnreachableError: The document is neither cancelled nor booked after the request.
    """
    cancelled = 0
    booked: set[str] = set()
    for document in surplus:
        number = document.document_number
        try:
            client.action(f"invoices/{number}/cancel", "Invoice")
        except (DocumentError, UnknownOutcomeError) as error:
            log.info("cancel of surplus invoice %s: %s", number, type(error).__name__)
        now = parse_invoice(client.get(f"invoices/{number}", "Invoice"))
        if now.booked:
            booked.add(document.reference)
        elif not now.cancelled:
            raise UnreachableError(
                f"Surplus invoice {number} could not be cancelled; nothing was bookkept.",
                remedy="The next try settles it.",
            )
        else:
            cancelled += 1
    return Settled(cancelled=cancelled, booked_meanwhile=frozenset(booked))
