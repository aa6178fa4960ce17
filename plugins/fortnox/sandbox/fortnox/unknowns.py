"""What nobody outside Fortnox knows for certain: one switch each, with its default and why.

Settled in a Fortnox test company, a switch becomes a fact and leaves this file.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Switches:
    """The open questions about Fortnox, and the knobs of the sandbox itself.

    Attributes:
        vat_rounding: VAT rounded once per rate on the document (Skatteverket's reading, the
            default) or on each row.
        krona_rounding: Totals rounded to whole kronor, the rest in RoundOff on 3740. The recorded
            company had it on, but it is a setting of the company and a web shop that is paid by
            card turns it off; hence off here. Tests run both.
        roundoff_sign: RoundOff is what was added to the exact sum, or what was taken from it.
        scope_error_status: Missing scope: 400 was measured in July 2026, clients expect 403.
        list_lag_s: Lists show a write only this many seconds later; single GETs are always right.
        reference_match: How externalinvoicereference1/2 match; contains as all recorded filters.
        filter_with_fields: ``filter=`` together with field filters: both count, or the field
            filters are silently ignored.
        max_limit: Page size cap of all lists.
        max_limit_invoices: Page size cap of the invoice list (one source says 100).
        row_account: Which account wins on a row that names one: the row's, or the article's
            account for the customer's VATType.
        credit_reference_on_post: CreditInvoiceReference on POST is accepted, or refused.
        createinvoice_answer: ``/orders/{n}/createinvoice`` answers the new invoice (OpenAPI, two
            clients) or the order (one SDK's types).
        createinvoice_date: InvoiceDate of an invoice made from an order: today, or the order's.
        createinvoice_references: ExternalInvoiceReference1/2 of the order follow, or are left out.
        credit_answer: ``/credit`` answers the original (OpenAPI's text) or the new invoice.
        document_number_taken: A DocumentNumber that is used already is refused, or replaced.
        negative_payment: A payment on a credit invoice may be negative, or is refused.
        payment_on_paid: A second draft on an invoice that is paid is refused when it is bookkept,
            or taken.
        oss_vat_code: A row takes a VATCode beyond those of a new company, or refuses it.
        cash_account: A cash invoice debits the account of its PaymentWay, or always CASH.
        payment_reference: ReferenceNumber of a payment's voucher: the payment's or the invoice's.
        rate_limit: Requests per window and tenant; 0 switches the limit off.
        rate_window_s: Length of the sliding window.
        refused_requests_count: Whether a 429 itself counts as a request in the window.
        retry_after: Seconds sent in ``Retry-After`` with a 429; None = no such header (default,
            since none is documented).
        token_lifetime_s: Life of an access token.
    """

    vat_rounding: Literal["rate", "row"] = "rate"
    krona_rounding: bool = False
    roundoff_sign: Literal["added", "taken"] = "added"
    scope_error_status: Literal[400, 403] = 400
    list_lag_s: float = 0.0
    reference_match: Literal["contains", "prefix", "exact"] = "contains"
    filter_with_fields: Literal["and", "filter_only"] = "and"
    max_limit: int = 500
    max_limit_invoices: int = 500
    row_account: Literal["row", "vat_type"] = "row"
    credit_reference_on_post: Literal["accept", "refuse"] = "accept"
    createinvoice_answer: Literal["invoice", "order"] = "invoice"
    createinvoice_date: Literal["today", "order"] = "today"
    createinvoice_references: Literal["inherit", "drop"] = "inherit"
    credit_answer: Literal["original", "new"] = "original"
    document_number_taken: Literal["refuse", "renumber"] = "refuse"
    negative_payment: Literal["accept", "refuse"] = "accept"
    payment_on_paid: Literal["refuse", "accept"] = "refuse"
    oss_vat_code: Literal["accept", "refuse"] = "accept"
    cash_account: Literal["payment_way", "cash"] = "payment_way"
    payment_reference: Literal["payment", "invoice"] = "payment"
    rate_limit: int = 25
    rate_window_s: float = 5.0
    refused_requests_count: bool = False
    retry_after: int | None = None
    token_lifetime_s: int = 3600
