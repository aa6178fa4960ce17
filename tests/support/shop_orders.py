"""Orders as a WooCommerce shows them, one field wrong at a time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.worlds import END_DAY

from fortnox.sandbox.seed import ShopData, generate

Json = dict[str, Any]

_ZONE = ZoneInfo("Europe/Stockholm")
_SECOND = "%Y-%m-%dT%H:%M:%S"
_ORE = Decimal("0.01")

#: What no log, XCom, exception or report may hold. Each value is found nowhere else.
BUYER = {
    "first_name": "Ragnhild",
    "last_name": "Hemligsson",
    "company": "",
    "address_1": "Tystnadsgränd 77",
    "address_2": "c/o Viskberg",
    "city": "Tystköping",
    "state": "",
    "postcode": "987 65",
    "country": "SE",
    "email": "ragnhild@hemligsson.example",
    "phone": "070-555 43 21",
}
PERSONAL = (
    *("Ragnhild", "Hemligsson", "Tystnadsgränd", "Viskberg", "Tystköping", "987 65", "98765"),
    *("hemligsson.example", "555 43 21", "5554321", "192.0.2.77", "Lämna hos grannen"),
)


@cache
def _empty() -> ShopData:
    data = generate(end_day=END_DAY, days=1, orders_per_day=1)
    return replace(data, orders=[], refunds=[])


def shop_with(orders: Sequence[Json]) -> ShopData:
    """The seeded shop's registers, with these orders only."""
    return replace(_empty(), orders=list(orders))


def item(gross: str, rate_pct: int | None, *, line_id: int = 1, **changed: Any) -> Json:
    """One line by its gross amount; ``rate_pct`` None: no tax at all on it."""
    net, vat = _split(Decimal(gross), rate_pct)
    line: Json = {
        "id": line_id,
        "name": "Mugg",
        "product_id": 121,
        "variation_id": 0,
        "quantity": 1,
        "total": str(net),
        "total_tax": str(vat),
        "subtotal": str(net),
        "subtotal_tax": str(vat),
        "taxes": [] if rate_pct is None else [{"id": rate_id(rate_pct), "total": str(vat)}],
        "sku": "MUGG-1",
        "meta_data": [],
    }
    return line | changed


def fee(gross: str, rate_pct: int, *, line_id: int = 9) -> Json:
    """A fee line."""
    line = item(gross, rate_pct, line_id=line_id)
    kept = ("id", "total", "total_tax", "taxes", "meta_data")
    return {"name": "Avgift", **{name: line[name] for name in kept}}


def rate_id(rate_pct: int) -> int:
    """The shop's id of a tax rate."""
    return 7000 + rate_pct


def order(
    order_id: int,
    *lines: Json,
    fees: Sequence[Json] = (),
    made_utc: datetime,
    paid_utc: datetime | None = None,
    **changed: Any,
) -> Json:
    """A paid Swedish card sale of a guest with an e-mail address of her own."""
    parts = [*lines, *fees]
    vat = sum((Decimal(part["total_tax"]) for part in parts), Decimal("0.00"))
    net = sum((Decimal(part["total"]) for part in parts), Decimal("0.00"))
    billing = BUYER | {"email": f"{order_id}.{BUYER['email']}"}
    values: Json = {
        "id": order_id,
        "number": str(order_id),
        "parent_id": 0,
        "status": "processing",
        "version": "10.4.0",
        "currency": "SEK",
        "prices_include_tax": True,
        "customer_id": 0,
        "billing": billing,
        "shipping": {name: value for name, value in billing.items() if name != "email"},
        "payment_method": "stripe",
        "payment_method_title": "Kort",
        "transaction_id": f"pi_{order_id}",
        "customer_ip_address": "192.0.2.77",
        "customer_note": "Lämna hos grannen",
        "total": str(net + vat),
        "total_tax": str(vat),
        "line_items": list(lines),
        "fee_lines": list(fees),
        "shipping_lines": [],
        "coupon_lines": [],
        "tax_lines": _tax_lines(parts),
        "refunds": [],
        "meta_data": [],
        "date_completed": None,
        "date_completed_gmt": None,
    }
    paid = paid_utc or made_utc
    for name, moment in (("created", made_utc), ("modified", paid), ("paid", paid)):
        values[f"date_{name}"] = moment.astimezone(_ZONE).strftime(_SECOND)
        values[f"date_{name}_gmt"] = moment.astimezone(UTC).strftime(_SECOND)
    return values | changed


def _split(gross: Decimal, rate_pct: int | None) -> tuple[Decimal, Decimal]:
    rate = Decimal(rate_pct or 0)
    vat = (gross * rate / (100 + rate)).quantize(_ORE, ROUND_HALF_UP)
    return gross.quantize(_ORE) - vat, vat


def _tax_lines(parts: Sequence[Json]) -> list[Json]:
    ids = sorted({tax["id"] for part in parts for tax in part["taxes"]})
    return [
        {
            "id": 50_000 + each,
            "rate_code": f"SE-MOMS {each - 7000}%-1",
            "rate_id": each,
            "label": f"Moms {each - 7000}%",
            "compound": False,
            "rate_percent": each - 7000,
        }
        for each in ids
    ]
