"""``/3/supplierinvoicepayments``: a draft first, then booked against the debt (facts 5.13)."""

from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox.documents import half_up
from fortnox.sandbox.fortnox.errors import (
    ALREADY_CANCELLED,
    ALREADY_PAID,
    BAD_VALUE,
    CURRENCY_MISMATCH,
    MODE_OF_PAYMENT_UNKNOWN,
    NOT_BOOKED,
    NOTHING_TO_PAY,
    PAYMENT_BEFORE_INVOICE,
    PAYMENT_BOOKED,
    PAYMENT_NOT_FOUND,
    VALUE_IS_NULL,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, created, present, read, texts, updated
from fortnox.sandbox.fortnox.ledger import Posting, post, predefined, require_cost_center, series_of
from fortnox.sandbox.fortnox.listing import changed, numeric, ordered, page
from fortnox.sandbox.fortnox.payment_values import write_off
from fortnox.sandbox.fortnox.register_errors import SUPPLIER_INVOICE_UNKNOWN
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.supplier_invoices import TABLE as INVOICES
from fortnox.sandbox.fortnox.supplier_rows import rate_of
from fortnox.sandbox.fortnox.wire import Answer, Json, hundredths, kronor, number, to_ore

_TABLE = "supplierinvoicepayments"
_FIELDS = {
    "Amount": Field("number"),
    "AmountCurrency": Field("number"),
    "Currency": Field("text", 3),
    "CurrencyRate": Field("number"),
    "CurrencyUnit": Field("number"),
    "PaymentDate": Field("date"),
    "WriteOffs": Field("list"),
    **texts("Information", "InvoiceNumber", "ModeOfPayment"),
}
_LIST_KEYS = (
    *("Amount", "Booked", "Currency", "CurrencyRate", "CurrencyUnit", "InvoiceNumber", "Number"),
    *("PaymentDate", "Source"),
)


def _defaults(store: Store, invoice: Json) -> Json:
    return {
        "Amount": None,
        "AmountCurrency": None,
        "Booked": False,
        "Currency": invoice["Currency"],
        "CurrencyRate": invoice["CurrencyRate"],
        "CurrencyUnit": invoice["CurrencyUnit"],
        "Information": "",
        "InvoiceDueDate": invoice["DueDate"],
        "InvoiceNumber": invoice["GivenNumber"],
        "InvoiceOCR": invoice["OCR"],
        "InvoiceSupplierName": invoice["SupplierName"],
        "InvoiceSupplierNumber": invoice["SupplierNumber"],
        "InvoiceTotal": invoice["Total"],
        "ModeOfPayment": "",
        "Number": 0,
        "PaymentDate": store.clock.today().isoformat(),
        "Source": "direct",
        "VoucherNumber": None,
        "VoucherSeries": None,
        "VoucherYear": None,
        "WriteOffs": [],
    }


def _shown(call: Call, data: Json) -> Json:
    return {"@url": call.url(f"{_TABLE}/{data['Number']}"), **data}


def _item(call: Call, data: Json) -> Json:
    shown = _shown(call, data)
    listed = {name: shown[name] for name in ("@url", *_LIST_KEYS)}
    return {**listed, "WriteOffExist": bool(data["WriteOffs"])}


def _list(call: Call) -> Answer:
    wanted = call.query.get("invoicenumber", "")
    rows = [
        data
        for data in changed(call.store.table(_TABLE), call.query)
        if wanted in ("", data["InvoiceNumber"])
    ]
    sortable = {"number": numeric("Number"), "paymentdate": lambda data: data["PaymentDate"]}
    return page(
        ordered(rows, call.query, "number", sortable),
        call.query,
        plural="SupplierInvoicePayments",
        item=lambda data: _item(call, data),
        max_limit=call.store.switches.max_limit,
    )


def _found(call: Call) -> Json:
    data = call.store.table(_TABLE).get(call.args["number"])
    if data is None:
        raise ApiError(PAYMENT_NOT_FOUND)
    return data


def _open(call: Call) -> Json:
    data = _found(call)
    if data["Booked"]:
        raise ApiError(PAYMENT_BOOKED)
    return data


def _get(call: Call) -> Answer:
    return Answer(body={"SupplierInvoicePayment": _shown(call, _found(call))})


def _create(call: Call) -> Answer:
    sent = present(read(_FIELDS, call.envelope("SupplierInvoicePayment")))
    invoice = _invoice(call.store, sent.get("InvoiceNumber"))
    data = created(_defaults(call.store, invoice), sent)
    data = _completed(call.store, data, invoice, sent)
    data["Number"] = call.store.next_number(_TABLE)
    return _kept(call, data, status=201, headers={"Location": _TABLE})


def _update(call: Call) -> Answer:
    current = _open(call)
    sent = read(_FIELDS, call.envelope("SupplierInvoicePayment"))
    if present(sent).get("InvoiceNumber", current["InvoiceNumber"]) != current["InvoiceNumber"]:
        raise ApiError(BAD_VALUE, name="InvoiceNumber")
    invoice = _invoice(call.store, current["InvoiceNumber"])
    merged = updated(current, sent, _defaults(call.store, invoice))
    return _kept(call, _completed(call.store, merged, invoice, present(sent)))


def _delete(call: Call) -> Answer:
    call.store.table(_TABLE).delete(str(_open(call)["Number"]))
    return Answer(status=204)


def _kept(
    call: Call, data: Json, *, status: int = 200, headers: dict[str, str] | None = None
) -> Answer:
    call.store.table(_TABLE).put(str(data["Number"]), data)
    body = {"SupplierInvoicePayment": _shown(call, data)}
    return Answer(status=status, body=body, headers=headers or {})


def _completed(store: Store, data: Json, invoice: Json, sent: dict[str, Any]) -> Json:
    """Amounts in both currencies; what is not said is the whole balance.

    Raises:
        ApiError: It can't be a payment of this invoice.
    """
    if data["Currency"] != invoice["Currency"]:
        raise ApiError(CURRENCY_MISMATCH, one=data["Currency"], other=invoice["Currency"])
    if data["PaymentDate"] < invoice["InvoiceDate"]:
        raise ApiError(PAYMENT_BEFORE_INVOICE)
    for name in ("CurrencyRate", "CurrencyUnit"):
        if Decimal(data[name]) <= 0:
            raise ApiError(BAD_VALUE, name=name)
        data[name] = number(Decimal(data[name]))
    rate = rate_of(data)
    foreign = Decimal(data["AmountCurrency"] or invoice["Balance"])
    if sent.get("AmountCurrency") is None and sent.get("Amount") is not None:
        foreign = Decimal(sent["Amount"]) / rate
    local = sent["Amount"] if sent.get("Amount") is not None else foreign * rate
    data["AmountCurrency"] = number(hundredths(foreign))
    data["Amount"] = number(hundredths(Decimal(local)))
    data["WriteOffs"] = [write_off(row) for row in data["WriteOffs"] or []]
    for row in data["WriteOffs"]:
        require_cost_center(store, row["CostCenter"])
    if not to_ore(data["AmountCurrency"]) and not data["WriteOffs"]:
        raise ApiError(NOTHING_TO_PAY)
    if data["ModeOfPayment"] and data["ModeOfPayment"] not in store.table("modesofpayments"):
        raise ApiError(MODE_OF_PAYMENT_UNKNOWN)
    return data


def _settled_ore(data: Json) -> int:
    written_off = sum(to_ore(row["Amount"]) for row in data["WriteOffs"])
    return to_ore(data["AmountCurrency"]) + written_off


def _bookkeep(call: Call) -> Answer:
    store, data = call.store, _open(call)
    invoice = _invoice(store, data["InvoiceNumber"])
    voucher = post(
        store,
        day=data["PaymentDate"],
        series=series_of(store, "SUPPLIERPAYMENT"),
        text=f"Levbet {invoice['SupplierName']} ({invoice['GivenNumber']})",
        postings=_postings(store, data, invoice),
        reference_type="SUPPLIERPAYMENT",
        reference_number=str(data["Number"]),
    )
    balance_ore = to_ore(invoice["Balance"]) - _settled_ore(data)
    paid = {
        **invoice,
        "Balance": str(kronor(balance_ore)),
        "FinalPayDate": None if balance_ore else data["PaymentDate"],
    }
    store.table(INVOICES).put(invoice["GivenNumber"], paid)
    booked = {
        **data,
        "Booked": True,
        "VoucherNumber": voucher["VoucherNumber"],
        "VoucherSeries": voucher["VoucherSeries"],
        "VoucherYear": voucher["Year"],
    }
    return _kept(call, booked)


def _postings(store: Store, data: Json, invoice: Json) -> list[Posting]:
    """Debt at the invoice's rate, money out, write-offs; a rate difference is gain or loss."""
    mode = store.table("modesofpayments").get(data["ModeOfPayment"])
    account = predefined(store, "BG") if mode is None else int(mode["AccountNumber"])
    rate = rate_of(data)
    rows = [
        Posting(predefined(store, "SUPDEBT"), half_up(_settled_ore(data) * rate_of(invoice))),
        Posting(account, -to_ore(data["Amount"])),
    ]
    rows += [
        Posting(int(row["AccountNumber"]), -half_up(to_ore(row["Amount"]) * rate))
        for row in data["WriteOffs"]
    ]
    rest = -sum(row.ore for row in rows)
    if rest:
        rows.append(Posting(predefined(store, "CURRENCYWIN" if rest < 0 else "CURRENCYLOSS"), rest))
    return rows


def _invoice(store: Store, given_number: object) -> Json:
    """The invoice to be paid: booked, not cancelled, something left to pay."""
    if not given_number:
        raise ApiError(VALUE_IS_NULL)
    invoice = store.table(INVOICES).get(str(given_number))
    if invoice is None:
        raise ApiError(SUPPLIER_INVOICE_UNKNOWN)
    if invoice["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if not invoice["Booked"]:
        raise ApiError(NOT_BOOKED)
    if not to_ore(invoice["Balance"]):
        raise ApiError(ALREADY_PAID)
    return invoice


ROUTES = (
    Route("GET", _TABLE, "payment", _list),
    Route("POST", _TABLE, "payment", _create),
    Route("GET", _TABLE + "/{number}", "payment", _get),
    Route("PUT", _TABLE + "/{number}", "payment", _update),
    Route("DELETE", _TABLE + "/{number}", "payment", _delete),
    Route("PUT", _TABLE + "/{number}/bookkeep", "payment", _bookkeep),
)
