"""Lines of payouts against the sales in Fortnox, and the balance of each clearing account. Pure.

What can't be matched keeps no payout from being booked, for the money has come; it is listed, so
that a sale that was settled and never booked, or a dispute, does not stay unseen.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fortnox.core.documents import ListedInvoice
from fortnox.core.money import format_ore
from fortnox.core.payouts import Payout, PayoutLine, PayoutLineKind
from fortnox.core.references import sale_reference

#: ``order id -> documents`` of the shop's sales, cancelled ones included.
Documents = Mapping[str, Sequence[ListedInvoice]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A line that agrees with no document; ``remedy`` says what a person can do."""

    payout: Payout
    line: PayoutLine
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingBalance:
    """One clearing account over a financial year up to now, öre, debit positive.

    ``sales`` and ``refunds`` are what others posted there, ``fees`` and ``payouts`` what the
    settlement reports say; ``ledger_ore`` is the account's balance by SIE.
    """

    account: int
    providers: tuple[str, ...]
    opening_ore: int
    sales_ore: int
    refunds_ore: int
    fees_ore: int
    payouts_ore: int
    ledger_ore: int

    @property
    def closing_ore(self) -> int:
        """Opening + sales - refunds - fees - payouts."""
        return (
            self.opening_ore + self.sales_ore - self.refunds_ore - self.fees_ore - self.payouts_ore
        )

    @property
    def difference_ore(self) -> int:
        """What the ledger has that the reports don't say."""
        return self.ledger_ore - self.closing_ore


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the voucher of one payout takes from the clearing account, by the report."""

    paid_out_ore: int
    fees_ore: int


def order_references(payouts: Iterable[Payout]) -> list[str]:
    """The orders that sale lines name, each once."""
    return sorted(
        {
            line.reference
            for payout in payouts
            for line in payout.lines
            if line.kind is PayoutLineKind.SALE and line.reference
        }
    )


def unmatched_lines(
    payouts: Iterable[Payout], documents: Documents, key: str, *, summed_up: bool
) -> list[Unmatched]:
    """Lines that a person should look at.

    Args:
        payouts: What was settled.
        documents: Of the orders of :func:`order_references`.
        key: ``reference_key`` of the shop.
        summed_up: The shop uses vouchers for days or advances, so that a sale may have no document.
    """
    found: list[Unmatched] = []
    for payout in payouts:
        for line in payout.lines:
            said = _question(line, documents, key, summed_up=summed_up)
            if said is not None:
                found.append(Unmatched(payout=payout, line=line, reason=said[0], remedy=said[1]))
    return found


def _question(
    line: PayoutLine, documents: Documents, key: str, *, summed_up: bool
) -> tuple[str, str] | None:
    if line.kind is PayoutLineKind.OTHER:
        return (
            f"{line.text or 'a line of unknown kind'}: neither sale, refund nor fee",
            "It stays on the clearing account. Book it by hand, e.g. a lost dispute on 6380.",
        )
    if line.kind is not PayoutLineKind.SALE:
        return None
    if not line.reference:
        return (
            "names no order",
            "Find the sale by its amount; some reports name orders by a setting.",
        )
    reference = sale_reference(key, line.reference)
    live = [d for d in documents.get(line.reference, ()) if not d.cancelled]
    if not live and summed_up:
        return None
    if not live:
        return f"no document in Fortnox carries {reference}", "Book the order of that number first."
    if not any(document.total_ore == line.amount_ore for document in live):
        settled, booked = format_ore(line.amount_ore), format_ore(live[0].total_ore)
        document = f"invoice {live[0].document_number} of order {line.reference}"
        return (
            f"settled with {settled}, and {document} is {booked}",
            "A part of the order, or an order that was edited: compare both.",
        )
    return None


def clearing_balance(
    account: int,
    providers: Iterable[str],
    *,
    opening_ore: int,
    amounts: Mapping[tuple[str, int], int],
    ours: Mapping[tuple[str, int], Settled | None],
) -> ClearingBalance:
    """The account's balance: others' postings from the ledger, ours from the reports.

    Args:
        account: The clearing account.
        providers: Whose it is.
        opening_ore: Balance at the start of the financial year.
        amounts: ``(series, number)`` -> what that voucher holds on the account.
        ours: ``(series, number)`` of our payout vouchers -> what the report says; None when no
            report of it lies in the folder any more: its amount is then the ledger's.
    """
    sums: Counter[str] = Counter()
    for key, ore in amounts.items():
        if key not in ours:
            sums["sales" if ore > 0 else "refunds"] += abs(ore)
        elif ours[key] is None:
            sums["payouts"] -= ore
    for settled in filter(None, ours.values()):
        sums["payouts"] += settled.paid_out_ore
        sums["fees"] += settled.fees_ore
    return ClearingBalance(
        account=account,
        providers=tuple(sorted(providers)),
        opening_ore=opening_ore,
        sales_ore=sums["sales"],
        refunds_ore=sums["refunds"],
        fees_ore=sums["fees"],
        payouts_ore=sums["payouts"],
        ledger_ore=opening_ore + sum(amounts.values()),
    )
