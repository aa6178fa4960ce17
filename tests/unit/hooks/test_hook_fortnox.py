"""The Fortnox connection: its form, its guard, and what it never gives away."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import responses
from airflow.sdk import BaseHook, Connection, RetryAction
from airflow.sdk.providers_manager_runtime import ProvidersManagerTaskRuntime

from fortnox.api.rotation import StoredToken
from fortnox.core.errors import (
    DifferenceError,
    FatalError,
    LeaseTakenError,
    PipelineError,
    UnreachableError,
)
from fortnox.hooks import fortnox as module
from fortnox.hooks import token_store
from fortnox.hooks.fortnox import FortnoxHook, normalised_organisation_number
from fortnox.hooks.token_store import VariableTokenStore
from fortnox.policies import RETRY_POLICY
from fortnox.provider_info import get_provider_info

BASE = "https://fortnox.example/3"
TOKEN_URL = "https://login.example/token"
SECRET = "client-secret-0000"
COMPANY = {
    "CompanyName": "Sandbox Handel AB",
    "OrganizationNumber": "559000-0005",
    "DatabaseNumber": 1000001,
}


def connection(**changes: Any) -> Connection:
    """A connection as a user fills it in."""
    extra = {"tenant_id": "1000001", "token_url": TOKEN_URL, **changes.pop("extra", {})}
    fields = {"host": BASE, "login": "client", "password": SECRET, **changes}
    return Connection(conn_id="shop", conn_type="fortnox", extra=json.dumps(extra), **fields)


@pytest.fixture
def fortnox() -> Iterator[responses.RequestsMock]:
    """A company that answers."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        grant = {
            "access_token": "access-token-1",
            "expires_in": 3600,
            "scope": " ".join(module.NEEDED_SCOPES),
        }
        mock.post(TOKEN_URL, json=grant)
        mock.get(f"{BASE}/companyinformation", json={"CompanyInformation": COMPANY})
        yield mock


def hook(monkeypatch: pytest.MonkeyPatch, conn: Connection | None = None) -> FortnoxHook:
    """A hook whose connection is given, not looked up."""
    given = conn or connection()
    monkeypatch.setattr(FortnoxHook, "get_connection", classmethod(lambda cls, conn_id: given))
    return FortnoxHook("shop")


def test_making_a_hook_looks_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every parse of a DAG file would ask for the connection, and fail without it."""

    def never(cls: type, conn_id: str) -> Connection:
        raise AssertionError("looked up")

    monkeypatch.setattr(FortnoxHook, "get_connection", classmethod(never))

    assert FortnoxHook("shop").fortnox_conn_id == "shop"
    assert FortnoxHook(fortnox_conn_id="shop").http_conn_id == "shop"


@pytest.mark.parametrize("written", ["559000-0005", "5590000005", "16559000-0005", " 559000 0005 "])
def test_the_right_company_passes_in_any_spelling(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock, written: str
) -> None:
    """A hyphen in shops.csv would stop the whole shop."""
    company = hook(monkeypatch).guard(written, 1000001)

    assert (company.name, company.database_number) == ("Sandbox Handel AB", 1000001)


def test_another_company_is_refused_and_both_are_named(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock
) -> None:
    """A shop's sales would be booked in somebody else's accounts."""
    with pytest.raises(FatalError) as caught:
        hook(monkeypatch).guard("556000-4615")

    assert "559000-0005" in str(caught.value)
    assert "556000-4615" in str(caught.value)


@pytest.mark.parametrize("written", ["", "not a number"])
def test_a_missing_number_never_passes_the_guard(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock, written: str
) -> None:
    """An empty cell in shops.csv would switch the guard off."""
    fortnox.replace(
        "GET", f"{BASE}/companyinformation", json={"CompanyInformation": {"OrganizationNumber": ""}}
    )

    with pytest.raises(FatalError):
        hook(monkeypatch).guard(written)


def test_the_other_database_of_the_same_number_is_refused(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock
) -> None:
    """A test company with the same organisation number would get the real sales, or the reverse."""
    with pytest.raises(FatalError, match=r"database 1000001, but shops\.csv names 1000002"):
        hook(monkeypatch).guard("559000-0005", 1000002)


def test_the_test_button_names_the_company(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock
) -> None:
    """The user could not tell whether the keys belong to the right company."""
    passed, text = hook(monkeypatch).test_connection()

    assert passed
    assert "Sandbox Handel AB, organisation number 559000-0005, database 1000001." in text
    assert "Scopes: bookkeeping, companyinformation" in text


def test_the_test_button_names_missing_scopes(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock
) -> None:
    """The missing scope would show at the first invoice, in the night."""
    grant = {
        "access_token": "access-token-1",
        "scope": "companyinformation invoice payment settings customer",
    }
    fortnox.replace("POST", TOKEN_URL, json=grant)

    assert "Missing scopes: bookkeeping;" in hook(monkeypatch).test_connection()[1]


def test_the_test_button_says_what_to_correct(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock
) -> None:
    """The user would see a stack trace, or the secret."""
    fortnox.replace("POST", TOKEN_URL, json={"error": "invalid_client"}, status=401)

    passed, text = hook(monkeypatch).test_connection()

    assert not passed
    assert "client secret" in text
    assert SECRET not in text


def test_the_test_button_never_spends_a_one_time_refresh_token(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock
) -> None:
    """Pressing the button would end the consent, as its successor is stored nowhere."""
    conn = connection(extra={"flow": "authorization_code", "refresh_token": "consent-token"})

    passed, text = hook(monkeypatch, conn).test_connection()

    assert not passed
    assert "preflight" in text
    assert len(fortnox.calls) == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"login": None}, "client id"),
        ({"password": None}, "client secret"),
        ({"extra": {"tenant_id": ""}}, "tenant_id"),
        ({"extra": {"flow": "magic"}}, "flow"),
    ],
)
def test_an_incomplete_connection_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], named: str
) -> None:
    """The user would see Fortnox's refusal of an empty key."""
    with pytest.raises(FatalError, match=named):
        hook(monkeypatch, connection(**changes)).client()


def test_no_secret_travels_in_a_header_it_does_not_belong_to(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock
) -> None:
    """The base class sends all of extra, refresh token included, with every request."""
    conn = connection(extra={"refresh_token": "consent-token"})

    hook(monkeypatch, conn).company()

    request = fortnox.calls[-1].request
    assert request.headers["Authorization"] == "Bearer access-token-1"
    assert not {"tenant_id", "refresh_token", "token_url"} & {
        name.lower() for name in request.headers
    }
    assert "consent-token" not in str(request.headers)


@pytest.mark.parametrize(
    ("changes", "base_url"),
    [
        ({"host": None}, "https://api.fortnox.se/3"),
        ({"host": "api.fortnox.se/3"}, "https://api.fortnox.se/3"),
        ({"host": "http://127.0.0.1:8080/3"}, "http://127.0.0.1:8080/3"),
        ({"host": "http://127.0.0.1/3", "port": 8080}, "http://127.0.0.1:8080/3"),
    ],
)
def test_the_host_may_be_written_in_the_usual_ways(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], base_url: str
) -> None:
    """A host without a scheme would send tokens unencrypted, as the base class makes it http."""
    made = hook(monkeypatch, connection(**changes))

    made.get_conn()

    assert made.base_url == base_url


def test_fortnox_without_encryption_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The company's token would travel readable through the internet."""
    with pytest.raises(FatalError, match="encryption"):
        hook(monkeypatch, connection(host="http://api.fortnox.se/3")).client()


def test_all_clients_of_a_company_share_one_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hooks in one task would together send twice the permitted rate."""
    first, second = hook(monkeypatch).client(), hook(monkeypatch).client()
    other = hook(monkeypatch, connection(extra={"tenant_id": "2"})).client()

    assert first._transport._pacer is second._transport._pacer
    assert first._transport._pacer is not other._transport._pacer


class FakeVariable:
    """Airflow's Variable without an Airflow."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, key: str, default: str) -> str:
        """As airflow.sdk.Variable."""
        return self.values.get(key, default)

    def set(self, key: str, value: str) -> None:
        """As airflow.sdk.Variable."""
        self.values[key] = value


@pytest.fixture
def variable(monkeypatch: pytest.MonkeyPatch) -> FakeVariable:
    """Where the rotating token is kept."""
    fake = FakeVariable()
    monkeypatch.setattr(token_store, "Variable", fake)
    return fake


def test_a_stored_token_comes_back_whole(variable: FakeVariable) -> None:
    """The chain of refresh tokens would break between two tasks."""
    token = StoredToken(refresh_token="r", access_token="a", expires_at_s=1_800_000_000, seed="s")
    store = VariableTokenStore("shop")
    assert store.load() is None

    store.save(token)

    assert store.load() == token
    # The word in the key is what makes Airflow mask the value.
    assert list(variable.values) == ["fortnox_token_shop"]


@pytest.mark.parametrize("text", ["a-token-in-plain-text", '{"refresh_token": "abcdef"}', "[1]"])
def test_a_damaged_variable_is_told_without_its_content(variable: FakeVariable, text: str) -> None:
    """A token pasted into the Variable by hand would stand in the log."""
    variable.values["fortnox_token_shop"] = text

    with pytest.raises(FatalError, match="Delete it") as caught:
        VariableTokenStore("shop").load()

    assert text not in str(caught.value)
    assert caught.value.__context__ is None


def test_an_old_refresh_token_is_told_without_asking_fortnox(
    monkeypatch: pytest.MonkeyPatch, variable: FakeVariable
) -> None:
    """A company that was paused for weeks would need a new consent, and nobody would know."""
    now = datetime(2026, 5, 4, tzinfo=UTC)
    renewed = int((now - timedelta(days=40)).timestamp())
    VariableTokenStore("shop").save(StoredToken(refresh_token="r", expires_at_s=renewed))
    rotating = connection(extra={"flow": "authorization_code", "refresh_token": "r"})
    assert "renewed 40 days ago" in hook(monkeypatch, rotating).token_warning(now)
    assert hook(monkeypatch).token_warning(now) == ""


def test_the_rotation_is_stored_in_the_variable(
    monkeypatch: pytest.MonkeyPatch, fortnox: responses.RequestsMock, variable: FakeVariable
) -> None:
    """The second task of the day would use a refresh token that the first one has spent."""
    fortnox.replace(
        "POST", TOKEN_URL, json={"access_token": "access-token-2", "refresh_token": "rotated"}
    )
    conn = connection(extra={"flow": "authorization_code", "refresh_token": "consent-token"})

    hook(monkeypatch, conn).company()

    assert json.loads(variable.values["fortnox_token_shop"])["refresh_token"] == "rotated"


@pytest.mark.parametrize(
    ("text", "number"),
    [("559000-0005", "5590000005"), ("165590000005", "5590000005"), ("123", ""), ("", "")],
)
def test_organisation_numbers_are_compared_by_their_ten_digits(text: str, number: str) -> None:
    """Two spellings of the same company would differ."""
    assert normalised_organisation_number(text) == number


def test_airflow_finds_the_connection_types() -> None:
    """The form and its test button would be missing in the UI."""
    info = get_provider_info()
    manager = ProvidersManagerTaskRuntime()

    assert info["package-name"] in manager.providers
    for declared in info["connection-types"]:
        found = manager.hooks[declared["connection-type"]]
        assert found is not None
        assert found.hook_name == declared["hook-name"]


def test_airflow_makes_the_hook_from_a_connection_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever asks Airflow for the connection's hook, the test button among it, would fail."""
    monkeypatch.setenv("AIRFLOW_CONN_SHOP", connection().as_json())

    made = BaseHook.get_hook("shop")

    assert isinstance(made, FortnoxHook)
    assert made.fortnox_conn_id == "shop"


def test_the_form_hides_what_is_secret() -> None:
    """The refresh token would stand readable on the screen."""
    fields = get_provider_info()["connection-types"][0]["conn-fields"]

    assert fields["refresh_token"]["schema"]["format"] == "password"


@pytest.mark.parametrize(
    ("error", "action", "delay"),
    [
        (FatalError("x"), RetryAction.FAIL, None),
        (DifferenceError("x"), RetryAction.FAIL, None),
        (UnreachableError("x"), RetryAction.RETRY, timedelta(minutes=2)),
        (LeaseTakenError("x"), RetryAction.RETRY, timedelta(seconds=30)),
    ],
)
def test_airflow_retries_only_what_time_can_heal(
    error: PipelineError, action: RetryAction, delay: timedelta | None
) -> None:
    """A wrong key would be tried all night, or an outage of a minute fail the day."""
    decision = RETRY_POLICY.evaluate(error, try_number=1, max_tries=5)

    assert (decision.action, decision.retry_delay) == (action, delay)
