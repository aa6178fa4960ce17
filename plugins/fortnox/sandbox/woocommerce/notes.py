"""``/orders/<id>/notes``: read, write, delete. A note does not move the order's date_modified."""

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError, no_trash
from fortnox.sandbox.woocommerce.listing import Reply
from fortnox.sandbox.woocommerce.schema import checked
from fortnox.sandbox.woocommerce.wire import links, only


def list_notes(ctx: Context, order_id: str) -> Reply:
    """``GET /orders/<id>/notes``: all of them."""
    _order(ctx, order_id)
    kind = ctx.params.choice("type", "any", ("any", "customer", "internal"))
    ctx.params.finish()
    found = [
        _shown(ctx, note)
        for note in ctx.data.notes.values()
        if note["order_id"] == int(order_id)
        and (kind == "any" or note["customer_note"] is (kind == "customer"))
    ]
    return Reply(body=only(found, ctx.fields))


def get_note(ctx: Context, order_id: str, note_id: str) -> Reply:
    """``GET /orders/<id>/notes/<note id>``."""
    return ctx.one(_shown(ctx, _note(ctx, order_id, note_id)))


def create_note(ctx: Context, order_id: str) -> Reply:
    """``POST /orders/<id>/notes``."""
    written = checked(ctx.body, {"note": "string", "customer_note": "boolean"}, required=("note",))
    _order(ctx, order_id)
    note: Json = {"id": ctx.data.next_id("other"), "author": "WooCommerce"}
    ctx.store.stamp(note, "date_created")
    note |= {"note": written["note"], "customer_note": written.get("customer_note", False),
             "order_id": int(order_id)}  # fmt: skip
    ctx.data.notes[note["id"]] = note
    ctx.store.save()
    return ctx.one(_shown(ctx, note), 201)


def delete_note(ctx: Context, order_id: str, note_id: str) -> Reply:
    """``DELETE /orders/<id>/notes/<note id>``: only for good."""
    note = _note(ctx, order_id, note_id)
    if not ctx.force:
        # WooCommerce's own slip: it says webhooks of notes.
        raise no_trash("Webhooks")
    del ctx.data.notes[note["id"]]
    ctx.store.save()
    return ctx.one(_shown(ctx, note))


def _order(ctx: Context, order_id: str) -> None:
    if int(order_id) not in ctx.data.orders:
        raise WpError("woocommerce_rest_order_invalid_id", "Invalid order ID.", 404)


def _note(ctx: Context, order_id: str, note_id: str) -> Json:
    _order(ctx, order_id)
    found = ctx.data.notes.get(int(note_id))
    if found is None or found["order_id"] != int(order_id):
        raise WpError("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)
    return found


def _shown(ctx: Context, note: Json) -> Json:
    order = f"orders/{note['order_id']}"
    path = f"{order}/notes/{note['id']}"
    shown = {name: value for name, value in note.items() if name != "order_id"}
    return shown | {"_links": links(ctx.home, path, up=order, methods="GET, DELETE")}
