"""Day vouchers against the orders that they stand for, and the ledger against both. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from fortnox.core.day_voucher import DayGroup, DaySale, doubled
from fortnox.core.documents import Held, VatRate
from fortnox.core.money import format_ore
from fortnox.core.reconciled import OrderRow, State
from fortnox.core.references import refund_reference, sale_reference
from fortnox.core.voucher_proof import VoucherProof
from fortnox.core.vouchers import ListedVoucher, difference


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupProof:
    """A group with its vouchers, and what the ledger holds of them together."""

    group: DayGroup
    vouchers: tuple[ListedVoucher, ...]
    ledger: Mapping[int, int]

    @property
    def numbers(self) -> str:
        """``A 7, A 9``."""
        return ", ".join(map(str, self.vouchers))

    @property
    def missing(self) -> dict[int, int]:
        """Account -> what the ledger lacks, debit positive."""
        return difference(self.group.sums, self.ledger)


def sales_in_vouchers(proofs: Iterable[GroupProof]) -> dict[str, tuple[int, str]]:
    """Reference -> (amount in öre, the vouchers of its group), for every group that has some."""
    return {
        _reference(proof.group, sale): (
            -sale.total_ore if sale.refund_id else sale.total_ore,
            f"day voucher {proof.numbers}",
        )
        for proof in proofs
        if proof.vouchers
        for sale in proof.group.sales
    }


def _reference(group: DayGroup, sale: DaySale) -> str:
    key = group.shop.reference_key
    if sale.refund_id:
        return refund_reference(key, sale.order_id, sale.refund_id)
    return sale_reference(key, sale.order_id)


def held_too_early(group: DayGroup) -> Held:
    """The day is not settled yet."""
    return _held(
        group,
        "day_not_settled",
        f"the day voucher of {group.day} is written two hours after the day's end at the earliest",
        "Run the day again then.",
    )


def held_closed_period(group: DayGroup, closed: date) -> Held:
    """The day is closed, and ``late_policy`` says hold."""
    return _held(
        group,
        "period_closed",
        f"{group.day} lies in a period that is closed through {closed}",
        "Ask the accountant; then open the period, or set late_policy to first_open_day.",
    )


def held_by_order(held: Iterable[Held], proofs: Sequence[GroupProof]) -> list[Held]:
    """A voucher that is held holds every order of its group that stands in no voucher."""
    return [
        replace(
            item,
            kind="refund" if sale.refund_id else "order",
            order_id=sale.order_id,
            order_number=sale.order_number,
            amount_ore=sale.total_ore,
            refund_id=sale.refund_id,
        )
        for item in held
        for proof in proofs
        if item.order_id.startswith(proof.group.prefix) and not proof.vouchers
        for sale in proof.group.sales
    ]


def difference_rows(proofs: Iterable[GroupProof]) -> list[OrderRow]:
    """A row for each group whose vouchers are not what its orders ask for."""
    rows = []
    for proof in proofs:
        surplus = doubled(proof.vouchers, proof.group)
        if proof.vouchers and (surplus or proof.missing):
            cause, remedy = _told(proof, surplus)
            rows.append(_row(proof, _surplus_ore(proof), cause, remedy))
    return rows


def as_voucher_proofs(proofs: Iterable[GroupProof]) -> list[VoucherProof]:
    """Groups that have a voucher, for levels two and three."""
    return [
        VoucherProof(
            name=proof.group.prefix,
            wanted=proof.group.sums,
            ledger=proof.ledger,
            vat=tuple(_vat(proof.group)),
            gross_ore=proof.group.gross_ore,
        )
        for proof in proofs
        if proof.vouchers
    ]


def _vat(group: DayGroup) -> Iterable[tuple[VatRate, int, int]]:
    """Rate, account and VAT of a group, refunds taken off."""
    sums: Counter[tuple[int, int]] = Counter()
    for sale in group.sales:
        for row in sale.rows:
            if row.vat_account is not None:
                sums[row.vat_pct, row.vat_account] += (
                    -row.vat_ore if sale.refund_id else row.vat_ore
                )
    return (
        (VatRate("SE", Decimal(rate)), account, ore)
        for (rate, account), ore in sorted(sums.items())
    )


def _held(group: DayGroup, code: str, reason: str, remedy: str) -> Held:
    return Held(
        kind="document",
        order_id=group.prefix,
        order_number=group.prefix.rstrip(":"),
        amount_ore=group.gross_ore,
        code=code,
        reason=reason,
        remedy=remedy,
        day=group.day,
        currency=group.currency,
    )


def _surplus_ore(proof: GroupProof) -> int:
    """How much more money the vouchers hold than the orders say; 0 when only accounts differ."""
    missing = proof.missing
    money = {sale.clearing_account for sale in proof.group.sales}
    if not money:
        return -sum(ore for ore in missing.values() if ore < 0)
    return -sum(missing.get(account, 0) for account in money)


def _told(proof: GroupProof, surplus: Sequence[ListedVoucher]) -> tuple[str, str]:
    if surplus:
        names = ", ".join(map(str, surplus))
        return (
            f"vouchers {proof.numbers} stand for the same orders: a request was carried out twice",
            f"Reverse voucher {names} in Fortnox.",
        )
    lacks = "; ".join(
        f"account {account} lacks {format_ore(ore)}" for account, ore in proof.missing.items()
    )
    return (
        f"voucher {proof.numbers} is not what its orders are now: {lacks}",
        "Run the day again and approve the supplement, or correct the voucher in Fortnox.",
    )


def _row(proof: GroupProof, difference_ore: int, cause: str, remedy: str) -> OrderRow:
    name = proof.group.prefix.rstrip(":")
    return OrderRow(
        reference=name,
        order_id=name,
        order_number=name,
        state=State.DIFFERS,
        shop_ore=0,
        document=None,
        document_ore=difference_ore,
        difference_ore=difference_ore,
        reason=cause,
        remedy=remedy,
    )
