"""Payouts of payment providers, in one shape for every report: what was settled, fee by fee.

Signs are the payout's: a sale adds to it, a refund or a fee takes from it. Amounts are öre. Fees
carry their VAT line by line, because one report can hold exempt, Swedish and reverse charged ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from fortnox.core.money import format_ore
from fortnox.core.vouchers import MARK_PART


class PayoutLineKind(StrEnum):
    """What a line of a settlement report is."""

    SALE = "sale"
    REFUND = "refund"
    #: For carrying a payment: normally exempt (ML 10 kap. 33 §), wherever the provider sits.
    FEE = "fee"
    #: Subscriptions, platform commission, advertising: not the carrying of a payment.
    SERVICE_FEE = "service_fee"
    #: Kept back or released by the provider: stays on the clearing account.
    RESERVE = "reserve"
    #: Disputes, corrections and whatever is not known: a person decides, until then on clearing.
    OTHER = "other"

    @property
    def is_fee(self) -> bool:
        """Whether it is a cost that the voucher books."""
        return self in (PayoutLineKind.FEE, PayoutLineKind.SERVICE_FEE)


class FeeVat(StrEnum):
    """How a fee is taxed."""

    EXEMPT = "exempt"
    #: Swedish VAT that the report states.
    SWEDISH = "swedish"
    #: Bought abroad: we report the VAT on both sides.
    REVERSE_CHARGE = "reverse_charge"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutLine:
    """One line. ``amount_ore`` is without VAT for fees, as the buyer paid for all else.

    ``vat`` is None when the report does not say how a fee is taxed: payouts.csv decides.
    """

    line_id: str
    kind: PayoutLineKind
    amount_ore: int
    vat_ore: int = 0
    vat: FeeVat | None = None
    #: The order's number or id, as far as the report tells; compared exactly.
    reference: str = ""
    #: The provider's own word for the line.
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """What a provider paid out at once, with all of its lines."""

    provider: str
    payout_id: str
    #: When the money left the provider; the voucher's date.
    day: date
    currency: str
    net_ore: int
    lines: tuple[PayoutLine, ...]
    #: The file that it was read from.
    source: str = ""

    @property
    def clearing_ore(self) -> int:
        """What leaves the provider's clearing account: the money and the fees with their VAT."""
        return self.net_ore + self.fees_ore

    @property
    def fees_ore(self) -> int:
        """Fees with VAT, positive."""
        return -sum(line.amount_ore + line.vat_ore for line in self.lines if line.kind.is_fee)

    def sum_of(self, *kinds: PayoutLineKind) -> int:
        """The sum of the lines of these kinds, VAT included, in the payout's sign."""
        return sum(line.amount_ore + line.vat_ore for line in self.lines if line.kind in kinds)

    @property
    def problem(self) -> str:
        """Why it can't be booked whatever the mapping says; empty when it can."""
        if not MARK_PART.fullmatch(self.payout_id):
            return "its id is not 1 to 60 of A-Z, a-z, 0-9, _, - and ."
        difference = self.net_ore - sum(line.amount_ore + line.vat_ore for line in self.lines)
        if difference:
            return f"its lines differ from what was paid out by {format_ore(difference)}"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file, or a payout in it, that could not be read for certain."""

    source: str
    reason: str
    payout_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementReports:
    """Everything that a folder of reports says."""

    payouts: tuple[Payout, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    #: What the reader should know: lines that no payout settles yet.
    notes: tuple[str, ...] = field(default=())


def merge_reports(reports: Iterable[SettlementReports]) -> SettlementReports:
    """Several files as one; a payout that stands in two of them counts once if it is the same."""
    seen: dict[tuple[str, str], Payout] = {}
    unreadable: list[Unreadable] = []
    notes: list[str] = []
    twice: set[tuple[str, str]] = set()
    for report in reports:
        unreadable.extend(report.unreadable)
        notes.extend(report.notes)
        for payout in report.payouts:
            identity = (payout.provider, payout.payout_id)
            first = seen.setdefault(identity, payout)
            if _content(first) != _content(payout):
                twice.add(identity)
                unreadable.append(_said_otherwise(first, payout))
    return SettlementReports(
        payouts=tuple(payout for identity, payout in seen.items() if identity not in twice),
        unreadable=tuple(unreadable),
        notes=tuple(notes),
    )


def _content(payout: Payout) -> tuple[object, ...]:
    lines = sorted(
        (line.kind, line.amount_ore, line.vat_ore, line.line_id) for line in payout.lines
    )
    return payout.day, payout.currency, payout.net_ore, tuple(lines)


def _said_otherwise(first: Payout, second: Payout) -> Unreadable:
    return Unreadable(
        source=second.source,
        payout_id=first.payout_id,
        reason=f"{first.source} says otherwise of payout {first.payout_id}",
    )
