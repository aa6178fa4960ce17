"""SIGKILL before and after every request: real processes, real connections, the company's lease.

The processes are forked from one that has imported everything and has no threads, so that each
costs a fraction of a second.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from tests.faults.days import Day, Desk
from tests.faults.matrix import booked_twice, compare
from tests.support.once import Company, api_requests, books, restore, saved_state
from tests.support.worlds import CLIENT_ID, CLIENT_SECRET, TENANT

from fortnox.api.auth import ClientCredentials
from fortnox.api.client import FortnoxClient
from fortnox.api.lease import company_lease
from fortnox.api.limiter import Pacer
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.server import start

_MORNING = datetime(2026, 5, 5, 4, 30, tzinfo=UTC)
_SUCCEEDED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One process: where it works, when, and at which request it is killed (0: never)."""

    url: str
    folder: Path
    hours: int = 0
    killed_at: int = 0
    #: Killed when Fortnox has carried that request out, not before it is sent.
    after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What became of a day whose process was killed; texts are empty when all is right."""

    life: Life
    died: bool
    duplicates: tuple[str, ...]
    losses: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Killed, and the books are the same."""
        return self.died and not (self.duplicates or self.losses or self.differences)

    def __str__(self) -> str:
        moment = "after" if self.life.after else "before"
        what = "; ".join((*self.duplicates, *self.losses, *self.differences))
        return f"SIGKILL {moment} request {self.life.killed_at}: {what[:2000] or 'right'}"


class _KillingAdapter(HTTPAdapter):
    """Ends its own process at one request."""

    def __init__(self, life: Life) -> None:
        super().__init__()
        self._life = life
        self._count = 0

    def send(self, request: requests.PreparedRequest, *rest: Any, **more: Any) -> Any:
        """Send it, unless this is where life ends."""
        self._count += 1
        is_last = self._count == self._life.killed_at
        if is_last and not self._life.after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = super().send(request, *rest, **more)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


class Nursery:
    """Lets processes live and tells how they ended. Make it before any thread exists."""

    def __init__(self, scenario: Day) -> None:
        self._ours, theirs = Pipe()
        self._pid = os.fork()
        if self._pid == 0:
            self._ours.close()
            _raise_children(theirs, scenario)

    def let_live(self, life: Life) -> int:
        """Exit code of the process; negative: the signal that killed it."""
        self._ours.send(life)
        code: int = self._ours.recv()
        return code

    def close(self) -> None:
        """No more processes."""
        self._ours.send(None)
        os.waitpid(self._pid, 0)


def _raise_children(orders: Connection, scenario: Day) -> None:
    """The forked process: one child at a time, until told to end."""
    while (life := orders.recv()) is not None:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                _live(life, scenario)
                code = _SUCCEEDED
            finally:
                os._exit(code)
        orders.send(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os._exit(0)


def _live(life: Life, scenario: Day) -> None:
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", _KillingAdapter(life))
    tokens = ClientCredentials(
        f"{life.url}/oauth-v1/token", CLIENT_ID, CLIENT_SECRET, TENANT, session=session
    )
    with company_lease(life.folder, holder=f"process {os.getpid()}", wait_s=0) as lease:
        client = FortnoxClient(
            base_url=f"{life.url}/3",
            tokens=tokens,
            pacer=Pacer(per_window=10_000),
            session=session,
            before_write=lease.check,
        )
        now = _MORNING + timedelta(hours=life.hours)
        scenario.run(Desk(client=client, folder=life.folder, now=lambda: now, sleep=lambda _: None))


@contextmanager
def kill_sweep(scenario: Day, folder: Path) -> Iterator[Iterator[Killed]]:
    """Each request of a day, killed before it and after it, then the retry and the next run."""
    nursery = Nursery(scenario)
    app = create_app(switches=Switches(rate_limit=0))
    try:
        with start(app) as server:
            company = Company(
                fortnox_url=server.url,
                shop_url="",
                fortnox=app.state.fortnox,
                woocommerce=None,
                faults=app.state.faults,
                control_room=app.state.control,
            )
            scenario.prepare(_desk(company, folder))
            yield _sweep(nursery, company, scenario, folder)
    finally:
        nursery.close()


def _desk(company: Company, folder: Path) -> Desk:
    return Desk(client=company.client(), folder=folder, now=lambda: _MORNING, sleep=lambda _: None)


def _sweep(nursery: Nursery, company: Company, scenario: Day, folder: Path) -> Iterator[Killed]:
    before = saved_state(company)
    company.faults.forget_requests()
    undisturbed = Life(url=company.fortnox_url, folder=folder)
    assert nursery.let_live(undisturbed) == _SUCCEEDED
    right = books(company)
    # The request for a token is one, too.
    count = 1 + len(api_requests(company))
    for number in range(1, count + 1):
        for after in (False, True):
            restore(company, before)
            shutil.rmtree(folder, ignore_errors=True)
            life = Life(url=company.fortnox_url, folder=folder, killed_at=number, after=after)
            died = nursery.let_live(life) == -signal.SIGKILL
            doubled = booked_twice(company)
            for hours in (0, 1):
                nursery.let_live(Life(url=company.fortnox_url, folder=folder, hours=hours))
            proposed = scenario.doubled_vouchers(_desk(company, folder))
            lost, more = compare(right, books(company), proposed)
            yield Killed(
                life=life,
                died=died,
                duplicates=tuple(sorted(doubled | booked_twice(company))),
                losses=lost,
                differences=more,
            )
