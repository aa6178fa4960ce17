"""What a reader of settlement reports knows besides the file, and what all readers share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from fortnox.core.payouts import Payout, PayoutLine, SettlementReports, Unreadable
from fortnox.core.settlement.tables import ReportError, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file's name, whose report it is, the company's zone, and the day of the run."""

    name: str
    provider: str
    zone: ZoneInfo
    today: date

    def payout(
        self, payout_id: str, day: date, currency: str, net_ore: int, lines: Iterable[PayoutLine]
    ) -> Payout:
        """A payout of this file."""
        return Payout(
            provider=self.provider,
            payout_id=payout_id,
            day=day,
            currency=currency.upper(),
            net_ore=net_ore,
            lines=tuple(lines),
            source=self.name,
        )


def grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Rows by key, in the order of the file."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def read_groups(
    groups: Mapping[str, list[Row]],
    source: Source,
    make: Callable[[str, list[Row]], Payout],
    notes: Iterable[str] = (),
) -> SettlementReports:
    """A payout for each group; one that can't be read costs itself only."""
    payouts: list[Payout] = []
    unreadable: list[Unreadable] = []
    for payout_id, rows in groups.items():
        try:
            payouts.append(make(payout_id, rows))
        except ReportError as error:
            unreadable.append(
                Unreadable(source=source.name, reason=str(error), payout_id=payout_id)
            )
    return SettlementReports(
        payouts=tuple(payouts), unreadable=tuple(unreadable), notes=tuple(notes)
    )
