"""The report of a payouts run, in the form of the reconciliation report. Pure.

Same schema as :mod:`fortnox.core.report`, read with a payout for an order and its voucher for a
document; ``clearing`` holds the balance of each clearing account. Fields: docs/payouts.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from fortnox.core.documents import Held
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.payout_match import ClearingBalance, Unmatched
from fortnox.core.payout_state import PayoutFindings, PayoutState
from fortnox.core.payout_voucher import HOME_CURRENCY
from fortnox.core.report_frame import (
    LISTED_ROWS,
    SCHEMA,
    Summary,
    Work,
    account_row,
    details_of,
    frame,
    held_row,
    in_pages,
    verdict_of,
    work_done,
)
from fortnox.core.window import Window


def make_payout_report(
    findings: PayoutFindings,
    *,
    shop: ShopRow,
    window: Window,
    company_name: str,
    made_at: datetime,
    work: Work,
) -> Summary:
    """Assemble the summary; the verdict is worst first, as in the orders' report."""
    totals = _totals(findings)
    differences = [*_differences(findings), *_of_clearing(findings)]
    held = [held_row(item) for item in (*findings.held, *map(_unmatched, findings.unmatched))]
    verdict = verdict_of(broken=findings.broken, differences=differences, held=held)
    return {
        "schema": SCHEMA,
        "verdict": verdict,
        "headline": _headline(verdict, findings, totals, len(held)),
        **frame(shop=shop, window=window, company_name=company_name, made_at=made_at),
        "currency": HOME_CURRENCY,
        "counts": _counts(findings, work, len(held)),
        "totals_ore": totals,
        "vat": [],
        "accounts": _accounts(findings),
        "clearing": [_clearing(one) for one in findings.clearing],
        "differences": differences[:LISTED_ROWS],
        "held": sorted(held, key=lambda row: -abs(row["amount_ore"]))[:LISTED_ROWS],
        **work_done(work),
        "notes": [*findings.broken, *findings.notes],
        "details": details_of(len(findings.states)),
    }


def payout_pages(states: Sequence[PayoutState]) -> list[list[dict[str, Any]]]:
    """All payouts in pages, the worst first."""
    rank = ("differs", "missing", "held", "booked")
    return in_pages([_detail(one) for one in sorted(states, key=lambda one: rank.index(one.state))])


def _totals(findings: PayoutFindings) -> dict[str, int | None]:
    paid = sum(one.net_ore for one in findings.states)
    documents = sum(one.booked_ore or 0 for one in findings.states)
    held = sum(one.net_ore for one in findings.states if one.state == "held")
    others = sum(item.amount_ore for item in _held_without_state(findings))
    is_read = all(one.ledger is not None for one in findings.states if one.vouchers)
    return {
        "shop": paid + others,
        "documents": documents,
        "held": held + others,
        "ledger": documents if is_read else None,
        "difference": documents + held - paid,
    }


def _held_without_state(findings: PayoutFindings) -> Iterable[Held]:
    """Held payouts in our currency that never came to a voucher."""
    known = {one.wanted.payout.payout_id for one in findings.states}
    return (
        item
        for item in findings.held
        if item.order_id not in known and item.currency == HOME_CURRENCY
    )


def _counts(findings: PayoutFindings, work: Work, held: int) -> dict[str, int]:
    states = Counter(one.state for one in findings.states)
    others = len({item.order_id for item in _held_without_state(findings)})
    return {
        "orders": len(findings.states) + others,
        "documents": sum(1 for one in findings.states if one.vouchers),
        "held": held,
        "held_orders": states["held"] + others,
        "missing": states["missing"],
        "created": work.created,
        "booked": work.booked,
        "unchanged": work.unchanged,
        "not_due": 0,
        "refunds": 0,
        "unmatched_lines": len(findings.unmatched),
    }


def _headline(
    verdict: str, findings: PayoutFindings, totals: Mapping[str, int | None], held: int
) -> str:
    difference_text = f"{format_ore(totals['difference'] or 0)} {HOME_CURRENCY}"
    if verdict == "not_delivered":
        return f"Not proven: {findings.broken[0]}"
    if verdict == "differs":
        return f"Differs by {difference_text}"
    booked = sum(1 for one in findings.states if one.state == "booked")
    waiting = f", {held} held" if held else ""
    return f"{booked} payouts reconciled{waiting}, difference {difference_text}"


def _differences(findings: PayoutFindings) -> list[dict[str, Any]]:
    return [
        {
            "order_id": one.wanted.payout.payout_id,
            "order_number": one.wanted.payout.payout_id,
            "reference": one.wanted.voucher.mark,
            "document_number": ", ".join(map(str, one.vouchers)) or None,
            "shop_ore": one.net_ore,
            "document_ore": one.booked_ore,
            "difference_ore": (one.booked_ore or 0) - one.net_ore,
            "cause": one.cause,
            "remedy": one.remedy if one.vouchers else "Run again.",
        }
        for one in findings.states
        if one.state in ("differs", "missing")
    ]


def _of_clearing(findings: PayoutFindings) -> Iterable[dict[str, Any]]:
    for one in findings.clearing:
        if one.difference_ore:
            yield {
                "order_id": str(one.account),
                "order_number": str(one.account),
                "reference": "",
                "document_number": None,
                "shop_ore": one.closing_ore,
                "document_ore": one.ledger_ore,
                "difference_ore": one.difference_ore,
                "cause": f"the ledger's balance of account {one.account} is not what the "
                "settlement reports say",
                "remedy": "See the payouts that differ; else compare the account's vouchers.",
            }


def _accounts(findings: PayoutFindings) -> list[dict[str, Any]]:
    expected: Counter[int] = Counter()
    found: Counter[int] = Counter()
    for one in findings.states:
        if one.vouchers:
            expected.update(one.wanted.voucher.sums)
            found.update(one.ledger or {})
    return [
        account_row(
            account, findings.account_names.get(account, ""), expected[account], found[account]
        )
        for account in sorted(expected.keys() | found.keys())
    ]


def _clearing(one: ClearingBalance) -> dict[str, Any]:
    return {
        "account": one.account,
        "providers": list(one.providers),
        "opening_ore": one.opening_ore,
        "sales_ore": one.sales_ore,
        "refunds_ore": one.refunds_ore,
        "fees_ore": one.fees_ore,
        "payouts_ore": one.payouts_ore,
        "closing_ore": one.closing_ore,
        "ledger_ore": one.ledger_ore,
        "difference_ore": one.difference_ore,
    }


def _unmatched(item: Unmatched) -> Held:
    """The line as something that waits for a person; its payout is booked."""
    return Held(
        kind="document",
        order_id=item.line.reference,
        order_number=item.line.reference or item.payout.payout_id,
        amount_ore=item.line.amount_ore,
        code="payout_line_unmatched",
        reason=f"payout {item.payout.payout_id}, line {item.line.line_id}: {item.reason}",
        remedy=item.remedy,
        currency=item.payout.currency,
    )


def _detail(one: PayoutState) -> dict[str, Any]:
    names = ", ".join(map(str, one.vouchers))
    return {
        "order_id": one.wanted.payout.payout_id,
        "order_number": one.wanted.payout.payout_id,
        "state": one.state,
        "shop_ore": one.net_ore,
        "document_number": names or None,
        "document_ore": one.booked_ore,
        "voucher": names or None,
        "difference_ore": (one.booked_ore or 0) - one.net_ore if one.state != "held" else 0,
        "reason": one.cause or (one.held.reason if one.held else ""),
    }
