"""``/3/invoices``: create, read and change documents. Actions and lists have their own modules."""

from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox import invoice_header as header
from fortnox.sandbox.fortnox.chart import RATE_CODES, VAT_CODES, rate_of
from fortnox.sandbox.fortnox.documents import Line, Totals, ocr, totals, vat_of
from fortnox.sandbox.fortnox.errors import (
    ALREADY_BOOKED,
    ALREADY_CANCELLED,
    BAD_VALUE,
    CUSTOMER_INACTIVE,
    CUSTOMER_UNKNOWN,
    DOCUMENT_NUMBER_TAKEN,
    INVOICE_NOT_FOUND,
    REFERENCE_NOT_ALLOWED,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, created, present, read, updated
from fortnox.sandbox.fortnox.invoice_rows import Context, line_of, resolve_rows
from fortnox.sandbox.fortnox.ledger import account_of, open_year, predefined, year_of
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json, kronor, number, to_ore

#: How the document was calculated; kept with it, so that a switch thrown later changes nothing.
RULES = "_rules"

_PARTS = {"EDIInformation": header.EDI_FIELDS, "EmailInformation": header.EMAIL_FIELDS}
_LABEL = {"Id": Field("int"), "Description": Field("text", 25)}


def shown(call: Call, data: Json) -> Json:
    """The document as the wire has it."""
    document = data["DocumentNumber"]
    return {
        "@url": call.url(f"invoices/{document}"),
        "@urlTaxReductionList": call.url(
            f"taxreductions?filter=invoices&referencenumber={document}"
        ),
        **{name: value for name, value in data.items() if name != RULES},
    }


def found(call: Call) -> Json:
    """The invoice in the path.

    Raises:
        ApiError: There is none.
    """
    data = call.store.table("invoices").get(call.args["number"])
    if data is None:
        raise ApiError(INVOICE_NOT_FOUND)
    return data


def _get(call: Call) -> Answer:
    return Answer(body={"Invoice": shown(call, found(call))})


def _create(call: Call) -> Answer:
    data = create(call.store, _read(call))
    return Answer(status=201, body={"Invoice": shown(call, data)}, headers={"Location": "invoices"})


def create(store: Store, sent: dict[str, Any]) -> Json:
    """Make an unbooked invoice.

    Args:
        store: The company.
        sent: Checked values of the header and raw ``InvoiceRows``.

    Raises:
        ApiError: Fortnox would refuse it.
    """
    customer = _customer(store, sent)
    if sent.get("CreditInvoiceReference") and store.switches.credit_reference_on_post == "refuse":
        raise ApiError(REFERENCE_NOT_ALLOWED)
    base = {**header.defaults(store), **header.from_customer(customer)}
    rows_sent = sent.get("InvoiceRows") or []
    sent = present({k: v for k, v in sent.items() if k != "InvoiceRows"})
    data = _with_parts(created(base, sent), base, sent)
    # A first document without any financial year fails as a server error in Fortnox.
    year_id = open_year(store, data["InvoiceDate"], status=500)
    header.check(store, data)
    if not sent.get("DueDate"):
        data["DueDate"] = header.due_date(data["InvoiceDate"], data["TermsOfPayment"])
    data["CurrencyRate"], data["CurrencyUnit"] = header.currency_rate(store, data, sent)
    context = _context(store, year_id, customer, data)
    data["InvoiceRows"] = resolve_rows(context, rows_sent, [])
    data["DocumentNumber"] = _number(store, data["DocumentNumber"])
    data["OCR"] = data["OCR"] or ocr(data["DocumentNumber"])
    data[RULES] = {
        "vat_rounding": store.switches.vat_rounding,
        "krona_rounding": store.switches.krona_rounding,
    }
    data = _calculated(store, data, year_id)
    return store.table("invoices").put(data["DocumentNumber"], data)


def _update(call: Call) -> Answer:
    store, current = call.store, found(call)
    if current["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if current["Booked"]:
        raise ApiError(ALREADY_BOOKED)
    sent = _read(call)
    rows_sent = sent.pop("InvoiceRows", None)
    if not sent["Labels"]:
        del sent["Labels"]
    if sent.get("DocumentNumber") not in (None, "", current["DocumentNumber"]):
        raise ApiError(BAD_VALUE, name="DocumentNumber")
    blanks = {**header.defaults(store), "OCR": ocr(current["DocumentNumber"])}
    data = _with_parts(updated(current, sent, blanks), current, sent)
    data["DocumentNumber"] = current["DocumentNumber"]
    reblanked = "CurrencyUnit" in sent or "CurrencyRate" in sent
    sent = present(sent)
    customer = _customer(store, data)
    if sent.get("CustomerNumber") and not sent.get("CustomerName"):
        data["CustomerName"] = customer["Name"]
    year_id = open_year(store, data["InvoiceDate"])
    header.check(store, data)
    if not sent.get("DueDate") and (sent.get("InvoiceDate") or sent.get("TermsOfPayment")):
        data["DueDate"] = header.due_date(data["InvoiceDate"], data["TermsOfPayment"])
    if sent.get("Currency") or reblanked:
        data["CurrencyRate"], data["CurrencyUnit"] = header.currency_rate(store, data, sent)
    context = _context(store, year_id, customer, data)
    old = current["InvoiceRows"]
    if rows_sent is not None:
        data["InvoiceRows"] = resolve_rows(context, rows_sent, old)
    elif data["VATIncluded"] != current["VATIncluded"]:
        data["InvoiceRows"] = resolve_rows(context, [{"RowId": r["RowId"]} for r in old], old)
    data = _calculated(store, data, year_id)
    store.table("invoices").put(data["DocumentNumber"], data)
    return Answer(body={"Invoice": shown(call, data)})


def _read(call: Call) -> dict[str, Any]:
    sent = read(header.FIELDS, call.envelope("Invoice"))
    for name, rules in _PARTS.items():
        if sent.get(name):
            sent[name] = read(rules, sent[name])
    sent["Labels"] = [read(_LABEL, label) for label in sent.pop("Labels", None) or []]
    return sent


def _with_parts(data: Json, base: Json, sent: dict[str, Any]) -> Json:
    """The objects inside the header are partial too."""
    parts = {name: created(base[name], sent[name]) for name in _PARTS if sent.get(name)}
    return {**data, **parts}


def _customer(store: Store, sent: dict[str, Any]) -> Json:
    key = str(sent.get("CustomerNumber") or "")
    customer = store.table("customers").get(key)
    if customer is None:
        raise ApiError(CUSTOMER_UNKNOWN, number=key)
    if not customer["Active"]:
        raise ApiError(CUSTOMER_INACTIVE)
    return customer


def _context(store: Store, year_id: int, customer: Json, data: Json) -> Context:
    return Context(
        store=store,
        year_id=year_id,
        vat_type=customer["VATType"],
        vat_included=data["VATIncluded"],
        default_discount=Decimal(customer["InvoiceDiscount"] or 0),
    )


def _number(store: Store, chosen: str) -> str:
    """The caller's number, or the next of the series; a chosen one does not move the series."""
    invoices = store.table("invoices")
    if chosen:
        if not chosen.isdecimal():
            raise ApiError(BAD_VALUE, name="DocumentNumber")
        if chosen in invoices:
            raise ApiError(DOCUMENT_NUMBER_TAKEN, number=chosen)
        return str(chosen)
    while True:
        free = str(store.next_number("invoice"))
        if free not in invoices:
            return free


def fee_lines(store: Store, data: Json, year_id: int) -> dict[str, Line]:
    """Freight and administration fee as lines on their predefined accounts."""
    lines = {}
    for name, role in (("Freight", "FREIGHT"), ("AdministrationFee", "ADMFEE")):
        amount_ore = to_ore(data[name] or 0)
        if amount_ore:
            number_ = predefined(store, role)
            account = account_of(store, year_id, number_) or {"VATCode": None}
            rate_pct = rate_of(account["VATCode"] or "")
            lines[name] = Line(
                account=number_,
                rate_pct=rate_pct,
                vat_account=VAT_CODES[RATE_CODES[rate_pct]].account,
                total_ore=amount_ore,
            )
    return lines


def sums(store: Store, data: Json, year_id: int) -> Totals:
    """Totals of a document by the rules that it was made under."""
    lines = [line_of(row) for row in data["InvoiceRows"]]
    lines += fee_lines(store, data, year_id).values()
    return totals(
        [line for line in lines if line.total_ore or line.discount_ore],
        vat_included=data["VATIncluded"],
        vat_rounding=data[RULES]["vat_rounding"],
        krona_rounding=data[RULES]["krona_rounding"],
    )


def _calculated(store: Store, data: Json, year_id: int) -> Json:
    """The document with all its computed fields."""
    result = sums(store, data, year_id)
    fees = fee_lines(store, data, year_id)
    sign = 1 if store.switches.roundoff_sign == "added" else -1
    year = year_of(store, data["InvoiceDate"]) or {}
    is_credit = result.total_ore < 0 or data["CreditInvoiceReference"] != "0"
    computed = {
        "AccountingMethod": year["AccountingMethod"],
        "Balance": kronor(result.total_ore),
        "ContributionPercent": 100 if result.net_ore else 0,
        "ContributionValue": kronor(result.net_ore),
        "Credit": "true" if is_credit else "false",
        "Gross": kronor(result.gross_ore),
        "HouseWork": any(row["HouseWork"] for row in data["InvoiceRows"]),
        "Net": kronor(result.net_ore),
        "RoundOff": kronor(sign * result.round_off_ore),
        "Total": kronor(result.total_ore),
        "TotalToPay": kronor(result.total_ore),
        "TotalVAT": kronor(result.vat_ore),
    }
    for name, vat_name in (
        ("Freight", "FreightVAT"),
        ("AdministrationFee", "AdministrationFeeVAT"),
    ):
        line = fees.get(name)
        vat_ore = (
            0
            if line is None
            else vat_of(line.total_ore, line.rate_pct, vat_included=data["VATIncluded"])
        )
        computed[vat_name] = kronor(vat_ore)
        computed[name] = number(Decimal(data[name] or 0))
    return {**data, **computed}


ROUTES = (
    Route("POST", "invoices", "invoice", _create),
    Route("GET", "invoices/{number}", "invoice", _get),
    Route("PUT", "invoices/{number}", "invoice", _update),
)
