"""What can be done with a supplier invoice: bookkeep, cancel, credit; approval is switched off."""

from fortnox.sandbox.fortnox.errors import (
    ALREADY_CANCELLED,
    ALREADY_CREDITED,
    LOCKED_CANT_CANCEL,
    ApiError,
)
from fortnox.sandbox.fortnox.ledger import post, series_of
from fortnox.sandbox.fortnox.register_errors import APPROVAL_OFF
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.supplier_invoices import TABLE, found, require_open, shown
from fortnox.sandbox.fortnox.supplier_rows import postings, turned
from fortnox.sandbox.fortnox.wire import Answer, Json, kronor, to_ore


def _bookkeep(call: Call) -> Answer:
    """Debt, VAT and cost in the series of supplier invoices, dated the invoice."""
    data = found(call)
    require_open(data)
    voucher = post(
        call.store,
        day=data["InvoiceDate"],
        series=series_of(call.store, "SUPPLIERINVOICE"),
        text=f"Levfakt {data['SupplierName']} ({data['GivenNumber']})",
        postings=postings(data["SupplierInvoiceRows"]),
        reference_type="SUPPLIERINVOICE",
        reference_number=data["GivenNumber"],
    )
    reference = {
        "Number": voucher["VoucherNumber"],
        "ReferenceType": "SUPPLIERINVOICE",
        "Series": voucher["VoucherSeries"],
        "Year": voucher["Year"],
    }
    booked = {
        **data,
        "Booked": True,
        "FinalPayDate": None if to_ore(data["Balance"]) else data["InvoiceDate"],
        "VoucherNumber": voucher["VoucherNumber"],
        "VoucherSeries": voucher["VoucherSeries"],
        "VoucherYear": voucher["Year"],
        "Vouchers": [*data["Vouchers"], reference],
    }
    return _kept(call, booked)


def _cancel(call: Call) -> Answer:
    data = found(call)
    if data["Booked"]:
        raise ApiError(LOCKED_CANT_CANCEL)
    require_open(data)
    return _kept(call, {**data, "Cancelled": True, "Balance": "0"})


def _credit(call: Call) -> Answer:
    """An unbooked credit invoice dated today; the answer is the original (OpenAPI text)."""
    data = found(call)
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["CreditReference"]:
        raise ApiError(ALREADY_CREDITED)
    today = call.store.clock.today().isoformat()
    credit = {
        **data,
        **{name: _negative(data[name]) for name in ("Total", "VAT", "Freight")},
        **{name: _negative(data[name]) for name in ("AdministrationFee", "RoundOffValue")},
        "Balance": _negative(data["Total"]),
        "Booked": False,
        "Cancelled": False,
        "Credit": True,
        "CreditReference": int(data["GivenNumber"]),
        "DueDate": today,
        "FinalPayDate": None,
        "GivenNumber": str(call.store.next_number(TABLE)),
        "InvoiceDate": today,
        "SupplierInvoiceRows": turned(data["SupplierInvoiceRows"]),
        "VoucherNumber": None,
        "VoucherSeries": None,
        "VoucherYear": None,
        "Vouchers": [],
    }
    call.store.table(TABLE).put(credit["GivenNumber"], credit)
    return _kept(call, {**data, "CreditReference": int(credit["GivenNumber"])})


def _approval(call: Call) -> Answer:
    found(call)
    raise ApiError(APPROVAL_OFF)


def _negative(amount: str) -> str:
    return str(kronor(-to_ore(amount)))


def _kept(call: Call, data: Json) -> Answer:
    call.store.table(TABLE).put(data["GivenNumber"], data)
    return Answer(body={"SupplierInvoice": shown(call, data)})


_ONE = TABLE + "/{number}/"
ROUTES = (
    Route("PUT", _ONE + "bookkeep", "supplierinvoice", _bookkeep),
    Route("PUT", _ONE + "cancel", "supplierinvoice", _cancel),
    Route("PUT", _ONE + "credit", "supplierinvoice", _credit),
    Route("PUT", _ONE + "approvalbookkeep", "supplierinvoice", _approval),
    Route("PUT", _ONE + "approvalpayment", "supplierinvoice", _approval),
)
