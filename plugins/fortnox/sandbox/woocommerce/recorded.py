"""A shop from JSON files in WooCommerce's own format: what a real shop answered, served again.

Each file is a list of resources, a single one, or an object of such lists; of what kind they are
is told by their members. What is read is answered as it stands, addresses included.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import simplejson

from fortnox.sandbox.seed.model import Json, ShopData

#: Members that tell a kind, the more telling first.
_TELLING = (
    ("orders", {"line_items", "billing", "status"}),
    ("refunds", {"amount", "refunded_by"}),
    ("products", {"regular_price", "type", "variations"}),
    ("variations", {"regular_price", "parent_id"}),
    ("customers", {"username", "email"}),
    ("taxes", {"rate", "compound", "class"}),
    ("gateways", {"method_supports"}),
)


def load(paths: Sequence[Path], base: ShopData) -> ShopData:
    """The shop of these files; what they don't tell is the base's.

    With orders of their own come no orders or refunds of the base, and each VAT rate that their
    lines name is one of the shop's.

    Raises:
        ValueError: A file is not JSON, or holds something else; the text names file and place.
        OSError: A file can't be read.
    """
    found: dict[str, dict[Any, Json]] = {}
    for path in paths:
        for place, item in enumerate(_items(path)):
            kind = _kind(item)
            if kind is None or "id" not in item:
                msg = f"{path.name}: item {place} is nothing that WooCommerce answers"
                raise ValueError(msg)
            found.setdefault(kind, {})[item["id"]] = item
    lists: dict[str, Any] = {kind: list(items.values()) for kind, items in found.items()}
    if "orders" in lists:
        lists = {"refunds": [], "unrounded": {}} | lists
        taxes = lists.get("taxes") or base.taxes
        lists["taxes"] = [*_without(taxes, lists["orders"]), *_rates(taxes, lists["orders"])]
    return replace(base, **lists)


def unexplained_refunds(shop: ShopData) -> int:
    """How many refunds the orders name that no file tells of: ``/refunds`` does not list them."""
    told = {refund["id"] for refund in shop.refunds}
    named = {refund["id"] for order in shop.orders for refund in order["refunds"]}
    return len(named - told)


def _items(path: Path) -> Iterator[Json]:
    try:
        content = simplejson.loads(path.read_text(encoding="utf-8"), use_decimal=True)
    except ValueError as error:
        msg = f"{path.name}: not JSON: {error}"
        raise ValueError(msg) from error
    if isinstance(content, dict) and "id" not in content:
        lists: Iterable[Any] = content.values()
        content = [item for part in lists if isinstance(part, list) for item in part]
    yield from content if isinstance(content, list) else [content]


def _kind(item: Any) -> str | None:
    if not isinstance(item, dict):
        return None
    return next((kind for kind, members in _TELLING if members <= set(item)), None)


def _rates(taxes: Sequence[Json], orders: Sequence[Json]) -> list[Json]:
    """A rate for each that the orders' lines name and the shop does not have just so."""
    known = {(tax["id"], Decimal(tax["rate"])) for tax in taxes}
    made: dict[int, Json] = {}
    for order in orders:
        for line in order["tax_lines"]:
            percent = Decimal(line.get("rate_percent") or 0)
            if (line["rate_id"], percent) in known:
                continue
            made[line["rate_id"]] = {
                "id": line["rate_id"], "country": line["rate_code"].partition("-")[0],
                "state": "", "postcode": "", "city": "", "rate": f"{percent:.4f}",
                "name": line["label"], "priority": 1, "compound": line["compound"],
                "shipping": True, "order": line["rate_id"],
                "class": _class_at(order, line["rate_id"]) or "standard", "postcodes": [],
                "cities": [],
            }  # fmt: skip
    return list(made.values())


def _without(taxes: Sequence[Json], orders: Sequence[Json]) -> list[Json]:
    replaced = {rate["id"] for rate in _rates(taxes, orders)}
    return [tax for tax in taxes if tax["id"] not in replaced]


def _class_at(order: Json, rate_id: int) -> str:
    lines = (li for li in order["line_items"] if rate_id in [tax["id"] for tax in li["taxes"]])
    return next((str(line["tax_class"]) for line in lines), "")
