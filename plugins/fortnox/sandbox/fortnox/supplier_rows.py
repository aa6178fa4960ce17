"""Rows of a supplier invoice: debt, VAT, fees and cost, balanced to the öre.

A caller may send all rows or none: what ``Total``, ``VAT``, ``Freight``, ``AdministrationFee`` and
``RoundOffValue`` imply is filled in, and the rest is cost on the supplier's account, else PURCASE
[inferred: the codes are in the OpenAPI document, the filling in is what people see in Fortnox].
Amounts are öre of the company's currency, debit positive.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox.documents import half_up
from fortnox.sandbox.fortnox.errors import BAD_STRUCTURE, BAD_VALUE, ApiError
from fortnox.sandbox.fortnox.fields import Field, present, read, texts
from fortnox.sandbox.fortnox.ledger import Posting, account_of, predefined, year_of
from fortnox.sandbox.fortnox.register_errors import SUPPLIER_INVOICE_UNBALANCED
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json, kronor, number, to_ore

_CODES = (
    *("TOT", "VAT", "FRT", "AFE", "ROV", "CND", "CNC", "PRD", "PRC", "SRD", "SRC", "PRE"),
    *("GWB", "ACC"),
)
_AMOUNTS = ("Credit", "CreditCurrency", "Debit", "DebitCurrency", "Price", "Total")
_FIELDS = {
    "Account": Field("int"),
    "Code": Field("text", choices=_CODES),
    "Quantity": Field("int"),
    "TransactionInformation": Field("text", 100),
    **dict.fromkeys(_AMOUNTS, Field("number")),
    **texts("AccountDescription", "ArticleNumber", "CostCenter", "ItemDescription", "Project"),
    **texts("StockLocationCode", "StockPointCode", "Unit"),
}
_BLANKS: Json = {
    "Account": 0,
    "ArticleNumber": "",
    "Code": "",
    "CostCenter": "",
    "AccountDescription": "",
    "ItemDescription": "",
    "Debit": 0,
    "DebitCurrency": 0,
    "Credit": 0,
    "CreditCurrency": 0,
    "Project": "",
    "TransactionInformation": "",
    "Price": 0,
    "Quantity": 0,
    "Total": 0,
    "Unit": "",
    "StockPointCode": "",
    "StockLocationCode": "",
}
#: Header field -> row code and predefined account, debit.
_FEES = (
    ("VAT", "VAT", "INVAT"),
    ("Freight", "FRT", "SUPFREIGHT"),
    ("AdministrationFee", "AFE", "SUPADMFEE"),
    ("RoundOffValue", "ROV", "ROUNDOFF"),
)
_MAX_ROWS = 500


def rate_of(data: Json) -> Decimal:
    """Company currency per unit of the invoice's currency."""
    return Decimal(data["CurrencyRate"]) / Decimal(data["CurrencyUnit"])


def row_ore(row: Json) -> int:
    """Amount of a row in öre, debit positive."""
    return to_ore(row["Debit"]) - to_ore(row["Credit"])


def complete_rows(store: Store, data: Json, sent: list[Any], cost_account: int) -> list[Json]:
    """All rows of an invoice: those that were sent, and those that its header implies.

    Args:
        store: The company.
        data: The header; amounts are text in the invoice's currency.
        sent: Rows of the request.
        cost_account: Where the cost goes when no row says it.

    Raises:
        ApiError: A row does not fit, or the sum is not 0 (2000755).
    """
    if len(sent) > _MAX_ROWS:
        raise ApiError(BAD_VALUE, name="SupplierInvoiceRows")
    year = year_of(store, data["InvoiceDate"]) or {"Id": 0}
    rate = rate_of(data)

    def made(account: int, code: str, ore: int) -> Json:
        found = account_of(store, int(year["Id"]), account)
        return _row(account, str((found or {"Description": ""})["Description"]), code, ore, rate)

    rows = [_read(row, made) for row in sent]
    codes = {row["Code"] for row in rows}
    has_cost = any(row["Code"] not in {"TOT", *(code for _, code, _ in _FEES)} for row in rows)
    debt_ore = -half_up(to_ore(data["Total"]) * rate)
    debt = [] if "TOT" in codes else [made(predefined(store, "SUPDEBT"), "TOT", debt_ore)]
    fees = [
        made(predefined(store, purpose), code, half_up(to_ore(data[field]) * rate))
        for field, code, purpose in _FEES
        if code not in codes and to_ore(data[field])
    ]
    rows = [*debt, *fees, *rows]
    rest = -sum(row_ore(row) for row in rows)
    if rest and not has_cost:
        rows.append(made(cost_account, "PRE", rest))
        rest = 0
    if rest:
        raise ApiError(SUPPLIER_INVOICE_UNBALANCED)
    return rows


def header_amounts(data: Json, sent: list[Any], rows: list[Json]) -> Json:
    """``Total`` and ``VAT`` in the invoice's currency, where the request said them by a row."""
    said = {row.get("Code") for row in sent}
    rate = rate_of(data)
    return {
        field: str(kronor(half_up(Decimal(sign * _of_code(rows, code)) / rate)))
        for field, code, sign in (("Total", "TOT", -1), ("VAT", "VAT", 1))
        if code in said
    }


def _of_code(rows: list[Json], code: str) -> int:
    return sum(row_ore(row) for row in rows if row["Code"] == code)


def postings(rows: list[Json]) -> list[Posting]:
    """The voucher's rows."""
    return [
        Posting(
            int(row["Account"]),
            row_ore(row),
            text=row["TransactionInformation"],
            cost_center=row["CostCenter"],
            project=row["Project"],
        )
        for row in rows
    ]


def turned(rows: list[Json]) -> list[Json]:
    """The same rows with debit and credit exchanged, for a credit invoice."""
    return [
        {
            **row,
            "Debit": row["Credit"],
            "DebitCurrency": row["CreditCurrency"],
            "Credit": row["Debit"],
            "CreditCurrency": row["DebitCurrency"],
        }
        for row in rows
    ]


def _read(row: object, made: Callable[[int, str, int], Json]) -> Json:
    if not isinstance(row, dict):
        raise ApiError(BAD_STRUCTURE)
    sent = present(read(_FIELDS, row))
    sent.pop("AccountDescription", None)
    ore = to_ore(sent.pop("Debit", 0)) - to_ore(sent.pop("Credit", 0))
    data = made(sent.get("Account", 0), sent.get("Code", ""), ore)
    for name in ("Price", "Total"):
        if name in sent:
            sent[name] = number(sent[name])
    kept = {k: v for k, v in sent.items() if k not in ("CreditCurrency", "DebitCurrency")}
    return {**data, **kept}


def _row(account: int, account_name: str, code: str, ore: int, rate: Decimal) -> Json:
    side = "Debit" if ore >= 0 else "Credit"
    return {
        **_BLANKS,
        "Account": account,
        "AccountDescription": account_name,
        "Code": code,
        side: kronor(abs(ore)),
        f"{side}Currency": kronor(half_up(Decimal(abs(ore)) / rate)),
    }
