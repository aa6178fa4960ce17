"""``POST /orders`` and ``PUT /orders/<id>``."""

import copy
import secrets

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.defaults import BILLING, ORDER, SHIPPING, fresh
from fortnox.sandbox.woocommerce.errors import WpError
from fortnox.sandbox.woocommerce.listing import Reply
from fortnox.sandbox.woocommerce.order_lines import LINE_SCHEMAS, write_lines
from fortnox.sandbox.woocommerce.order_totals import set_totals, tax_place
from fortnox.sandbox.woocommerce.orders import decimals_of, order_of, shown_order
from fortnox.sandbox.woocommerce.refunds import refund_rest
from fortnox.sandbox.woocommerce.schema import META, Kind, checked
from fortnox.sandbox.woocommerce.texts import with_meta

_TEXTS = ("customer_note", "transaction_id", "payment_method", "payment_method_title", "currency",
          "created_via")  # fmt: skip
#: Writing one of these makes WooCommerce work the order out anew.
_PRICED = ("billing", "shipping", *LINE_SCHEMAS)
_SYMBOLS = {"SEK": "kr", "NOK": "kr", "DKK": "kr.", "EUR": "€", "USD": "$", "GBP": "£"}


def create_order(ctx: Context) -> Reply:
    """``POST /orders``: priced from the products, taxed where the buyer is."""
    written = _checked(ctx)
    data = ctx.data
    order = fresh(ORDER, {"currency": ctx.store.setting("general", "woocommerce_currency") or "SEK",
                          "order_key": f"wc_order_{secrets.token_urlsafe(10)[:13]}"})  # fmt: skip
    order["prices_include_tax"] = ctx.store.setting("tax", "woocommerce_prices_include_tax") != "no"
    order["needs_payment"] = False
    ctx.store.stamp(order, "date_created")
    order["id"] = data.next_id("post")
    order["number"] = str(order["id"])
    _write(ctx, order, written)
    _price(ctx, order, written)
    ctx.store.stamp(order, "date_modified")
    data.orders[order["id"]] = order
    paid = "processing" if written.get("set_paid") else "pending"
    ctx.store.set_status(order["id"], paid if paid != "pending" else written.get("status", paid))
    return ctx.one(shown_order(ctx, data.orders[order["id"]], decimals_of(ctx)), 201)


def put_order(ctx: Context, order_id: str) -> Reply:
    """``PUT /orders/<id>``: even an empty one moves date_modified."""
    written = _checked(ctx)
    order = copy.deepcopy(order_of(ctx, order_id, status=400))
    _write(ctx, order, written)
    if any(name in written for name in _PRICED):
        _price(ctx, order, written)
    ctx.store.edit_order(order["id"], order)
    status = written.get("status")
    if written.get("set_paid") and order["date_paid"] is None:
        status = status or "processing"
    if status and status != order["status"]:
        ctx.store.set_status(order["id"], status)
        if status == "refunded":
            refund_rest(ctx, order["id"])
    return ctx.one(shown_order(ctx, order_of(ctx, order_id), decimals_of(ctx)))


def _checked(ctx: Context) -> Json:
    schema: dict[str, Kind] = {
        **dict.fromkeys(_TEXTS, "string"),
        "parent_id": "integer", "customer_id": "integer", "set_paid": "boolean",
        "status": ("auto-draft", *ctx.store.statuses), "meta_data": META,
        "billing": dict.fromkeys(BILLING, "string"), "shipping": dict.fromkeys(SHIPPING, "string"),
        **LINE_SCHEMAS,
    }  # fmt: skip
    written = checked(ctx.body, schema)
    customer_id = written.get("customer_id", 0)
    if customer_id and customer_id not in ctx.data.customers:
        raise WpError("woocommerce_rest_invalid_customer_id", "Customer ID is invalid.", 400)
    return written


def _write(ctx: Context, order: Json, written: Json) -> None:
    for name in (*_TEXTS, "parent_id", "customer_id"):
        if name in written:
            order[name] = written[name]
    for name in ("billing", "shipping"):
        order[name] = order[name] | written.get(name, {})
    order["currency_symbol"] = _SYMBOLS.get(order["currency"], order["currency"])
    order["meta_data"] = with_meta(order["meta_data"], written.get("meta_data", ()), ctx.data)


def _price(ctx: Context, order: Json, written: Json) -> None:
    home = ctx.store.setting("general", "woocommerce_default_country").partition(":")[0]
    write_lines(ctx, order, written, home=home)
    based_on = ctx.store.setting("tax", "woocommerce_tax_based_on")
    set_totals(ctx.data, order, tax_place(order, based_on=based_on, home=home))
