"""The rule of the pace, over values: several hosts take their turns from one memory."""

import heapq

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fortnox.api.pace import Rate, Starts, hold_back, reserve, start

RATE = Rate(per_window=24, window_s=5.0)
PERMITTED = 25


def most_in_a_window(starts: list[float]) -> int:
    """The fullest stretch of 5 s."""
    return max(sum(first <= s < first + 5.0 - 1e-6 for s in starts) for first in starts)


@settings(max_examples=60, deadline=None)
@given(
    late_s=st.lists(
        st.sampled_from((0.0, 0.001, 0.02, 0.3, 4.0)) | st.floats(0, 1), min_size=60, max_size=120
    ),
    processes=st.integers(1, 4),
)
def test_processes_that_share_a_memory_stay_within_the_limit(
    late_s: list[float], processes: int
) -> None:
    """Two tasks of one company on two hosts would each take the whole rate, and get 429s."""
    memory, made = Starts(), []
    # (moment of waking, process, its place or none)
    waking: list[tuple[float, int, float | None]] = [(0.0, n, None) for n in range(processes)]
    for late in late_s:
        now, process, slot = heapq.heappop(waking)
        early: float | None = None
        if slot is not None:
            memory, early = start(RATE, memory, slot, now)
        if early == 0.0:
            made.append(now)
        if early:
            heapq.heappush(waking, (now + early, process, slot))
            continue
        memory, place = reserve(RATE, memory, now)
        heapq.heappush(waking, (max(now, place) + late, process, place))

    assert most_in_a_window(made) <= PERMITTED


def test_what_one_process_used_counts_for_the_next_one() -> None:
    """A task on another host would begin with a burst right after the first one's."""
    memory = Starts()
    memory, first = reserve(RATE, memory, 100.0)
    memory, _ = start(RATE, memory, first, 100.0)

    _, second = reserve(RATE, memory, 100.01)

    assert second == pytest.approx(100.0 + 5 / 24)


def test_a_refusal_holds_back_who_waits_for_a_turn_already() -> None:
    """After a 429 the places given out before would still be used, and refused again."""
    memory, place = reserve(RATE, Starts(), 100.0)

    memory = hold_back(memory, 107.0)

    assert start(RATE, memory, place, 100.0) == (memory, None)
    assert reserve(RATE, memory, 100.0)[1] == 107.0
