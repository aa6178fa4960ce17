"""Orders that are paid before their delivery, and the vouchers of their events."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from tests.support.builders import day_window, line, mappings, order, shop_row

from fortnox.core.advance_plan import decide_advance, sorted_events
from fortnox.core.advances import Advance, AdvanceEvent
from fortnox.core.orders import Order, Refund
from fortnox.core.transform import Wanted, transform
from fortnox.core.vouchers import ListedVoucher, Voucher

PAID, DELIVERED = date(2026, 5, 28), date(2026, 6, 3)
STRICT = shop_row(advances="strict", voucher_series="B")
HEADER = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
    "mode_of_payment,payment_account\n"
)
#: Cards are dated by payment, bank transfers by delivery; the rest has no account for its money.
TYPES = HEADER + (
    "*,stripe,invoice,paid,yes,0,book,,1686\n"
    "*,bacs,invoice,delivered,yes,0,book,,1930\n"
    "*,bare,invoice,paid,yes,0,none,,\n"
)


def noon(day: date) -> datetime:
    """Noon in UTC."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def sold(*lines: Any, delivered: date | None = DELIVERED, **changed: Any) -> Order:
    """Made and paid on 28 May 2026, delivered on 3 June."""
    values: dict[str, Any] = {
        "status": "processing" if delivered is None else "completed",
        "created_utc": noon(PAID),
        "paid_utc": noon(PAID),
        "delivered_utc": noon(delivered) if delivered else None,
        "refunded_ore": 0,
    }
    return order(*(lines or (line("1250.00"),)), **{**values, **changed})


def given_back(of: Order, amount: str, day: date, refund_id: str = "7", **changed: Any) -> Refund:
    """A refund with one line at 25 %."""
    part = line(amount, **changed)
    return Refund(
        refund_id=refund_id,
        order_id=of.head.order_id,
        created_utc=noon(day),
        amount_ore=part.gross_ore,
        lines=(part,),
    )


def wanted(day: date, *orders: Order, refunds: Sequence[Refund] = (), shop: Any = STRICT) -> Wanted:
    """What a daily run of the day wants, with all that was given back by then."""
    zone = shop.zone
    return transform(
        orders,
        [one for one in refunds if one.created_utc.astimezone(zone).date() == day],
        shop=shop,
        mappings=mappings(document_types=TYPES),
        window=day_window(day),
        earlier_refunds=[one for one in refunds if one.created_utc.astimezone(zone).date() < day],
    )


def events(day: date, *orders: Order, **given: Any) -> list[Advance]:
    """The events that are dated the day; nothing may be held or invoiced."""
    found = wanted(day, *orders, **given)
    assert (found.held, found.invoices) == ((), ())
    return [one for one in found.advances if one.day == day]


def sums(day: date, *orders: Order, **given: Any) -> dict[int, int]:
    """What the only event of a day posts, in öre, debit positive."""
    (event,) = events(day, *orders, **given)
    return event.sums


def listed(voucher: Voucher, number: int = 1) -> ListedVoucher:
    """The voucher as Fortnox lists it."""
    return ListedVoucher(
        year=2,
        series=voucher.series,
        number=number,
        day=voucher.day,
        marks=frozenset({voucher.mark}),
        content=voucher.content,
    )


def vouchers(advances: Iterable[Advance], shop: Any = STRICT) -> list[Voucher]:
    """Those that an empty Fortnox lacks."""
    decided = [decide_advance(one, (), None, shop) for one in sorted_events([*advances])]
    return [one for one in decided if isinstance(one, Voucher)]


__all__ = ["DELIVERED", "PAID", "STRICT", "AdvanceEvent"]
