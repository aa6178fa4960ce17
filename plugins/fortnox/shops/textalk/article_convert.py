"""A Textalk article, or each of its variants, as articles. Pure.

A variant shows what is its own as ``overrides``; the rest is its article's. Its options are named
in the article's ``choiceSchema``. Only its number and its stock can be written (class
``ArticleVariant``), so its name, price, weight and EAN are its article's to change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fortnox.core.articles import Presence, ShopArticle, StockAt
from fortnox.core.money import ore_to_decimal
from fortnox.core.orders import Problem
from fortnox.shops.listing import Json
from fortnox.shops.textalk.fields import amount_ore, number, part, parts, rate_pct, text
from fortnox.shops.textalk.settings import TextalkSettings

NEEDED = (
    "uid",
    "changed",
    "articleNumber",
    "name",
    "price",
    "vatRate",
    "stock",
    "draft",
    "variants",
)
WISHED = ("type", "weight", "ean", "vatIsIncluded", "choiceSchema", "choiceOptionPrices")
#: Before the uid of a variant: articles and variants are numbered each by themselves.
VARIANT = "v"

_OF_ARTICLE = frozenset({"name", "price", "ean", "weight"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFacts:
    """What articles are read by: the shop's base currency, language and kind of prices."""

    currency: str
    language: str
    prices_include_vat: bool
    settings: TextalkSettings


def articles_of(item: Json, facts: CatalogueFacts) -> Iterator[ShopArticle]:
    """The article itself, or its variants; none of a gift card, which is a means of payment."""
    if "gift" in text(item, "type").lower():
        return
    variants = parts(item, "variants")
    if not variants:
        yield _article(item, facts)
    for variant in variants:
        yield _variant(variant, item, facts)


def _article(item: Json, facts: CatalogueFacts) -> ShopArticle:
    return _common(
        item,
        facts,
        product_id=text(item, "uid"),
        sku=text(item, "articleNumber"),
        name=in_language(item.get("name"), facts.language),
        price=item,
        stock=_own_stock(item),
    )


def _variant(variant: Json, item: Json, facts: CatalogueFacts) -> ShopArticle:
    own = part(variant, "overrides")
    name = in_language(item.get("name"), facts.language)
    options = ", ".join(_options(variant, item, facts.language))
    merged = {**item, **{key: own[key] for key in ("weight", "ean") if own.get(key) is not None}}
    # Options can cost extra; how those add up is not documented.
    price = None if item.get("choiceOptionPrices") else item
    return _common(
        merged,
        facts,
        product_id=f"{VARIANT}{text(variant, 'uid')}",
        parent_id=text(item, "uid"),
        sku=text(own, "articleNumber") or text(item, "articleNumber"),
        parent_sku=text(item, "articleNumber"),
        name=" - ".join(filter(None, (name, options))),
        price=price,
        stock=_variant_stock(own, item),
        kept_by_product=_OF_ARTICLE,
    )


def _common(
    item: Json,
    facts: CatalogueFacts,
    *,
    sku: str,
    price: Json | None,
    stock: tuple[StockAt, Decimal | None],
    **identity: Any,
) -> ShopArticle:
    problems: list[Problem] = []
    rate = rate_pct(item)
    if rate is None:
        problems.append(
            Problem(
                code="no_vat_rate",
                text="the shop does not say its VAT rate",
                remedy="give it one VAT rate in the shop",
            )
        )
    includes = item.get("vatIsIncluded")
    stock_at, quantity = stock
    return ShopArticle(
        sku=sku,
        presence=Presence.DRAFT if item.get("draft") is True else Presence.SOLD,
        virtual=facts.settings.is_service(sku),
        price=None if price is None else _price(price, facts.currency, problems),
        price_includes_vat=includes if isinstance(includes, bool) else facts.prices_include_vat,
        vat_rate_pct=rate,
        weight_g=_grams(item),
        ean=text(item, "ean"),
        stock_at=stock_at,
        stock=quantity,
        problems=tuple(problems),
        **identity,
    )


def in_language(name: object, language: str) -> str:
    """A language map's text: in this language, else in whatever one it has."""
    if not isinstance(name, Mapping):
        return str(name or "").strip()
    return str(name.get(language) or next(filter(None, name.values()), "")).strip()


def _options(variant: Json, item: Json, language: str) -> Iterator[str]:
    """The names of a variant's options, where the article's form names them."""
    schemas = part(item, "choiceSchema")
    choices = part(part(schemas, language) or next(iter(schemas.values()), {}), "properties")
    for choice, option in part(variant, "definedBy").items():
        form = part(choices, str(choice))
        names = dict(
            zip(map(str, form.get("enum") or ()), form.get("enumNames") or (), strict=False)
        )
        if str(option) in names:
            yield str(names[str(option)])


def _price(item: Json, currency: str, problems: list[Problem]) -> Decimal | None:
    """The ordinary price in the base currency; those in others are derived from it."""
    prices = part(item, "price")
    regular = part(prices, "regular") or part(prices, "current")
    if regular.get(currency) is None:
        return None
    found: list[Problem] = []
    ore = amount_ore(regular, currency, "Its price", found)
    if found or ore < 0:
        problems.append(
            Problem(
                code="unreadable_amount",
                text="its regular price is not an amount in whole öre",
                remedy="correct the price in the shop",
            )
        )
        return None
    return ore_to_decimal(ore)


def _grams(item: Json) -> int | None:
    value = number(item.get("weight"))
    if value is None or value <= 0:
        return None
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _own_stock(item: Json) -> tuple[StockAt, Decimal | None]:
    stock = part(item, "stock")
    quantity = number(stock.get("stock"))
    if stock.get("useStock") is True and quantity is not None:
        return StockAt.ITSELF, quantity
    return StockAt.NOWHERE, None


def _variant_stock(own: Json, item: Json) -> tuple[StockAt, Decimal | None]:
    """A variant counts where its article does: its own pieces, or the article's."""
    if part(item, "stock").get("useStock") is not True:
        return StockAt.NOWHERE, None
    stock = own.get("stock")
    quantity = number(stock.get("stock") if isinstance(stock, Mapping) else stock)
    if quantity is not None:
        return StockAt.ITSELF, quantity
    return StockAt.PARENT, _own_stock(item)[1]
