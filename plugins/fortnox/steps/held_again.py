"""Task ``look``: which held documents would go through now? Plans, and writes nothing."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypedDict

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException

from fortnox.api.snapshot import take_snapshot
from fortnox.core.corrections import corrected, to_credit
from fortnox.core.documents import Held
from fortnox.core.held_again import (
    LOOK_BACK_DAYS,
    MOST_DAYS,
    DayToDrive,
    HoldKey,
    day_to_drive,
    freed,
    missing_sale_days,
    waiting_days,
)
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.names import daily_dag_id
from fortnox.core.orders import Order, Refund
from fortnox.core.plan import make_plan
from fortnox.core.transform import Wanted, transform
from fortnox.core.window import accounting_day_window
from fortnox.steps.connections import fortnox_hook, shop_client
from fortnox.steps.memory import customer_cache
from fortnox.steps.report_store import read_days
from fortnox.steps.run import load_mappings

log = logging.getLogger(__name__)


class Trigger(TypedDict):
    """What the next task hands to Airflow's trigger, for one day."""

    trigger_run_id: str
    conf: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    """The orders and refunds of all holds, as the shop has them now."""

    orders: Mapping[str, Order]
    refunds: Mapping[date, list[Refund]]


def look_again(context: Context, shop_key: str) -> list[Trigger]:
    """The days to drive again, at most five, oldest first.

    Raises:
        AirflowSkipException: Nothing is held, or everything still is.
    """
    mappings = load_mappings(str(context["dag"].fileloc))
    shop = mappings.shop(shop_key)
    today = datetime.now(UTC).astimezone(shop.zone).date()
    first = today - timedelta(days=LOOK_BACK_DAYS)
    waiting = waiting_days(read_days(daily_dag_id(shop.shop), first, today), today=today)
    if not waiting:
        raise AirflowSkipException("Nothing is held.")
    days = _days(mappings, shop, waiting, today=today)
    log.info("%d days hold something, %d of them may go on", len(waiting), len(days))
    if not days:
        raise AirflowSkipException("What is held still is.")
    return [
        {"trigger_run_id": one.run_id, "conf": {"day": one.day.isoformat()}}
        for one in days[:MOST_DAYS]
    ]


def _days(
    mappings: Mappings,
    shop: ShopRow,
    waiting: Mapping[date, frozenset[HoldKey]],
    *,
    today: date,
) -> list[DayToDrive]:
    """One plan over the holds of all days: one snapshot, whatever their number."""
    sources = _read(shop, waiting)
    wanted = {day: _wanted(mappings, shop, day, keys, sources) for day, keys in waiting.items()}
    invoices = [invoice for one in wanted.values() for invoice in one.invoices]
    client = fortnox_hook(shop.fortnox_conn_id).client()
    snapshot = take_snapshot(
        client,
        shop.reference_key,
        invoices,
        look_elsewhere=True,
        to_credit=lambda documents: to_credit(invoices, (), documents, shop),
        read_customers=customer_cache(shop.fortnox_conn_id).index,
    )
    corrections = corrected(invoices, (), snapshot, shop)
    plan = make_plan(corrections.invoices, snapshot, shop)
    still_held = [*corrections.held, *plan.held]
    found = dict(_freed_days(waiting, wanted, still_held))
    sales = missing_sale_days(
        still_held,
        {order_id: order.head for order_id, order in sources.orders.items()},
        shop=shop,
        mappings=mappings,
        closed_through=snapshot.closed_through,
    )
    for day, keys in sales.items():
        if day < today:
            found[day] = {**found.get(day, {}), **keys}
    return [day_to_drive(day, found[day], today=today) for day in sorted(found)]


def _read(shop: ShopRow, waiting: Mapping[date, frozenset[HoldKey]]) -> _Sources:
    client = shop_client(shop)
    ids = sorted({order_id for keys in waiting.values() for _, order_id in keys})
    orders = {order.head.order_id: order for order in client.orders(ids)}
    refunds = {}
    for day, keys in waiting.items():
        of_day = {order_id for kind, order_id in keys if kind == "refund"}
        if of_day:
            window = accounting_day_window(day, shop.zone)
            made = client.refunds_created(window.start_utc, window.end_utc)
            refunds[day] = [refund for refund in made if refund.order_id in of_day]
    return _Sources(orders=orders, refunds=refunds)


def _wanted(
    mappings: Mappings, shop: ShopRow, day: date, keys: frozenset[HoldKey], sources: _Sources
) -> Wanted:
    orders = [
        sources.orders[order_id]
        for order_id in sorted({order_id for _, order_id in keys})
        if order_id in sources.orders
    ]
    return transform(
        orders,
        sources.refunds.get(day, ()),
        shop=shop,
        mappings=mappings,
        window=accounting_day_window(day, shop.zone),
    )


def _freed_days(
    waiting: Mapping[date, frozenset[HoldKey]],
    wanted: Mapping[date, Wanted],
    still_held: list[Held],
) -> Iterator[tuple[date, dict[HoldKey, str]]]:
    for day, keys in waiting.items():
        found = freed(keys, [*wanted[day].held, *still_held], wanted[day].invoices)
        if found:
            yield day, found
