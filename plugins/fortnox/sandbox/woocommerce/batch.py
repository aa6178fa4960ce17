"""``POST .../batch``: creates, updates and deletes in one request, each with its own fate."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError
from fortnox.sandbox.woocommerce.listing import Reply
from fortnox.sandbox.woocommerce.params import Params, Query
from fortnox.sandbox.woocommerce.schema import checked

Handler = Callable[..., Reply]
_MOST = 100


def batch(create: Handler, update: Handler, delete: Handler) -> Handler:
    """The handler of a resource's batch route, made of its single ones.

    It answers 200 even when every item failed: a failed item is ``{"id", "error"}`` in its place.
    Deletes are for good.
    """

    def handle(ctx: Context, *parents: str) -> Reply:
        body = checked(ctx.body, {"create": ["mixed"], "update": ["mixed"], "delete": ["mixed"]})
        if sum(len(items) for items in body.values()) > _MOST:
            text = f"Unable to accept more than {_MOST} items for this request."
            raise WpError("woocommerce_rest_request_entity_too_large", text, 413)
        answered: dict[str, list[Any]] = {}
        for name in ("create", "update", "delete"):
            if body.get(name):
                handler = {"create": create, "update": update, "delete": delete}[name]
                answered[name] = [_one(ctx, handler, name, item, parents) for item in body[name]]
        return Reply(body=answered)

    return handle


def _one(ctx: Context, handler: Handler, name: str, item: Any, parents: tuple[str, ...]) -> Any:
    values: Json = item if isinstance(item, dict) else {}
    item_id = _id(item if name == "delete" else values.get("id", 0))
    query = Query("force=true" if name == "delete" else "")
    its_own = replace(ctx, body=values, params=Params(query, ctx.params.zone))
    ids = parents if name == "create" else (*parents, str(item_id))
    try:
        return handler(its_own, *ids).body
    except WpError as error:
        return {"id": item_id, "error": error.body}


def _id(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("9" * 15) else 0
