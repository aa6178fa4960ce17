"""``/settings``: groups, their options, and single options to read and write."""

from typing import Any

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError, invalid_params
from fortnox.sandbox.woocommerce.listing import Reply
from fortnox.sandbox.woocommerce.wire import links, only

_GROUPS = {
    "general": "General", "products": "Products", "tax": "Tax", "shipping": "Shipping",
    "checkout": "Payments", "account": "Accounts &amp; Privacy", "email": "Emails",
    "integration": "Integration", "advanced": "Advanced",
}  # fmt: skip


def list_groups(ctx: Context) -> Reply:
    """``GET /settings``."""
    return Reply(
        body=[
            only(
                {"id": group, "label": label, "description": "", "parent_id": "",
                 "sub_groups": [], "_links": {"options": [
                     {"href": f"{ctx.home}/wp-json/wc/v3/settings/{group}"}]}},
                ctx.fields,
            )
            for group, label in _GROUPS.items()
        ]
    )  # fmt: skip


def list_settings(ctx: Context, group: str) -> Reply:
    """``GET /settings/<group>``."""
    if group not in _GROUPS:
        raise WpError("rest_setting_setting_group_invalid", "Invalid setting group.", 404)
    found = [item for item in ctx.data.settings.values() if item["group_id"] == group]
    shown = [_shown(ctx, item) for item in found]
    for item in shown:
        del item["group_id"]
    return Reply(body=only(shown, ctx.fields))


def get_setting(ctx: Context, group: str, setting_id: str) -> Reply:
    """``GET /settings/<group>/<id>``."""
    return ctx.one(_shown(ctx, _setting(ctx, group, setting_id)))


def put_setting(ctx: Context, group: str, setting_id: str) -> Reply:
    """``PUT /settings/<group>/<id>``: the value, which a choice limits."""
    setting = _setting(ctx, group, setting_id)
    if "value" in ctx.body:
        value = _valid(setting, ctx.body["value"])
        ctx.data.settings[f"{group}/{setting_id}"] = setting | {"value": value}
        ctx.store.save()
    return get_setting(ctx, group, setting_id)


def _valid(setting: Json, value: Any) -> Any:
    if not isinstance(value, str):
        raise invalid_params({"value": ("value is not of type string.", "rest_invalid_type",
                                        {"param": "value"})})  # fmt: skip
    allowed = setting.get("options") or {}
    if setting["type"] == "checkbox":
        allowed = ("yes", "no")
    if allowed and value not in allowed:
        raise WpError("rest_setting_value_invalid", "An invalid setting value was passed.", 400)
    return value


def _setting(ctx: Context, group: str, setting_id: str) -> Json:
    if group not in _GROUPS:
        raise WpError("rest_setting_setting_group_invalid", "Invalid setting group.", 404)
    found = ctx.data.settings.get(f"{group}/{setting_id}")
    if found is None:
        raise WpError("rest_setting_setting_invalid", "Invalid setting.", 404)
    return found


def _shown(ctx: Context, setting: Json) -> Json:
    path = f"settings/{setting['group_id']}/{setting['id']}"
    return setting | {"_links": links(ctx.home, path, methods="GET, POST, PUT, PATCH")}
