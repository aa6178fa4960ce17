"""How the money of a sale stands in Fortnox: as a payment, or straight on a cash invoice. Pure.

By document_types.csv, never by a default: a payment goes to the clearing or bank account that the
payment method's row names, on the day it was made, but never before its invoice (2001089).
"""

from datetime import date

from fortnox.core.documents import InvoiceType, Payment
from fortnox.core.mapping import DocumentTypeRow, ShopRow
from fortnox.core.orders import OrderHead
from fortnox.core.window import local_day


def invoice_type(row: DocumentTypeRow) -> InvoiceType:
    """Fortnox's ``InvoiceType`` of the payment method's document."""
    return "CASHINVOICE" if row.document_type == "cash_invoice" else "INVOICE"


def sale_payment(row: DocumentTypeRow, head: OrderHead, day: date, shop: ShopRow) -> Payment | None:
    """The payment of a sale; None when it is unpaid, or not registered by us."""
    if row.payment == "none" or head.paid_utc is None or head.total_ore == 0:
        return None
    return Payment(
        amount_ore=head.total_ore,
        paid_on=max(local_day(head.paid_utc, shop.zone), day),
        account=row.payment_account,
        mode=row.mode_of_payment,
        bookkeep=row.payment == "book",
    )


def refund_payment(
    row: DocumentTypeRow | None, head: OrderHead, amount_ore: int, day: date, shop: ShopRow
) -> Payment | None:
    """The money given back (negative), from where the sale's came.

    An unpaid sale has nothing to give back: it and its credit invoice settle each other over
    ``set_off_account``, where shops.csv names one (rule 21).
    """
    if row is None or row.payment == "none":
        return None
    is_paid = head.paid_utc is not None
    if not is_paid and shop.set_off_account is None:
        return None
    return Payment(
        amount_ore=amount_ore,
        paid_on=day,
        account=row.payment_account if is_paid else shop.set_off_account,
        mode=row.mode_of_payment if is_paid else "",
        bookkeep=row.payment == "book",
        sets_off=not is_paid,
    )
