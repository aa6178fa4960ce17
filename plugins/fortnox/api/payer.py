"""Payments of finished invoices: made as drafts, listed, surplus deleted, then bookkept (rule 7).

A payment has no reference of ours, so its identity is its invoice, day and amount; a draft of the
same identity is used rather than another made. Where an invoice gets several that are equal, they
are counted. An unbooked draft is harmless: it moves no money.
Orders go side by side; what concerns one order goes in its order.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from fortnox.api.client import FortnoxClient
from fortnox.api.outcome import Outcome, Unanswered, attempt
from fortnox.api.payments import (
    Payable,
    fortnox_time,
    parse_payment,
    payment_body,
    payments_of_invoice,
    payments_since,
)
from fortnox.api.wire import JsonObject
from fortnox.core.documents import Held, ListedPayment
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owed:
    """A payment to be made; ``is_alone``: it stood, and none of its identity is one too many.

    ``was_unanswered``: a request to make it got no answer, and may be carried out late.
    """

    payable: Payable
    payment: ListedPayment | None = None
    is_alone: bool = False
    was_unanswered: bool = False


_Step = Callable[[_Owed], _Owed]


class Payer:
    """Registers the payments of one run.

    Args:
        client: The company's client.
        outcome: Where counts and held documents are added.
        known: Payments that Fortnox had before, by invoice number.
        round_off_account: Where whole-krona rounding is written off.
        started: When the run began, for the list of what it made.
        pause: Waits until Fortnox's lists show what was just written.
    """

    def __init__(
        self,
        client: FortnoxClient,
        outcome: Outcome,
        known: Mapping[str, Sequence[ListedPayment]],
        *,
        round_off_account: int,
        started: datetime,
        pause: Callable[[], None],
    ) -> None:
        self._client = client
        self._outcome = outcome
        self._known = known
        self._round_off_account = round_off_account
        self._started = started
        self._pause = pause

    def pay(self, payables: Iterable[Payable]) -> None:
        """Make what is missing, settle what is surplus, bookkeep what is to be booked."""
        standing = self._each_order(self._find_or_create, map(_owed, payables))
        if not all(one.is_alone for one in standing):
            self._pause()
            listed = payments_since(self._client, fortnox_time(self._started))
            unsettled = [one for one in standing if not (one.is_alone and _is_booked(one))]
            standing = self._each_order(partial(self._settle, listed), unsettled)
        booked = self._each_order(
            self._bookkeep,
            [one for one in _unbooked(standing) if one.payable.payment.bookkeep],
        )
        self._outcome.paid += len(booked)
        unanswered = [one for one in booked if one.was_unanswered]
        if unanswered:
            self._pause()
        for one in unanswered:
            self._clear_up(one)

    def _each_order(self, step: _Step, owed: Iterable[_Owed]) -> list[_Owed]:
        """Take a step with every payment; a document's later ones wait for what failed before.

        A set-off is two payments, of which the last one tells the next run that both are done.
        """
        of_orders: dict[str, list[_Owed]] = {}
        for one in owed:
            of_orders.setdefault(one.payable.invoice.sale_reference, []).append(one)
        done: list[_Owed] = []

        def act(of_order: Sequence[_Owed]) -> list[_Owed | Held | Unanswered]:
            came: list[_Owed | Held | Unanswered] = []
            failed: set[str] = set()
            for one in of_order:
                invoice, number = one.payable.invoice, one.payable.invoice_number
                if invoice.reference in failed:
                    continue
                came.append(attempt(partial(step, one), invoice, number))
                if not isinstance(came[-1], _Owed):
                    failed.add(invoice.reference)
            return came

        def take(_: Sequence[_Owed], came: Sequence[_Owed | Held | Unanswered]) -> None:
            taken = [self._outcome.take(one) for one in came]
            done.extend(one for one in taken if one is not None)

        self._client.lanes.each(act, of_orders.values(), take)
        return done

    def _find_or_create(self, owed: _Owed) -> _Owed:
        known = self._known.get(owed.payable.invoice_number, ())
        found = self._standing(known, owed.payable)
        if len(found) < owed.payable.nth:
            return self._create(owed)
        # More of one identity: a run before made them and did not come to delete one.
        is_alone = len(found) <= owed.payable.equal
        return replace(owed, payment=found[owed.payable.nth - 1], is_alone=is_alone)

    def _settle(self, listed: Mapping[str, Sequence[ListedPayment]], owed: _Owed) -> _Owed:
        """Keep the drafts with the lowest numbers of this identity; surplus ones are deleted.

        Where that fails the draft is not bookkept: a paid invoice's drafts are not looked at again.
        """
        payable, draft = owed.payable, _payment_of(owed)
        payments = listed.get(payable.invoice_number, ())
        if all(payment.number != draft.number for payment in payments):
            payments = payments_of_invoice(self._client, payable.invoice_number)
        standing = self._standing(payments, payable) or [draft]
        for payment in standing[payable.equal :]:
            if not payment.booked:
                self._delete(payment.number)
        return replace(owed, payment=standing[min(payable.nth, len(standing)) - 1])

    @staticmethod
    def _standing(payments: Iterable[ListedPayment], payable: Payable) -> list[ListedPayment]:
        """Payments of this identity: booked first, then by number."""
        same = [payment for payment in payments if payment.is_of(payable.payment)]
        return sorted(same, key=lambda payment: (not payment.booked, int(payment.number)))

    def _clear_up(self, owed: _Owed) -> None:
        """Delete the draft of a request that was carried out after the others were settled."""
        number = owed.payable.invoice_number
        try:
            self._settle({number: payments_of_invoice(self._client, number)}, owed)
        except (DocumentError, UnknownOutcomeError, UnreachableError) as error:
            log.warning("a second draft of a payment of invoice %s may be left: %s", number, error)

    def _create(self, owed: _Owed) -> _Owed:
        payable = owed.payable
        body = payment_body(payable, self._round_off_account)
        try:
            return replace(owed, payment=self._send(body))
        except UnknownOutcomeError:
            log.info("no answer to a payment; looking it up by its invoice")
        found = self._found(payable)
        if found is None:
            try:
                found = self._send(body)
            except UnknownOutcomeError:
                found = self._found(payable)
                if found is None:
                    raise
        return replace(owed, payment=found, was_unanswered=True)

    def _send(self, body: JsonObject) -> ListedPayment:
        return parse_payment(self._client.create("invoicepayments", "InvoicePayment", body))

    def _found(self, payable: Payable) -> ListedPayment | None:
        payments = payments_of_invoice(self._client, payable.invoice_number)
        standing = self._standing(payments, payable)
        return standing[payable.nth - 1] if len(standing) >= payable.nth else None

    def _bookkeep(self, owed: _Owed) -> _Owed:
        number = _payment_of(owed).number
        for last in (False, True):
            try:
                self._client.action(f"invoicepayments/{number}/bookkeep", "InvoicePayment")
            except (DocumentError, UnknownOutcomeError) as error:
                answer = self._client.get(f"invoicepayments/{number}", "InvoicePayment")
                if not parse_payment(answer).booked:
                    if last or isinstance(error, DocumentError):
                        raise
                    continue
            break
        return owed

    def _delete(self, number: str) -> None:
        """It is gone afterwards; else what Fortnox said is raised."""
        try:
            self._client.delete(f"invoicepayments/{number}")
        except (DocumentError, UnknownOutcomeError):
            if self._client.find(f"invoicepayments/{number}", "InvoicePayment") is not None:
                raise


def _owed(payable: Payable) -> _Owed:
    return _Owed(payable=payable)


def _unbooked(owed: Iterable[_Owed]) -> list[_Owed]:
    return [one for one in owed if not _is_booked(one)]


def _is_booked(owed: _Owed) -> bool:
    return _payment_of(owed).booked


def _payment_of(owed: _Owed) -> ListedPayment:
    if owed.payment is None:
        raise ValueError(f"invoice {owed.payable.invoice_number}: no payment was made yet")
    return owed.payment
