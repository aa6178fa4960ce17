"""The sandboxes' control API is for this machine: no page of anywhere may use it."""

from collections.abc import Iterator
from datetime import date
from http.client import HTTPConnection

import pytest

from fortnox.sandbox.control import CONTROL_PREFIX, ControlOff
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import RunningServer, start
from fortnox.sandbox.textalk import create_app as textalk_app

_FAULTS = f"{CONTROL_PREFIX}/faults"
_FORM = {"Content-Type": "text/plain"}


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    """A sandbox Fortnox whose control API is on."""
    with start(create_app()) as running:
        yield running


def status(
    server: RunningServer,
    path: str,
    headers: dict[str, str],
    *,
    method: str = "GET",
    body: str = "",
) -> int:
    """As somebody sends it who writes his own headers."""
    host, port = server.url.removeprefix("http://").split(":")
    line = HTTPConnection(host, int(port), timeout=10)
    try:
        line.putrequest(method, path, skip_host="Host" in headers)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            line.putheader(name, value)
        line.endheaders(body.encode())
        return line.getresponse().status
    finally:
        line.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://localhost.evil.example:8080"},
    ],
    ids=str,
)
def test_a_page_of_anywhere_changes_nothing(server: RunningServer, headers: dict[str, str]):
    """A web page that somebody opens while the sandbox runs could plant faults, or read it."""
    body = '{"kind": "html"}'
    assert status(server, _FAULTS, headers) == 403
    assert status(server, _FAULTS, {**headers, **_FORM}, method="POST", body=body) == 403


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost:8080"}], ids=str)
def test_this_machine_is_let_in(server: RunningServer, headers: dict[str, str]):
    """Tests, the demo and a page served on this machine use it."""
    assert status(server, _FAULTS, headers) == 200


@pytest.mark.parametrize(
    "path", ["/_sandbox/faults", "/%5fsandbox/faults", "//_sandbox/faults", "/x/../_sandbox/faults"]
)
def test_a_closed_control_api_has_no_back_door(path: str):
    """Off means off, however the address is written."""
    with start(ControlOff(create_app())) as closed:
        assert status(closed, path, {}) == 404


def test_a_bottomless_body_is_no_server_error(server: RunningServer):
    """A thousand brackets are no JSON; the sandbox must not stumble over its own stack."""
    body = "[" * 100_000
    assert status(server, _FAULTS, {}, method="POST", body=body) == 400
    sales = generate(seed=1, end_day=date(2026, 5, 4), days=1, orders_per_day=1)
    with start(textalk_app(sales)) as shop:
        assert status(shop, "/backend/jsonrpc/v1/", {}, method="POST", body=body) < 500
