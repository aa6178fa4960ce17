"""A WooCommerce shop to try on: REST API v3 as a real WooCommerce 11 was seen to answer.

Start with :func:`create_app`; what a shop holds comes from ``fortnox.sandbox.seed``.
"""

from fortnox.sandbox.woocommerce.app import create_app
from fortnox.sandbox.woocommerce.auth import DEFAULT_KEY, DEFAULT_SECRET, ApiKey
from fortnox.sandbox.woocommerce.store import Store, Switches

__all__ = ["DEFAULT_KEY", "DEFAULT_SECRET", "ApiKey", "Store", "Switches", "create_app"]
