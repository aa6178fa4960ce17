"""The other side's clock, by the header that every server sends."""

from datetime import UTC, datetime

import pytest
import requests
import responses

from fortnox.hooks.server_clock import told_time

URL = "https://shop.example"


@pytest.mark.parametrize("status", [200, 401, 404, 503])
def test_the_clock_is_told_by_any_answer(status: int) -> None:
    """A shop that refuses the plain address would have no clock."""
    with responses.RequestsMock() as server:
        server.head(URL, status=status, headers={"Date": "Sat, 21 Nov 2026 10:00:00 +0100"})
        assert told_time(requests.Session(), URL) == datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize("headers", [{}, {"Date": "soon"}])
def test_a_server_that_does_not_tell_is_no_finding(headers: dict[str, str]) -> None:
    """Preflight would fail on a proxy that drops a header."""
    with responses.RequestsMock() as server:
        server.head(URL, headers=headers)
        assert told_time(requests.Session(), URL) is None


def test_a_server_that_is_not_there_is_told_by_another_check() -> None:
    """The same outage would be two findings, one of them about a clock."""
    with responses.RequestsMock() as server:
        server.head(URL, body=requests.ConnectionError("refused"))
        assert told_time(requests.Session(), URL) is None
