"""Advances against their vouchers, order by order and in the ledger. Pure.

The payment and a refund are the shop's sale and refund of their day, so they stand in the proof as
those. A delivery moves no money: it has a row of its own, of nothing in the shop and nothing in the
documents, that is missing until its voucher stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fortnox.core.advance_plan import AdvanceMark
from fortnox.core.advances import Advance, AdvanceEvent
from fortnox.core.documents import Held
from fortnox.core.money import format_ore
from fortnox.core.orders import OrderHead
from fortnox.core.reconciled import OrderRow, State
from fortnox.core.references import sale_reference
from fortnox.core.voucher_proof import VoucherProof
from fortnox.core.vouchers import ListedVoucher, difference


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceProof:
    """An event with its vouchers, and what the ledger holds of them together."""

    advance: Advance
    vouchers: tuple[ListedVoucher, ...]
    ledger: Mapping[int, int]

    @property
    def label(self) -> str:
        """``voucher A 7``."""
        numbers = ", ".join(map(str, self.vouchers))
        return f"voucher{'s' if len(self.vouchers) > 1 else ''} {numbers}"

    @property
    def missing(self) -> dict[int, int]:
        """Account -> what the ledger lacks, debit positive."""
        return difference(self.advance.sums, self.ledger)


def advances_in_vouchers(proofs: Iterable[AdvanceProof]) -> dict[str, tuple[int, str]]:
    """Reference -> (gross in öre as the ledger has it, its vouchers), of what stands."""
    return {
        proof.advance.reference: (_gross_ore(proof), proof.label)
        for proof in proofs
        if proof.vouchers and proof.advance.event is not AdvanceEvent.DELIVERED
    }


def _gross_ore(proof: AdvanceProof) -> int:
    """The shop's gross, and what the ledger's money differs from it."""
    advance = proof.advance
    return advance.amount_ore - proof.missing.get(advance.money_account, 0)


def advance_rows(
    proofs: Sequence[AdvanceProof],
    delivered: Iterable[OrderHead],
    held: Iterable[Held],
    *,
    key: str,
    not_carried_out: str,
) -> list[OrderRow]:
    """A row for each delivery, and for each voucher that is not what its event asks for.

    Args:
        proofs: The window's events.
        delivered: Orders, read anew, that were paid in advance and are delivered on the day.
        held: What the run held.
        key: ``reference_key`` of the shop.
        not_carried_out: Why a planned voucher may be missing.
    """
    of_order = {
        proof.advance.order_id: proof
        for proof in proofs
        if proof.advance.event is AdvanceEvent.DELIVERED
    }
    holds = {item.order_id: item for item in held if not item.refund_id}
    rows = [
        _delivery_row(head, of_order.get(head.order_id), holds.get(head.order_id), key=key)
        for head in delivered
    ]
    rows += [_wrong_voucher(proof) for proof in proofs]
    return [replace(row, reason=row.reason or not_carried_out) for row in rows if row is not None]


def _delivery_row(
    head: OrderHead, proof: AdvanceProof | None, hold: Held | None, *, key: str
) -> OrderRow | None:
    mark = f"{sale_reference(key, head.order_id)}:{AdvanceEvent.DELIVERED.value}"
    if proof is not None and not proof.advance.voucher_rows:
        return None
    if proof is not None and proof.vouchers:
        reason = f"delivered, paid in advance on {proof.advance.paid_on}: in {proof.label}"
        return _row(head, mark, State.BOOKED, document_ore=0, reason=reason)
    if hold is not None:
        return _row(head, mark, State.HELD, reason=hold.reason, remedy=hold.remedy)
    if proof is None:
        reason, remedy = "delivered after this run's extract", "Run the day again."
        return _row(head, mark, State.MISSING, reason=reason, remedy=remedy)
    lacks_ore = -proof.advance.revenue_ore
    return _row(head, mark, State.MISSING, difference_ore=lacks_ore, remedy="Run the day again.")


def _wrong_voucher(proof: AdvanceProof) -> OrderRow | None:
    """A voucher that stands twice, or whose accounts are not what the event asks for.

    Where the money differs, the sale or refund itself says so.
    """
    advance, missing = proof.advance, proof.missing
    is_told = advance.event is not AdvanceEvent.DELIVERED and advance.money_account in missing
    if not proof.vouchers or not missing or (is_told and len(proof.vouchers) == 1):
        return None
    worst_ore = max(map(abs, missing.values()))
    if len(proof.vouchers) > 1:
        surplus = ", ".join(map(str, proof.vouchers[1:]))
        cause = f"{proof.label} stand for the same event: a request was carried out twice"
        remedy = f"Reverse voucher {surplus} in Fortnox."
    else:
        lacks = "; ".join(f"account {a} lacks {format_ore(ore)}" for a, ore in missing.items())
        cause = f"{proof.label} is not what the order is now: {lacks}"
        remedy = "Correct the voucher in Fortnox, or undo the edit in the shop."
    return OrderRow(
        reference=advance.mark,
        order_id=advance.order_id,
        order_number=advance.order_number,
        state=State.DIFFERS,
        shop_ore=0,
        document=None,
        document_ore=0,
        difference_ore=worst_ore,
        reason=cause,
        remedy=remedy,
    )


def _row(
    head: OrderHead,
    mark: str,
    state: State,
    *,
    document_ore: int | None = None,
    difference_ore: int = 0,
    reason: str = "",
    remedy: str = "",
) -> OrderRow:
    return OrderRow(
        reference=mark,
        order_id=head.order_id,
        order_number=head.number,
        state=state,
        shop_ore=0,
        document=None,
        document_ore=document_ore,
        difference_ore=difference_ore,
        reason=reason,
        remedy=remedy,
    )


def stray_rows(
    known: Mapping[str, Sequence[ListedVoucher]],
    ledger: Mapping[tuple[int, str, int], Mapping[int, int]],
    expected: Iterable[str],
    *,
    key: str,
) -> list[OrderRow]:
    """A row for each voucher of the day whose event the shop does not have.

    Args:
        known: The vouchers that are dated the window's day, by mark.
        ledger: What they hold.
        expected: Marks of the window's events.
        key: ``reference_key`` of the shop.
    """
    wanted, rows = set(expected), []
    for mark, vouchers in known.items():
        told = AdvanceMark.parse(key, mark)
        if told is None or mark in wanted or all(voucher.is_late for voucher in vouchers):
            continue
        moved_ore = sum(
            max(0, ore) for voucher in vouchers for ore in ledger.get(voucher.key, {}).values()
        )
        numbers = ", ".join(map(str, vouchers))
        rows.append(
            OrderRow(
                reference=mark,
                order_id=told.order_id,
                order_number=told.order_id,
                state=State.DIFFERS,
                shop_ore=0,
                document=None,
                document_ore=moved_ore,
                difference_ore=moved_ore,
                reason=f"voucher {numbers} is about this day, but the shop has no such event on "
                "it: cancelled, deleted or dated anew",
                remedy=f"Reverse voucher {numbers} in Fortnox, or restore the order in the shop.",
            )
        )
    return rows


def as_voucher_proofs(proofs: Iterable[AdvanceProof]) -> list[VoucherProof]:
    """Those that stand, for levels two and three."""
    return [
        VoucherProof(
            name=proof.advance.mark,
            wanted=proof.advance.sums,
            ledger=proof.ledger,
            vat=proof.advance.vat,
            gross_ore=_gross_ore(proof),
        )
        for proof in proofs
        if proof.vouchers
    ]
