"""Fortnox -> shop: prices, names, weights and EANs of articles that both have.

Nothing is created in the shop: a product there needs pictures, texts and options that Fortnox
does not have. A blank or a zero in Fortnox never empties a field or gives something away.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from fortnox.core.article_match import Matched, held_article
from fortnox.core.article_price import list_price, shop_price
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
        refused = _price_refused(article, source)
        if refused is not None:
            return refused
        wanted = _changed_price(article, source.price)
        if wanted is not None:
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


def _changed_price(article: ShopArticle, list_says: Decimal) -> Decimal | None:
    """What the shop should charge; None: what it charges is the list's price, or none is there.

    Without VAT, and rounded, some prices of a shop are the same one: 1.02 and 1.03 at 25 % are both
    0.82 in a list. Both say the same, so the shop keeps its own.
    """
    if not list_says or list_price(article) == list_says:
        return None
    wanted = shop_price(list_says, article)
    return None if wanted == article.price else wanted


def kept_otherwise(change: ShopUpdate, sent: ShopUpdate) -> tuple[str, ...]:
    """Fields that were written and are wanted still: the shop took them and holds something else.

    Args:
        change: What is wanted after the run.
        sent: What the run wrote to the same product.

    Returns:
        Their names, or nothing if anything else is wanted too.
    """
    fields = {"name": "name", "price": "price", "ean": "ean", "weight_g": "weight"}
    wanted = {field: getattr(change, field) for field in fields}
    wanted = {field: value for field, value in wanted.items() if value is not None}
    if change.stock_base is not None or any(getattr(sent, f) != v for f, v in wanted.items()):
        return ()
    return tuple(fields[field] for field in wanted)


def held_as_kept(change: ShopUpdate, fields: Sequence[str]) -> Held:
    """A change that the shop answered with yes and did not keep."""
    return held_article(
        ShopArticle(product_id=change.product_id, sku=change.number),
        "shop_keeps_other",
        f"the shop took the new {', '.join(fields)} and shows another one",
        "correct it in Fortnox to what the shop can hold, or write nobody for it in "
        "article_fields.csv",
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
