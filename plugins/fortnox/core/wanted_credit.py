"""One refund as the credit invoice, day voucher part or advance that it is (rule 21). Pure."""

from dataclasses import replace

from fortnox.core.advances import Advance, refund_of
from fortnox.core.currency import with_days_rate
from fortnox.core.dates import Due, delivery_day, ledger_sale, refund_day
from fortnox.core.day_voucher import DaySale, single_document
from fortnox.core.documents import Invoice
from fortnox.core.invoice_hash import invoice_hash
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.money_in import refund_payment
from fortnox.core.orders import Order, Problem, Refund
from fortnox.core.references import DayReference, refund_reference
from fortnox.core.refunds import credited_part, negated
from fortnox.core.wanted_sale import wanted_invoice


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


def _refund_before_sale(refund: Refund) -> Problem:
    return Problem(
        code="refund_before_sale",
        text=f"refund {refund.refund_id} gives money back on a sale that is not booked yet: it is "
        "not delivered, or not paid",
        remedy="Nothing: the run that books the sale books the refund with it, on the sale's day. "
        "If the order is never delivered there is nothing to book.",
    )
