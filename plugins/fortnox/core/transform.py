"""Orders x mappings -> wanted invoices, and what must be held with its reason. Pure.

Nothing is guessed: the first thing about an order that is not certain holds that order, and the
others go on. Orders that aren't due are counted, so that none disappears silently.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from fortnox.core.customers import customer_wish
from fortnox.core.dates import SaleDate, belongs, sale_date
from fortnox.core.documents import CustomerWish, Held, Invoice, InvoiceRow
from fortnox.core.mapping import DocumentTypeRow, Mappings, ShopRow
from fortnox.core.market import sale_market
from fortnox.core.orders import Order, OrderHead, Problem, Refund
from fortnox.core.references import DayReference, content_hash, sale_reference
from fortnox.core.rows import invoice_rows
from fortnox.core.vat import order_vat_problem
from fortnox.core.window import Window, local_day

_BASE_CURRENCY = "SEK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a run's window should put into Fortnox.

    ``nothing_to_book`` counts sales of 0.00, which have no posting (accounting case AC-15).
    """

    invoices: tuple[Invoice, ...]
    held: tuple[Held, ...]
    nothing_to_book: int


def transform(
    orders: Iterable[Order],
    refunds: Iterable[Refund],
    *,
    shop: ShopRow,
    mappings: Mappings,
    window: Window,
) -> Wanted:
    """Wanted documents of a window. Refunds are held: this version carries out sales."""
    invoices: list[Invoice] = []
    held: list[Held] = []
    nothing = 0
    for order in orders:
        sale = sale_date(order.head, shop, mappings)
        if not belongs(sale, window):
            continue
        # Before the payment method: a free order has none, and needs no posting whatever it says.
        if _is_zero(order) and not order.problems:
            nothing += 1
            continue
        outcome = wanted_invoice(order, sale, shop=shop, mappings=mappings)
        if isinstance(outcome, Problem):
            held.append(_held_order(order.head, sale.day, outcome))
        else:
            invoices.append(outcome)
    held.extend(_held_refund(refund, shop) for refund in refunds)
    return Wanted(invoices=tuple(invoices), held=tuple(held), nothing_to_book=nothing)


def wanted_invoice(
    order: Order, sale: SaleDate, *, shop: ShopRow, mappings: Mappings
) -> Invoice | Problem:
    """One order's invoice, or the first reason why it is held."""
    if sale.problem:
        return sale.problem
    if order.problems:
        return order.problems[0]
    if sale.day is None or sale.document_type is None:
        raise ValueError(f"order {order.head.order_id} is not due")
    if order.head.currency != _BASE_CURRENCY:
        return _currency_problem(order)
    market = sale_market(
        order.buyer,
        vat_ore=order.total_vat_ore,
        vat_countries=(line.vat_country for line in order.lines),
    )
    if market is None:
        return _no_country_problem()
    problem = order_vat_problem(order, market)
    if problem:
        return problem
    rows = invoice_rows(order, shop, market, mappings, sale.day)
    if isinstance(rows, Problem):
        return rows
    customer = customer_wish(order, shop, market, mappings)
    if isinstance(customer, Problem):
        return customer
    return _invoice(order, rows, customer, sale.day, sale.document_type, shop)


def _invoice(  # noqa: PLR0917 - the parts of one document
    order: Order,
    rows: tuple[InvoiceRow, ...],
    customer: CustomerWish,
    day: date,
    document_type: DocumentTypeRow,
    shop: ShopRow,
) -> Invoice:
    head, key = order.head, shop.reference_key
    digest = invoice_hash(rows, customer, day=day, currency=head.currency)
    return Invoice(
        order_id=head.order_id,
        order_number=head.number,
        reference=sale_reference(key, head.order_id),
        day_reference=str(DayReference(key=key, day=day, content_hash=digest)),
        accounting_day=day,
        invoice_date=day,
        currency=head.currency,
        customer=customer,
        rows=rows,
        total_ore=head.total_ore,
        terms_of_payment=document_type.terms_of_payment,
        bookkeep=document_type.bookkeep,
    )


def invoice_hash(
    rows: Iterable[InvoiceRow], customer: CustomerWish, *, day: date, currency: str
) -> str:
    """Hash of what is booked (rule 2): amounts, accounts, VAT, date, buyer kind; no texts.

    The accounting day counts, not the invoice date: a period that closes later must not make an
    unchanged sale look edited. Rows are summed per account and rate, so that their order and
    split do not matter.
    """
    sums: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        entry = sums.setdefault((row.account_number, row.vat_pct), [0, 0])
        entry[0] += row.total_ore
        entry[1] += row.shop_vat_ore
    return content_hash(
        {
            "rows": [[account, rate, *sums[account, rate]] for account, rate in sorted(sums)],
            "day": day.isoformat(),
            "currency": currency,
            "vat_type": customer.vat_type.value,
            "company": customer.is_company,
        }
    )


def _is_zero(order: Order) -> bool:
    return order.head.total_ore == 0 and all(line.gross_ore == 0 for line in order.lines)


def _held_order(head: OrderHead, day: date | None, problem: Problem) -> Held:
    return Held(
        kind="order",
        order_id=head.order_id,
        order_number=head.number,
        amount_ore=head.total_ore,
        code=problem.code,
        reason=problem.text,
        remedy=problem.remedy,
        day=day,
        currency=head.currency,
    )


def _held_refund(refund: Refund, shop: ShopRow) -> Held:
    problem = Problem(
        code="refund_not_carried_out",
        text=f"refund {refund.refund_id}: this version books sales, not refunds",
        remedy="Make the credit invoice in Fortnox by hand, on the refund's day.",
    )
    return Held(
        kind="refund",
        order_id=refund.order_id,
        order_number=refund.order_id,
        amount_ore=refund.amount_ore,
        code=problem.code,
        reason=problem.text,
        remedy=problem.remedy,
        day=local_day(refund.created_utc, ZoneInfo(shop.timezone)),
        currency="",
    )


def _currency_problem(order: Order) -> Problem:
    return Problem(
        code="foreign_currency",
        text=f"sold in {order.head.currency}; this version books {_BASE_CURRENCY}",
        remedy="Book it by hand at the day's rate.",
    )


def _no_country_problem() -> Problem:
    return Problem(
        code="no_country",
        text="neither address nor tax rates tell which country was sold to",
        remedy="Give the order a country in the shop, or book it by hand.",
    )
