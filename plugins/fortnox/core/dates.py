"""Which accounting day a sale belongs to, and whether it counts yet (rules of the books 15).

Three dates, not one: this module decides the document's date by payment method. A sale that the
shop counts but that has no date yet is *not due*: it comes when it is paid or delivered. A sale
that can never become due by itself is held, on the best day that is known, so that none is lost.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from fortnox.core.documents import DocumentKind
from fortnox.core.mapping import CANCELLED_STATUS, DocumentTypeRow, Mappings, ShopRow
from fortnox.core.orders import OrderHead, Problem
from fortnox.core.window import Window, WindowKind, local_day

#: WooCommerce's word for delivered; no other shop system tells the day (shop_rows.py).
_DELIVERED_STATUS = "completed"


class Due(StrEnum):
    """Whether an order has a sale to book."""

    DUE = "due"
    #: No event yet: unpaid, undelivered, a draft.
    NOT_DUE = "not_due"
    #: Dated before the shop's start date: the previous system booked it.
    BEFORE_START = "before_start"
    #: The mapping says that this payment method is booked elsewhere.
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleDate:
    """The verdict on one order: due on ``day``, or why not; ``problem`` holds it.

    ``invoiced_on``: the sale is the invoice that is made of its Fortnox order on that day; without
    it, a sale of document type ``order`` or ``offer`` is that order or offer itself.
    ``is_advance``: paid on ``day`` and delivered on a later day, or not yet (rule 18).
    """

    due: Due
    day: date | None = None
    document_type: DocumentTypeRow | None = None
    problem: Problem | None = None
    invoiced_on: date | None = None
    is_advance: bool = False

    @property
    def accounting_day(self) -> date | None:
        """The day of the document that this is about."""
        return self.invoiced_on or self.day

    @property
    def document(self) -> DocumentKind:
        """What stands for it in Fortnox; orders and offers never touch the ledger."""
        if self.document_type is None or self.invoiced_on is not None:
            return "invoice"
        match self.document_type.document_type:
            case "order" | "offer" as kind:
                return kind
        return "invoice"


def sale_date(head: OrderHead, shop: ShopRow, mappings: Mappings) -> SaleDate:
    """The accounting day of an order's sale, by its payment method's ``document_date``."""
    counts = head.status in shop.statuses
    if not counts and head.paid_utc is None:
        return SaleDate(due=Due.NOT_DUE)
    fallback = local_day(head.paid_utc or head.delivered_utc or head.created_utc, shop.zone)
    if not counts:
        return _held(shop, fallback, _status_problem(head))
    row = _document_type(head, shop, mappings, fallback)
    if row is None:
        return _held(shop, fallback, _payment_method_problem(head, shop))
    return _dated(head, row, shop, fallback)


def is_called_off(head: OrderHead, shop: ShopRow) -> bool:
    """Cancelled, and the shop has no money for it: an invoice booked before must be credited.

    Only where shops.csv has booked invoices corrected. What was paid is given back by a refund.
    """
    return (
        shop.correct_booked != "report"
        and head.status == CANCELLED_STATUS[shop.platform]
        and head.status not in shop.statuses
        and head.paid_utc is None
    )


def window_sale(head: OrderHead, shop: ShopRow, mappings: Mappings, window: Window) -> SaleDate:
    """The sale as a window sees it: an order on its own day, its invoice on the delivery's."""
    sale = sale_date(head, shop, mappings)
    invoiced = _invoiced(sale, head, shop)
    return invoiced if invoiced is not None and belongs(invoiced, window) else sale


def ledger_sale(head: OrderHead, shop: ShopRow, mappings: Mappings) -> SaleDate:
    """The sale as the ledger sees it: an order that is not invoiced yet is not due."""
    sale = sale_date(head, shop, mappings)
    if sale.document == "invoice":
        return sale
    return _invoiced(sale, head, shop) or replace(sale, due=Due.NOT_DUE)


def _invoiced(sale: SaleDate, head: OrderHead, shop: ShopRow) -> SaleDate | None:
    """The invoice of a delivered order, never dated before the order itself."""
    row = sale.document_type
    if row is None or row.create_invoice != "delivered" or head.delivered_utc is None:
        return None
    if sale.day is None:
        return None
    return replace(sale, invoiced_on=max(local_day(head.delivered_utc, shop.zone), sale.day))


def _document_type(
    head: OrderHead, shop: ShopRow, mappings: Mappings, fallback: date
) -> DocumentTypeRow | None:
    """The row in force when the order was made, else (a row that begins later) on its event's day.

    The making never moves. A row chosen by payment or delivery could move a sale that is booked:
    paid in January, after its delivery in December, it would come under January's row.
    """
    made = local_day(head.created_utc, shop.zone)
    return mappings.document_type(shop.shop, head.payment_method, made) or mappings.document_type(
        shop.shop, head.payment_method, fallback
    )


def _dated(head: OrderHead, row: DocumentTypeRow, shop: ShopRow, fallback: date) -> SaleDate:
    """By the event that the payment method's row names."""
    if row.document_type == "none":
        return SaleDate(due=Due.NONE, document_type=row)
    if _may_be_advance(head, row, shop):
        if head.delivered_utc is None and head.status == _DELIVERED_STATUS:
            return _held(shop, fallback, _delivery_unknown_problem(head))
        delivered_on = delivery_day(head, shop)
        if delivered_on is None or fallback < delivered_on:
            return SaleDate(due=Due.DUE, day=fallback, document_type=row, is_advance=True)
    moment = _event(head, row.document_date)
    if moment is None:
        if row.document_date == "paid" and head.delivered_utc is not None:
            return _held(shop, fallback, _delivered_unpaid_problem(head))
        return SaleDate(due=Due.NOT_DUE, document_type=row)
    day = local_day(moment, shop.zone)
    if day < shop.start_date:
        return SaleDate(due=Due.BEFORE_START, day=day, document_type=row)
    return SaleDate(due=Due.DUE, day=day, document_type=row)


def _may_be_advance(head: OrderHead, row: DocumentTypeRow, shop: ShopRow) -> bool:
    """Paid since the start date, by a method whose sales reach the ledger without an order."""
    if shop.advances != "strict" or head.paid_utc is None:
        return False
    first = max(shop.start_date, shop.advances_from or shop.start_date)
    is_in_force = first <= local_day(head.paid_utc, shop.zone) <= (shop.advances_until or date.max)
    return is_in_force and row.document_type not in {"order", "offer"}


def delivery_day(head: OrderHead, shop: ShopRow) -> date | None:
    """The local day on which the order was delivered; None: not yet."""
    return None if head.delivered_utc is None else local_day(head.delivered_utc, shop.zone)


def is_delivery(head: OrderHead, shop: ShopRow, mappings: Mappings, window: Window) -> bool:
    """Whether an order that was paid in advance is delivered in a daily run's window."""
    if window.day is None or delivery_day(head, shop) != window.day:
        return False
    return sale_date(head, shop, mappings).is_advance


def belongs(sale: SaleDate, window: Window) -> bool:
    """Whether a due sale is this run's: dated the day, or any day in an hourly run."""
    if sale.due is not Due.DUE or waits_for_daily(sale, window):
        return False
    return window.kind is WindowKind.MODIFIED or sale.accounting_day == window.day


def refund_day(created_utc: datetime, sale: SaleDate, shop: ShopRow) -> date:
    """The accounting day of a refund: its own, but never before its sale's.

    Money that is given back on what is delivered later has nothing to credit until then; the day
    of the sale takes both.
    """
    day = local_day(created_utc, shop.zone)
    if sale.due is Due.NOT_DUE or sale.accounting_day is None:
        return day
    return max(day, sale.accounting_day)


def waits_for_daily(sale: SaleDate, window: Window) -> bool:
    """Vouchers are the daily run's alone: an hour holds a part of a day (rule 12).

    Before the day's end nobody knows whether an order is delivered on the day that it was paid.
    """
    row = sale.document_type
    is_summed_up = row is not None and row.document_type == "day_voucher"
    return (is_summed_up or sale.is_advance) and window.kind is WindowKind.MODIFIED


def _event(head: OrderHead, document_date: str) -> datetime | None:
    moments = {
        "paid": head.paid_utc,
        "delivered": head.delivered_utc,
        "created": head.created_utc,
    }
    return moments[document_date]


def _held(shop: ShopRow, day: date, problem: Problem) -> SaleDate:
    if day < shop.start_date:
        return SaleDate(due=Due.BEFORE_START, day=day, problem=problem)
    return SaleDate(due=Due.DUE, day=day, problem=problem)


def _status_problem(head: OrderHead) -> Problem:
    return Problem(
        code="status_not_counted",
        text=f'the order is paid, but its status "{head.status}" does not count as a sale',
        remedy="Add the status to statuses in shops.csv if it is a sale; else refund the order.",
    )


def _payment_method_problem(head: OrderHead, shop: ShopRow) -> Problem:
    return Problem(
        code="unmapped_payment_method",
        text=f'payment method "{head.payment_method}" has no row in document_types.csv',
        remedy=f"Add a row for shop {shop.shop} and this payment method, then run the day again.",
    )


def _delivered_unpaid_problem(head: OrderHead) -> Problem:
    return Problem(
        code="delivered_but_unpaid",
        text=f'delivered, but never marked paid; "{head.payment_method}" is dated by payment',
        remedy="Mark it paid in the shop, or set document_date to delivered in document_types.csv.",
    )


def _delivery_unknown_problem(head: OrderHead) -> Problem:
    return Problem(
        code="delivery_date_unknown",
        text=f'the order is "{head.status}" and the shop has no date of its delivery: whether the '
        "payment was an advance is not certain",
        remedy="Set the order's status anew in the shop, which dates it, or book it by hand.",
    )
