"""Customer cards begun ahead of their documents, so that the end of a step waits for nothing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.support.once import TODAY

from fortnox.api.cards_ahead import CardAhead, with_cards_ahead
from fortnox.core.actions import Action, ActionKind
from fortnox.core.customer_match import CustomerChoice


def to_make(index: int, buyer: int, *, has_new_card: bool) -> Action:
    """A document of one of a few buyers."""
    number = f"demo-{buyer}"
    wish = replace(TODAY[0].customer, number=number)
    invoice = replace(TODAY[0], order_id=str(index), customer=wish)
    choice = CustomerChoice(number=number, create=has_new_card)
    return Action(kind=ActionKind.CREATE, invoice=invoice, reason="", customer=choice)


@st.composite
def days(draw: st.DrawFn) -> list[Action]:
    """Orders of new and of known buyers, some of whom bought several times."""
    buyers = draw(st.lists(st.integers(0, 9), max_size=40))
    return [to_make(at, buyer, has_new_card=buyer % 3 > 0) for at, buyer in enumerate(buyers)]


@given(day=days(), ahead=st.integers(1, 20))
def test_each_new_card_is_begun_once_and_before_its_documents(day: list[Action], ahead: int):
    """A card begun twice is a request too many; one begun late keeps its document waiting."""
    order = list(with_cards_ahead(day, ahead))
    assert [one for one in order if isinstance(one, Action)] == day
    cards = [one.action.invoice.customer.number for one in order if isinstance(one, CardAhead)]
    needed = [a.invoice.customer.number for a in day if a.customer and a.customer.create]
    assert cards == list(dict.fromkeys(needed))
    for at, one in enumerate(order):
        if isinstance(one, CardAhead):
            until = order.index(one.action)
            assert until > at
            assert sum(isinstance(other, Action) for other in order[at:until]) < ahead


@given(day=days())
def test_one_lane_makes_each_card_right_before_its_document(day: list[Action]):
    """One after the other there is no wait to fill, and a card made early is made for nothing."""
    order = list(with_cards_ahead(day, 1))
    for at, one in enumerate(order):
        if isinstance(one, CardAhead):
            assert order[at + 1] is one.action


def test_documents_see_to_their_cards_where_the_filter_is_not_proven():
    """There the document may stand already, which is asked before its card is made."""
    day = [to_make(1, 1, has_new_card=True), to_make(2, 2, has_new_card=True)]
    assert list(with_cards_ahead(day, 0)) == day
