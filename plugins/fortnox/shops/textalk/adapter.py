"""A Textalk Webshop (Abicart) behind the ``Shop`` Protocol."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import requests

from fortnox.core.orders import Order, OrderHead, Refund
from fortnox.shops.base import ArticleShop, CustomerShop, OrderNotes, ShopIdentity
from fortnox.shops.listing import Json
from fortnox.shops.patience import Patience
from fortnox.shops.textalk.article_convert import in_language
from fortnox.shops.textalk.articles import TextalkArticles
from fortnox.shops.textalk.client import Access, TextalkClient
from fortnox.shops.textalk.convert import (
    HEAD_QUERY,
    ORDER_QUERY,
    ShopFacts,
    head_from_json,
    order_from_json,
)
from fortnox.shops.textalk.customers import TextalkCustomers
from fortnox.shops.textalk.fields import text
from fortnox.shops.textalk.order_notes import TextalkOrderNotes
from fortnox.shops.textalk.reader import OrderReader
from fortnox.shops.textalk.schema import verify_schema
from fortnox.shops.textalk.settings import TextalkSettings

_LOOK_BACK = timedelta(days=60)
_SHOP_QUERY = ["edition", "baseCurrency", "vatCountry", "priceStoredWithVat"]


class TextalkShop:
    """Reads orders of a Textalk Webshop. Use one per run.

    Only ``article_shop``, ``accounts`` and ``notes`` write.

    Args:
        address: Of the API's host; empty = Textalk's main address. https, but on this machine.
        access: Which shop, and the way in.
        settings: What the API does not say.
        session: For a proxy, other certificates, or a test.
        patience: How long each reading is tried.
        on_secret: Told of each token that a login gives, so that logs can mask it.
        look_back: How long after its making a change of an order is found where the shop can't
            filter by the time of change.

    Raises:
        FatalError: The address is none, or the key or the shop's number is missing.
    """

    def __init__(
        self,
        address: str,
        access: Access,
        *,
        settings: TextalkSettings | None = None,
        session: requests.Session | None = None,
        patience: Patience | None = None,
        on_secret: Callable[[str], None] = lambda _: None,
        look_back: timedelta = _LOOK_BACK,
    ) -> None:
        self._client = TextalkClient(
            address,
            access,
            session=session or requests.Session(),
            patience=patience or Patience(),
            on_secret=on_secret,
        )
        self._webshop = int(access.webshop)
        self._settings = settings or TextalkSettings()
        self._orders = OrderReader(self._client, look_back=look_back)
        #: Its articles and variants (``ArticleShop``).
        self.article_shop: ArticleShop = TextalkArticles(
            self._client, self._orders, self._webshop, self._settings
        )
        #: Its registered customers.
        self.accounts: CustomerShop = TextalkCustomers(self._client)
        #: What its orders say of their documents.
        self.notes: OrderNotes = TextalkOrderNotes(self._client, self._orders)

    def __repr__(self) -> str:
        return f"TextalkShop({self._client.endpoint!r}, webshop={self._webshop})"

    def check(self) -> ShopIdentity:
        """Prove the key, the right to read orders and the fields they are read by."""
        verify_schema(self._client)
        shop = self._shop()
        return ShopIdentity(
            platform="Textalk",
            version=text(shop, "edition"),
            currency=text(shop, "baseCurrency").upper(),
            timezone="",
            prices_include_vat=shop.get("priceStoredWithVat") is True,
            tells_when_paid=False,
        )

    def payment_methods(self) -> dict[str, str]:
        """Uid -> name, for whoever fills in the mapping."""
        methods = self._client.call("PaymentMethod.list", ["uid", "name"], {"limit": 100})
        return {text(one, "uid"): in_language(one.get("name"), "") for one in methods}

    def heads_created(self, start_utc: datetime, end_utc: datetime) -> Iterator[OrderHead]:
        """Heads of the orders made in ``[start_utc, end_utc)``, each once, every status."""
        for item in self._orders.in_span("ordered", start_utc, end_utc, HEAD_QUERY):
            yield head_from_json(item, self._settings)

    def heads_modified(self, start_utc: datetime, end_utc: datetime) -> Iterator[OrderHead]:
        """Heads of the orders changed in ``[start_utc, end_utc)``, each once, every status."""
        for item in self._orders.in_span("changed", start_utc, end_utc, HEAD_QUERY):
            yield head_from_json(item, self._settings)

    def orders(self, order_ids: Iterable[str]) -> Iterator[Order]:
        """Whole orders by uid, each once; those that the shop does not have are left out."""
        ids = list(order_ids)
        if not ids:
            return
        facts = ShopFacts(
            vat_country=text(self._shop(), "vatCountry").upper(), settings=self._settings
        )
        for item in self._orders.with_uids(ids, ORDER_QUERY):
            yield order_from_json(item, facts)

    def refunds_created(
        self,
        start_utc: datetime,  # noqa: ARG002 - part of the Protocol
        end_utc: datetime,  # noqa: ARG002 - part of the Protocol
    ) -> Iterator[Refund]:
        """None: the shop has no refunds. Goods that come back are an edit of their order."""
        return iter(())

    def refunds_of(self, order_ids: Iterable[str]) -> Iterator[Refund]:  # noqa: ARG002 - as above
        """None, whichever the order."""
        return iter(())

    def _shop(self) -> Json:
        shop: Json = self._client.call("Webshop.get", self._webshop, _SHOP_QUERY)
        return shop
