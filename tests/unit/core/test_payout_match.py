"""Lines of payouts against the sales in Fortnox, and the balance of the clearing account."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.support.payouts import line, payout

from fortnox.core.documents import ListedInvoice
from fortnox.core.payout_match import (
    Settled,
    clearing_balance,
    order_references,
    unmatched_lines,
)


def invoice(total_ore: int, **changed: object) -> ListedInvoice:
    values: dict[str, object] = {
        "document_number": "17",
        "reference": "demo:1001",
        "day_reference": "",
        "total_ore": total_ore,
        "balance_ore": 0,
        "currency": "SEK",
        "invoice_date": date(2026, 5, 18),
        "booked": True,
        "cancelled": False,
        "voucher_series": "B",
        "voucher_number": 1,
        "voucher_year": 2,
    }
    return ListedInvoice(**{**values, **changed})  # type: ignore[arg-type]


def reasons(*documents: ListedInvoice, ore: int = 10_000, kind: str = "sale") -> list[str]:
    """What is said of one line of order 1001."""
    settled = payout(line(ore, kind, reference="1001"))
    found = unmatched_lines(
        [settled], {"1001": documents} if documents else {}, "demo", summed_up=False
    )
    return [item.reason for item in found]


def test_a_sale_with_its_document_is_matched() -> None:
    """A correct payout would be a list of questions."""
    assert reasons(invoice(10_000)) == []
    assert reasons(invoice(9_900), invoice(10_000, document_number="18")) == []


def test_a_settled_sale_that_was_never_booked_is_listed() -> None:
    """Revenue would be missing, and the clearing account wrong for ever."""
    assert reasons() == ["no document in Fortnox carries demo:1001"]
    assert reasons(invoice(10_000, cancelled=True)) == ["no document in Fortnox carries demo:1001"]


def test_another_amount_is_listed() -> None:
    """An order that was edited after it was paid."""
    assert reasons(invoice(9_900)) == ["settled with 100.00, and invoice 17 of order 1001 is 99.00"]


def test_a_sale_in_a_day_voucher_has_no_document() -> None:
    """Each sale of a day voucher would be a question."""
    settled = payout(line(10_000, reference="1001"))
    assert unmatched_lines([settled], {}, "demo", summed_up=True) == []


def test_disputes_and_lines_without_an_order_are_listed() -> None:
    """Nobody would book the loss."""
    assert "neither sale, refund nor fee" in reasons(ore=-500, kind="other")[0]
    found = unmatched_lines([payout(line(1))], {}, "demo", summed_up=False)
    assert [item.reason for item in found] == ["names no order"]
    assert reasons(kind="refund") == []


def test_orders_to_look_up_are_those_of_sales() -> None:
    """A look-up per line would be a request per line."""
    settled = payout(line(1, reference="7"), line(2, reference="7"), line(-1, "fee", reference="8"))
    assert order_references([settled]) == ["7"]


def test_balance_of_a_clearing_account() -> None:
    """Opening + sales - refunds - fees - payouts = closing, as the accountant checks it."""
    balance = clearing_balance(
        1686,
        ["stripe"],
        opening_ore=1_000,
        amounts={("B", 1): 25_000, ("C", 2): -500, ("A", 7): -24_000},
        ours={("A", 7): Settled(paid_out_ore=23_400, fees_ore=600)},
    )
    assert (balance.sales_ore, balance.refunds_ore) == (25_000, 500)
    assert (balance.fees_ore, balance.payouts_ore) == (600, 23_400)
    assert balance.closing_ore == balance.ledger_ore == 1_500
    assert balance.difference_ore == 0


def test_a_wrong_voucher_shows_in_the_balance() -> None:
    """A voucher that somebody changed would leave the proof green."""
    balance = clearing_balance(
        1686,
        ["stripe"],
        opening_ore=0,
        amounts={("A", 7): -24_001},
        ours={("A", 7): Settled(paid_out_ore=23_400, fees_ore=600)},
    )
    assert balance.difference_ore == -1


@given(
    opening=st.integers(-10_000, 10_000),
    others=st.lists(st.integers(-5_000, 5_000), max_size=8),
    gone=st.integers(-5_000, 5_000),
    settled=st.tuples(st.integers(-5_000, 5_000), st.integers(0, 500)),
)
def test_the_balance_always_adds_up(
    opening: int, others: list[int], gone: int, settled: tuple[int, int]
) -> None:
    """Whatever others posted, vouchers as the reports say them leave no difference."""
    paid, fees = settled
    amounts = {("B", number): ore for number, ore in enumerate(others)}
    amounts |= {("A", 1): -paid - fees, ("A", 2): gone}
    balance = clearing_balance(
        1686,
        ["stripe"],
        opening_ore=opening,
        amounts=amounts,
        ours={("A", 1): Settled(paid_out_ore=paid, fees_ore=fees), ("A", 2): None},
    )
    assert balance.difference_ore == 0
