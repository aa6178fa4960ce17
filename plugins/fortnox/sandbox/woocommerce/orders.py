"""``/orders`` and ``/orders/<id>``: lists, single orders, deletion."""

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError
from fortnox.sandbox.woocommerce.listing import Paging, Reply, page_of
from fortnox.sandbox.woocommerce.wire import links, only, with_decimals

#: What ``status=any`` leaves out.
_HIDDEN = ("trash", "auto-draft", "checkout-draft")


def list_orders(ctx: Context) -> Reply:
    """``GET /orders``."""
    params, store = ctx.params, ctx.store
    paging = Paging.read(params)
    statuses = params.choices("status", ["any"], ("any", "trash", "auto-draft", *store.statuses))
    created = params.bounds("after", "before")
    modified = params.bounds("modified_after", "modified_before")
    decimals = decimals_of(ctx)
    customer, product = params.integer("customer", -1), params.integer("product", 0)
    search = params.query.text("search").lower()
    params.finish()
    found = [
        order
        for order in store.orders.values()
        if _in_status(order["status"], statuses)
        and customer in (-1, order["customer_id"])
        and (not product or product in [line["product_id"] for line in order["line_items"]])
        and (not search or _is_about(order, search))
        and created.hold(order["date_created_gmt"])
        and modified.hold(order["date_modified_gmt"])
    ]
    reply = page_of(
        found,
        paging,
        url=ctx.url,
        query=_link_query(ctx, statuses),
        defaults={"dp": str(decimals), "context": "view"},
        show=lambda order: only(shown_order(ctx, order, decimals), ctx.fields),
    )
    store.orders_listed()
    return reply


def list_statuses(ctx: Context) -> Reply:
    """``GET /orders/statuses``."""
    return Reply(body=[{"slug": slug, "name": name} for slug, name in ctx.store.statuses.items()])


def get_order(ctx: Context, order_id: str) -> Reply:
    """``GET /orders/<id>``; a refund's id is not an order's."""
    decimals = decimals_of(ctx)
    ctx.params.finish()
    return ctx.one(shown_order(ctx, order_of(ctx, order_id), decimals))


def delete_order(ctx: Context, order_id: str) -> Reply:
    """``DELETE /orders/<id>``: to the trash, or for good; answers with the state before."""
    order = order_of(ctx, order_id)
    before = shown_order(ctx, dict(order), decimals_of(ctx))
    if ctx.force:
        ctx.store.delete_order(order["id"])
    elif order["status"] == "trash":
        text = "The shop_order has already been deleted."
        raise WpError("woocommerce_rest_already_trashed", text, 410)
    else:
        ctx.store.trash_order(order["id"])
    return ctx.one(before)


def decimals_of(ctx: Context) -> int:
    """``dp``; without it the shop's number of decimals."""
    default = int(ctx.store.setting("general", "woocommerce_price_num_decimals") or 2)
    return ctx.params.integer("dp", default)


def _in_status(status: str, asked: list[str]) -> bool:
    """``any`` wins over everything else that is asked for."""
    return status not in _HIDDEN if "any" in asked else status in asked


def order_of(ctx: Context, order_id: str, *, status: int = 404) -> Json:
    """An order by its id.

    Raises:
        WpError: There is none.
    """
    order = ctx.store.orders.get(int(order_id))
    if order is None:
        raise WpError("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", status)
    return order


def shown_order(ctx: Context, order: Json, decimals: int) -> Json:
    """An order as it is answered; addresses that were recorded with it stay as they are."""
    shown = with_decimals(order, decimals, ctx.data.unrounded)
    key, order_id = order["order_key"], order["id"]
    pay = f"{ctx.home}/checkout/order-pay/{order_id}/?pay_for_order=true&key={key}"
    if "_links" in shown:
        return shown
    return shown | {"payment_url": pay, "_links": _links(ctx, order)}


def _links(ctx: Context, order: Json) -> Json:
    path = f"orders/{order['id']}"
    found = links(ctx.home, path)
    templates = f"{ctx.home}/wp-json/wc/v3/{path}/actions/email_templates"
    found["email_templates"] = [{"embeddable": True, "href": templates}]
    if order["customer_id"]:
        href = f"{ctx.home}/wp-json/wc/v3/customers/{order['customer_id']}"
        found["customer"] = [{"href": href}]
    return found


def _is_about(order: Json, search: str) -> bool:
    """Whether a search finds an order: its number, the buyer's names and addresses, the lines."""
    told = [order["number"], *order["billing"].values(), *order["shipping"].values()]
    return search in " ".join([*told, *(li["name"] for li in order["line_items"])]).lower()


def _link_query(ctx: Context, statuses: list[str]) -> dict[str, str]:
    """The parameters of ``prev`` and ``next`` as WooCommerce writes them."""
    query = {n: v for n, v in ctx.params.query.flat().items() if n.partition("[")[0] != "status"}
    if "dates_are_gmt" in query:
        query["dates_are_gmt"] = "1" if ctx.params.boolean("dates_are_gmt") else ""
    return query | {f"status[{i}]": status for i, status in enumerate(statuses)}
