"""Pieces that the shop has sold and Fortnox has not heard of, where its invoices move stock."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal

from fortnox.api.finder import find_by_reference
from fortnox.api.reader import Reader
from fortnox.api.registers import INVOICES, ORDERS
from fortnox.core.references import sale_reference
from fortnox.shops.base import ArticleShop, Shop
from fortnox.steps.run import Run


def pending_quantities(
    shop: Shop, articles: ArticleShop, client: Reader, run: Run
) -> Mapping[str, Decimal]:
    """Article number -> pieces of orders that Fortnox has neither invoice nor order of.

    An invoice has taken its pieces from Fortnox's stock, and an order has reserved them, which
    ``DisposableQuantity`` leaves out already. A cancelled document has given them back, while the
    shop's sale still stands. Sales from before ``start_date`` are no business of ours.
    """
    heads = shop.heads_created(_since(run), run.opened_at)
    key = run.shop.reference_key
    taken = [head.order_id for head in heads if articles.has_taken(head)]
    missing = _without_document(client, key, taken)
    quantities: dict[str, Decimal] = {}
    for order in shop.orders(missing) if missing else ():
        for line in order.lines:
            if line.sku:
                quantities[line.sku] = quantities.get(line.sku, Decimal(0)) + line.quantity
    return quantities


def _since(run: Run) -> datetime:
    """As far back as a sale can still be waiting: what is held stays sold in the shop."""
    start = datetime.combine(run.shop.start_date, time(), tzinfo=run.shop.zone)
    return max(start, run.opened_at - timedelta(days=run.shop.look_back_days))


def _without_document(client: Reader, key: str, order_ids: Iterable[str]) -> list[str]:
    missing = {sale_reference(key, order_id): order_id for order_id in order_ids}
    for register in (INVOICES, ORDERS):
        if not missing:
            break
        found = find_by_reference(client, key, missing, register)
        live = {document.reference for document in found.documents if not document.cancelled}
        missing = {ref: order_id for ref, order_id in missing.items() if ref not in live}
    return sorted(missing.values())
