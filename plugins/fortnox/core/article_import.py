"""Fortnox -> shop: prices, names, weights and EANs of articles that both have.

Nothing is created in the shop: a product there needs pictures, texts and options that Fortnox
does not have. A blank or a zero in Fortnox never empties a field or gives something away.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from fortnox.core.article_match import Matched, held_article
from fortnox.core.article_price import shop_price
from fortnox.core.articles import (
    STOCK_MOVED,
    FortnoxArticle,
    Presence,
    ShopArticle,
    ShopRefusal,
    ShopUpdate,
)
from fortnox.core.documents import Held


def plan_import(
    matched: Matched, owned: frozenset[str], *, only_web_articles: bool
) -> tuple[list[ShopUpdate], list[Held]]:
    """The changes in the shop; what is not certain is held and the rest goes on.

    Args:
        matched: Both sides.
        owned: Fields that Fortnox decides about.
        only_web_articles: Leave articles alone that are not marked as web shop articles.
    """
    updates: list[ShopUpdate] = []
    held: list[Held] = [*matched.held]
    for article, source in in_scope(matched, only_web_articles=only_web_articles):
        outcome = _change(article, source, owned)
        if isinstance(outcome, Held):
            held.append(outcome)
        elif outcome is not None:
            updates.append(outcome)
    return updates, held


def in_scope(
    matched: Matched, *, only_web_articles: bool
) -> Iterator[tuple[ShopArticle, FortnoxArticle]]:
    """Pairs that an import is about: active in Fortnox and not thrown away in the shop."""
    for article, source in matched.pairs:
        flagged = source.webshop or not only_web_articles
        if source.active and flagged and article.presence is not Presence.GONE:
            yield article, source


def _change(
    article: ShopArticle, source: FortnoxArticle, owned: frozenset[str]
) -> ShopUpdate | Held | None:
    changed: dict[str, Any] = {}
    if "price" in owned and source.price is not None:
        wanted = shop_price(source.price, article)
        refused = _price_refused(article, source)
        if refused is not None:
            return refused
        if wanted is not None and wanted != article.price:
            changed["price"] = wanted
    # A variation's name is made of its options.
    if "name" in owned and not article.parent_id and source.description != article.name:
        changed["name"] = source.description
    if "ean" in owned and source.ean and source.ean != article.ean:
        changed["ean"] = source.ean
    weight_g = source.details.weight_g if source.details else 0
    if "weight" in owned and weight_g and weight_g != article.weight_g:
        changed["weight"] = weight_g
    if not changed:
        return None
    if elsewhere := sorted(article.kept_by_product & changed.keys()):
        return _kept_by_product(article, elsewhere)
    return ShopUpdate(
        product_id=article.product_id,
        parent_id=article.parent_id,
        number=source.number,
        name=changed.get("name"),
        price=changed.get("price"),
        ean=changed.get("ean"),
        weight_g=changed.get("weight"),
        reason=f"differs in {', '.join(changed)}",
    )


def _kept_by_product(article: ShopArticle, fields: Sequence[str]) -> Held:
    return held_article(
        article,
        "kept_by_product",
        f"Fortnox has another {', '.join(fields)} than variation {article.product_id}, whose "
        "product keeps it for all of them",
        "change it on the product in the shop, or write nobody for it in article_fields.csv",
    )


def _price_refused(article: ShopArticle, source: FortnoxArticle) -> Held | None:
    if not source.price and article.price:
        return held_article(
            article,
            "price_zero",
            f"the price list says 0.00, the shop sells it for {article.price}",
            "set its price in Fortnox, or make it free in the shop by hand",
        )
    if article.price_includes_vat and article.vat_rate_pct is None:
        for problem in article.problems:
            return held_article(article, problem.code, problem.text, problem.remedy)
        return held_article(
            article,
            "no_vat_rate",
            "the shop does not say its VAT rate",
            "give its tax class one rate",
        )
    return None


def held_by_shop(article: ShopArticle, refusal: ShopRefusal) -> Held:
    """A change that the shop refused, in its own words."""
    if refusal.code == STOCK_MOVED:
        return held_article(
            article, "stock_moved", refusal.text, "nothing: the next run plans anew"
        )
    return held_article(
        article,
        "refused_by_shop",
        f"the shop refused it: {refusal.text} ({refusal.code})",
        "correct the product in the shop, or the article in Fortnox",
    )
