"""Over real HTTP: tokens, scopes, the sliding window, faults at TCP level, the control API."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from fastapi import FastAPI

from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.rate import SlidingWindow
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.server import RunningServer, start

CLIENT = ("sandbox-client", "sandbox-secret-0000")


class Http:
    """A small client with a token of its own."""

    def __init__(self, app: FastAPI, server: RunningServer) -> None:
        self.url, self.control = server.url, app.state.control
        self.session = requests.Session()
        self.renew()

    def token(self, **form: str) -> requests.Response:
        """Ask the token endpoint."""
        form.setdefault("grant_type", "client_credentials")
        headers = {"TenantId": "1000001"} if form["grant_type"] == "client_credentials" else {}
        return requests.post(
            self.url + "/oauth-v1/token", data=form, auth=CLIENT, headers=headers, timeout=5
        )

    def renew(self, **form: str) -> None:
        """Use a new access token from now on."""
        access = self.token(**form).json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {access}"

    def call(self, method: str, path: str, **more: object) -> requests.Response:
        """A request below ``/3``."""
        more.setdefault("timeout", 5)
        return self.session.request(method, f"{self.url}/3/{path}", **more)

    def add_customer(self, name: str, **more: object) -> requests.Response:
        """POST a customer."""
        return self.call("POST", "customers", json={"Customer": {"Name": name}}, **more)

    def names(self) -> list[str]:
        """Names of all customers that exist."""
        return [c["Name"] for c in self.control.state()["customers"]]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[FastAPI, RunningServer]]:
    """One server for the whole module."""
    app = create_app()
    with start(app) as server:
        yield app, server


@pytest.fixture
def http(served: tuple[FastAPI, RunningServer]) -> Http:
    """A client of a new company without rate limit."""
    app, server = served
    app.state.control.reset()
    app.state.control.set_switches(rate_limit=0)
    return Http(app, server)


def _fault(http: Http, **rule: object) -> None:
    response = requests.post(http.url + "/_sandbox/faults", json=rule, timeout=5)
    assert response.status_code == 201, response.text


def test_client_credentials_give_no_refresh_token(http: Http) -> None:
    """The default flow has nothing to lose; the token's tenant is the company."""
    answer = http.token()
    body = answer.json()
    assert (body["expires_in"], body["token_type"]) == (3600, "bearer")
    assert "refresh_token" not in body
    assert answer.headers["Cache-Control"] == "no-store"
    claims = body["access_token"].split(".")[1]
    padded = claims + "=" * (-len(claims) % 4)
    assert json.loads(base64.urlsafe_b64decode(padded))["tenantId"] == 1000001


def test_wrong_secrets_answer_as_recorded(http: Http) -> None:
    """JSON under the content type text/plain: parse it whatever the header says."""
    answer = requests.post(
        http.url + "/oauth-v1/token",
        data={"grant_type": "client_credentials"},
        auth=("sandbox-client", "wrong"),
        timeout=5,
    )
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "text/plain;charset=UTF-8"
    assert answer.json() == {
        "error": "invalid_client",
        "error_description": "The client credentials are invalid",
    }


def test_another_tenant_has_not_consented(http: Http) -> None:
    """A mistyped TenantId gives no token for somebody else's books."""
    answer = requests.post(
        http.url + "/oauth-v1/token",
        data={"grant_type": "client_credentials"},
        auth=CLIENT,
        headers={"TenantId": "2"},
        timeout=5,
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_refresh_token_works_once(http: Http) -> None:
    """Whoever refreshes second has lost the chain and must consent again."""
    old = requests.post(http.url + "/_sandbox/refresh-token", timeout=5).json()["refresh_token"]
    first = http.token(grant_type="refresh_token", refresh_token=old).json()
    again = http.token(grant_type="refresh_token", refresh_token=old)
    assert again.status_code == 400
    assert again.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert again.json() == {
        "error": "invalid_grant",
        "error_description": "Invalid refresh token",
    }
    new = http.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert new.status_code == 200


def test_expired_and_missing_tokens_are_unauthorized(http: Http) -> None:
    """401 is no ErrorInformation; a client must not look for a code in it."""
    http.control.set_clock(offset=timedelta(seconds=3601))
    answer = http.call("GET", "customers")
    assert (answer.status_code, answer.json()) == (401, {"message": "unauthorized"})
    http.renew()
    assert http.call("GET", "customers").status_code == 200
    assert requests.get(http.url + "/3/customers", timeout=5).status_code == 401


@pytest.mark.parametrize("status", [400, 403])
def test_a_missing_scope_is_2000663_in_both_known_ways(http: Http, status: int) -> None:
    """Both statuses were seen; the code is the same."""
    http.control.set_switches(scope_error_status=status)
    http.renew(scope="customer")
    assert http.call("GET", "customers").status_code == 200
    answer = http.call("GET", "invoices")
    assert answer.status_code == status
    assert answer.json()["ErrorInformation"]["code"] == 2000663


def test_the_wire_escapes_as_php_does(http: Http) -> None:
    """Slashes and Swedish letters are escaped; numbers have no trailing zeros."""
    http.add_customer("Åsa / Test")
    answer = http.call("GET", "customers/1/")
    assert b"\\u00c5sa \\/ Test" in answer.content
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Server"] == "Fortnox"


def test_wrong_media_types_are_refused(http: Http) -> None:
    """A client that forgets the content type learns it here, not in production."""
    wrong = http.call("GET", "customers", headers={"Accept": "application/pdf"})
    assert wrong.json()["ErrorInformation"]["code"] == 1000030
    form = http.call("POST", "customers", data={"Name": "x"})
    assert form.json()["ErrorInformation"]["code"] == 1000031
    broken = http.call("POST", "customers", data="{", headers={"Content-Type": "application/json"})
    assert broken.json()["ErrorInformation"]["code"] == 2002115


def test_the_26th_request_in_five_seconds_is_refused(http: Http) -> None:
    """429 comes without Retry-After unless the switch says so, and nothing is carried out."""
    http.control.set_switches(rate_limit=25)
    statuses = [http.call("GET", "customers").status_code for _ in range(25)]
    assert statuses == [200] * 25
    refused = http.add_customer("too fast")
    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers
    http.control.set_switches(retry_after=3)
    assert http.call("GET", "customers").headers["Retry-After"] == "3"
    assert http.names() == []


def test_the_window_slides() -> None:
    """After five seconds the first request of a burst no longer counts."""
    window, switches = SlidingWindow(), Switches()
    assert all(window.admit(0.1 * n, switches) for n in range(25))
    assert not window.admit(4.99, switches)
    assert window.admit(5.0, switches)
    assert not window.admit(5.05, switches)
    counting = Switches(refused_requests_count=True)
    assert not any(window.admit(5.05 + 0.01 * n, counting) for n in range(5))


def test_refuse_before_leaves_nothing_behind(http: Http) -> None:
    """The connection dies and the customer does not exist."""
    _fault(http, kind="refuse_before", method="POST", path="/3/customers")
    with pytest.raises(requests.ConnectionError):
        http.add_customer("lost")
    assert http.names() == []
    assert http.add_customer("second").status_code == 201


def test_drop_after_has_acted(http: Http) -> None:
    """The dangerous case: no answer, yet the customer exists."""
    _fault(http, kind="drop_after", method="POST")
    with pytest.raises(requests.ConnectionError):
        http.add_customer("made")
    assert http.names() == ["made"]


def test_statuses_before_and_after_acting(http: Http) -> None:
    """A 500 says nothing about whether the document exists."""
    _fault(http, kind="status_before", body="oops")
    answer = http.add_customer("no")
    assert (answer.status_code, answer.text) == (500, "oops")
    http.control.book.clear()
    _fault(http, kind="status_after", status=503)
    assert http.add_customer("yes").status_code == 503
    assert http.names() == ["yes"]


def test_a_truncated_answer_is_a_broken_connection(http: Http) -> None:
    """Half a body under a full Content-Length, and the customer exists."""
    _fault(http, kind="truncated")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        http.add_customer("half")
    assert http.names() == ["half"]


def test_html_and_429_on_demand(http: Http) -> None:
    """What proxies answer: a page instead of JSON, or a limit of their own."""
    _fault(http, kind="html")
    page = http.call("GET", "customers")
    assert page.headers["Content-Type"].startswith("text/html")
    http.control.book.clear()
    _fault(http, kind="rate_limited", retry_after=2)
    assert http.call("GET", "customers").headers["Retry-After"] == "2"


def test_an_expired_token_on_demand_needs_a_new_one(http: Http) -> None:
    """The token is void for good, not only for that request."""
    _fault(http, kind="token_expired")
    assert http.add_customer("a").status_code == 401
    assert http.add_customer("a").status_code == 401
    http.renew()
    assert http.add_customer("a").status_code == 201


def test_a_hanging_request_is_carried_out_after_the_client_gave_up(http: Http) -> None:
    """The hardest case: the look-up right after the timeout finds nothing, later it is there."""
    _fault(http, kind="act_later", seconds=0.6, method="POST")
    with pytest.raises(requests.exceptions.ReadTimeout):
        http.add_customer("late", timeout=0.2)
    assert http.names() == []
    _wait_for(lambda: http.names() == ["late"])


def test_a_dropped_request_can_be_carried_out_later_too(http: Http) -> None:
    """The same without waiting for a timeout."""
    _fault(http, kind="drop_then_act", seconds=0.3, method="POST")
    with pytest.raises(requests.ConnectionError):
        http.add_customer("late")
    assert http.names() == []
    _wait_for(lambda: http.names() == ["late"])


def test_the_nth_match_is_hit_and_no_other(http: Http) -> None:
    """Fault runs go through a day request by request, so the count must be exact."""
    _fault(http, kind="status_before", path="^/3/customers", nth=2, times=2)
    statuses = [http.call("GET", "customers").status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]


def test_garbage_is_no_json(http: Http) -> None:
    """A proxy that breaks an answer in two must not pass for Fortnox's word."""
    _fault(http, kind="garbage", path="/3/customers")
    answer = http.call("GET", "customers")
    assert answer.status_code == 200
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")


def test_a_hanging_request_is_never_carried_out(http: Http) -> None:
    """The client gives up, or the connection goes after a while; nothing has been written."""
    _fault(http, kind="hang", method="POST", path="/3/customers", times=2)
    with pytest.raises(requests.exceptions.ReadTimeout):
        http.add_customer("A", timeout=0.2)
    http.control.book.clear()
    _fault(http, kind="hang", method="POST", path="/3/customers", seconds=0.05)
    with pytest.raises(requests.exceptions.ConnectionError):
        http.add_customer("A")
    assert http.names() == []


def test_the_company_changes_between_two_requests(http: Http) -> None:
    """The accountant closes the period, or switches an account off, while an import runs."""
    http.add_customer("A")
    row = {"AccountNumber": 3001, "VAT": 25, "Price": 10, "DeliveredQuantity": 1}
    row["Description"] = "Vara"
    body = {"CustomerNumber": "1", "InvoiceDate": "2026-11-20", "InvoiceRows": [row]}
    for _ in range(3):
        assert http.call("POST", "invoices", json={"Invoice": body}).status_code == 201
    book = {"kind": "change_first", "method": "PUT", "path": "/bookkeep"}
    _fault(http, **book, nth=2, change="lock_period", value="2026-11-30")
    _fault(http, **book, nth=3, change="deactivate_account", value="3001")
    codes = []
    for number in (1, 2, 3):
        answer = http.call("PUT", f"invoices/{number}/bookkeep")
        codes.append(answer.json().get("ErrorInformation", {}).get("code"))
        http.control.lock_period(None)
    assert codes == [None, 2000401, 9000001]
    for wrong in ({"change": "burn"}, {"change": "lock_period", "value": "soon"}):
        rule = {"kind": "change_first", **wrong}
        refused = requests.post(http.url + "/_sandbox/faults", json=rule, timeout=5)
        assert refused.status_code == 400


def test_control_is_closed_to_other_names_of_this_machine(http: Http) -> None:
    """A web page that gets itself resolved to 127.0.0.1 must not reset a team's books."""
    for host, status in (("attacker.example", 403), ("localhost", 200), ("127.0.0.1", 200)):
        headers = {"Host": host}
        answer = requests.get(http.url + "/_sandbox/state", headers=headers, timeout=5)
        assert answer.status_code == status


def test_seeding_makes_the_same_books_each_time(http: Http) -> None:
    """Load and paging are tried on documents that a failing test can be repeated with."""

    def seeded() -> dict:
        http.control.reset()
        body = {"customers": 3, "invoices": 12, "number": 7}
        made = requests.post(http.url + "/_sandbox/seed", json=body, timeout=20)
        assert made.json() == {"customers": 3, "invoices": 12, "booked": 9}
        return dict(requests.get(http.url + "/_sandbox/ledger", timeout=5).json())

    first = seeded()
    assert first["vouchers"] == seeded()["vouchers"]
    assert len(first["vouchers"]) == 9
    assert round(sum(first["balances"]["2"].values()), 2) == 0
    too_many = requests.post(http.url + "/_sandbox/seed", json={"invoices": 10**9}, timeout=5)
    assert too_many.status_code == 400


def test_unknown_faults_are_refused_with_the_list(http: Http) -> None:
    """A misspelt fault must not silently test nothing."""
    answer = requests.post(http.url + "/_sandbox/faults", json={"kind": "explode"}, timeout=5)
    assert answer.status_code == 400
    assert "drop_after" in answer.json()["detail"]


def test_the_request_log_tells_what_happened(http: Http) -> None:
    """Tests count reads and writes here; control requests are not in it."""
    http.control.book.forget_requests()
    _fault(http, kind="drop_after", method="POST")
    with pytest.raises(requests.ConnectionError):
        http.add_customer("x")
    http.call("GET", "customers", params={"name": "x"})
    log = requests.get(http.url + "/_sandbox/requests", timeout=5).json()["requests"]
    assert [(r["method"], r["path"], r["query"], r["status"], r["fault"]) for r in log] == [
        ("POST", "/3/customers", "", 0, "drop_after"),
        ("GET", "/3/customers", "name=x", 200, ""),
    ]


def test_control_over_http(http: Http) -> None:
    """Everything a demo script needs: act as somebody else, lock, switch, set the clock."""
    base = http.url + "/_sandbox"

    def put(path: str, body: dict) -> requests.Response:
        return requests.put(base + path, json=body, timeout=5)

    made = requests.post(
        base + "/act",
        json={"method": "POST", "path": "/3/customers", "body": {"Customer": {"Name": "B"}}},
        timeout=5,
    )
    assert made.status_code == 201
    assert put("/locked-period", {"end_date": "2026-10-31"}).status_code == 200
    assert put("/accounts/3740", {"active": False}).json() == {"years": 3}
    set_now = {
        one["name"]: one["now"]
        for one in put("/unknowns", {"vat_rounding": "row"}).json()["unknowns"]
    }
    assert set_now["vat_rounding"] == "row"
    for wrong in ({"nonsense": 1}, {"vat_rounding": "sum"}, {"max_limit": 0}):
        assert put("/unknowns", wrong).status_code == 400
    assert put("/clock", {"now": "2026-12-31T23:30:00+01:00"}).json() == {
        "now": "2026-12-31T22:30:00+00:00"
    }
    assert put("/clock", {"now": "2026-12-31"}).status_code == 400
    state = requests.get(base + "/state", timeout=5).json()
    assert (state["locked_period"], [c["Name"] for c in state["customers"]]) == (
        "2026-10-31",
        ["B"],
    )
    assert requests.delete(base + "/financial-years/3", timeout=5).status_code == 200
    assert put("/financial-years/3", {}).status_code == 200
    assert put("/financial-years/9", {}).status_code == 404
    assert requests.post(base + "/reset", timeout=5).status_code == 200
    assert http.names() == []


def test_requests_in_parallel_each_get_their_own_number(http: Http) -> None:
    """Two writers at once never get the same document number."""
    numbers: list[str] = []

    def work() -> None:
        for _ in range(5):
            answer = requests.post(
                http.url + "/3/customers",
                json={"Customer": {"Name": "x"}},
                headers=dict(http.session.headers),
                timeout=5,
            )
            numbers.append(answer.json()["Customer"]["CustomerNumber"])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers, key=int) == [str(n) for n in range(1, 21)]


def _wait_for(condition) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)
