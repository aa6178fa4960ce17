"""Payments of finished invoices: made as drafts, listed, surplus deleted, then bookkept (rule 7).

A payment has no reference of ours, so its identity is its invoice, day and amount; a draft of the
same identity is used rather than another made. An unbooked draft is harmless: it moves no money.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from fortnox.api.booker import held_by_fortnox
from fortnox.api.client import FortnoxClient
from fortnox.api.payments import (
    Payable,
    fortnox_time,
    parse_payment,
    payment_body,
    payments_of_invoice,
    payments_since,
)
from fortnox.core.documents import Held, ListedPayment
from fortnox.core.errors import DocumentError, UnknownOutcomeError

log = logging.getLogger(__name__)

_T = TypeVar("_T")


@dataclass(slots=True)
class Paid:
    """What came of the payments. ``unanswered``: the next try finds them by their identity."""

    booked: int = 0
    held: list[Held] = field(default_factory=list)
    unanswered: list[UnknownOutcomeError] = field(default_factory=list)


class Payer:
    """Registers the payments of one run.

    Args:
        client: The company's client.
        known: Payments that Fortnox had before, by invoice number.
        round_off_account: Where whole-krona rounding is written off.
        started: When the run began, for the list of what it made.
        pause: Waits until Fortnox's lists show what was just written.
    """

    def __init__(
        self,
        client: FortnoxClient,
        known: Mapping[str, Sequence[ListedPayment]],
        *,
        round_off_account: int,
        started: datetime,
        pause: Callable[[], None],
    ) -> None:
        self._client = client
        self._known = known
        self._round_off_account = round_off_account
        self._started = started
        self._pause = pause
        self._paid = Paid()

    def pay(self, payables: Iterable[Payable]) -> Paid:
        """Make what is missing, settle what is surplus, bookkeep what is to be booked."""
        drafts: list[tuple[Payable, ListedPayment]] = []
        unsettled = False
        for payable in payables:
            found = self._standing(self._known.get(payable.invoice_number, ()), payable)
            draft = found[0] if found else self._guarded(payable, partial(self._create, payable))
            # Two of one identity: a run before made them and did not come to delete one.
            unsettled |= len(found) != 1
            if draft is not None and not draft.booked:
                drafts.append((payable, draft))
        if unsettled:
            self._pause()
            drafts = self._kept(drafts)
        for payable, draft in drafts:
            if payable.payment.bookkeep:
                self._guarded(payable, partial(self._bookkeep, draft.number))
        return self._paid

    def _kept(
        self, drafts: Sequence[tuple[Payable, ListedPayment]]
    ) -> list[tuple[Payable, ListedPayment]]:
        """Of each identity the draft with the lowest number; the others are deleted.

        Where that fails the draft is not bookkept: a paid invoice's drafts are not looked at again.
        """
        listed = payments_since(self._client, fortnox_time(self._started))
        kept: list[tuple[Payable, ListedPayment]] = []
        for payable, draft in drafts:
            payments = listed.get(payable.invoice_number, ())
            if all(payment.number != draft.number for payment in payments):
                payments = payments_of_invoice(self._client, payable.invoice_number)
            standing = self._standing(payments, payable) or [draft]
            surplus = [payment for payment in standing[1:] if not payment.booked]
            deleted = [
                self._guarded(payable, partial(self._delete, payment.number)) for payment in surplus
            ]
            if all(deleted) and not standing[0].booked:
                kept.append((payable, standing[0]))
        return kept

    @staticmethod
    def _standing(payments: Iterable[ListedPayment], payable: Payable) -> list[ListedPayment]:
        """Payments of this identity: booked first, then by number."""
        same = [payment for payment in payments if payment.is_of(payable.payment)]
        return sorted(same, key=lambda payment: (not payment.booked, int(payment.number)))

    def _create(self, payable: Payable) -> ListedPayment:
        body = payment_body(payable, self._round_off_account)
        for _ in range(2):
            try:
                return parse_payment(self._client.create("invoicepayments", "InvoicePayment", body))
            except UnknownOutcomeError as error:
                log.info("no answer to a payment; looking it up by its invoice")
                unanswered = error
            payments = payments_of_invoice(self._client, payable.invoice_number)
            found = self._standing(payments, payable)
            if found:
                return found[0]
        raise unanswered

    def _bookkeep(self, number: str) -> None:
        for last in (False, True):
            try:
                self._client.action(f"invoicepayments/{number}/bookkeep", "InvoicePayment")
            except (DocumentError, UnknownOutcomeError) as error:
                answer = self._client.get(f"invoicepayments/{number}", "InvoicePayment")
                if not parse_payment(answer).booked:
                    if last or isinstance(error, DocumentError):
                        raise
                    continue
            self._paid.booked += 1
            return

    def _delete(self, number: str) -> bool:
        """True: it is gone; else what Fortnox said is raised."""
        try:
            self._client.delete(f"invoicepayments/{number}")
        except (DocumentError, UnknownOutcomeError):
            if self._client.find(f"invoicepayments/{number}", "InvoicePayment") is not None:
                raise
        return True

    def _guarded(self, payable: Payable, act: Callable[[], _T]) -> _T | None:
        """One payment that Fortnox refuses must not keep the others out."""
        try:
            return act()
        except DocumentError as error:
            held = held_by_fortnox(payable.invoice, error, payable.invoice_number)
            self._paid.held.append(held)
        except UnknownOutcomeError as error:
            self._paid.unanswered.append(error)
        return None
