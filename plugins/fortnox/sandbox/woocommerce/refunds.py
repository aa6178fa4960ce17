"""``/refunds`` and ``/orders/<id>/refunds``: read, create, delete."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from fortnox.sandbox.seed.arithmetic import half_up
from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError, no_route, no_trash, refund_failed
from fortnox.sandbox.woocommerce.listing import Paging, Reply, page_of
from fortnox.sandbox.woocommerce.orders import decimals_of
from fortnox.sandbox.woocommerce.schema import META, Kind, checked
from fortnox.sandbox.woocommerce.texts import price_text, with_meta
from fortnox.sandbox.woocommerce.wire import links, only, with_decimals

_TAX: list[Kind] = [{"id": "integer", "refund_total": "mixed"}]
_SCHEMA: dict[str, Kind] = {
    "amount": "string", "reason": "string", "refunded_by": "integer", "api_refund": "boolean",
    "api_restock": "boolean", "meta_data": META,
    "line_items": [{"id": "integer", "quantity": "integer", "refund_total": "mixed",
                    "refund_tax": _TAX, "taxes": _TAX}],
}  # fmt: skip
_KINDS = ("line_items", "shipping_lines", "fee_lines")


def list_refunds(ctx: Context) -> Reply:
    """``GET /refunds``: refunds of all orders; older shops don't have it."""
    if not ctx.store.switches.refunds_route:
        raise no_route()
    paging = Paging.read(ctx.params)
    created = ctx.params.bounds("after", "before")
    decimals = decimals_of(ctx)
    ctx.params.finish()
    return page_of(
        [r for r in ctx.data.refunds.values() if created.hold(r["date_created_gmt"])],
        paging,
        url=ctx.url,
        query=ctx.params.query.flat(),
        show=lambda refund: only(_shown_refund(ctx, refund, decimals), ctx.fields),
    )


def list_order_refunds(ctx: Context, order_id: str) -> Reply:
    """``GET /orders/<id>/refunds``."""
    paging = Paging.read(ctx.params)
    decimals = decimals_of(ctx)
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
    decimals = decimals_of(ctx)
    ctx.params.finish()
    return ctx.one(_without_parent(ctx, _refund(ctx, order_id, refund_id), decimals))


def create_refund(ctx: Context, order_id: str) -> Reply:
    """``POST /orders/<id>/refunds``; nothing compares the amount with the lines (as seen).

    Without ``amount`` the refund has none: ``""``, and a lone sign in the order. ``api_refund``
    is on unless it is said otherwise, and needs a gateway that gives money back.
    """
    written = checked(ctx.body, _SCHEMA)
    _refunds_of(ctx, order_id)
    order = ctx.data.orders[int(order_id)]
    amount = price_text(written["amount"]) if "amount" in written else ""
    given = Decimal(amount or 0)
    if given < 0:
        text = "Refund amount must be greater than zero."
        raise WpError("woocommerce_rest_invalid_order_refund", text, 400)
    left = Decimal(order["total"]) - _already_refunded(ctx, order)
    if given > left:
        raise refund_failed("Invalid refund amount.")
    by_gateway = written.get("api_refund", True) and given > 0
    if by_gateway:
        _check_gateway(ctx, order)
    refund = _made(ctx, order, written, str(half_up(given)) if amount else "")
    refund["refunded_payment"] = by_gateway
    ctx.store.add_refund(refund, closes_order=amount != "" and given == left)
    return ctx.one(_without_parent(ctx, refund, decimals_of(ctx)), 201)


def delete_refund(ctx: Context, order_id: str, refund_id: str) -> Reply:
    """``DELETE /orders/<id>/refunds/<refund id>``: only for good."""
    refund = _refund(ctx, order_id, refund_id)
    if not ctx.force:
        raise no_trash("Refunds")
    before = _without_parent(ctx, refund, decimals_of(ctx))
    ctx.store.delete_refund(refund["id"])
    return ctx.one(before)


def refund_rest(ctx: Context, order_id: int) -> None:
    """What a status set to ``refunded`` by hand does: the rest goes back, without lines."""
    order = ctx.data.orders[order_id]
    rest = Decimal(order["total"]) - _already_refunded(ctx, order)
    if rest > 0:
        refund = _made(ctx, order, {"reason": "Order fully refunded."}, str(half_up(rest)))
        ctx.store.add_refund(refund, closes_order=True)


def _already_refunded(ctx: Context, order: Json) -> Decimal:
    its_own = (ctx.data.refunds.get(summary["id"]) for summary in order["refunds"])
    return sum((Decimal(refund["amount"] or 0) for refund in its_own if refund), Decimal(0))


def _check_gateway(ctx: Context, order: Json) -> None:
    gateway = ctx.data.gateways.get(order["payment_method"])
    if gateway is None:
        raise refund_failed("The payment gateway for this order does not exist.")
    if "refunds" not in gateway["method_supports"]:
        raise refund_failed(
            "The payment gateway for this order does not support automatic refunds."
        )


def _made(ctx: Context, order: Json, written: Json, amount: str) -> Json:
    data = ctx.data
    refund: Json = {"id": data.next_id("post"), "parent_id": order["id"]}
    ctx.store.stamp(refund, "date_created")
    lines = {kind: _back(ctx, order[kind], written.get("line_items", ())) for kind in _KINDS}
    whole = Decimal(amount or 0) == Decimal(order["total"])
    kind_meta = {"key": "_refund_type", "value": "full" if whole else "partial"}
    return refund | {
        "amount": amount,
        "reason": written.get("reason", ""),
        "refunded_by": written.get("refunded_by", 1),
        "refunded_payment": False,
        "meta_data": with_meta([], [kind_meta, *written.get("meta_data", ())], data),
        "line_items": lines["line_items"],
        "shipping_lines": lines["shipping_lines"],
        "tax_lines": _tax_lines(ctx, order, lines),
        "fee_lines": lines["fee_lines"],
    }


def _back(ctx: Context, sold: list[Json], written: Iterable[Json]) -> list[Json]:
    """The refund's lines of one kind: negative, each naming the line that it is of."""
    by_id = {line["id"]: line for line in sold}
    made = []
    for item in written:
        line = by_id.get(item.get("id", 0))
        if line is None:
            continue
        taxes = {tax.get("id", 0): _negative(tax.get("refund_total"))
                 for tax in item.get("refund_tax") or item.get("taxes") or ()}  # fmt: skip
        total, tax = _negative(item.get("refund_total")), sum(taxes.values(), Decimal("0.00"))
        origin = {"id": ctx.data.next_id("meta"), "key": "_refunded_item_id",
                  "value": str(line["id"]), "display_key": "_refunded_item_id",
                  "display_value": str(line["id"])}  # fmt: skip
        back = line | {"id": ctx.data.next_id("item"), "total": str(total), "total_tax": str(tax),
                       "taxes": [_tax(tax_id, value, line) for tax_id, value in taxes.items()],
                       "meta_data": [origin]}  # fmt: skip
        if "quantity" in line:
            quantity = item.get("quantity", 0)
            price = -total / quantity if quantity else Decimal(0)
            back |= {"quantity": -quantity, "subtotal": str(total), "subtotal_tax": str(tax),
                     "price": price.quantize(Decimal("1E-6")).normalize()}  # fmt: skip
        made.append(back)
    return made


def _tax(tax_id: int, value: Decimal, line: Json) -> Json:
    return {"id": tax_id, "total": str(value), "subtotal": str(value) if "quantity" in line else ""}


def _negative(value: Any) -> Decimal:
    amount = half_up(Decimal(price_text(str(value or 0)) or 0))
    return -amount if amount else amount


def _tax_lines(ctx: Context, order: Json, lines: dict[str, list[Json]]) -> list[Json]:
    found = []
    for tax_line in order["tax_lines"]:
        rate_id = tax_line["rate_id"]
        goods = _tax_at([*lines["line_items"], *lines["fee_lines"]], rate_id)
        shipping = _tax_at(lines["shipping_lines"], rate_id)
        if goods or shipping:
            found.append(tax_line | {"id": ctx.data.next_id("item"), "tax_total": str(goods),
                                     "shipping_tax_total": str(shipping)})  # fmt: skip
    return found


def _tax_at(lines: Iterable[Json], rate_id: int) -> Decimal:
    taxes = (tax for line in lines for tax in line["taxes"] if tax["id"] == rate_id)
    return sum((Decimal(tax["total"]) for tax in taxes), Decimal("0.00"))


def _refund(ctx: Context, order_id: str, refund_id: str) -> Json:
    for refund in _refunds_of(ctx, order_id):
        if refund["id"] == int(refund_id):
            return refund
    raise WpError("woocommerce_rest_invalid_order_refund_id", "Invalid order refund ID.", 404)


def _refunds_of(ctx: Context, order_id: str) -> list[Json]:
    if int(order_id) not in ctx.data.orders:
        raise WpError("woocommerce_rest_invalid_order_id", "Invalid order ID.", 404)
    return [r for r in ctx.data.refunds.values() if r["parent_id"] == int(order_id)]


def _shown_refund(ctx: Context, refund: Json, decimals: int) -> Json:
    parent = f"orders/{refund['parent_id']}"
    path = f"{parent}/refunds/{refund['id']}"
    found = links(ctx.home, path, up=parent, methods="GET, DELETE")
    shown = with_decimals(refund, decimals, ctx.data.unrounded)
    return shown if "_links" in shown else shown | {"_links": found}


def _without_parent(ctx: Context, refund: Json, decimals: int) -> Json:
    shown = _shown_refund(ctx, refund, decimals)
    return {name: value for name, value in shown.items() if name != "parent_id"}
