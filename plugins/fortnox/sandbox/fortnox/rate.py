"""The sliding window: 25 requests per 5 seconds, per client id and tenant."""

from collections import deque

from fortnox.sandbox.fortnox.unknowns import Switches


class SlidingWindow:
    """Counts the requests of one client and tenant."""

    def __init__(self) -> None:
        self._hits_s: deque[float] = deque()

    def admit(self, now_s: float, switches: Switches) -> bool:
        """Count a request made now; False when it is one too many.

        Args:
            now_s: Monotonic seconds.
            switches: ``rate_limit``, ``rate_window_s`` and ``refused_requests_count``.
        """
        if switches.rate_limit <= 0:
            return True
        while self._hits_s and now_s - self._hits_s[0] >= switches.rate_window_s:
            self._hits_s.popleft()
        admitted = len(self._hits_s) < switches.rate_limit
        if admitted or switches.refused_requests_count:
            self._hits_s.append(now_s)
        return admitted
