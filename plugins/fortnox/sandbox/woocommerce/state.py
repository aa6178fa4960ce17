"""The shop as values: the file that keeps it, and another sale made from an old one."""

import copy
from collections.abc import Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from pathlib import Path

import simplejson

from fortnox.sandbox.seed.model import Json, ShopData, Unrounded

_WITH_IDS = ("line_items", "shipping_lines", "fee_lines", "coupon_lines", "tax_lines")


def write_state(path: Path, data: ShopData) -> None:
    """Write a shop to a JSON file; the file is the old or the new one, never a part."""
    state = {field.name: getattr(data, field.name) for field in fields(data)}
    state["unrounded"] = {key: asdict(kept) for key, kept in data.unrounded.items()}
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(simplejson.dumps(state, use_decimal=True), encoding="utf-8")
    fresh.replace(path)


def read_state(path: Path | None) -> ShopData | None:
    """The shop that was written, None if there is no such file."""
    if path is None or not path.exists():
        return None
    state: Json = simplejson.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    kept = {int(key): Unrounded(**amounts) for key, amounts in state.pop("unrounded").items()}
    return ShopData(**state, unrounded=kept)


def sold_again(orders: Sequence[Json], order_id: int) -> Json:
    """The newest ordinary order once more, paid and not delivered, with ids of its own.

    Raises:
        LookupError: The shop has no paid order to copy.
    """
    ordinary = [o for o in orders if o["status"] in ("processing", "completed") and o["date_paid"]]
    newest = max(
        (o for o in ordinary if not o["refunds"]), key=lambda o: int(o["id"]), default=None
    )
    if newest is None:
        raise LookupError("no paid order to sell again")
    order = copy.deepcopy(newest)
    lines = [line for name in _WITH_IDS for line in order[name]]
    for number, line in enumerate(lines):
        line["id"] = order_id * 100 + number
    order |= {
        "id": order_id,
        "number": str(order_id),
        "status": "processing",
        "date_completed": None,
        "date_completed_gmt": None,
    }
    return order
