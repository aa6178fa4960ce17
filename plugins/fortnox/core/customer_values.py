"""Customers as values: an account of the shop, a card of Fortnox, and how the two compare.

Both sides are read into the same fields under Fortnox's names, as plain text. What is kept between
runs of these are digests (:func:`fingerprint`), never the values.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fortnox.core.customer_match import digits_only
from fortnox.core.orders import Buyer

#: Field of Fortnox's customer -> its text; empty ones are left out.
CardValues = Mapping[str, str]

#: What is compared and carried. ``VATType`` decides VAT and is never changed (rule 20).
CARD_FIELDS = (
    "Name",
    "Type",
    "OrganisationNumber",
    "VATNumber",
    "Email",
    "Phone1",
    "Address1",
    "Address2",
    "ZipCode",
    "City",
    "CountryCode",
    "DeliveryName",
    "DeliveryAddress1",
    "DeliveryAddress2",
    "DeliveryZipCode",
    "DeliveryCity",
    "DeliveryCountryCode",
)
#: What Fortnox's list shows, under the list's own name.
LISTED_FIELDS = {
    "Name": "Name",
    "OrganisationNumber": "OrganisationNumber",
    "Email": "Email",
    "Phone1": "Phone",
    "Address1": "Address1",
    "Address2": "Address2",
    "ZipCode": "ZipCode",
    "City": "City",
}
#: All that a private person's card holds where shops.csv says ``private_data`` minimal.
MINIMAL_FIELDS = ("Name", "Type", "Email", "CountryCode")
#: What an import carries into the shop: its account has no place for the rest.
SHOP_FIELDS = ("Name", "Phone1", "Address1", "Address2", "ZipCode", "City")

_FINGERPRINT_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopCustomer:
    """An account of the shop. Personal data: stays in staging files."""

    customer_id: str
    #: What the account logs in with; unique in the shop.
    email: str
    #: The shop's own word; only ``customer`` and ``subscriber`` are buyers' accounts.
    role: str
    buyer: Buyer

    @property
    def is_buyer(self) -> bool:
        """Not the shop's own staff."""
        return self.role in {"customer", "subscriber"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWrite:
    """An account to make (no ``customer_id``) or to change; only what is in ``values`` changes.

    ``is_company`` says whether ``Name`` is a company's or a person's.
    """

    customer_id: str
    email: str
    is_company: bool
    values: CardValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a write: the account's id, or the shop's error code."""

    customer_id: str
    error: str = ""


Side = Literal["shop", "fortnox"]


def comparable(field: str, value: str) -> str:
    """The value without the differences in spelling that mean nothing."""
    text = " ".join(value.split())
    if field == "Email":
        return text.lower()
    if field == "OrganisationNumber":
        return digits_only(text) or text
    if field == "VATNumber":
        return text.replace(" ", "").upper()
    if field in {"ZipCode", "DeliveryZipCode"}:
        return text.replace(" ", "")
    return text


def fingerprint(field: str, value: str) -> str:
    """12 hex digits for a value as it compares; empty for an empty one."""
    plain = comparable(field, value)
    if not plain:
        return ""
    return hashlib.sha256(f"{field}\n{plain}".encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def fingerprints(values: CardValues) -> dict[str, str]:
    """By field; empty values have none."""
    return {name: print_ for name, value in values.items() if (print_ := fingerprint(name, value))}


def content(values: CardValues) -> str:
    """12 hex digits for all values together."""
    text = "\n".join(f"{name}={value}" for name, value in sorted(fingerprints(values).items()))
    return hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT_LENGTH]
