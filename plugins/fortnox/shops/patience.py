"""Asking a shop again: readings may be repeated, a bounded number of times and within a minute."""

import logging
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from fortnox.core.errors import UnreachableError
from fortnox.shops.http import Failure

logger = logging.getLogger(__name__)

PATIENCE_S = 60.0
_MOST_TRIES = 8

Answer = TypeVar("Answer")


class Patience:
    """How long and how often one reading is tried.

    Args:
        clock: Seconds since 1970.
        sleep: Waits so many seconds between tries.
        jitter: A number in ``[0, 1)``, so that several runs don't come back at once.
        patience_s: How long to wait between tries, all together; 0 = one try.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._patience_s = patience_s

    def ask(
        self,
        attempt: Callable[[], Answer | Failure],
        what: str,
        on_failure: Callable[[Failure], None] = lambda _: None,
    ) -> Answer:
        """Try until there is an answer.

        Args:
            attempt: One try.
            what: What is asked for, without secrets: a path, a method.
            on_failure: Told of each failed try, to make the next one differ.

        Raises:
            UnreachableError: No proper answer in all tries.
        """
        waited_s, backoff_s, tries = 0.0, 1.0, 0
        while True:
            outcome = attempt()
            if not isinstance(outcome, Failure):
                return outcome
            tries += 1
            on_failure(outcome)
            pause_s = max(backoff_s * (1.0 + 0.5 * self._jitter()), outcome.retry_after_s)
            if tries == _MOST_TRIES or waited_s + pause_s > self._patience_s:
                raise _given_up(what, outcome.seen, tries)
            logger.warning("Shop: %s on %s, next try in %.0f s", outcome.seen, what, pause_s)
            self._sleep(pause_s)
            waited_s += pause_s
            backoff_s *= 2

    def retry_after_s(self, header: str) -> float:
        """Seconds that the shop asks to wait: a number or a date; 0 when it says nothing."""
        if header.strip().isdecimal():
            return float(header)
        try:
            until = parsedate_to_datetime(header)
        except ValueError:
            return 0.0
        now = datetime.fromtimestamp(self._clock(), UTC)
        aware = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (aware - now).total_seconds())


def _given_up(what: str, seen: str, tries: int) -> UnreachableError:
    remedy = "Try again later; if it stays so, ask the shop's host."
    if "PHP messages" in seen:
        remedy = "Turn off WP_DEBUG_DISPLAY (display_errors) in the shop."
    return UnreachableError(
        f"The shop did not answer properly on {what}: {seen}, {tries} tries.", remedy=remedy
    )
