"""What goes wrong on demand, and a log of the traffic.

A rule says which request (method, path, the n-th match, how many times) and what happens to it.
Whether the request was *carried out* matters most to a client, so each kind says it:

==================  =======================================================  ==========
kind                the client sees                                          carried out
==================  =======================================================  ==========
refuse_before       connection closed without an answer                      no
drop_after          connection closed without an answer                      yes
status_before       ``status`` (500) with ``body``                           no
status_after        ``status`` (500) with ``body``                           yes
rate_limited        429, with ``retry_after`` if given                       no
slow                the true answer ``seconds`` later                        yes
html                ``status`` (200) with an HTML page                       no
truncated           half of the true answer, then the connection closes      yes
token_expired       401, and the access token is void from now on            no
garbage             ``status`` (200) with bytes that are no JSON             no
hang                nothing, until the client or ``seconds`` gives up        no
change_first        the true answer, after ``change`` with ``value``         yes
act_later           nothing for ``seconds``, then the true answer            yes, late
drop_then_act       connection closed at once, carried out ``seconds`` later yes, late
==================  =======================================================  ==========
"""

import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

from fortnox.sandbox.asgi import Scope

Kind = Literal[
    "refuse_before",
    "drop_after",
    "status_before",
    "status_after",
    "rate_limited",
    "slow",
    "html",
    "truncated",
    "token_expired",
    "act_later",
    "drop_then_act",
    "garbage",
    "hang",
    "change_first",
]
KINDS: tuple[str, ...] = get_args(Kind)
CONTROL_PREFIX = "/_sandbox"
_LOG_LENGTH = 200_000


@dataclass(kw_only=True)
class FaultRule:
    """One rule; see the module's table for the kinds.

    Args:
        kind: What happens.
        method: HTTP method, ``*`` for any.
        path: Regular expression searched in ``/path?query``.
        nth: The first match that is hit, counted from 1 since the rule was added.
        times: How many matches in a row are hit; 0 = all that follow.
        seconds: For slow, act_later, drop_then_act; for hang 0 = until the client gives up.
        status: For status_before, status_after, html, garbage; 0 = the kind's default.
        body: Text of the answer for status_before and status_after.
        retry_after: Seconds in the header ``Retry-After`` of rate_limited.
        change: What change_first does before the request, one of those that the book knows.
        value: With what, as text.
    """

    kind: Kind
    method: str = "*"
    path: str = ".*"
    nth: int = 1
    times: int = 1
    seconds: float = 0.0
    status: int = 0
    body: str = ""
    retry_after: int | None = None
    change: str = ""
    value: str = ""
    matched: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            msg = f"unknown fault kind {self.kind!r}; known: {', '.join(KINDS)}"
            raise ValueError(msg)
        if self.nth < 1 or self.times < 0 or self.seconds < 0:
            raise ValueError("nth counts from 1; times and seconds are not negative")
        self._pattern = re.compile(self.path)

    def hits(self, method: str, target: str) -> bool:
        """Count a request; True when it is one of those that the rule is for."""
        if self.method not in ("*", method) or not self._pattern.search(target):
            return False
        self.matched += 1
        return self.matched >= self.nth and (
            self.times == 0 or self.matched < self.nth + self.times
        )


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as it was seen on the wire; ``status`` 0 = no answer was sent."""

    number: int
    at_utc: str
    method: str
    path: str
    query: str
    status: int
    fault: str


#: Reads the value of a change and gives what makes it.
Change = Callable[[str], Callable[[], object]]


class FaultBook:
    """Rules and the request log of one application. Thread safe."""

    def __init__(self, now_utc: Callable[[], str]) -> None:
        self._now_utc = now_utc
        self._changes: dict[str, Change] = {}
        self._rules: list[FaultRule] = []
        self._log: deque[Request] = deque(maxlen=_LOG_LENGTH)
        self._count = 0
        self._lock = threading.Lock()

    def know(self, changes: Mapping[str, Change]) -> None:
        """What change_first can do in this application, by name."""
        self._changes.update(changes)

    def add(self, rule: FaultRule) -> None:
        """Add a rule; the earliest added one that hits a request wins.

        Raises:
            ValueError: A change that this application does not know, or not with such a value.
        """
        if rule.kind == "change_first":
            self.change(rule)
        with self._lock:
            self._rules.append(rule)

    def change(self, rule: FaultRule) -> Callable[[], object]:
        """What makes a rule's change.

        Raises:
            ValueError: This application does not know it, or not with such a value.
        """
        if rule.change not in self._changes:
            known = ", ".join(self._changes) or "none"
            msg = f"unknown change {rule.change!r}; known: {known}"
            raise ValueError(msg)
        return self._changes[rule.change](rule.value)

    def clear(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._rules.clear()

    def rules(self) -> list[dict[str, object]]:
        """The rules with their counts, for the control API."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def take(self, method: str, target: str) -> FaultRule | None:
        """Count a request in every rule and return the first rule that hits it."""
        with self._lock:
            hits = [rule for rule in self._rules if rule.hits(method, target)]
        return hits[0] if hits else None

    def record(self, scope: Scope, status: int, fault: str) -> None:
        """Append a request to the log."""
        with self._lock:
            self._count += 1
            self._log.append(
                Request(
                    number=self._count,
                    at_utc=self._now_utc(),
                    method=scope["method"],
                    path=scope["path"],
                    query=scope["query_string"].decode("latin-1"),
                    status=status,
                    fault=fault,
                )
            )

    def requests(self) -> list[Request]:
        """The log, oldest first; the control API's own requests are not in it."""
        with self._lock:
            return list(self._log)

    def forget_requests(self) -> None:
        """Empty the log."""
        with self._lock:
            self._log.clear()
