"""A Fortnox without a network: the sandbox behind a ``requests`` adapter, in virtual time.

Nothing waits: pauses, timeouts and what Fortnox carries out late happen on one virtual clock. So a
whole run takes a fraction of a second. With one lane the same faults always meet the same requests;
with several, whichever request comes to be the n-th.
"""

import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from starlette.requests import Request
from starlette.responses import Response
from urllib3 import HTTPResponse

from fortnox.sandbox.fortnox.app import Gateway

BASE_URL = "http://fortnox.invalid"
#: What a request costs of virtual time; 24 of them fill Fortnox's five seconds.
REQUEST_S = 5 / 24
TIMEOUT_S = 30.0
TOKEN_PATH = "/oauth-v1/token"

#: Makes the answer to a request go wrong, or not.
Fault = Callable[["Wire", requests.PreparedRequest], requests.Response]


@dataclass(slots=True)
class VirtualClock:
    """Seconds that pass only when somebody waits or asks for something."""

    now_s: float = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now_s

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += max(0.0, seconds)


@dataclass(frozen=True, slots=True)
class Late:
    """A request that Fortnox carries out later: at a time, or before a request of the next run."""

    request: requests.PreparedRequest
    at_s: float = 0.0
    #: Before so many requests of the run after the one that sent it; 0: by time.
    in_next_run: int = 0
    sent_in_run: int = 0


@dataclass(slots=True)
class Wire(BaseAdapter):
    """Carries requests to the sandbox's gateway and lets chosen ones go wrong.

    Attributes:
        app: The sandbox Fortnox.
        clock: The virtual time, the sandbox's own included.
        faults: Number of the request in the present run, from 1 -> what happens to it.
        seen: Requests of the present run as ``POST /3/invoices``.
        total: Requests of all runs.
    """

    app: Any
    clock: VirtualClock = field(default_factory=VirtualClock)
    faults: dict[int, Fault] = field(default_factory=dict)
    #: What happens to the next token request, whatever its number.
    token_fault: Fault | None = None
    seen: list[str] = field(default_factory=list)
    total: int = 0
    run: int = 0
    _late: list[Late] = field(default_factory=list)
    _builder: HTTPAdapter = field(default_factory=HTTPAdapter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin_run(self) -> None:
        """A new process."""
        self.run += 1
        self.seen = []

    def end_run(self) -> None:
        """The process is gone: everything that was late for less than ever is carried out."""
        self.faults = {}
        self.token_fault = None
        self._carry_out(lambda late: not late.in_next_run)

    def settle(self) -> None:
        """Carry out everything that is still to come."""
        self._carry_out(lambda _: True)

    def later(self, late: Late) -> None:
        """Let Fortnox carry a request out when nobody waits for it any more."""
        self._late.append(late)

    def session(self) -> requests.Session:
        """A session whose requests go over this wire."""
        made = requests.Session()
        made.trust_env = False
        made.mount(BASE_URL, self)
        return made

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        """Send one request, or what became of it; one after the other, as the clock is one."""
        with self._lock:
            return self._send(request)

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        self.clock.sleep(REQUEST_S)
        path = urlsplit(str(request.url)).path
        self.seen.append(f"{request.method} {path}")
        self.total += 1
        number = len(self.seen)
        self._carry_out(lambda late: self._is_due(late, number))
        fault = self.faults.pop(number, None)
        if fault is None and self.token_fault and path == TOKEN_PATH:
            fault, self.token_fault = self.token_fault, None
        return fault(self, request) if fault else self.act(request)

    def close(self) -> None:
        """Nothing to close."""

    def act(self, request: requests.PreparedRequest) -> requests.Response:
        """Fortnox carries the request out and answers."""
        answered = _exchange(self.app.state.gateway, request)
        return self.answer(
            request, answered.status_code, bytes(answered.body), dict(answered.headers)
        )

    def answer(
        self,
        request: requests.PreparedRequest,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        """An answer as the client reads it from the network."""
        raw = HTTPResponse(
            BytesIO(body), headers=headers or {}, status=status, preload_content=False
        )
        return self._builder.build_response(request, raw)

    def _is_due(self, late: Late, number: int) -> bool:
        if late.in_next_run:
            return self.run > late.sent_in_run and number >= late.in_next_run
        return late.at_s <= self.clock()

    def _carry_out(self, due: Callable[[Late], bool]) -> None:
        now, self._late = (
            [late for late in self._late if due(late)],
            [late for late in self._late if not due(late)],
        )
        for late in now:
            _exchange(self.app.state.gateway, late.request)


def _exchange(gateway: Gateway, request: requests.PreparedRequest) -> Response:
    """One request as the gateway gets it from the web server.

    Without its router, which costs more than everything else.
    """
    url = urlsplit(str(request.url))
    content = request.body or b""
    body = content.encode() if isinstance(content, str) else content

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    headers = [(k.lower().encode(), str(v).encode("latin-1")) for k, v in request.headers.items()]
    scope = {
        "type": "http",
        "method": request.method,
        "scheme": "http",
        "path": url.path,
        "root_path": "",
        "query_string": url.query.encode(),
        "headers": [*headers, (b"host", url.netloc.encode())],
        "server": (url.netloc, 80),
        "path_params": {"path": url.path.removeprefix("/3/")},
    }
    incoming = Request(scope, receive)
    is_token = url.path == TOKEN_PATH
    return _finished(gateway.token(incoming) if is_token else gateway.api(incoming))


def _finished(coroutine: Coroutine[Any, Any, Response]) -> Response:
    """What it returns; the gateway waits for nothing, so that it needs no event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return cast("Response", done.value)
    raise RuntimeError("the gateway waits for something")
