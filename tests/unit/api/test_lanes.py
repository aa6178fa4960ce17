"""Documents side by side: as many at once as there are lanes, and none after the work stopped."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest
from tests.support.builders import shop_row
from tests.support.once import Company, a_company, books, quick_client, small_day, writes

from fortnox.api.apply import apply_invoices
from fortnox.api.lanes import Lanes
from fortnox.api.limiter import Pacer
from fortnox.core.errors import FatalError

WAIT_S = 10


def test_as_many_at_once_as_there_are_lanes() -> None:
    """One request at a time uses a third of the rate that Fortnox permits."""
    meeting = threading.Barrier(4)
    taken: list[int] = []
    Lanes(4).each(lambda _: meeting.wait(WAIT_S), range(8), lambda item, _: taken.append(item))
    assert taken == list(range(8))


def test_results_come_in_the_order_of_the_items() -> None:
    """A report whose held documents stand in another order each time can't be compared."""
    later = threading.Event()
    taken: list[tuple[int, int]] = []

    def act(item: int) -> int:
        if item == 0:
            assert later.wait(WAIT_S)
        if item == 3:
            later.set()
        return item * 10

    Lanes(4).each(act, range(4), lambda item, result: taken.append((item, result)))
    assert taken == [(0, 0), (1, 10), (2, 20), (3, 30)]


@pytest.mark.parametrize("width", [1, 3])
def test_nothing_is_begun_after_an_error(width: int) -> None:
    """With keys that Fortnox took back a thousand documents would each be refused."""
    begun = count()
    others_may_end = threading.Event()

    def act(item: int) -> None:
        next(begun)
        if item == 1:
            # What is on its way is waited for; that it is not taken yet keeps nobody from stopping.
            threading.Timer(0.3, others_may_end.set).start()
            raise FatalError("the keys were taken back")
        if width > 1:
            assert others_may_end.wait(WAIT_S)

    with pytest.raises(FatalError):
        Lanes(width).each(act, range(1000), lambda *_: None)
    assert next(begun) <= width + 1


@pytest.mark.parametrize("width", [1, 3])
def test_who_takes_the_results_can_stop_the_work(width: int) -> None:
    """Three documents without an answer mean that Fortnox is ill: the others must wait."""
    begun = count()
    gate = threading.Semaphore(width)

    def act(item: int) -> int:
        next(begun)
        assert gate.acquire(timeout=WAIT_S)
        return item

    def take(item: int, _: int) -> None:
        gate.release()
        if item == 2:
            for _ in range(width):
                gate.release()
            raise FatalError("Fortnox is ill")

    with pytest.raises(FatalError):
        Lanes(width).each(act, range(1000), take)
    assert next(begun) <= 2 * width + 4


def test_no_lane_is_refused() -> None:
    """Zero lanes would wait for ever."""
    with pytest.raises(ValueError, match="at least one"):
        Lanes(0)


def test_readings_are_under_way_together() -> None:
    """Six lists of 1.5 s before the first write are nine seconds in which nothing is written."""
    meeting = threading.Barrier(3)
    with Lanes(3).asking() as ask:
        answers = [ask(lambda: meeting.wait(WAIT_S) >= 0) for _ in range(3)]
        assert [answer() for answer in answers] == [True] * 3


@pytest.mark.parametrize("width", [1, 3])
def test_a_reading_that_fails_is_told_and_ends_the_others(width: int) -> None:
    """Without an answer to one of the questions nothing may be decided."""
    begun = count()

    def fail() -> None:
        raise FatalError("no right to read orders")

    def read() -> None:
        with Lanes(width).asking() as ask:
            ask(fail)()
            ask(lambda: next(begun))

    with pytest.raises(FatalError, match="no right"):
        read()
    assert next(begun) == 0


def test_who_waits_for_a_turn_queues_anew_after_a_429() -> None:
    """Sixteen lanes that had their turns already would each be refused once more."""
    now = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        if not slept:
            pacer.hold_back(30.0)
        slept.append(seconds)
        now[0] += seconds

    pacer = Pacer(per_window=5, window_s=5.0, clock=lambda: now[0], sleep=sleep)
    now[0] = 1.0
    pacer.wait()
    pacer.wait()
    assert now[0] == pytest.approx(31.0)


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    """A company that knows the shop."""
    with a_company() as made:
        yield made


def test_books_are_the_same_side_by_side(company: Company) -> None:
    """A day applied in lanes must stand in Fortnox once, with each customer made once."""
    day = small_day(24, first=2001)
    again = small_day(8, first=2025)
    client = quick_client(company, lanes=8, pacer=Pacer(per_window=10_000), timeout_s=(5, 5))
    outcome = apply_invoices(client, shop_row(), day, sleep=lambda _: None)
    assert (outcome.created, outcome.booked, outcome.held) == (24, 24, [])
    made = [path for path in writes(company) if path == "POST /3/customers"]
    assert len(made) == 2  # ada bought yesterday too
    before = books(company)
    repeated = apply_invoices(client, shop_row(), [*day, *again], sleep=lambda _: None)
    assert (repeated.created, repeated.unchanged) == (8, 24)
    assert set(before.documents) <= set(books(company).documents)
    assert books(company).unbooked == 0
