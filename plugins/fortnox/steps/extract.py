"""Task ``extract``: the shop's orders and refunds of the window, as canonical values."""

import logging
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException

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
REFUNDS = Records(Refund, ("refund_id", "order_id", "amount_ore"))
#: Up to this age of a day, orders from before the look-back that were changed since are read too.
_RECENT = timedelta(days=7)


class Extracted(TypedDict):
    """The task's XCom."""

    orders: Pointer
    refunds: Pointer
    #: Made before the window, of orders that were paid in advance and are delivered in it.
    earlier_refunds: Pointer
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
    if skip_when_empty and not ids and not refunds:
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
        "heads": len(heads),
    }


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
