"""The Swish report that Swedbank and the savings banks give as CSV: one row per payment.

First a line ``* Swish-rapport Avser <first day> - <last day> ...``, then the header
``Radnr,Clnr,Kontonr,Bokfdag,Transdag,Valutadag,Mottagarnr,Mottagarnamn,Avsändarnr,Avsändarnamn,
Meddelande,Tid,Belopp,Orderreferens``; Windows-1252. Swish pays gross, and each bank has a report of
its own: the others come in our own format. A booking day of a Swish number is one payout. Senders'
names and phone numbers are never kept.
"""

from fortnox.core.payouts import Payout, PayoutLine, PayoutLineKind, SettlementReports
from fortnox.core.settlement.source import Source, grouped, read_groups
from fortnox.core.settlement.tables import Cells, Row, amount_ore, cell, local_date

PROVIDER = "swish"
_COLUMNS = ("Bokfdag", "Mottagarnr", "Belopp")


def matches(cells: Cells) -> bool:
    """By its header."""
    return cells.find(*_COLUMNS) is not None


def read(cells: Cells, source: Source) -> SettlementReports:
    """One payout per Swish number and booking day that is over."""
    rows = [row for row in cells.table(cells.find(*_COLUMNS) or 0) if cell(row, "Bokfdag")]
    groups = grouped(rows, lambda row: f"{cell(row, 'Mottagarnr')}.{cell(row, 'Bokfdag')}")
    report = read_groups(groups, source, lambda key, lines: _payout(key, lines, source))
    over = tuple(payout for payout in report.payouts if payout.day < source.today)
    notes = (f"{source.name}: its last day is not over",) if over != report.payouts else ()
    return SettlementReports(payouts=over, unreadable=report.unreadable, notes=notes)


def _payout(payout_id: str, rows: list[Row], source: Source) -> Payout:
    lines = [_line(row) for row in rows]
    return source.payout(
        payout_id,
        local_date(cell(rows[0], "Bokfdag"), source.zone, "Bokfdag"),
        "SEK",
        sum(line.amount_ore for line in lines),
        lines,
    )


def _line(row: Row) -> PayoutLine:
    ore = amount_ore(cell(row, "Belopp"), "Belopp")
    return PayoutLine(
        line_id=cell(row, "Radnr"),
        kind=PayoutLineKind.SALE if ore > 0 else PayoutLineKind.REFUND,
        amount_ore=ore,
        reference=cell(row, "Orderreferens"),
        text="swish",
    )
