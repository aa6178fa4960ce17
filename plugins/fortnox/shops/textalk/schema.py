"""Whether the shop has the fields that we rely on; asked at connect, never assumed.

The documentation at hand is incomplete, and a shop may differ. ``getSchema`` tells a class's
properties; where a shop has no such method, the query itself is the proof: a property that is not
there is refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fortnox.core.errors import FatalError
from fortnox.shops.listing import Json
from fortnox.shops.textalk.client import TextalkClient
from fortnox.shops.textalk.convert import ORDER_QUERY
from fortnox.shops.textalk.errors import NoMethodError

RELIED_ON: Mapping[str, tuple[str, ...]] = {
    "Order": tuple(ORDER_QUERY),
    "OrderItem": tuple(ORDER_QUERY["items"]),
    "Payment": tuple(ORDER_QUERY["payments"]),
    "Webshop": ("baseCurrency", "vatCountry", "priceStoredWithVat"),
}


def verify_schema(client: TextalkClient) -> None:
    """Prove that orders can be read as we read them.

    Raises:
        FatalError: Fields are missing; all of them are named.
        UnreachableError: The shop does not answer properly.
    """
    missing = list(_missing(client, RELIED_ON))
    if missing:
        raise _lacking(missing, "orders")
    client.call("Order.list", ORDER_QUERY, {"limit": 1, "sort": "uid", "descending": True})


def known_query(
    client: TextalkClient, class_name: str, needed: Iterable[str], wished: Iterable[str]
) -> Json:
    """A query for what is needed of a class, and for what the shop has of the wishes.

    Raises:
        FatalError: Something that is needed is missing; all of it is named.
        UnreachableError: The shop does not answer properly.
    """
    properties = class_properties(client, class_name)
    wanted = (*needed, *wished)
    if properties is None:
        return dict.fromkeys(wanted, True)
    missing = [f"{class_name}.{name}" for name in needed if name not in properties]
    if missing:
        raise _lacking(missing, f"{class_name.lower()}s")
    return {name: True for name in wanted if name in properties}


def class_properties(client: TextalkClient, class_name: str) -> Mapping[str, Any] | None:
    """A class's properties by name, as JSON Schema; None where the shop has no schema of it."""
    try:
        schema = client.call(f"{class_name}.getSchema", None)
    except NoMethodError:
        return None
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    return properties if isinstance(properties, Mapping) else None


def _missing(client: TextalkClient, relied_on: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for class_name, names in relied_on.items():
        properties = class_properties(client, class_name)
        if properties is not None:
            yield from (f"{class_name}.{name}" for name in names if name not in properties)


def _lacking(missing: Iterable[str], what: str) -> FatalError:
    return FatalError(
        f"The shop lacks fields that {what} are read by: {', '.join(missing)}.",
        remedy="The shop's API differs from what is documented: ask its support for them. "
        "Nothing is read until they are there.",
    )
