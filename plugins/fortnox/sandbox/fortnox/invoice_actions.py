"""What can be done with an invoice: bookkeep, cancel, credit, email, externalprint."""

from collections import defaultdict
from decimal import Decimal

from fortnox.sandbox.fortnox.documents import half_up
from fortnox.sandbox.fortnox.errors import (
    ALREADY_BOOKED,
    ALREADY_CANCELLED,
    ALREADY_CREDITED,
    LOCKED_CANT_CANCEL,
    NO_EMAIL_ADDRESS,
    NOT_COMPLETED,
    ROW_ACCOUNT_UNKNOWN,
    ApiError,
)
from fortnox.sandbox.fortnox.invoice_header import FIELDS
from fortnox.sandbox.fortnox.invoices import create, found, shown, sums
from fortnox.sandbox.fortnox.ledger import Posting, open_year, post, predefined
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json, to_ore

_CASH_ACCOUNTS = {"CASH": "CASH", "CARD": "CASHBYCARD", "AG": "AG", "": "CASH"}
_CREDITED_ROW = (
    "AccountNumber",
    "ArticleNumber",
    "CostCenter",
    "Description",
    "Discount",
    "DiscountType",
    "Price",
    "Project",
    "Unit",
    "VAT",
    "VATCode",
)
_NOT_COPIED = (
    "CreditInvoiceReference",
    "DocumentNumber",
    "DueDate",
    "InvoiceDate",
    "InvoiceRows",
    "OCR",
    "OutboundDate",
)


def postings(store: Store, data: Json) -> list[Posting]:
    """The voucher of an invoice in SEK: receivable (or cash), sales, VAT and rounding.

    What currency conversion leaves goes to the largest sales posting, so that VAT stays exact.

    Raises:
        ApiError: An amount stands on a row without account.
    """
    result = sums(store, data, open_year(store, data["InvoiceDate"]))
    rate = Decimal(data["CurrencyRate"]) / Decimal(data["CurrencyUnit"])

    def sek(ore: int) -> int:
        return half_up(Decimal(ore) * rate)

    is_cash = data["InvoiceType"] == "CASHINVOICE"
    debit = predefined(store, _CASH_ACCOUNTS[data["PaymentWay"]] if is_cash else "CUSTCLAIM")
    net = {account: -sek(ore) for account, ore in result.net_by_account.items() if ore}
    if 0 in net:
        raise ApiError(ROW_ACCOUNT_UNKNOWN)
    other: dict[int, int] = defaultdict(int)
    other[debit] += sek(result.total_ore)
    for account, ore in result.vat_by_account.items():
        other[account] -= sek(ore)
    if result.round_off_ore:
        other[predefined(store, "ROUNDOFF")] -= sek(result.round_off_ore)
    rest = sum(net.values()) + sum(other.values())
    if rest:
        largest = max(net, key=lambda account: (abs(net[account]), -account))
        net[largest] -= rest
    first = Posting(debit, other.pop(debit))
    return [
        first,
        *(Posting(a, o) for a, o in net.items()),
        *(Posting(a, o) for a, o in other.items()),
    ]


def _bookkeep(call: Call) -> Answer:
    store, data = call.store, found(call)
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["Booked"]:
        raise ApiError(ALREADY_BOOKED)
    if data["NotCompleted"]:
        raise ApiError(NOT_COMPLETED)
    is_cash = data["InvoiceType"] == "CASHINVOICE"
    kind = "Kontantfaktura" if is_cash else "Kundfaktura"
    voucher = post(
        store,
        day=data["InvoiceDate"],
        series="B",
        text=f"{kind} {data['CustomerName']} ({data['DocumentNumber']})",
        postings=postings(store, data),
        reference_type="CASHINVOICE" if is_cash else "INVOICE",
        reference_number=data["DocumentNumber"],
    )
    # A cash invoice is paid when it is booked, and nothing is owed on a zero total.
    settled = is_cash or to_ore(data["Total"]) == 0
    booked = {
        **data,
        "Booked": True,
        "Balance": 0 if settled else data["Balance"],
        "FinalPayDate": data["InvoiceDate"] if settled else None,
        "VoucherNumber": voucher["VoucherNumber"],
        "VoucherSeries": voucher["VoucherSeries"],
        "VoucherYear": voucher["Year"],
    }
    return _kept(call, booked)


def _cancel(call: Call) -> Answer:
    data = found(call)
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["Booked"]:
        raise ApiError(LOCKED_CANT_CANCEL)
    return _kept(call, {**data, "Cancelled": True, "Balance": 0})


def _credit(call: Call) -> Answer:
    """Make an unbooked credit invoice dated today; the answer is by switch."""
    data = found(call)
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["CreditInvoiceReference"] != "0":
        raise ApiError(ALREADY_CREDITED)
    copied = {k: v for k, v in data.items() if k in FIELDS and k not in _NOT_COPIED and v != ""}
    rows = [
        {
            **{k: row[k] for k in _CREDITED_ROW if row[k] not in ("", None)},
            "DeliveredQuantity": str(-Decimal(row["DeliveredQuantity"])),
        }
        for row in data["InvoiceRows"]
    ]
    copied["Freight"] = -Decimal(data["Freight"])
    copied["AdministrationFee"] = -Decimal(data["AdministrationFee"])
    new = create(call.store, {**copied, "InvoiceRows": rows})
    new = {**new, "Credit": "true", "CreditInvoiceReference": data["DocumentNumber"]}
    call.store.table("invoices").put(new["DocumentNumber"], new)
    original = {**data, "CreditInvoiceReference": new["DocumentNumber"]}
    answer = _kept(call, original)
    if call.store.switches.credit_answer == "new":
        return Answer(body={"Invoice": shown(call, new)})
    return answer


def _email(call: Call) -> Answer:
    data = found(call)
    if not data["EmailInformation"]["EmailAddressTo"]:
        raise ApiError(NO_EMAIL_ADDRESS)
    return _kept(call, {**data, "Sent": True})


def _external_print(call: Call) -> Answer:
    return _kept(call, {**found(call), "Sent": True})


def _kept(call: Call, data: Json) -> Answer:
    call.store.table("invoices").put(data["DocumentNumber"], data)
    return Answer(body={"Invoice": shown(call, data)})


ROUTES = (
    Route("PUT", "invoices/{number}/bookkeep", "invoice", _bookkeep),
    Route("PUT", "invoices/{number}/cancel", "invoice", _cancel),
    Route("PUT", "invoices/{number}/credit", "invoice", _credit),
    Route("PUT", "invoices/{number}/externalprint", "invoice", _external_print),
    Route("GET", "invoices/{number}/email", "invoice", _email),
)
