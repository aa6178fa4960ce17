"""A WooCommerce shop behind the ``Shop`` Protocol."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import requests

from fortnox.core.orders import Order, OrderHead, Refund
from fortnox.shops.base import ArticleShop, CustomerShop, OrderNotes, ShopIdentity
from fortnox.shops.patience import PATIENCE_S
from fortnox.shops.woocommerce.buyer import MetaKeys
from fortnox.shops.woocommerce.catalogue import Catalogue
from fortnox.shops.woocommerce.client import WooCommerceClient
from fortnox.shops.woocommerce.convert import (
    HEAD_FIELDS,
    ORDER_FIELDS,
    head_from_json,
    order_from_json,
    product_keys,
)
from fortnox.shops.woocommerce.customers import WooCommerceCustomers
from fortnox.shops.woocommerce.identity import identify
from fortnox.shops.woocommerce.marked_orders import WooCommerceMarkedOrders
from fortnox.shops.woocommerce.order_notes import WooCommerceOrderNotes
from fortnox.shops.woocommerce.products import WooCommerceArticles
from fortnox.shops.woocommerce.reader import OrderReader, chunks
from fortnox.shops.woocommerce.refunds import RefundReader

_LOOKBACK = timedelta(days=60)


class WooCommerceShop:
    """Reads orders and refunds of a WooCommerce shop.

    Only ``article_shop``, ``accounts``, ``notes`` and ``marked_orders`` write.

    What it read of the catalogue and of the shop's statuses it keeps: use one per run.

    Args:
        base_url: The shop's address, with its path if it has one; https, or http (OAuth).
        key: Consumer key with read permission.
        secret: Consumer secret.
        session: For a proxy, other certificates, or a test.
        clock: Seconds since 1970.
        sleep: Waits so many seconds between tries.
        patience_s: How long to wait between tries of one request, all together; 0 = one try.
        meta_keys: Where the checkout's plugins keep organisation and VAT numbers.
        refund_lookback: How long after an order a refund that leaves no trace on the order's date
            of change is still found, on shops before WooCommerce 9.

    Raises:
        FatalError: The address is none, or the key or the secret is missing.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        secret: str,
        *,
        session: requests.Session | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        patience_s: float = PATIENCE_S,
        meta_keys: MetaKeys | None = None,
        refund_lookback: timedelta = _LOOKBACK,
    ) -> None:
        self._client = WooCommerceClient(
            base_url,
            key,
            secret,
            session=session,
            clock=clock,
            sleep=sleep,
            patience_s=patience_s,
        )
        self._clock = clock
        self._meta_keys = meta_keys or MetaKeys()
        self._catalogue = Catalogue(self._client)
        self._orders = OrderReader(self._client)
        #: Its products as articles (``ArticleShop``).
        self.article_shop: ArticleShop = WooCommerceArticles(self._client)
        #: The accounts of its customers.
        self.accounts: CustomerShop = WooCommerceCustomers(
            self._client, self._orders, self._meta_keys
        )
        #: What its orders say of their documents.
        self.notes: OrderNotes = WooCommerceOrderNotes(self._client, self._orders)
        #: Marked orders of the smoke test.
        self.marked_orders = WooCommerceMarkedOrders(self._client)
        self._refunds = RefundReader(
            self._client, self._orders, self._catalogue, lookback=refund_lookback
        )

    def __repr__(self) -> str:
        return f"WooCommerceShop({self._client.site!r})"

    def check(self) -> ShopIdentity:
        """Prove the connection and the right to read orders, and learn what the shop says."""
        return identify(self._client)

    def heads_created(self, start_utc: datetime, end_utc: datetime) -> Iterator[OrderHead]:
        """Heads of the orders created in ``[start_utc, end_utc)``, each once, every status."""
        for item in self._orders.in_span("created", start_utc, end_utc, HEAD_FIELDS):
            yield head_from_json(item)

    def heads_modified(self, start_utc: datetime, end_utc: datetime) -> Iterator[OrderHead]:
        """Heads of the orders modified in ``[start_utc, end_utc)``, each once, every status.

        An order that is edited while the list is read leaves the span; it is in the next one.
        """
        for item in self._orders.in_span("modified", start_utc, end_utc, HEAD_FIELDS):
            yield head_from_json(item)

    def orders(self, order_ids: Iterable[str]) -> Iterator[Order]:
        """Whole orders by id, each once; ids that the shop no longer has are left out."""
        ids = dict.fromkeys(int(order_id) for order_id in order_ids)
        for chunk in chunks(ids):
            items = list(self._orders.with_ids(chunk, ORDER_FIELDS))
            kinds = self._catalogue.kinds({key for item in items for key in product_keys(item)})
            for item in items:
                yield order_from_json(item, kinds, self._meta_keys)

    def refunds_created(self, start_utc: datetime, end_utc: datetime) -> Iterator[Refund]:
        """Refunds created in ``[start_utc, end_utc)``, each once."""
        now_utc = datetime.fromtimestamp(self._clock(), UTC)
        return self._refunds.created(start_utc, end_utc, now_utc=now_utc)

    def refunds_of(self, order_ids: Iterable[str]) -> Iterator[Refund]:
        """All refunds of these orders, whenever they were made: one request for each order."""
        return self._refunds.of_orders(int(order_id) for order_id in order_ids)
