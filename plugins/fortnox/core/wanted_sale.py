"""One order as the document, day voucher part or advance that it is, or why it is held. Pure.

The rules are asked as an accountant would; the first that is not certain ends it.
"""

from datetime import date
from decimal import Decimal

from fortnox.core.advances import Advance, advance_payment
from fortnox.core.currency import currency_rate, with_days_rate
from fortnox.core.customers import customer_wish
from fortnox.core.dates import SaleDate
from fortnox.core.day_voucher import DaySale, day_sale, goes_into_day_voucher, single_document
from fortnox.core.documents import Invoice, InvoiceRow
from fortnox.core.invoice_hash import invoice_hash
from fortnox.core.mapping import DocumentTypeRow, Mappings, ShopRow
from fortnox.core.market import SaleMarket, sale_market
from fortnox.core.money_in import invoice_type, sale_payment
from fortnox.core.orders import Order, Problem
from fortnox.core.own_numbers import own_number
from fortnox.core.references import DayReference, sale_reference
from fortnox.core.reverse_charge import remarks, reverse_charge_problem
from fortnox.core.rows import invoice_rows
from fortnox.core.untaxed import identified
from fortnox.core.vat import order_vat_problem


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
    return _document(
        order,
        rows,
        sale.document_type,
        market,
        day=sale.day,
        rate=rate,
        shop=shop,
        mappings=mappings,
    )


def _document(
    order: Order,
    rows: tuple[InvoiceRow, ...],
    document_type: DocumentTypeRow,
    market: SaleMarket,
    *,
    day: date,
    rate: Decimal | None,
    shop: ShopRow,
    mappings: Mappings,
) -> Invoice | DaySale | Problem:
    """The rows as a part of a day voucher, else as an invoice to a customer."""
    if goes_into_day_voucher(order, market, document_type):
        return day_sale(order, rows, day=day, document_type=document_type, shop=shop)
    customer = customer_wish(order, shop, market, mappings)
    if isinstance(customer, Problem):
        return customer
    document_type = single_document(document_type) or document_type
    head, key = order.head, shop.reference_key
    digest = invoice_hash(rows, customer, day=day, currency=head.currency)
    payment = sale_payment(document_type, head, day, shop)
    reference = sale_reference(key, head.order_id)
    return Invoice(
        order_id=head.order_id,
        order_number=head.number,
        reference=reference,
        sale_reference=reference,
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
        document_number=own_number(shop, head.order_id),
        payment=with_days_rate(payment, order, shop, mappings),
        remarks=remarks(order, market),
        market=str(market),
        currency_rate=rate,
    )


def _no_country_problem() -> Problem:
    return Problem(
        code="no_country",
        text="neither address nor tax rates tell which country was sold to",
        remedy="Give the order a country in the shop, or book it by hand.",
    )
