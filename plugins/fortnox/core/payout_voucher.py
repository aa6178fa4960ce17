"""A payout and the accounts of its provider -> one voucher, or the reason why it is held. Pure.

Bank and fees in debit, the clearing account in credit: the net is never booked as revenue. What
the provider keeps back stays on the clearing account. Fees with their VAT line by line: exempt,
Swedish as the report states it, or reverse charge, where the expense stands on the account for
purchases abroad and the VAT on both sides. With ``fee_as`` = supplier_invoice the voucher holds
the money only; the fees become a supplier invoice that is paid out of the clearing account.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from fortnox.core.csv_cells import text_cell
from fortnox.core.documents import Held
from fortnox.core.mapping import PayoutRow, ShopRow
from fortnox.core.money import format_ore, round_half_up
from fortnox.core.payouts import FeeVat, Payout, PayoutLine
from fortnox.core.vouchers import Attachment, Voucher, VoucherRow, credit, debit

HOME_CURRENCY = "SEK"
#: What we report of services from abroad (ML 9 kap. 2 §: the standard rate).
_REVERSE_RATE = Decimal(25) / 100
_LINE_COLUMNS = ("line", "type", "amount", "vat", "vat_treatment", "order", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """Fees of a payout in öre, positive, by how they are taxed; ``swedish_vat_ore`` as stated."""

    exempt_ore: int = 0
    swedish_ore: int = 0
    swedish_vat_ore: int = 0
    reverse_ore: int = 0

    @property
    def reverse_vat_ore(self) -> int:
        """VAT that we report on both sides, of the payout's sum."""
        return round_half_up(self.reverse_ore * _REVERSE_RATE)

    @property
    def paid_ore(self) -> int:
        """What the provider took: reverse charged VAT is not paid to it."""
        return self.exempt_ore + self.swedish_ore + self.swedish_vat_ore + self.reverse_ore


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeProblem:
    """A fee whose VAT nobody decided."""

    text: str


def payout_mark(key: str, payout: Payout) -> str:
    """``demo:payout:stripe:po_123``: what the voucher of a payout carries."""
    return f"{key}:payout:{payout.provider}:{payout.payout_id}"


def split_fees(payout: Payout, row: PayoutRow) -> Fees | FeeProblem:
    """Fees by their VAT: as the report says, else as payouts.csv says."""
    fees = Fees()
    for line in payout.lines:
        if not line.kind.is_fee:
            continue
        vat = line.vat or _decided(line, row)
        if vat is None:
            return FeeProblem(
                text=f"line {line.line_id} ({line.text or line.kind.value}) does not say its VAT"
            )
        fees = _with(fees, line, vat)
    return fees


def payout_voucher(payout: Payout, row: PayoutRow, shop: ShopRow) -> Voucher | Held | None:
    """The voucher of a payout; None when there is nothing to book (nothing paid, no fee)."""
    problem = _problem(payout, row, shop)
    if problem is not None:
        return problem
    fees = split_fees(payout, row)
    if isinstance(fees, FeeProblem):
        return held_payout(
            payout,
            "payout_fee_vat_unknown",
            fees.text,
            "Set fee_vat or service_fee_vat in payouts.csv, or book the payout by hand.",
        )
    rows = tuple(_rows(payout, row, fees))
    if not rows:
        return None
    return Voucher(
        mark=payout_mark(shop.reference_key, payout),
        series=row.voucher_series or shop.voucher_series,
        day=payout.day,
        text=f"Utbetalning {payout.provider} {payout.payout_id}",
        rows=rows,
        attachment=Attachment(suffix="csv", content=line_list(payout)),
    )


def on_open_day(voucher: Voucher, closed_through: date | None, shop: ShopRow) -> Voucher | str:
    """The voucher with a date that is open, by ``late_policy``; else why not (rule 17)."""
    if closed_through is None or voucher.day > closed_through:
        return voucher
    if shop.late_policy == "hold":
        return f"{voucher.day} lies in a period that is closed through {closed_through}"
    late = f"{voucher.text}, affärshändelse {voucher.day.isoformat()}"
    return replace(voucher, day=closed_through + timedelta(days=1), text=late)


def line_list(payout: Payout) -> bytes:
    """The lines as CSV, for the voucher's file: amounts in kronor, no personal data."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_LINE_COLUMNS)
    for line in payout.lines:
        amount, vat = format_ore(line.amount_ore), format_ore(line.vat_ore)
        treatment = line.vat.value if line.vat else ""
        writer.writerow(
            (
                *(text_cell(line.line_id), line.kind.value, amount, vat, treatment),
                *(text_cell(line.reference), text_cell(line.text)),
            )
        )
    payout_id = text_cell(payout.payout_id)
    writer.writerow(("", "payout", format_ore(payout.net_ore), "0.00", "", "", payout_id))
    return text.getvalue().encode("utf-8-sig")


def held_payout(payout: Payout, code: str, reason: str, remedy: str) -> Held:
    """A payout that is not booked, and why."""
    return Held(
        kind="document",
        order_id=payout.payout_id,
        order_number=payout.payout_id,
        amount_ore=payout.net_ore,
        code=code,
        reason=f"{payout.provider}: {reason}",
        remedy=remedy,
        day=payout.day,
        currency=payout.currency,
    )


def _problem(payout: Payout, row: PayoutRow, shop: ShopRow) -> Held | None:
    if payout.problem:
        return held_payout(
            payout,
            "payout_does_not_add_up",
            payout.problem,
            f"Download the report {payout.source} once more, whole; or book the payout by hand.",
        )
    if payout.currency != HOME_CURRENCY:
        return held_payout(
            payout,
            "payout_foreign_currency",
            f"paid out in {payout.currency}; this version books {HOME_CURRENCY}",
            "Book it by hand at the bank's rate.",
        )
    if not (row.voucher_series or shop.voucher_series):
        return held_payout(
            payout,
            "no_voucher_series",
            "no voucher series is set",
            "Write a manual series of Fortnox into voucher_series of shops.csv.",
        )
    return None


def _decided(line: PayoutLine, row: PayoutRow) -> FeeVat | None:
    word = row.fee_vat if line.kind.value == "fee" else row.service_fee_vat
    return None if word == "hold" else FeeVat(word)


def _with(fees: Fees, line: PayoutLine, vat: FeeVat) -> Fees:
    if vat is FeeVat.EXEMPT:
        return replace(fees, exempt_ore=fees.exempt_ore - line.amount_ore)
    if vat is FeeVat.REVERSE_CHARGE:
        return replace(fees, reverse_ore=fees.reverse_ore - line.amount_ore)
    return replace(
        fees,
        swedish_ore=fees.swedish_ore - line.amount_ore,
        swedish_vat_ore=fees.swedish_vat_ore - line.vat_ore,
    )


def _rows(payout: Payout, row: PayoutRow, fees: Fees) -> Iterator[VoucherRow]:
    text = f"{payout.provider} {payout.payout_id}"
    yield from debit(row.bank_account, payout.net_ore, text)
    if row.fee_as == "supplier_invoice":
        yield from credit(row.clearing_account, payout.net_ore, text)
        return
    yield from debit(row.fee_account, fees.exempt_ore + fees.swedish_ore, "avgift")
    yield from debit(row.vat_account, fees.swedish_vat_ore, "moms enligt rapport")
    yield from debit(row.reverse_charge_account, fees.reverse_ore, "avgift, omvänd moms")
    yield from debit(row.reverse_vat_in_account, fees.reverse_vat_ore, "omvänd moms")
    yield from credit(row.reverse_vat_out_account, fees.reverse_vat_ore, "omvänd moms")
    yield from credit(row.clearing_account, payout.net_ore + fees.paid_ore, text)
