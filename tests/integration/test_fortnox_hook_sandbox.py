"""The hook and its client against the sandbox Fortnox, over real connections."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from airflow.sdk import Connection

from fortnox.api.client import FortnoxClient
from fortnox.api.errors import ACCOUNT_UNKNOWN, CUSTOMER_NUMBER_TAKEN
from fortnox.api.limiter import Pacer
from fortnox.api.rotation import RefreshingToken, StoredToken
from fortnox.core.errors import DocumentError, FatalError, UnknownOutcomeError
from fortnox.hooks import fortnox as module
from fortnox.hooks.fortnox import FortnoxHook
from fortnox.sandbox.faults import FaultBook, FaultRule, Kind
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.auth import issue_refresh_token
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.server import start

CUSTOMER = {"CustomerNumber": "demo-1", "Name": "Prov Person", "Type": "PRIVATE"}


@dataclass(frozen=True)
class Sandbox:
    """A running company and the faults that can be planned in it."""

    url: str
    faults: FaultBook
    store: Store


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An empty company of its own for each test."""
    app = create_app()
    with start(app) as server:
        yield Sandbox(server.url, app.state.faults, app.state.fortnox)


@pytest.fixture
def hook(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> FortnoxHook:
    """As the demo connects."""
    return hook_to(sandbox, monkeypatch)


def hook_to(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, **changes: str) -> FortnoxHook:
    """A hook whose pace does not slow the tests."""
    extra = {"tenant_id": "1000001", "token_url": f"{sandbox.url}/oauth-v1/token"}
    conn = Connection(
        conn_id="company",
        conn_type="fortnox",
        host=f"{sandbox.url}/3",
        extra=json.dumps(extra),
        **{"login": "sandbox-client", "password": "sandbox-secret-0000", **changes},
    )
    monkeypatch.setattr(FortnoxHook, "get_connection", classmethod(lambda cls, conn_id: conn))
    monkeypatch.setattr(module, "company_pacer", lambda *key: Pacer(per_window=10_000))
    return FortnoxHook("company")


def references(client: FortnoxClient, **params: str) -> list[str]:
    """Our references of all invoices."""
    return [
        str(entry["ExternalInvoiceReference1"])
        for entry in client.list("invoices", "Invoices", **params)
    ]


def new_invoice(reference: str) -> dict[str, Any]:
    """One row of 79.90 kr including VAT."""
    return {
        "CustomerNumber": "demo-1",
        "ExternalInvoiceReference1": reference,
        "VATIncluded": True,
        "InvoiceRows": [
            {
                "Description": "Kaffe",
                "AccountNumber": 3001,
                "VAT": 25,
                "DeliveredQuantity": "1",
                "Price": Decimal("79.90"),
            }
        ],
    }


def test_the_guard_and_the_test_button_know_the_company(hook: FortnoxHook) -> None:
    """The sales would go into somebody else's books."""
    company = hook.guard("5590000005", 1000001)

    assert company.name == "Sandbox Handel AB"
    assert hook.test_connection()[0]
    with pytest.raises(FatalError, match="556000-4615"):
        hook.guard("556000-4615")


def test_a_wrong_secret_is_told_as_such(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user would search for the fault in the network."""
    passed, text = hook_to(sandbox, monkeypatch, password="wrong-secret").test_connection()

    assert not passed
    assert "invalid_client" in text
    assert "wrong-secret" not in text


def test_an_invoice_is_made_found_and_bookkept(hook: FortnoxHook) -> None:
    """The thread that everything hangs on would be torn."""
    client = hook.client()
    client.create("customers", "Customer", CUSTOMER)

    made = client.create("invoices", "Invoice", new_invoice("demo:1"))
    booked = client.action(f"invoices/{made['DocumentNumber']}/bookkeep", "Invoice")

    assert Decimal(made["Total"]) == Decimal("79.90")
    assert booked["Booked"] is True
    assert references(client, externalinvoicereference1="demo:1") == ["demo:1"]
    assert client.usage.writes == 3
    assert client.get_bytes("sie/4", financialyear=2).startswith(b"#FLAGGA")


def test_refusals_carry_the_code_that_the_caller_acts_on(hook: FortnoxHook) -> None:
    """A customer that exists already would be taken for a bad one."""
    client = hook.client()
    client.create("customers", "Customer", CUSTOMER)
    bad = new_invoice("demo:1")
    bad["InvoiceRows"][0]["AccountNumber"] = 9998

    with pytest.raises(DocumentError) as taken:
        client.create("customers", "Customer", CUSTOMER)
    with pytest.raises(DocumentError) as unknown:
        client.create("invoices", "Invoice", bad)

    assert taken.value.vendor_code == CUSTOMER_NUMBER_TAKEN
    assert unknown.value.vendor_code == ACCOUNT_UNKNOWN
    assert client.find("customers/nobody", "Customer") is None


@pytest.mark.parametrize("kind", ["drop_after", "status_after", "truncated"])
def test_a_write_that_acted_without_an_answer_is_sent_once(
    sandbox: Sandbox, hook: FortnoxHook, kind: Kind
) -> None:
    """The order would be invoiced twice."""
    client = hook.client()
    client.create("customers", "Customer", CUSTOMER)
    sandbox.faults.add(FaultRule(kind=kind, method="POST", path="/invoices"))

    with pytest.raises(UnknownOutcomeError):
        client.create("invoices", "Invoice", new_invoice("demo:1"))

    assert references(client) == ["demo:1"]


@pytest.mark.parametrize(
    "kind", ["refuse_before", "status_before", "html", "truncated", "drop_after"]
)
def test_a_reading_goes_on_after_every_fault(
    sandbox: Sandbox, hook: FortnoxHook, kind: Kind
) -> None:
    """One bad answer among thousands would fail the night's run."""
    sandbox.faults.add(FaultRule(kind=kind, method="GET", path="/companyinformation"))

    assert hook.company().database_number == 1000001


@pytest.mark.parametrize("kind", ["token_expired", "rate_limited"])
def test_a_write_goes_on_after_a_refusal_that_did_not_act(
    sandbox: Sandbox, hook: FortnoxHook, kind: Kind
) -> None:
    """An invoice in the hour's last minute would be held, or made twice."""
    client = hook.client()
    client.create("customers", "Customer", CUSTOMER)
    sandbox.faults.add(FaultRule(kind=kind, method="POST", path="/invoices"))

    client.create("invoices", "Invoice", new_invoice("demo:1"))

    assert references(client) == ["demo:1"]


def test_a_list_of_several_pages_is_whole(hook: FortnoxHook) -> None:
    """Customers beyond the first page would be created again."""
    client = hook.client()
    for number in range(12):
        client.create("customers", "Customer", {"CustomerNumber": f"c-{number}", "Name": "Prov"})

    found = [entry["CustomerNumber"] for entry in client.list("customers", "Customers", limit=5)]

    assert sorted(found) == sorted(f"c-{number}" for number in range(12))


def test_the_rotating_flow_survives_from_task_to_task(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The customer would have to consent again every hour, or after each crashed task."""
    stored: list[StoredToken] = []

    class Kept:
        def load(self) -> StoredToken | None:
            return stored[-1] if stored else None

        def save(self, token: StoredToken) -> None:
            stored.append(token)

    def task(seconds_later: int) -> None:
        tokens = RefreshingToken(
            f"{sandbox.url}/oauth-v1/token",
            "sandbox-client",
            "sandbox-secret-0000",
            store=Kept(),
            seed=seed,
            clock=lambda: time.time() + seconds_later,
        )
        client = FortnoxClient(base_url=f"{sandbox.url}/3", tokens=tokens, pacer=Pacer())
        client.get("companyinformation", "CompanyInformation")

    seed = issue_refresh_token(sandbox.store)

    for seconds_later in (0, 60, 4000, 8000):
        task(seconds_later)

    assert len(stored) == 3
    assert len({seed, *(token.refresh_token for token in stored)}) == 4


def test_every_request_waits_for_its_turn(
    sandbox: Sandbox, hook: FortnoxHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that did not would bring 429s upon the company's other programs too."""

    class Turns:
        given = 0

        def wait(self) -> float:
            self.given += 1
            return 0.0

        def hold_back(self, seconds: float) -> None:
            raise AssertionError("nobody was refused")

    turns = Turns()
    monkeypatch.setattr(module, "company_pacer", lambda *key: turns)
    client = hook.client()
    client.get("companyinformation", "CompanyInformation")
    list(client.list("customers", "Customers"))

    sent = [one for one in sandbox.faults.requests() if one.path.startswith("/3/")]
    assert turns.given == len(sent) == 2
