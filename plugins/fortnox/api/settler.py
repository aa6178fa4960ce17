"""Cancels surplus documents and reads the cancellation back before anything is bookkept."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from fortnox.api.client import FortnoxClient
from fortnox.api.registers import INVOICES, Register
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


def settle_surplus(
    client: FortnoxClient, surplus: Iterable[ListedInvoice], register: Register = INVOICES
) -> Settled:
    """Cancel each surplus document and see that it is cancelled.

    Raises:
        UnreachableError: The document is neither cancelled nor booked after the request.
    """
    cancelled = 0
    booked: set[str] = set()
    for document in surplus:
        number = document.document_number
        try:
            client.action(f"{register.one(number)}/cancel", register.envelope)
        except (DocumentError, UnknownOutcomeError) as error:
            log.info("cancel of surplus %s %s: %s", register.document, number, type(error).__name__)
        now = register.parse(client.get(register.one(number), register.envelope))
        if now.booked:
            booked.add(document.reference)
        elif not now.cancelled:
            raise UnreachableError(
                f"Surplus {register.document} {number} could not be cancelled; "
                "nothing was bookkept.",
                remedy="The next try settles it.",
            )
        else:
            cancelled += 1
    return Settled(cancelled=cancelled, booked_meanwhile=frozenset(booked))
