"""What the shop's catalogue says of products: goods, a service, or a gift card.

An order line does not say whether its product is virtual, so the product is asked, once per run.
Simple products go by the hundred. A variation has its own flag and can't be asked for by id across
products (``/products?include=`` leaves variations out), so all variations of a parent are read
together: one request per variable product that was sold.
"""

from collections.abc import Iterable

from fortnox.core.orders import LineKind
from fortnox.shops.woocommerce.client import API, WooCommerceClient
from fortnox.shops.woocommerce.convert import Kinds, ProductKey
from fortnox.shops.woocommerce.errors import NotFoundError
from fortnox.shops.woocommerce.fields import Json, text, whole
from fortnox.shops.woocommerce.reader import by_ids, read_all

_FIELDS = {"_fields": "id,type,virtual"}


class Catalogue:
    """Kinds of products, read when first needed and kept.

    Args:
        client: The shop.
    """

    def __init__(self, client: WooCommerceClient) -> None:
        self._client = client
        self._kinds: dict[ProductKey, LineKind] = {}
        self._asked: set[ProductKey] = set()
        self._parents: set[int] = set()

    def kinds(self, keys: Iterable[ProductKey]) -> Kinds:
        """The kinds of at least these products; those that the shop no longer has are left out."""
        new = set(keys) - self._asked
        simple = sorted(product for product, variation in new if not variation)
        for item in by_ids(self._client, f"{API}/products", simple, _FIELDS):
            self._kinds[whole(item.get("id")), 0] = _kind(item)
        for parent in sorted({product for product, variation in new if variation} - self._parents):
            self._read_variations(parent)
            self._parents.add(parent)
        self._asked |= new
        return self._kinds

    def _read_variations(self, parent: int) -> None:
        try:
            for item in read_all(self._client, f"{API}/products/{parent}/variations", _FIELDS):
                self._kinds[parent, whole(item.get("id"))] = _kind(item)
        except NotFoundError:
            # The product was deleted since: its lines stay ARTICLE.
            return


def _kind(product: Json) -> LineKind:
    # Gift card plugins bring their own product types: gift-card, pw-gift-card, gift_card ...
    if "gift" in text(product, "type").lower():
        return LineKind.GIFT_CARD
    return LineKind.SERVICE if product.get("virtual") is True else LineKind.GOODS
