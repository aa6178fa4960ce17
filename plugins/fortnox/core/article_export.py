"""Shop -> Fortnox: what each article needs, with changed fields only; never a deletion."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from fortnox.core.article_match import Matched, held_article
from fortnox.core.article_price import list_price
from fortnox.core.articles import (
    ArticleAction,
    FieldValue,
    FortnoxArticle,
    Presence,
    ShopArticle,
    StockAt,
)
from fortnox.core.documents import Held
from fortnox.core.mapping import Mappings, ShopRow

#: The unit of all pieces; a new company in Fortnox has it.
UNIT = "st"
_HOME_MARKETS = ("SE",)

Fields = dict[str, FieldValue]
Outcome = ArticleAction | Held | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRules:
    """What the mapping files say about a shop's articles on a day."""

    shop: ShopRow
    mappings: Mappings
    day: date

    @property
    def owned(self) -> frozenset[str]:
        """Fields that the shop decides about."""
        return self.mappings.article_fields(self.shop.shop, "shop")

    def account(self, article: ShopArticle) -> int | None:
        """The sales account of accounts.csv; None: nobody decided, or the rate is not certain."""
        if article.vat_rate_pct is None:
            return None
        row = self.mappings.account(
            self.shop.shop, self.kind(article), _HOME_MARKETS, article.vat_rate_pct, self.day
        )
        return row.sales_account if row else None

    def kind(self, article: ShopArticle) -> Literal["goods", "service", "gift_card"]:
        """What accounts.csv calls it; a card for goods of any rate is sold without VAT."""
        if not article.vat_rate_pct:
            named = self.mappings.untaxed_amount(self.shop.shop, "product_name", article.name)
            if named is not None and named.meaning == "gift_card":
                return "gift_card"
        return "service" if self.is_service(article) else "goods"

    def is_service(self, article: ShopArticle) -> bool:
        """As ``service_lines`` of shops.csv says it for orders."""
        return article.virtual and self.shop.service_lines == "by_virtual"


def plan_export(matched: Matched, rules: ExportRules) -> tuple[list[ArticleAction], list[Held]]:
    """Creations first, then changes; what is not certain is held and the rest goes on."""
    actions: list[ArticleAction] = []
    held: list[Held] = [*matched.held]
    for outcome in _outcomes(matched, rules):
        if isinstance(outcome, Held):
            held.append(outcome)
        elif outcome is not None:
            actions.append(outcome)
    return actions, held


def _outcomes(matched: Matched, rules: ExportRules) -> Iterator[Outcome]:
    owned = rules.owned
    for article in matched.only_in_shop:
        yield _problem(article) or _creation(article, rules, owned)
    for article, existing in matched.pairs:
        if article.presence is Presence.GONE:
            yield _deactivation(article, existing, owned)
        else:
            yield _problem(article) or _change(article, existing, rules, owned)


def _problem(article: ShopArticle) -> Held | None:
    """What the shop's adapter could not read for certain."""
    for problem in article.problems:
        return held_article(article, problem.code, problem.text, problem.remedy)
    return None


def _deactivation(
    article: ShopArticle, existing: FortnoxArticle, owned: frozenset[str]
) -> ArticleAction | None:
    if "active" not in owned or not existing.active:
        return None
    return ArticleAction(
        kind="deactivate",
        number=existing.number,
        product_id=article.product_id,
        fields=(("Active", False),),
        reason="the product is gone from the shop",
    )


def _creation(article: ShopArticle, rules: ExportRules, owned: frozenset[str]) -> Outcome:
    account = rules.account(article)
    if account is None:
        return _no_account(article, rules)
    fields: Fields = {
        "ArticleNumber": article.sku,
        "Description": article.name or article.sku,
        "Type": "SERVICE" if rules.is_service(article) else "STOCK",
        "SalesAccount": account,
        "Unit": UNIT,
        "StockGoods": article.stock_at is not StockAt.NOWHERE and not rules.is_service(article),
    }
    if "ean" in owned and article.ean:
        fields["EAN"] = article.ean
    if "weight" in owned and article.weight_g:
        fields["Weight"] = article.weight_g
    if "webshop" in owned:
        fields["WebshopArticle"] = True
    price = list_price(article) if "price" in owned else None
    return ArticleAction(
        kind="create",
        number=article.sku,
        product_id=article.product_id,
        fields=tuple(fields.items()),
        price=price,
        reason="not in Fortnox yet",
    )


def _change(
    article: ShopArticle, existing: FortnoxArticle, rules: ExportRules, owned: frozenset[str]
) -> Outcome:
    account = rules.account(article) if "account" in owned else None
    if "account" in owned and account is None:
        return _no_account(article, rules)
    fields = dict(_listed_changes(article, existing, owned))
    fields |= _detail_changes(article, existing, rules, owned, account)
    price = _changed_price(article, existing, owned)
    if not fields and price is None:
        return None
    changed = [*fields, *(["price"] if price is not None else [])]
    return ArticleAction(
        kind="update",
        number=existing.number,
        product_id=article.product_id,
        fields=tuple(fields.items()),
        price=price,
        reason=f"differs in {', '.join(changed)}",
    )


def _listed_changes(
    article: ShopArticle, existing: FortnoxArticle, owned: frozenset[str]
) -> Iterator[tuple[str, FieldValue]]:
    """What Fortnox's lists show. A blank in the shop says nothing, so nothing is blanked."""
    if "name" in owned and article.name and article.name != existing.description:
        yield "Description", article.name
    if "ean" in owned and article.ean and article.ean != existing.ean:
        yield "EAN", article.ean
    if "webshop" in owned and not existing.webshop:
        yield "WebshopArticle", True
    if "active" in owned and article.presence is Presence.SOLD and not existing.active:
        yield "Active", True


def _detail_changes(
    article: ShopArticle,
    existing: FortnoxArticle,
    rules: ExportRules,
    owned: frozenset[str],
    account: int | None,
) -> Fields:
    """What only a single article shows; nothing while it was not read."""
    details = existing.details
    if details is None:
        return {}
    fields: Fields = {}
    if account is not None and account != details.sales_account:
        fields["SalesAccount"] = account
    kind = "SERVICE" if rules.is_service(article) else "STOCK"
    if "kind" in owned and kind != details.article_type:
        fields["Type"] = kind
    if "weight" in owned and article.weight_g and article.weight_g != details.weight_g:
        fields["Weight"] = article.weight_g
    return fields


def _changed_price(
    article: ShopArticle, existing: FortnoxArticle, owned: frozenset[str]
) -> Decimal | None:
    price = list_price(article) if "price" in owned else None
    return price if price is not None and price != existing.price else None


def _no_account(article: ShopArticle, rules: ExportRules) -> Held:
    return held_article(
        article,
        "unmapped_account",
        f"no sales account for {rules.kind(article)} to SE at {article.vat_rate_pct} % "
        f"on {rules.day}",
        "add the row to accounts.csv",
    )


def held_as_deleted(action: ArticleAction) -> Held:
    """A change of an article that somebody deleted in Fortnox since it was last read."""
    return held_article(
        ShopArticle(product_id=action.product_id, sku=action.number),
        "article_deleted",
        f"article {action.number} was deleted in Fortnox",
        "nothing, if the next run can make it anew; where Fortnox keeps the number, give the "
        "product another SKU",
    )
