"""Registered customers of a Textalk shop, read and written.

The shop's API is not documented in all of this: which properties a customer has is asked
(``getSchema``), whether an e-mail address is unique is not known, so it is looked for before a
customer is made.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from fortnox.core.customer_values import CustomerWrite, ShopCustomer, Written
from fortnox.core.errors import UnknownOutcomeError, UnreachableError
from fortnox.shops.listing import Json
from fortnox.shops.textalk.buyer import COMPANY_FIELDS, buyer
from fortnox.shops.textalk.client import TextalkClient
from fortnox.shops.textalk.errors import NoMethodError, NotFoundError, QueryError, RefusedError
from fortnox.shops.textalk.fields import part, text
from fortnox.shops.textalk.register import Register
from fortnox.shops.textalk.schema import class_properties, known_query

_CLASS = "Customer"
_NEEDED, _WISHED = ("uid", "info", "address"), ("changed", "deliveryAddress")
#: Fortnox's field -> the property of ``address``; a name goes into two, or into a company's.
_ADDRESS = {
    "Phone1": "phoneMobile",
    "Address1": "address",
    "Address2": "address2",
    "ZipCode": "postcode",
    "City": "town",
    "CountryCode": "country",
}
#: A path below a customer.
_Place = tuple[str, str]


class NoPlaceError(Exception):
    """The shop's customers have no property for a value."""


class TextalkCustomers:
    """Implements ``CustomerShop``; all its accounts are buyers'.

    Args:
        client: The shop; its key's user may see and change customers.
    """

    def __init__(self, client: TextalkClient) -> None:
        self._client = client

    def customers(self) -> Iterator[ShopCustomer]:
        """Every customer, by uid."""
        return map(customer_from_json, self._register.changed(None))

    def customers_changed(self, start_utc: datetime, end_utc: datetime) -> Iterator[ShopCustomer]:  # noqa: ARG002 - part of the Protocol; later ones do no harm
        """New and changed customers; all of them where the shop can't filter by change."""
        return map(customer_from_json, self._register.changed(start_utc))

    def customers_by_id(self, customer_ids: Iterable[str]) -> Iterator[ShopCustomer]:
        """Customers by uid, in fifties."""
        return map(customer_from_json, self._register.by_uid(customer_ids))

    def write_customers(self, writes: Sequence[CustomerWrite]) -> Iterator[Written]:
        """One by one, in order."""
        return map(self._write, writes)

    def _write(self, write: CustomerWrite) -> Written:
        try:
            uid = write.customer_id or self._uid_of(write.email)
            if not uid:
                return Written(customer_id=self._create(write))
            patch = self._patch(write, self._company_place(uid))
            self._client.call(f"{_CLASS}.set", int(uid), patch, ["uid"])
        except RefusedError as error:
            return Written(customer_id=write.customer_id, error=str(error.code))
        except NotFoundError:
            return Written(customer_id=write.customer_id, error="9003")
        except NoPlaceError as error:
            return Written(customer_id=write.customer_id, error=str(error))
        return Written(customer_id=uid)

    def _create(self, write: CustomerWrite) -> str:
        patch = self._patch(write, self._company_places[:1])
        info = {"type": "business" if write.is_company else "individual", "email": write.email}
        patch["info"] = {**info, **patch.get("info", {})}
        try:
            made = self._made(patch)
        except UnknownOutcomeError as error:
            uid = self._uid_of(write.email)
            if uid:
                return uid
            raise UnreachableError(error.message, remedy="Try again later.") from error
        return text(made, "uid")

    def _made(self, patch: Json) -> Json:
        """By ``create``, or by ``set`` of nobody: both make an object, by the API's own words."""
        try:
            made: Json = self._client.call_once(f"{_CLASS}.create", patch, ["uid"])
        except NoMethodError:
            made = self._client.call_once(f"{_CLASS}.set", None, patch, ["uid"])
        return made

    def _uid_of(self, email: str) -> str:
        """Who has this e-mail address; empty for nobody."""
        wanted = email.strip().lower()
        query = ["uid", "info"]
        selection = {"filters": {"/info/email": {"equals": email.strip()}}, "limit": 2}
        try:
            found = self._client.call(f"{_CLASS}.list", query, selection)
        except QueryError:
            found = self._register.changed(None)
        return next(
            (text(one, "uid") for one in found if _email(one).lower() == wanted),
            "",
        )

    def _patch(self, write: CustomerWrite, company: Sequence[_Place]) -> dict[str, Any]:
        """Only what changes, each value in a property that the shop has."""
        patch: dict[str, dict[str, str]] = {}
        for (place, name), value in _placed(write, company).items():
            properties = self._properties.get(place)
            if properties is not None and name not in properties:
                raise NoPlaceError(f"no_field_{name}")
            patch.setdefault(place, {})[name] = value
        return dict(patch)

    def _company_place(self, uid: str) -> Sequence[_Place]:
        """Where this customer's company name stands already, else where the shop has one."""
        for item in self._register.by_uid([uid]):
            for place in self._company_places:
                if text(part(item, place[0]), place[1]):
                    return [place]
        return self._company_places[:1]

    @cached_property
    def _company_places(self) -> Sequence[_Place]:
        return [
            (place, name)
            for name in COMPANY_FIELDS
            for place in ("info", "address")
            if name in self._properties.get(place, {name: None})
        ]

    @cached_property
    def _properties(self) -> dict[str, Json]:
        """Properties of ``info`` and ``address``, where the shop tells them."""
        schema = class_properties(self._client, _CLASS) or {}
        return {
            place: properties
            for place in ("info", "address")
            if (properties := part(part(schema, place), "properties"))
        }

    @cached_property
    def _register(self) -> Register:
        return Register(self._client, _CLASS, known_query(self._client, _CLASS, _NEEDED, _WISHED))


def customer_from_json(data: Json) -> ShopCustomer:
    """A customer as a value; shaped as ``Order.customer``."""
    uid = text(data, "uid")
    return ShopCustomer(
        customer_id=uid,
        email=_email(data),
        role="customer",
        buyer=replace(buyer({"customer": data}), customer_id=uid),
    )


def _email(data: Json) -> str:
    return text(part(data, "info"), "email")


def _placed(write: CustomerWrite, company: Sequence[_Place]) -> dict[_Place, str]:
    """Each value in its property.

    Raises:
        NoPlaceError: A company's name, and the shop has no property for one.
    """
    placed: dict[_Place, str] = {
        ("address", _ADDRESS[name]): value
        for name, value in write.values.items()
        if name in _ADDRESS
    }
    name = write.values.get("Name", "")
    if name and write.is_company:
        if not company:
            raise NoPlaceError("no_field_company")
        placed[company[0]] = name
    elif name:
        first, _, last = name.rpartition(" ")
        placed["address", "firstName"] = first or last
        placed["address", "lastName"] = last if first else ""
    return placed
