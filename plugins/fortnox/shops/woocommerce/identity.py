"""What a shop says of itself, with whatever rights the key has."""

from collections.abc import Mapping
from typing import Any

from fortnox.core.errors import FatalError, UnreachableError
from fortnox.shops.base import ShopIdentity
from fortnox.shops.woocommerce.client import API, WooCommerceClient
from fortnox.shops.woocommerce.fields import Json, number, text

_SECONDS_PER_HOUR = 3600


def identify(client: WooCommerceClient) -> ShopIdentity:
    """Prove that the key reads orders, and learn the rest from what it may read besides.

    The settings need an administrator's key; without it the newest order tells the currency, the
    version and whether prices include VAT.

    Raises:
        FatalError: Address, key, or the right to read orders.
        UnreachableError: The shop does not answer properly.
    """
    newest = client.list(
        f"{API}/orders", {"_fields": "id,currency,version,prices_include_tax", "orderby": "id"}
    )
    order: Json = newest.items[0] if newest.items else {}
    status = _optional(client, f"{API}/system_status", {"_fields": "environment,settings"})
    environment, settings = _part(status, "environment"), _part(status, "settings")
    currency = text(settings, "currency") or _setting(client, "general/woocommerce_currency")
    includes_tax = _setting(client, "tax/woocommerce_prices_include_tax")
    return ShopIdentity(
        platform="WooCommerce",
        version=text(environment, "version") or text(order, "version"),
        currency=(currency or text(order, "currency")).upper(),
        timezone=_timezone(client),
        prices_include_vat=(
            includes_tax == "yes" if includes_tax else order.get("prices_include_tax") is True
        ),
        price_decimals=_decimals(settings),
    )


def _optional(
    client: WooCommerceClient, path: str, params: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """An answer that may be forbidden to this key, unknown to an older shop, or too slow."""
    try:
        return client.get(path, params)
    except (FatalError, UnreachableError):
        return {}


def _setting(client: WooCommerceClient, name: str) -> str:
    return text(_optional(client, f"{API}/settings/{name}"), "value")


def _part(data: Json, key: str) -> Json:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _decimals(settings: Json) -> int | None:
    told = number(settings.get("number_of_decimals"))
    return None if told is None else int(told)


def _timezone(client: WooCommerceClient) -> str:
    """The site's zone; ``/system_status`` only knows PHP's, which WordPress always sets to UTC."""
    site = _optional(client, "/wp-json/", {"_fields": "timezone_string,gmt_offset"})
    name = text(site, "timezone_string")
    offset_hours = number(site.get("gmt_offset"))
    if name or offset_hours is None:
        return name
    minutes = int(offset_hours * _SECONDS_PER_HOUR) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
