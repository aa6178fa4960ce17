"""Creating and changing an invoice, an order or an offer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox import document_header as header
from fortnox.sandbox.fortnox.document_kinds import RULES, Kind
from fortnox.sandbox.fortnox.document_rows import read_rows, resolve_rows
from fortnox.sandbox.fortnox.document_sums import calculated
from fortnox.sandbox.fortnox.documents import ocr
from fortnox.sandbox.fortnox.errors import (
    BAD_VALUE,
    CUSTOMER_INACTIVE,
    CUSTOMER_UNKNOWN,
    DOCUMENT_NUMBER_TAKEN,
    NO_ROWS,
    NOT_NUMERIC,
    REFERENCE_NOT_ALLOWED,
    ROWS_FROM_ORDER,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import created, present, read, updated
from fortnox.sandbox.fortnox.invoice_header import due_date
from fortnox.sandbox.fortnox.ledger import open_year, year_of
from fortnox.sandbox.fortnox.routing import Call
from fortnox.sandbox.fortnox.row_sources import Context
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json

_SWITCHES_KEPT = ("vat_rounding", "krona_rounding")


def read_body(call: Call, kind: Kind) -> Json:
    """The request's values, all checked; rows and labels only when they were sent.

    Raises:
        ApiError: A field that does not exist or does not fit.
    """
    sent = read(kind.fields, call.envelope(kind.single))
    for name, rules in kind.parts.items():
        if sent.get(name):
            sent[name] = read(rules, sent[name])
    if sent.get("Labels"):
        sent["Labels"] = [read(header.LABEL_FIELDS, label) for label in sent["Labels"]]
    if sent.get(kind.rows):
        sent[kind.rows] = read_rows(kind.row_fields, sent[kind.rows])
    return sent


def create(
    store: Store, kind: Kind, sent: Mapping[str, Any], references: Json | None = None
) -> Json:
    """Make a document; an invoice is not booked by it.

    Args:
        store: The company.
        kind: What to make.
        sent: Checked values of header and rows.
        references: Read-only fields that name the documents that it was made from.

    Raises:
        ApiError: Fortnox would refuse it.
    """
    customer = _customer(store, sent.get("CustomerNumber"))
    if sent.get("CreditInvoiceReference") and store.switches.credit_reference_on_post == "refuse":
        raise ApiError(REFERENCE_NOT_ALLOWED)
    blank = kind.defaults(store)
    base = {**blank, **header.from_customer(customer, blank, kind.email), **(references or {})}
    rows = sent.get(kind.rows) or []
    named = present({k: v for k, v in sent.items() if k != kind.rows})
    data = _with_parts(kind, created(base, named), base, named)
    # A first document without any financial year fails as a server error in Fortnox.
    year_id = _year(store, kind, data, status=500)
    header.check(store, data, named)
    data["CurrencyRate"], data["CurrencyUnit"] = header.currency_rate(store, data, named)
    data[RULES] = {
        **{name: getattr(store.switches, name) for name in _SWITCHES_KEPT},
        "vat_type": customer["VATType"],
    }
    data[kind.rows] = resolve_rows(_context(store, kind, year_id, customer, data), rows, [])
    data = calculated(store, kind, data, year_id)
    data["DocumentNumber"] = _number(store, kind, data["DocumentNumber"])
    if kind.is_ledger_document:
        data["DueDate"] = named.get("DueDate") or _due(data)
        data["OCR"] = data["OCR"] or ocr(data["DocumentNumber"])
    return store.table(kind.path).put(data["DocumentNumber"], data)


def change(store: Store, kind: Kind, current: Json, sent: Mapping[str, Any]) -> Json:
    """Change a document by what was sent; all else stays.

    Raises:
        ApiError: Fortnox would refuse it; nothing is changed then.
    """
    if sent.get("DocumentNumber") not in (None, "", current["DocumentNumber"]):
        raise ApiError(BAD_VALUE, name="DocumentNumber")
    rows = sent.get(kind.rows)
    if rows == [] and kind.needs_rows:
        raise ApiError(NO_ROWS)
    if rows is not None and current.get("OrderReference", "0") != "0" and kind.is_ledger_document:
        raise ApiError(ROWS_FROM_ORDER)
    blanks = {**kind.defaults(store), "OCR": ocr(current["DocumentNumber"])}
    header_sent = {k: v for k, v in sent.items() if k != kind.rows}
    data = _with_parts(kind, updated(current, header_sent, blanks), current, header_sent)
    data["DocumentNumber"] = current["DocumentNumber"]
    named = present(header_sent)
    customer = _customer(store, data["CustomerNumber"])
    if named.get("CustomerNumber") and not named.get("CustomerName"):
        data["CustomerName"] = customer["Name"]
    year_id = _year(store, kind, data, status=400)
    header.check(store, data, named)
    if any(name in header_sent for name in ("Currency", "CurrencyRate", "CurrencyUnit")):
        data["CurrencyRate"], data["CurrencyUnit"] = header.currency_rate(store, data, named)
    if kind.is_ledger_document and not named.get("DueDate"):
        data["DueDate"] = _due(data) if _moves_due(named) else data["DueDate"]
    data[RULES] = {**current[RULES], "vat_type": customer["VATType"]}
    old = current[kind.rows]
    if rows is None and _touches_rows(current, data):
        rows = [{"RowId": row["RowId"]} for row in old]
    if rows is not None:
        data[kind.rows] = resolve_rows(_context(store, kind, year_id, customer, data), rows, old)
    data = calculated(store, kind, data, year_id)
    return store.table(kind.path).put(data["DocumentNumber"], data)


def _touches_rows(before: Json, after: Json) -> bool:
    """True when the header changed in a way that the rows' amounts or checks depend on."""
    return any(before[name] != after[name] for name in ("VATIncluded", "TaxReductionType"))


def _moves_due(named: Json) -> bool:
    return bool(named.get("InvoiceDate") or named.get("TermsOfPayment"))


def _due(data: Json) -> str:
    return due_date(data["InvoiceDate"], data["TermsOfPayment"])


def _with_parts(kind: Kind, data: Json, base: Json, sent: Mapping[str, Any]) -> Json:
    """The objects inside the header are partial too."""
    parts = {name: created(base[name], sent[name]) for name in kind.parts if sent.get(name)}
    return {**data, **parts}


def _customer(store: Store, number: object) -> Json:
    key = str(number or "")
    customer = store.table("customers").get(key)
    if customer is None:
        raise ApiError(CUSTOMER_UNKNOWN, number=key)
    if not customer["Active"]:
        raise ApiError(CUSTOMER_INACTIVE)
    return customer


def _year(store: Store, kind: Kind, data: Json, *, status: int) -> int:
    """The year whose chart the rows are read against; orders and offers need none."""
    if kind.is_ledger_document:
        return open_year(store, data[kind.day], status=status)
    year = year_of(store, data[kind.day]) or year_of(store, store.clock.today().isoformat())
    return 0 if year is None else int(year["Id"])


def _context(store: Store, kind: Kind, year_id: int, customer: Json, data: Json) -> Context:
    return Context(
        store=store,
        row_keys=kind.row_keys,
        counted=kind.counted,
        reduction=data["TaxReductionType"],
        year_id=year_id,
        vat_type=customer["VATType"],
        vat_included=data["VATIncluded"],
        default_discount=Decimal(customer["InvoiceDiscount"] or 0),
    )


def _number(store: Store, kind: Kind, chosen: str) -> str:
    """The caller's number, or the next of the series; a chosen one does not move the series."""
    documents = store.table(kind.path)
    if chosen:
        if not chosen.isdecimal():
            raise ApiError(NOT_NUMERIC, value=chosen)
        if chosen not in documents:
            return chosen
        if store.switches.document_number_taken == "refuse":
            raise ApiError(DOCUMENT_NUMBER_TAKEN, number=chosen)
    while True:
        free = str(store.next_number(kind.single.lower()))
        if free not in documents:
            return free
