"""How a request to Fortnox may go wrong: the columns of the fault matrix.

What matters to the books is whether the request was *carried out*, and when; what the client sees
is an exception or an answer. The same kinds exist in the sandbox over real connections
(``fortnox.sandbox.fault_rules``); test_fault_wire.py holds both against each other.
"""

import json
import random
from collections.abc import Callable
from http.client import IncompleteRead
from typing import Any, NoReturn

import requests
from tests.faults.wire import TIMEOUT_S, Fault, Late, Wire
from urllib3.exceptions import NewConnectionError, ProtocolError

_HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_LIMITED = b'{"message":"API rate limit exceeded"}'
_UNAUTHORIZED = b'{"message":"unauthorized"}'
_BROKEN = b'{"ErrorInformation":{"Error":1,"Message":"Internt fel","Code":1000003}}'
_LATE_S = 5.0

Request = requests.PreparedRequest


def _dropped(request: Request) -> NoReturn:
    error = ConnectionResetError(104, "Connection reset by peer")
    raise requests.ConnectionError(ProtocolError("Connection aborted.", error), request=request)


def _timed_out(wire: Wire, request: Request) -> NoReturn:
    wire.clock.sleep(TIMEOUT_S)
    raise requests.ReadTimeout("Read timed out.", request=request)


def _not_connected(_wire: Wire, request: Request) -> requests.Response:
    refused = NewConnectionError(None, "Connection refused")  # type: ignore[arg-type]
    raise requests.ConnectionError(refused, request=request)


def _refused_before(_wire: Wire, request: Request) -> requests.Response:
    _dropped(request)


def _status_before(wire: Wire, request: Request) -> requests.Response:
    return wire.answer(request, 503, b"")


def _acted_dropped(wire: Wire, request: Request) -> requests.Response:
    wire.act(request)
    _dropped(request)


def _acted_500(wire: Wire, request: Request) -> requests.Response:
    wire.act(request)
    return wire.answer(request, 500, _BROKEN)


def _rate(headers: dict[str, str]) -> Fault:
    return lambda wire, request: wire.answer(request, 429, _LIMITED, headers)


def _hang_never(wire: Wire, request: Request) -> requests.Response:
    _timed_out(wire, request)


def _hang_acts_in_5_s(wire: Wire, request: Request) -> requests.Response:
    wire.later(Late(request, at_s=wire.clock() + TIMEOUT_S + _LATE_S))
    _timed_out(wire, request)


def _hang_acts_after_run(wire: Wire, request: Request) -> requests.Response:
    wire.later(Late(request, at_s=float("inf")))
    _timed_out(wire, request)


def _hang_acts_in_next_run(number: int) -> Fault:
    def fault(wire: Wire, request: Request) -> requests.Response:
        wire.later(Late(request, in_next_run=number, sent_in_run=wire.run))
        _timed_out(wire, request)

    return fault


def _truncated(wire: Wire, request: Request) -> requests.Response:
    body = wire.act(request).content
    short = ProtocolError("Connection broken", IncompleteRead(body[: len(body) // 2]))
    raise requests.exceptions.ChunkedEncodingError(short, request=request)


def _cut_json(wire: Wire, request: Request) -> requests.Response:
    answer = wire.act(request)
    return wire.answer(request, answer.status_code, answer.content[: len(answer.content) // 2])


def _html(wire: Wire, request: Request) -> requests.Response:
    return wire.answer(request, 200, _HTML, {"Content-Type": "text/html"})


def _html_after(wire: Wire, request: Request) -> requests.Response:
    wire.act(request)
    return wire.answer(request, 502, _HTML, {"Content-Type": "text/html"})


#: What no field of Fortnox holds; a value that could be right can't be told from one that is.
_ODD = (None, "", "x", [], {}, [None], 10**30, "1e999", "\ud800", True)


def _spoilt(spoil: Callable[[Any, random.Random], Any]) -> Fault:
    """Carried out, and answered with well-formed JSON of which something is not as it should be."""

    def fault(wire: Wire, request: Request) -> requests.Response:
        answer = wire.act(request)
        try:
            body = json.loads(answer.content)
        except ValueError:
            return wire.answer(request, answer.status_code, b"{}")
        chance = random.Random(f"{wire.run} {len(wire.seen)} {request.url}")  # noqa: S311
        odd = {name: spoil(value, chance) for name, value in body.items()}
        return wire.answer(request, answer.status_code, json.dumps(odd).encode())

    return fault


def _emptied(value: Any, chance: random.Random) -> Any:
    """Objects without any field, as deep as they lie in lists."""
    if isinstance(value, list):
        return [_emptied(one, chance) for one in value]
    return {} if isinstance(value, dict) else value


def _nulled(value: Any, chance: random.Random) -> Any:
    """All values null, the names in place."""
    if isinstance(value, list):
        return [_nulled(one, chance) for one in value]
    if isinstance(value, dict):
        return {name: _nulled(one, chance) for name, one in value.items()}
    return None


def _one_odd(value: Any, chance: random.Random) -> Any:
    """One value, somewhere, replaced."""
    if isinstance(value, list) and value:
        at = chance.randrange(len(value))
        return [*value[:at], _one_odd(value[at], chance), *value[at + 1 :]]
    if isinstance(value, dict) and value:
        name = chance.choice(sorted(value))
        return {**value, name: _one_odd(value[name], chance)}
    return chance.choice(_ODD)


def _expire(wire: Wire, request: Request) -> requests.Response:
    """The access token is void from now on; a request for a token finds the endpoint ill."""
    store = wire.app.state.fortnox
    for key, _, _ in store.table("tokens").items():
        store.table("tokens").delete(key)
    if "oauth" in str(request.url):
        return wire.answer(request, 503, b"")
    return wire.answer(request, 401, _UNAUTHORIZED)


def _expired_and_refresh_lost(wire: Wire, request: Request) -> requests.Response:
    wire.token_fault = _acted_dropped
    return _expire(wire, request)


#: What is over when the client knows of it.
AT_ONCE: dict[str, Fault] = {
    "not connected": _not_connected,
    "dropped before acting": _refused_before,
    "503 before acting": _status_before,
    "acted, connection dropped": _acted_dropped,
    "acted, 500": _acted_500,
    "429 with Retry-After": _rate({"Retry-After": "3"}),
    "429 without Retry-After": _rate({}),
    "hangs, never acts": _hang_never,
    "body cut off": _truncated,
    "half of the JSON": _cut_json,
    "HTML, not acted": _html,
    "HTML, acted": _html_after,
    "acted, an empty object": _spoilt(_emptied),
    "acted, values null": _spoilt(_nulled),
    "acted, one value odd": _spoilt(_one_odd),
    "token expired": _expire,
    "token expired, its renewal lost": _expired_and_refresh_lost,
}
#: What Fortnox carries out when the client has given it up.
LATE: dict[str, Fault] = {
    "hangs, acts 5 s later": _hang_acts_in_5_s,
    "hangs, acts after the run": _hang_acts_after_run,
}
IN_NEXT_RUN = "hangs, acts in the next run"


def kinds() -> tuple[str, ...]:
    """All kinds, in the order of the table."""
    return (*AT_ONCE, *LATE, IN_NEXT_RUN)


def fault_of(kind: str, number_in_next_run: int) -> Fault:
    """A kind as a fault; a late request comes before that request of the next run."""
    if kind == IN_NEXT_RUN:
        return _hang_acts_in_next_run(number_in_next_run)
    return (AT_ONCE | LATE)[kind]
