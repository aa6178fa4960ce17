"""``/3/supplierinvoices``: register, list, change. Money is text here (facts 5.13)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox.errors import (
    ALREADY_CANCELLED,
    BAD_FILTER,
    BAD_VALUE,
    CURRENCY_UNKNOWN,
    VALUE_IS_NULL,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, created, present, read, texts, updated
from fortnox.sandbox.fortnox.ledger import predefined
from fortnox.sandbox.fortnox.listing import changed, contains, numeric, ordered, page
from fortnox.sandbox.fortnox.register_errors import (
    SUPPLIER_INACTIVE,
    SUPPLIER_INVOICE_BOOKED,
    SUPPLIER_INVOICE_NOT_FOUND,
    SUPPLIER_UNKNOWN,
)
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.supplier_rows import complete_rows, header_amounts
from fortnox.sandbox.fortnox.wire import Answer, Json, number, to_ore

TABLE = "supplierinvoices"
_MONEY = ("AdministrationFee", "Freight", "RoundOffValue", "Total", "VAT")
_FIELDS = {
    "Comments": Field("text", 1000),
    "CurrencyRate": Field("number"),
    "CurrencyUnit": Field("number"),
    "Currency": Field("text", 3),
    "DisablePaymentFile": Field("bool"),
    "DueDate": Field("date"),
    "InvoiceDate": Field("date"),
    "InvoiceNumber": Field("text", 64),
    "PaymentPending": Field("bool"),
    "SalesType": Field("text", choices=("STOCK", "SERVICE")),
    "SupplierInvoiceRows": Field("list"),
    "VATType": Field("text", choices=("NORMAL", "EUINTERNAL", "REVERSE")),
    **dict.fromkeys(_MONEY, Field("number")),
    **texts("OurReference", "YourReference", length=50),
    **texts("CostCenter", "ExternalInvoiceNumber", "ExternalInvoiceSeries", "OCR", "Project"),
    "SupplierNumber": Field(),
}
_LIST_KEYS = (
    *("AuthorizerName", "Balance", "Booked", "Cancel", "CostCenter", "Credit", "Currency"),
    *("CurrencyRate", "CurrencyUnit", "DueDate", "ExternalInvoiceNumber"),
    *("ExternalInvoiceSeries", "FinalPayDate", "GivenNumber", "InvoiceDate", "InvoiceNumber"),
    *("Project", "SupplierName", "SupplierNumber", "Total", "Vouchers"),
)
_FILTERS: dict[str, Callable[[Json, str], bool]] = {
    "cancelled": lambda data, _today: bool(data["Cancelled"]),
    "fullypaid": lambda data, _today: bool(data["Booked"] and not to_ore(data["Balance"])),
    "unpaid": lambda data, _today: bool(data["Booked"] and to_ore(data["Balance"])),
    "unpaidoverdue": lambda data, today: bool(
        data["Booked"] and to_ore(data["Balance"]) and data["DueDate"] < today
    ),
    "unbooked": lambda data, _today: bool(not data["Booked"] and not data["Cancelled"]),
    "pendingpayment": lambda data, _today: bool(data["Booked"] and data["PaymentPending"]),
    "authorizepending": lambda _data, _today: False,
}
_SEARCHED = {
    "invoicenumber": "InvoiceNumber",
    "suppliername": "SupplierName",
    "suppliernumber": "SupplierNumber",
}


def _defaults(store: Store) -> Json:
    today = store.clock.today().isoformat()
    return {
        "AccountingMethod": store.company.accounting_method,
        "AdministrationFee": "0",
        "Balance": "0",
        "Booked": False,
        "Cancelled": False,
        "Comments": "",
        "CostCenter": "",
        "Credit": False,
        "CreditReference": 0,
        "Currency": "",
        "CurrencyRate": None,
        "CurrencyUnit": 1,
        "DisablePaymentFile": False,
        "DueDate": "",
        "ExternalInvoiceNumber": "",
        "ExternalInvoiceSeries": "",
        "FinalPayDate": None,
        "Freight": "0",
        "GivenNumber": "",
        "InvoiceDate": today,
        "InvoiceNumber": "",
        "OCR": "",
        "OurReference": "",
        "PaymentPending": False,
        "Project": "",
        "RoundOffValue": "0",
        "SalesType": "STOCK",
        "SupplierInvoiceRows": [],
        "SupplierName": "",
        "SupplierNumber": "",
        "Total": "0",
        "VAT": "0",
        "VATType": "NORMAL",
        "VoucherNumber": None,
        "VoucherSeries": None,
        "VoucherYear": None,
        "Vouchers": [],
        "YourReference": "",
    }


def shown(call: Call, data: Json) -> Json:
    """The invoice as a single answer."""
    return {"@url": call.url(f"{TABLE}/{data['GivenNumber']}"), **data}


def found(call: Call) -> Json:
    """The invoice that the path names.

    Raises:
        ApiError: There is none.
    """
    data = call.store.table(TABLE).get(call.args["number"])
    if data is None:
        raise ApiError(SUPPLIER_INVOICE_NOT_FOUND)
    return data


def require_open(data: Json) -> None:
    """Refuse a change of what is booked or cancelled.

    Raises:
        ApiError: It is.
    """
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["Booked"]:
        raise ApiError(SUPPLIER_INVOICE_BOOKED)


def _item(call: Call, data: Json) -> Json:
    whole = {**shown(call, data), "AuthorizerName": "", "Cancel": data["Cancelled"]}
    return {name: whole[name] for name in ("@url", *_LIST_KEYS)}


def _list(call: Call) -> Answer:
    wanted = call.query.get("filter", "")
    if wanted and wanted not in _FILTERS:
        raise ApiError(BAD_FILTER)
    today = call.store.clock.today().isoformat()
    rows = [
        data
        for data in changed(call.store.table(TABLE), call.query)
        if (not wanted or _FILTERS[wanted](data, today))
        and all(
            contains(data, field, call.query.get(name, "")) for name, field in _SEARCHED.items()
        )
    ]
    sortable = {"givennumber": numeric("GivenNumber"), "invoicedate": lambda d: d["InvoiceDate"]}
    return page(
        ordered(rows, call.query, "givennumber", sortable),
        call.query,
        plural="SupplierInvoices",
        item=lambda data: _item(call, data),
        max_limit=call.store.switches.max_limit,
    )


def _get(call: Call) -> Answer:
    return Answer(body={"SupplierInvoice": shown(call, found(call))})


def _create(call: Call) -> Answer:
    sent = present(read(_FIELDS, call.envelope("SupplierInvoice")))
    if not sent.get("SupplierNumber"):
        raise ApiError(VALUE_IS_NULL)
    data = _completed(call.store, created(_defaults(call.store), sent), sent)
    data["GivenNumber"] = str(call.store.next_number(TABLE))
    call.store.table(TABLE).put(data["GivenNumber"], data)
    return Answer(
        status=201, body={"SupplierInvoice": shown(call, data)}, headers={"Location": TABLE}
    )


def _update(call: Call) -> Answer:
    current = found(call)
    require_open(current)
    sent = read(_FIELDS, call.envelope("SupplierInvoice"))
    if "SupplierNumber" in sent and not present(sent).get("SupplierNumber"):
        raise ApiError(VALUE_IS_NULL)
    merged = updated(current, sent, _defaults(call.store))
    data = _completed(call.store, merged, present(sent))
    call.store.table(TABLE).put(data["GivenNumber"], data)
    return Answer(body={"SupplierInvoice": shown(call, data)})


def _completed(store: Store, data: Json, sent: dict[str, Any]) -> Json:
    """Fill in from the supplier and the rows.

    Raises:
        ApiError: Unknown or inactive supplier, unknown currency, or rows that don't balance.
    """
    supplier = store.table("suppliers").get(data["SupplierNumber"])
    if supplier is None:
        raise ApiError(SUPPLIER_UNKNOWN)
    if not supplier["Active"]:
        raise ApiError(SUPPLIER_INACTIVE)
    data["SupplierName"] = supplier["Name"]
    data["Currency"] = data["Currency"] or supplier["Currency"]
    currency = store.table("currencies").get(data["Currency"])
    if currency is None:
        raise ApiError(CURRENCY_UNKNOWN)
    if data["CurrencyRate"] is None or ("Currency" in sent and "CurrencyRate" not in sent):
        data["CurrencyRate"] = currency["BuyRate"]
    if Decimal(data["CurrencyRate"]) <= 0 or Decimal(data["CurrencyUnit"]) <= 0:
        raise ApiError(BAD_VALUE, name="CurrencyRate")
    data["CurrencyRate"] = str(number(Decimal(data["CurrencyRate"])))
    data["CurrencyUnit"] = number(Decimal(data["CurrencyUnit"]))
    if not data["DueDate"]:
        terms = supplier["TermsOfPayment"]
        days = int(terms) if terms.isdecimal() else 0
        due = date.fromisoformat(data["InvoiceDate"]) + timedelta(days=days)
        data["DueDate"] = due.isoformat()
    for name in _MONEY:
        data[name] = str(number(Decimal(data[name])))
    rows = sent.get("SupplierInvoiceRows")
    if rows is not None or set(_MONEY) & set(sent) or not data["SupplierInvoiceRows"]:
        account = int(supplier["PreDefinedAccount"] or predefined(store, "PURCASE"))
        data["SupplierInvoiceRows"] = complete_rows(store, data, rows or [], account)
        data.update(header_amounts(data, rows or [], data["SupplierInvoiceRows"]))
    data["Credit"] = to_ore(data["Total"]) < 0
    return {**data, "Balance": data["Total"]}


ROUTES = (
    Route("GET", TABLE, "supplierinvoice", _list),
    Route("POST", TABLE, "supplierinvoice", _create),
    Route("GET", TABLE + "/{number}", "supplierinvoice", _get),
    Route("PUT", TABLE + "/{number}", "supplierinvoice", _update),
)
