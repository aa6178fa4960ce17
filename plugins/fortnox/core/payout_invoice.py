"""The fees of a payout as a supplier invoice, for companies that want them in that ledger. Pure.

Bookkept, then paid out of the clearing account, so that the payout's voucher holds the money only.
Its InvoiceNumber is the payout's id: with the supplier's number that is its identity.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fortnox.core.documents import Held
from fortnox.core.errors import PipelineError
from fortnox.core.mapping import PayoutRow
from fortnox.core.payout_voucher import FeeProblem, held_payout, split_fees
from fortnox.core.payouts import Payout
from fortnox.core.vouchers import VoucherRow, credit, debit


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeInvoice:
    """A wanted supplier invoice; ``rows`` are all but the debt and the stated VAT."""

    supplier_number: str
    invoice_number: str
    day: date
    total_ore: int
    vat_ore: int
    rows: tuple[VoucherRow, ...]
    #: It is paid out of this account.
    clearing_account: int


def fee_invoice(payout: Payout, row: PayoutRow, day: date) -> FeeInvoice | None:
    """The invoice of a payout's fees; None when there are none, or they go into the voucher.

    Args:
        payout: A payout that can be booked.
        row: Its accounts.
        day: Of the payout's voucher, which may have moved to an open day.
    """
    if row.fee_as != "supplier_invoice":
        return None
    fees = split_fees(payout, row)
    if isinstance(fees, FeeProblem) or fees.paid_ore == 0:
        return None
    rows: Iterable[VoucherRow] = (
        *debit(row.fee_account, fees.exempt_ore + fees.swedish_ore, "avgift"),
        *debit(row.reverse_charge_account, fees.reverse_ore, "avgift, omvänd moms"),
        *debit(row.reverse_vat_in_account, fees.reverse_vat_ore, "omvänd moms"),
        *credit(row.reverse_vat_out_account, fees.reverse_vat_ore, "omvänd moms"),
    )
    return FeeInvoice(
        supplier_number=row.supplier_number,
        invoice_number=payout.payout_id,
        day=day,
        total_ore=fees.paid_ore,
        vat_ore=fees.swedish_vat_ore,
        rows=tuple(rows),
        clearing_account=row.clearing_account,
    )


def held_fee_invoice(payout: Payout, error: PipelineError) -> Held:
    """The payout stands, its fees don't yet; the next run goes on from what stands there."""
    said = f"{error.message} {error.vendor_message}".strip()
    return held_payout(
        payout,
        "payout_fee_invoice",
        f"its supplier invoice is not settled: {said}",
        error.remedy or "Run again; it goes on from what stands there.",
    )
