"""A web server that answers as a test tells it to, in place of an Airflow."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

Answer = tuple[int, Any]


@dataclass
class FakeAirflow:
    """Answers in turn per ``METHOD path``; the last answer of a list is given for ever.

    ``requests`` holds method, path and body of everything but logins.
    """

    answers: dict[str, list[Answer | Callable[[], Answer]]] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    logins: int = 0
    url: str = ""

    def answer(self, method: str, path: str, body: Any) -> Answer:
        """The next answer."""
        if path == "/auth/token":
            self.logins += 1
            return 201, {"access_token": f"token-{self.logins}"}
        self.requests.append((method, path, body))
        queue = self.answers.get(f"{method} {path.removeprefix('/api/v2/')}")
        if not queue:
            return 404, {"detail": f"nothing at {path}"}
        made = queue.pop(0) if len(queue) > 1 else queue[0]
        return made() if callable(made) else made


@pytest.fixture
def airflow() -> Iterator[FakeAirflow]:
    """A fake Airflow on loopback."""
    fake = FakeAirflow()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def __getattr__(self, name: str) -> Any:
            """The same for all methods (do_GET, do_POST ...)."""
            if name.startswith("do_"):
                return self.handle_any
            raise AttributeError(name)

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = fake.answer(
                self.command, urlsplit(self.path).path, json.loads(body) if body else None
            )
            if status == 0:  # hang up without an answer
                self.close_connection = True
                return
            sent = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield fake
        server.shutdown()
        thread.join()
