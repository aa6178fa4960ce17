"""Small registers: payment gateways, shipping zones and methods, categories, attributes."""

from collections.abc import Iterable

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError
from fortnox.sandbox.woocommerce.listing import Paging, Reply, page_of
from fortnox.sandbox.woocommerce.schema import checked
from fortnox.sandbox.woocommerce.wire import links, only

_TERM_ORDER = ("id", "include", "name", "slug", "term_group", "description", "count")


def list_gateways(ctx: Context) -> Reply:
    """``GET /payment_gateways``: all of them, on one page."""
    return _whole(ctx, (_shown_gateway(ctx, item) for item in ctx.data.gateways.values()))


def get_gateway(ctx: Context, gateway_id: str) -> Reply:
    """``GET /payment_gateways/<id>``."""
    return ctx.one(_shown_gateway(ctx, _gateway(ctx, gateway_id)))


def put_gateway(ctx: Context, gateway_id: str) -> Reply:
    """``PUT /payment_gateways/<id>``: title, description, on or off."""
    gateway = _gateway(ctx, gateway_id)
    schema = {"title": "string", "description": "string", "enabled": "boolean"}
    ctx.data.gateways[gateway_id] = gateway | checked(ctx.body, schema)
    ctx.store.save()
    return get_gateway(ctx, gateway_id)


def list_zones(ctx: Context) -> Reply:
    """``GET /shipping/zones``: all of them, on one page."""
    return _whole(ctx, (_shown_zone(ctx, zone) for zone in ctx.data.zones.values()))


def get_zone(ctx: Context, zone_id: str) -> Reply:
    """``GET /shipping/zones/<id>``."""
    return ctx.one(_shown_zone(ctx, _zone(ctx, zone_id)))


def list_methods(ctx: Context, zone_id: str) -> Reply:
    """``GET /shipping/zones/<id>/methods``."""
    zone = _zone(ctx, zone_id)
    its_own = (m for m in ctx.data.methods.values() if m["zone_id"] == zone["id"])
    return _whole(ctx, (_shown_method(ctx, method) for method in its_own))


def list_categories(ctx: Context) -> Reply:
    """``GET /products/categories``."""
    paging = Paging.read(ctx.params, order_by=_TERM_ORDER, default_order="asc", default_by="name")
    search = ctx.params.query.text("search").lower()
    ctx.params.finish()
    found = [c for c in ctx.data.categories.values() if search in c["name"].lower()]
    return page_of(
        found,
        paging,
        url=ctx.url,
        query=ctx.params.query.flat(),
        show=lambda item: only(_shown_term(ctx, "categories", item), ctx.fields),
    )


def get_category(ctx: Context, category_id: str) -> Reply:
    """``GET /products/categories/<id>``."""
    found = ctx.data.categories.get(int(category_id))
    if found is None:
        raise WpError("woocommerce_rest_term_invalid", "Resource does not exist.", 404)
    return ctx.one(_shown_term(ctx, "categories", found))


def list_attributes(ctx: Context) -> Reply:
    """``GET /products/attributes``: all of them, by name."""
    found = sorted(ctx.data.attributes.values(), key=lambda item: str(item["name"]))
    return _whole(ctx, (_shown_term(ctx, "attributes", item) for item in found))


def get_attribute(ctx: Context, attribute_id: str) -> Reply:
    """``GET /products/attributes/<id>``."""
    found = ctx.data.attributes.get(int(attribute_id))
    if found is None:
        raise WpError("woocommerce_rest_taxonomy_invalid", "Resource does not exist.", 404)
    return ctx.one(_shown_term(ctx, "attributes", found))


def _whole(ctx: Context, items: Iterable[Json]) -> Reply:
    shown = list(items)
    total = {"X-WP-Total": str(len(shown)), "X-WP-TotalPages": "1"}
    return Reply(body=only(shown, ctx.fields), headers=total)


def _gateway(ctx: Context, gateway_id: str) -> Json:
    found = ctx.data.gateways.get(gateway_id)
    if found is None:
        raise WpError("woocommerce_rest_payment_gateway_invalid", "Resource does not exist.", 404)
    return found


def _zone(ctx: Context, zone_id: str) -> Json:
    found = ctx.data.zones.get(int(zone_id))
    if found is None:
        raise WpError("woocommerce_rest_shipping_zone_invalid", "Resource does not exist.", 404)
    return found


def _shown_gateway(ctx: Context, gateway: Json) -> Json:
    path = f"payment_gateways/{gateway['id']}"
    return gateway | {"_links": links(ctx.home, path, methods="GET, POST, PUT, PATCH")}


def _shown_zone(ctx: Context, zone: Json) -> Json:
    path = f"shipping/zones/{zone['id']}"
    href = f"{ctx.home}/wp-json/wc/v3/{path}/locations"
    return zone | {"_links": links(ctx.home, path) | {"describedby": [{"href": href}]}}


def _shown_method(ctx: Context, method: Json) -> Json:
    zone = f"shipping/zones/{method['zone_id']}"
    href = f"{ctx.home}/wp-json/wc/v3/{zone}"
    found = links(ctx.home, f"{zone}/methods/{method['id']}") | {"describes": [{"href": href}]}
    return {name: value for name, value in method.items() if name != "zone_id"} | {"_links": found}


def _shown_term(ctx: Context, kind: str, item: Json) -> Json:
    if "_links" in item:
        return item
    return item | {"_links": links(ctx.home, f"products/{kind}/{item['id']}")}
