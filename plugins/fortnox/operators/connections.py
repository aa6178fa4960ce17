"""A run's hooks, imported when a task runs: that takes a second, and DAG files are parsed often."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fortnox.hooks.fortnox import FortnoxHook
    from fortnox.shops.base import Shop


def fortnox_hook(conn_id: str) -> "FortnoxHook":
    """The hook of a company's connection."""
    from fortnox.hooks.fortnox import FortnoxHook  # noqa: PLC0415

    return FortnoxHook(conn_id)


def shop_client(conn_id: str) -> "Shop":
    """The shop behind a connection."""
    from fortnox.hooks.woocommerce import WooCommerceHook  # noqa: PLC0415

    return WooCommerceHook(conn_id).shop()
