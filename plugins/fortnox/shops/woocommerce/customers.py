"""Customers' accounts of a WooCommerce shop, read and written.

WooCommerce's list of customers has no filter by date and no sorting by change. What can be told as
changed: accounts by their date of registration, and those whose orders changed. Edits of an
account without an order are found by reading all accounts, once a day.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from fortnox.core.customer_values import CustomerWrite, ShopCustomer, Written
from fortnox.core.errors import UnreachableError
from fortnox.shops.woocommerce.buyer import MetaKeys, buyer
from fortnox.shops.woocommerce.client import API, WooCommerceClient
from fortnox.shops.woocommerce.fields import Json, moment_utc, rows, text, whole
from fortnox.shops.woocommerce.reader import OrderReader, by_ids
from fortnox.shops.woocommerce.transport import Write

_CUSTOMERS = f"{API}/customers"
_FIELDS = "id,email,role,first_name,last_name,billing,shipping,meta_data,date_created_gmt"
_ORDER_FIELDS = "id,customer_id,date_modified_gmt"
_MOST_READINGS = 3
#: WooCommerce's own limit of a batch, creates and updates together.
_MOST_IN_BATCH = 100
_EMAIL_TAKEN = "registration-error-email-exists"
_NO_CODE = "no_answer_for_this_customer"

#: Fortnox's field -> the field of ``billing``; names are written as two parts or a company.
_BILLING = {
    "Phone1": "phone",
    "Address1": "address_1",
    "Address2": "address_2",
    "ZipCode": "postcode",
    "City": "city",
    "CountryCode": "country",
}


class WooCommerceCustomers:
    """Implements ``CustomerShop``.

    Args:
        client: The shop's client.
        orders: Its orders, which tell whose accounts may have changed.
        meta_keys: Where the checkout's plugins keep organisation and VAT numbers.
    """

    def __init__(self, client: WooCommerceClient, orders: OrderReader, meta_keys: MetaKeys) -> None:
        self._client = client
        self._orders = orders
        self._meta_keys = meta_keys

    def customers(self) -> Iterator[ShopCustomer]:
        """Every account, by id; one that is deleted meanwhile must not hide its neighbour."""
        seen: set[str] = set()
        for _ in range(_MOST_READINGS):
            shrank = yield from self._read_all(seen)
            if not shrank:
                return
        raise UnreachableError(
            "The shop's list of customers keeps shrinking while it is read.",
            remedy="Run again when the clean-up in the shop is done.",
        )

    def customers_changed(self, start_utc: datetime, end_utc: datetime) -> Iterator[ShopCustomer]:
        """New accounts, and the buyers of orders that changed in ``[start_utc, end_utc)``."""
        seen: set[str] = set()
        for item in self._registered_since(start_utc):
            seen.add(text(item, "id"))
            yield customer_from_json(item, self._meta_keys)
        changed = self._orders.in_span("modified", start_utc, end_utc, _ORDER_FIELDS)
        buyers = sorted({whole(item.get("customer_id")) for item in changed} - {0})
        yield from self.customers_by_id(str(i) for i in buyers if str(i) not in seen)

    def customers_by_id(self, customer_ids: Iterable[str]) -> Iterator[ShopCustomer]:
        """Accounts by id, in hundreds."""
        ids = (int(customer_id) for customer_id in customer_ids)
        query = {"role": "all", "_fields": _FIELDS}
        for item in by_ids(self._client, _CUSTOMERS, ids, query):
            yield customer_from_json(item, self._meta_keys)

    def write_customers(self, writes: Sequence[CustomerWrite]) -> Iterator[Written]:
        """In batches of a hundred; the shop answers each item by itself, in its place."""
        for start in range(0, len(writes), _MOST_IN_BATCH):
            part = writes[start : start + _MOST_IN_BATCH]
            made = [one for one in part if not one.customer_id]
            changed = [one for one in part if one.customer_id]
            body = {
                "create": [{"email": one.email, **_body(one)} for one in made],
                "update": [{"id": int(one.customer_id), **_body(one)} for one in changed],
            }
            answer = self._client.write(f"{_CUSTOMERS}/batch", Write(method="POST", body=body))
            answers = {
                "create": iter(rows(answer, "create")),
                "update": iter(rows(answer, "update")),
            }
            for one in part:
                kind = "update" if one.customer_id else "create"
                yield self._settled(one, _written(one, next(answers[kind], None)))

    def _settled(self, write: CustomerWrite, written: Written) -> Written:
        """A new account whose e-mail is taken: made by an earlier try whose answer was lost?

        It was if it says exactly what was to be written; an account of somebody else stays refused.
        """
        if not write.values or written.error != _EMAIL_TAKEN:
            return written
        query = {"email": write.email, "role": "all", "_fields": _FIELDS}
        wanted = _body(write)["billing"]
        for item in self._client.list(_CUSTOMERS, query).items:
            billing = item.get("billing")
            has = {name: text(billing or {}, name) for name in wanted}
            if has == {name: value.strip() for name, value in wanted.items()}:
                return Written(customer_id=text(item, "id"))
        return written

    def _read_all(self, seen: set[str]) -> Generator[ShopCustomer, None, bool]:
        offset, total = 0, 0
        while True:
            query = {
                "role": "all",
                "orderby": "id",
                "order": "asc",
                "offset": str(offset),
                "_fields": _FIELDS,
            }
            batch = self._client.list(_CUSTOMERS, query)
            for item in batch.items:
                customer_id = text(item, "id")
                if customer_id not in seen:
                    seen.add(customer_id)
                    yield customer_from_json(item, self._meta_keys)
            offset += len(batch.items)
            if len(batch.items) < batch.per_page:
                return offset < total
            if batch.total < total:
                return True
            total = batch.total

    def _registered_since(self, start_utc: datetime) -> Iterator[Json]:
        """Newest first, until one is older; accounts made meanwhile only repeat some."""
        offset = 0
        while True:
            query = {
                "role": "all",
                "orderby": "registered_date",
                "order": "desc",
                "offset": str(offset),
                "_fields": _FIELDS,
            }
            batch = self._client.list(_CUSTOMERS, query)
            for item in batch.items:
                registered = moment_utc(item, "date_created_gmt")
                if registered is not None and registered < start_utc:
                    return
                yield item
            offset += len(batch.items)
            if len(batch.items) < batch.per_page:
                return


def customer_from_json(data: Json, meta_keys: MetaKeys) -> ShopCustomer:
    """An account as a value; the account's own name where the address has none."""
    billing = data.get("billing")
    address: Mapping[str, Any] = billing if isinstance(billing, Mapping) else {}
    if not text(address, "first_name") and not text(address, "last_name"):
        own = {name: data.get(name) for name in ("first_name", "last_name")}
        address = {**address, **own}
    email = text(data, "email")
    if not text(address, "email"):
        address = {**address, "email": email}
    order_like = {**data, "customer_id": data.get("id"), "billing": address}
    return ShopCustomer(
        customer_id=text(data, "id"),
        email=email,
        role=text(data, "role") or "customer",
        buyer=buyer(order_like, meta_keys),
    )


def _body(write: CustomerWrite) -> dict[str, Any]:
    """Only what changes; ``Name`` as the company, or as a person's two names."""
    billing = {_BILLING[name]: value for name, value in write.values.items() if name in _BILLING}
    own: dict[str, Any] = {}
    name = write.values.get("Name", "")
    if name and write.is_company:
        billing["company"] = name
    elif name:
        first, _, last = name.rpartition(" ")
        parts = {"first_name": first or last, "last_name": last if first else ""}
        billing |= parts
        own = dict(parts)
    if not write.customer_id:
        billing["email"] = write.email
    return {**own, "billing": billing}


def _written(write: CustomerWrite, answer: Json | None) -> Written:
    if answer is None:
        return Written(customer_id=write.customer_id, error=_NO_CODE)
    error = answer.get("error")
    if isinstance(error, Mapping):
        # Only the code: WooCommerce's text quotes the e-mail address.
        return Written(customer_id=write.customer_id, error=text(error, "code") or _NO_CODE)
    return Written(customer_id=text(answer, "id") or write.customer_id)
