"""The pace: never over Fortnox's limit, never wasting it."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fortnox.api.limiter import Pacer

WINDOW_S = 5.0
PERMITTED = 25


class FakeTime:
    """A clock that moves when somebody sleeps, or when a request takes its time."""

    def __init__(self, overshoot_s: float = 0.0) -> None:
        self.now_s = 1000.0
        self.overshoot_s = overshoot_s

    def clock(self) -> float:
        """Seconds."""
        return self.now_s

    def sleep(self, seconds: float) -> None:
        """As coarse as a real sleep."""
        assert seconds > 0
        self.now_s += seconds + self.overshoot_s


def starts_of(time: FakeTime, durations_s: list[float]) -> list[float]:
    """When requests start that take so long each."""
    pacer = Pacer(clock=time.clock, sleep=time.sleep)
    starts = []
    for duration_s in durations_s:
        pacer.wait()
        starts.append(time.now_s)
        time.now_s += duration_s
    return starts


def most_in_a_window(starts: list[float]) -> int:
    """The fullest stretch of 5 s."""
    # A hair shorter than the window, so that float noise at its edge does not count.
    return max(sum(first <= s < first + WINDOW_S - 1e-6 for s in starts) for first in starts)


@settings(max_examples=60, deadline=None)
@given(
    durations_s=st.lists(st.floats(0, 0.4) | st.floats(0, 8), min_size=1, max_size=120),
    overshoot_s=st.floats(0, 0.02),
)
def test_no_window_holds_more_than_fortnox_permits(
    durations_s: list[float], overshoot_s: float
) -> None:
    """However fast or slow the answers are, a 429 would mean that we broke the limit."""
    starts = starts_of(FakeTime(overshoot_s), durations_s)

    assert most_in_a_window(starts) <= PERMITTED


@pytest.mark.parametrize("overshoot_s", [0.0, 0.001, 0.01])
def test_at_least_95_percent_of_the_permitted_rate_is_used(overshoot_s: float) -> None:
    """A first sync of thousands of orders would take longer than it must."""
    starts = starts_of(FakeTime(overshoot_s), [0.15] * 2000)

    used = (len(starts) - 1) / (starts[-1] - starts[0])

    assert used >= 0.95 * PERMITTED / WINDOW_S


def test_a_new_process_begins_without_a_burst() -> None:
    """Two tasks right after one another would together send 50 requests in 5 s."""
    starts = starts_of(FakeTime(), [0.0] * 10)

    assert all(later - earlier >= 0.2 for earlier, later in pairwise(starts))


@settings(max_examples=60, deadline=None)
@given(
    requests=st.lists(st.integers(1, 60), min_size=2, max_size=12),
    overshoot_s=st.floats(0, 0.02),
)
def test_tasks_on_several_hosts_one_right_after_another_stay_within_the_limit(
    requests: list[int], overshoot_s: float
) -> None:
    """The second host knows nothing of what the first one used, and would get a 429."""
    time, starts = FakeTime(overshoot_s), []
    for count in requests:
        pacer = Pacer(clock=time.clock, sleep=time.sleep)
        for _ in range(count):
            pacer.wait()
            starts.append(time.now_s)

    assert most_in_a_window(starts) <= PERMITTED


def test_after_a_pause_there_is_no_catching_up() -> None:
    """Requests saved up during a long answer would come out as a burst."""
    starts = starts_of(FakeTime(), [30.0, 0, 0, 0])

    assert starts[2] - starts[1] >= 0.2


def test_one_slow_answer_is_not_made_up_for_by_a_burst() -> None:
    """Catching up by more than half a step would put 26 requests into 5 s."""
    starts = starts_of(FakeTime(), [0.2] * 10 + [0.62] + [0.0] * 40)

    assert most_in_a_window(starts) <= PERMITTED


def test_holding_back_stops_everybody() -> None:
    """After a 429 another thread would go on asking and keep the company over its limit."""
    time = FakeTime()
    pacer = Pacer(clock=time.clock, sleep=time.sleep)
    pacer.wait()

    pacer.hold_back(7)

    assert pacer.wait() == pytest.approx(7)


def test_threads_share_one_pace() -> None:
    """Several threads of one task would each take the company's whole rate."""
    slept_s: list[float] = []
    pacer = Pacer(per_window=10, window_s=1.0, clock=lambda: 0.0, sleep=slept_s.append)
    threads = [threading.Thread(target=pacer.wait) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(slept_s) == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])


def test_a_rate_of_nothing_is_refused() -> None:
    """A typing error in the connection would make every task wait for ever."""
    with pytest.raises(ValueError, match="at least one request"):
        Pacer(per_window=0)


@settings(max_examples=40, deadline=None)
@given(late=st.lists(st.integers(0, 12), min_size=8, max_size=24))
def test_threads_that_wake_late_do_not_come_in_a_bunch(late: list[int]) -> None:
    """On a busy machine sixteen lanes wake late, together: each would be refused with a 429."""
    time = FakeTime()
    starts: list[float] = []
    asleep = 0

    def sleep(seconds: float) -> None:
        nonlocal asleep
        time.sleep(seconds)
        if asleep < 8 and late:
            # While this one sleeps on, so many others have their turns, or sleep on themselves.
            asleep += 1
            for _ in range(late.pop()):
                start()
            asleep -= 1

    pacer = Pacer(clock=time.clock, sleep=sleep)

    def start() -> None:
        pacer.wait()
        starts.append(time.now_s)

    for _ in range(80):
        start()
    assert most_in_a_window(starts) <= PERMITTED
