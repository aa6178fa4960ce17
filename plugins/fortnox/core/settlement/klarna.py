"""Klarna's (and Kustom's) settlement report as CSV: a summary, then the transactions.

Columns after docs.klarna.com/payments/after-payments/settlements/settlement-files. The summary
holds ``payment_reference``, ``payout_date`` (UTC), ``settlement_currency`` and the totals;
transactions their ``type``, ``amount`` and, with the report configurator, the VAT on the fee
(``tax_amount``, formerly ``vat_amount``). The amount of a fee is without its VAT: the settlement is
sales + release - fees - tax - returns - holdback - reversals - repay. The sign follows from the
type, whatever sign the file writes; a correction has the sign that it has.
"""

from collections.abc import Iterator

from fortnox.core.payouts import FeeVat, Payout, PayoutLine, PayoutLineKind, SettlementReports
from fortnox.core.settlement.source import Source
from fortnox.core.settlement.tables import Cells, ReportError, Row, amount_ore, cell, utc_date

PROVIDER = "klarna"
_SUMMARY = ("payment_reference", "total_settlement_amount")
_TRANSACTIONS = ("type", "amount", "merchant_reference1")
#: Type -> what it is, and its sign in the settlement; 0: as written.
_TYPES = {
    "SALE": (PayoutLineKind.SALE, 1),
    "RETURN": (PayoutLineKind.REFUND, -1),
    "FEE": (PayoutLineKind.FEE, -1),
    "FEE_REFUND": (PayoutLineKind.FEE, 1),
    "HOLDBACK": (PayoutLineKind.RESERVE, -1),
    "RELEASE": (PayoutLineKind.RESERVE, 1),
    "REVERSAL": (PayoutLineKind.OTHER, -1),
    "REVERSAL_MERCHANT_PROTECTION": (PayoutLineKind.OTHER, 1),
    "COMMISSION": (PayoutLineKind.OTHER, 1),
    "CHARGE": (PayoutLineKind.OTHER, -1),
    "CREDIT": (PayoutLineKind.OTHER, 1),
}
#: Debts between settlements stand in the summary only: they stay on the clearing account.
_DEBTS = (("total_repay_amount", -1), ("total_deposit_amount", 1))


def matches(cells: Cells) -> bool:
    """By the header of its summary."""
    return cells.find(*_SUMMARY) is not None


def read(cells: Cells, source: Source) -> SettlementReports:
    """The one payout of the file."""
    summary_at, rows_at = cells.find(*_SUMMARY), cells.find(*_TRANSACTIONS)
    summary = next(iter(cells.table(summary_at or 0)), None)
    if summary is None or rows_at is None:
        raise ReportError("the report has no summary, or no transactions")
    return SettlementReports(payouts=(_payout(summary, list(cells.table(rows_at)), source),))


def _payout(summary: Row, rows: list[Row], source: Source) -> Payout:
    if cell(summary, "merchant_settlement_type").upper() == "GROSS_FEE":
        raise ReportError("an invoice for fees, not a payout: book it as a supplier invoice")
    return source.payout(
        cell(summary, "payment_reference"),
        utc_date(cell(summary, "payout_date"), source.zone, "payout_date"),
        cell(summary, "settlement_currency", "currency"),
        amount_ore(cell(summary, "total_settlement_amount"), "total_settlement_amount"),
        [*_lines(rows), *_of_summary(summary, rows)],
    )


def _lines(rows: list[Row]) -> Iterator[PayoutLine]:
    for number, row in enumerate(rows, start=1):
        written = cell(row, "type").upper()
        kind, sign = _TYPES.get(written, (PayoutLineKind.OTHER, 0))
        ore = amount_ore(cell(row, "amount"), "amount")
        vat_ore = _tax_ore(row)
        yield PayoutLine(
            line_id=cell(row, "capture_id", "refund_id") or str(number),
            kind=kind,
            amount_ore=sign * abs(ore) if sign else ore,
            vat_ore=sign * abs(vat_ore) if kind.is_fee else 0,
            vat=_fee_vat(kind, vat_ore),
            reference=cell(row, "merchant_reference1"),
            text=cell(row, "detailed_type", "type"),
        )


def _of_summary(summary: Row, rows: list[Row]) -> Iterator[PayoutLine]:
    """What the transactions do not say: debts, and VAT when its column was not chosen."""
    for name, sign in _DEBTS:
        ore = amount_ore(cell(summary, name), name)
        if ore:
            yield PayoutLine(
                line_id=name, kind=PayoutLineKind.RESERVE, amount_ore=sign * abs(ore), text=name
            )
    tax_ore = abs(amount_ore(cell(summary, "total_tax_amount"), "total_tax_amount"))
    if tax_ore and not any(_tax_ore(row) for row in rows):
        yield PayoutLine(
            line_id="total_tax_amount",
            kind=PayoutLineKind.FEE,
            amount_ore=0,
            vat_ore=-tax_ore,
            vat=FeeVat.SWEDISH,
            text="total_tax_amount",
        )


def _tax_ore(row: Row) -> int:
    return amount_ore(cell(row, "tax_amount", "vat_amount"), "tax_amount")


def _fee_vat(kind: PayoutLineKind, vat_ore: int) -> FeeVat | None:
    if kind.is_fee and vat_ore:
        return FeeVat.SWEDISH
    return None
