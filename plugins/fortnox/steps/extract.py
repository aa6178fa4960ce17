"""Task ``extract``: the shop's orders and refunds of the window, as canonical values."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException

from fortnox.core.dates import is_called_off
from fortnox.core.orders import Order, OrderHead, Refund
from fortnox.core.reconcile import due_order_ids
from fortnox.core.window import WindowKind
from fortnox.shops.base import Shop
from fortnox.steps.advances import delivered_orders, earlier_refunds
from fortnox.steps.connections import shop_client
from fortnox.steps.run import Run, RunDict, load_run
from fortnox.steps.staging import Pointer, Records
from fortnox.steps.write_back import without_own_changes

log = logging.getLogger(__name__)

ORDERS = Records(Order)
HEADS = Records(OrderHead, ("order_id", "status"))
REFUNDS = Records(Refund, ("refund_id", "order_id", "amount_ore"))
#: Up to this age of a day, orders from before the look-back that were changed since are read too.
_RECENT = timedelta(days=7)


class Extracted(TypedDict):
    """The task's XCom."""

    orders: Pointer
    refunds: Pointer
    #: Made before the window, of orders that were paid in advance and are delivered in it.
    earlier_refunds: Pointer
    #: Heads of orders that no longer are sales; only where booked invoices are corrected.
    called_off: Pointer
    heads: int


def extract(context: Context, run_dict: RunDict, *, skip_when_empty: bool) -> Extracted:
    """Heads first, then whole orders only of those that are this window's or refunded in it.

    Raises:
        AirflowSkipException: Nothing changed and ``skip_when_empty``.
    """
    run = load_run(context, run_dict)
    shop = shop_client(run.shop)
    heads = read_heads(shop, run, datetime.now(UTC))
    ids = due_order_ids(heads, run.shop, run.mappings, run.window)
    refunds = list(shop.refunds_created(run.window.start_utc, run.window.end_utc))
    delivered = delivered_orders(run, heads)
    refunds += _of_sales(shop, heads, ids, refunds)
    called_off = [head for head in heads if is_called_off(head, run.shop)]
    if skip_when_empty and not ids and not refunds and not called_off:
        raise AirflowSkipException(f"Nothing to book among {len(heads)} changed orders.")
    wanted = {
        *ids,
        *(refund.order_id for refund in refunds),
        *(head.order_id for head in delivered),
    }
    orders = list(shop.orders(sorted(wanted)))
    log.info("%d orders read, %d of this window, %d refunds", len(heads), len(orders), len(refunds))
    return {
        "orders": run.staging.write_records("orders", ORDERS, orders),
        "refunds": run.staging.write_records("refunds", REFUNDS, refunds),
        "earlier_refunds": run.staging.write_records(
            "earlier-refunds", REFUNDS, earlier_refunds(shop, run, delivered, orders)
        ),
        "called_off": run.staging.write_records("called-off", HEADS, called_off),
        "heads": len(heads),
    }


def _of_sales(
    shop: Shop, heads: Iterable[OrderHead], ids: Iterable[str], known: Iterable[Refund]
) -> list[Refund]:
    """Refunds of the window's sales that were made at another time: some wait for their sale."""
    due = set(ids)
    refunded = [head.order_id for head in heads if head.has_refunds and head.order_id in due]
    seen = {refund.refund_id for refund in known}
    found = shop.refunds_of(refunded) if refunded else ()
    return [refund for refund in found if refund.refund_id not in seen]


def read_heads(shop: Shop, run: Run, now: datetime) -> list[OrderHead]:
    """All orders that can have a date in the window (rules of the books 16).

    WooCommerce filters by created and modified only: a day is read by creation over the look-back,
    and, while it is recent, by what was changed since; each order once, its newest reading.
    """
    window = run.window
    if window.kind is WindowKind.MODIFIED:
        heads_changed = shop.heads_modified(window.start_utc, window.end_utc)
        return without_own_changes(run, heads_changed)
    since = window.start_utc - timedelta(days=run.shop.look_back_days)
    heads = {head.order_id: head for head in shop.heads_created(since, window.end_utc)}
    if now - window.start_utc <= _RECENT:
        for head in shop.heads_modified(window.start_utc, now):
            heads[head.order_id] = head
    return [heads[order_id] for order_id in sorted(heads)]
