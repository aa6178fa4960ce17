"""What a seeded shop holds: WooCommerce's own JSON shapes, ready to be served."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

#: A JSON object as WooCommerce shows it. Money is text with two decimals; numbers that
#: WooCommerce shows as JSON numbers (``price``, ``rate_percent``) are int or Decimal.
Json = dict[str, Any]

#: What a WooCommerce shop shows as a time: naive, to the second.
WP_TIME = "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrounded:
    """What WooCommerce keeps of a line beyond the öre; shown with ``dp`` above 2 (text, 6 dp)."""

    subtotal: str
    total: str
    subtotal_tax: str
    total_tax: str


@dataclass(slots=True, kw_only=True)
class ShopData:
    """A whole shop.

    Attributes:
        orders: Orders as ``GET /orders`` shows them with ``dp=2``, without ``_links`` and
            ``payment_url`` (both depend on where the shop is served).
        refunds: Refunds as ``GET /refunds`` shows them, without ``_links``.
        products: Products, without variations.
        variations: Variations; each names its product in ``parent_id``.
        customers: Registered customers (and one administrator).
        taxes: Tax rates.
        settings: Group (``general``, ``tax``) -> its settings.
        gateways: Payment gateways.
        timezone: IANA name of the shop's time zone.
        unrounded: Id of an order's line, shipping line or fee -> its unrounded amounts.
        title: The shop's name.
        tax_classes: Classes of VAT rates.
        categories: Product categories.
        attributes: Global product attributes.
        zones: Shipping zones.
        methods: Shipping methods; each names its zone in ``zone_id``.
    """

    orders: list[Json]
    refunds: list[Json]
    products: list[Json]
    variations: list[Json]
    customers: list[Json]
    taxes: list[Json]
    settings: dict[str, list[Json]]
    gateways: list[Json]
    timezone: str = "Europe/Stockholm"
    unrounded: dict[int, Unrounded] = field(default_factory=dict)
    title: str = "Tallkottens lanthandel"
    tax_classes: list[Json] = field(default_factory=list)
    categories: list[Json] = field(default_factory=list)
    attributes: list[Json] = field(default_factory=list)
    zones: list[Json] = field(default_factory=list)
    methods: list[Json] = field(default_factory=list)


def chance(*parts: object) -> random.Random:
    """A random source that depends on its arguments alone; for play data, never for secrets."""
    return random.Random(":".join(str(part) for part in parts))  # noqa: S311 - play data


def gmt_text(moment: datetime | None) -> str | None:
    """An aware time as WooCommerce shows it in ``*_gmt`` fields."""
    return None if moment is None else moment.astimezone(UTC).strftime(WP_TIME)
