"""A made-up Swedish shop for the sandbox: deterministic, with WooCommerce's own arithmetic.

``generate`` gives the same shop for the same arguments, and the same order for the same day
whatever the range: an order that was on its way in yesterday's data is delivered in today's.
"""

from fortnox.sandbox.seed.generate import generate
from fortnox.sandbox.seed.model import ShopData

__all__ = ["ShopData", "generate"]
