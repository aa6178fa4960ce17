"""Serve any ASGI application on loopback, in a thread of its own.

Loopback only: the sandbox has a fixed secret and a control API, neither of which may be reached
from another machine.
"""

import asyncio
import contextlib
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

_START_TIMEOUT_S = 15.0
# As common web servers; uvicorn hangs up after 5 s, in the middle of a busy client's next request.
_KEEP_ALIVE_S = 75
# uvicorn counts on it: it renews the Date header each tenth tick.
_TICK_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A server certificate and its private key, PEM files."""

    file: Path
    key_file: Path


class _Server(uvicorn.Server):
    """Leaves as soon as it is told to.

    uvicorn looks ten times a second whether it should, and then gives connections another tenth:
    nothing for a web server, minutes for a test suite that starts a thousand.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()

    def leave(self) -> None:
        """Close everything and end; from any thread, once or twice."""
        self.should_exit = self.force_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """As uvicorn's, but woken by ``leave``."""
        # Before the first look: who leaves earlier is seen by it, who leaves later wakes the loop.
        self._loop = asyncio.get_running_loop()
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close all connections, those with a request too."""
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        # A turn of the loop, in which the transports say goodbye.
        await asyncio.sleep(0)


class RunningServer:
    """A server in a daemon thread; use it as a context manager or call ``stop()``.

    Attributes:
        url: Base address such as ``http://127.0.0.1:43211``, without a slash at the end.
    """

    def __init__(
        self, app: Any, *, host: str, port: int, certificate: Certificate | None = None
    ) -> None:
        self._server, self._socket = _prepare(app, host, port, certificate)
        scheme = "http" if certificate is None else "https"
        self.url = f"{scheme}://{host}:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), daemon=True, name=f"sandbox {self.url}"
        )
        self._thread.start()
        _wait_started(self._server, self._thread)

    def stop(self) -> None:
        """Close open connections and wait for the thread; safe to call twice."""
        self._server.leave()
        self._thread.join(timeout=_START_TIMEOUT_S)
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start(
    app: Any, host: str = "127.0.0.1", port: int = 0, *, certificate: Certificate | None = None
) -> RunningServer:
    """Start serving ``app`` and return when it accepts connections.

    Args:
        app: An ASGI application.
        host: Address to bind; loopback unless you know better.
        port: 0 picks a free one.
        certificate: Serve https with it; http without.

    Raises:
        OSError: The port is taken, or the certificate can't be read.
        RuntimeError: The server did not come up.
    """
    return RunningServer(app, host=host, port=port, certificate=certificate)


def _prepare(
    app: Any, host: str, port: int, certificate: Certificate | None
) -> tuple[_Server, socket.socket]:
    """A configured server and its bound socket, so that the port is known before it starts."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=_KEEP_ALIVE_S,
        ssl_certfile=None if certificate is None else certificate.file,
        ssl_keyfile=None if certificate is None else certificate.key_file,
    )
    if certificate is not None:
        # Read now: the thread that serves could only die of it.
        config.load()
    server = _Server(config)
    state = getattr(app, "state", None)
    if state is not None:
        # FaultMiddleware finds the TCP transport of a request here: ASGI itself offers no way to
        # hang up without an answer.
        state.connections = server.server_state.connections
    return server, bound


def _wait_started(server: _Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            msg = "the sandbox server did not start"
            raise RuntimeError(msg)
        time.sleep(0.005)
