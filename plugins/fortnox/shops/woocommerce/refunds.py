"""Refunds by the time they were made.

Since WooCommerce 9 one list has them all. Before, they hang on their orders, and the order's date
of change tells of most but not of all of them: a partial refund may leave it as it was. So on older
shops all orders changed since, and all made within a look-back, are looked at for a refund.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from fortnox.core.orders import Refund
from fortnox.shops.woocommerce.catalogue import Catalogue
from fortnox.shops.woocommerce.client import API, WooCommerceClient
from fortnox.shops.woocommerce.convert import (
    REFUND_FIELDS,
    needs_order_rates,
    product_keys,
    refund_from_json,
)
from fortnox.shops.woocommerce.errors import NotFoundError
from fortnox.shops.woocommerce.fields import Json, rows, text, whole
from fortnox.shops.woocommerce.reader import ORDERS, OrderReader, read_all, span, within

_DAY = timedelta(days=1)
_NO_ROUTE = "rest_no_route"


class RefundReader:
    """Reads refunds.

    Args:
        client: The shop.
        orders: For the orders that refunds belong to.
        catalogue: For what the refunded lines are.
        lookback: How old an order's latest refund may make it, on shops before WooCommerce 9.
    """

    def __init__(
        self,
        client: WooCommerceClient,
        orders: OrderReader,
        catalogue: Catalogue,
        *,
        lookback: timedelta,
    ) -> None:
        self._client = client
        self._orders = orders
        self._catalogue = catalogue
        self._lookback = lookback

    def created(
        self, start_utc: datetime, end_utc: datetime, *, now_utc: datetime
    ) -> Iterator[Refund]:
        """Refunds created in ``[start, end)``, each once.

        Args:
            start_utc: Inclusive.
            end_utc: Exclusive.
            now_utc: The time, for the orders that were changed since.
        """
        items = [
            item
            for item in self._items(start_utc, end_utc, now_utc)
            if within(item, "created", start_utc, end_utc)
        ]
        return self._converted(items)

    def of_orders(self, order_ids: Iterable[int]) -> Iterator[Refund]:
        """Refunds of these orders, each once."""
        unique = dict.fromkeys(order_ids)
        return self._converted([item for order_id in unique for item in self._of_order(order_id)])

    def _converted(self, items: Sequence[Json]) -> Iterator[Refund]:
        parents = {whole(item.get("parent_id")) for item in items if needs_order_rates(item)}
        tax_lines = {
            text(order, "id"): rows(order, "tax_lines")
            for order in self._orders.with_ids(sorted(parents), "id,status,tax_lines")
        }
        kinds = self._catalogue.kinds({key for item in items for key in product_keys(item)})
        for item in items:
            order_id = text(item, "parent_id")
            yield refund_from_json(
                item, kinds, order_id=order_id, order_tax_lines=tax_lines.get(order_id, ())
            )

    def _items(self, start_utc: datetime, end_utc: datetime, now_utc: datetime) -> list[Json]:
        try:
            return list(
                span(
                    self._client,
                    f"{API}/refunds",
                    {"_fields": REFUND_FIELDS},
                    by="created",
                    start_utc=start_utc,
                    end_utc=end_utc,
                )
            )
        except NotFoundError as error:
            if error.code != _NO_ROUTE:
                raise
        return list(self._of_orders(start_utc, end_utc, now_utc))

    def _of_orders(
        self, start_utc: datetime, end_utc: datetime, now_utc: datetime
    ) -> Iterator[Json]:
        changed = self._orders.in_span(
            "modified", start_utc, max(now_utc, end_utc) + _DAY, "id,status,refunds"
        )
        recent = self._orders.in_span(
            "created", start_utc - self._lookback, end_utc, "id,status,refunds"
        )
        refunded = {
            whole(order.get("id"))
            for orders in (changed, recent)
            for order in orders
            if rows(order, "refunds")
        }
        for order_id in sorted(refunded):
            yield from self._of_order(order_id)

    def _of_order(self, order_id: int) -> Iterator[Json]:
        params = {"_fields": REFUND_FIELDS, "orderby": "id", "order": "asc"}
        try:
            for item in read_all(self._client, f"{ORDERS}/{order_id}/refunds", params):
                yield {**item, "parent_id": order_id}
        except NotFoundError:
            # Deleted for good since it was listed, and its refunds with it.
            return
