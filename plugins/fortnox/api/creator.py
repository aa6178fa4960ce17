"""Creates invoices and the customers they need, each once, whatever the network does."""

import logging

from fortnox.api.client import FortnoxClient
from fortnox.api.errors import CUSTOMER_NUMBER_TAKEN
from fortnox.api.invoices import customer_body, invoice_body, parse_invoice
from fortnox.api.snapshot import find_by_reference, find_exact
from fortnox.core.documents import CustomerWish, FortnoxInvoice, Invoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError
from fortnox.core.plan import CustomerChoice
from fortnox.core.surplus import settle

log = logging.getLogger(__name__)


class Creator:
    """One run's creations in one company.

    Args:
        client: The company's client.
        key: ``reference_key`` of the shop.
        filter_proven: Whether the snapshot's empty answers may be trusted (rule 3).
    """

    def __init__(self, client: FortnoxClient, key: str, *, filter_proven: bool) -> None:
        self._client = client
        self._key = key
        self._proven = filter_proven
        self._customers: set[str] = set()

    def create(self, invoice: Invoice, customer: CustomerChoice) -> FortnoxInvoice:
        """The document as Fortnox answered it: new, or found because it was there after all.

        Raises:
            DocumentError: Fortnox refuses the customer or the document.
            UnreachableError: Twice no answer.
        """
        if customer.create:
            self.ensure_customer(invoice.customer)
        if not self._proven:
            existing = self._existing(invoice)
            if existing:
                return existing
        answer = self._post(invoice, customer.number)
        if not self._proven:
            self._prove(invoice)
        return answer

    def ensure_customer(self, wish: CustomerWish) -> None:
        """Make the card, or find that it exists: its number is ours, so it can't be doubled.

        Raises:
            DocumentError: The number belongs to a deleted or inactive card, or Fortnox refuses it.
            UnreachableError: Twice no answer.
        """
        if wish.number in self._customers:
            return
        for _ in range(2):
            try:
                self._client.create("customers", "Customer", customer_body(wish))
            except UnknownOutcomeError:
                continue
            except DocumentError as error:
                if error.vendor_code != CUSTOMER_NUMBER_TAKEN:
                    raise
                self._check_active(wish.number)
            self._customers.add(wish.number)
            return
        raise UnreachableError("Fortnox gave no answer twice when a customer was to be made.")

    def _check_active(self, number: str) -> None:
        """Raises DocumentError when the card was deleted (404) or is inactive."""
        card = self._client.get(f"customers/{number}", "Customer")
        if not card.get("Active"):
            raise DocumentError(
                f"customer {number} is inactive in Fortnox",
                remedy="Activate the card in Fortnox, then run the day again.",
            )

    def _post(self, invoice: Invoice, customer_number: str) -> FortnoxInvoice:
        body = invoice_body(invoice, customer_number)
        for _ in range(2):
            try:
                return parse_invoice(self._client.create("invoices", "Invoice", body))
            except UnknownOutcomeError:
                log.info("no answer to a create; looking the reference up")
                existing = self._existing(invoice)
                if existing:
                    return existing
        raise UnreachableError(
            "Fortnox gave no answer twice when an invoice was to be made.",
            remedy="The next try looks its reference up first.",
        )

    def _existing(self, invoice: Invoice) -> FortnoxInvoice | None:
        documents = find_exact(self._client, invoice.reference)
        survivor = settle(documents).survivor
        if survivor is None:
            return None
        path = f"invoices/{survivor.document_number}"
        return parse_invoice(self._client.get(path, "Invoice"))

    def _prove(self, invoice: Invoice) -> None:
        """A document known to exist must appear under a partial reference (rule 3)."""
        partial = invoice.order_id[:-1] or invoice.order_id
        self._proven = find_by_reference(self._client, self._key, [partial]).filter_proven
