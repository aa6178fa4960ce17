"""The two ends of a run, from their Airflow connections."""

from collections.abc import Callable, Mapping

from fortnox.core.errors import FatalError
from fortnox.core.mapping import ShopRow
from fortnox.hooks.fortnox import FortnoxHook
from fortnox.hooks.shop import ShopHook
from fortnox.hooks.textalk import TextalkHook
from fortnox.hooks.woocommerce import WooCommerceHook
from fortnox.shops.base import ArticleShop, CustomerShop, MarkedOrders, OrderNotes, Shop
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
        FatalError: Articles of this shop system are not carried.
    """
    shop = shop_client(row)
    if isinstance(shop, WooCommerceShop):
        return shop.article_shop
    raise FatalError(
        f"Articles and stock of {row.platform} shops are not carried in this version.",
        remedy="Write off in events.csv for articles and stock of this shop.",
    )


def customer_shop(shop: ShopRow) -> CustomerShop:
    """The customers' accounts of a shop.

    Raises:
        FatalError: This version does not carry customers of that shop system.
    """
    return _woocommerce(shop, "customers").accounts


def order_notes(shop: ShopRow) -> OrderNotes:
    """The orders of a shop, to be told of their documents; errors as :func:`customer_shop`."""
    return _woocommerce(shop, "write_back").notes


def marked_orders(shop: ShopRow) -> MarkedOrders:
    """Marked orders of a shop; errors as :func:`customer_shop`."""
    return _woocommerce(shop, "the smoke test").marked_orders


def _woocommerce(shop: ShopRow, what: str) -> WooCommerceShop:
    if shop.platform != "woocommerce":
        raise FatalError(
            f"{what} of {shop.platform} shops is not in this version.",
            remedy=f"Turn it off for shop {shop.shop}.",
        )
    return WooCommerceHook(shop.shop_conn_id).shop()
