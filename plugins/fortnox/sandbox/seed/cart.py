"""What is bought: all that decides an order's money."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fortnox.sandbox.seed.catalogue import Article


@dataclass(frozen=True, slots=True)
class Item:
    """One cart line; ``option`` is the index of the chosen variation."""

    article: Article
    quantity: int
    option: int | None = None


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon: ``percent``, or ``fixed_cart`` with an amount in whole kronor."""

    code: str
    kind: str
    amount: int
    free_shipping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """All that decides an order's money."""

    items: tuple[Item, ...]
    day: date
    country: str = "SE"
    currency: str = "SEK"
    coupon: Coupon | None = None
    invoice_fee: bool = False
    #: Kronor taken off by a gift card plugin that uses an untaxed negative fee.
    gift_card: Decimal = Decimal(0)
    #: Sold lines whose product was deleted afterwards.
    product_deleted: bool = False
