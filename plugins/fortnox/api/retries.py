"""How long to wait before asking again, and when to stop asking."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Backoff:
    """Growing pauses with jitter until a total time has passed.

    Jitter keeps several runs that met the same outage from coming back at the same moment.

    Args:
        limit_s: Seconds from the first failure to the last try.
        first_s: Longest first pause; each next one is twice as long, up to ``longest_s``.
        clock: Monotonic seconds.
        sleep: Waits so many seconds.
        jitter: Gives a number in ``[0, 1)``.
    """

    limit_s: float = 60.0
    first_s: float = 1.0
    longest_s: float = 15.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    _started_s: float | None = field(default=None, init=False)
    _tries: int = field(default=0, init=False)

    def wait(self) -> bool:
        """Pause before the next try.

        Returns:
            False, at once, when the time is used up.
        """
        now = self.clock()
        if self._started_s is None:
            self._started_s = now
        pause_s = min(self.longest_s, self.first_s * 2**self._tries) * (1 + self.jitter()) / 2
        if now + pause_s - self._started_s > self.limit_s:
            return False
        self._tries += 1
        self.sleep(pause_s)
        return True
