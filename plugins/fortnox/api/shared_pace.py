"""One pace for all processes that talk to a company, on whichever host: kept in Redis.

Only where a company's pool has more than one slot. The rule is the same as within a process; the
clock is Redis's own, so that hosts need not agree on the time. A change is one transaction that
is tried again when somebody else's came between.

Without Redis each process goes on alone at a quarter of the rate, so that up to four of them stay
within the limit together; what Fortnox refuses nevertheless (429) was not carried out and is
waited out. Nothing else depends on Redis: what may be written, and by whom, the lease decides.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar, cast

from fortnox.api.limiter import Pacer, Pacing
from fortnox.api.pace import Starts
from fortnox.core.errors import FatalError

if TYPE_CHECKING:
    from redis import Redis

_log = logging.getLogger(__name__)

T = TypeVar("T")
#: How many processes may go on alone without passing the limit together.
ALONE_SHARE = 4
_TIMEOUT_S = 1.0
_ALONE_FOR_S = 30.0
_KEPT_MS = 600_000
_TRIES = 100
#: A queue and a refusal reach so far ahead at most.
_AHEAD_S = 300.0


class MemoryLostError(Exception):
    """Redis does not answer, or not with what is needed."""


class RedisMemory:
    """What all processes together have started, under one key of Redis.

    Args:
        client: Of the package ``redis``.
        key: One per client id and company.
    """

    def __init__(self, client: "Redis", key: str) -> None:
        self._client = client
        self._key = key
        # The lanes of this process would else be each other's rivals.
        self._lock = threading.Lock()

    def change(self, step: Callable[[Starts, float], tuple[Starts, T]]) -> T:
        """See :class:`fortnox.api.limiter.Memory`.

        Raises:
            MemoryLostError: Redis does not answer within a second, or others always come between.
        """
        from redis import RedisError  # noqa: PLC0415 - an extra: only where it is wanted

        try:
            with self._lock:
                return self._changed(step)
        except RedisError as error:
            # Its text may hold the address with a password.
            raise MemoryLostError(type(error).__name__) from None

    def _changed(self, step: Callable[[Starts, float], tuple[Starts, T]]) -> T:
        from redis import WatchError  # noqa: PLC0415

        with self._client.pipeline() as pipe:
            for _ in range(_TRIES):
                try:
                    pipe.watch(self._key)  # type: ignore[no-untyped-call]
                    seconds, microseconds = pipe.time()
                    now_s = seconds + microseconds / 1e6
                    kept = cast("bytes | None", pipe.get(self._key))
                    starts, answer = step(_read(kept, now_s), now_s)
                    pipe.multi()
                    pipe.set(self._key, json.dumps(asdict(starts)), px=_KEPT_MS)
                    pipe.execute()
                except WatchError:
                    continue
                return answer
        raise MemoryLostError("others always come between")


class SharedPacer:
    """The shared pace, and the careful one of this process when the shared one is lost.

    Args:
        shared: Over a memory that raises ``MemoryLostError``.
        alone: Over this process's memory, at its share of the rate.
        clock: A monotonic clock in seconds: for half a minute after a loss nobody asks again.
    """

    def __init__(
        self, shared: Pacing, alone: Pacing, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._shared = shared
        self._alone = alone
        self._clock = clock
        self._alone_until_s = float("-inf")

    def wait(self) -> float:
        """Wait for this caller's turn; the seconds waited."""
        if self._clock() >= self._alone_until_s:
            try:
                return self._shared.wait()
            except MemoryLostError as error:
                self._lose(error)
        return self._alone.wait()

    def hold_back(self, seconds: float) -> None:
        """Let nobody start for so many seconds, whichever pace holds then."""
        self._alone.hold_back(seconds)
        if self._clock() >= self._alone_until_s:
            try:
                self._shared.hold_back(seconds)
            except MemoryLostError as error:
                self._lose(error)

    def _lose(self, error: MemoryLostError) -> None:
        self._alone_until_s = self._clock() + _ALONE_FOR_S
        _log.warning(
            "The shared pace is lost (Redis: %s): this process goes on alone at a quarter of the "
            "rate, and asks again in %.0f s.",
            error,
            _ALONE_FOR_S,
        )


def shared_pacer(redis_url: str, key: str, requests_per_5s: int) -> SharedPacer:
    """The pace of one company, shared by all who name the same Redis and key.

    Args:
        redis_url: ``redis://`` or ``rediss://``, perhaps with a password.
        key: One per client id and company.
        requests_per_5s: For all together.

    Raises:
        FatalError: The package ``redis`` is missing, or the address is none.
    """
    memory = RedisMemory(connected(redis_url), key)
    return SharedPacer(
        Pacer(per_window=requests_per_5s, memory=memory),
        Pacer(per_window=max(1, requests_per_5s // ALONE_SHARE)),
    )


def connected(redis_url: str) -> "Redis":
    """A client that waits a second at most.

    Raises:
        FatalError: The package ``redis`` is missing, or the address is none.
    """
    try:
        from redis import Redis  # noqa: PLC0415 - an extra: only where it is wanted
    except ModuleNotFoundError as error:
        raise FatalError(
            "The shared pace needs the Python package redis.",
            remedy="Install the extra: airflow-provider-webshop-fortnox[redis].",
        ) from error
    try:
        return Redis.from_url(
            redis_url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S
        )
    except ValueError:
        # Its text would hold the address.
        raise FatalError(
            "The address of the shared pace's Redis is none.",
            remedy="Write it as redis://host:6379/0 or rediss://:password@host:6379/0.",
        ) from None


def answers(redis_url: str) -> bool:
    """Whether that Redis can be reached; errors as :func:`connected`."""
    from redis import RedisError  # noqa: PLC0415

    try:
        return bool(connected(redis_url).ping())
    except RedisError:
        return False


def _read(kept: bytes | None, now_s: float) -> Starts:
    """What is kept under the key; a fresh start when it is nothing of ours.

    Nor is it when it lies ahead of the clock: another Redis took over, or its clock was set back,
    and everybody would wait until the old time is reached again.
    """
    try:
        data = json.loads(kept or "{}")
        starts = Starts(**{**data, "started_s": tuple(data.get("started_s", ()))})
        ahead_s = max(starts.next_slot_s or now_s, *starts.started_s, now_s) - now_s
    except (ValueError, TypeError, AttributeError):
        return Starts()
    return starts if ahead_s <= _AHEAD_S else Starts()
