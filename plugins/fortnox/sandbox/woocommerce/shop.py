"""``/system_status``, the shop's currency, and the index of the whole site."""

from datetime import timedelta
from decimal import Decimal

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.listing import Reply
from fortnox.sandbox.woocommerce.wire import links, only

_VERSION = "11.0.1"
_KRONA = "&#107;&#114;"
_CURRENCIES = {"SEK": ("Swedish krona", _KRONA), "EUR": ("Euro", "&euro;"),
               "NOK": ("Norwegian krone", _KRONA), "DKK": ("Danish krone", "kr."),
               "USD": ("United States (US) dollar", "&#36;")}  # fmt: skip


def system_status(ctx: Context) -> Reply:
    """``GET /system_status``: its time zone is PHP's, always UTC, never the shop's."""
    general = {
        setting["id"]: setting["value"]
        for setting in ctx.data.settings.values()
        if setting["group_id"] == "general"
    }
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
            "currency_symbol": _CURRENCIES.get(general["woocommerce_currency"], ("", _KRONA))[1],
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
        "name": ctx.data.title,
        "description": "",
        "url": ctx.home,
        "home": ctx.home,
        "gmt_offset": int(hours) if hours == int(hours) else hours,
        "timezone_string": ctx.data.timezone,
        "namespaces": ["wc/v3", "wp/v2"],
    }
    return Reply(body=only(body, ctx.fields))


def current_currency(ctx: Context) -> Reply:
    """``GET /data/currencies/current``."""
    code = ctx.store.setting("general", "woocommerce_currency")
    name, symbol = _CURRENCIES.get(code, (code, code))
    found = links(ctx.home, f"data/currencies/{code}", methods="GET")
    return ctx.one({"code": code, "name": name, "symbol": symbol, "_links": found})
