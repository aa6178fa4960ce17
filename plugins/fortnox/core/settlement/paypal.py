"""PayPal: its settlement report (STL), and the activity download; both CSV, in English.

PayPal keeps a balance, and a withdrawal belongs to no particular sales. So a payout is a local day:
its fees, and what was withdrawn on it; the rest stays on the clearing account, which is the
balance. STL after developer.paypal.com/docs/reports/sftp-reports/settlement-report: rows ``SB``
under the header ``CH``, amounts unsigned in minor units with ``CR`` or ``DR`` beside them, event
codes ``T04xx`` and ``T2001`` for withdrawals, ``T11xx`` for refunds and reversals. Activity:
columns ``Date, Time, Type, Status, Currency, Gross, Fee, Net, Transaction ID``.
"""

from dataclasses import dataclass
from datetime import date, datetime

from fortnox.core.payouts import Payout, PayoutLine, PayoutLineKind, SettlementReports
from fortnox.core.settlement.source import Source, grouped, read_groups
from fortnox.core.settlement.tables import Cells, ReportError, Row, amount_ore, cell

PROVIDER = "paypal"
_STL = ("CH", "Transaction ID", "Gross Transaction Amount", "Transaction Event Code")
_ACTIVITY = ("Date", "Type", "Currency", "Gross", "Fee", "Net", "Transaction ID")
_BODY = "SB"
_REFUND_CODES = ("T1106", "T1107")
_STL_TIME = "%Y/%m/%d %H:%M:%S %z"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A row of either report; ``is_withdrawal`` when it went to the bank."""

    transaction_id: str
    day: date
    currency: str
    gross_ore: int
    fee_ore: int
    reference: str
    text: str
    kind: PayoutLineKind
    is_withdrawal: bool


def matches(cells: Cells) -> bool:
    """By either header."""
    return cells.find(*_STL) is not None or cells.find(*_ACTIVITY) is not None


def read(cells: Cells, source: Source) -> SettlementReports:
    """One payout per currency and local day that is over."""
    stl_at = cells.find(*_STL)
    rows = list(cells.table(cells.find(*_ACTIVITY) or 0 if stl_at is None else stl_at))
    if stl_at is None:
        rows = [row for row in rows if cell(row, "Status").lower() in ("", "completed")]
        groups = grouped(rows, lambda row: f"{_activity_day(row)}.{cell(row, 'Currency').upper()}")
        make = _of_activity
    else:
        rows = [row for row in rows if cell(row, "CH") == _BODY]
        groups = grouped(rows, lambda row: f"{_stl_day(row, source)}.{_stl_currency(row)}")
        make = _of_stl
    report = read_groups(
        groups,
        source,
        lambda key, lines: _payout(key, [make(row, source) for row in lines], source),
    )
    over = tuple(payout for payout in report.payouts if payout.day < source.today)
    return SettlementReports(payouts=over, unreadable=report.unreadable, notes=report.notes)


def _payout(payout_id: str, entries: list[_Entry], source: Source) -> Payout:
    withdrawn_ore = -sum(one.gross_ore for one in entries if one.is_withdrawal)
    lines = [line for one in entries if not one.is_withdrawal for line in _lines(one)]
    moved_ore = sum(line.amount_ore for line in lines)
    if moved_ore != withdrawn_ore:
        lines.append(
            PayoutLine(
                line_id="balance",
                kind=PayoutLineKind.RESERVE,
                amount_ore=withdrawn_ore - moved_ore,
                text="left on, or taken from, the PayPal balance",
            )
        )
    first = entries[0]
    return source.payout(payout_id, first.day, first.currency, withdrawn_ore, lines)


def _lines(entry: _Entry) -> list[PayoutLine]:
    lines = []
    if entry.gross_ore:
        lines.append(
            PayoutLine(
                line_id=entry.transaction_id,
                kind=entry.kind,
                amount_ore=entry.gross_ore,
                reference=entry.reference,
                text=entry.text,
            )
        )
    if entry.fee_ore:
        lines.append(
            PayoutLine(
                line_id=f"{entry.transaction_id}-fee",
                kind=PayoutLineKind.FEE,
                amount_ore=entry.fee_ore,
                reference=entry.reference,
                text="fee",
            )
        )
    return lines


def _of_stl(row: Row, source: Source) -> _Entry:
    code = cell(row, "Transaction Event Code").upper()
    gross_ore = _signed(row, "Gross Transaction Amount", "Transaction Debit or Credit")
    is_withdrawal = code.startswith("T04") or code == "T2001"
    return _Entry(
        transaction_id=cell(row, "Transaction ID"),
        day=_stl_day(row, source),
        currency=_stl_currency(row),
        gross_ore=gross_ore,
        fee_ore=_signed(row, "Fee Amount", "Fee Debit or Credit"),
        reference=cell(row, "Invoice ID"),
        text=code,
        kind=_kind(gross_ore, is_sale=code.startswith("T00"), is_refund=code in _REFUND_CODES),
        is_withdrawal=is_withdrawal,
    )


def _of_activity(row: Row, source: Source) -> _Entry:  # noqa: ARG001 - as for STL
    written = cell(row, "Type")
    word = written.lower()
    gross_ore = amount_ore(cell(row, "Gross"), "Gross")
    return _Entry(
        transaction_id=cell(row, "Transaction ID"),
        day=_activity_day(row),
        currency=cell(row, "Currency"),
        gross_ore=gross_ore,
        fee_ore=amount_ore(cell(row, "Fee"), "Fee"),
        reference=cell(row, "Invoice Number"),
        text=written,
        kind=_kind(gross_ore, is_sale="payment" in word, is_refund="refund" in word),
        is_withdrawal="withdrawal" in word or "transfer to bank" in word,
    )


def _kind(gross_ore: int, *, is_sale: bool, is_refund: bool) -> PayoutLineKind:
    if is_refund:
        return PayoutLineKind.REFUND
    if is_sale and gross_ore >= 0:
        return PayoutLineKind.SALE
    return PayoutLineKind.OTHER


def _signed(row: Row, amount: str, side: str) -> int:
    """Unsigned minor units with their side beside them."""
    text, written = cell(row, amount), cell(row, side).upper()
    if not text:
        return 0
    if not text.isdigit() or written not in ("CR", "DR"):
        raise ReportError(f"{amount}: {text[:40]!r} {written[:10]!r} is not an amount of PayPal's")
    return int(text) if written == "CR" else -int(text)


def _stl_day(row: Row, source: Source) -> date:
    text = cell(row, "Transaction Completion Date")
    try:
        return datetime.strptime(text, _STL_TIME).astimezone(source.zone).date()
    except ValueError as error:
        raise ReportError(f"Transaction Completion Date: {text[:40]!r} is not a time") from error


def _stl_currency(row: Row) -> str:
    return cell(row, "Gross Transaction Currency", "Fee Currency").upper()


def _activity_day(row: Row) -> date:
    """``dd/mm/yyyy`` of the European download, or ISO; ``mm/dd`` can't be told from it: refused."""
    text = cell(row, "Date")
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - the report's own day
        except ValueError:
            continue
    raise ReportError(f"Date: {text[:40]!r} is not a day")
