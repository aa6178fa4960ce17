"""Faults on demand as ASGI middleware for any sandbox application; ``fault_rules`` lists them."""

import asyncio
import contextlib
from collections.abc import Callable

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
from fortnox.sandbox.fault_rules import CONTROL_PREFIX, KINDS, FaultBook, FaultRule, Kind

__all__ = ["CONTROL_PREFIX", "KINDS", "FaultBook", "FaultMiddleware", "FaultRule", "Kind"]

_GARBAGE = b'{"Invoice":{"Docu\x00\xff\xfe'
_HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


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

    async def _garbage(self, rule: FaultRule, _scope: Scope, receive: Receive, send: Send) -> None:
        await body_of(receive)
        await reply(send, rule.status or 200, _GARBAGE)

    async def _hang(self, rule: FaultRule, scope: Scope, receive: Receive, _send: Send) -> None:
        await body_of(receive)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(rule.seconds or None):
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
        await hang_up(scope, receive)

    async def _change_first(
        self, rule: FaultRule, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._book.change(rule)()
        await self._app(scope, receive, send)

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
