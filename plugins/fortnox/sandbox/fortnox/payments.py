"""``/3/invoicepayments``: a draft first, then booked in series C (facts 5.7)."""

from fortnox.sandbox.fortnox.cash_method import is_payable
from fortnox.sandbox.fortnox.document_kinds import CLAIM
from fortnox.sandbox.fortnox.errors import (
    ALREADY_CANCELLED,
    ALREADY_PAID,
    BAD_VALUE,
    INVOICE_UNKNOWN,
    NOT_BOOKED,
    PAYMENT_BOOKED,
    PAYMENT_NOT_FOUND,
    VALUE_IS_NULL,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, created, present, read, texts, updated
from fortnox.sandbox.fortnox.ledger import post, series_of
from fortnox.sandbox.fortnox.listing import changed, numeric, ordered, page
from fortnox.sandbox.fortnox.payment_values import (
    claim_left_ore,
    completed,
    defaults,
    postings,
    settled_ore,
)
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json, kronor, to_ore

_FIELDS = {
    "InvoiceNumber": Field("int"),
    "Amount": Field("number"),
    "AmountCurrency": Field("number"),
    "CurrencyRate": Field("number"),
    "CurrencyUnit": Field("number"),
    "Currency": Field("text", 3),
    "PaymentDate": Field("date"),
    "ModeOfPaymentAccount": Field("int"),
    "WriteOffs": Field("list"),
    **texts("ModeOfPayment", "ExternalInvoiceReference1", "ExternalInvoiceReference2"),
}
_LIST_KEYS = (
    "Amount",
    "Booked",
    "Currency",
    "CurrencyRate",
    "CurrencyUnit",
    "InvoiceNumber",
    "Number",
    "PaymentDate",
    "Source",
)


def _url(call: Call, data: Json) -> str:
    return call.url(f"invoicepayments/{data['Number']}")


def _shown(call: Call, data: Json) -> Json:
    return {"@url": _url(call, data), **data}


def _list(call: Call) -> Answer:
    wanted = call.query.get("invoicenumber", "")
    rows = [
        data
        for data in changed(call.store.table("invoicepayments"), call.query)
        if wanted in ("", str(data["InvoiceNumber"]))
    ]
    sortable = {"number": numeric("Number"), "paymentdate": lambda data: data["PaymentDate"]}
    return page(
        ordered(rows, call.query, "number", sortable),
        call.query,
        plural="InvoicePayments",
        item=lambda data: {
            "@url": _url(call, data),
            **{key: data[key] for key in _LIST_KEYS},
            "WriteOffExist": bool(data["WriteOffs"]),
        },
        max_limit=call.store.switches.max_limit,
    )


def _found(call: Call) -> Json:
    data = call.store.table("invoicepayments").get(call.args["number"])
    if data is None:
        raise ApiError(PAYMENT_NOT_FOUND)
    return data


def _get(call: Call) -> Answer:
    return Answer(body={"InvoicePayment": _shown(call, _found(call))})


def _create(call: Call) -> Answer:
    store = call.store
    sent = read(_FIELDS, call.envelope("InvoicePayment"))
    sent = present(sent)
    invoice = _invoice(store, sent.get("InvoiceNumber"))
    data = completed(store, created(defaults(store, invoice), sent), invoice, sent)
    data["Number"] = str(store.next_number("payment"))
    store.table("invoicepayments").put(data["Number"], data)
    return Answer(
        status=201,
        body={"InvoicePayment": _shown(call, data)},
        headers={"Location": "invoicepayments"},
    )


def _update(call: Call) -> Answer:
    call.envelope("InvoicePayment")
    store, current = call.store, _found(call)
    if current["Booked"]:
        raise ApiError(PAYMENT_BOOKED)
    sent = read(_FIELDS, call.envelope("InvoicePayment"))
    if present(sent).get("InvoiceNumber", current["InvoiceNumber"]) != current["InvoiceNumber"]:
        raise ApiError(BAD_VALUE, name="InvoiceNumber")
    invoice = _invoice(store, current["InvoiceNumber"])
    merged = updated(current, sent, defaults(store, invoice))
    data = completed(store, merged, invoice, present(sent))
    store.table("invoicepayments").put(data["Number"], data)
    return Answer(body={"InvoicePayment": _shown(call, data)})


def _delete(call: Call) -> Answer:
    data = _found(call)
    if data["Booked"]:
        raise ApiError(PAYMENT_BOOKED)
    call.store.table("invoicepayments").delete(data["Number"])
    return Answer(status=204)


def _bookkeep(call: Call) -> Answer:
    store, data = call.store, _found(call)
    if data["Booked"]:
        raise ApiError(PAYMENT_BOOKED)
    is_paid_allowed = store.switches.payment_on_paid == "accept"
    invoice = _invoice(store, data["InvoiceNumber"], is_paid_allowed=is_paid_allowed)
    voucher = post(
        store,
        day=data["PaymentDate"],
        series=series_of(store, "INVOICEPAYMENT"),
        text=f"Kundbet {invoice['CustomerName']} ({invoice['DocumentNumber']})",
        postings=postings(store, data, invoice),
        reference_type="INVOICEPAYMENT",
        reference_number=data["Number"]
        if store.switches.payment_reference == "payment"
        else invoice["DocumentNumber"],
    )
    booked = {
        **data,
        "Booked": True,
        "VoucherNumber": voucher["VoucherNumber"],
        "VoucherSeries": voucher["VoucherSeries"],
        "VoucherYear": voucher["Year"],
    }
    store.table("invoicepayments").put(data["Number"], booked)
    balance_ore = to_ore(invoice["Balance"]) - settled_ore(data)
    store.table("invoices").put(
        invoice["DocumentNumber"],
        {
            **invoice,
            CLAIM: claim_left_ore(data, invoice),
            "Balance": kronor(balance_ore),
            "FinalPayDate": data["PaymentDate"] if balance_ore == 0 else None,
            "Booked": invoice["Booked"]
            or (balance_ore == 0 and store.switches.cash_paid_is_booked),
        },
    )
    return Answer(body={"InvoicePayment": _shown(call, booked)})


def _invoice(store: Store, document_number: object, *, is_paid_allowed: bool = False) -> Json:
    """The invoice to be paid: payable, not cancelled, something left to pay unless allowed."""
    if not document_number:
        raise ApiError(VALUE_IS_NULL)
    invoice = store.table("invoices").get(str(document_number))
    if invoice is None:
        raise ApiError(INVOICE_UNKNOWN)
    if invoice["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if not is_payable(store, invoice):
        raise ApiError(NOT_BOOKED)
    if to_ore(invoice["Balance"]) == 0 and not is_paid_allowed:
        raise ApiError(ALREADY_PAID)
    return invoice


ROUTES = (
    Route("GET", "invoicepayments", "payment", _list),
    Route("POST", "invoicepayments", "payment", _create),
    Route("GET", "invoicepayments/{number}", "payment", _get),
    Route("PUT", "invoicepayments/{number}", "payment", _update),
    Route("DELETE", "invoicepayments/{number}", "payment", _delete),
    Route("PUT", "invoicepayments/{number}/bookkeep", "payment", _bookkeep),
)
