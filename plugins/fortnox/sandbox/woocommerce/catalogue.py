"""``/products``, ``/products/<id>/variations``, ``/customers``, ``/taxes``."""

from collections.abc import Callable, Iterable

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError
from fortnox.sandbox.woocommerce.listing import ORDER_BY, Paging, Reply, moment, page_of
from fortnox.sandbox.woocommerce.wire import links, only

_PRODUCT_ORDER_BY = (*ORDER_BY, "price", "popularity", "rating", "menu_order")
_CUSTOMER_ORDER_BY = ("id", "include", "name", "registered_date")
_ROLES = ("all", "administrator", "editor", "author", "contributor", "subscriber", "customer",
          "shop_manager")  # fmt: skip


def list_products(ctx: Context) -> Reply:
    """``GET /products``; variations only when they are asked for by SKU."""
    sku = [word.lower() for word in ctx.params.query.text("sku").split(",") if word]
    items = [*ctx.store.data.products, *(ctx.store.data.variations if sku else [])]
    found = [item for item in items if not sku or item["sku"].lower() in sku]
    return _by_date(ctx, found, lambda item: _shown_product(ctx, item))


def get_product(ctx: Context, product_id: str) -> Reply:
    """``GET /products/<id>``."""
    code = "woocommerce_rest_product_invalid_id"
    items = [*ctx.store.data.products, *ctx.store.data.variations]
    return Reply(body=only(_shown_product(ctx, _one(items, product_id, code)), ctx.fields))


def list_variations(ctx: Context, product_id: str) -> Reply:
    """``GET /products/<id>/variations``; a variation without its own SKU shows the parent's."""
    parent = _one(ctx.store.data.products, product_id, "woocommerce_rest_product_invalid_id")
    found = [v for v in ctx.store.data.variations if v["parent_id"] == parent["id"]]
    return _by_date(ctx, found, lambda item: _shown_product(ctx, item))


def get_variation(ctx: Context, product_id: str, variation_id: str) -> Reply:
    """``GET /products/<id>/variations/<variation id>``."""
    code = "woocommerce_rest_product_variation_invalid_id"
    found = [v for v in ctx.store.data.variations if v["parent_id"] == int(product_id)]
    return Reply(body=only(_shown_product(ctx, _one(found, variation_id, code)), ctx.fields))


def list_customers(ctx: Context) -> Reply:
    """``GET /customers``: role customer unless asked otherwise, no filter by date at all."""
    params = ctx.params
    paging = Paging.read(
        params, order_by=_CUSTOMER_ORDER_BY, default_order="asc", default_by="name"
    )
    role = params.choice("role", "customer", _ROLES)
    email = params.query.text("email").lower()
    params.finish()
    found = [
        customer
        for customer in ctx.store.data.customers
        if role in ("all", customer["role"]) and email in ("", customer["email"].lower())
    ]
    return _listed(ctx, found, paging, lambda item: _shown_customer(ctx, item))


def get_customer(ctx: Context, customer_id: str) -> Reply:
    """``GET /customers/<id>``."""
    for customer in ctx.store.data.customers:
        if customer["id"] == int(customer_id):
            return Reply(body=only(_shown_customer(ctx, customer), ctx.fields))
    raise WpError("wc_user_invalid_id", "Invalid user ID.", 404)


def list_taxes(ctx: Context) -> Reply:
    """``GET /taxes``, in the order in which they apply."""
    paging = Paging.read(ctx.params, order_by=("id", "order", "priority"), default_order="asc",
                         default_by="order")  # fmt: skip
    ctx.params.finish()
    wanted = ctx.params.query.text("class")
    found = [tax for tax in ctx.store.data.taxes if wanted in ("", tax["class"])]
    return _listed(
        ctx, found, paging,
        lambda tax: tax | {"_links": links(ctx.home, f"taxes/{tax['id']}")},
    )  # fmt: skip


def _by_date(ctx: Context, items: Iterable[Json], show: Callable[[Json], Json]) -> Reply:
    paging = Paging.read(ctx.params, order_by=_PRODUCT_ORDER_BY)
    created = ctx.params.bounds("after", "before")
    modified = ctx.params.bounds("modified_after", "modified_before")
    ctx.params.finish()
    found = [
        item
        for item in items
        if created.hold(moment(item, "date_created"))
        and modified.hold(moment(item, "date_modified"))
    ]
    return _listed(ctx, found, paging, show)


def _listed(
    ctx: Context, found: Iterable[Json], paging: Paging, show: Callable[[Json], Json]
) -> Reply:
    return page_of(
        found,
        paging,
        url=ctx.url,
        query=ctx.params.query.flat(),
        show=lambda item: only(show(item), ctx.fields),
    )


def _one(items: Iterable[Json], item_id: str, code: str) -> Json:
    for item in items:
        if item["id"] == int(item_id):
            return item
    raise WpError(code, "Invalid ID.", 404)


def _shown_product(ctx: Context, item: Json) -> Json:
    if item["type"] != "variation":
        return item | {"_links": links(ctx.home, f"products/{item['id']}")}
    parent = f"products/{item['parent_id']}"
    found = links(ctx.home, f"{parent}/variations/{item['id']}", up=parent)
    if not item["sku"]:
        skus = (p["sku"] for p in ctx.store.data.products if p["id"] == item["parent_id"])
        item = item | {"sku": next(skus, "")}
    return item | {"_links": found}


def _shown_customer(ctx: Context, customer: Json) -> Json:
    return customer | {"_links": links(ctx.home, f"customers/{customer['id']}")}
