"""Articles as both sides have them, and what may change on either: values, no I/O.

Quantities and prices are ``Decimal``, weights whole grams. ``None`` always means that this side
says nothing about it, never zero.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from fortnox.core.orders import Problem

#: ``ShopRefusal.code``: the shop sold some while this run planned; the next run plans anew.
STOCK_MOVED = "stock_moved"


class Presence(StrEnum):
    """What a shop does with a product."""

    SOLD = "sold"
    #: A draft: not in Fortnox before it is published, and left alone if it is there.
    DRAFT = "draft"
    #: In the trash, or gone since it was last read.
    GONE = "gone"


class StockAt(StrEnum):
    """Where a shop counts the pieces of a product."""

    ITSELF = "itself"
    #: One number for all variations of the product.
    PARENT = "parent"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopArticle:
    """What can be sold under a number of its own: a simple product, or a variation."""

    product_id: str
    #: The product that it is a variation of; empty for a product by itself.
    parent_id: str = ""
    #: As the shop shows it: a variation without its own shows its product's.
    sku: str = ""
    parent_sku: str = ""
    name: str = ""
    presence: Presence = Presence.SOLD
    virtual: bool = False
    #: The ordinary price as entered, with or without VAT; None when there is none.
    price: Decimal | None = None
    price_includes_vat: bool = True
    #: None: the shop's tax settings do not say it for certain, see ``problems``.
    vat_rate_pct: Decimal | None = None
    weight_g: int | None = None
    ean: str = ""
    stock_at: StockAt = StockAt.NOWHERE
    stock: Decimal | None = None
    #: Fortnox's quantity when the shop's stock was last brought in line with it.
    stock_base: Decimal | None = None
    #: The plan by which that was done.
    stock_mark: str = ""
    #: Fields (words of article_fields.csv) that can only be changed on its product.
    kept_by_product: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()

    @property
    def shows_parents_sku(self) -> bool:
        """A variation without a number of its own."""
        return bool(self.parent_id and self.sku and self.sku == self.parent_sku)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDetails:
    """What Fortnox's lists leave out of an article."""

    sales_account: int | None
    article_type: str
    weight_g: int
    stock_goods: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FortnoxArticle:
    """An article as Fortnox lists it, with its details where they are known."""

    number: str
    description: str
    ean: str = ""
    webshop: bool = False
    active: bool = True
    #: In the chosen price list, without VAT.
    price: Decimal | None = None
    in_stock: Decimal = Decimal(0)
    #: What is left after reservations.
    disposable: Decimal = Decimal(0)
    details: ArticleDetails | None = None
    #: When we wrote it last, seconds since 1970; 0: never, as far as is known.
    written_s: int = 0


#: No decimals: staged as JSON they would come back as text.
FieldValue = str | int | bool
ArticleActionKind = Literal["create", "update", "deactivate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleAction:
    """One article's change in Fortnox: its fields by Fortnox's names, and its price apart."""

    kind: ArticleActionKind
    number: str
    product_id: str
    fields: tuple[tuple[str, FieldValue], ...] = ()
    #: New price without VAT in the chosen list; None: it stays.
    price: Decimal | None = None
    #: New quantity; None: it stays.
    in_stock: Decimal | None = None
    reason: str = ""

    @property
    def requests(self) -> int:
        """Requests that it takes when nothing goes wrong."""
        return (bool(self.fields) or self.in_stock is not None) + (self.price is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopUpdate:
    """One article's change in the shop; what is None stays."""

    product_id: str
    number: str
    parent_id: str = ""
    name: str | None = None
    price: Decimal | None = None
    weight_g: int | None = None
    ean: str | None = None
    #: Added to the shop's own stock, so that a sale in the same moment is not lost.
    stock_change: int | None = None
    #: The shop's stock when it was planned. A shop that can't add writes only while it is still so.
    stock_seen: Decimal | None = None
    #: Fortnox's quantity that the change leads up to; stored with it, so it is made once.
    stock_base: Decimal | None = None
    #: Names the plan; stored too, so that a second try sees what the first one did.
    stock_mark: str = ""
    reason: str = ""

    @property
    def is_note(self) -> bool:
        """Only ``stock_base`` is stored; nothing that a buyer sees changes."""
        shown = (self.name, self.price, self.weight_g, self.ean, self.stock_change or None)
        return all(value is None for value in shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRefusal:
    """A change that the shop refused, in its own words; the others went through."""

    product_id: str
    code: str
    text: str
