"""Our own format, for every provider without a reader: one line per row, documented in docs.

Columns: ``provider, payout_id, payout_date, currency, type, amount, vat, vat_treatment, order,
line_id, text``. ``type`` is sale, refund, fee, service_fee, reserve, other, or ``payout``: what
arrived at the bank, exactly once per payout. Amounts add to the payout or take from it by their
sign; ``vat`` is the Swedish VAT on a fee, ``amount`` is then without it.
"""

from fortnox.core.payouts import FeeVat, Payout, PayoutLine, PayoutLineKind, SettlementReports
from fortnox.core.settlement.source import Source, grouped, read_groups
from fortnox.core.settlement.tables import (
    Cells,
    ReportError,
    Row,
    amount_ore,
    cell,
    local_date,
    one_of,
)

PROVIDER = ""
_COLUMNS = ("payout_id", "payout_date", "currency", "type", "amount")
_PAID_OUT = "payout"


def matches(cells: Cells) -> bool:
    """By its header."""
    return cells.find(*_COLUMNS) is not None


def read(cells: Cells, source: Source) -> SettlementReports:
    """One payout per ``payout_id``."""
    rows = list(cells.table(cells.find(*_COLUMNS) or 0))
    groups = grouped(rows, lambda row: cell(row, "payout_id"))
    return read_groups(groups, source, lambda key, lines: _payout(key, lines, source))


def _payout(payout_id: str, rows: list[Row], source: Source) -> Payout:
    paid_out = [row for row in rows if cell(row, "type").lower() == _PAID_OUT]
    if len(paid_out) != 1:
        raise ReportError(f"{len(paid_out)} lines of type payout; there must be one")
    provider = source.provider or one_of([cell(row, "provider") for row in rows], "provider")
    payout = source.payout(
        payout_id,
        local_date(cell(paid_out[0], "payout_date"), source.zone, "payout_date"),
        one_of([cell(row, "currency") for row in rows], "currency"),
        amount_ore(cell(paid_out[0], "amount"), "amount"),
        (_line(number, row) for number, row in enumerate(rows, 1) if row is not paid_out[0]),
    )
    return payout if payout.provider else _with_provider(payout, provider.lower())


def _with_provider(payout: Payout, provider: str) -> Payout:
    return Payout(
        provider=provider,
        payout_id=payout.payout_id,
        day=payout.day,
        currency=payout.currency,
        net_ore=payout.net_ore,
        lines=payout.lines,
        source=payout.source,
    )


def _line(number: int, row: Row) -> PayoutLine:
    try:
        kind = PayoutLineKind(cell(row, "type").lower())
        treatment = cell(row, "vat_treatment").lower()
        vat = FeeVat(treatment) if treatment else None
    except ValueError as error:
        raise ReportError(f"line {number}: {error}") from error
    vat_ore = amount_ore(cell(row, "vat"), "vat")
    if vat_ore and (vat not in (None, FeeVat.SWEDISH) or not kind.is_fee):
        raise ReportError(f"line {number}: only a fee with Swedish VAT can state VAT")
    return PayoutLine(
        line_id=cell(row, "line_id") or str(number),
        kind=kind,
        amount_ore=amount_ore(cell(row, "amount"), "amount"),
        vat_ore=vat_ore,
        vat=FeeVat.SWEDISH if vat_ore else vat,
        reference=cell(row, "order"),
        text=cell(row, "text"),
    )
