"""What an answer must hold to be one: the fields that are read here, and of what kind they are.

A proxy, an outage or a change at Fortnox can leave JSON that is well formed and makes no sense: a
field is gone, null stands for an amount, a word for a number. Such an answer is no answer, like
one that was cut: a reading is repeated, what a write did is looked up. So whoever parses answers
meets only such as fit, and no ``KeyError`` ends a run in the middle.

Only what is read is asked for, and only what every document has: an answer that holds more, or
lacks what nobody reads, fits.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from fortnox.api.wire import JsonObject

_Check = Callable[[object], bool]
_Shape = Mapping[str, _Check]

#: No company has so much; an exponent is a short way to write a number that fills the memory.
_LARGEST = Decimal(10) ** 15
_MAX_DIGITS = 18
#: Half of a pair, which JSON can say and no encoding can.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
#: Of a reference of this package: ``<key>:<order>`` (rules of the books 1).
_OUR_GRAMMAR = re.compile(r"[a-z0-9-]{1,20}:\S")


def is_number(value: object) -> bool:
    """A document's number: digits, as a number or as text."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS


def _is_amount(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return False
    try:
        amount = Decimal(value)
    except (InvalidOperation, ValueError):
        return False
    return amount.is_finite() and abs(amount) < _LARGEST


def _is_rate(value: object) -> bool:
    return _is_amount(value) and Decimal(str(value)) > 0


def _is_flag(value: object) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and value in {"true", "false"})


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_name(value: object) -> bool:
    """A code or number of a register: text that says something and fits an address, or a number."""
    if not isinstance(value, str):
        return is_number(value)
    return bool(value.strip()) and not _HALF_CHARACTER.search(value)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _or_none(check: _Check) -> _Check:
    """Absent, null and empty stand for the same in Fortnox's answers."""
    return lambda value: value is None or value == "" or check(value)


def _all(shape: _Shape) -> _Check:
    return lambda value: isinstance(value, list) and all(_has(shape, entry) for entry in value)


def _has(shape: _Shape, value: object) -> bool:
    return isinstance(value, dict) and all(check(value.get(name)) for name, check in shape.items())


_CURRENCY: _Shape = {
    "CurrencyRate": lambda value: not value or _is_rate(value),
    "CurrencyUnit": lambda value: not value or _is_rate(value),
}
_REFERENCES: _Shape = {
    "ExternalInvoiceReference1": _or_none(_is_text),
    "ExternalInvoiceReference2": _or_none(_is_text),
}
_ROW: _Shape = {
    "AccountNumber": _or_none(is_number),
    "VAT": _or_none(_is_amount),
    "VATCode": _or_none(_is_text),
    "Total": _is_amount,
    "Price": _or_none(_is_amount),
    "Discount": _or_none(_is_amount),
}
_INVOICE_ROW: _Shape = {
    **_ROW,
    "TotalExcludingVAT": _is_amount,
    "DeliveredQuantity": _or_none(_is_amount),
}
_DOCUMENT: _Shape = {
    "DocumentNumber": is_number,
    "Cancelled": _is_flag,
    "Total": _is_amount,
    "Currency": _or_none(_is_text),
    **_CURRENCY,
}
_POSTED: _Shape = {
    "Balance": _is_amount,
    "Booked": _is_flag,
    "Sent": _or_none(_is_flag),
    "VoucherSeries": _or_none(_is_text),
    "VoucherNumber": lambda value: value is None or is_number(value),
    "VoucherYear": lambda value: value is None or is_number(value),
}
_WHOLE: _Shape = {
    **_DOCUMENT,
    "CustomerNumber": _is_name,
    "Currency": _is_text,
    "VATIncluded": _is_flag,
    "RoundOff": _or_none(_is_amount),
}
_PAYMENT: _Shape = {
    "Number": is_number,
    "InvoiceNumber": is_number,
    "Amount": _is_amount,
    "AmountCurrency": lambda value: value is None or _is_amount(value),
    "PaymentDate": _is_day,
    "Booked": _is_flag,
    "ModeOfPaymentAccount": _or_none(is_number),
    **_CURRENCY,
}
_VOUCHER_ROW: _Shape = {
    "Account": is_number,
    "Debit": _or_none(_is_amount),
    "Credit": _or_none(_is_amount),
}
_VOUCHER: _Shape = {
    "Year": is_number,
    "VoucherSeries": _is_name,
    "VoucherNumber": is_number,
    "TransactionDate": _is_day,
    "Description": _or_none(_is_text),
    "Comments": _or_none(_is_text),
}
_SUPPLIER_INVOICE: _Shape = {
    "GivenNumber": is_number,
    "SupplierNumber": _is_name,
    "InvoiceNumber": _or_none(_is_name),
    "Total": _is_amount,
    "Balance": _is_amount,
    "Booked": _is_flag,
}
_ARTICLE: _Shape = {
    "ArticleNumber": _is_name,
    "Description": _or_none(_is_text),
    "EAN": _or_none(_is_text),
    "SalesAccount": _or_none(is_number),
    **dict.fromkeys(
        ("SalesPrice", "QuantityInStock", "DisposableQuantity", "Weight"), _or_none(_is_amount)
    ),
}
_FOLDER: _Shape = {"Id": _is_name, "Name": _or_none(_is_text)}

#: Envelope of a single object -> its shape.
_OBJECTS: Mapping[str, _Shape] = MappingProxyType(
    {
        "Invoice": {
            **_WHOLE,
            **_REFERENCES,
            "InvoiceDate": _is_day,
            "InvoiceType": _is_text,
            **_POSTED,
            "InvoiceRows": lambda rows: rows is None or _all(_INVOICE_ROW)(rows),
        },
        "Order": {
            **_WHOLE,
            **_REFERENCES,
            "OrderDate": _is_day,
            "OrderRows": lambda rows: rows is None or _all(_ROW)(rows),
        },
        "Offer": {
            **_WHOLE,
            "OfferDate": _is_day,
            "YourReference": _or_none(_is_text),
            "Comments": _or_none(_is_text),
            "OfferRows": lambda rows: rows is None or _all(_ROW)(rows),
        },
        "InvoicePayment": _PAYMENT,
        "Voucher": {
            **_VOUCHER,
            "VoucherRows": lambda rows: rows is None or _all(_VOUCHER_ROW)(rows),
        },
        "SupplierInvoice": _SUPPLIER_INVOICE,
        "SupplierInvoicePayment": {"Number": is_number},
        "Article": _ARTICLE,
        "File": {"Id": _is_name},
        "VoucherFileConnection": {
            "FileId": _is_name,
            "VoucherNumber": _or_none(is_number),
            "VoucherYear": _or_none(is_number),
        },
        "Folder": {
            name: lambda entries: entries is None or _all(_FOLDER)(entries)
            for name in ("Folders", "Files")
        },
        "LockedPeriod": {"EndDate": _or_none(_is_day)},
        "CompanyInformation": {
            "OrganizationNumber": _is_text,
            "DatabaseNumber": _or_none(is_number),
        },
    }
)

#: Key of a list -> the shape of its entries.
_ENTRIES: Mapping[str, _Shape] = MappingProxyType(
    {
        "Invoices": {
            **_DOCUMENT,
            **_REFERENCES,
            "InvoiceDate": _is_day,
            **_POSTED,
        },
        "Orders": {**_DOCUMENT, **_REFERENCES, "OrderDate": _is_day},
        "Offers": {"DocumentNumber": is_number},
        "InvoicePayments": _PAYMENT,
        "Vouchers": _VOUCHER,
        "Customers": {
            "CustomerNumber": _is_name,
            "OrganisationNumber": _or_none(_is_text),
            "Email": _or_none(_is_text),
        },
        "SupplierInvoices": _SUPPLIER_INVOICE,
        "SupplierInvoicePayments": {
            "Number": is_number,
            "InvoiceNumber": is_number,
            "Booked": _is_flag,
            "Amount": _is_amount,
            "PaymentDate": _is_day,
        },
        "Articles": _ARTICLE,
        "Prices": {"ArticleNumber": _is_name, "Price": _or_none(_is_amount)},
        "ModesOfPayments": {"Code": _is_name},
        "FinancialYears": {"Id": is_number, "FromDate": _is_day, "ToDate": _is_day},
        "Currencies": {
            "Code": _is_name,
            "SellRate": _or_none(_is_amount),
            "Unit": lambda value: not value or _is_rate(value),
            "Date": _or_none(_is_day),
        },
        "Accounts": {"Number": is_number},
        "PreDefinedAccounts": {"Name": _is_name, "Account": _or_none(is_number)},
        "VoucherSeriesCollection": {"Code": _is_name},
    }
)
#: Lists in which others' documents stand beside ours: what those lack is none of our business.
_SHARED = frozenset({"Invoices", "Orders"})


def fits(envelope: str, answer: JsonObject) -> bool:
    """Whether an answer holds an object that can be read."""
    value = answer.get(envelope)
    return isinstance(value, dict) and _has(_OBJECTS.get(envelope, {}), value)


def page_fits(key: str, answer: JsonObject) -> bool:
    """Whether an answer holds a page of a list, and each entry that concerns us can be read."""
    entries = answer.get(key)
    return (
        isinstance(entries, list)
        and all(isinstance(entry, dict) for entry in entries)
        and _tells_total(answer.get("MetaInformation"))
        and all(entry_fits(key, entry) for entry in entries if _concerns_us(key, entry))
    )


def entry_fits(key: str, entry: JsonObject) -> bool:
    """Whether an entry of a list can be read, whoever made it."""
    return _has(_ENTRIES.get(key, {}), entry)


def _concerns_us(key: str, entry: JsonObject) -> bool:
    if key not in _SHARED:
        return True
    references = (entry.get(name) for name in _REFERENCES)
    return any(isinstance(one, str) and _OUR_GRAMMAR.match(one) for one in references)


def _tells_total(meta: object) -> bool:
    """Small registers do not say how many entries they have, and come whole."""
    told = meta.get("@TotalResources") if isinstance(meta, dict) else None
    return told is None or is_number(told)
