"""A product or variation of WooCommerce as an article. Pure.

Names hold HTML entities when they were written over REST. A variation without its own SKU shows
its product's, and one whose stock is kept by the product has ``manage_stock`` = ``"parent"``.
"""

from decimal import Decimal

from fortnox.core.articles import Presence, ShopArticle, StockAt
from fortnox.core.orders import Problem
from fortnox.shops.woocommerce.fields import Json, number, rows, text, whole
from fortnox.shops.woocommerce.product_settings import ProductSettings

PRODUCT_FIELDS = (
    "id,type,status,name,sku,global_unique_id,regular_price,tax_status,tax_class,virtual,weight,"
    "manage_stock,stock_quantity,meta_data"
)
VARIATION_FIELDS = f"{PRODUCT_FIELDS},attributes,parent_id"
#: Meta key beside the stock: Fortnox's quantity that it was last brought in line with.
STOCK_BASE = "_fortnox_stock"
#: And the plan that did it.
STOCK_MARK = "_fortnox_stock_plan"

#: Sold as something else, or not at all: no articles of their own.
_NO_ARTICLES = ("grouped", "external")
_PRESENCE = {"publish": Presence.SOLD, "private": Presence.SOLD, "trash": Presence.GONE}
_OF_PRODUCT = "parent"


def has_variations(product: Json) -> bool:
    """Its variations are the articles (``variable``, and plugins' ``variable-subscription``)."""
    return "variable" in text(product, "type")


def is_article(product: Json) -> bool:
    """Sold under its own number; gift cards of plugins are means of payment."""
    kind = text(product, "type")
    return not has_variations(product) and kind not in _NO_ARTICLES and "gift" not in kind.lower()


def product_article(product: Json, settings: ProductSettings) -> ShopArticle:
    """A product by itself."""
    return _article(product, product, settings, name=text(product, "name"))


def variation_article(variation: Json, product: Json, settings: ProductSettings) -> ShopArticle:
    """A variation, with the name of its product and its options."""
    options = ", ".join(
        filter(None, (text(row, "option") for row in rows(variation, "attributes")))
    )
    name = " - ".join(filter(None, (text(product, "name"), options or text(variation, "name"))))
    return _article(variation, product, settings, name=name)


def _article(item: Json, product: Json, settings: ProductSettings, *, name: str) -> ShopArticle:
    is_variation = item is not product
    problems: list[Problem] = []
    rate_pct = _rate_pct(item, product, settings, problems)
    price = _price(item, problems)
    stock_at, stock = _stock(item)
    return ShopArticle(
        product_id=text(item, "id"),
        parent_id=text(product, "id") if is_variation else "",
        sku=text(item, "sku"),
        parent_sku=text(product, "sku") if is_variation else "",
        name=name,
        presence=_presence(item, product),
        virtual=item.get("virtual") is True,
        price=price,
        price_includes_vat=settings.prices_include_vat,
        vat_rate_pct=rate_pct,
        weight_g=settings.grams(text(item, "weight")),
        ean=text(item, "global_unique_id"),
        stock_at=stock_at,
        stock=stock,
        stock_base=number(_meta(item, STOCK_BASE)),
        stock_mark=_meta(item, STOCK_MARK),
        problems=tuple(problems),
    )


def _presence(item: Json, product: Json) -> Presence:
    """A variation goes with its product."""
    both = [_PRESENCE.get(text(one, "status"), Presence.DRAFT) for one in (item, product)]
    if Presence.GONE in both:
        return Presence.GONE
    return Presence.DRAFT if Presence.DRAFT in both else Presence.SOLD


def _rate_pct(
    item: Json, product: Json, settings: ProductSettings, problems: list[Problem]
) -> Decimal | None:
    if text(item, "tax_status") in ("none", "shipping"):
        return Decimal(0)
    own_class = text(item, "tax_class")
    tax_class = text(product, "tax_class") if own_class == _OF_PRODUCT else own_class
    rates = settings.rates(tax_class)
    if len(rates) == 1:
        return next(iter(rates)).normalize() + 0
    code, what = ("several_vat_rates", "several") if rates else ("no_vat_rate", "no")
    problems.append(
        Problem(
            code=code,
            text=f'tax class "{tax_class or "standard"}" has {what} VAT rates in the home country',
            remedy="give the class one rate in the shop's tax settings",
        )
    )
    return None


def _price(item: Json, problems: list[Problem]) -> Decimal | None:
    shown = text(item, "regular_price")
    price = number(shown)
    if shown and (price is None or price < 0):
        problems.append(
            Problem(
                code="unreadable_amount",
                text="its regular price is not an amount",
                remedy="correct the price in the shop",
            )
        )
        return None
    return price


def _stock(item: Json) -> tuple[StockAt, Decimal | None]:
    managed = item.get("manage_stock")
    quantity = number(item.get("stock_quantity"))
    if managed == _OF_PRODUCT:
        return StockAt.PARENT, quantity
    if managed is True and quantity is not None:
        return StockAt.ITSELF, quantity
    return StockAt.NOWHERE, None


def _meta(item: Json, key: str) -> str:
    return next(
        (text(meta, "value") for meta in rows(item, "meta_data") if text(meta, "key") == key), ""
    )


def parent_of(variation: Json) -> int:
    """The product's id as the list of all variations tells it."""
    return whole(variation.get("parent_id"))
