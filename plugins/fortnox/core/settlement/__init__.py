"""Settlement reports of payment providers -> payouts. Pure: bytes in, values out.

A format is told by its header, never by the file's name. What can't be read for certain is said
and costs its own payout or file only. Formats and their sources: docs/payouts.md.
"""

from fortnox.core.settlement.reports import ReportFile, read_reports

__all__ = ["ReportFile", "read_reports"]
