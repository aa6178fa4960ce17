"""The company's request rate: evenly paced, never a burst.

Fortnox permits 25 requests in any 5 s per client id and company (sliding window), and users saw
24 hold. One process at a time talks to a company (its one-slot pool), but a process may begin
right after another one used its window up: a burst at its start would then pass the limit, an
even pace never does.
"""

import threading
import time
from collections import deque
from collections.abc import Callable


class Pacer:
    """Lets one request start per ``window_s / per_window`` seconds. Safe for several threads.

    Starts lie on a grid. A start that comes late by up to half a step does not move the grid, so
    that slow answers and coarse sleeps cost no rate; a longer pause begins a new grid. Hence any
    stretch of ``window_s`` holds at most ``per_window + 1`` starts. A thread that a busy machine
    wakes late would come together with those after it; so what was really started is counted too,
    and nobody starts as one more than that.

    Args:
        per_window: Requests per window.
        window_s: Length of the window in seconds.
        clock: A monotonic clock in seconds.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self,
        per_window: int = 24,
        window_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if per_window < 1:
            raise ValueError("at least one request per window is needed")
        self._step_s = window_s / per_window
        self._window_s = window_s + self._step_s / 2
        self._starts: deque[float] = deque(maxlen=per_window + 1)
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next_slot_s: float | None = None
        self._resume_s = float("-inf")

    def wait(self) -> float:
        """Wait for this caller's turn.

        Returns:
            The seconds waited.
        """
        waited_s = 0.0
        while True:
            slot, pause_s = self._reserve()
            if pause_s > 0:
                self._sleep(pause_s)
            waited_s += pause_s
            while early_s := self._start(slot):
                self._sleep(early_s)
                waited_s += early_s
            if early_s is not None:
                return waited_s

    def _start(self, slot: float) -> float | None:
        """Note a start at this moment, and return 0; else the seconds that it comes too early.

        None: the turn was taken away, queue anew.
        """
        with self._lock:
            if slot < self._resume_s:
                return None
            now = self._clock()
            if len(self._starts) == self._starts.maxlen:
                early_s = self._starts[0] + self._window_s - now
                if early_s > 0:
                    return early_s
            self._starts.append(now)
            return 0.0

    def _reserve(self) -> tuple[float, float]:
        """The next free slot, and the seconds until it."""
        with self._lock:
            now = self._clock()
            slot = now if self._next_slot_s is None else self._next_slot_s
            if now - slot > self._step_s / 2:
                slot = now
            self._next_slot_s = slot + self._step_s
            return slot, max(0.0, slot - now)

    def hold_back(self, seconds: float) -> None:
        """Let nobody start for so many seconds: Fortnox said 429, to this process as a whole.

        Who has a turn before that already, and waits for it, queues anew.
        """
        with self._lock:
            self._resume_s = max(self._resume_s, self._clock() + seconds)
            self._next_slot_s = max(self._resume_s, self._next_slot_s or self._resume_s)
