"""Invoices and customers as Fortnox's JSON, and back. Field names are Fortnox's own.

Every row and header says everything (rules of the books 20): what is left out is filled from the
article, the customer or the company's settings, and nobody knows which of them wins.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fortnox.api.text import clean
from fortnox.core.customer_values import MINIMAL_FIELDS
from fortnox.core.documents import (
    CustomerWish,
    FortnoxInvoice,
    FortnoxRow,
    Invoice,
    InvoiceRow,
    ListedInvoice,
    RowVat,
)
from fortnox.core.money import decimal_to_ore, ore_to_decimal
from fortnox.core.orders import Address
from fortnox.core.row_vat import sent_rows

JsonObject = dict[str, Any]

#: The unit of all rows; a new Fortnox company has it (recording 4.40 and facts of new companies).
UNIT = "st"


def invoice_body(invoice: Invoice, customer_number: str) -> JsonObject:
    """The ``Invoice`` object of a POST."""
    body: JsonObject = {
        "CustomerNumber": customer_number,
        "InvoiceType": invoice.invoice_type,
        "InvoiceDate": invoice.invoice_date.isoformat(),
        "Currency": invoice.currency,
        "CurrencyRate": invoice.currency_rate,
        "CurrencyUnit": 1,
        "VATIncluded": True,
        "Freight": 0,
        "AdministrationFee": 0,
        "YourOrderNumber": clean(invoice.order_number, 75),
        "ExternalInvoiceReference1": invoice.reference,
        "ExternalInvoiceReference2": invoice.day_reference,
        "CustomerName": clean(invoice.customer.name, 1024),
        **_billing(invoice.customer.billing),
        **_delivery(invoice.customer),
        "InvoiceRows": [_row_body(row) for row in sent_rows(invoice.rows)],
    }
    body |= _present(
        DocumentNumber=invoice.own_number,
        TermsOfPayment=invoice.terms_of_payment,
        WayOfDelivery=invoice.way_of_delivery,
        TermsOfDelivery=invoice.terms_of_delivery,
    )
    if invoice.send == "email" and invoice.customer.email.strip():
        body["EmailInformation"] = {"EmailAddressTo": invoice.customer.email.strip()}
    texts = {"Comments": invoice.comment, "Remarks": invoice.remarks}
    body |= {name: clean(text, 1024) for name, text in texts.items() if text}
    if invoice.payment_way:
        body["PaymentWay"] = invoice.payment_way
    return body


#: What a row of a PUT would inherit from the old row at its place (facts, gotcha 4).
_NOT_INHERITED: JsonObject = {"ArticleNumber": None, "HouseWork": False, "HouseWorkType": None}


#: Terms of every Fortnox company without days: cash, cash on delivery, direct debit.
_AT_ONCE = frozenset({"K", "PF", "AG"})


def rewritten_body(invoice: Invoice) -> JsonObject:
    """The ``Invoice`` object of a PUT that leaves nothing of what stood there but its card.

    The rows of an invoice that an order made are that order's, and can't be sent.
    """
    body = invoice_body(invoice, "")
    del body["CustomerNumber"]
    body.pop("DocumentNumber", None)
    if invoice.source_order is None:
        body["InvoiceRows"] = whole_rows(body["InvoiceRows"])
        return body
    del body["InvoiceRows"]
    due = _due_date(invoice)
    return body | ({"DueDate": due.isoformat()} if due else {})


def whole_rows(rows: Iterable[JsonObject]) -> list[JsonObject]:
    """Rows of a PUT, which say what they would inherit otherwise."""
    return [{**_NOT_INHERITED, **row} for row in rows]


def _due_date(invoice: Invoice) -> date | None:
    """By the terms' code, which says its days; of other codes Fortnox alone knows the days."""
    terms = invoice.terms_of_payment
    if not terms.isdecimal():
        return invoice.invoice_date if terms in _AT_ONCE else None
    return invoice.invoice_date + timedelta(days=int(terms))


def customer_body(wish: CustomerWish) -> JsonObject:
    """The ``Customer`` object of a POST; absent values are left out, not sent empty."""
    values: JsonObject = {
        "CustomerNumber": wish.number,
        "Name": clean(wish.name, 1024),
        "Type": "COMPANY" if wish.is_company else "PRIVATE",
        "VATType": wish.vat_type.value,
        "OrganisationNumber": wish.organisation_number,
        "VATNumber": wish.vat_number,
        "Email": wish.email.strip(),
        "Phone1": clean(wish.phone, 1024) if wish.phone else "",
        "CountryCode": wish.billing.country,
        "Currency": "SEK",
        **_billing(wish.billing),
    }
    allowed = {*MINIMAL_FIELDS, "CustomerNumber", "VATType", "Currency"} if wish.minimal else values
    return {name: value for name, value in values.items() if value != "" and name in allowed}


def parse_invoice(answer: JsonObject) -> FortnoxInvoice:
    """A full invoice as answered to POST, PUT and GET."""
    return FortnoxInvoice(
        document_number=str(answer["DocumentNumber"]),
        reference=answer.get("ExternalInvoiceReference1") or "",
        day_reference=answer.get("ExternalInvoiceReference2") or "",
        customer_number=str(answer["CustomerNumber"]),
        invoice_date=date.fromisoformat(answer["InvoiceDate"]),
        invoice_type=answer["InvoiceType"],
        currency=answer["Currency"],
        currency_rate=_rate(answer),
        total_ore=_ore(answer["Total"]),
        round_off_ore=_ore(answer.get("RoundOff") or 0),
        booked=_flag(answer["Booked"]),
        cancelled=_flag(answer["Cancelled"]),
        vat_included=_flag(answer["VATIncluded"]),
        rows=tuple(_parse_row(row) for row in answer.get("InvoiceRows") or ()),
    )


def parse_listed(item: JsonObject) -> ListedInvoice:
    """An invoice as a list item."""
    number, year = item.get("VoucherNumber"), item.get("VoucherYear")
    return ListedInvoice(
        document_number=str(item["DocumentNumber"]),
        reference=item.get("ExternalInvoiceReference1") or "",
        day_reference=item.get("ExternalInvoiceReference2") or "",
        total_ore=_ore(item["Total"]),
        balance_ore=_ore(item["Balance"]),
        currency=item.get("Currency") or "",
        invoice_date=date.fromisoformat(item["InvoiceDate"]),
        booked=_flag(item["Booked"]),
        cancelled=_flag(item["Cancelled"]),
        voucher_series=item.get("VoucherSeries") or "",
        voucher_number=int(number) if number is not None else None,
        voucher_year=int(year) if year is not None else None,
        customer_number=str(item.get("CustomerNumber") or ""),
        currency_rate=_rate(item),
        sent=_flag(item.get("Sent") or False),
    )


def _row_body(row: InvoiceRow) -> JsonObject:
    body: JsonObject = {
        "AccountNumber": row.account_number,
        "Description": clean(row.description, 255),
        "DeliveredQuantity": f"{row.quantity.normalize():f}",
        "Price": ore_to_decimal(row.price_ore),
        **_vat(row.vat),
        "Unit": UNIT,
        "Discount": ore_to_decimal(row.discount_ore) if row.discount_ore else row.discount_pct,
        "DiscountType": "AMOUNT" if row.discount_ore else "PERCENT",
    }
    if row.article_number:
        body["ArticleNumber"] = row.article_number
    return body


def _vat(vat: RowVat) -> JsonObject:
    """The code says rate and account of another country's VAT; ``VAT`` is a whole number."""
    return {"VATCode": vat.code} if vat.code else {"VAT": int(vat.rate.rate_pct)}


def _billing(address: Address) -> JsonObject:
    """Without Country: documents take a name and refuse some (2000919); the card has the code."""
    return _present(
        Address1=clean(address.address1, 1024),
        Address2=clean(address.address2, 1024),
        ZipCode=clean(address.postcode, 10),
        City=clean(address.city, 1024),
    )


def _delivery(wish: CustomerWish) -> JsonObject:
    if wish.delivery == wish.billing:
        return {}
    address = wish.delivery
    return _present(
        DeliveryName=clean(address.name, 1024),
        DeliveryAddress1=clean(address.address1, 1024),
        DeliveryAddress2=clean(address.address2, 1024),
        DeliveryZipCode=clean(address.postcode, 10),
        DeliveryCity=clean(address.city, 1024),
    )


def _present(**values: str) -> JsonObject:
    return {name: value for name, value in values.items() if value}


def _parse_row(row: JsonObject) -> FortnoxRow:
    account = row.get("AccountNumber")
    return FortnoxRow(
        account_number=int(account) if account else None,
        vat_pct=Decimal(str(row.get("VAT") or 0)),
        vat_code=row.get("VATCode") or "",
        total_ore=_ore(row["Total"]),
        total_excl_vat_ore=_ore(row["TotalExcludingVAT"]),
    )


def _rate(data: JsonObject) -> Decimal:
    """SEK for one unit; Fortnox has some currencies by the hundred."""
    rate = Decimal(str(data.get("CurrencyRate") or 1))
    return rate / Decimal(str(data.get("CurrencyUnit") or 1))


def _ore(value: Decimal | int | str) -> int:
    return decimal_to_ore(Decimal(str(value)))


def _flag(value: bool | str) -> bool:  # noqa: FBT001 - Fortnox sends both
    return value is True or value == "true"
