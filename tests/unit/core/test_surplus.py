"""Which of several documents of one sale survives."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fortnox.core.documents import ListedInvoice
from fortnox.core.surplus import settle

SALE = ListedInvoice(
    document_number="1",
    reference="demo:1001",
    day_reference="demo:2026-05-04:0123456789ab",
    total_ore=12500,
    balance_ore=12500,
    currency="SEK",
    invoice_date=date(2026, 5, 4),
    booked=False,
    cancelled=False,
    voucher_series="",
    voucher_number=None,
    voucher_year=None,
)
STATES = st.sampled_from(["unbooked", "booked", "paid", "cancelled", "credit", "booked credit"])


def document(number: int, state: str) -> ListedInvoice:
    sign = -1 if "credit" in state else 1
    return replace(
        SALE,
        document_number=str(number),
        total_ore=sign * 12500,
        balance_ore=0 if state == "paid" else sign * 12500,
        booked="booked" in state.split(),
        cancelled=state == "cancelled",
    )


@given(st.lists(STATES, max_size=6))
def test_every_live_sale_but_one_goes_and_nothing_else(states: list[str]):
    """Cancelling a booked, paid, cancelled or credit document would be wrong or refused."""
    documents = [document(number, state) for number, state in enumerate(states, start=1)]
    settlement = settle(documents)
    live = [d for d in documents if not d.cancelled and d.total_ore > 0]
    kept = [settlement.survivor] if settlement.survivor else []
    parts = [*kept, *settlement.cancel, *settlement.double_booked, *settlement.credited]
    assert sorted(d.document_number for d in parts) == [d.document_number for d in live]
    assert all(d.is_in_ledger for d in settlement.double_booked)
    assert not any(d.is_in_ledger for d in settlement.cancel)
    if any(d.booked for d in live):
        assert settlement.survivor is not None
        assert settlement.survivor.booked


@given(st.lists(STATES, max_size=6))
def test_a_credit_takes_back_one_duplicate_and_never_the_last_sale(states: list[str]):
    """Somebody did what the report told them: the day must then be green, and stay booked."""
    documents = [document(number, state) for number, state in enumerate(states, start=1)]
    settlement = settle(documents)
    in_books = [d for d in documents if d.total_ore > 0 and not d.cancelled and d.is_in_ledger]
    credits_ = states.count("booked credit")
    assert len(settlement.credited) == min(credits_, max(len(in_books) - 1, 0))
    assert settlement.survivor not in settlement.credited
    assert not set(settlement.credited) & set(settlement.double_booked)


def test_a_credit_of_another_amount_takes_no_duplicate_back():
    """Half a credit leaves half a duplicate in the books: still a person's."""
    twice = [document(1, "booked"), document(2, "booked")]
    half = replace(document(3, "booked credit"), total_ore=-6000)
    assert settle([*twice, half]).double_booked == (twice[1],)
    abroad = replace(document(3, "booked credit"), currency="EUR")
    assert settle([*twice, abroad]).double_booked == (twice[1],)
