"""Orders and offers as documents, and the invoice that an order becomes. Pure.

An order is never booked (rules of the books 15, 22): on its own day it stands as a Fortnox order;
when the shop delivers, ``createinvoice`` makes its invoice, dated the day of delivery, and that is
the sale in the ledger. Order and invoice live in different registers, so both carry the sale's
reference, and the invoice is found, paid and credited like any other.
"""

from dataclasses import replace

from fortnox.core.dates import SaleDate
from fortnox.core.documents import Invoice, SourceOrder
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.orders import Order
from fortnox.core.references import DayReference


def as_document(
    invoice: Invoice, sale: SaleDate, order: Order, shop: ShopRow, mappings: Mappings
) -> Invoice:
    """The sale as the kind of document that its payment method asks for.

    Args:
        invoice: The sale as an invoice of the order's own day.
        sale: Its dates and its row of document_types.csv.
        order: For the shipping method.
        shop: Row of shops.csv.
        mappings: All mappings.
    """
    row = sale.document_type
    delivery = mappings.delivery_method(shop.shop, order.shipping_method)
    document = replace(invoice, send=row.send) if row and row.send != "no" else invoice
    if delivery is not None:
        document = replace(
            document,
            way_of_delivery=delivery.way_of_delivery,
            terms_of_delivery=delivery.terms_of_delivery,
        )
    if sale.invoiced_on is not None:
        return _invoice_of_order(document, sale)
    if sale.document == "invoice":
        return document
    becomes_invoice = row is not None and row.create_invoice != "no"
    return replace(
        document,
        document=sale.document,
        bookkeep=False,
        payment=None,
        send="no" if becomes_invoice else document.send,
    )


def _invoice_of_order(invoice: Invoice, sale: SaleDate) -> Invoice:
    """Dated the day of delivery; rows, rates and accounts stay the order's, which it copies."""
    day, ordered = sale.invoiced_on, DayReference.parse(invoice.day_reference)
    if day is None or ordered is None:
        raise ValueError(f"order {invoice.order_id} is not invoiced")
    payment = invoice.payment
    return replace(
        invoice,
        source_order=SourceOrder(
            day_reference=invoice.day_reference, order_date=invoice.invoice_date
        ),
        day_reference=str(replace(ordered, day=day)),
        accounting_day=day,
        invoice_date=day,
        payment=payment and replace(payment, paid_on=max(payment.paid_on, day)),
    )


def order_of_invoice(invoice: Invoice) -> Invoice:
    """The Fortnox order that an invoice is made from, as a document of its own.

    Raises:
        ValueError: The invoice is not made from an order.
    """
    source = invoice.source_order
    if source is None:
        raise ValueError(f"invoice of {invoice.order_id} has no order")
    return replace(
        invoice,
        document="order",
        source_order=None,
        day_reference=source.day_reference,
        accounting_day=source.order_date,
        invoice_date=source.order_date,
        bookkeep=False,
        payment=None,
        send="no",
        comment="",
    )
