"""Task ``extract``: the shop's orders and refunds of the window, as canonical values."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowSkipException

from fortnox.core.orders import Order, OrderHead, Refund
from fortnox.core.reconcile import due_order_ids
from fortnox.core.window import WindowKind
from fortnox.operators.connections import shop_client
from fortnox.operators.run import Run, load_run
from fortnox.operators.staging import Pointer, Records
from fortnox.shops.base import Shop

ORDERS = Records(Order)
REFUNDS = Records(Refund, ("refund_id", "order_id", "amount_ore"))
#: Up to this age of a day, orders from before the look-back that were changed since are read too.
_RECENT = timedelta(days=7)


class Extracted(TypedDict):
    """The task's XCom."""

    orders: Pointer
    refunds: Pointer
    heads: int


class FortnoxExtractOperator(BaseOperator):
    """Reads the shop; complete for the window, whatever is edited meanwhile.

    Args:
        run: The first task's XCom.
        skip_when_empty: Skip the rest of the run when nothing changed (hourly runs).

    Raises:
        AirflowSkipException: Nothing changed and ``skip_when_empty``.
    """

    ui_color = "#e6f4ea"
    template_fields = ("run",)

    def __init__(self, *, run: Any, skip_when_empty: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.skip_when_empty = skip_when_empty

    def execute(self, context: Context) -> Extracted:
        """Heads first, then whole orders only of those that are this window's."""
        run = load_run(context, self.run)
        shop = shop_client(run.shop.shop_conn_id)
        heads = read_heads(shop, run, datetime.now(UTC))
        ids = due_order_ids(heads, run.shop, run.mappings, run.window)
        refunds = list(shop.refunds_created(run.window.start_utc, run.window.end_utc))
        if self.skip_when_empty and not ids and not refunds:
            raise AirflowSkipException(f"Nothing to book among {len(heads)} changed orders.")
        orders = list(shop.orders(ids))
        self.log.info(
            "%d orders read, %d of this window, %d refunds", len(heads), len(orders), len(refunds)
        )
        return {
            "orders": run.staging.write_records("orders", ORDERS, orders),
            "refunds": run.staging.write_records("refunds", REFUNDS, refunds),
            "heads": len(heads),
        }


def read_heads(shop: Shop, run: Run, now: datetime) -> list[OrderHead]:
    """All orders that can have a date in the window (rules of the books 16).

    WooCommerce filters by created and modified only: a day is read by creation over the look-back,
    and, while it is recent, by what was changed since; each order once, its newest reading.
    """
    window = run.window
    if window.kind is WindowKind.MODIFIED:
        return list(shop.heads_modified(window.start_utc, window.end_utc))
    since = window.start_utc - timedelta(days=run.shop.look_back_days)
    heads = {head.order_id: head for head in shop.heads_created(since, window.end_utc)}
    if now - window.start_utc <= _RECENT:
        for head in shop.heads_modified(window.start_utc, now):
            heads[head.order_id] = head
    return [heads[order_id] for order_id in sorted(heads)]
