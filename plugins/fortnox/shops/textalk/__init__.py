"""Textalk Webshop (Abicart) as a shop; the only names that the rest of the package uses."""

from fortnox.shops.textalk.adapter import TextalkShop
from fortnox.shops.textalk.client import Access
from fortnox.shops.textalk.settings import TextalkSettings

__all__ = ["Access", "TextalkSettings", "TextalkShop"]
