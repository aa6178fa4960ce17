"""Stock, from its one owner to the other side.

**Fortnox owns it.** The shop sells all the time, so a number that is written there can undo a sale
of the same minute. Only changes are added: what Fortnox's quantity moved by since the shop was last
brought in line with it. That quantity stands in the shop itself, beside its stock and written in
the same request, so a change is made once, whatever dies.

**The shop owns it.** Its number is written to Fortnox as it is; nobody else writes there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from fortnox.core.article_match import Matched, held_article
from fortnox.core.articles import (
    ArticleAction,
    FortnoxArticle,
    Presence,
    ShopArticle,
    ShopUpdate,
    StockAt,
)
from fortnox.core.documents import Held

_HUNDREDTH = Decimal("0.01")


def plan_stock_import(
    pairs: Iterable[tuple[ShopArticle, FortnoxArticle]],
    pending: Mapping[str, Decimal] | None,
    mark: str,
) -> tuple[list[ShopUpdate], list[Held]]:
    """Changes of the shop's stock.

    Args:
        pairs: Articles of both sides that an import is about.
        pending: Pieces per article number that the shop sold and Fortnox has not heard of. None:
            Fortnox never hears of them (invoice rows are text), so only its own moves count.
        mark: Names this plan.
    """
    updates, held = [], []
    for article, source in pairs:
        outcome = _to_shop(article, source, pending)
        if isinstance(outcome, Held):
            held.append(outcome)
        elif outcome is not None:
            updates.append(replace(outcome, stock_mark=mark))
    return updates, held


def still_wanted(update: ShopUpdate, article: ShopArticle | None) -> ShopUpdate | None:
    """What is left of a change when the shop is as read just now; None: nothing.

    Whatever an earlier try carried out is not done again; a product that is gone needs nothing.
    """
    if article is None or article.presence is Presence.GONE:
        return None
    left = replace(
        update,
        name=None if update.name == article.name else update.name,
        price=None if update.price == article.price else update.price,
        ean=None if update.ean == article.ean else update.ean,
        weight_g=None if update.weight_g == article.weight_g else update.weight_g,
    )
    if update.stock_mark and update.stock_mark == article.stock_mark:
        left = replace(left, stock_change=None, stock_seen=None, stock_base=None, stock_mark="")
    says = (left.name, left.price, left.ean, left.weight_g, left.stock_base)
    return left if any(value is not None for value in says) else None


def _to_shop(
    article: ShopArticle, source: FortnoxArticle, pending: Mapping[str, Decimal] | None
) -> ShopUpdate | Held | None:
    quantity = source.disposable
    if article.stock_at is not StockAt.ITSELF or article.stock is None:
        return _not_counted_here(article) if quantity else None
    if may_be_uncounted(article, source) and not (source.details and source.details.stock_goods):
        return _not_counted_there(article)
    change = _change(article, quantity, pending, source.number)
    if change == 0 and (article.stock_base == quantity or pending is not None):
        return None
    if change != change.to_integral_value():
        return held_article(
            article,
            "stock_fraction",
            f"Fortnox has {quantity}, the shop counts whole pieces",
            "correct it in Fortnox, or let the shop manage it by hand",
        )
    return ShopUpdate(
        product_id=article.product_id,
        parent_id=article.parent_id,
        number=source.number,
        stock_change=int(change),
        stock_seen=article.stock,
        stock_base=quantity,
        reason=f"stock {article.stock} {change:+}" if change else "stock alike, to be noted",
    )


def may_be_uncounted(article: ShopArticle, source: FortnoxArticle) -> bool:
    """Nothing in Fortnox and something in the shop: sold out, or nobody counts it in Fortnox.

    Only the single article tells which (``StockGoods``); lists show 0 either way.
    """
    counted = article.stock_at is StockAt.ITSELF and (article.stock or 0) > 0
    return counted and not source.disposable and not source.in_stock


def _not_counted_there(article: ShopArticle) -> Held:
    return held_article(
        article,
        "stock_not_counted",
        f"the shop has {article.stock}, Fortnox none, and the article is no stock goods there",
        "make it stock goods in Fortnox and enter its quantity, or turn off stock management for "
        "it in the shop",
    )


def _change(
    article: ShopArticle,
    quantity: Decimal,
    pending: Mapping[str, Decimal] | None,
    number: str,
) -> Decimal:
    stock = article.stock or Decimal(0)
    if pending is not None:
        # Fortnox hears of every sale: what it does not know yet is already gone from the shop.
        return quantity - pending.get(number, Decimal(0)) - stock
    if article.stock_base is None:
        return quantity - stock
    return quantity - article.stock_base


def plan_stock_export(
    matched: Matched, *, warehouse: bool
) -> tuple[list[ArticleAction], list[Held]]:
    """Quantities that differ in Fortnox; with the warehouse module none can be written."""
    actions, held = [], [*matched.held]
    for article, existing in matched.pairs:
        if article.presence is Presence.GONE or article.stock_at is StockAt.NOWHERE:
            continue
        if article.stock_at is StockAt.PARENT:
            refused = _not_counted_here(article)
            held.extend([refused] if refused else [])
        elif (quantity := _in_fortnox(article.stock)) not in (None, existing.in_stock):
            if warehouse:
                held.append(held_by_warehouse(article))
                continue
            actions.append(
                ArticleAction(
                    kind="update",
                    number=existing.number,
                    product_id=article.product_id,
                    in_stock=quantity,
                    reason=f"stock {existing.in_stock} -> {quantity}",
                )
            )
    return actions, held


def _in_fortnox(stock: Decimal | None) -> Decimal | None:
    """As Fortnox keeps a quantity: two decimals, half up (recorded)."""
    return None if stock is None else stock.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def held_by_warehouse(article: ShopArticle) -> Held:
    """Fortnox's warehouse module keeps the stock itself."""
    return held_article(
        article,
        "warehouse_module",
        "Fortnox's warehouse module is on: its stock moves by deliveries only",
        "import stock instead of exporting it, or make a delivery in Fortnox",
    )


def _not_counted_here(article: ShopArticle) -> Held | None:
    if article.stock_at is StockAt.PARENT:
        return held_article(
            article,
            "stock_on_parent",
            f"the shop counts variation {article.product_id} together with its siblings",
            "let the shop manage stock for each variation",
        )
    if article.virtual:
        return None
    return held_article(
        article,
        "stock_not_managed",
        "Fortnox has a stock of it, the shop does not count it",
        "turn on stock management for it in the shop",
    )
