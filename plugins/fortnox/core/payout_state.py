"""Where each payout stands against the vouchers that carry it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fortnox.core.documents import Held
from fortnox.core.money import format_ore
from fortnox.core.payout_match import ClearingBalance, Unmatched
from fortnox.core.payout_plan import WantedPayout
from fortnox.core.vouchers import ListedVoucher, difference

_REVERSE = "Reverse voucher {} in Fortnox."


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutState:
    """One payout against its vouchers; ``ledger`` is what the first of them holds by account."""

    wanted: WantedPayout
    vouchers: tuple[ListedVoucher, ...]
    ledger: Mapping[int, int] | None
    held: Held | None = None

    @property
    def net_ore(self) -> int:
        """What was paid out."""
        return self.wanted.payout.net_ore

    @property
    def booked_ore(self) -> int | None:
        """What its vouchers brought to the bank account; None without a voucher."""
        if not self.vouchers:
            return None
        first = self.net_ore if self.ledger is None else self._on_bank
        return first + self.net_ore * (len(self.vouchers) - 1)

    @property
    def _on_bank(self) -> int:
        account = self.wanted.row.bank_account
        expected = self.wanted.voucher.sums.get(account, 0)
        return self.net_ore + (self.ledger or {}).get(account, 0) - expected

    @property
    def state(self) -> str:
        """booked, differs, held or missing."""
        if self.vouchers:
            return "differs" if self.cause else "booked"
        return "held" if self.held else "missing"

    @property
    def cause(self) -> str:
        """Why it differs; empty when it does not."""
        if len(self.vouchers) > 1:
            names = ", ".join(map(str, self.vouchers))
            return f"vouchers {names} all carry this payout"
        if not self.vouchers:
            return "" if self.held else "planned, but not carried out"
        voucher = self.vouchers[0]
        if self.ledger is None:
            return f"voucher {voucher} is not in the ledger (SIE)"
        wrong = difference(self.wanted.voucher.sums, self.ledger)
        return "; ".join(
            f"account {account} of voucher {voucher} lacks {format_ore(ore)}"
            for account, ore in wrong.items()
        )

    @property
    def remedy(self) -> str:
        """What to do when it differs."""
        if len(self.vouchers) > 1:
            return " ".join(_REVERSE.format(voucher) for voucher in self.vouchers[1:])
        return "Compare the voucher with the report; correct it by a voucher in Fortnox."


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutFindings:
    """All that a payouts run found; ``broken`` names what kept it from a full proof."""

    states: Sequence[PayoutState]
    held: Sequence[Held]
    unmatched: Sequence[Unmatched]
    clearing: Sequence[ClearingBalance]
    account_names: Mapping[int, str] = field(default_factory=dict)
    broken: Sequence[str] = ()
    notes: Sequence[str] = ()
