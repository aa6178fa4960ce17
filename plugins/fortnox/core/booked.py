"""A booked invoice as Fortnox has it, whole: what a credit invoice of all of it must repeat."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fortnox.core.documents import InvoiceRow, InvoiceType
from fortnox.core.orders import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedPayment:
    """A booked payment of it; ``amount_ore`` in the invoice's currency."""

    amount_ore: int
    paid_on: date
    mode: str
    account: int | None
    #: SEK for one unit of that currency on the payment's day.
    currency_rate: Decimal
    #: ``direct``, ``manual``, or ``file``: a bank's.
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedInvoice:
    """One booked invoice. Personal data: never into a log, an XCom or an exception.

    ``rows`` are as Fortnox has them, VAT rows of other countries among them; their ``shop_vat_ore``
    is the VAT that Fortnox reckoned.
    """

    document_number: str
    customer_number: str
    invoice_type: InvoiceType
    payment_way: str
    currency: str
    currency_rate: Decimal
    total_ore: int
    rows: tuple[InvoiceRow, ...]
    name: str
    billing: Address
    delivery: Address
    terms_of_payment: str
    remarks: str
    vat_included: bool
    payments: tuple[BookedPayment, ...] = ()
