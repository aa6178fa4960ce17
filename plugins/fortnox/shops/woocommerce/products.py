"""A WooCommerce shop's articles behind the ``ArticleShop`` Protocol.

A variation's change need not touch its product's date. Shops since WooCommerce 10.3 list all
variations in one place and by date; on older ones a delta reads the variations of the products
that changed, and all of them only with a full reading.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from fortnox.core.articles import ShopArticle, ShopRefusal, ShopUpdate
from fortnox.core.errors import UnknownOutcomeError, UnreachableError
from fortnox.core.orders import OrderHead
from fortnox.shops.woocommerce.client import API, WooCommerceClient
from fortnox.shops.woocommerce.errors import NotFoundError
from fortnox.shops.woocommerce.fields import Json, text, whole
from fortnox.shops.woocommerce.product_convert import (
    PRODUCT_FIELDS,
    STOCK_BASE,
    STOCK_MARK,
    VARIATION_FIELDS,
    has_variations,
    is_article,
    parent_of,
    product_article,
    variation_article,
)
from fortnox.shops.woocommerce.product_settings import ProductSettings, read_settings
from fortnox.shops.woocommerce.reader import by_ids, chunks, read_all, span
from fortnox.shops.woocommerce.transport import Write

_PRODUCTS = f"{API}/products"
_VARIATIONS = f"{API}/variations"
#: The shop's clock may be ahead of ours.
_AHEAD = timedelta(minutes=10)
_BY_ID = {"orderby": "id", "order": "asc"}
#: With these WooCommerce has taken the pieces from its stock.
_TAKEN = frozenset({"processing", "on-hold", "completed"})
_EVERYTHING, _TRASH = "any", "trash"


class WooCommerceArticles:
    """Reads and changes products and variations.

    What it read of the shop's settings it keeps: use one per run.

    Args:
        client: The shop; its key may read and write.
    """

    def __init__(self, client: WooCommerceClient) -> None:
        self._client = client
        self._known: ProductSettings | None = None

    def changed_articles(self, since: datetime | None) -> Iterator[ShopArticle]:
        """Articles that changed since a moment, each once; all for None; the trash as gone."""
        products = {
            whole(item.get("id")): item
            for status in (_EVERYTHING, _TRASH)
            for item in self._listed(_PRODUCTS, since, PRODUCT_FIELDS, status)
        }
        variations = self._changed_variations(since, products)
        for item in products.values():
            if is_article(item):
                yield product_article(item, self._settings)
        for variation, product in variations:
            yield variation_article(variation, product, self._settings)

    def articles(self, wanted: Iterable[ShopUpdate]) -> Iterator[ShopArticle]:
        """The articles of these changes as they are now; those that are gone are left out."""
        by_parent = _by_parent(wanted)
        params = {"_fields": PRODUCT_FIELDS, "status": _EVERYTHING}
        simple = [int(update.product_id) for update in by_parent.pop("", [])]
        parents = [int(parent) for parent in by_parent]
        found = by_ids(self._client, _PRODUCTS, [*simple, *parents], params)
        products = {whole(item.get("id")): item for item in found}
        for product_id in simple:
            if product_id in products:
                yield product_article(products[product_id], self._settings)
        for parent, updates in by_parent.items():
            product = products.get(int(parent))
            if product is None:
                continue
            ids = [int(update.product_id) for update in updates]
            path = f"{_PRODUCTS}/{parent}/variations"
            for item in by_ids(self._client, path, ids, {"_fields": VARIATION_FIELDS}):
                yield variation_article(item, product, self._settings)

    def update_articles(self, updates: Iterable[ShopUpdate]) -> list[ShopRefusal]:
        """Write by the hundred; one refused item costs no other."""
        refused: list[ShopRefusal] = []
        for parent, changes in _by_parent(updates).items():
            path = f"{_PRODUCTS}/{parent}/variations/batch" if parent else f"{_PRODUCTS}/batch"
            bodies = {int(change.product_id): self._body(change) for change in changes}
            for ids in chunks(bodies):
                answer = self._batch(path, {"update": [bodies[id_] for id_ in ids]})
                refused.extend(_refusals(answer))
        return refused

    def has_taken(self, head: OrderHead) -> bool:
        """WooCommerce takes the pieces when an order is paid, or waits for a transfer."""
        return head.status in _TAKEN

    def _batch(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Sent once: a stock change sent twice would count twice."""
        try:
            return self._client.write_once(path, Write(method="POST", body=body))
        except UnknownOutcomeError as error:
            raise UnreachableError(
                error.message, remedy="Try again later: what was carried out is read first."
            ) from error

    @property
    def _settings(self) -> ProductSettings:
        if self._known is None:
            self._known = read_settings(self._client)
        return self._known

    def _listed(
        self, path: str, since: datetime | None, fields: str, status: str
    ) -> Iterator[Json]:
        params = {"_fields": fields, "status": status}
        if since is None:
            # By id: new products come last, so that a long reading misses none.
            return read_all(self._client, path, {**params, **_BY_ID})
        until = datetime.now(UTC) + _AHEAD
        return span(self._client, path, params, by="modified", start_utc=since, end_utc=until)

    def _changed_variations(
        self, since: datetime | None, products: Mapping[int, Json]
    ) -> Iterator[tuple[Json, Json]]:
        """Each variation once, with its product."""
        seen: set[int] = set()
        listed = self._all_variations(since)
        if listed is not None:
            parents = self._with_parents(listed, products)
            for item in listed:
                product = parents.get(parent_of(item))
                if product is not None:
                    seen.add(whole(item.get("id")))
                    yield item, product
        if listed is not None and since is None:
            return
        # What a product says of its variations changed with it: SKU, status, tax class, stock.
        for product in filter(has_variations, products.values()):
            for item in self._variations_of(product):
                if whole(item.get("id")) not in seen:
                    yield item, product

    def _all_variations(self, since: datetime | None) -> list[Json] | None:
        """The shop's one list of variations; None before WooCommerce 10.3."""
        try:
            return list(self._listed(_VARIATIONS, since, VARIATION_FIELDS, _EVERYTHING))
        except NotFoundError:
            return None

    def _variations_of(self, product: Json) -> Iterator[Json]:
        path = f"{_PRODUCTS}/{text(product, 'id')}/variations"
        try:
            yield from read_all(self._client, path, {"_fields": VARIATION_FIELDS, **_BY_ID})
        except NotFoundError:
            # Deleted for good since it was listed.
            return

    def _with_parents(
        self, variations: Iterable[Json], products: Mapping[int, Json]
    ) -> dict[int, Json]:
        missing = sorted({parent_of(item) for item in variations} - products.keys())
        params = {"_fields": PRODUCT_FIELDS, "status": _EVERYTHING}
        found = by_ids(self._client, _PRODUCTS, missing, params)
        return {**products, **{whole(item.get("id")): item for item in found}}

    def _body(self, change: ShopUpdate) -> dict[str, Any]:
        body: dict[str, Any] = {"id": int(change.product_id)}
        if change.name is not None:
            body["name"] = change.name
        if change.price is not None:
            body["regular_price"] = str(change.price)
        if change.ean is not None:
            body["global_unique_id"] = change.ean
        if change.weight_g is not None and (weight := self._settings.weight(change.weight_g)):
            body["weight"] = weight
        if change.stock_change:
            body["inventory_delta"] = change.stock_change
        if change.stock_base is not None:
            body["meta_data"] = [
                {"key": STOCK_BASE, "value": str(change.stock_base)},
                {"key": STOCK_MARK, "value": change.stock_mark},
            ]
        return body


def _by_parent(updates: Iterable[ShopUpdate]) -> dict[str, list[ShopUpdate]]:
    """Products by themselves under ``""``, variations under their product."""
    grouped: dict[str, list[ShopUpdate]] = {}
    for update in updates:
        grouped.setdefault(update.parent_id, []).append(update)
    return grouped


def _refusals(answer: Json) -> Iterator[ShopRefusal]:
    """A batch answers 200 even when every item failed; each says its own error."""
    for item in answer.get("update") or ():
        error = item.get("error") if isinstance(item, Mapping) else None
        if isinstance(error, Mapping):
            yield ShopRefusal(
                product_id=text(item, "id"),
                code=text(error, "code"),
                text=text(error, "message"),
            )
