"""``/orders``, ``/orders/<id>``, refunds."""

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError, no_route
from fortnox.sandbox.woocommerce.listing import Paging, Reply, moment, page_of
from fortnox.sandbox.woocommerce.wire import links, only, with_decimals

#: What ``status=any`` leaves out.
_HIDDEN = ("trash", "auto-draft", "checkout-draft")
_WRITABLE = ("customer_note", "transaction_id", "payment_method", "payment_method_title")


def list_orders(ctx: Context) -> Reply:
    """``GET /orders``."""
    params, store = ctx.params, ctx.store
    paging = Paging.read(params)
    statuses = params.choices("status", ["any"], ("any", "trash", "auto-draft", *store.statuses))
    created = params.bounds("after", "before")
    modified = params.bounds("modified_after", "modified_before")
    decimals = _decimals(ctx)
    customer = params.integer("customer", -1)
    params.finish()
    found = [
        order
        for order in store.orders.values()
        if _in_status(order["status"], statuses)
        and customer in (-1, order["customer_id"])
        and created.hold(moment(order, "date_created"))
        and modified.hold(moment(order, "date_modified"))
    ]
    reply = page_of(
        found,
        paging,
        url=ctx.url,
        query=_link_query(ctx, statuses),
        defaults={"dp": str(decimals), "context": "view"},
        show=lambda order: only(_shown(ctx, order, decimals), ctx.fields),
    )
    store.orders_listed()
    return reply


def list_statuses(ctx: Context) -> Reply:
    """``GET /orders/statuses``."""
    return Reply(body=[{"slug": slug, "name": slug.capitalize()} for slug in ctx.store.statuses])


def get_order(ctx: Context, order_id: str) -> Reply:
    """``GET /orders/<id>``; a refund's id is not an order's."""
    decimals = _decimals(ctx)
    ctx.params.finish()
    return Reply(body=only(_shown(ctx, _order(ctx, order_id), decimals), ctx.fields))


def put_order(ctx: Context, order_id: str) -> Reply:
    """``PUT /orders/<id>``: status, notes and meta data; even an empty one moves date_modified."""
    order = _order(ctx, order_id, status=400)
    changes = {name: ctx.body[name] for name in _WRITABLE if name in ctx.body}
    if "meta_data" in ctx.body:
        written = {meta["key"]: meta["value"] for meta in ctx.body["meta_data"]}
        kept = [meta for meta in order["meta_data"] if meta["key"] not in written]
        first = order["id"] * 1000 + len(order["meta_data"])
        changes["meta_data"] = kept + [
            {"id": first + i, "key": key, "value": value}
            for i, (key, value) in enumerate(written.items())
        ]
    ctx.store.edit_order(order["id"], changes)
    if "status" in ctx.body:
        ctx.store.set_status(order["id"], ctx.body["status"])
    return get_order(ctx, order_id)


def delete_order(ctx: Context, order_id: str) -> Reply:
    """``DELETE /orders/<id>``: to the trash, or for good; answers with the state before."""
    order = _order(ctx, order_id)
    before = _shown(ctx, dict(order), _decimals(ctx))
    force = ctx.params.boolean("force")
    ctx.params.finish()
    if force:
        ctx.store.delete_order(order["id"])
    elif order["status"] == "trash":
        text = "The shop_order has already been deleted."
        raise WpError("woocommerce_rest_already_trashed", text, 410)
    else:
        ctx.store.trash_order(order["id"])
    return Reply(body=before)


def list_refunds(ctx: Context) -> Reply:
    """``GET /refunds``: refunds of all orders; older shops don't have it."""
    if not ctx.store.switches.refunds_route:
        raise no_route()
    paging = Paging.read(ctx.params)
    created = ctx.params.bounds("after", "before")
    decimals = _decimals(ctx)
    ctx.params.finish()
    return page_of(
        [r for r in ctx.store.data.refunds if created.hold(moment(r, "date_created"))],
        paging,
        url=ctx.url,
        query=ctx.params.query.flat(),
        show=lambda refund: only(_shown_refund(ctx, refund, decimals), ctx.fields),
    )


def list_order_refunds(ctx: Context, order_id: str) -> Reply:
    """``GET /orders/<id>/refunds``."""
    paging = Paging.read(ctx.params)
    decimals = _decimals(ctx)
    ctx.params.finish()
    return page_of(
        _refunds_of(ctx, order_id),
        paging,
        url=ctx.url,
        query=ctx.params.query.flat(),
        show=lambda refund: only(_without_parent(ctx, refund, decimals), ctx.fields),
    )


def get_order_refund(ctx: Context, order_id: str, refund_id: str) -> Reply:
    """``GET /orders/<id>/refunds/<refund id>``."""
    decimals = _decimals(ctx)
    ctx.params.finish()
    for refund in _refunds_of(ctx, order_id):
        if refund["id"] == int(refund_id):
            return Reply(body=only(_without_parent(ctx, refund, decimals), ctx.fields))
    raise WpError("woocommerce_rest_invalid_order_refund_id", "Invalid order refund ID.", 404)


def _decimals(ctx: Context) -> int:
    """``dp``; without it the shop's number of decimals."""
    default = int(ctx.store.setting("general", "woocommerce_price_num_decimals") or 2)
    return ctx.params.integer("dp", default)


def _in_status(status: str, asked: list[str]) -> bool:
    """``any`` wins over everything else that is asked for."""
    return status not in _HIDDEN if "any" in asked else status in asked


def _order(ctx: Context, order_id: str, *, status: int = 404) -> Json:
    order = ctx.store.orders.get(int(order_id))
    if order is None:
        raise WpError("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", status)
    return order


def _refunds_of(ctx: Context, order_id: str) -> list[Json]:
    if int(order_id) not in ctx.store.orders:
        raise WpError("woocommerce_rest_invalid_order_id", "Invalid order ID.", 404)
    return [r for r in ctx.store.data.refunds if r["parent_id"] == int(order_id)]


def _shown(ctx: Context, order: Json, decimals: int) -> Json:
    key, order_id = order.get("order_key", ""), order["id"]
    pay = f"{ctx.home}/checkout/order-pay/{order_id}/?pay_for_order=true&key={key}"
    added: Json = {"payment_url": pay, "_links": links(ctx.home, f"orders/{order_id}")}
    if order["customer_id"]:
        href = f"{ctx.home}/wp-json/wc/v3/customers/{order['customer_id']}"
        added["_links"]["customer"] = [{"href": href}]
    return with_decimals(order, decimals, ctx.store.data.unrounded) | added


def _shown_refund(ctx: Context, refund: Json, decimals: int) -> Json:
    parent = f"orders/{refund['parent_id']}"
    path = f"{parent}/refunds/{refund['id']}"
    found = links(ctx.home, path, up=parent, methods="GET, DELETE")
    return with_decimals(refund, decimals, {}) | {"_links": found}


def _without_parent(ctx: Context, refund: Json, decimals: int) -> Json:
    shown = _shown_refund(ctx, refund, decimals)
    return {name: value for name, value in shown.items() if name != "parent_id"}


def _link_query(ctx: Context, statuses: list[str]) -> dict[str, str]:
    """The parameters of ``prev`` and ``next`` as WooCommerce writes them."""
    query = {n: v for n, v in ctx.params.query.flat().items() if n.partition("[")[0] != "status"}
    if "dates_are_gmt" in query:
        query["dates_are_gmt"] = "1" if ctx.params.boolean("dates_are_gmt") else ""
    return query | {f"status[{i}]": status for i, status in enumerate(statuses)}
