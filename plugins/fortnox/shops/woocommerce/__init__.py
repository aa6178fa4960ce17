"""WooCommerce (REST API v3) as a shop; the only names that the rest of the package uses."""

from fortnox.shops.patience import PATIENCE_S
from fortnox.shops.woocommerce.adapter import WooCommerceShop
from fortnox.shops.woocommerce.buyer import MetaKeys

__all__ = ["PATIENCE_S", "MetaKeys", "WooCommerceShop"]
