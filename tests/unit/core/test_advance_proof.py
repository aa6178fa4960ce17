"""Advances in the proof: what stands, what is missing, what is there twice, and whose it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tests.support.advances import DELIVERED, PAID, events, given_back, listed, sold, vouchers

from fortnox.core.advance_plan import held_without_payment
from fortnox.core.advance_proof import (
    AdvanceProof,
    advance_rows,
    advances_in_vouchers,
    as_voucher_proofs,
    stray_rows,
)
from fortnox.core.advances import Advance
from fortnox.core.documents import Held
from fortnox.core.orders import Order
from fortnox.core.reconcile_ledger import LedgerLevel
from fortnox.core.reconciled import OrderRow, State
from fortnox.core.voucher_proof import with_vouchers

EMPTY = LedgerLevel(vat=(), accounts=(), findings=(), gross_ore={})


def proof(event: Advance, ledger: Mapping[int, int] | None = None, times: int = 1) -> AdvanceProof:
    """The event as it stands in Fortnox, so many times."""
    (voucher,) = vouchers([event])
    return AdvanceProof(
        advance=event,
        vouchers=tuple(listed(voucher, number) for number in range(1, times + 1)),
        ledger=event.sums if ledger is None else ledger,
    )


def payment(order: Order | None = None) -> Advance:
    (event,) = events(PAID, order or sold())
    return event


def its_delivery() -> Advance:
    (event,) = events(DELIVERED, sold())
    return event


def rows_of(*proofs: AdvanceProof, held: tuple[Held, ...] = ()) -> list[OrderRow]:
    """Rows of the day on which the order is delivered."""
    return advance_rows(proofs, [sold().head], held, key="demo", not_carried_out="apply failed")


def test_payment_and_refund_stand_as_sale_and_refund():
    """The day's sales in the shop would have no counterpart in the books."""
    order = sold(refunded_ore=25000)
    (back,) = events(
        date(2026, 5, 30), order, refunds=[given_back(order, "250.00", date(2026, 5, 30))]
    )
    assert advances_in_vouchers([proof(payment()), proof(back), proof(its_delivery())]) == {
        "demo:1001": (125000, "voucher B 1"),
        "demo:1001:r:7": (-25000, "voucher B 1"),
    }


def test_money_that_the_voucher_lacks_is_seen_in_the_sale():
    """An edited voucher would count as the shop's amount."""
    short = {**payment().sums, 1686: 120000}
    assert advances_in_vouchers([proof(payment(), short)])["demo:1001"][0] == 120000


def test_a_delivery_that_stands_adds_nothing_to_either_side():
    """The sale would be counted a second time on the day of its delivery."""
    (row,) = rows_of(proof(its_delivery()))
    assert (row.state, row.shop_ore, row.document_ore) == (State.BOOKED, 0, 0)
    assert row.reason == "delivered, paid in advance on 2026-05-28: in voucher B 1"


def test_a_delivery_without_voucher_is_missing_by_its_revenue():
    """The month would lack the revenue and the report be green."""
    (row,) = rows_of(AdvanceProof(advance=its_delivery(), vouchers=(), ledger={}))
    assert (row.state, row.difference_ore, row.reason) == (State.MISSING, -100000, "apply failed")


def test_a_held_delivery_is_no_difference():
    """What waits for a person is told as held, with its reason."""
    held = held_without_payment(its_delivery())
    bare = AdvanceProof(advance=its_delivery(), vouchers=(), ledger={})
    (row,) = rows_of(bare, held=(held,))
    assert (row.state, row.difference_ore, row.reason) == (State.HELD, 0, held.reason)


def test_a_delivery_that_the_run_did_not_see_is_missing():
    """The shop is read anew: what came after the extract would be in nobody's report."""
    (row,) = rows_of()
    assert (row.state, row.remedy) == (State.MISSING, "Run the day again.")


def test_a_voucher_carried_out_twice_is_found_and_its_reversal_proposed():
    """A late request doubles the VAT of the advance."""
    doubled = {account: 2 * ore for account, ore in payment().sums.items()}
    rows = advance_rows(
        [proof(payment(), doubled, times=2)], [], (), key="demo", not_carried_out=""
    )
    assert [row.remedy for row in rows] == ["Reverse voucher B 2 in Fortnox."]
    assert rows[0].difference_ore == 125000


def test_another_account_in_the_voucher_is_a_difference():
    """The total is right and the VAT return is not."""
    moved = {**payment().sums, 2420: -125000}
    moved.pop(2611)
    (row,) = advance_rows([proof(payment(), moved)], [], (), key="demo", not_carried_out="")
    assert row.state is State.DIFFERS
    assert "account 2611 lacks -250.00" in row.reason


def test_a_voucher_whose_order_is_gone_is_found():
    """A deleted order leaves a debt to nobody on 2420."""
    voucher = listed(vouchers([payment()])[0])
    known = {"demo:1001:a": (voucher,), "demo:2026-05-28:SEK:day:1": (voucher,)}
    ledger = {voucher.key: payment().sums}
    (row,) = stray_rows(known, ledger, [], key="demo")
    assert (row.order_id, row.difference_ore) == ("1001", 125000)
    assert stray_rows(known, ledger, ["demo:1001:a"], key="demo") == []
    late = {"demo:1001:a": (replace(voucher, is_late=True),)}
    assert stray_rows(late, ledger, [], key="demo") == []


def test_vat_and_accounts_of_advances_are_in_the_ledger_level():
    """VAT of an advance would be missing from the day's proof of the VAT return."""
    wrong = {**payment().sums, 2611: -24000, 2420: -101000}
    level = with_vouchers(EMPTY, as_voucher_proofs([proof(payment(), wrong)]))
    (vat,) = level.vat
    assert (str(vat.rate), vat.shop_ore, vat.ledger_ore) == ("SE 25 %", 25000, 24000)
    accounts = {row.account: (row.expected_ore, row.ledger_ore) for row in level.accounts}
    assert accounts[2420] == (-100000, -101000)
    assert level.gross_ore == {"demo:1001:a": 125000}
