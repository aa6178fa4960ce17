"""WooCommerce orders by hand, in the JSON that its REST API answers (``dp=2``)."""

from decimal import Decimal
from typing import Any

from fortnox.core.money import decimal_to_ore, format_ore, round_half_up
from fortnox.core.orders import LineKind, Order
from fortnox.shops.woocommerce.buyer import MetaKeys
from fortnox.shops.woocommerce.convert import order_from_json

Json = dict[str, Any]
KINDS = {(1, 0): LineKind.GOODS, (2, 0): LineKind.SERVICE, (3, 0): LineKind.GIFT_CARD}
#: Rate ids of the shop: one per Swedish rate.
RATE_IDS = {25: 1, 12: 2, 6: 3, 0: 4}


def rate_id(rate_pct: float) -> int:
    """The shop's id of a rate; JSON has 25.5 as a fraction."""
    return RATE_IDS[int(rate_pct)] if rate_pct in RATE_IDS else 100 + int(10 * rate_pct)


def tax_line(rate_pct: float, country: str = "SE", **fields: Any) -> Json:
    """A rate of the order."""
    return {
        "rate_id": rate_id(rate_pct),
        "rate_code": f"{country}-MOMS {rate_pct}%-1",
        "rate_percent": rate_pct,
        "label": f"Moms {rate_pct}%",
        "compound": False,
        **fields,
    }


def row(net: str, rate_pct: float | None = 25, **fields: Any) -> Json:
    """A line, shipping line or fee by its net amount; without tax when the rate is None."""
    net_ore = decimal_to_ore(net)
    vat = format_ore(round_half_up(Decimal(net_ore) * Decimal(str(rate_pct or 0)) / 100))
    taxes = [] if rate_pct is None else [{"id": rate_id(rate_pct)}]
    return {
        "id": fields.pop("id", 11),
        "name": "Mugg",
        "product_id": 1,
        "variation_id": 0,
        "quantity": 1,
        "sku": "MUGG",
        "total": format_ore(net_ore),
        "total_tax": vat,
        "taxes": [{**tax, "total": vat, "subtotal": vat} for tax in taxes],
        **fields,
    }


def order_json(*lines: Json, **fields: Any) -> Json:
    """A paid order of 4 May 2026; its totals are the sums of its lines unless said otherwise."""
    items = list(lines)
    shipping, fees = fields.pop("shipping_lines", []), fields.pop("fee_lines", [])
    every = [*items, *shipping, *fees]
    vat_ore = sum(decimal_to_ore(line["total_tax"]) for line in every)
    net_ore = sum(decimal_to_ore(line["total"]) for line in every)
    address = {
        "first_name": "Test",
        "last_name": "Testsson",
        "address_1": "Gatan 1",
        "postcode": "111 22",
        "city": "Orten",
        "country": "SE",
        **fields.pop("address", {}),
    }
    base: Json = {
        "id": 1001,
        "number": "1001",
        "status": "completed",
        "currency": "SEK",
        "total": format_ore(net_ore + vat_ore),
        "total_tax": format_ore(vat_ore),
        "payment_method": "stripe",
        "date_created_gmt": "2026-05-04T09:00:00",
        "date_modified_gmt": "2026-05-04T11:00:00",
        "date_paid_gmt": "2026-05-04T10:00:00",
        "date_completed_gmt": "2026-05-04T11:00:00",
        "customer_id": 0,
        "billing": {**address, "email": "test@example.com"},
        "shipping": {},
        "transaction_id": "",
        "meta_data": [],
        "line_items": items,
        "shipping_lines": shipping,
        "fee_lines": fees,
        "tax_lines": [tax_line(rate) for rate in RATE_IDS],
    }
    return {**base, **fields}


def canonical(data: Json) -> Order:
    """As the adapter hands it on."""
    return order_from_json(data, KINDS, MetaKeys())
