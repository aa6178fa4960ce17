"""Which held documents may go through now, and which run drives their day again. Pure.

Rules of the scheduler 13. A hold ends when its cause does: a row is added, a period opened, an
order mended. The whole day is then run again, which books what is missing and renews its report;
what stands already is left alone, as by any second run.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fortnox.core.dates import Due, sale_date
from fortnox.core.documents import Held, Invoice
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.orders import OrderHead

#: How far back holds are looked at, and how many days are driven by one look: the oldest first.
LOOK_BACK_DAYS, MOST_DAYS = 31, 5

_OF_ORDERS = ("order", "refund")
_SALE_MISSING = "sale_not_in_fortnox"

#: ``(kind, order id)`` of something that is held.
HoldKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayToDrive:
    """A day that is worth another run.

    ``run_id`` is the same for the same day, situation and date of the look, so that one situation
    is driven once a day at the most, whoever asks how often.
    """

    day: date
    run_id: str


def waiting_days(
    entries: Mapping[str, Mapping[str, Any]], *, today: date
) -> dict[date, frozenset[HoldKey]]:
    """Days whose newest report holds orders or refunds, oldest first.

    Args:
        entries: The index's days (:mod:`fortnox.core.report_index`).
        today: The shop's local date.
    """
    first = today - timedelta(days=LOOK_BACK_DAYS)
    found = {}
    for text, entry in sorted(entries.items()):
        day = date.fromisoformat(text)
        keys = frozenset(
            (str(item["kind"]), str(item["order_id"]))
            for item in entry.get("waiting", ())
            if item["kind"] in _OF_ORDERS
        )
        if keys and first <= day < today:
            found[day] = keys
    return found


def freed(
    waiting: Iterable[HoldKey], still_held: Iterable[Held], wanted: Sequence[Invoice]
) -> dict[HoldKey, str]:
    """What is held no longer -> what it would be now.

    An order that left the day (deleted, not paid after all) is freed too: its report is wrong now.

    Args:
        waiting: What the day's report holds.
        still_held: What a plan of now would hold.
        wanted: The documents that it would make.
    """
    held = {(item.kind, item.order_id) for item in still_held}
    contents: dict[HoldKey, str] = {}
    for invoice in sorted(wanted, key=lambda one: one.reference):
        key = ("refund" if invoice.is_refund else "order", invoice.order_id)
        contents[key] = contents.get(key, "") + f"{invoice.reference}={invoice.day_reference};"
    return {key: contents.get(key, "") for key in waiting if key not in held}


def day_to_drive(day: date, found: Mapping[HoldKey, str], *, today: date) -> DayToDrive:
    """The run for a day; its id holds what was found as a hash."""
    text = "|".join(
        f"{kind}:{order_id}:{found[kind, order_id]}" for kind, order_id in sorted(found)
    )
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return DayToDrive(day=day, run_id=f"held_again__{day}__{today}__{digest}")


def missing_sale_days(
    still_held: Iterable[Held],
    heads: Mapping[str, OrderHead],
    *,
    shop: ShopRow,
    mappings: Mappings,
    closed_through: date | None,
) -> dict[date, dict[HoldKey, str]]:
    """Days of sales that refunds wait for: open ones, not before the start date.

    Args:
        still_held: What a plan of now would hold.
        heads: The orders of the holds, by id.
        shop: Row of shops.csv.
        mappings: All mappings.
        closed_through: The last closed day in Fortnox.
    """
    closed = max((d for d in (closed_through, shop.books_closed_through) if d), default=date.min)
    found: dict[date, dict[HoldKey, str]] = {}
    for item in still_held:
        head = heads.get(item.order_id)
        if item.code != _SALE_MISSING or head is None:
            continue
        sale = sale_date(head, shop, mappings)
        day = sale.accounting_day
        if sale.due is Due.DUE and day is not None and day > closed:
            found.setdefault(day, {})["order", item.order_id] = _SALE_MISSING
    return found
