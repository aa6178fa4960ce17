"""Real broken connections: whether a write may have reached Fortnox decides all that follows."""

import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
import requests

from fortnox.api.failures import no_answer


def failure_of(url: str, **options: object) -> requests.RequestException:
    """What requests makes of it."""
    with pytest.raises(requests.RequestException) as caught:
        requests.post(url, data=b"{}", timeout=(2, 0.2), **options)  # type: ignore[arg-type]
    return caught.value


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def url_of(server: socket.socket) -> str:
    """Its address."""
    return f"http://127.0.0.1:{server.getsockname()[1]}/3/invoices"


def test_a_refused_connection_never_left() -> None:
    """Every document of an outage would have to be looked up by a person."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = url_of(server)

    assert not no_answer(failure_of(url)).sent


def test_an_unknown_host_never_left() -> None:
    """A night without DNS would leave a day of unknown outcomes."""
    assert not no_answer(failure_of("http://fortnox.invalid/3/invoices")).sent


def test_a_closed_connection_may_have_reached_fortnox(listener: socket.socket) -> None:
    """The write would be sent again although Fortnox carried it out."""

    def close_at_once() -> None:
        connection, _ = listener.accept()
        connection.recv(1000)
        connection.close()

    threading.Thread(target=close_at_once, daemon=True).start()

    assert no_answer(failure_of(url_of(listener))).sent


def test_a_silent_server_may_have_got_it(listener: socket.socket) -> None:
    """A slow Fortnox would get the same invoice twice."""
    failure = no_answer(failure_of(url_of(listener)))

    assert failure.sent
    assert failure.reason == "ReadTimeout"


@pytest.mark.parametrize("url", ["api.fortnox.se/3", "ftp://api.fortnox.se/3", "https://"])
def test_a_host_that_is_no_url_is_told_at_once(url: str) -> None:
    """A typing error in the connection would be retried for a minute, with every request."""
    assert "not a URL" in no_answer(failure_of(url)).fatal


def test_a_certificate_that_is_not_trusted_is_told_at_once() -> None:
    """Tokens would be sent to a stranger, or the cause would look like an outage."""
    error = requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed"))

    assert "certificate" in no_answer(error).fatal
