"""Creates documents and the customers they need, each once, whatever the network does."""

import logging
import threading
from collections import defaultdict

from fortnox.api.client import FortnoxClient
from fortnox.api.errors import CUSTOMER_NUMBER_TAKEN
from fortnox.api.finder import find_exact, partial_filter_works
from fortnox.api.invoices import customer_body
from fortnox.api.registers import INVOICES, Register
from fortnox.api.wire import path_segment
from fortnox.core.customer_match import CustomerChoice
from fortnox.core.documents import CustomerWish, FortnoxInvoice, Invoice
from fortnox.core.errors import DocumentError, FatalError, UnknownOutcomeError

log = logging.getLogger(__name__)

#: Tries to prove the filter, a request each; then every creation keeps its own look-up.
_PROOFS = 3


class Creator:
    """One run's creations in one company. Safe for several threads.

    Args:
        client: The company's client.
        key: ``reference_key`` of the shop.
        filter_proven: Whether the snapshot's empty answers may be trusted (rule 3).
        register: Where the documents are made.

    Attributes:
        created: Documents made so far.
        filter_proven: Whether by now empty answers may be trusted.
    """

    def __init__(
        self,
        client: FortnoxClient,
        key: str,
        *,
        filter_proven: bool,
        register: Register = INVOICES,
    ) -> None:
        self._client = client
        self._register = register
        self._key = key
        self.filter_proven = filter_proven
        self._proofs_left = _PROOFS
        self._customers: set[str] = set()
        self._came_ahead: dict[str, Exception] = {}
        self._cards: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()
        self.created = 0

    @property
    def knows_filter(self) -> bool:
        """Whether it is settled if creations need a look-up each (rule 3)."""
        return self.filter_proven or not self._proofs_left

    def create(self, invoice: Invoice, customer: CustomerChoice) -> FortnoxInvoice | None:
        """The new document as Fortnox answered it.

        Returns:
            None when documents carry the reference although no creation was answered: this try or
            one before it was carried out after all. What becomes of them is decided from the list.

        Raises:
            DocumentError: Fortnox refuses the customer or the document.
            UnknownOutcomeError: Twice no answer, and nothing carries the reference yet.
        """
        if not self.filter_proven and self._is_there(invoice):
            return None
        if customer.create:
            self.ensure_customer(invoice.customer)
        answer = self._post(invoice, customer.number)
        with self._lock:
            self.created += 1
        if not self.filter_proven and self._proofs_left:
            self._proofs_left -= 1
            self.filter_proven = partial_filter_works(self._client, self._key, self._register)
        return answer

    def begin_card(self, wish: CustomerWish) -> None:
        """Make a card before its document is begun; what goes wrong is that document's to tell."""
        with self._making(wish):
            try:
                self._ensure(wish)
            except FatalError:
                raise
            except Exception as error:  # noqa: BLE001 - raised where the card is needed
                self._came_ahead[wish.number] = error

    def ensure_customer(self, wish: CustomerWish) -> None:
        """Make the card, or find that it exists: its number is ours, so it can't be doubled.

        Who needs a card that another thread is making waits for it.

        Raises:
            DocumentError: The number belongs to a deleted or inactive card, or Fortnox refuses it.
            UnknownOutcomeError: Twice no answer.
        """
        with self._making(wish):
            came = self._came_ahead.pop(wish.number, None)
            if came is not None:
                raise came
            self._ensure(wish)

    def _making(self, wish: CustomerWish) -> threading.Lock:
        with self._lock:
            return self._cards[wish.number]

    def _ensure(self, wish: CustomerWish) -> None:
        if wish.number in self._customers:
            return
        try:
            self._create_card(wish)
        except UnknownOutcomeError:
            log.info("no answer to a customer; its number is ours, so it is sent again")
            self._create_card(wish)
        self._customers.add(wish.number)

    def _create_card(self, wish: CustomerWish) -> None:
        try:
            self._client.create("customers", "Customer", customer_body(wish))
        except DocumentError as error:
            if error.vendor_code != CUSTOMER_NUMBER_TAKEN:
                raise
            self._check_usable(wish)

    def _check_usable(self, wish: CustomerWish) -> None:
        """Raises DocumentError when the card was deleted, is inactive, or of another market."""
        card = self._client.find(f"customers/{path_segment(wish.number)}", "Customer")
        if card is None:
            raise DocumentError(
                f"customer {wish.number} was deleted in Fortnox",
                remedy="A deleted number can't be used again: book the order by hand.",
            )
        if not card.get("Active"):
            raise DocumentError(
                f"customer {wish.number} is inactive in Fortnox",
                remedy="Activate the card in Fortnox, then run the day again.",
            )
        if card.get("VATType") != wish.vat_type.value:
            raise DocumentError(
                f"customer {wish.number} has VATType {card.get('VATType')} in Fortnox, "
                f"the sale is {wish.vat_type.value}",
                remedy="Correct the card's VAT type in Fortnox, then run the day again.",
            )

    def _post(self, invoice: Invoice, customer_number: str) -> FortnoxInvoice | None:
        try:
            return self._send(invoice, customer_number)
        except UnknownOutcomeError:
            log.info("no answer to a create; looking the reference up")
        if self._is_there(invoice):
            return None
        try:
            return self._send(invoice, customer_number)
        except UnknownOutcomeError:
            if self._is_there(invoice):
                return None
            raise

    def _send(self, invoice: Invoice, customer_number: str) -> FortnoxInvoice | None:
        """One POST; None when its own number is taken, by this very document (rule 27)."""
        register = self._register
        body = register.body(invoice, customer_number)
        try:
            return register.parse(self._client.create(register.path, register.envelope, body))
        except DocumentError:
            if not self._has_own_number(invoice):
                raise
            log.info("invoice %s stands already", invoice.own_number)
            return None

    def _has_own_number(self, invoice: Invoice) -> bool:
        """By its number: a single document shows at once, whatever lists do."""
        register = self._register
        if not invoice.own_number:
            return False
        answer = self._client.find(register.one(invoice.own_number), register.envelope)
        return answer is not None and register.parse(answer).reference == invoice.reference

    def _is_there(self, invoice: Invoice) -> bool:
        return bool(find_exact(self._client, invoice.reference, self._register))
