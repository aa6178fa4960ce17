"""Which article of the shop is which in Fortnox: by SKU = article number, exactly, or not at all.

Fortnox takes letters, digits and ``- + / . _`` in an article number, at most 50 of them. One with
``/`` is held all the same: the address ``prices/A/X/1`` is the price of X from one piece on.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fortnox.core.articles import FortnoxArticle, Presence, ShopArticle
from fortnox.core.documents import Held

_ALLOWED = re.compile(r"[0-9A-Za-zÅÄÖåäö\-+._]+")
_MOST_CHARACTERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Every article of the shop once: paired, new, held, or without any number to compare."""

    pairs: tuple[tuple[ShopArticle, FortnoxArticle], ...]
    only_in_shop: tuple[ShopArticle, ...]
    only_in_fortnox: tuple[FortnoxArticle, ...]
    held: tuple[Held, ...]


def match_articles(shop: Sequence[ShopArticle], fortnox: Iterable[FortnoxArticle]) -> Matched:
    """Pair both sides; what is not certain is held, each with its reason, and the rest goes on.

    Products in the trash that Fortnox does not have are nobody's business and are left out.
    """
    by_number = {article.number: article for article in fortnox}
    folded: dict[str, list[str]] = {}
    for number in by_number:
        folded.setdefault(number.casefold(), []).append(number)
    owners = _owners(shop)
    pairs, new, held = [], [], []
    for article in shop:
        reason = _refusal(article, owners, by_number, folded)
        if reason is not None:
            if article.presence is not Presence.GONE:
                held.append(reason)
        elif article.sku in by_number:
            pairs.append((article, by_number[article.sku]))
        elif article.presence is Presence.SOLD:
            new.append(article)
    spoken_for = {article.sku.casefold() for article in shop}
    return Matched(
        pairs=tuple(pairs),
        only_in_shop=tuple(new),
        only_in_fortnox=tuple(
            article for number, article in by_number.items() if number.casefold() not in spoken_for
        ),
        held=tuple(held),
    )


def held_article(article: ShopArticle, code: str, reason: str, remedy: str) -> Held:
    """An article that waits for a person."""
    return Held(
        kind="article",
        order_id=article.product_id,
        order_number=article.sku or f"product {article.product_id}",
        amount_ore=0,
        code=code,
        reason=reason,
        remedy=remedy,
    )


def _owners(shop: Iterable[ShopArticle]) -> dict[str, list[str]]:
    """SKU without regard to case -> the products that have it as their own."""
    owners: dict[str, list[str]] = {}
    for article in shop:
        if article.sku and not article.shows_parents_sku and article.presence is not Presence.GONE:
            owners.setdefault(article.sku.casefold(), []).append(article.product_id)
    return owners


def _refusal(
    article: ShopArticle,
    owners: Mapping[str, Sequence[str]],
    by_number: Mapping[str, FortnoxArticle],
    folded: Mapping[str, Sequence[str]],
) -> Held | None:
    sku = article.sku
    if not sku:
        return held_article(
            article, "missing_sku", f'"{article.name}" has no SKU', "give it one in the shop"
        )
    if article.shows_parents_sku:
        return held_article(
            article,
            "parent_sku",
            f"variation {article.product_id} has no SKU of its own, it shows its product's, {sku}",
            "give each variation a SKU of its own",
        )
    others = [other for other in owners.get(sku.casefold(), ()) if other != article.product_id]
    if others and article.presence is not Presence.GONE:
        return held_article(
            article,
            "duplicate_sku",
            f"SKU {sku} is also that of product {', '.join(others[:5])}",
            "give each product a SKU of its own",
        )
    if others:
        # It was thrown away, and another product took its number over.
        return held_article(article, "duplicate_sku", "", "")
    if not is_article_number(sku):
        return held_article(
            article,
            "sku_refused",
            f'"{sku}" can be no article number',
            "use letters, digits and - + . _ only, at most 50",
        )
    spelled = [number for number in folded.get(sku.casefold(), ()) if number != sku]
    if spelled and sku not in by_number:
        return held_article(
            article,
            "sku_case_differs",
            f"Fortnox has it as {spelled[0]}, the shop as {sku}",
            "write it the same way on both sides",
        )
    return None


def is_article_number(text: str) -> bool:
    """Whether Fortnox accepts it; dots alone would be a way out of an address."""
    fits = len(text) <= _MOST_CHARACTERS and bool(_ALLOWED.fullmatch(text))
    return fits and bool(text.strip("."))
