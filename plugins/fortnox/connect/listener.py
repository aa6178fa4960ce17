"""Catches the browser that Fortnox sends back, where the redirect URI is on this machine."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from urllib.parse import urlsplit

from fortnox.core.errors import FatalError

_PAGE = b"<!DOCTYPE html><title>Done</title><p>Done. Go back to the command line.</p>"


def is_here(redirect_uri: str) -> bool:
    """Whether a plain listener on this machine can catch the browser: http, loopback, a port."""
    parts = urlsplit(redirect_uri)
    if parts.scheme != "http" or not parts.port:
        return False
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


class Listener:
    """Waits for one request to the redirect URI; others (a favicon) are answered 404.

    Args:
        redirect_uri: Of which :func:`is_here` says yes.

    Raises:
        FatalError: The port is taken.
    """

    def __init__(self, redirect_uri: str) -> None:
        parts = urlsplit(redirect_uri)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._caught: list[str] = []
        self._done = threading.Event()
        try:
            self._server = HTTPServer(
                (str(parts.hostname), int(parts.port or 0)), self._handler(parts.path or "/")
            )
        except OSError as error:
            raise FatalError(
                f"Nothing can listen at {self._origin} ({type(error).__name__}).",
                remedy="End what uses the port, or paste the address: --redirect-uri with another.",
            ) from None
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait(self, timeout_s: float) -> str:
        """The address that the browser was sent back to.

        Raises:
            FatalError: Nobody came in time.
        """
        came = self._done.wait(timeout_s)
        self._server.shutdown()
        self._server.server_close()
        if not came:
            raise FatalError("Nobody consented in time.", remedy="Begin again.")
        return self._caught[0]

    def _handler(self, path: str) -> type[BaseHTTPRequestHandler]:
        caught, done, origin = self._caught, self._done, self._origin

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_answer = urlsplit(self.path).path == path
                self.send_response(200 if is_answer else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                if is_answer:
                    self.wfile.write(_PAGE)
                    caught.append(f"{origin}{self.path}")
                    done.set()

            def log_message(self, *_: object) -> None:
                """The address holds the code: nothing is printed."""

        return Handler
