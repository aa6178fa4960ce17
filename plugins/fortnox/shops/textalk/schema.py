"""Whether the shop has the fields that we rely on; asked at connect, never assumed.

The documentation at hand is incomplete, and a shop may differ. ``getSchema`` tells a class's
properties; where a shop has no such method, the query itself is the proof: a property that is not
there is refused.
"""

from collections.abc import Iterator, Mapping

from fortnox.core.errors import FatalError
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
    missing = list(_missing(client))
    if missing:
        raise FatalError(
            f"The shop lacks fields that orders are read by: {', '.join(missing)}.",
            remedy="The shop's API differs from what is documented: ask its support for them. "
            "Nothing is read until they are there.",
        )
    client.call("Order.list", ORDER_QUERY, {"limit": 1, "sort": "uid", "descending": True})


def _missing(client: TextalkClient) -> Iterator[str]:
    for class_name, names in RELIED_ON.items():
        try:
            schema = client.call(f"{class_name}.getSchema", None)
        except NoMethodError:
            continue
        properties = schema.get("properties") if isinstance(schema, Mapping) else None
        if isinstance(properties, Mapping):
            yield from (f"{class_name}.{name}" for name in names if name not in properties)
