"""The two ends of a run, from their Airflow connections."""

from collections.abc import Callable, Mapping

from fortnox.core.errors import FatalError
from fortnox.core.mapping import ShopRow
from fortnox.hooks.fortnox import FortnoxHook
from fortnox.hooks.shop import ShopHook
from fortnox.hooks.textalk import TextalkHook
from fortnox.hooks.woocommerce import WooCommerceHook
from fortnox.shops.base import (
    ArticleShop,
    CustomerShop,
    MarkedOrders,
    OrderNotes,
    Shop,
    TwoWayShop,
)
from fortnox.shops.woocommerce import WooCommerceShop

#: One line per shop system: platform of shops.csv -> what makes a shop of a connection.
SHOP_HOOKS: Mapping[str, Callable[[str], ShopHook]] = {
    "woocommerce": WooCommerceHook,
    "textalk": TextalkHook,
}


def fortnox_hook(conn_id: str) -> FortnoxHook:
    """The hook of a company's connection."""
    return FortnoxHook(conn_id)


def shop_hook(shop: ShopRow) -> ShopHook:
    """The hook of a shop's connection, by its platform."""
    return SHOP_HOOKS[shop.platform](shop.shop_conn_id)


def shop_client(shop: ShopRow) -> Shop:
    """The shop behind a row of shops.csv."""
    return shop_hook(shop).shop()


def article_shop(row: ShopRow) -> ArticleShop:
    """The articles of the shop behind a row of shops.csv.

    Raises:
        FatalError: Of that shop system only orders are carried.
    """
    return _two_way(row).article_shop


def customer_shop(row: ShopRow) -> CustomerShop:
    """The customers' accounts of a shop; errors as :func:`article_shop`."""
    return _two_way(row).accounts


def order_notes(row: ShopRow) -> OrderNotes:
    """The orders of a shop, to be told of their documents; errors as :func:`article_shop`."""
    return _two_way(row).notes


def marked_orders(row: ShopRow) -> MarkedOrders:
    """Marked orders of a shop.

    Raises:
        FatalError: That shop system lets nobody make an order but a buyer at the checkout.
    """
    shop = shop_client(row)
    if isinstance(shop, WooCommerceShop):
        return shop.marked_orders
    raise FatalError(
        f"{row.platform} shops take orders from their checkout only: none can be made for a test.",
        remedy="Place one at its checkout, and give its number as the param order.",
    )


def _two_way(row: ShopRow) -> TwoWayShop:
    shop = shop_client(row)
    if isinstance(shop, TwoWayShop):
        return shop
    raise FatalError(
        f"Of {row.platform} shops only orders are carried.",
        remedy=f"Write off in events.csv for shop {row.shop}, and none for write_back.",
    )
