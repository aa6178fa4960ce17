"""Lets the requests of a company start at its even pace (:mod:`fortnox.api.pace`).

One process at a time talks to a company, so what a process remembers is enough. Where the pool
has more slots, the memory is a shared one (:mod:`fortnox.api.shared_pace`).
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from fortnox.api import pace
from fortnox.api.pace import Rate, Starts

T = TypeVar("T")


class Pacing(Protocol):
    """Somebody who gives out turns. Safe for several threads."""

    def wait(self) -> float:
        """Wait for this caller's turn; the seconds waited."""

    def hold_back(self, seconds: float) -> None:
        """Let nobody start for so many seconds: Fortnox said 429."""


class Memory(Protocol):
    """Keeps what was started, and changes it for one caller at a time."""

    def change(self, step: Callable[[Starts, float], tuple[Starts, T]]) -> T:
        """Give the present value and the moment (seconds) to a pure step, and keep its answer."""


class OwnMemory:
    """What this process remembers.

    Args:
        starts: To begin with.
        clock: A monotonic clock in seconds.
    """

    def __init__(self, starts: Starts, clock: Callable[[], float]) -> None:
        self._starts = starts
        self._clock = clock
        self._lock = threading.Lock()

    def change(self, step: Callable[[Starts, float], tuple[Starts, T]]) -> T:
        """See :class:`Memory`."""
        with self._lock:
            self._starts, answer = step(self._starts, self._clock())
        return answer


class Pacer:
    """Lets one request start per ``window_s / per_window`` seconds. Safe for several threads.

    Args:
        per_window: Requests per window.
        window_s: Length of the window in seconds.
        clock: A monotonic clock in seconds.
        sleep: Waits for so many seconds.
        memory: Where the starts are kept; of this process, by ``clock``, if None.
    """

    def __init__(
        self,
        per_window: int = 24,
        window_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        memory: Memory | None = None,
    ) -> None:
        self._rate = Rate(per_window=per_window, window_s=window_s)
        self._memory = memory or OwnMemory(pace.begin(self._rate, clock()), clock)
        self._sleep = sleep

    def wait(self) -> float:
        """Wait for this caller's turn.

        Returns:
            The seconds waited.
        """
        waited_s = 0.0
        while True:
            slot_s, pause_s = self._memory.change(self._reserve)
            if pause_s > 0:
                self._sleep(pause_s)
            waited_s += pause_s
            while early_s := self._start(slot_s):
                self._sleep(early_s)
                waited_s += early_s
            if early_s is not None:
                return waited_s

    def hold_back(self, seconds: float) -> None:
        """Let nobody start for so many seconds: Fortnox said 429, to all together.

        Who has a turn before that already, and waits for it, queues anew.
        """
        self._memory.change(lambda starts, now_s: (pace.hold_back(starts, now_s + seconds), None))

    def _reserve(self, starts: Starts, now_s: float) -> tuple[Starts, tuple[float, float]]:
        """The next free slot, and the seconds until it."""
        starts, slot_s = pace.reserve(self._rate, starts, now_s)
        return starts, (slot_s, max(0.0, slot_s - now_s))

    def _start(self, slot_s: float) -> float | None:
        return self._memory.change(
            lambda starts, now_s: pace.start(self._rate, starts, slot_s, now_s)
        )
