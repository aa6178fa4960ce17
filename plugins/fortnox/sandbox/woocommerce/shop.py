"""``/settings``, ``/payment_gateways``, ``/system_status`` and the index of the whole site."""

from datetime import timedelta
from decimal import Decimal

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError
from fortnox.sandbox.woocommerce.listing import Reply
from fortnox.sandbox.woocommerce.wire import links, only

_VERSION = "11.0.1"


def list_setting_groups(ctx: Context) -> Reply:
    """``GET /settings``."""
    return Reply(
        body=[
            {"id": group, "label": group.capitalize(), "description": "", "parent_id": "",
             "sub_groups": []}
            for group in ctx.store.data.settings
        ]
    )  # fmt: skip


def list_settings(ctx: Context, group: str) -> Reply:
    """``GET /settings/<group>``."""
    return Reply(body=[_shown(ctx, group, setting) for setting in _group(ctx, group)])


def get_setting(ctx: Context, group: str, setting_id: str) -> Reply:
    """``GET /settings/<group>/<id>``."""
    for setting in _group(ctx, group):
        if setting["id"] == setting_id:
            return Reply(body=_shown(ctx, group, setting | {"group_id": group}))
    raise WpError("rest_setting_setting_invalid", "Invalid setting.", 404)


def list_gateways(ctx: Context) -> Reply:
    """``GET /payment_gateways``."""
    return Reply(
        body=[
            only(g | {"_links": links(ctx.home, f"payment_gateways/{g['id']}")}, ctx.fields)
            for g in ctx.store.data.gateways
        ]
    )


def system_status(ctx: Context) -> Reply:
    """``GET /system_status``: its time zone is PHP's, always UTC, never the shop's."""
    general = {setting["id"]: setting["value"] for setting in _group(ctx, "general")}
    body: Json = {
        "environment": {
            "home_url": ctx.home,
            "site_url": ctx.home,
            "version": _VERSION,
            "wp_version": "6.9.1",
            "php_version": "8.2.35",
            "default_timezone": "UTC",
        },
        "active_plugins": [],
        "settings": {
            "api_enabled": False,
            "force_ssl": False,
            "currency": general["woocommerce_currency"],
            "currency_symbol": "&#107;&#114;",
            "currency_position": "right_space",
            "thousand_separator": general["woocommerce_price_thousand_sep"],
            "decimal_separator": general["woocommerce_price_decimal_sep"],
            "number_of_decimals": int(general["woocommerce_price_num_decimals"]),
            "HPOS_enabled": True,
            "HPOS_sync_enabled": False,
        },
        "security": {"secure_connection": ctx.home.startswith("https"), "hide_errors": True},
    }
    return Reply(body=only(body, ctx.fields))


def site_index(ctx: Context) -> Reply:
    """``GET /wp-json/``: open to anybody; the only place that names the shop's time zone."""
    offset = ctx.store.now().astimezone(ctx.store.zone).utcoffset()
    hours = Decimal(offset // timedelta(minutes=1) if offset else 0) / 60
    body: Json = {
        "name": ctx.store.data.title,
        "description": "",
        "url": ctx.home,
        "home": ctx.home,
        "gmt_offset": int(hours) if hours == int(hours) else hours,
        "timezone_string": ctx.store.data.timezone,
        "namespaces": ["wc/v3", "wp/v2"],
    }
    return Reply(body=only(body, ctx.fields))


def _group(ctx: Context, group: str) -> list[Json]:
    if group not in ctx.store.data.settings:
        raise WpError("rest_setting_setting_group_invalid", "Invalid setting group.", 404)
    return ctx.store.data.settings[group]


def _shown(ctx: Context, group: str, setting: Json) -> Json:
    found = links(ctx.home, f"settings/{group}/{setting['id']}", methods="GET, POST, PUT, PATCH")
    shown: Json = only(setting | {"_links": found}, ctx.fields)
    return shown
