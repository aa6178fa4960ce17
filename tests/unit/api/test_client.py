"""The client against a Fortnox that misbehaves: what it repeats, and what it never repeats."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
import requests
import responses
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NewConnectionError

from fortnox.api.client import FortnoxClient
from fortnox.api.limiter import Pacer
from fortnox.core.errors import (
    DocumentError,
    FatalError,
    LeaseTakenError,
    PipelineError,
    UnknownOutcomeError,
    UnreachableError,
)

PACE_STEP_S = 5 / 24
BASE = "https://fortnox.example/3"
#: What is read of an invoice (fortnox.api.shapes).
INVOICE = {
    "Invoice": {
        "DocumentNumber": "17",
        "CustomerNumber": "1",
        "InvoiceDate": "2026-05-04",
        "InvoiceType": "INVOICE",
        "Currency": "SEK",
        "Total": 12.5,
        "Balance": 12.5,
        "VATIncluded": True,
        "Booked": False,
        "Cancelled": False,
    }
}
HTML = "<html>Bad gateway</html>"


def refused_connection() -> requests.ConnectionError:
    """As requests wraps a refused connection; its text holds the whole URL."""
    reason = NewConnectionError(HTTPConnection("fortnox.example"), "refused")
    return requests.ConnectionError(MaxRetryError(None, "/3/x?email=a@b.se", reason))  # type: ignore[arg-type]


@dataclass
class FakeTime:
    """Seconds that pass only by sleeping."""

    now_s: float = 0.0
    slept_s: list[float] = field(default_factory=list)

    def clock(self) -> float:
        """Now."""
        return self.now_s

    def sleep(self, seconds: float) -> None:
        """Pass."""
        self.slept_s.append(seconds)
        self.now_s += seconds


@dataclass
class FakeTokens:
    """Counts what was refused."""

    number: int = 1
    scopes: tuple[str, ...] = ()

    def token(self) -> str:
        """The current one."""
        return f"token-{self.number}"

    def invalidate(self, used: str) -> None:
        """The next one, please."""
        assert used == self.token()
        self.number += 1


@dataclass
class Bench:
    """A client, the answers it gets, and the time it thinks it is."""

    client: FortnoxClient
    fortnox: responses.RequestsMock
    time: FakeTime
    tokens: FakeTokens
    checks: list[int]

    def sent(self) -> list[str]:
        """Method and path of every request."""
        return [
            f"{call.request.method} {str(call.request.url).removeprefix(BASE)}"
            for call in self.fortnox.calls
        ]


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Fresh for each test."""
    time, tokens, checks = FakeTime(), FakeTokens(), []
    with responses.RequestsMock(assert_all_requests_are_fired=False) as fortnox:
        client = FortnoxClient(
            base_url=BASE,
            tokens=tokens,
            pacer=Pacer(clock=time.clock, sleep=time.sleep),
            before_write=lambda: checks.append(len(fortnox.calls)),
            clock=time.clock,
            sleep=time.sleep,
        )
        yield Bench(client, fortnox, time, tokens, checks)


Act = Callable[[FortnoxClient], Any]
WRITES: list[tuple[str, str, Act]] = [
    ("POST", "/invoices", lambda c: c.create("invoices", "Invoice", {"CustomerNumber": "1"})),
    ("PUT", "/invoices/17", lambda c: c.update("invoices/17", "Invoice", {"Comments": "x"})),
    ("PUT", "/invoices/17/bookkeep", lambda c: c.action("invoices/17/bookkeep", "Invoice")),
    ("GET", "/invoices/17/email", lambda c: c.send("invoices/17/email", "Invoice")),
]
writes = pytest.mark.parametrize(("method", "path", "act"), WRITES)


def test_amounts_come_as_exact_decimals(bench: Bench) -> None:
    """Reconciling to the öre would compare binary fractions."""
    bench.fortnox.get(
        f"{BASE}/invoices/17",
        body=json.dumps(INVOICE).replace("12.5", "0.1", 1)[:-2] + ',"Net":12345678901234.56}}',
    )

    invoice = bench.client.get("invoices/17", "Invoice")

    assert (invoice["Total"], invoice["Net"]) == (Decimal("0.1"), Decimal("12345678901234.56"))


def test_a_document_is_sent_in_its_envelope_with_exact_amounts(bench: Bench) -> None:
    """Fortnox would refuse the body (2001392) or book another price."""
    bench.fortnox.post(f"{BASE}/invoices", json=INVOICE, status=201)

    bench.client.create("invoices", "Invoice", {"InvoiceRows": [{"Price": Decimal("79.90")}]})

    request = bench.fortnox.calls[0].request
    assert request.body == b'{"Invoice": {"InvoiceRows": [{"Price": 79.90}]}}'
    assert request.headers["Authorization"] == "Bearer token-1"
    assert request.headers["Content-Type"] == "application/json"
    assert bench.sent() == ["POST /invoices"]


def test_bookkeeping_sends_no_body(bench: Bench) -> None:
    """Fortnox might take a body for a change of the document."""
    bench.fortnox.put(f"{BASE}/invoices/17/bookkeep", json=INVOICE)

    assert bench.client.action("invoices/17/bookkeep", "Invoice")["DocumentNumber"] == "17"
    assert bench.fortnox.calls[0].request.body is None


@pytest.mark.parametrize(
    "failure",
    [requests.ReadTimeout(), requests.ConnectionError("cut"), 500, 502, HTML, '{"Invoice":{"Do'],
)
def test_a_reading_is_repeated_until_it_succeeds(bench: Bench, failure: Any) -> None:
    """One dropped connection among thousands would fail the night's run."""
    plan(bench, "GET", "/invoices/17", [failure, failure], INVOICE)

    assert bench.client.get("invoices/17", "Invoice")["DocumentNumber"] == "17"
    assert bench.client.usage.reads == 3
    assert bench.client.usage.retries == 2


@pytest.mark.parametrize("failure", [requests.ReadTimeout(), 503, HTML])
def test_a_reading_that_keeps_failing_is_given_up_after_a_minute(
    bench: Bench, failure: Any
) -> None:
    """The task would hold the company's only slot for hours."""
    plan(bench, "GET", "/invoices/17", [failure] * 200, INVOICE)

    with pytest.raises(UnreachableError):
        bench.client.get("invoices/17", "Invoice")

    assert 40 <= bench.time.now_s <= 75


@writes
@pytest.mark.parametrize(
    "failure",
    [
        requests.ReadTimeout(),
        requests.ConnectionError("cut"),
        500,
        502,
        408,
        HTML,
        '{"Invoice":{"Do',
        '{"ErrorInformation":{"error":1,"message":"x","code":1}}',
    ],
)
def test_a_write_of_unknown_outcome_is_never_repeated(
    bench: Bench, method: str, path: str, act: Act, failure: Any
) -> None:
    """The sale would be booked twice, or the customer get two e-mails."""
    plan(bench, method, path, [failure], INVOICE)

    with pytest.raises(UnknownOutcomeError):
        act(bench.client)

    assert bench.sent() == [f"{method} {path}"]
    assert bench.client.usage.writes == 1


@writes
def test_a_write_that_never_left_is_tried_again(
    bench: Bench, method: str, path: str, act: Act
) -> None:
    """A second of broken network would hold a document that nobody has seen."""
    plan(bench, method, path, [refused_connection(), requests.ConnectTimeout()], INVOICE)

    act(bench.client)

    assert len(bench.sent()) == 3


@writes
def test_the_lease_is_checked_immediately_before_every_sending_of_a_write(
    bench: Bench, method: str, path: str, act: Act
) -> None:
    """A process whose lease was taken over would write beside the new holder."""
    plan(bench, method, path, [401, 429], INVOICE)

    act(bench.client)

    assert bench.checks == [0, 1, 2]


def test_a_lost_lease_stops_the_write(bench: Bench) -> None:
    """Two processes would write to the company at once."""

    def lost() -> None:
        raise LeaseTakenError("lost")

    client = FortnoxClient(
        base_url=BASE, tokens=bench.tokens, pacer=Pacer(sleep=bench.time.sleep), before_write=lost
    )

    with pytest.raises(LeaseTakenError):
        client.create("invoices", "Invoice", {})

    assert bench.sent() == []


def test_readings_need_no_lease(bench: Bench) -> None:
    """A report could not be made while another run writes."""
    bench.fortnox.get(f"{BASE}/invoices/17", json=INVOICE)

    bench.client.get("invoices/17", "Invoice")

    assert bench.checks == []


@pytest.mark.parametrize(
    "act", [lambda c: c.get("invoices", "Invoice"), WRITES[0][2]], ids=["reading", "write"]
)
def test_an_expired_token_is_replaced_and_the_request_sent_again(bench: Bench, act: Act) -> None:
    """Every hour one request would fail for nothing."""
    for method in ("GET", "POST"):
        plan(bench, method, "/invoices", [401], INVOICE)

    act(bench.client)

    assert [call.request.headers["Authorization"] for call in bench.fortnox.calls] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_a_new_token_that_is_refused_too_is_fatal(bench: Bench) -> None:
    """A revoked consent would be tried for ever."""
    plan(bench, "GET", "/invoices/17", [401, 401, 401], INVOICE)

    with pytest.raises(FatalError, match="401"):
        bench.client.get("invoices/17", "Invoice")

    assert len(bench.sent()) == 2


@pytest.mark.parametrize(("headers", "waited_s"), [({}, 1 + 2 + 4), ({"Retry-After": "3"}, 9)])
def test_a_refused_rate_is_waited_out_for_writes_too(
    bench: Bench, headers: dict[str, str], waited_s: float
) -> None:
    """Another program's requests would make our documents held."""
    for _ in range(3):
        bench.fortnox.post(
            f"{BASE}/invoices", json={"message": "limit"}, status=429, headers=headers
        )
    bench.fortnox.post(f"{BASE}/invoices", json=INVOICE, status=201)

    WRITES[0][2](bench.client)

    # A new pace lets a step pass first.
    waited_s += PACE_STEP_S
    assert bench.time.now_s == pytest.approx(waited_s)
    assert bench.client.usage.rate_limited == 3
    assert bench.client.usage.waited_ms == pytest.approx(waited_s * 1000, abs=1)


@pytest.mark.parametrize("retry_after", [None, "3600", "50"])
def test_a_rate_that_stays_refused_is_given_up_after_two_minutes(
    bench: Bench, retry_after: str | None
) -> None:
    """The task would block the company's slot for as long as the other program runs."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    bench.fortnox.get(f"{BASE}/invoices/17", json={}, status=429, headers=headers)

    with pytest.raises(UnreachableError, match="429"):
        bench.client.get("invoices/17", "Invoice")

    assert bench.time.now_s <= 121


def test_a_refusal_is_not_repeated(bench: Bench) -> None:
    """The rate would be spent on documents that Fortnox will never take."""
    body = {"ErrorInformation": {"error": 1, "message": "Fel", "code": 2001304}}
    bench.fortnox.post(f"{BASE}/invoices", json=body, status=400)

    with pytest.raises(DocumentError) as caught:
        WRITES[0][2](bench.client)

    assert (caught.value.vendor_code, caught.value.http_status) == (2001304, 400)
    assert len(bench.sent()) == 1


def test_a_missing_object_can_be_asked_for(bench: Bench) -> None:
    """A customer that is not there yet would stop the run."""
    body = {"ErrorInformation": {"Error": 1, "Message": "Kan inte hitta kunden.", "Code": 2000433}}
    bench.fortnox.get(f"{BASE}/customers/9", json=body, status=404)

    assert bench.client.find("customers/9", "Customer") is None
    with pytest.raises(DocumentError):
        bench.client.get("customers/9", "Customer")


def test_a_wrong_host_is_told_from_a_missing_object(bench: Bench) -> None:
    """A typing error in the connection would look like an empty Fortnox."""
    bench.fortnox.get(f"{BASE}/customers/9", body="<html>Not found</html>", status=404)

    with pytest.raises(FatalError, match="404") as caught:
        bench.client.find("customers/9", "Customer")

    assert "host" in caught.value.remedy


def test_a_redirect_is_not_followed(bench: Bench) -> None:
    """A POST would become a GET at another address, with the token."""
    bench.fortnox.post(
        f"{BASE}/invoices", status=301, headers={"Location": "https://other.example"}
    )

    with pytest.raises(FatalError):
        WRITES[0][2](bench.client)

    assert len(bench.sent()) == 1


@dataclass
class Pages:
    """A list of Fortnox, which can change between two pages."""

    entries: list[int]
    cap: int = 500
    with_meta: bool = True
    before_page: dict[int, Callable[[list[int]], None]] = field(default_factory=dict)
    asked: int = 0

    def __call__(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        """One page."""
        self.asked += 1
        if change := self.before_page.pop(self.asked, None):
            change(self.entries)
        params: dict[str, str] = request.params  # type: ignore[attr-defined]
        size = min(self.cap, int(params["limit"]))
        first = (int(params["page"]) - 1) * size
        content: dict[str, Any] = {
            "Invoices": [
                {"@url": f"{BASE}/invoices/{number}", "DocumentNumber": str(number)}
                for number in self.entries[first : first + size]
            ]
        }
        if self.with_meta:
            meta = {
                "@TotalResources": len(self.entries),
                "@TotalPages": -(-len(self.entries) // size),
                "@CurrentPage": int(params["page"]),
            }
            content = {"MetaInformation": meta, **content}
        return 200, {}, json.dumps(content)


def numbers(bench: Bench, pages: Pages, **params: str) -> list[int]:
    """What the client makes of it."""
    bench.fortnox.add_callback("GET", f"{BASE}/invoices", callback=pages)
    return [
        int(entry["DocumentNumber"])
        for entry in bench.client.list("invoices", "Invoices", **params)
    ]


@pytest.mark.parametrize(
    ("count", "requests_needed"), [(0, 1), (1, 1), (500, 1), (501, 2), (1200, 3)]
)
def test_all_pages_are_read_and_no_more(bench: Bench, count: int, requests_needed: int) -> None:
    """Documents beyond page one would be created again, or requests wasted."""
    pages = Pages(list(range(count)))

    assert numbers(bench, pages, filter="unbooked") == list(range(count))
    assert pages.asked == requests_needed
    assert "filter=unbooked" in bench.sent()[0]


def test_a_server_that_gives_smaller_pages_is_read_to_its_end(bench: Bench) -> None:
    """A source says that invoices come by 100 whatever was asked for."""
    assert numbers(bench, Pages(list(range(730)), cap=100)) == list(range(730))


def test_a_register_without_paging_is_read_whole(bench: Bench) -> None:
    """Small registers would be asked for a second page for ever."""
    pages = Pages([1, 2, 3], with_meta=False)

    assert numbers(bench, pages) == [1, 2, 3]
    assert pages.asked == 1


def test_a_list_that_shrinks_is_read_again(bench: Bench) -> None:
    """An entry that moved to a page already read would be missed, and its sale created twice."""
    pages = Pages(list(range(1000)), before_page={2: lambda entries: entries.remove(3)})

    found = numbers(bench, pages)

    assert sorted(found) == list(range(1000))
    assert pages.asked == 4


def test_a_list_that_grows_is_read_to_its_new_end(bench: Bench) -> None:
    """What another program creates meanwhile would be doubled, or begin the list again."""
    pages = Pages(list(range(1000)), before_page={2: lambda entries: entries.insert(0, 5000)})

    assert sorted(numbers(bench, pages)) == list(range(1000))


def test_a_list_that_never_stands_still_is_unreachable(bench: Bench) -> None:
    """A snapshot with holes would be taken for the whole."""
    shrink: Callable[[list[int]], None] = lambda entries: entries.remove(entries[0])  # noqa: E731
    pages = Pages(list(range(1000)), before_page={2: shrink, 4: shrink})

    with pytest.raises(UnreachableError, match="shrinking"):
        numbers(bench, pages)


def test_a_file_comes_as_it_is(bench: Bench) -> None:
    """The ledger is CP437, not UTF-8, and no JSON."""
    body = '#FLAGGA 0\r\n#FNAMN "Åre"\r\n'.encode("cp437")
    plan(bench, "GET", "/sie/4", [HTML, ""], body)

    assert bench.client.get_bytes("sie/4", financialyear=2) == body


def test_names_and_addresses_are_in_no_log_and_no_error(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """A customer's data would be read by everybody who may read logs."""
    caplog.set_level(logging.DEBUG, logger="fortnox")
    url = f"{BASE}/customers"
    bench.fortnox.get(url, body=requests.ConnectionError(f"{url}?email=anna@example.se refused"))
    bench.fortnox.post(url, json={"Customer": {"Name": "Anna"}}, status=201)
    bench.fortnox.put(f"{url}/demo-19800101", body=requests.ReadTimeout("demo-19800101"))

    bench.client.create("customers", "Customer", {"Name": "Anna", "Email": "anna@example.se"})
    shown = [
        error_text(
            lambda: list(bench.client.list("customers", "Customers", email="anna@example.se"))
        )
    ]
    shown += [error_text(lambda: bench.client.update("customers/demo-19800101", "Customer", {}))]

    text = caplog.text + "".join(shown)
    assert "POST customers -> 201" in caplog.text
    assert "GET customers (email, limit, page)" in text
    assert not any(part in text for part in ("nna", "19800101", "token-"))


def error_text(act: Callable[[], Any]) -> str:
    """All of an error that a traceback would print."""
    with pytest.raises(PipelineError) as caught:
        act()
    assert caught.value.__context__ is None
    return f"{caught.value!r} {caught.value}"


def plan(bench: Bench, method: str, path: str, failures: list[Any], then: Any) -> None:
    """The failures one after another, then a good answer."""
    for failure in failures:
        if isinstance(failure, int):
            bench.fortnox.add(method, BASE + path, json={"message": "no"}, status=failure)
        else:
            bench.fortnox.add(method, BASE + path, body=failure)
    body = then if isinstance(then, bytes) else json.dumps(then)
    bench.fortnox.add(method, BASE + path, body=body)
