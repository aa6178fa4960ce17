"""A refresh token whose renewal goes wrong: the state afterwards, the message, the way back."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.faults.kinds import fault_of
from tests.faults.wire import BASE_URL, Wire
from tests.support.once import Company, a_company
from tests.support.worlds import CLIENT_ID, CLIENT_SECRET

from fortnox.api.rotation import RefreshingToken, StoredToken, expiry_warning
from fortnox.core.errors import FatalError
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.auth import issue_refresh_token
from fortnox.sandbox.fortnox.unknowns import Switches

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Store:
    """Where all processes keep the newest token."""

    def __init__(self) -> None:
        self.token: StoredToken | None = None

    def load(self) -> StoredToken | None:
        return self.token

    def save(self, token: StoredToken) -> None:
        self.token = token


@pytest.fixture
def wire() -> Wire:
    made = Wire(create_app(switches=Switches(rate_limit=0)))
    made.begin_run()
    return made


def source(wire: Wire, store: Store, seed: str) -> RefreshingToken:
    """A new process."""
    return RefreshingToken(
        f"{BASE_URL}/oauth-v1/token",
        CLIENT_ID,
        CLIENT_SECRET,
        store=store,
        seed=seed,
        session=wire.session(),
        clock=lambda: NOW.timestamp() + wire.clock(),
        sleep=wire.clock.sleep,
    )


def test_a_lost_renewal_asks_for_a_new_consent_and_takes_it(wire: Wire):
    """Fortnox killed the old token and its answer got lost: only a person can go on from there."""
    store, seed = Store(), issue_refresh_token(wire.app.state.fortnox)
    wire.faults = {1: fault_of("acted, connection dropped", 1)}
    with pytest.raises(FatalError, match="used, expired or revoked") as caught:
        source(wire, store, seed).token()
    assert "Consent again" in caught.value.remedy
    assert store.token is None
    with pytest.raises(FatalError):
        source(wire, store, seed).token()
    consented = issue_refresh_token(wire.app.state.fortnox)
    assert source(wire, store, consented).token()
    assert source(wire, store, consented).token()


def test_a_renewal_that_never_arrived_is_asked_for_again(wire: Wire):
    """A network that fails before Fortnox saw the request costs no consent."""
    store, seed = Store(), issue_refresh_token(wire.app.state.fortnox)
    wire.faults = {1: fault_of("dropped before acting", 1), 2: fault_of("503 before acting", 1)}
    assert source(wire, store, seed).token()


@pytest.fixture
def company() -> Iterator[Company]:
    with a_company(known=False) as made:
        yield made


def test_tasks_that_renew_at_once_all_get_a_token(company: Company):
    """Pool slots raised by mistake: one task wins the token, the others take what it stored."""
    store, seed = Store(), issue_refresh_token(company.fortnox)
    found: list[Any] = []

    def ask() -> None:
        made = RefreshingToken(
            f"{company.fortnox_url}/oauth-v1/token",
            CLIENT_ID,
            CLIENT_SECRET,
            store=store,
            seed=seed,
            sleep=lambda _: stored.wait(5) and None,
        )
        try:
            found.append(made.token())
        except FatalError as error:
            found.append(error)
        stored.set()

    stored = threading.Event()
    tasks = [threading.Thread(target=ask) for _ in range(4)]
    for task in tasks:
        task.start()
    for task in tasks:
        task.join(30)
    assert all(isinstance(one, str) for one in found), found
    assert len(found) == 4


@pytest.mark.parametrize(
    ("days", "said"), [(0, ""), (29, ""), (31, "expires in 14 days"), (50, "has probably expired")]
)
def test_the_alarm_comes_before_the_token_ends(days: int, said: str):
    """A paused shop would find out only when all its runs fail."""
    renewed = NOW - timedelta(days=days)
    stored = StoredToken(
        refresh_token="hidden",
        expires_at_s=int((renewed + timedelta(hours=1)).timestamp()),
    )
    warning = expiry_warning(stored, NOW)
    assert said in warning
    assert bool(warning) is bool(said)
    assert "hidden" not in warning


def test_no_chain_no_alarm():
    """Before the first renewal there is nothing to tell."""
    assert expiry_warning(None, NOW) == ""
