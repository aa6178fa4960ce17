"""Which format a file has, and all files of a folder as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from fortnox.core.payouts import SettlementReports, Unreadable, merge_reports
from fortnox.core.settlement import klarna, own, paypal, stripe, swish
from fortnox.core.settlement.source import Source
from fortnox.core.settlement.tables import Cells, ReportError, read_cells


class Format(Protocol):
    """A module of this package that knows one report."""

    PROVIDER: str

    def matches(self, cells: Cells) -> bool:
        """Whether the file is of this format, by its header."""
        ...

    def read(self, cells: Cells, source: Source) -> SettlementReports:
        """Its payouts; raises ReportError when the whole file can't be read."""
        ...


#: In this order: our own format names its columns in a way that no provider does.
FORMATS: tuple[Format, ...] = (own, stripe, klarna, paypal, swish)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A dropped file. ``provider`` is the folder that it lies in; empty: as its format says."""

    name: str
    content: bytes
    provider: str = ""


def read_reports(files: Iterable[ReportFile], zone: ZoneInfo, today: date) -> SettlementReports:
    """Payouts of all files, each once, oldest first.

    Args:
        files: What lies in the watched folder.
        zone: The company's time zone, whose days are its accounting days.
        today: Where a report has no payouts but days, a day counts when it is over.
    """
    merged = merge_reports(_read(file, zone, today) for file in files)
    payouts = sorted(merged.payouts, key=lambda one: (one.day, one.provider, one.payout_id))
    return SettlementReports(
        payouts=tuple(payouts), unreadable=merged.unreadable, notes=merged.notes
    )


def _read(file: ReportFile, zone: ZoneInfo, today: date) -> SettlementReports:
    try:
        cells = read_cells(file.content)
        kind = _format_of(cells)
        source = Source(
            name=file.name, provider=file.provider or kind.PROVIDER, zone=zone, today=today
        )
        return kind.read(cells, source)
    except ReportError as error:
        return SettlementReports(unreadable=(Unreadable(source=file.name, reason=str(error)),))


def _format_of(cells: Cells) -> Format:
    for one in FORMATS:
        if one.matches(cells):
            return one
    raise ReportError("no known settlement report has this header")
