"""The mapping files of a case's company: its chart by role, its document per payment method."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.acceptance.case_orders import PAYMENT_METHODS
from tests.support.builders import mapping_files, mappings

from fortnox.core.mapping import (
    ROW_TYPES,
    AccountRow,
    CurrencyRateRow,
    DocumentTypeRow,
    Mappings,
    ShopRow,
    UntaxedAmountRow,
    parse_mappings,
)
from fortnox.core.mapping.base import MappingRow

Case = Mapping[str, Any]

#: First word of a role -> kinds of lines that the company books on that account.
_KINDS = {
    "sales": ("goods", "service"),
    "freight": ("shipping",),
    "fee": ("fee",),
    "discount": ("discount",),
}
#: Words of a role -> market of accounts.csv.
_MARKETS = {"export": "EXPORT", "eu_b2b": "EU_BUSINESS"}
_MONEY_ROLES = ("clearing", "bank")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPlan:
    """What the company's document_types.csv says for a case."""

    document_type: str = "invoice"
    is_paid: bool = False


def mappings_of(case: Case, plan: DocumentPlan) -> Mappings:
    """The standard set, and before it what the case's company has of its own."""
    files = {
        **mapping_files(),
        "document_types.csv": _table(DocumentTypeRow, _document_types(case, plan)).encode(),
    }
    accounts = _account_rows(case)
    if accounts:
        files["accounts.csv"] += _lines(AccountRow, accounts).encode()
    files["untaxed_amounts.csv"] += _lines(UntaxedAmountRow, _single_purpose_cards(case)).encode()
    files["shops.csv"] = _table(ShopRow, [_shop_cells(case)]).encode()
    files.update(_evidence(case))
    files.update(_rates(case))
    parsed = parse_mappings(files)
    parsed.raise_for_errors()
    return parsed.mappings


def _shop_cells(case: Case) -> dict[str, object]:
    """The demo shop's row; settings of a later version only where this version has the column."""
    (text,) = [
        dict(row)
        for row in csv.DictReader(
            line
            for line in mapping_files()["shops.csv"].decode().splitlines()
            if not line.startswith("#")
        )
    ]
    wanted = {
        "refund_amount_only": "split",
        "advances": "strict" if case["document"].startswith("advance") else "",
        "advances_account": next(
            (row["account"] for row in case["expected_postings"] if row["role"] == "advance"), ""
        ),
        "cash_method": "tested" if case["order"].get("accounting_method") == "CASH" else "",
        "currency_rate": "csv" if _is_paid_later(case) else "shop",
        "set_off_account": "1686",
        **case["order"].get("shop_settings", {}),
    }
    known = ShopRow.columns()
    return {**text, **{name: value for name, value in wanted.items() if name in known}}


def _document_types(case: Case, plan: DocumentPlan) -> list[dict[str, object]]:
    """One row for all methods; a day voucher's methods each say where their money is."""
    row = _document_type(case, plan)
    if plan.document_type != "day_voucher":
        return [row]
    methods = {entry["pay"] for entry in case["order"]["day_orders"]}
    return [
        {
            **row,
            "payment_method": PAYMENT_METHODS.get(method, method),
            "payment_account": _account_of_method(case, method),
            "voucher_group": "day",
        }
        for method in sorted(methods)
    ]


def _account_of_method(case: Case, method: str) -> int:
    """``clearing.card`` and ``bank.swish`` name the method whose money they are."""
    for posting in case["expected_postings"]:
        words = posting["role"].split(" ")[0].split(".")
        if words[0] in _MONEY_ROLES and words[1:] == [method]:
            return int(posting["account"])
    return _money_account(case)


def _document_type(case: Case, plan: DocumentPlan) -> dict[str, object]:
    is_invoiced = case["order"]["payment_method"] == "invoice_30d"
    cells: dict[str, object] = {
        "shop": "*",
        "payment_method": "*",
        "document_type": plan.document_type,
        "document_date": "delivered" if is_invoiced or _is_paid_later(case) else "paid",
        "bookkeep": "yes",
        "terms_of_payment": "30" if is_invoiced else "0",
    }
    if plan.is_paid:
        cells |= {"payment": "book", "payment_account": _money_account(case)}
    if plan.document_type == "cash_invoice":
        cells["payment_way"] = "CARD"
    return cells


def _money_account(case: Case) -> int:
    """Where the case's money arrives; its clearing account by default."""
    for posting in case["expected_postings"]:
        if posting["role"].startswith(_MONEY_ROLES):
            return int(posting["account"])
    return 1686


def _account_rows(case: Case) -> list[dict[str, object]]:
    """accounts.csv by role, where the standard set has another account or none."""
    day = date.fromisoformat(case["order"]["order_date"])
    vat_accounts = {
        posting["role"].removeprefix("vat."): int(posting["account"])
        for posting in case["expected_postings"]
        if posting["role"].startswith("vat.")
    }
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for posting in case["expected_postings"]:
        words = posting["role"].split(" ")[0].split(".")
        for kind, market, rate in _uses(words):
            standard = mappings().account("demo", kind, (market,), rate, day)
            if standard is not None and standard.sales_account == int(posting["account"]):
                continue
            country = f"oss.{market}.{rate:f}"
            rows[kind, market, rate] = {
                "shop": "demo",
                "kind": kind,
                "market": market,
                "vat_rate_pct": f"{rate:f}",
                "sales_account": posting["account"],
                "vat_account": vat_accounts.get(country, vat_accounts.get(f"{rate:f}", "")),
            }
    return list(rows.values())


def _uses(words: list[str]) -> list[tuple[str, str, Decimal]]:
    """``sales.goods.oss.DE.19`` -> goods, DE, 19 %; ``freight.6`` -> shipping, SE, 6 %."""
    kinds = _KINDS.get(words[0], ())
    if not kinds:
        return []
    if words[0] == "sales":
        kinds, words = (words[1],), words[1:]
    rest = words[1:]
    if rest[:1] == ["oss"]:
        rate = Decimal(".".join(rest[2:]))
        return [(kind, rest[1], rate) for kind in kinds]
    if len(rest) == 1 and rest[0] in _MARKETS:
        return [(kind, _MARKETS[rest[0]], Decimal(0)) for kind in kinds]
    if rest and rest[0].replace(".", "").isdigit():
        return [(kind, "SE", Decimal(".".join(rest))) for kind in kinds]
    return []


def _single_purpose_cards(case: Case) -> list[dict[str, object]]:
    return [
        {
            "shop": "*",
            "found_in": "fee_name",
            "text": row["name"],
            "meaning": "gift_card",
            "vat_rate_pct": row["vat_rate"],
        }
        for row in case["order"].get("lines", ())
        if row["kind"] == "gift_card_spv"
    ]


def _is_paid_later(case: Case) -> bool:
    """Paid at another rate than the sale's: that takes another day."""
    return "payment_rate" in case["order"]


def _rates(case: Case) -> dict[str, bytes]:
    """The rate of the sale's day and that of the day after, when it is paid."""
    order = case["order"]
    if not _is_paid_later(case):
        return {}
    sold_on = date.fromisoformat(order["order_date"])
    rates = {
        sold_on: order["currency_rate"],
        sold_on + timedelta(days=1): order["payment_rate"],
    }
    rows: list[dict[str, object]] = [
        {"shop": "*", "date": day, "currency": order["currency"], "rate": rate}
        for day, rate in rates.items()
    ]
    return {"currency_rates.csv": _table(CurrencyRateRow, rows).encode()}


def _evidence(case: Case) -> dict[str, bytes]:
    """What VIES answered on the day, where this version reads it."""
    order = case["order"]
    row_type = ROW_TYPES.get("vat_evidence.csv")
    if row_type is None or not order.get("vat_number"):
        return {}
    cells = {
        "shop": "*",
        "vat_number": order["vat_number"],
        "checked_at": order["order_date"],
        "result": "valid" if order.get("vies_valid") else "invalid",
        "consultation_number": "WAPIAAAA1",
    }
    return {"vat_evidence.csv": _table(row_type, [cells]).encode()}


def _table(row_type: type[MappingRow], rows: list[dict[str, object]]) -> str:
    columns = list(row_type.columns())
    return ",".join(columns) + "\n" + _lines(row_type, rows)


def _lines(row_type: type[MappingRow], rows: list[dict[str, object]]) -> str:
    """Rows as a file of this type has them; columns that this version lacks are left out."""
    out = io.StringIO()
    columns = list(row_type.columns())
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writerows(rows)
    return out.getvalue()
