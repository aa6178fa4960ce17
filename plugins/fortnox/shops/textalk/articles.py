"""A Textalk shop's articles behind the ``ArticleShop`` Protocol.

A sale need not move its article's date of change, so articles of orders that changed are read too.
The shop sets quantities and can't add to them: one is written only while it is still what the plan
saw, so that a sale in between is not undone.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from fortnox.core.articles import STOCK_MOVED, ShopArticle, ShopRefusal, ShopUpdate, StockAt
from fortnox.core.errors import UnknownOutcomeError, UnreachableError
from fortnox.core.orders import OrderHead
from fortnox.shops.listing import Json
from fortnox.shops.textalk.article_convert import (
    NEEDED,
    VARIANT,
    WISHED,
    CatalogueFacts,
    articles_of,
)
from fortnox.shops.textalk.client import TextalkClient
from fortnox.shops.textalk.convert import DISCARDED
from fortnox.shops.textalk.errors import NotFoundError, RefusedError
from fortnox.shops.textalk.fields import parts, text
from fortnox.shops.textalk.reader import OrderReader
from fortnox.shops.textalk.register import Register
from fortnox.shops.textalk.schema import known_query
from fortnox.shops.textalk.settings import TextalkSettings

#: The shop's clock may be ahead of ours.
_AHEAD = timedelta(minutes=10)
_SOLD_QUERY: Json = {"uid": True, "ordered": True, "changed": True, "items": ["article"]}
_SHOP_QUERY = ["baseCurrency", "defaultLanguage", "priceStoredWithVat"]


class TextalkArticles:
    """Reads and changes articles and variants; use one per run.

    Args:
        client: The shop; its key's user may change articles.
        orders: Its orders, which tell whose stock may have moved.
        webshop: The shop's number.
        settings: What the API does not say.
    """

    def __init__(
        self, client: TextalkClient, orders: OrderReader, webshop: int, settings: TextalkSettings
    ) -> None:
        self._client = client
        self._orders = orders
        self._webshop = webshop
        self._settings = settings

    def changed_articles(self, since: datetime | None) -> Iterator[ShopArticle]:
        """What changed or was sold since a moment, each once; all for None.

        The shop has no trash: an article that was deleted is in no list.
        """
        seen: set[str] = set()
        for item in self._register.changed(since):
            seen.add(text(item, "uid"))
            yield from articles_of(item, self._facts)
        if since is not None:
            for item in self._register.by_uid(sorted(self._sold(since) - seen)):
                yield from articles_of(item, self._facts)

    def articles(self, wanted: Iterable[ShopUpdate]) -> Iterator[ShopArticle]:
        """The articles of these changes as they are now; those that are gone are left out."""
        updates = list(wanted)
        ids = {update.product_id for update in updates}
        uids = dict.fromkeys(update.parent_id or update.product_id for update in updates)
        for item in self._register.by_uid(uids):
            yield from (one for one in articles_of(item, self._facts) if one.product_id in ids)

    def update_articles(self, updates: Iterable[ShopUpdate]) -> list[ShopRefusal]:
        """Write one by one; a refused one costs no other."""
        found = (self._update(update) for update in updates)
        return [refusal for refusal in found if refusal is not None]

    def has_taken(self, head: OrderHead) -> bool:
        """Every order takes its pieces when it is made; a discarded one gives them back."""
        return head.status != DISCARDED

    def _update(self, update: ShopUpdate) -> ShopRefusal | None:
        try:
            if update.stock_change:
                moved = self._set_stock(update)
                if moved is not None:
                    return moved
            if patch := self._patch(update):
                self._client.call("Article.set", int(update.product_id), patch, ["uid"])
        except RefusedError as error:
            return ShopRefusal(
                product_id=update.product_id, code=str(error.code), text=error.message
            )
        except NotFoundError:
            return ShopRefusal(
                product_id=update.product_id, code="9003", text="it is not in the shop any more"
            )
        return None

    def _set_stock(self, update: ShopUpdate) -> ShopRefusal | None:
        now = next(iter(self.articles([update])), None)
        wanted = (update.stock_seen or Decimal(0)) + (update.stock_change or 0)
        if now is not None and now.stock == wanted:
            # An earlier try whose answer was lost.
            return None
        if now is None or now.stock != update.stock_seen or now.stock_at is not StockAt.ITSELF:
            return ShopRefusal(
                product_id=update.product_id,
                code=STOCK_MOVED,
                text="its stock moved in the shop since this run read it",
            )
        quantity = int(wanted)
        is_variant = update.product_id.startswith(VARIANT)
        uid = int(update.product_id.removeprefix(VARIANT))
        method = "ArticleVariant.set" if is_variant else "Article.set"
        stock: Any = quantity if is_variant else {"stock": quantity}
        try:
            self._client.call_once(method, uid, {"stock": stock}, ["uid"])
        except UnknownOutcomeError as error:
            raise UnreachableError(
                error.message, remedy="Try again later: what was carried out is read first."
            ) from error
        return None

    def _patch(self, update: ShopUpdate) -> dict[str, Any]:
        patch: dict[str, Any] = {}
        if update.name is not None:
            patch["name"] = {self._facts.language: update.name}
        if update.price is not None:
            patch["price"] = {"regular": {self._facts.currency: update.price}}
        if update.ean is not None:
            patch["ean"] = update.ean
        if update.weight_g is not None:
            patch["weight"] = update.weight_g
        return patch

    def _sold(self, since: datetime) -> set[str]:
        """Uids of the articles in orders that changed."""
        until = datetime.now(UTC) + _AHEAD
        orders = self._orders.in_span("changed", since, until, _SOLD_QUERY)
        items = (item for order in orders for item in parts(order, "items"))
        return {uid for item in items if (uid := text(item, "article"))}

    @cached_property
    def _register(self) -> Register:
        return Register(
            self._client, "Article", known_query(self._client, "Article", NEEDED, WISHED)
        )

    @cached_property
    def _facts(self) -> CatalogueFacts:
        shop = self._client.call("Webshop.get", self._webshop, _SHOP_QUERY)
        return CatalogueFacts(
            currency=text(shop, "baseCurrency").upper(),
            language=text(shop, "defaultLanguage"),
            prices_include_vat=shop.get("priceStoredWithVat") is True,
            settings=self._settings,
        )
