"""The even pace as a rule over values: who may start when, after what was started before.

Fortnox permits 25 requests in any 5 s per client id and company (sliding window), and users saw
24 hold. One process at a time talks to a company (its one-slot pool), but a process may begin
right after another one used its window up: a burst at its start would then pass the limit, an
even pace never does. Who keeps the values, and for how many processes, is the limiter's business.
"""

from dataclasses import dataclass, replace

# Fortnox counts when a request arrives, we when it starts: one that is a while on its way comes
# closer to those after it. So much of a step (0.19 s) may it be late for nothing; a whole one
# would let every start that is woken late move the grid.
_ROOM = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests in so many seconds.

    Raises:
        ValueError: None at all, so that everybody would wait for ever.
    """

    per_window: int
    window_s: float

    def __post_init__(self) -> None:
        if self.per_window < 1:
            raise ValueError("at least one request per window is needed")

    @property
    def step_s(self) -> float:
        """Seconds from one start to the next."""
        return self.window_s / self.per_window


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """What was granted and started so far; all in seconds of one clock.

    Attributes:
        next_slot_s: The next free place on the grid; None before the first.
        resume_s: Nobody starts before this moment.
        started_s: When the last ones really started, at most ``per_window + 1`` of them.
    """

    next_slot_s: float | None = None
    resume_s: float = 0.0
    started_s: tuple[float, ...] = ()


def begin(rate: Rate, now_s: float) -> Starts:
    """Who knows nothing of the one before lets a step pass: that one may have started just now.

    Its starts and the first of this one would else be one more than the window holds.
    """
    # A monotonic clock may begin anywhere.
    return Starts(next_slot_s=now_s + rate.step_s, resume_s=float("-inf"))


def reserve(rate: Rate, starts: Starts, now_s: float) -> tuple[Starts, float]:
    """The next place on the grid, for this caller alone.

    A start that comes late by up to half a step does not move the grid, so that slow answers and
    coarse sleeps cost no rate; a longer pause begins a new grid. Hence any window holds at most
    ``per_window + 1`` starts.
    """
    slot_s = now_s if starts.next_slot_s is None else starts.next_slot_s
    if now_s - slot_s > rate.step_s / 2:
        slot_s = now_s
    return replace(starts, next_slot_s=slot_s + rate.step_s), slot_s


def start(rate: Rate, starts: Starts, slot_s: float, now_s: float) -> tuple[Starts, float | None]:
    """Note a start at this moment, or say why not.

    Who is woken late on a busy machine would come together with those after it; so what was
    really started counts too, and nobody starts as one more than ``per_window + 1``.

    Returns:
        Seconds that the start comes too early, 0 when it is noted; None: the place was taken
        away, reserve anew.
    """
    if slot_s < starts.resume_s:
        return starts, None
    most = rate.per_window + 1
    if len(starts.started_s) >= most:
        early_s = starts.started_s[-most] + rate.window_s + rate.step_s * _ROOM - now_s
        if early_s > 0:
            return starts, early_s
    return replace(starts, started_s=(*starts.started_s, now_s)[-most:]), 0.0


def hold_back(starts: Starts, until_s: float) -> Starts:
    """Nobody starts before this moment, and who has a place before it reserves anew."""
    resume_s = max(starts.resume_s, until_s)
    return replace(
        starts, resume_s=resume_s, next_slot_s=max(resume_s, starts.next_slot_s or resume_s)
    )
