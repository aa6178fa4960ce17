"""Every address below ``/wp-json/wc/v3/`` that this shop knows."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fortnox.sandbox.woocommerce import (
    customers,
    notes,
    order_writes,
    orders,
    products,
    refunds,
    registers,
    settings,
    shop,
    taxes,
    variations,
    webhooks,
)
from fortnox.sandbox.woocommerce.batch import batch
from fortnox.sandbox.woocommerce.errors import no_route
from fortnox.sandbox.woocommerce.listing import Reply

_READ, _READ_WRITE, _ALL = "GET", "GET, POST", "GET, POST, PUT, PATCH, DELETE"
_BATCH, _CHANGE, _NO_EDIT = "POST, PUT, PATCH", "GET, POST, PUT, PATCH", "GET, DELETE"
_ID = r"(\d{1,15})"
_NAME = r"([\w-]+)"


@dataclass(frozen=True)
class Route:
    """One address; ``allow`` is what WordPress says of it, ``listing`` shapes the refusal."""

    methods: tuple[str, ...]
    path: str
    handler: Callable[..., Reply]
    allow: str = _READ
    listing: bool = True


def _resource(
    path: str,
    *,
    many: Callable[..., Reply],
    create: Callable[..., Reply],
    one: Callable[..., Reply],
    change: Callable[..., Reply],
    delete: Callable[..., Reply],
) -> tuple[Route, ...]:
    """The six addresses of a resource that can be listed, read, written, deleted and batched."""
    single = f"{path}/{_ID}"
    return (
        Route(("GET",), path, many, _READ_WRITE),
        Route(("POST",), path, create, _READ_WRITE),
        Route(("POST", "PUT", "PATCH"), f"{path}/batch", batch(create, change, delete), _BATCH),
        Route(("GET",), single, one, _ALL, listing=False),
        Route(("POST", "PUT", "PATCH"), single, change, _ALL, listing=False),
        Route(("DELETE",), single, delete, _ALL, listing=False),
    )


ROUTES = (
    Route(("GET",), "orders/statuses", orders.list_statuses),
    *_resource(
        "orders",
        many=orders.list_orders,
        create=order_writes.create_order,
        one=orders.get_order,
        change=order_writes.put_order,
        delete=orders.delete_order,
    ),
    Route(("GET",), f"orders/{_ID}/refunds", refunds.list_order_refunds, _READ_WRITE),
    Route(("POST",), f"orders/{_ID}/refunds", refunds.create_refund, _READ_WRITE),
    Route(("GET",), f"orders/{_ID}/refunds/{_ID}", refunds.get_order_refund, _NO_EDIT),
    Route(("DELETE",), f"orders/{_ID}/refunds/{_ID}", refunds.delete_refund, _NO_EDIT),
    Route(("GET",), f"orders/{_ID}/notes", notes.list_notes, _READ_WRITE),
    Route(("POST",), f"orders/{_ID}/notes", notes.create_note, _READ_WRITE),
    Route(("GET",), f"orders/{_ID}/notes/{_ID}", notes.get_note, _NO_EDIT, listing=False),
    Route(("DELETE",), f"orders/{_ID}/notes/{_ID}", notes.delete_note, _NO_EDIT),
    Route(("GET",), "refunds", refunds.list_refunds),
    Route(("GET",), "products/categories", registers.list_categories, _READ_WRITE),
    Route(("GET",), f"products/categories/{_ID}", registers.get_category, _ALL),
    Route(("GET",), "products/attributes", registers.list_attributes, _READ_WRITE),
    Route(("GET",), f"products/attributes/{_ID}", registers.get_attribute, _ALL),
    *_resource(
        f"products/{_ID}/variations",
        many=products.list_variations,
        create=variations.create_variation,
        one=variations.get_variation,
        change=variations.put_variation,
        delete=variations.delete_variation,
    ),
    Route(("GET",), "variations", products.list_all_variations),
    *_resource(
        "products",
        many=products.list_products,
        create=products.create_product,
        one=products.get_product,
        change=products.put_product,
        delete=products.delete_product,
    ),
    *_resource(
        "customers",
        many=customers.list_customers,
        create=customers.create_customer,
        one=customers.get_customer,
        change=customers.put_customer,
        delete=customers.delete_customer,
    ),
    Route(("GET",), "taxes/classes", taxes.list_classes, _READ_WRITE),
    Route(("POST",), "taxes/classes", taxes.create_class, _READ_WRITE),
    *_resource(
        "taxes",
        many=taxes.list_taxes,
        create=taxes.create_tax,
        one=taxes.get_tax,
        change=taxes.put_tax,
        delete=taxes.delete_tax,
    ),
    *_resource(
        "webhooks",
        many=webhooks.list_webhooks,
        create=webhooks.create_webhook,
        one=webhooks.get_webhook,
        change=webhooks.put_webhook,
        delete=webhooks.delete_webhook,
    ),
    Route(("GET",), "settings", settings.list_groups),
    Route(("GET",), f"settings/{_NAME}", settings.list_settings),
    Route(("GET",), f"settings/{_NAME}/{_NAME}", settings.get_setting, _CHANGE),
    Route(("POST", "PUT", "PATCH"), f"settings/{_NAME}/{_NAME}", settings.put_setting, _CHANGE),
    Route(("GET",), "payment_gateways", registers.list_gateways),
    Route(("GET",), f"payment_gateways/{_NAME}", registers.get_gateway, _CHANGE),
    Route(("POST", "PUT", "PATCH"), f"payment_gateways/{_NAME}", registers.put_gateway, _CHANGE),
    Route(("GET",), "shipping/zones", registers.list_zones, _READ_WRITE),
    Route(("GET",), f"shipping/zones/{_ID}", registers.get_zone, _ALL),
    Route(("GET",), f"shipping/zones/{_ID}/methods", registers.list_methods, _READ_WRITE),
    Route(("GET",), "system_status", shop.system_status),
    Route(("GET",), "data/currencies/current", shop.current_currency),
)  # fmt: skip
_COMPILED = tuple((re.compile(route.path, re.ASCII), route) for route in ROUTES)


def find(method: str, path: str) -> tuple[Route, tuple[Any, ...]]:
    """The route of a request, and what its address names.

    Raises:
        WpError: 404 ``rest_no_route``, also for a method that the address does not know.
    """
    for pattern, route in _COMPILED:
        match = pattern.fullmatch(path)
        if match and method in route.methods:
            return route, match.groups()
    raise no_route()
