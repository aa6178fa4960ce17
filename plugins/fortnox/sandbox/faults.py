"""Faults on demand and a log of the traffic, as ASGI middleware for any sandbox application.

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
act_later           nothing for ``seconds``, then the true answer            yes, late
drop_then_act       connection closed at once, carried out ``seconds`` later yes, late
==================  =======================================================  ==========
"""

import asyncio
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

from fortnox.sandbox.asgi import (
    AnswerRecorder,
    AsgiApp,
    Receive,
    Scope,
    Send,
    body_of,
    hang_up,
    header,
    replay,
    reply,
)

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
]
KINDS: tuple[str, ...] = get_args(Kind)
CONTROL_PREFIX = "/_sandbox"
_LOG_LENGTH = 200_000
_HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(kw_only=True)
class FaultRule:
    """One rule; see the module's table for the kinds.

    Args:
        kind: What happens.
        method: HTTP method, ``*`` for any.
        path: Regular expression searched in ``/path?query``.
        nth: The first match that is hit, counted from 1 since the rule was added.
        times: How many matches in a row are hit; 0 = all that follow.
        seconds: For slow, act_later, drop_then_act.
        status: For status_before, status_after, html; 0 = the kind's default.
        body: Text of the answer for status_before and status_after.
        retry_after: Seconds in the header ``Retry-After`` of rate_limited.
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


class FaultBook:
    """Rules and the request log of one application. Thread safe."""

    def __init__(self, now_utc: Callable[[], str]) -> None:
        self._now_utc = now_utc
        self._rules: list[FaultRule] = []
        self._log: deque[Request] = deque(maxlen=_LOG_LENGTH)
        self._count = 0
        self._lock = threading.Lock()

    def add(self, rule: FaultRule) -> None:
        """Add a rule; the earliest added one that hits a request wins."""
        with self._lock:
            self._rules.append(rule)

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


class FaultMiddleware:
    """ASGI middleware: asks the book what should happen to a request, and does it."""

    def __init__(
        self,
        app: AsgiApp,
        *,
        book: FaultBook,
        expire_token: Callable[[str], None] | None = None,
        limited_body: bytes = b'{"message":"API rate limit exceeded"}',
        unauthorized_body: bytes = b'{"message":"unauthorized"}',
    ) -> None:
        self._app = app
        self._book = book
        self._expire_token = expire_token
        self._limited_body = limited_body
        self._unauthorized_body = unauthorized_body
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; anything but HTTP, and the control API, passes untouched."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        target = scope["path"] + (
            "?" + scope["query_string"].decode("latin-1") if scope["query_string"] else ""
        )
        rule = self._book.take(scope["method"], target)
        answer = AnswerRecorder(send)
        try:
            if rule is None:
                await self._app(scope, receive, answer)
            else:
                await getattr(self, f"_{rule.kind}")(rule, scope, receive, answer)
        finally:
            self._book.record(scope, answer.status, rule.kind if rule else "")

    async def _refuse_before(
        self, _rule: FaultRule, scope: Scope, receive: Receive, _send: Send
    ) -> None:
        await body_of(receive)
        await hang_up(scope, receive)

    async def _drop_after(
        self, _rule: FaultRule, scope: Scope, receive: Receive, _send: Send
    ) -> None:
        await self._app(scope, receive, AnswerRecorder(None))
        await hang_up(scope, receive)

    async def _status_before(
        self, rule: FaultRule, _scope: Scope, receive: Receive, send: Send
    ) -> None:
        await body_of(receive)
        await reply(send, rule.status or 500, rule.body.encode())

    async def _status_after(
        self, rule: FaultRule, scope: Scope, receive: Receive, send: Send
    ) -> None:
        await self._app(scope, receive, AnswerRecorder(None))
        await reply(send, rule.status or 500, rule.body.encode())

    async def _rate_limited(
        self, rule: FaultRule, _scope: Scope, receive: Receive, send: Send
    ) -> None:
        await body_of(receive)
        headers = [] if rule.retry_after is None else [("retry-after", str(rule.retry_after))]
        await reply(send, rule.status or 429, self._limited_body, headers=headers)

    async def _slow(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(rule.seconds)
        await self._app(scope, receive, send)

    async def _html(self, rule: FaultRule, _scope: Scope, receive: Receive, send: Send) -> None:
        await body_of(receive)
        await reply(send, rule.status or 200, _HTML, content_type="text/html; charset=utf-8")

    async def _truncated(
        self, _rule: FaultRule, scope: Scope, receive: Receive, send: Send
    ) -> None:
        answer = AnswerRecorder(None)
        await self._app(scope, receive, answer)
        await send({"type": "http.response.start", **answer.start})
        half = bytes(answer.body[: len(answer.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
        # Give the event loop a turn to write the half before the connection goes.
        await asyncio.sleep(0.01)
        await hang_up(scope, receive, gently=True)

    async def _token_expired(
        self, _rule: FaultRule, scope: Scope, receive: Receive, send: Send
    ) -> None:
        await body_of(receive)
        if self._expire_token is not None:
            self._expire_token(header(scope, b"authorization"))
        await reply(send, 401, self._unauthorized_body)

    async def _act_later(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        # The body is read first: the client may be gone when the request is carried out.
        body = await body_of(receive)
        await asyncio.sleep(rule.seconds)
        await self._app(scope, replay(body, receive), send)

    async def _drop_then_act(
        self, rule: FaultRule, scope: Scope, receive: Receive, _send: Send
    ) -> None:
        body = await body_of(receive)
        task = asyncio.create_task(self._act_alone(rule.seconds, dict(scope), body))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        await hang_up(scope, receive)

    async def _act_alone(self, seconds: float, scope: Scope, body: bytes) -> None:
        await asyncio.sleep(seconds)
        await self._app(scope, replay(body, None), AnswerRecorder(None))
