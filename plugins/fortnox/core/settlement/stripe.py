"""Stripe's itemised payout reconciliation report (CSV).

Columns after docs.stripe.com/reports/report-types/payout-reconciliation, report type
``payout_reconciliation.itemized.*``: amounts in major units, ``net = gross - fee``, the payout's
id on each row. ``reporting_category`` after docs.stripe.com/reports/reporting-categories. The fee
of a charge is an acquirer's; rows of category ``fee`` are Stripe's products.
"""

import re
from datetime import date

from fortnox.core.payouts import Payout, PayoutLine, PayoutLineKind, SettlementReports
from fortnox.core.settlement.source import Source, grouped, read_groups
from fortnox.core.settlement.tables import (
    Cells,
    ReportError,
    Row,
    amount_ore,
    cell,
    local_date,
    one_of,
    utc_date,
)

PROVIDER = "stripe"
_COLUMNS = ("gross", "fee", "net", "reporting_category", "balance_transaction_id")
_KINDS = {
    "charge": PayoutLineKind.SALE,
    "refund": PayoutLineKind.REFUND,
    "refund_failure": PayoutLineKind.REFUND,
    "partial_capture_reversal": PayoutLineKind.REFUND,
    "fee": PayoutLineKind.SERVICE_FEE,
    "network_cost": PayoutLineKind.FEE,
    "risk_reserved_funds": PayoutLineKind.RESERVE,
}
_PAID_OUT = ("payout", "payout_reversal")
#: WooCommerce's Stripe extension puts the order into metadata, and into the description.
_ORDER_COLUMNS = (
    "payment_metadata[order_number]",
    "payment_metadata[order_id]",
    "order_id",
)
_ORDER_IN_TEXT = re.compile(r"\border (?:no\.? |number )?#?(\d{1,20})\b", re.IGNORECASE)


def matches(cells: Cells) -> bool:
    """By its header."""
    return cells.find(*_COLUMNS) is not None


def read(cells: Cells, source: Source) -> SettlementReports:
    """One payout per ``automatic_payout_id``; rows without one are not settled yet."""
    rows = list(cells.table(cells.find(*_COLUMNS) or 0))
    groups = grouped(rows, lambda row: cell(row, "automatic_payout_id"))
    unsettled = groups.pop("", [])
    if not groups:
        raise ReportError(
            "no row names its automatic_payout_id: download the itemised payout reconciliation "
            "report"
        )
    notes = [f"{source.name}: {len(unsettled)} rows are in no payout yet"] if unsettled else []
    return read_groups(groups, source, lambda key, lines: _payout(key, lines, source), notes)


def _payout(payout_id: str, rows: list[Row], source: Source) -> Payout:
    moved = [row for row in rows if cell(row, "reporting_category") not in _PAID_OUT]
    paid_out = [row for row in rows if cell(row, "reporting_category") in _PAID_OUT]
    net_ore = sum(amount_ore(cell(row, "net"), "net") for row in moved)
    if paid_out:
        net_ore = -sum(amount_ore(cell(row, "net"), "net") for row in paid_out)
    return source.payout(
        payout_id,
        _day(rows[0], source),
        one_of([cell(row, "currency") for row in rows], "currency"),
        net_ore,
        (line for row in moved for line in _lines(row)),
    )


def _day(row: Row, source: Source) -> date:
    """When Stripe expects the money at the bank, and takes it off the balance."""
    in_zone = cell(row, "automatic_payout_effective_at")
    if in_zone:
        return local_date(in_zone, source.zone, "automatic_payout_effective_at")
    name = "automatic_payout_effective_at_utc"
    return utc_date(cell(row, name), source.zone, name)


def _lines(row: Row) -> list[PayoutLine]:
    gross, fee, net = (amount_ore(cell(row, name), name) for name in ("gross", "fee", "net"))
    line_id = cell(row, "balance_transaction_id")
    if gross - fee != net:
        raise ReportError(f"{line_id}: gross minus fee is not net")
    category = cell(row, "reporting_category")
    reference = cell(row, *_ORDER_COLUMNS) or _order_in(cell(row, "description"))
    kind = _KINDS.get(category, PayoutLineKind.OTHER)
    lines = []
    if gross:
        lines.append(
            PayoutLine(
                line_id=line_id, kind=kind, amount_ore=gross, reference=reference, text=category
            )
        )
    if fee:
        lines.append(
            PayoutLine(
                line_id=f"{line_id}-fee",
                kind=PayoutLineKind.FEE,
                amount_ore=-fee,
                reference=reference,
                text=f"{category} fee",
            )
        )
    return lines


def _order_in(description: str) -> str:
    found = _ORDER_IN_TEXT.search(description)
    return found[1] if found else ""
