"""The plan as people read it: what would happen to each document, and why. Pure.

No personal data: documents are named by order and number, as in the report.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from fortnox.core.actions import Action
from fortnox.core.advances import Advance, AdvanceEvent
from fortnox.core.currency import BOOKS
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.plan import Plan
from fortnox.core.report_frame import PAGE_ROWS, Summary
from fortnox.core.window import Window

SCHEMA = "fortnox.plan/1"
#: Fortnox's 25 requests in 5 seconds, less one (rules of the scheduler 4).
_REQUESTS_PER_MINUTE = 24 * 60 // 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSource:
    """A plan and what was held beside it; ``vouchers`` are day vouchers to write.

    ``documents`` are what Fortnox has, by reference, for the differences of those to be changed.
    """

    plan: Plan
    documents: Mapping[str, Sequence[ListedInvoice]]
    held: Sequence[Held] = ()
    vouchers: int = 0
    #: Events of advances whose vouchers are to be written.
    advances: Sequence[Advance] = ()
    requests: int = 0
    approval_reasons: Sequence[str] = ()


def plan_rows(source: PlanSource) -> list[dict[str, Any]]:
    """A row per document: what changes first, then what is held, last what stays as it is."""
    rows = [_action_row(action, source.documents) for action in source.plan.actions]
    plan = source.plan
    surplus = (*plan.surplus, *plan.surplus_orders, *plan.surplus_offers)
    rows.extend(_surplus_row(document) for document in surplus)
    rows.extend(_advance_row(advance) for advance in source.advances)
    rows.extend(_held_row(item) for item in source.held)
    return sorted(rows, key=lambda row: (_ORDER.index(row["action"]), -abs(row["amount_ore"])))


_ORDER = ("change", "cancel", "credit", "create", "book", "pay", "send", "hold", "unchanged")


def plan_summary(
    source: PlanSource, *, shop: ShopRow, window: Window, made_at: datetime, is_dry_run: bool
) -> Summary:
    """What stands above the rows; amounts in öre, ``minutes`` rounded up."""
    rows = plan_rows(source)
    counts = {action: sum(row["action"] == action for row in rows) for action in _ORDER}
    new = [row for row in rows if row["action"] in ("create", "credit")]
    return {
        "schema": SCHEMA,
        "company": {"fortnox_conn_id": shop.fortnox_conn_id},
        "shop": {"key": shop.shop, "language": shop.language},
        "window": dict(window.to_dict()),
        "made_at": made_at.isoformat(timespec="seconds"),
        "dry_run": is_dry_run,
        "counts": {**counts, "day_vouchers": source.vouchers},
        "total_ore": sum(row["amount_ore"] for row in new if row["currency"] == "SEK"),
        "requests": source.requests,
        "minutes": ceil(source.requests / _REQUESTS_PER_MINUTE),
        "approval_reasons": list(source.approval_reasons),
        "details": {"rows": len(rows), "pages": -(-len(rows) // PAGE_ROWS)},
    }


def plan_pages(source: PlanSource) -> list[list[dict[str, Any]]]:
    """The rows in pages of 500, ready to serve as JSON."""
    rows = plan_rows(source)
    return [rows[start : start + PAGE_ROWS] for start in range(0, len(rows), PAGE_ROWS)]


def dry_run_report(report: Summary, planned: Mapping[str, Any]) -> Summary:
    """A report that says that nothing was written, and what would have been."""
    held = report["counts"]["held"]
    headline = (
        f"Dry run: {planned.get('create', 0)} to create, {planned.get('book', 0)} to book, "
        f"{held} held; "
        "nothing was written"
    )
    return {**report, "verdict": "dry_run", "headline": headline}


def _action_row(action: Action, documents: Mapping[str, Sequence[ListedInvoice]]) -> dict[str, Any]:
    invoice = action.invoice
    name = action.kind.value
    changes: list[dict[str, str]] = []
    if action.rewrite or action.redate:
        name = "change"
        changes = _changes(invoice, action, documents.get(invoice.reference, ()))
    elif name == "create" and (invoice.is_refund or invoice.corrects):
        name = "credit"
    return _row(
        order_id=invoice.order_id,
        order_number=invoice.order_number,
        action=name,
        document_number=action.document_number or action.credits_number,
        amount_ore=invoice.total_ore,
        currency=invoice.currency,
        reason=action.reason,
        changes=changes,
    )


def _changes(
    invoice: Invoice, action: Action, documents: Iterable[ListedInvoice]
) -> list[dict[str, str]]:
    """What the draft has and what it gets; only what a list of Fortnox shows can be told."""
    for document in documents:
        if document.document_number == action.document_number:
            pairs = (
                ("Total", format_ore(document.total_ore), format_ore(invoice.total_ore)),
                ("InvoiceDate", str(document.invoice_date), str(invoice.invoice_date)),
                ("Currency", document.currency, invoice.currency),
                ("ExternalInvoiceReference2", document.day_reference, invoice.day_reference),
            )
            return [
                {"field": field, "before": before, "after": after}
                for field, before, after in pairs
                if before != after
            ]
    return []


def _surplus_row(document: ListedInvoice) -> dict[str, Any]:
    return _row(
        order_id="",
        order_number=document.reference,
        action="cancel",
        document_number=document.document_number,
        amount_ore=document.total_ore,
        currency=document.currency,
        reason="a second unbooked document of the same sale",
    )


_ADVANCE_REASONS = {
    AdvanceEvent.PAID: "paid before its delivery: a voucher of the advance",
    AdvanceEvent.DELIVERED: "delivered: a voucher takes the advance into the sales",
    AdvanceEvent.REFUNDED: "a refund of what was paid in advance: a voucher",
}


def _advance_row(advance: Advance) -> dict[str, Any]:
    return _row(
        order_id=advance.order_id,
        order_number=advance.order_number,
        action="credit" if advance.event is AdvanceEvent.REFUNDED else "create",
        document_number="",
        amount_ore=advance.amount_ore,
        currency=BOOKS,
        reason=_ADVANCE_REASONS[advance.event],
    )


def _held_row(item: Held) -> dict[str, Any]:
    return _row(
        order_id=item.order_id,
        order_number=item.order_number,
        action="hold",
        document_number="",
        amount_ore=item.amount_ore,
        currency=item.currency,
        reason=item.reason,
        remedy=item.remedy,
    )


def _row(
    *,
    order_id: str,
    order_number: str,
    action: str,
    document_number: str,
    amount_ore: int,
    currency: str,
    reason: str,
    remedy: str = "",
    changes: Sequence[dict[str, str]] = (),
) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "order_number": order_number,
        "action": action,
        "document_number": document_number or None,
        "amount_ore": amount_ore,
        "currency": currency,
        "reason": reason,
        "remedy": remedy,
        "changes": list(changes),
    }
