"""``/products`` and ``/products/<id>``: read, create, change, delete."""

from collections.abc import Iterable
from decimal import Decimal

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.defaults import PRODUCT, fresh
from fortnox.sandbox.woocommerce.errors import WpError, no_route
from fortnox.sandbox.woocommerce.listing import ORDER_BY, Paging, Reply, page_of
from fortnox.sandbox.woocommerce.product_values import (
    PRODUCT_SCHEMA,
    STATUSES,
    STOCK_STATUSES,
    TYPES,
    check_images,
    check_sku,
    moved_stock,
    price_html,
    settle,
    settle_parent,
)
from fortnox.sandbox.woocommerce.schema import checked
from fortnox.sandbox.woocommerce.texts import escaped, slug_of, with_meta
from fortnox.sandbox.woocommerce.variations import shown_variation
from fortnox.sandbox.woocommerce.wire import links, only

_ORDER_BY = (*ORDER_BY, "price", "popularity", "rating", "menu_order")
_HIDDEN = ("trash", "auto-draft")


def list_products(ctx: Context) -> Reply:
    """``GET /products``; variations only when they are asked for by SKU."""
    params, data = ctx.params, ctx.data
    sku = [word.strip().lower() for word in params.query.text("sku").split(",") if word.strip()]
    status = params.choice("status", "any", ("any", *STATUSES))
    kind = params.choice("type", "", ("", *TYPES))
    stock = params.choice("stock_status", "", ("", *STOCK_STATUSES))
    category = params.integer("category", 0)
    search = params.query.text("search").lower()
    items = [*data.products.values(), *(data.variations.values() if sku else ())]
    found = [
        item
        for item in items
        if (not sku or item["sku"].lower() in sku)
        and (item["status"] not in _HIDDEN if status == "any" else item["status"] == status)
        and kind in ("", item["type"])
        and stock in ("", item["stock_status"])
        and (not category or category in [c["id"] for c in item.get("categories", ())])
        and search in f"{item['name']} {item['description']} {item['sku']}".lower()
    ]
    return list_by_date(ctx, _priced(ctx, found))


def list_variations(ctx: Context, product_id: str) -> Reply:
    """``GET /products/<id>/variations``; a variation without its own SKU shows the parent's."""
    parent = product(ctx, product_id)
    its_own = (v for v in ctx.data.variations.values() if v["parent_id"] == parent["id"])
    return list_by_date(ctx, [v for v in its_own if v["status"] not in _HIDDEN])


def list_all_variations(ctx: Context) -> Reply:
    """``GET /variations``: those of every product, since WooCommerce 10.3; each names its own."""
    if not ctx.store.switches.variations_route:
        raise no_route()
    return list_by_date(
        ctx, [v for v in ctx.data.variations.values() if v["status"] not in _HIDDEN]
    )


def _priced(ctx: Context, items: Iterable[Json]) -> list[Json]:
    """What lies between ``min_price`` and ``max_price``, and is on sale if that is asked."""
    low, high = (ctx.params.number(name) for name in ("min_price", "max_price"))
    only_sale = ctx.params.boolean("on_sale")
    return [
        item
        for item in items
        if (low is None or Decimal(item["price"] or 0) >= low)
        and (high is None or Decimal(item["price"] or 0) <= high)
        and (not only_sale or item["on_sale"])
    ]


def list_by_date(ctx: Context, items: Iterable[Json]) -> Reply:
    """A list of products or variations, with the filters and orders that both know."""
    paging = Paging.read(ctx.params, order_by=_ORDER_BY)
    created = ctx.params.bounds("after", "before")
    modified = ctx.params.bounds("modified_after", "modified_before")
    ctx.params.finish()
    found = [
        item
        for item in items
        if created.hold(item["date_created_gmt"]) and modified.hold(item["date_modified_gmt"])
    ]
    return page_of(found, paging, url=ctx.url, query=ctx.params.query.flat(),
                   show=lambda item: only(shown_product(ctx, item), ctx.fields))  # fmt: skip


def get_product(ctx: Context, product_id: str) -> Reply:
    """``GET /products/<id>``; a variation is found here too."""
    item = ctx.data.variations.get(int(product_id)) or product(ctx, product_id)
    return ctx.one(shown_product(ctx, item))


def create_product(ctx: Context) -> Reply:
    """``POST /products``."""
    written = checked(ctx.body, PRODUCT_SCHEMA)
    item = fresh(PRODUCT, {"name": "Product"})
    _write(ctx, item, written)
    item["id"] = ctx.data.next_id("post")
    item["slug"] = slug_of(written.get("slug") or item["name"],
                           (other["slug"] for other in ctx.data.products.values()))  # fmt: skip
    ctx.store.stamp(item, "date_created")
    return _saved(ctx, item, 201)


def put_product(ctx: Context, product_id: str) -> Reply:
    """``PUT /products/<id>``: what is written changes, the rest stays."""
    written = checked(ctx.body, PRODUCT_SCHEMA)
    if int(product_id) in ctx.data.variations:
        text = ("To manipulate product variations you should use the "
                "/products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.")  # fmt: skip
        raise WpError("woocommerce_rest_invalid_product_id", text, 404)
    item = dict(product(ctx, product_id, status=400))
    _write(ctx, item, written)
    return _saved(ctx, item, 200)


def delete_product(ctx: Context, product_id: str) -> Reply:
    """``DELETE /products/<id>``: to the trash, or for good with its variations."""
    item = product(ctx, product_id)
    before = shown_product(ctx, dict(item))
    its_own = [key for key, v in ctx.data.variations.items() if v["parent_id"] == item["id"]]
    if ctx.force:
        del ctx.data.products[item["id"]]
        for key in its_own:
            del ctx.data.variations[key]
    elif item["status"] == "trash":
        text = "The product has already been deleted."
        raise WpError("woocommerce_rest_already_trashed", text, 410)
    else:
        ctx.data.products[item["id"]] = item | {"status": "trash"}
    ctx.store.save()
    return ctx.one(before)


def product(ctx: Context, product_id: str, *, status: int = 404) -> Json:
    """A product by its id.

    Raises:
        WpError: There is none.
    """
    found = ctx.data.products.get(int(product_id))
    if found is None:
        raise WpError("woocommerce_rest_product_invalid_id", "Invalid ID.", status)
    return found


def shown_product(ctx: Context, item: Json) -> Json:
    """A product, or a variation among products, as it is answered."""
    if item["type"] == "variation":
        return shown_variation(ctx, item)
    if "_links" in item:
        return item
    return item | {
        "permalink": f"{ctx.home}/product/{item['slug']}/",
        "price_html": price_html(ctx.data, item),
        "_links": links(ctx.home, f"products/{item['id']}"),
    }


def _write(ctx: Context, item: Json, written: Json) -> None:
    check_images(written)
    check_sku(ctx.data, written, item["id"])
    given = {name: value for name, value in written.items() if name not in ("meta_data", "images")}
    for name in ("name", "description", "short_description"):
        if name in given:
            given[name] = escaped(given[name])
    if "categories" in given:
        ids = [category.get("id", 0) for category in given["categories"]]
        named = [ctx.data.categories[key] for key in ids if key in ctx.data.categories]
        given["categories"] = [{n: c[n] for n in ("id", "name", "slug")} for c in named]
    if "attributes" in given:
        given["attributes"] = [
            _attribute(ctx, attribute, i) for i, attribute in enumerate(given["attributes"])
        ]
    if "dimensions" in given:
        given["dimensions"] = item["dimensions"] | given["dimensions"]
    item |= moved_stock(item, given)
    # What was recorded is worked out anew from now on.
    item.pop("_links", None)
    item["meta_data"] = with_meta(item["meta_data"], written.get("meta_data", ()), ctx.data)
    settle(item)


def _attribute(ctx: Context, written: Json, position: int) -> Json:
    known = ctx.data.attributes.get(written.get("id", 0))
    name = known["name"] if known else written.get("name", "")
    return {
        "id": known["id"] if known else 0,
        "name": name,
        "slug": known["slug"] if known else name,
        "position": written.get("position", position),
        "visible": written.get("visible", False),
        "variation": written.get("variation", False),
        "options": written.get("options", []),
    }


def _saved(ctx: Context, item: Json, status: int) -> Reply:
    ctx.store.stamp(item, "date_modified")
    ctx.data.products[item["id"]] = item
    if item["type"] == "variable":
        settle_parent(ctx.data, item["id"])
    ctx.store.save()
    return ctx.one(shown_product(ctx, item), status)
