"""Bookkeeping an invoice: the voucher that Fortnox would make of it."""

from collections import defaultdict
from decimal import Decimal

from fortnox.sandbox.fortnox.document_kinds import CLAIM
from fortnox.sandbox.fortnox.document_routes import found, kept
from fortnox.sandbox.fortnox.document_sums import sums
from fortnox.sandbox.fortnox.documents import half_up, largest
from fortnox.sandbox.fortnox.errors import (
    ALREADY_BOOKED,
    ALREADY_CANCELLED,
    NOT_COMPLETED,
    NOT_WAREHOUSE_READY,
    POSTED_WHEN_PAID,
    ROW_ACCOUNT_UNKNOWN,
    ApiError,
)
from fortnox.sandbox.fortnox.invoice_header import INVOICE
from fortnox.sandbox.fortnox.ledger import Posting, open_year, post, predefined, series_of
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json, to_ore

_CASH_ACCOUNTS = {"CASH": "CASH", "CARD": "CASHBYCARD", "AG": "AG", "": "CASH"}


def postings(store: Store, data: Json, *, day: str = "") -> list[Posting]:
    """The voucher of an invoice in SEK: receivable (or cash) first, sales, VAT and rounding.

    What currency conversion leaves goes to the largest sales posting, so that VAT stays exact; a
    document without any sale leaves it on the exchange accounts.

    Args:
        store: The company.
        data: The invoice.
        day: The voucher's; empty: the invoice's.

    Raises:
        ApiError: An amount stands on a row without account.
    """
    result = sums(store, INVOICE, data, open_year(store, day or data["InvoiceDate"]))
    rate = Decimal(data["CurrencyRate"]) / Decimal(data["CurrencyUnit"])

    def sek(ore: int) -> int:
        return half_up(Decimal(ore) * rate)

    net = {place: -sek(ore) for place, ore in result.net.items() if ore}
    if any(not place.account for place in net):
        raise ApiError(ROW_ACCOUNT_UNKNOWN)
    debit = Posting(_debit_account(store, data), sek(result.total_ore))
    other: dict[int, int] = defaultdict(int)
    for account, ore in result.vat_by_account.items():
        other[account] -= sek(ore)
    if result.round_off_ore:
        other[predefined(store, "ROUNDOFF")] -= sek(result.round_off_ore)
    rest = debit.ore + sum(net.values()) + sum(other.values())
    if rest and net:
        net[largest(net)] -= rest
    elif rest:
        other[predefined(store, "CURRENCYWIN" if rest > 0 else "CURRENCYLOSS")] -= rest
    sales = [
        Posting(place.account, ore, cost_center=place.cost_center, project=place.project)
        for place, ore in net.items()
    ]
    return [debit, *sales, *(Posting(account, ore) for account, ore in other.items())]


def _debit_account(store: Store, data: Json) -> int:
    """The receivable, or where the money of a cash invoice went."""
    if data["InvoiceType"] != "CASHINVOICE":
        return predefined(store, "CUSTCLAIM")
    if store.switches.cash_account == "cash":
        return predefined(store, "CASH")
    return predefined(store, _CASH_ACCOUNTS[data["PaymentWay"]])


def _refuse(data: Json) -> None:
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["Booked"]:
        raise ApiError(ALREADY_BOOKED)
    if data["NotCompleted"]:
        raise ApiError(NOT_COMPLETED)
    if not data["WarehouseReady"]:
        raise ApiError(NOT_WAREHOUSE_READY, number=data["DocumentNumber"])


def _bookkeep(call: Call) -> Answer:
    store, data = call.store, found(call, INVOICE)
    _refuse(data)
    if data["AccountingMethod"] == "CASH" and data["InvoiceType"] != "CASHINVOICE":
        if call.store.switches.cash_bookkeep == "refuse":
            raise ApiError(POSTED_WHEN_PAID)
        return kept(call, INVOICE, {**data, "Booked": True})
    is_cash = data["InvoiceType"] == "CASHINVOICE"
    kind = "Kontantfaktura" if is_cash else "Kundfaktura"
    rows = postings(store, data)
    voucher = post(
        store,
        day=data["InvoiceDate"],
        series=series_of(store, "INVOICE"),
        text=f"{kind} {data['CustomerName']} ({data['DocumentNumber']})",
        postings=rows,
        reference_type="CASHINVOICE" if is_cash else "INVOICE",
        reference_number=data["DocumentNumber"],
        cost_center=data["CostCenter"],
        project=data["Project"],
    )
    # A cash invoice is paid when it is booked, and nothing is owed on a zero total.
    settled = is_cash or to_ore(data["Total"]) == 0
    booked = {
        **data,
        CLAIM: 0 if settled else rows[0].ore,
        "Booked": True,
        "Balance": 0 if settled else data["Balance"],
        "FinalPayDate": data["InvoiceDate"] if settled else None,
        "VoucherNumber": voucher["VoucherNumber"],
        "VoucherSeries": voucher["VoucherSeries"],
        "VoucherYear": voucher["Year"],
    }
    return kept(call, INVOICE, booked)


ROUTES = (Route("PUT", "invoices/{number}/bookkeep", "invoice", _bookkeep),)
