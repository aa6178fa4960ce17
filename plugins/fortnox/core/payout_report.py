"""The report of a payouts run, in the form of the reconciliation report. Pure.

Same schema as :mod:`fortnox.core.report`, read with a payout for an order and its voucher for a
document; ``clearing`` holds the balance of each clearing account. Fields: docs/payouts.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fortnox.core.documents import Held
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.payout_match import ClearingBalance, Unmatched
from fortnox.core.payout_plan import WantedPayout
from fortnox.core.payout_voucher import HOME_CURRENCY
from fortnox.core.report import LISTED_ROWS, PAGE_ROWS, SCHEMA, Summary, Work
from fortnox.core.vouchers import ListedVoucher, difference
from fortnox.core.window import Window

_REVERSE = "Reverse voucher {} in Fortnox."


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutState:
    """One payout against its vouchers; ``ledger`` is what the first of them holds by account."""

    wanted: WantedPayout
    vouchers: tuple[ListedVoucher, ...]
    ledger: Mapping[int, int] | None
    held: Held | None = None

    @property
    def net_ore(self) -> int:
        """What was paid out."""
        return self.wanted.payout.net_ore

    @property
    def booked_ore(self) -> int | None:
        """What its vouchers brought to the bank account; None without a voucher."""
        if not self.vouchers:
            return None
        first = self.net_ore if self.ledger is None else self._on_bank
        return first + self.net_ore * (len(self.vouchers) - 1)

    @property
    def _on_bank(self) -> int:
        account = self.wanted.row.bank_account
        expected = self.wanted.voucher.sums.get(account, 0)
        return self.net_ore + (self.ledger or {}).get(account, 0) - expected

    @property
    def state(self) -> str:
        """booked, differs, held or missing."""
        if self.vouchers:
            return "differs" if self.cause else "booked"
        return "held" if self.held else "missing"

    @property
    def cause(self) -> str:
        """Why it differs; empty when it does not."""
        if len(self.vouchers) > 1:
            names = ", ".join(map(str, self.vouchers))
            return f"vouchers {names} all carry this payout"
        if not self.vouchers:
            return "" if self.held else "planned, but not carried out"
        voucher = self.vouchers[0]
        if self.ledger is None:
            return f"voucher {voucher} is not in the ledger (SIE)"
        wrong = difference(self.wanted.voucher.sums, self.ledger)
        return "; ".join(
            f"account {account} of voucher {voucher} lacks {format_ore(ore)}"
            for account, ore in wrong.items()
        )

    @property
    def remedy(self) -> str:
        """What to do when it differs."""
        if len(self.vouchers) > 1:
            return " ".join(_REVERSE.format(voucher) for voucher in self.vouchers[1:])
        return "Compare the voucher with the report; correct it by a voucher in Fortnox."


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutFindings:
    """All that a payouts run found; ``broken`` names what kept it from a full proof."""

    states: Sequence[PayoutState]
    held: Sequence[Held]
    unmatched: Sequence[Unmatched]
    clearing: Sequence[ClearingBalance]
    account_names: Mapping[int, str] = field(default_factory=dict)
    broken: Sequence[str] = ()
    notes: Sequence[str] = ()


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
    held = [_held(item) for item in (*findings.held, *map(_unmatched, findings.unmatched))]
    verdict = _verdict(findings, differences, held)
    return {
        "schema": SCHEMA,
        "verdict": verdict,
        "headline": _headline(verdict, findings, totals, len(held)),
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
        "currency": HOME_CURRENCY,
        "counts": _counts(findings, work, len(held)),
        "totals_ore": totals,
        "vat": [],
        "accounts": _accounts(findings),
        "clearing": [_clearing(one) for one in findings.clearing],
        "differences": differences[:LISTED_ROWS],
        "held": sorted(held, key=lambda row: -abs(row["amount_ore"]))[:LISTED_ROWS],
        "steps": [{"step": step, "state": state} for step, state in work.steps.items()],
        "requests": {
            "reads": work.reads,
            "writes": work.writes,
            "forecast": work.forecast,
            "seconds": work.seconds,
        },
        "notes": [*findings.broken, *findings.notes],
        "details": {
            "rows": len(findings.states),
            "pages": -(-len(findings.states) // PAGE_ROWS),
            "page_rows": PAGE_ROWS,
        },
    }


def payout_pages(states: Sequence[PayoutState]) -> list[list[dict[str, Any]]]:
    """All payouts in pages, the worst first."""
    rank = ("differs", "missing", "held", "booked")
    rows = [_detail(one) for one in sorted(states, key=lambda one: rank.index(one.state))]
    return [rows[start : start + PAGE_ROWS] for start in range(0, len(rows), PAGE_ROWS)]


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


def _verdict(
    findings: PayoutFindings, differences: Sequence[object], held: Sequence[object]
) -> str:
    if findings.broken:
        return "not_delivered"
    if differences:
        return "differs"
    return "held" if held else "reconciled"


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
        {
            "account": account,
            "name": findings.account_names.get(account, ""),
            "expected_ore": expected[account],
            "ledger_ore": found[account],
            "difference_ore": found[account] - expected[account],
        }
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
