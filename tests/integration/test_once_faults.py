"""Any request may go wrong in any way: the runs that follow make the same books.

A small day, each kind of fault at each of its requests; ``make faults`` does the same with every
kind of document, with faults in pairs and triples, late lists and killed processes.
"""

import errno
import logging
import os
import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.faults.days import EVERYTHING, FIRST_DAY, ORDERS, OWN_NUMBERS, SET_OFF, SMALL, Day
from tests.faults.kinds import IN_NEXT_RUN, LATE, fault_of, kinds
from tests.faults.matrix import Bench, Placement
from tests.faults.other_days import ARTICLES, PAYOUTS
from tests.faults.wire import BASE_URL, Wire
from tests.support.once import a_company, books, fault, quick_client

from fortnox.core.errors import PipelineError, UnreachableError
from fortnox.sandbox.faults import KINDS
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.unknowns import Switches


@pytest.fixture(scope="module", autouse=True)
def quiet_logs() -> Iterator[None]:
    """Tens of thousands of requests are not worth a line each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def a_bench(scenario: Day, folder: Path, **switches: Any) -> Bench:
    return Bench(scenario, folder / "company", **switches)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Two documents, a payment each, one of them a refund."""
    return a_bench(SMALL, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def late_payouts(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Payouts and their fees, in a Fortnox whose lists show a write two seconds late."""
    return a_bench(PAYOUTS, tmp_path_factory.mktemp("payouts"), list_lag_s=2.0)


@pytest.mark.parametrize("kind", kinds())
def test_any_request_fails_and_the_next_run_makes_it_right(small: Bench, kind: str):
    """No sale lost and none doubled, whichever request of the day fails in this way.

    A third of the requests for each kind, another one for the next kind; ``make faults`` has all.
    """
    of_kind = [placement for placement in small.placements() if placement.kind == kind]
    for placement in of_kind[kinds().index(kind) % 3 :: 3]:
        verdict = small.judge(placement)
        assert verdict.is_right, str(verdict)


@pytest.mark.parametrize(
    ("scenario", "switches"),
    [
        (EVERYTHING, {"list_lag_s": 0.0}),
        (EVERYTHING, {"list_lag_s": 2.0}),
        (FIRST_DAY, {"list_lag_s": 2.0}),
        (ORDERS, {"list_lag_s": 2.0}),
        (ORDERS, {"createinvoice_references": "drop"}),
        (PAYOUTS, {"list_lag_s": 2.0}),
        (ARTICLES, {"list_lag_s": 2.0}),
        (OWN_NUMBERS, {"list_lag_s": 2.0}),
        (OWN_NUMBERS, {"document_number_taken": "renumber"}),
    ],
    ids=lambda one: getattr(one, "name", None) or str(one),
)
def test_a_day_of_every_document_kind_survives_some_of_it(
    scenario: Day, switches: dict[str, Any], tmp_path: Path
):
    """A sample of the matrix: other kinds of documents, and lists that show a write late."""
    chance = random.Random(f"{scenario.name} {switches}")  # noqa: S311 - the same each time
    bench = a_bench(scenario, tmp_path, **switches)
    for placement in chance.sample(list(bench.placements()), 10):
        verdict = bench.judge(placement)
        assert verdict.is_right, str(verdict)
    for count in (2, 3):
        verdict = bench.judge(*bench.some_placements(chance, count))
        assert verdict.is_right, str(verdict)


def test_the_day_of_orders_has_every_kind_of_request(tmp_path: Path):
    """A sweep over requests that are never made would prove nothing."""
    bench = a_bench(ORDERS, tmp_path)
    for request in (
        "POST /3/orders",
        "POST /3/offers",
        "PUT /3/orders/1/createinvoice",
        "PUT /3/invoices/1",
        "PUT /3/invoices/1/bookkeep",
        "POST /3/invoicepayments",
    ):
        assert request in bench.requests


def test_a_draft_that_comes_after_its_surplus_was_settled_is_deleted(tmp_path: Path):
    """A second draft of a payment would lie beside a paid invoice, for somebody to book."""
    bench = a_bench(ORDERS, tmp_path, list_lag_s=2.0)
    number = bench.requests.index("POST /3/invoicepayments") + 1
    # The look-up and the second try come before the late one; its bookkeeping hangs meanwhile.
    late = Placement(number=number, kind="hangs, acts 5 s later")
    hung = Placement(number=number + 5, kind=IN_NEXT_RUN, in_next_run=4)
    verdict = bench.judge(late, hung)
    assert verdict.is_right, str(verdict)


def test_a_payment_that_comes_a_day_late_leaves_no_draft_on_an_open_invoice(tmp_path: Path):
    """Somebody would book the draft, and the buyer's debt be less by a refund given once."""
    bench = a_bench(SET_OFF, tmp_path)
    payments = [
        number
        for number, request in enumerate(bench.requests, 1)
        if request == "POST /3/invoicepayments"
    ]
    assert len(payments) == 2
    for number in payments:
        # Before no request of the next run: after it.
        late = Placement(number=number, kind=IN_NEXT_RUN, in_next_run=1_000)
        verdict = bench.judge(late)
        assert verdict.is_right, str(verdict)


def test_an_own_number_lets_no_second_document_arise(tmp_path: Path):
    """With numbers of their own nothing has to be cancelled, however late a request comes."""
    bench = a_bench(OWN_NUMBERS, tmp_path)
    creates = [n for n, one in enumerate(bench.requests, 1) if one == "POST /3/invoices"]
    for number, kind in product(creates[:2], (*LATE, "acted, connection dropped", "acted, 500")):
        verdict = bench.judge(Placement(number=number, kind=kind))
        assert verdict.is_right, str(verdict)
        sales = [
            one for one in bench.company.fortnox.table("invoices").values() if one["Total"] > 0
        ]
        assert not any(one["Cancelled"] for one in sales)
        for one in sales:
            order_id = str(one["ExternalInvoiceReference1"]).removeprefix("demo:")
            assert int(one["DocumentNumber"]) == 1_000_000_000 + int(order_id)


def test_fees_doubled_by_a_late_request_are_settled(tmp_path: Path):
    """The provider's fee would be booked twice, or a second invoice of it lie there for ever."""
    bench = a_bench(PAYOUTS, tmp_path)
    number = bench.requests.index("POST /3/supplierinvoices") + 1
    # Before the next run's look-up, between it and the POST, and after.
    for in_next_run in (7, len(bench.idle_requests) + 5, len(bench.idle_requests) + 6):
        late = Placement(number=number, kind=IN_NEXT_RUN, in_next_run=in_next_run)
        verdict = bench.judge(late)
        assert verdict.is_right, str(verdict)


def test_a_disk_that_fills_up_at_any_file_costs_no_sale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A task that could not keep what it was about to send would send it, or send it again."""
    bench = a_bench(PAYOUTS, tmp_path)
    sync, calls = os.fsync, iter(range(1, 1000))
    fails_at = 0

    def full_disk(handle: int) -> None:
        if next(calls) == fails_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    monkeypatch.setattr("fortnox.api.private_file.os.fsync", full_disk)
    bench.judge()
    count = next(calls) - 1
    assert count >= 4
    for fails_at in range(1, count + 1):
        calls = iter(range(1, 1000))
        verdict = bench.judge()
        assert verdict.is_right, f"file {fails_at}: {verdict}"


def test_faults_that_stay_do_not_double_anything(small: Bench):
    """Each write of a run is carried out and none is answered: still one document per sale."""
    verdict = small.judge(
        *(
            Placement(number=number, kind="acted, connection dropped")
            for number, request in enumerate(small.requests, start=1)
            if not request.startswith("GET")
        )
    )
    assert verdict.is_right, str(verdict)


_REFUSED = b'{"ErrorInformation":{"Error":1,"Message":"Nej","Code":2000999}}'


@pytest.mark.parametrize(
    ("status", "body"), [(200, b'{"Invoice":{}}'), (500, b""), (400, _REFUSED)]
)
def test_a_document_that_can_never_be_read_stops_no_other(
    small: Bench, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes
):
    """A day of a thousand orders must not wait for the one that Fortnox answers nonsense about."""
    small.restore()
    small.wire.begin_run()
    create = small.requests.index("POST /3/invoices") + 1
    small.wire.faults = {create: fault_of("acted, connection dropped", 0)}
    act, first = Wire.act, "invoices/2"

    def odd(wire: Wire, request: requests.PreparedRequest) -> requests.Response:
        if request.method == "GET" and str(request.url).endswith(first):
            return wire.answer(request, status, body)
        return act(wire, request)

    with monkeypatch.context() as patch:
        patch.setattr(Wire, "act", odd)
        if status == 400:
            SMALL.run(small.desk())
        else:
            with pytest.raises(UnreachableError, match="no good answer about 1 documents"):
                SMALL.run(small.desk())
    small.wire.end_run()
    invoices = small.company.fortnox.table("invoices")
    assert {key: one["Booked"] for key, one, _ in invoices.items()} == {
        "1": True,
        "2": False,
        "3": True,
    }
    small.wire.begin_run()
    SMALL.run(small.desk())
    small.wire.end_run()
    assert books(small.company) == small.right


def test_surplus_that_cannot_be_cancelled_keeps_its_own_order_back_only(
    small: Bench, monkeypatch: pytest.MonkeyPatch
):
    """Two drafts of one sale: neither is booked, and the other orders are."""
    small.restore()
    small.wire.begin_run()
    create = small.requests.index("POST /3/invoices") + 1
    small.wire.faults = {create: fault_of("acted, connection dropped", 0)}
    act = Wire.act

    def no_cancelling(wire: Wire, request: requests.PreparedRequest) -> requests.Response:
        if str(request.url).endswith("/cancel"):
            return wire.answer(request, 400, _REFUSED)
        return act(wire, request)

    with monkeypatch.context() as patch:
        patch.setattr(Wire, "act", no_cancelling)
        # The look-up finds nothing yet, so that another one is made.
        patch.setattr("fortnox.api.creator.find_exact", lambda *_: ())
        with pytest.raises(UnreachableError, match="could not be cancelled"):
            SMALL.run(small.desk())
    small.wire.end_run()
    invoices = small.company.fortnox.table("invoices").values()
    booked = {one["ExternalInvoiceReference1"]: one["Booked"] for one in invoices}
    assert booked == {"demo:1091": True, "demo:1101": False, "demo:1091:r:1": True}
    small.wire.begin_run()
    SMALL.run(small.desk())
    small.wire.end_run()
    assert books(small.company) == small.right


def test_a_run_after_a_day_with_faults_writes_nothing(small: Bench):
    """The floor of requests is kept: what was mended once is not touched again."""
    small.judge(Placement(number=12, kind="acted, 500"))
    small.wire.begin_run()
    SMALL.run(small.desk())
    assert [one for one in small.wire.seen if not one.startswith("GET")] == ["POST /oauth-v1/token"]


def test_the_matrix_sees_a_doubled_sale(small: Bench, monkeypatch: pytest.MonkeyPatch):
    """A judge that finds nothing is worth nothing: without look-ups a lost answer doubles."""
    monkeypatch.setattr("fortnox.api.creator.find_exact", lambda *_: ())
    monkeypatch.setattr("fortnox.api.document_run.cancel_surplus", lambda *_: True)
    create = small.requests.index("POST /3/invoices") + 1
    verdict = small.judge(Placement(number=create, kind="acted, connection dropped"))
    assert not verdict.is_right


def test_a_file_that_was_not_connected_is_connected_by_the_next_run(tmp_path: Path):
    """A day voucher without its order list is an accounting record that lacks its basis."""
    bench = a_bench(EVERYTHING, tmp_path)
    last = len(bench.requests)
    assert bench.requests[-1] == "POST /3/voucherfileconnections"
    verdict = bench.judge(Placement(number=last, kind="dropped before acting"))
    assert verdict.is_right, str(verdict)


@pytest.mark.parametrize(
    ("request_", "in_next_run"),
    [
        ("POST /3/voucherfileconnections", 12),
        ("POST /3/supplierinvoicepayments", 5),
        ("POST /3/supplierinvoicepayments", 15),
    ],
)
def test_what_is_no_document_stands_once_however_late_it_comes(
    late_payouts: Bench, request_: str, in_next_run: int
):
    """Lists don't show it yet when the next run asks: a file twice, a payment's second draft."""
    number = late_payouts.requests.index(request_) + 1
    late = Placement(number=number, kind=IN_NEXT_RUN, in_next_run=in_next_run)
    verdict = late_payouts.judge(late)
    assert verdict.is_right, str(verdict)


#: The matrix's kinds as the sandbox makes them on real connections.
_ON_THE_NETWORK: dict[str, tuple[str, dict[str, Any]]] = {
    "dropped before acting": ("refuse_before", {}),
    "503 before acting": ("status_before", {"status": 503}),
    "acted, connection dropped": ("drop_after", {}),
    "acted, 500": ("status_after", {"status": 500}),
    "429 with Retry-After": ("rate_limited", {"retry_after": 3}),
    "429 without Retry-After": ("rate_limited", {}),
    "hangs, never acts": ("hang", {}),
    "body cut off": ("truncated", {}),
    "half of the JSON": ("garbage", {}),
    "HTML, not acted": ("html", {}),
    "token expired": ("token_expired", {}),
    "hangs, acts after the run": ("act_later", {"seconds": 0.3}),
}


@pytest.mark.parametrize("kind", _ON_THE_NETWORK)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_wire_shows_a_client_what_the_network_would(
    small: Bench, monkeypatch: pytest.MonkeyPatch, kind: str, method: str
):
    """The matrix runs without a network: its faults must look like real ones to the client."""
    monkeypatch.setattr("fortnox.api.transport._RATE_LIMIT_S", 1.0)
    sandbox_kind, values = _ON_THE_NETWORK[kind]
    with a_company(known=False) as company:
        fault(company, 1, sandbox_kind, times=0, **values)
        on_the_network = what_is_raised(quick_client(company), method)
    wire = small.wire
    wire.begin_run()
    desk = small.desk()
    made = fault_of(kind, 1)

    def of_the_api(wire: Wire, request: requests.PreparedRequest) -> requests.Response:
        return wire.act(request) if "oauth" in str(request.url) else made(wire, request)

    wire.faults = dict.fromkeys(range(1, 200), of_the_api)
    over_the_wire = what_is_raised(desk.client, method)
    wire.end_run()
    assert over_the_wire == on_the_network


def what_is_raised(client: Any, method: str) -> str:
    """The error's class, after all that the client repeats by itself."""
    try:
        if method == "GET":
            list(client.list("customers", "Customers"))
        else:
            client.create("customers", "Customer", {"Name": "Test"})
    except PipelineError as error:
        return type(error).__name__
    return "answered"


def test_all_kinds_of_the_sandbox_are_tried():
    """A fault that the sandbox learns later must enter the matrix too."""
    same_for_the_books = {"slow", "drop_then_act", "change_first"}
    tried = {sandbox_kind for sandbox_kind, _ in _ON_THE_NETWORK.values()}
    assert tried | same_for_the_books == set(KINDS)


def test_late_requests_come_before_the_request_they_were_put_at():
    """A request that Fortnox carries out during the next run comes in the middle of it."""
    wire = Wire(create_app(switches=Switches(rate_limit=0)))
    session = wire.session()
    wire.begin_run()
    wire.faults = {1: fault_of(IN_NEXT_RUN, 2)}
    body = {"grant_type": "client_credentials"}
    with pytest.raises(requests.ReadTimeout):
        session.post(f"{BASE_URL}/oauth-v1/token", data=body, auth=("sandbox-client", "x"))
    wire.end_run()
    wire.begin_run()
    assert len(wire._late) == 1
    session.get(f"{BASE_URL}/3/customers")
    assert len(wire._late) == 1
    session.get(f"{BASE_URL}/3/customers")
    assert wire._late == []
