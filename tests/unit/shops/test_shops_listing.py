"""Walking a time span while the shop goes on selling."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fortnox.core.errors import UnreachableError
from fortnox.shops.listing import Batch, walk


class Shop:
    """Orders by id with their second; something may happen before each answer."""

    def __init__(self, seconds: dict[int, int], per_page: int = 10) -> None:
        self.seconds = seconds
        self.per_page = per_page
        self.requests = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def ask(self, start_s: int, end_s: int, page: int) -> Batch:
        """Answers as a shop does: one query, sorted by id."""
        self.requests += 1
        if self.requests > 1:
            self.meanwhile()
        ids = sorted(id_ for id_, second in self.seconds.items() if start_s <= second < end_s)
        first = (page - 1) * self.per_page
        return Batch(
            items=[{"id": id_} for id_ in ids[first : first + self.per_page]],
            total=len(ids),
            per_page=self.per_page,
        )


def ids(shop: Shop, start_s: int, end_s: int) -> list[int]:
    """Ids in the order in which they came."""
    return [item["id"] for item in walk(shop.ask, start_s, end_s)]


def test_small_span_is_one_request() -> None:
    """A quiet hour would cost more requests than it has orders."""
    shop = Shop({1: 100, 2: 3000})
    assert ids(shop, 0, 3600) == [1, 2]
    assert shop.requests == 1


def test_empty_span_is_one_request() -> None:
    """A day without orders must end."""
    shop = Shop({})
    assert ids(shop, 0, 86400) == []
    assert shop.requests == 1


def test_many_in_one_second_all_come() -> None:
    """A bulk edit gives hundreds of orders the same second: those past a page would be lost."""
    shop = Shop(dict.fromkeys(range(1, 58), 500) | {100: 499, 101: 501})
    assert sorted(ids(shop, 0, 3600)) == [*range(1, 58), 100, 101]


@pytest.mark.parametrize("at_request", range(2, 26))
@pytest.mark.parametrize("leaving", [1, 25, 57])
def test_edit_between_pages_of_one_second(at_request: int, leaving: int) -> None:
    """An order that is edited leaves the second; the one after it would slip past the reader."""
    shop = Shop(dict.fromkeys(range(1, 58), 500))

    def meanwhile() -> None:
        if shop.requests == at_request:
            shop.seconds[leaving] = 9999

    shop.meanwhile = meanwhile
    found = ids(shop, 0, 3600)
    assert len(found) == len(set(found))
    assert set(found) >= set(range(1, 58)) - {leaving}


@settings(deadline=None)
@given(
    seconds=st.dictionaries(
        st.integers(1, 400), st.integers(0, 199) | st.just(77), min_size=1, max_size=120
    ),
    seed=st.integers(0, 2**32),
)
def test_untouched_orders_come_once_whatever_happens(seconds: dict[int, int], seed: int) -> None:
    """An order would be lost, or come twice, when others are made, edited or deleted meanwhile."""
    shop = Shop(dict(seconds))
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    touched: set[int] = set()

    def meanwhile() -> None:
        at_hand = sorted(shop.seconds)
        if at_hand and chance.random() < 0.7:
            order = chance.choice(at_hand)
            touched.add(order)
            if chance.random() < 0.5:
                del shop.seconds[order]
            else:
                shop.seconds[order] = 200 + chance.randrange(100)
        if chance.random() < 0.3:
            shop.seconds[1000 + shop.requests] = 200 + chance.randrange(100)

    shop.meanwhile = meanwhile
    found = ids(shop, 0, 200)
    assert len(found) == len(set(found))
    assert set(found) >= set(seconds) - touched
    assert set(found) <= set(seconds)


@given(count=st.integers(0, 600), seed=st.integers(0, 2**32))
def test_cost_stays_in_proportion(count: int, seed: int) -> None:
    """A long look-back must not cost a request per second or per order."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    shop = Shop({id_: chance.randrange(10_000) for id_ in range(count)}, per_page=100)
    assert sorted(ids(shop, 0, 10_000)) == list(range(count))
    assert shop.requests <= 4 + count // 25


def test_answers_that_shrink_on_the_way() -> None:
    """A shop that times out is asked for less at a time: pages move and orders would be skipped."""
    shop = Shop(dict.fromkeys(range(1, 58), 500))

    def meanwhile() -> None:
        if shop.requests == 14:
            shop.per_page = 5

    shop.meanwhile = meanwhile
    assert sorted(ids(shop, 0, 3600)) == list(range(1, 58))


def test_second_that_never_rests_is_an_error() -> None:
    """A list that grows on every reading can't be trusted to be whole."""
    shop = Shop(dict.fromkeys(range(1, 58), 500))
    shop.meanwhile = lambda: shop.seconds.update({1000 + shop.requests: 500})
    with pytest.raises(UnreachableError, match="kept changing"):
        ids(shop, 500, 501)
