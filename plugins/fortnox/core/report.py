"""The reconciliation report: one value of ints and strings, pushed to XCom and shown everywhere.

Schema ``fortnox.reconciliation/1``; every field is described in docs/report.md. Small by design
(lists are cut at 50, at most 50 kB): the rows of all orders are in detail pages beside it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fortnox.core.currency import BOOKS
from fortnox.core.documents import Held
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.reconcile import OrderRow, OrdersLevel, State
from fortnox.core.reconcile_ledger import LedgerLevel
from fortnox.core.references import is_refund
from fortnox.core.report_bridge import BridgeSource, make_bridge, order_parts
from fortnox.core.window import Window

SCHEMA = "fortnox.reconciliation/1"
PAGE_ROWS = 500
LISTED_ROWS = 50

#: A report as it travels: JSON types only, amounts in öre as ints.
Summary = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the run did, for the report; counts are documents and requests."""

    created: int = 0
    booked: int = 0
    paid: int = 0
    unchanged: int = 0
    reads: int = 0
    writes: int = 0
    forecast: int = 0
    seconds: int = 0
    steps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that reconcile found; ``broken`` names what kept it from a full proof."""

    orders: OrdersLevel
    ledger: LedgerLevel | None
    held: Sequence[Held]
    account_names: Mapping[int, str] = field(default_factory=dict)
    broken: Sequence[str] = ()
    notes: Sequence[str] = ()
    bridge: BridgeSource = field(default_factory=BridgeSource)


def make_report(
    findings: Findings,
    *,
    shop: ShopRow,
    window: Window,
    company_name: str,
    made_at: datetime,
    work: Work,
) -> Summary:
    """Assemble the summary. Verdict: not_delivered, differs, held or reconciled, worst first."""
    totals = _totals(findings)
    currencies = _currencies(findings.orders)
    differences = _differences(findings)
    verdict = _verdict(findings, totals, [*differences, *_uneven(currencies)])
    counts = _counts(findings, work)
    return {
        "schema": SCHEMA,
        "verdict": verdict,
        "headline": _headline(verdict, counts, totals, findings),
        "company": {
            "organisation_number": shop.organisation_number,
            "name": company_name,
            "fortnox_conn_id": shop.fortnox_conn_id,
        },
        "shop": {
            "key": shop.shop,
            "name": shop.name,
            "shop_conn_id": shop.shop_conn_id,
            "language": shop.language,
        },
        "window": dict(window.to_dict()),
        "made_at": made_at.isoformat(timespec="seconds"),
        "currency": BOOKS,
        "counts": counts,
        "totals_ore": totals,
        "currencies": currencies,
        "bridge": make_bridge([order_parts(row, findings.bridge) for row in findings.orders.rows]),
        "vat": _vat(findings.ledger),
        "accounts": _accounts(findings),
        "differences": differences[:LISTED_ROWS],
        "held": [_held(item) for item in _by_money(findings.held)][:LISTED_ROWS],
        "steps": [{"step": step, "state": state} for step, state in work.steps.items()],
        "requests": {
            "reads": work.reads,
            "writes": work.writes,
            "forecast": work.forecast,
            "seconds": work.seconds,
        },
        "notes": [
            *findings.broken,
            *findings.notes,
            *_start_notes(findings.orders, shop),
        ],
        "details": {
            "rows": len(findings.orders.rows),
            "pages": -(-len(findings.orders.rows) // PAGE_ROWS),
            "page_rows": PAGE_ROWS,
        },
    }


def detail_pages(
    orders: OrdersLevel, bridge: BridgeSource | None = None
) -> list[list[dict[str, Any]]]:
    """All rows in pages of 500, worst first; each is ready to serve as JSON."""
    source = bridge or BridgeSource()
    rank = {state: number for number, state in enumerate(_WORST_FIRST)}
    rows = sorted(orders.rows, key=lambda row: (rank[row.state], -abs(row.difference_ore)))
    plain = [{**_detail(row), "parts": _parts(row, source)} for row in rows]
    return [plain[start : start + PAGE_ROWS] for start in range(0, len(plain), PAGE_ROWS)]


_WORST_FIRST = (State.DIFFERS, State.MISSING, State.HELD, State.UNBOOKED, State.BOOKED)


def _totals(findings: Findings) -> dict[str, int | None]:
    """Sums of what was sold in SEK; other currencies have sums of their own, never mixed in."""
    rows = [row for row in findings.orders.rows if row.currency == BOOKS]
    ledger = None
    if findings.ledger is not None:
        foreign = {
            row.document.document_number
            for row in findings.orders.rows
            if row.document and row.currency != BOOKS
        }
        gross = findings.ledger.gross_ore
        ledger = sum(ore for number, ore in gross.items() if number not in foreign)
    return {**_sums(rows), "ledger": ledger}


def _sums(rows: Sequence[OrderRow]) -> dict[str, int | None]:
    """Documents + held - shop = difference, of rows in one currency."""
    shop = sum(row.shop_ore for row in rows)
    held = sum(row.shop_ore for row in rows if row.state is State.HELD and not row.document)
    documents = sum(row.document_ore or 0 for row in rows)
    return {
        "shop": shop,
        "documents": documents,
        "held": held,
        "difference": documents + held - shop,
    }


def _currencies(orders: OrdersLevel) -> list[dict[str, Any]]:
    """The same sums for each other currency, in its own unit, and what the books hold in SEK."""
    found = []
    for currency in sorted({row.currency for row in orders.rows} - {BOOKS}):
        rows = [row for row in orders.rows if row.currency == currency]
        booked = [row.booked_sek_ore for row in rows if row.booked_sek_ore is not None]
        sums = {f"{name}_ore": ore for name, ore in _sums(rows).items()}
        found.append(
            {
                "currency": currency,
                "orders": len(rows),
                **sums,
                "booked_sek_ore": sum(booked) if booked else None,
            }
        )
    return found


def _uneven(currencies: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in currencies if row["difference_ore"]]


def _counts(findings: Findings, work: Work) -> dict[str, int]:
    rows = findings.orders.rows
    states = Counter(row.state for row in rows)
    return {
        "orders": sum(
            1 for row in rows if not is_refund(row.reference) and (row.shop_ore or not row.document)
        ),
        "documents": sum(1 for row in rows if row.document_ore is not None),
        "held": len(findings.held),
        "held_orders": states[State.HELD],
        "missing": states[State.MISSING],
        "created": work.created,
        "booked": work.booked,
        "unchanged": work.unchanged,
        "not_due": findings.orders.not_due,
        "paid": work.paid,
        "refunds": sum(1 for row in rows if is_refund(row.reference)),
    }


def _differences(findings: Findings) -> list[dict[str, Any]]:
    rows = [
        {
            "order_id": row.order_id,
            "order_number": row.order_number,
            "reference": row.reference,
            "document_number": row.document.document_number if row.document else None,
            "currency": row.currency,
            "shop_ore": row.shop_ore,
            "document_ore": row.document_ore,
            "difference_ore": row.difference_ore,
            "cause": row.reason,
            "remedy": row.remedy,
        }
        for row in findings.orders.rows
        if row.state in (State.DIFFERS, State.MISSING)
    ]
    rows.extend(
        {
            "order_id": finding.invoice.order_id,
            "order_number": finding.invoice.order_number,
            "reference": finding.invoice.reference,
            "document_number": finding.document.document_number,
            "currency": finding.invoice.currency,
            "shop_ore": finding.invoice.total_ore,
            "document_ore": finding.document.total_ore,
            "difference_ore": finding.difference_ore,
            "cause": finding.cause,
            "remedy": "See the voucher in Fortnox; correct it with a reversing voucher.",
        }
        for finding in (findings.ledger.findings if findings.ledger else ())
    )
    return sorted(rows, key=lambda row: (-abs(row["difference_ore"]), row["order_id"]))


def _verdict(
    findings: Findings, totals: Mapping[str, int | None], differences: Sequence[object]
) -> str:
    if findings.broken:
        return "not_delivered"
    if differences or totals["difference"]:
        return "differs"
    return "held" if findings.held else "reconciled"


def _headline(
    verdict: str,
    counts: Mapping[str, int],
    totals: Mapping[str, int | None],
    findings: Findings,
) -> str:
    difference = f"{format_ore(totals['difference'] or 0)} {BOOKS}"
    if verdict == "not_delivered":
        return f"Not proven: {findings.broken[0]}"
    if verdict == "differs":
        return f"Differs by {difference}"
    if verdict == "held":
        return f"Reconciled, {counts['held']} held, difference {difference}"
    return f"Reconciled, difference {difference}"


def _vat(ledger: LedgerLevel | None) -> list[dict[str, Any]]:
    return [
        {
            "country": row.rate.country,
            "rate_pct": f"{row.rate.rate_pct.normalize():f}",
            "shop_ore": row.shop_ore,
            "ledger_ore": row.ledger_ore,
            "rounding_ore": row.ledger_ore - row.shop_ore,
        }
        for row in (ledger.vat if ledger else ())
    ]


def _accounts(findings: Findings) -> list[dict[str, Any]]:
    return [
        {
            "account": row.account,
            "name": findings.account_names.get(row.account, ""),
            "expected_ore": row.expected_ore,
            "ledger_ore": row.ledger_ore,
            "difference_ore": row.ledger_ore - row.expected_ore,
        }
        for row in (findings.ledger.accounts if findings.ledger else ())
    ]


def _by_money(held: Iterable[Held]) -> list[Held]:
    return sorted(held, key=lambda item: (-abs(item.amount_ore), item.order_id))


def _start_notes(orders: OrdersLevel, shop: ShopRow) -> Iterable[str]:
    """A day before the cut-over proves nothing, and must not look as if it did."""
    if orders.before_start:
        yield (
            f"{orders.before_start} sales of this day lie before start_date {shop.start_date} of "
            "shops.csv: they are another system's, and not proven here."
        )


def _held(item: Held) -> dict[str, Any]:
    return {
        "order_id": item.order_id,
        "order_number": item.order_number,
        "kind": item.kind,
        "amount_ore": item.amount_ore,
        "currency": item.currency,
        "code": item.code,
        "reason": item.reason,
        "remedy": item.remedy,
    }


def _parts(row: OrderRow, source: BridgeSource) -> list[dict[str, Any]]:
    """What the order adds to the bridge's lines and to the accounts."""
    return [{"key": key, "amount_ore": ore} for key, ore in order_parts(row, source).items()]


def _detail(row: OrderRow) -> dict[str, Any]:
    document = row.document
    voucher = None
    if document and document.voucher_number is not None:
        voucher = f"{document.voucher_series} {document.voucher_number}"
    return {
        "order_id": row.order_id,
        "order_number": row.order_number,
        "reference": row.reference,
        "state": row.state.value,
        "currency": row.currency,
        "shop_ore": row.shop_ore,
        "document_number": document.document_number if document else None,
        "document_ore": row.document_ore,
        "voucher": voucher,
        "difference_ore": row.difference_ore,
        "booked_sek_ore": row.booked_sek_ore,
        "market": row.market,
        "reason": row.reason,
        "remedy": row.remedy,
    }
