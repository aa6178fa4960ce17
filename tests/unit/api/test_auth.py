"""Tokens: cached, renewed in time, never lost in a rotation, never shown."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from fortnox.api.auth import ClientCredentials
from fortnox.api.rotation import RefreshingToken, StoredToken
from fortnox.core.errors import FatalError, UnreachableError

URL = "https://login.example/token"
SECRET = "a-very-secret-secret"
INVALID_GRANT = (
    400,
    b'{"error":"invalid_grant","error_description":"Invalid refresh token"}',
    "text/html; charset=UTF-8",
)
INVALID_CLIENT = (
    401,
    b'{"error":"invalid_client","error_description":"The client credentials are invalid"}',
    "text/plain;charset=UTF-8",
)


@dataclass
class FakeFortnox(requests.Session):
    """A token endpoint that rotates, at the place of a session."""

    answers: list[Any] = field(default_factory=list)
    valid_refresh: str = "refresh-0"
    seen: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def post(self, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """One token request."""
        self.seen.append({"url": url, **kwargs})
        planned = self.answers.pop(0) if self.answers else None
        if isinstance(planned, Exception):
            raise planned
        return response(*(planned or self._rotate(kwargs["data"])))

    def _rotate(self, form: dict[str, str]) -> tuple[int, bytes, str]:
        number = len(self.seen)
        grant: dict[str, Any] = {
            "access_token": f"access-{number}",
            "expires_in": 3600,
            "token_type": "bearer",
            "scope": "invoice customer",
        }
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] != self.valid_refresh:
                return INVALID_GRANT
            self.valid_refresh = grant["refresh_token"] = f"refresh-{number}"
        return 200, json.dumps(grant).encode(), "application/json"


def response(status: int, body: bytes, content_type: str) -> requests.Response:
    """An answer as requests gives it."""
    answer = requests.Response()
    answer.status_code = status
    answer._content = body
    answer.headers["Content-Type"] = content_type
    return answer


@dataclass
class FakeStore:
    """A store that others can write to as well."""

    stored: StoredToken | None = None
    saves: int = 0

    def load(self) -> StoredToken | None:
        """The newest."""
        return self.stored

    def save(self, token: StoredToken) -> None:
        """Keep."""
        self.stored = token
        self.saves += 1


class FakeTime:
    """Seconds that only pass when told."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def clock(self) -> float:
        """Now."""
        return self.now_s

    def sleep(self, seconds: float) -> None:
        """Pass."""
        self.now_s += seconds


def credentials(fortnox: FakeFortnox, time: FakeTime) -> ClientCredentials:
    """The default flow."""
    return ClientCredentials(
        URL, "client", SECRET, "1000001", session=fortnox, clock=time.clock, sleep=time.sleep
    )


def rotating(
    fortnox: FakeFortnox, time: FakeTime, store: FakeStore, seed: str = "refresh-0"
) -> RefreshingToken:
    """The other flow."""
    return RefreshingToken(
        URL,
        "client",
        SECRET,
        store=store,
        seed=seed,
        session=fortnox,
        clock=time.clock,
        sleep=time.sleep,
    )


def test_the_company_is_named_in_the_header() -> None:
    """Fortnox could not tell for which company the token is."""
    fortnox = FakeFortnox()
    credentials(fortnox, FakeTime()).token()

    (sent,) = fortnox.seen
    assert sent["headers"]["TenantId"] == "1000001"
    assert sent["data"] == {"grant_type": "client_credentials"}
    assert sent["auth"] == ("client", SECRET)


def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    """Each request would cost a second one, or the last one before the end would fail."""
    fortnox, time = FakeFortnox(), FakeTime()
    tokens = credentials(fortnox, time)

    first = tokens.token()
    time.now_s += 3500
    assert tokens.token() == first
    time.now_s += 50
    assert tokens.token() != first
    assert tokens.scopes == ("invoice", "customer")


def test_a_refused_token_is_replaced_once_for_all_threads() -> None:
    """Two threads with the same expired token would drop each other's new one."""
    fortnox = FakeFortnox()
    tokens = credentials(fortnox, FakeTime())
    old = tokens.token()

    tokens.invalidate(old)
    new = tokens.token()
    tokens.invalidate(old)

    assert tokens.token() == new != old


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (INVALID_CLIENT, "client secret"),
        (INVALID_GRANT, "consent"),
        ((404, b"<html>", "text/html"), "token_url"),
    ],
)
def test_a_refusal_is_read_whatever_its_content_type(answer: Any, remedy: str) -> None:
    """The user would see a JSON error instead of what to correct."""
    with pytest.raises(FatalError) as caught:
        credentials(FakeFortnox(answers=[answer]), FakeTime()).token()

    assert remedy in caught.value.remedy
    assert SECRET not in str(caught.value)


def test_an_ill_endpoint_is_asked_again() -> None:
    """A second of trouble at Fortnox would fail the night's run."""
    fortnox = FakeFortnox(answers=[requests.ConnectionError("boom"), (503, b"<html>", "text/html")])

    assert credentials(fortnox, FakeTime()).token() == "access-3"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>all is well</html>",
        b"{}",
        b'{"access_token": null}',
        b'{"access_token": ["x"]}',
        b'{"access_token": "\\ud800"}',
        b'{"access_token": "a\\nb"}',
        b"[" * 100_000,
    ],
    ids=range(7),
)
def test_an_answer_without_a_token_that_can_be_sent_is_no_answer(body: bytes) -> None:
    """A page of somebody in between would end the run for good, half a character crash it."""
    fortnox = FakeFortnox(answers=[(200, body, "application/json")])

    assert credentials(fortnox, FakeTime()).token() == "access-2"


def test_a_life_that_is_no_number_is_the_usual_one() -> None:
    """An odd answer would crash the task before its first request."""
    body = b'{"access_token": "given", "expires_in": {}}'
    fortnox = FakeFortnox(answers=[(200, body, "application/json")])

    assert credentials(fortnox, FakeTime()).token() == "given"


def test_an_endpoint_that_stays_ill_is_unreachable() -> None:
    """The task would hang instead of being retried later."""
    fortnox = FakeFortnox(answers=[(500, b"", "text/html")] * 1000)

    with pytest.raises(UnreachableError, match="HTTP 500"):
        credentials(fortnox, FakeTime()).token()


def test_the_new_refresh_token_is_stored_before_the_access_token_is_given_out() -> None:
    """A crash after the first request would lose the chain, and the customer must consent again."""
    store = FakeStore()

    token = rotating(FakeFortnox(), FakeTime(), store).token()

    assert store.stored is not None
    assert (store.stored.access_token, store.stored.refresh_token) == (token, "refresh-1")


def test_a_store_that_fails_gives_no_token_out() -> None:
    """Work would go on with a chain that nobody can continue."""

    class BrokenStore(FakeStore):
        def save(self, token: StoredToken) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        rotating(FakeFortnox(), FakeTime(), BrokenStore()).token()


def test_the_next_process_uses_the_stored_access_token() -> None:
    """Every task of a run would spend a refresh token."""
    fortnox, time, store = FakeFortnox(), FakeTime(), FakeStore()
    first = rotating(fortnox, time, store).token()

    assert rotating(fortnox, time, store).token() == first
    assert len(fortnox.seen) == 1


def test_the_chain_goes_on_after_the_access_token_has_ended() -> None:
    """After an hour the consent's first token would be tried again, which is dead by then."""
    fortnox, time, store = FakeFortnox(), FakeTime(), FakeStore()
    rotating(fortnox, time, store).token()
    time.now_s += 4000

    assert rotating(fortnox, time, store).token() == "access-2"
    assert store.stored is not None
    assert store.stored.refresh_token == "refresh-2"


def test_who_loses_the_race_takes_what_the_winner_stored() -> None:
    """Two processes at once would cost the customer a new consent."""
    fortnox, time, store = FakeFortnox(), FakeTime(), FakeStore()
    loser = rotating(fortnox, time, store)
    rotating(fortnox, time, store).token()
    winner, store.stored = store.stored, None  # not yet visible to the other
    assert winner is not None

    time.sleep = lambda seconds: store.save(winner)  # type: ignore[method-assign]
    loser._sleep = time.sleep

    assert loser.token() == winner.access_token


def test_a_new_consent_replaces_an_old_chain() -> None:
    """The user would paste a new refresh token and still be told to consent again."""
    fortnox, time = FakeFortnox(valid_refresh="new-consent"), FakeTime()
    store = FakeStore(StoredToken(refresh_token="dead", seed="another"))

    assert rotating(fortnox, time, store, seed="new-consent").token() == "access-1"


def test_a_chain_outlives_a_seed_that_was_emptied() -> None:
    """Tidying up the connection would break a chain that works."""
    fortnox, time = FakeFortnox(valid_refresh="living"), FakeTime()
    store = FakeStore(StoredToken(refresh_token="living", seed="another"))

    assert rotating(fortnox, time, store, seed="").token() == "access-1"


def test_a_dead_chain_asks_for_a_new_consent() -> None:
    """Airflow would retry all night what only a person can repair."""
    with pytest.raises(FatalError, match="refresh token") as caught:
        rotating(FakeFortnox(valid_refresh="other"), FakeTime(), FakeStore()).token()

    assert "Consent again" in caught.value.remedy


def test_an_invalidated_access_token_is_not_taken_from_the_store_again() -> None:
    """A token that was revoked early would be sent for an hour."""
    fortnox, time, store = FakeFortnox(), FakeTime(), FakeStore()
    tokens = rotating(fortnox, time, store)
    first = tokens.token()

    tokens.invalidate(first)

    assert tokens.token() == "access-2"


def test_nothing_secret_is_shown() -> None:
    """A token in a traceback would let any reader of the log into the company's books."""
    masked: list[str] = []
    fortnox, store = FakeFortnox(), FakeStore()
    tokens = RefreshingToken(
        URL, "client", SECRET, store=store, seed="refresh-0", session=fortnox, mask=masked.append
    )
    token = tokens.token()

    assert masked == [token, "refresh-1"]
    shown = repr(tokens) + repr(store.stored) + repr(credentials(fortnox, FakeTime()))
    assert not any(secret in shown for secret in (SECRET, token, "refresh-0", "refresh-1"))
