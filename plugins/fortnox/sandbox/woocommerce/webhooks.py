"""``/webhooks``: the register only. Nothing is delivered: a sandbox calls no other machine."""

from urllib.parse import urlsplit

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError, no_trash
from fortnox.sandbox.woocommerce.listing import Paging, Reply, page_of
from fortnox.sandbox.woocommerce.schema import Kind, checked
from fortnox.sandbox.woocommerce.wire import links, only

_STATUSES = ("active", "paused", "disabled")
_EVENTS = ("created", "updated", "deleted", "restored")
_RESOURCES = ("coupon", "customer", "order", "product")
_SCHEMA: dict[str, Kind] = {"name": "string", "status": _STATUSES, "topic": "string",
                            "secret": "string", "delivery_url": "string"}  # fmt: skip


def list_webhooks(ctx: Context) -> Reply:
    """``GET /webhooks``."""
    paging = Paging.read(ctx.params, order_by=("date", "id", "title"))
    status = ctx.params.choice("status", "all", ("all", *_STATUSES))
    ctx.params.finish()
    found = [w for w in ctx.data.webhooks.values() if status in ("all", w["status"])]
    return page_of(found, paging, url=ctx.url, query=ctx.params.query.flat(),
                   show=lambda item: only(_shown(ctx, item), ctx.fields))  # fmt: skip


def get_webhook(ctx: Context, webhook_id: str) -> Reply:
    """``GET /webhooks/<id>``; the secret is never answered."""
    return ctx.one(_shown(ctx, _webhook(ctx, webhook_id)))


def create_webhook(ctx: Context) -> Reply:
    """``POST /webhooks``."""
    written = checked(ctx.body, _SCHEMA, required=("topic", "delivery_url"))
    webhook: Json = {"id": 0, "name": "Webhook created on " + ctx.store.now().strftime("%b %d, %Y"),
                     "status": "active", "topic": "", "resource": "", "event": "", "hooks": [],
                     "delivery_url": ""}  # fmt: skip
    _write(webhook, written)
    webhook["id"] = ctx.data.next_id("other")
    ctx.store.stamp(webhook, "date_created")
    return _saved(ctx, webhook, 201)


def put_webhook(ctx: Context, webhook_id: str) -> Reply:
    """``PUT /webhooks/<id>``."""
    written = checked(ctx.body, _SCHEMA)
    webhook = dict(_webhook(ctx, webhook_id))
    _write(webhook, written)
    return _saved(ctx, webhook, 200)


def delete_webhook(ctx: Context, webhook_id: str) -> Reply:
    """``DELETE /webhooks/<id>``: only for good."""
    webhook = _webhook(ctx, webhook_id)
    if not ctx.force:
        raise no_trash("Webhooks")
    del ctx.data.webhooks[webhook["id"]]
    ctx.store.save()
    return ctx.one(_shown(ctx, webhook))


def _write(webhook: Json, written: Json) -> None:
    webhook |= written
    resource, _, event = webhook["topic"].partition(".")
    if resource != "action" and (resource not in _RESOURCES or event not in _EVENTS):
        text = "Webhook topic must be valid."
        raise WpError("woocommerce_rest_webhook_invalid_topic", text, 400)
    address = urlsplit(webhook["delivery_url"])
    if address.scheme not in ("http", "https") or not address.netloc:
        text = "Webhook delivery URL must be a valid URL starting with http:// or https://."
        raise WpError("woocommerce_rest_webhook_invalid_delivery_url", text, 400)
    webhook |= {"resource": resource, "event": event, "hooks": [f"woocommerce_{event}_{resource}"]}


def _webhook(ctx: Context, webhook_id: str) -> Json:
    found = ctx.data.webhooks.get(int(webhook_id))
    if found is None:
        raise WpError("woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.", 404)
    return found


def _saved(ctx: Context, webhook: Json, status: int) -> Reply:
    ctx.store.stamp(webhook, "date_modified")
    ctx.data.webhooks[webhook["id"]] = webhook
    ctx.store.save()
    return ctx.one(_shown(ctx, webhook), status)


def _shown(ctx: Context, webhook: Json) -> Json:
    shown = {name: value for name, value in webhook.items() if name != "secret"}
    return shown | {"_links": links(ctx.home, f"webhooks/{webhook['id']}")}
