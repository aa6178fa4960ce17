"""Which existing customer card a buyer gets, compared exactly and never on empty (rule 9)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from fortnox.core.documents import CustomerWish


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChoice:
    """The card a document goes to; ``create`` when it must be made first."""

    number: str
    create: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerIndex:
    """Active customer cards by what they can be matched on; several cards may share a key.

    The keys of the two mappings are :func:`organisation_key` and :func:`email_key`: digests, since
    the index is kept in a file between runs.
    """

    numbers: frozenset[str] = frozenset()
    by_organisation_number: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_email: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def choose_customer(wish: CustomerWish, index: CustomerIndex) -> CustomerChoice | str:
    """The card for a buyer, or the sentence why it is held. Compares exactly, never on empty."""
    for key in wish.match:
        found = _matches(key, wish, index)
        if len(found) > 1:
            return f"{len(found)} active customers share the {key.replace('_', ' ')}"
        if found:
            return CustomerChoice(number=found[0], create=False)
    if wish.when_missing == "shared":
        return CustomerChoice(number=wish.shared_number, create=False)
    if wish.when_missing == "create" and wish.number:
        return CustomerChoice(number=wish.number, create=wish.number not in index.numbers)
    return "no customer card matches, and customer_policy.csv says hold"


def goes_to_shared_card(wish: CustomerWish, index: CustomerIndex) -> bool:
    """Whether the buyer has no card of his own."""
    choice = choose_customer(wish, index)
    return (
        isinstance(choice, CustomerChoice)
        and wish.shared_number != ""
        and choice.number == wish.shared_number
    )


def _matches(key: str, wish: CustomerWish, index: CustomerIndex) -> tuple[str, ...]:
    if key == "number":
        return (wish.number,) if wish.number and wish.number in index.numbers else ()
    if key == "organisation_number":
        digest = organisation_key(wish.organisation_number)
        found = index.by_organisation_number.get(digest, ()) if digest else ()
    else:
        digest = email_key(wish.email)
        found = index.by_email.get(digest, ()) if digest else ()
    prefix, suffixes = wish.foreign_numbers
    return tuple(n for n in found if not (n.startswith(prefix) and n.endswith(suffixes)))


def email_key(email: str) -> str:
    """SHA-256 of an e-mail address, in any case and spacing; empty for none."""
    plain = email.strip().lower()
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


def organisation_key(number: str) -> str:
    """SHA-256 of an organisation number's ten digits; empty if it is not one.

    A digest too: a sole trader's organisation number is the person's own.
    """
    digits = digits_only(number)
    return hashlib.sha256(digits.encode()).hexdigest() if digits else ""


def digits_only(text: str) -> str:
    """An organisation number as ten digits, however it was written; empty if it is not one."""
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) == 12 and digits.startswith(("16", "19", "20")):  # noqa: PLR2004
        digits = digits[2:]
    return digits if len(digits) == 10 else ""  # noqa: PLR2004
