"""Orders and refunds x mappings -> wanted documents, and what is held with its reason. Pure.

Nothing is guessed: the first thing about an order that is not certain holds that order, and the
others go on. Orders that aren't due are counted, so that none disappears silently.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fortnox.core.advances import Advance, advance_payment, delivery, refund_of
from fortnox.core.currency import currency_rate, with_days_rate
from fortnox.core.customers import customer_wish
from fortnox.core.dates import (
    Due,
    SaleDate,
    belongs,
    delivery_day,
    is_delivery,
    ledger_sale,
    refund_day,
    sale_date,
    waits_for_daily,
    window_sale,
)
from fortnox.core.day_voucher import (
    DaySale,
    day_sale,
    goes_into_day_voucher,
    single_document,
)
from fortnox.core.documents import CustomerWish, Held, Invoice, InvoiceRow, VatRate
from fortnox.core.mapping import DocumentTypeRow, Mappings, ShopRow
from fortnox.core.market import SaleMarket, sale_market
from fortnox.core.money_in import invoice_type, refund_payment, sale_payment
from fortnox.core.order_documents import as_document
from fortnox.core.orders import Order, OrderHead, Problem, Refund
from fortnox.core.references import DayReference, content_hash, refund_reference, sale_reference
from fortnox.core.refunds import credited_part, gives_nothing_back, negated
from fortnox.core.reverse_charge import remarks, reverse_charge_problem
from fortnox.core.rows import invoice_rows
from fortnox.core.untaxed import identified
from fortnox.core.vat import order_vat_problem
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
    outcomes += _of_deliveries(
        by_id, [*earlier_refunds], shop=shop, mappings=mappings, window=window
    )
    advances = [item for item in outcomes if isinstance(item, Advance)]
    return Wanted(
        invoices=tuple(item for item in outcomes if isinstance(item, Invoice)),
        held=tuple(item for item in outcomes if isinstance(item, Held)),
        nothing_to_book=outcomes.count(None),
        day_sales=tuple(item for item in outcomes if isinstance(item, DaySale)),
        advances=tuple(_with_payments(advances, by_id, shop=shop, mappings=mappings)),
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


def _of_deliveries(
    orders: Mapping[str, Order],
    refunds: Sequence[Refund],
    *,
    shop: ShopRow,
    mappings: Mappings,
    window: Window,
) -> list[Advance | Held]:
    """The deliveries of the window's day, of orders that were paid on an earlier one."""
    delivered = [
        order for order in orders.values() if is_delivery(order.head, shop, mappings, window)
    ]
    outcomes: list[Advance | Held] = []
    for order in delivered:
        before = [one for one in refunds if one.order_id == order.head.order_id]
        outcome = wanted_delivery(order, before, shop=shop, mappings=mappings)
        if isinstance(outcome, Problem):
            outcomes.append(_held_order(order.head, window.day, outcome))
        else:
            outcomes.append(outcome)
    return outcomes


def wanted_delivery(
    order: Order, refunds: Iterable[Refund], *, shop: ShopRow, mappings: Mappings
) -> Advance | Problem:
    """The delivery of an order that was paid in advance (rule 18).

    Args:
        order: Paid on an earlier day than it was delivered.
        refunds: Its refunds; those made before the day of the delivery are taken off.
        shop: Row of shops.csv.
        mappings: All mappings.
    """
    day = delivery_day(order.head, shop)
    sale = sale_date(order.head, shop, mappings)
    payment = wanted_invoice(order, sale, shop=shop, mappings=mappings)
    if isinstance(payment, Problem):
        return payment
    if day is None or not isinstance(payment, Advance):
        raise ValueError(f"order {order.head.order_id} is no advance")
    given_back: list[Advance] = []
    for refund in refunds:
        if local_day(refund.created_utc, shop.zone) >= day or gives_nothing_back(refund):
            continue
        part = wanted_credit(refund, order, shop=shop, mappings=mappings)
        if isinstance(part, Problem):
            return part
        if isinstance(part, Advance):
            given_back.append(part)
    return delivery(payment, day, given_back)


def _with_payments(
    advances: Sequence[Advance],
    orders: Mapping[str, Order],
    *,
    shop: ShopRow,
    mappings: Mappings,
) -> Iterable[Advance]:
    """The events, and the payments that they go on from: no order of days is asked for."""
    yield from advances
    paid = {one.order_id for one in advances if not one.after}
    for order_id in sorted({one.order_id for one in advances} - paid):
        head = orders[order_id].head
        sale = sale_date(head, shop, mappings)
        payment = wanted_invoice(orders[order_id], sale, shop=shop, mappings=mappings)
        if isinstance(payment, Advance):
            yield payment


def _of_order(
    order: Order, sale: SaleDate, *, shop: ShopRow, mappings: Mappings
) -> Invoice | DaySale | Advance | Held | None:
    """Before the payment method: a free order has none, and needs no posting whatever it says."""
    if _is_zero(order) and not order.problems:
        return None
    outcome = wanted_invoice(order, sale, shop=shop, mappings=mappings)
    if isinstance(outcome, Problem):
        return _held_order(order.head, sale.accounting_day, outcome)
    if isinstance(outcome, DaySale | Advance):
        return outcome
    return as_document(outcome, sale, order, shop, mappings)


def _of_refund(
    refund: Refund, order: Order | None, *, shop: ShopRow, mappings: Mappings
) -> Invoice | DaySale | Advance | Held | None:
    if order is None:
        return _held_refund(refund, shop, _order_gone(refund))
    if gives_nothing_back(refund):
        return None
    outcome = wanted_credit(refund, order, shop=shop, mappings=mappings)
    return _held_refund(refund, shop, outcome, order) if isinstance(outcome, Problem) else outcome


def wanted_credit(
    refund: Refund, order: Order, *, shop: ShopRow, mappings: Mappings
) -> Invoice | DaySale | Advance | Problem | None:
    """A refund's credit invoice, or part of its day's voucher, by its sale's rates (rule 21).

    Returns:
        None when the sale is booked elsewhere by document_types.csv.
    """
    sale = ledger_sale(order.head, shop, mappings)
    if sale.due is Due.NONE:
        return None
    if sale.due is Due.NOT_DUE:
        return _refund_before_sale(refund)
    part = credited_part(refund, order, shop)
    if isinstance(part, Problem):
        return part
    invoice = wanted_invoice(part, sale, shop=shop, mappings=mappings, whole=order)
    if isinstance(invoice, Problem):
        return invoice
    day = refund_day(refund.created_utc, sale, shop)
    if isinstance(invoice, DaySale):
        return replace(invoice, refund_id=refund.refund_id, day=day)
    if isinstance(invoice, Advance):
        delivered_on = delivery_day(order.head, shop)
        return refund_of(invoice, refund.refund_id, day, delivered_on=delivered_on)
    rows, key = negated(invoice.rows), shop.reference_key
    digest = invoice_hash(rows, invoice.customer, day=day, currency=invoice.currency)
    return replace(
        invoice,
        reference=refund_reference(key, order.head.order_id, refund.refund_id),
        day_reference=str(DayReference(key=key, day=day, content_hash=digest)),
        accounting_day=day,
        invoice_date=day,
        rows=rows,
        total_ore=-refund.amount_ore,
        refund_id=refund.refund_id,
        sale_total_ore=order.head.total_ore,
        sale_before_start=sale.due is Due.BEFORE_START,
        send=sale.document_type.send if sale.document_type else "no",
        payment=with_days_rate(
            refund_payment(
                single_document(sale.document_type), order.head, -refund.amount_ore, day, shop
            ),
            order,
            shop,
            mappings,
        ),
    )


def wanted_invoice(
    order: Order,
    sale: SaleDate,
    *,
    shop: ShopRow,
    mappings: Mappings,
    whole: Order | None = None,
) -> Invoice | DaySale | Advance | Problem:
    """One order's invoice, part of a day voucher or advance, or the first reason why it is held.

    Args:
        order: The order, or the part of it that is given back.
        sale: Its date and document type.
        shop: Row of shops.csv.
        mappings: All mappings.
        whole: The whole order, when ``order`` is a part: the market is that of the sale.
    """
    sold = whole or order
    problem = sale.problem or next(iter(order.problems), None)
    if problem:
        return problem
    if sale.day is None or sale.document_type is None:
        raise ValueError(f"order {order.head.order_id} is not due")
    known = identified(order, shop, mappings)
    if isinstance(known, Problem):
        return known
    order = known
    market = sale_market(sold)
    if market is None:
        return _no_country_problem()
    problem = order_vat_problem(order, market) or reverse_charge_problem(
        order, market, shop, mappings, sale.day
    )
    if problem:
        return problem
    rate = currency_rate(order, shop, mappings, sale.day)
    if isinstance(rate, Problem):
        return rate
    rows = invoice_rows(order, shop, market, mappings, sale.day)
    if isinstance(rows, Problem):
        return rows
    if sale.is_advance:
        return advance_payment(
            order.head,
            rows,
            day=sale.day,
            market=market,
            document_type=sale.document_type,
            shop=shop,
        )
    document = _document(
        order, rows, sale.document_type, market, day=sale.day, shop=shop, mappings=mappings
    )
    return replace(document, currency_rate=rate) if isinstance(document, Invoice) else document


def _document(
    order: Order,
    rows: tuple[InvoiceRow, ...],
    document_type: DocumentTypeRow,
    market: SaleMarket,
    *,
    day: date,
    shop: ShopRow,
    mappings: Mappings,
) -> Invoice | DaySale | Problem:
    """The rows as a part of a day voucher, else as an invoice to a customer."""
    if goes_into_day_voucher(order, market, document_type):
        return day_sale(order, rows, day=day, document_type=document_type, shop=shop)
    customer = customer_wish(order, shop, market, mappings)
    if isinstance(customer, Problem):
        return customer
    invoice = _invoice(
        order, rows, customer, day, single_document(document_type) or document_type, shop
    )
    return replace(
        invoice,
        market=str(market),
        remarks=remarks(order, market),
        payment=with_days_rate(invoice.payment, order, shop, mappings),
    )


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
        sale_reference=sale_reference(key, head.order_id),
        day_reference=str(DayReference(key=key, day=day, content_hash=digest)),
        accounting_day=day,
        invoice_date=day,
        currency=head.currency,
        customer=customer,
        rows=rows,
        total_ore=head.total_ore,
        terms_of_payment=document_type.terms_of_payment,
        bookkeep=document_type.bookkeep,
        invoice_type=invoice_type(document_type),
        payment_way=document_type.payment_way,
        sale_total_ore=head.total_ore,
        payment=sale_payment(document_type, head, day, shop),
    )


def invoice_hash(
    rows: Iterable[InvoiceRow], customer: CustomerWish, *, day: date, currency: str
) -> str:
    """Hash of what is booked (rule 2): amounts, accounts, VAT, date, buyer kind; no texts.

    The accounting day counts, not the invoice date: a period that closes later must not make an
    unchanged sale look edited. Rows are summed per account and rate, so that their order and
    split do not matter.
    """
    sums: dict[tuple[int, VatRate], list[int]] = {}
    for row in rows:
        entry = sums.setdefault((row.account_number, row.vat.rate), [0, 0])
        entry[0] += row.total_ore
        entry[1] += row.shop_vat_ore
    in_order = sorted(sums, key=lambda key: (key[0], key[1].rate_pct, key[1].country))
    return content_hash(
        {
            "rows": [
                [account, _hashed_rate(rate), *sums[account, rate]] for account, rate in in_order
            ],
            "day": day.isoformat(),
            "currency": currency,
            "vat_type": customer.vat_type.value,
            "company": customer.is_company,
        }
    )


def _hashed_rate(rate: VatRate) -> int | str:
    """A number for Swedish rates and for none, as ever: what is booked must not look edited."""
    return str(rate) if rate.country not in ("", "SE") else int(rate.rate_pct)


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


def _held_refund(
    refund: Refund, shop: ShopRow, problem: Problem, order: Order | None = None
) -> Held:
    return Held(
        kind="refund",
        order_id=refund.order_id,
        order_number=order.head.number if order else refund.order_id,
        amount_ore=-refund.amount_ore,
        code=problem.code,
        reason=problem.text,
        remedy=problem.remedy,
        day=local_day(refund.created_utc, shop.zone),
        currency=order.head.currency if order else "",
        refund_id=refund.refund_id,
    )


def _order_gone(refund: Refund) -> Problem:
    return Problem(
        code="order_of_refund_gone",
        text=f"refund {refund.refund_id} belongs to an order that the shop no longer has",
        remedy="Make the credit invoice in Fortnox by hand, on the refund's day.",
    )


def _refund_before_sale(refund: Refund) -> Problem:
    return Problem(
        code="refund_before_sale",
        text=f"refund {refund.refund_id} gives money back on a sale that is not booked yet: it is "
        "not delivered, or not paid",
        remedy="Nothing: the run that books the sale books the refund with it, on the sale's day. "
        "If the order is never delivered there is nothing to book.",
    )


def _no_country_problem() -> Problem:
    return Problem(
        code="no_country",
        text="neither address nor tax rates tell which country was sold to",
        remedy="Give the order a country in the shop, or book it by hand.",
    )
