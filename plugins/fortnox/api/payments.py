"""Invoice payments as Fortnox's JSON, and where they are looked up (rules of the books 8)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from fortnox.api.invoices import JsonObject
from fortnox.api.reader import Reader
from fortnox.core.currency import BOOKS, to_sek_ore
from fortnox.core.documents import Invoice, ListedPayment, Payment
from fortnox.core.money import decimal_to_ore, ore_to_decimal

_PAYMENTS = "InvoicePayments"
#: Fortnox's clock; ``lastmodified`` is in it.
_FORTNOX_TIME = ZoneInfo("Europe/Stockholm")
_OVERLAP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """A booked invoice, or credit invoice, that gets a payment of ours.

    ``write_off_ore`` is Fortnox's whole-krona rounding of the invoice: it is settled with it.
    ``nth`` of ``equal``: the invoice gets so many payments of this day and amount, and this is one
    of them, counted from one; an unpaid sale gets one for each refund that it is set off against.
    """

    invoice: Invoice
    invoice_number: str
    payment: Payment
    write_off_ore: int = 0
    nth: int = 1
    equal: int = 1


def payment_body(payable: Payable, round_off_account: int) -> JsonObject:
    """The ``InvoicePayment`` object of a POST."""
    payment = payable.payment
    rate = payment.currency_rate or payable.invoice.currency_rate or Decimal(1)
    body: dict[str, Any] = {
        "InvoiceNumber": int(payable.invoice_number),
        "Amount": ore_to_decimal(to_sek_ore(payment.amount_ore, rate)),
        "AmountCurrency": ore_to_decimal(payment.amount_ore),
        "PaymentDate": payment.paid_on.isoformat(),
    }
    if payable.invoice.currency != BOOKS:
        body |= {"CurrencyRate": rate, "CurrencyUnit": 1}
    if payment.mode:
        body["ModeOfPayment"] = payment.mode
    if payment.account is not None:
        body["ModeOfPaymentAccount"] = payment.account
    if payable.write_off_ore:
        write_off = {
            "Amount": ore_to_decimal(payable.write_off_ore),
            "AccountNumber": round_off_account,
        }
        body["WriteOffs"] = [write_off]
    return body


def parse_payment(item: Mapping[str, Any]) -> ListedPayment:
    """A payment, from a list or by itself."""
    rate = Decimal(str(item.get("CurrencyRate") or 1)) / Decimal(str(item.get("CurrencyUnit") or 1))
    in_currency = item.get("AmountCurrency")
    amount = Decimal(str(item["Amount"])) / rate if in_currency is None else in_currency
    return ListedPayment(
        number=str(item["Number"]),
        invoice_number=str(item["InvoiceNumber"]),
        amount_ore=decimal_to_ore(str(amount)),
        currency_rate=rate,
        paid_on=date.fromisoformat(item["PaymentDate"]),
        booked=item["Booked"] is True,
        source=str(item.get("Source") or ""),
    )


def payments_of_invoice(client: Reader, invoice_number: str) -> tuple[ListedPayment, ...]:
    """The payments of one invoice, drafts too."""
    items = client.list("invoicepayments", _PAYMENTS, invoicenumber=invoice_number)
    found = (parse_payment(item) for item in items)
    return tuple(payment for payment in found if payment.invoice_number == invoice_number)


def payments_since(client: Reader, since: str) -> dict[str, tuple[ListedPayment, ...]]:
    """Payments made or changed since a time of :func:`fortnox_time`, by invoice number."""
    by_invoice: defaultdict[str, list[ListedPayment]] = defaultdict(list)
    for item in client.list("invoicepayments", _PAYMENTS, lastmodified=since):
        payment = parse_payment(item)
        by_invoice[payment.invoice_number].append(payment)
    return {number: tuple(payments) for number, payments in by_invoice.items()}


def fortnox_time(moment: datetime) -> str:
    """``lastmodified`` for everything from a moment on; a few minutes early, for clocks differ."""
    return (moment - _OVERLAP).astimezone(_FORTNOX_TIME).strftime("%Y-%m-%d %H:%M")


def earliest_day(invoices: Iterable[Invoice]) -> str:
    """``lastmodified`` from the first of the documents' days on."""
    return f"{min(invoice.accounting_day for invoice in invoices)} 00:00"
