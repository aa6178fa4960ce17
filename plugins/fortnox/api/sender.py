"""Marks finished documents as sent, or has Fortnox e-mail them: one attempt (rule 26).

Some of these requests are GETs that send, so none is repeated by itself. After an unknown outcome
``Sent`` of the document decides; if it says no, a person does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from fortnox.api.booker import held_by_fortnox
from fortnox.api.client import FortnoxClient
from fortnox.api.registers import INVOICES, ORDERS, Register
from fortnox.core.documents import Held, Invoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError
from fortnox.core.sending import not_sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sendable:
    """A finished document. ``is_new``: this run finished it, so nobody can have e-mailed it."""

    invoice: Invoice
    number: str
    is_new: bool


def send(client: FortnoxClient, sendables: Iterable[Sendable]) -> list[Held]:
    """Send what is to be sent; what is not certainly sent is left to a person."""
    held: list[Held] = []

    def take(_: Sendable, came: Held | None) -> None:
        if came is not None:
            held.append(came)

    wanted = (one for one in sendables if one.invoice.send != "no")
    client.lanes.each(partial(_left_to_a_person, client), wanted, take)
    return held


def _left_to_a_person(client: FortnoxClient, one: Sendable) -> Held | None:
    if one.invoice.send == "email" and not one.is_new:
        return not_sent(one.invoice, one.number)
    try:
        is_sent = _is_sent(client, one)
    except DocumentError as error:
        return held_by_fortnox(one.invoice, error, one.number)
    except UnreachableError:
        is_sent = False
    return None if is_sent else not_sent(one.invoice, one.number)


def _is_sent(client: FortnoxClient, one: Sendable) -> bool:
    register = _register(one.invoice)
    path = register.one(one.number)
    try:
        if one.invoice.send == "email":
            client.send(f"{path}/email", register.envelope)
        else:
            client.action(f"{path}/externalprint", register.envelope)
    except UnknownOutcomeError:
        return client.get(path, register.envelope).get("Sent") is True
    return True


def _register(invoice: Invoice) -> Register:
    return ORDERS if invoice.document == "order" else INVOICES
