"""``/products/<id>/variations``: read, create, change, delete."""

from urllib.parse import quote

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.defaults import VARIATION, fresh
from fortnox.sandbox.woocommerce.errors import WpError
from fortnox.sandbox.woocommerce.listing import Reply
from fortnox.sandbox.woocommerce.product_values import (
    VARIATION_SCHEMA,
    check_images,
    check_sku,
    moved_stock,
    settle,
    settle_parent,
)
from fortnox.sandbox.woocommerce.schema import checked
from fortnox.sandbox.woocommerce.texts import with_meta
from fortnox.sandbox.woocommerce.wire import links

_OF_PARENT = ("stock_quantity", "stock_status", "backorders", "backorders_allowed", "backordered")


def get_variation(ctx: Context, product_id: str, variation_id: str) -> Reply:
    """``GET /products/<id>/variations/<variation id>``."""
    return ctx.one(shown_variation(ctx, _variation(ctx, product_id, variation_id)))


def create_variation(ctx: Context, product_id: str) -> Reply:
    """``POST /products/<id>/variations``."""
    written = checked(ctx.body, VARIATION_SCHEMA)
    parent = ctx.data.products.get(int(product_id))
    if parent is None:
        raise WpError("woocommerce_rest_product_invalid_id", "Invalid ID.", 404)
    item = fresh(VARIATION, {"parent_id": parent["id"], "tax_class": parent["tax_class"]})
    _write(ctx, item, written)
    item["id"] = ctx.data.next_id("post")
    ctx.store.stamp(item, "date_created")
    return _saved(ctx, item, 201)


def put_variation(ctx: Context, product_id: str, variation_id: str) -> Reply:
    """``PUT /products/<id>/variations/<variation id>``."""
    written = checked(ctx.body, VARIATION_SCHEMA)
    item = dict(_variation(ctx, product_id, variation_id))
    _write(ctx, item, written)
    return _saved(ctx, item, 200)


def delete_variation(ctx: Context, product_id: str, variation_id: str) -> Reply:
    """``DELETE /products/<id>/variations/<variation id>``."""
    item = _variation(ctx, product_id, variation_id)
    before = shown_variation(ctx, dict(item))
    if ctx.force:
        del ctx.data.variations[item["id"]]
        settle_parent(ctx.data, item["parent_id"])
    elif item["status"] == "trash":
        text = "The product_variation has already been deleted."
        raise WpError("woocommerce_rest_already_trashed", text, 410)
    else:
        ctx.data.variations[item["id"]] = item | {"status": "trash"}
    ctx.store.save()
    return ctx.one(before)


def shown_variation(ctx: Context, item: Json) -> Json:
    """A variation as it is answered: what it lacks itself, it shows of its product."""
    if "_links" in item:
        return item
    parent = ctx.data.products.get(item["parent_id"], {})
    path = f"products/{item['parent_id']}"
    chosen = "&".join(
        f"attribute_{quote(a['slug'].lower())}={quote(a['option'])}" for a in item["attributes"]
    )
    shown = item | {
        "permalink": f"{ctx.home}/product/{parent.get('slug', '')}/?{chosen}",
        "sku": item["sku"] or parent.get("sku", ""),
        "_links": links(ctx.home, f"{path}/variations/{item['id']}", up=path),
    }
    if item["manage_stock"] is False and parent.get("manage_stock"):
        shown |= {"manage_stock": "parent"} | {name: parent[name] for name in _OF_PARENT}
    return shown


def _variation(ctx: Context, product_id: str, variation_id: str) -> Json:
    found = ctx.data.variations.get(int(variation_id))
    if found is None or found["parent_id"] != int(product_id):
        raise WpError("woocommerce_rest_product_variation_invalid_id", "Invalid ID.", 404)
    return found


def _write(ctx: Context, item: Json, written: Json) -> None:
    check_images(written)
    check_sku(ctx.data, written, item["id"])
    given = {name: value for name, value in written.items() if name not in ("meta_data", "image")}
    if "manage_stock" in given:
        # "parent" is what WooCommerce shows; written, it means: not here.
        given["manage_stock"] = given["manage_stock"] in (True, 1, "1", "true", "yes")
    if "dimensions" in given:
        given["dimensions"] = item["dimensions"] | given["dimensions"]
    if "attributes" in given:
        given["attributes"] = [_chosen(ctx, attribute) for attribute in given["attributes"]]
        given["name"] = ", ".join(attribute["option"] for attribute in given["attributes"])
    item |= moved_stock(item, given)
    item.pop("_links", None)
    item["meta_data"] = with_meta(item["meta_data"], written.get("meta_data", ()), ctx.data)
    settle(item)


def _chosen(ctx: Context, written: Json) -> Json:
    known = ctx.data.attributes.get(written.get("id", 0))
    name = known["name"] if known else written.get("name", "")
    return {
        "id": known["id"] if known else 0,
        "name": name,
        "slug": known["slug"] if known else name,
        "option": written.get("option", ""),
    }


def _saved(ctx: Context, item: Json, status: int) -> Reply:
    ctx.store.stamp(item, "date_modified")
    ctx.data.variations[item["id"]] = item
    settle_parent(ctx.data, item["parent_id"])
    ctx.store.save()
    shown = shown_variation(ctx, item)
    if item["tax_class"] == ctx.data.products[item["parent_id"]]["tax_class"]:
        # Answers to writes name where the class comes from, answers to reads the class.
        shown = shown | {"tax_class": "parent"}
    return ctx.one(shown, status)
