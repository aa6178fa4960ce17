"""The two ends of a run, from their Airflow connections."""

from fortnox.hooks.fortnox import FortnoxHook
from fortnox.hooks.woocommerce import WooCommerceHook
from fortnox.shops.base import Shop


def fortnox_hook(conn_id: str) -> FortnoxHook:
    """The hook of a company's connection."""
    return FortnoxHook(conn_id)


def shop_client(conn_id: str) -> Shop:
    """The shop behind a connection."""
    return WooCommerceHook(conn_id).shop()
