"""Booked invoices read whole, with their payments, before they are credited."""

from decimal import Decimal
from typing import Any

from fortnox.api.invoices import JsonObject, parse_invoice
from fortnox.api.payments import parse_payment, payments_of_invoice
from fortnox.api.reader import Reader
from fortnox.core.booked import BookedInvoice, BookedPayment
from fortnox.core.documents import InvoiceRow, InvoiceType, ListedInvoice, RowVat, VatRate
from fortnox.core.money import decimal_to_ore
from fortnox.core.orders import Address


def read_booked(client: Reader, document: ListedInvoice) -> BookedInvoice:
    """A booked invoice; one request, and where it is paid one more and one per payment.

    Raises:
        FatalError: Fortnox refuses the reading.
        UnreachableError: Fortnox does not answer.
    """
    answer = client.get(f"invoices/{document.document_number}", "Invoice")
    is_paid = document.balance_ore != document.total_ore
    known = parse_invoice(answer)
    return BookedInvoice(
        document_number=known.document_number,
        customer_number=known.customer_number,
        invoice_type=_invoice_type(known.invoice_type),
        payment_way=_text(answer, "PaymentWay"),
        currency=known.currency,
        currency_rate=known.currency_rate,
        total_ore=known.total_ore,
        rows=tuple(_row(row) for row in answer.get("InvoiceRows") or ()),
        name=_text(answer, "CustomerName"),
        billing=_address(answer, ""),
        delivery=_address(answer, "Delivery"),
        terms_of_payment=_text(answer, "TermsOfPayment"),
        remarks=_text(answer, "Remarks"),
        vat_included=known.vat_included,
        payments=_payments(client, known.document_number) if is_paid else (),
    )


def _payments(client: Reader, number: str) -> tuple[BookedPayment, ...]:
    """Lists do not say where the money went, so each payment is read by itself."""
    booked = [payment for payment in payments_of_invoice(client, number) if payment.booked]
    answers = [client.get(f"invoicepayments/{one.number}", "InvoicePayment") for one in booked]
    return tuple(_payment(answer) for answer in answers)


def _payment(answer: JsonObject) -> BookedPayment:
    known = parse_payment(answer)
    account = answer.get("ModeOfPaymentAccount")
    return BookedPayment(
        amount_ore=known.amount_ore,
        paid_on=known.paid_on,
        mode=_text(answer, "ModeOfPayment"),
        account=int(account) if account else None,
        currency_rate=known.currency_rate,
        source=known.source,
    )


def _row(row: JsonObject) -> InvoiceRow:
    total_ore = decimal_to_ore(_decimal(row, "Total"))
    discount = _decimal(row, "Discount")
    in_kronor = row.get("DiscountType") == "AMOUNT"
    return InvoiceRow(
        account_number=int(row.get("AccountNumber") or 0),
        description=_text(row, "Description"),
        quantity=_decimal(row, "DeliveredQuantity"),
        price_ore=decimal_to_ore(_decimal(row, "Price")),
        vat=_vat(row),
        article_number=_text(row, "ArticleNumber"),
        shop_vat_ore=total_ore - decimal_to_ore(_decimal(row, "TotalExcludingVAT")),
        discount_ore=decimal_to_ore(discount) if in_kronor else 0,
        discount_pct=Decimal(0) if in_kronor else discount,
    )


def _vat(row: JsonObject) -> RowVat:
    """Sent as it stands there: by its code where it has one of its own, else by its percent."""
    pct = _decimal(row, "VAT")
    return RowVat(rate=VatRate("SE" if pct else "", pct), code=_text(row, "VATCode"))


def _address(answer: JsonObject, prefix: str) -> Address:
    return Address(
        name=_text(answer, f"{prefix}Name") if prefix else "",
        address1=_text(answer, f"{prefix}Address1"),
        address2=_text(answer, f"{prefix}Address2"),
        postcode=_text(answer, f"{prefix}ZipCode"),
        city=_text(answer, f"{prefix}City"),
    )


def _invoice_type(text: str) -> InvoiceType:
    return "CASHINVOICE" if text == "CASHINVOICE" else "INVOICE"


def _text(answer: JsonObject, name: str) -> str:
    return str(answer.get(name) or "")


def _decimal(answer: JsonObject, name: str) -> Decimal:
    value: Any = answer.get(name)
    return Decimal(str(value or 0))
