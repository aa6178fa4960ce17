"""From the shop's values to the bytes that WordPress sends."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

import simplejson

from fortnox.sandbox.seed.model import Json

#: Decimals up to which a shop keeps more than it shows.
_SHOWN = 2
#: No amount is shown with more, whatever ``dp`` says.
_MOST = 30
_WIDE = Context(prec=100)
_ORDER_MONEY = (
    "discount_total", "discount_tax", "shipping_total", "shipping_tax", "cart_tax", "total",
    "total_tax", "amount",
)  # fmt: skip
_LINES = ("line_items", "shipping_lines", "fee_lines")
_LINE_MONEY = ("subtotal", "subtotal_tax", "total", "total_tax")


def encode(body: object) -> bytes:
    r"""JSON as PHP writes it: ``\/`` and ``\uXXXX``."""
    text = simplejson.dumps(body, use_decimal=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode("ascii")


def with_decimals(order: Json, decimals: int, unrounded: Mapping[Any, Json]) -> Json:
    """An order or refund with ``dp`` decimals.

    With more than two, the lines' amounts ex VAT and the parts in ``taxes`` show what the shop
    keeps unrounded, while ``total_tax`` stays rounded per line: such lines don't add up.
    """
    if decimals == _SHOWN:
        return order
    shown = dict(order)
    for name in _ORDER_MONEY:
        if name in shown:
            shown[name] = _with(shown[name], decimals)
    for name in _LINES:
        shown[name] = [_line(line, decimals, unrounded.get(line["id"])) for line in order[name]]
    shown["tax_lines"] = [
        line | {key: _with(line[key], decimals) for key in ("tax_total", "shipping_tax_total")}
        for line in order["tax_lines"]
    ]
    return shown


def _line(line: Json, decimals: int, kept: Json | None) -> Json:
    shown = dict(line)
    taxes = [dict(tax) for tax in line["taxes"]]
    if decimals > _SHOWN and kept is not None:
        shown |= {name: kept[name] for name in ("subtotal", "total") if name in kept}
        for tax in taxes:
            tax |= {name: kept[f"{name}_tax"] for name in ("total", "subtotal")
                    if f"{name}_tax" in kept}  # fmt: skip
    for name in _LINE_MONEY:
        if name in shown:
            shown[name] = _with(shown[name], decimals)
    shown["taxes"] = [
        tax | {key: _with(tax[key], decimals) for key in ("total", "subtotal")} for tax in taxes
    ]
    return shown


def _with(amount: str, decimals: int) -> str:
    try:
        value = Decimal(amount)
    except InvalidOperation:
        return amount
    places = Decimal(1).scaleb(-max(0, min(decimals, _MOST)))
    return str(value.quantize(places, rounding=ROUND_HALF_UP, context=_WIDE))


def only(body: Any, fields: list[str]) -> Any:
    """``_fields``: whole top-level fields; PHP shows an object without members as ``[]``."""
    if not fields:
        return body
    if isinstance(body, list):
        return [only(item, fields) for item in body]
    kept = {name: value for name, value in body.items() if name in fields}
    return kept or []


def links(
    home: str, path: str, *, up: str = "", methods: str = "GET, POST, PUT, PATCH, DELETE"
) -> Json:
    """``_links`` of one resource; ``path`` starts after ``/wp-json/wc/v3/``."""
    base = f"{home}/wp-json/wc/v3/"
    found: Json = {
        "self": [{"href": base + path, "targetHints": {"allow": methods.split(", ")}}],
        "collection": [{"href": base + path.rpartition("/")[0]}],
    }
    if up:
        found["up"] = [{"href": base + up}]
    return found
