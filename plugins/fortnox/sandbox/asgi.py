"""Small ASGI tools of the fault middleware: record, replay, answer, hang up."""

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class ConnectionDroppedError(Exception):
    """The fault asks for a closed connection, but there is no TCP connection (test client)."""


class AnswerRecorder:
    """A ``send`` that remembers; with no target it swallows the answer."""

    def __init__(self, send: Send | None) -> None:
        self._send = send
        self.status = 0
        self.start: dict[str, Any] = {"status": 500, "headers": []}
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        """Remember the message and pass it on, if there is somewhere to."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.start = {"status": message["status"], "headers": message.get("headers", [])}
        elif self._send is None:
            self.body += message.get("body", b"")
        if self._send is not None:
            await self._send(message)


async def body_of(receive: Receive) -> bytes:
    """The whole body of a request."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def replay(body: bytes, receive: Receive | None) -> Receive:
    """A ``receive`` that hands out a body that was read before."""
    messages: Iterator[Message] = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replayed() -> Message:
        message = next(messages, None)
        if message is not None:
            return message
        return {"type": "http.disconnect"} if receive is None else await receive()

    return replayed


async def hang_up(scope: Scope, receive: Receive, *, gently: bool = False) -> None:
    """Close the TCP connection of this request without (more of) an answer.

    Raises:
        ConnectionDroppedError: The application is not served by ``sandbox.server``.
    """
    for connection in getattr(scope["app"].state, "connections", ()):
        if connection.client == scope["client"]:
            if gently:
                connection.transport.close()
            else:
                connection.transport.abort()
            # Wait until the server knows, or it would report the missing answer as an error.
            while (await receive())["type"] != "http.disconnect":
                pass
            return
    raise ConnectionDroppedError("no answer was sent for this request")


async def reply(
    send: Send,
    status: int,
    body: bytes,
    *,
    content_type: str = "application/json",
    headers: list[tuple[str, str]] | None = None,
) -> None:
    """Send a whole answer."""
    pairs = [
        ("content-type", content_type),
        ("content-length", str(len(body))),
        *(headers or []),
    ]
    encoded = [(name.encode(), value.encode()) for name, value in pairs]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def header(scope: Scope, name: bytes) -> str:
    """A request header by its lower-case name; "" if it was not sent."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return ""
