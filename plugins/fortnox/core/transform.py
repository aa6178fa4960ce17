"""Orders and refunds x mappings -> wanted documents, and what is held with its reason. Pure.

Nothing is guessed: the first thing about an order that is not certain holds that order, and the
others go on. Orders that aren't due are counted, so that none disappears silently.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fortnox.core.advances import Advance
from fortnox.core.dates import (
    SaleDate,
    belongs,
    ledger_sale,
    refund_day,
    sale_date,
    waits_for_daily,
    window_sale,
)
from fortnox.core.day_voucher import DaySale
from fortnox.core.documents import Held, Invoice
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.order_documents import as_document
from fortnox.core.orders import Order, Problem, Refund
from fortnox.core.refunds import gives_nothing_back
from fortnox.core.wanted_advances import wanted_deliveries, with_payments
from fortnox.core.wanted_credit import wanted_credit
from fortnox.core.wanted_held import held_order, held_refund, order_gone
from fortnox.core.wanted_sale import wanted_invoice
from fortnox.core.window import Window, local_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a run's window should put into Fortnox; credit invoices are among the invoices.

    ``nothing_to_book`` counts sales and refunds of 0.00, which have no posting (accounting case
    AC-15), and refunds of what is booked elsewhere or never was a sale.
    """

    invoices: tuple[Invoice, ...]
    held: tuple[Held, ...]
    nothing_to_book: int
    #: Sales and refunds that go into their day's voucher instead of a document.
    day_sales: tuple[DaySale, ...] = ()
    #: Events of orders that are paid before their delivery; those of another day than the window's
    #: are payments that the window's events go on from.
    advances: tuple[Advance, ...] = ()


def transform(
    orders: Iterable[Order],
    refunds: Iterable[Refund],
    *,
    shop: ShopRow,
    mappings: Mappings,
    window: Window,
    earlier_refunds: Iterable[Refund] = (),
) -> Wanted:
    """Wanted documents of a window.

    Args:
        orders: The window's orders, and those that ``refunds`` belong to.
        refunds: Refunds made in the window, and those of its sales made at any other time: one
            that waited for its sale is carried out with it. What holds such a one is said by the
            report of its own day.
        shop: Row of shops.csv.
        mappings: All mappings.
        window: The run's.
        earlier_refunds: Refunds made before it, of orders that are delivered in it.
    """
    by_id = {order.head.order_id: order for order in orders}
    outcomes = [
        _of_order(order, sale, shop=shop, mappings=mappings)
        for order in by_id.values()
        if belongs(sale := window_sale(order.head, shop, mappings, window), window)
    ]
    for refund in refunds:
        order = by_id.get(refund.order_id)
        if _is_wanted(refund, order, shop, mappings, window):
            outcome = _of_refund(refund, order, shop=shop, mappings=mappings)
            if isinstance(outcome, Invoice) or _is_of(refund, order, shop, mappings, window):
                outcomes.append(outcome)
    outcomes += wanted_deliveries(
        by_id, [*earlier_refunds], shop=shop, mappings=mappings, window=window
    )
    advances = [item for item in outcomes if isinstance(item, Advance)]
    return Wanted(
        invoices=tuple(item for item in outcomes if isinstance(item, Invoice)),
        held=tuple(item for item in outcomes if isinstance(item, Held)),
        nothing_to_book=outcomes.count(None),
        day_sales=tuple(item for item in outcomes if isinstance(item, DaySale)),
        advances=tuple(with_payments(advances, by_id, shop=shop, mappings=mappings)),
    )


def _is_wanted(
    refund: Refund, order: Order | None, shop: ShopRow, mappings: Mappings, window: Window
) -> bool:
    """Not from before the start, nor, in an hourly run, of what stands in day vouchers.

    A refund that was made before its sale is the sale's day's, and no longer its own day's.
    """
    day = local_day(refund.created_utc, shop.zone)
    if day < shop.start_date:
        return False
    if order is None:
        return True
    if waits_for_daily(sale_date(order.head, shop, mappings), window):
        return False
    later = refund_day(refund.created_utc, ledger_sale(order.head, shop, mappings), shop)
    return window.day != day or later == day


def _is_of(
    refund: Refund, order: Order | None, shop: ShopRow, mappings: Mappings, window: Window
) -> bool:
    """The window's own refund, rather than another day's that waited for a sale of the window."""
    if order is None or window.day is None:
        return window.start_utc <= refund.created_utc < window.end_utc
    sale = ledger_sale(order.head, shop, mappings)
    return refund_day(refund.created_utc, sale, shop) == window.day


def _of_order(
    order: Order, sale: SaleDate, *, shop: ShopRow, mappings: Mappings
) -> Invoice | DaySale | Advance | Held | None:
    """Before the payment method: a free order has none, and needs no posting whatever it says."""
    if _is_zero(order) and not order.problems:
        return None
    outcome = wanted_invoice(order, sale, shop=shop, mappings=mappings)
    if isinstance(outcome, Problem):
        return held_order(order.head, sale.accounting_day, outcome)
    if isinstance(outcome, DaySale | Advance):
        return outcome
    return as_document(outcome, sale, order, shop, mappings)


def _of_refund(
    refund: Refund, order: Order | None, *, shop: ShopRow, mappings: Mappings
) -> Invoice | DaySale | Advance | Held | None:
    if order is None:
        return held_refund(refund, shop, order_gone(refund))
    if gives_nothing_back(refund):
        return None
    outcome = wanted_credit(refund, order, shop=shop, mappings=mappings)
    return held_refund(refund, shop, outcome, order) if isinstance(outcome, Problem) else outcome


def _is_zero(order: Order) -> bool:
    return order.head.total_ore == 0 and all(line.gross_ore == 0 for line in order.lines)
