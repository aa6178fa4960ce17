"""One day, run with faults and run again, and its books held against those of a day without any.

After a faulty run comes what the scheduler does: the retry of a task that failed, two minutes
later, and the next run, an hour later. A request that Fortnox carries out late may come in the
middle of that one; then another run follows.
"""

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.faults.days import Day, Desk
from tests.faults.kinds import IN_NEXT_RUN, LATE, fault_of, kinds
from tests.faults.wire import BASE_URL, TIMEOUT_S, Wire
from tests.support.once import Books, Company, books, restore, saved_state
from tests.support.worlds import CLIENT_ID, CLIENT_SECRET, TENANT

from fortnox.api.auth import ClientCredentials
from fortnox.api.client import FortnoxClient
from fortnox.api.limiter import Pacer
from fortnox.core.errors import PipelineError
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.unknowns import Switches

_NEVER = "hangs, never acts"
_TOKEN = "POST /oauth-v1/token"
_RETRY_S = 120.0
_NEXT_RUN_S = 3600.0
#: Airflow's retries (policies.py) within a run are bounded; so are they here.
_RETRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A fault: in which run (0 the first, 1 its retry), at which of its requests, of which kind."""

    run: int = 0
    number: int
    kind: str
    #: For a request carried out in the next run: before which of its requests.
    in_next_run: int = 1

    def __str__(self) -> str:
        late = f" (before its request {self.in_next_run})" if self.kind == IN_NEXT_RUN else ""
        return f"{self.kind}{late} at request {self.number} of run {self.run + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a day with faults. Texts are for people; all empty when it is right."""

    placements: tuple[Placement, ...]
    duplicates: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    #: Vouchers that stand twice, each found and its reversal proposed (rules of the books 11).
    proposed_reversals: int = 0
    runs: int = 0
    extra_requests: int = 0

    @property
    def is_right(self) -> bool:
        """Nothing doubled, nothing lost, nothing else different."""
        return not (self.duplicates or self.losses or self.differences)

    def __str__(self) -> str:
        where = "; ".join(map(str, self.placements))
        what = "; ".join((*self.duplicates, *self.losses, *self.differences))
        return f"{where}: {what[:2000] or 'right'}"


@dataclass(slots=True)
class _Diary:
    """What is noticed while a day is run."""

    crashes: list[str] = field(default_factory=list)
    duplicates: set[str] = field(default_factory=set)
    runs: int = 0


class Bench:
    """One scenario in a sandbox without a network, brought back before each try.

    Args:
        scenario: The day.
        folder: For the company's intents; emptied before each try.
        lanes: Documents on their way at once.
        switches: Of the sandbox Fortnox, e.g. ``list_lag_s``.
    """

    def __init__(self, scenario: Day, folder: Path, *, lanes: int = 1, **switches: Any) -> None:
        self._scenario = scenario
        self._lanes = lanes
        self._folder = folder
        #: Requests of each run since the day was begun anew.
        self._lengths: list[int] = []
        app = create_app(switches=Switches(**{"rate_limit": 0, **switches}))
        self.wire = Wire(app)
        store = app.state.fortnox
        # What a new company has is older than any lag of its lists.
        self.wire.clock.sleep(store.monotonic() + _NEXT_RUN_S)
        self._began_s = self.wire.clock()
        store.monotonic = self.wire.clock
        self.company = Company(
            fortnox_url=BASE_URL,
            shop_url="",
            fortnox=store,
            woocommerce=None,
            faults=app.state.faults,
            control_room=app.state.control,
        )
        scenario.prepare(self.desk())
        self.wire.clock.sleep(_NEXT_RUN_S)
        self._before = saved_state(self.company)
        self._run()
        self.right = books(self.company)
        #: The requests of a run without faults.
        self.requests = tuple(self.wire.seen)
        self.wire.clock.sleep(_NEXT_RUN_S)
        self._run()
        self.idle_requests = tuple(self.wire.seen)

    def desk(self) -> Desk:
        """What a new process would have: no token, no memory."""
        clock = self.wire.clock
        session = self.wire.session()
        tokens = ClientCredentials(
            f"{BASE_URL}/oauth-v1/token",
            CLIENT_ID,
            CLIENT_SECRET,
            TENANT,
            session=session,
            clock=clock,
            sleep=clock.sleep,
        )
        client = FortnoxClient(
            base_url=f"{BASE_URL}/3",
            tokens=tokens,
            pacer=Pacer(clock=clock, sleep=clock.sleep),
            session=session,
            timeout_s=(5, TIMEOUT_S),
            clock=clock,
            sleep=clock.sleep,
            lanes=self._lanes,
        )
        started = datetime(2026, 5, 5, 4, 30, tzinfo=UTC)
        return Desk(
            client=client,
            folder=self._folder,
            now=lambda: started + timedelta(seconds=clock() - self._began_s),
            sleep=clock.sleep,
        )

    def placements(self) -> Iterator[Placement]:
        """Each kind at each request of the run; late ones before a request of the next run."""
        chance = random.Random(len(self.requests))  # noqa: S311 - the same each time
        for number in range(1, len(self.requests) + 1):
            for kind in kinds():
                yield Placement(
                    number=number,
                    kind=kind,
                    in_next_run=chance.randint(1, len(self.requests)),
                )

    def late_placements(self) -> Iterator[Placement]:
        """Each write, carried out before every single request of the run after it, and after all.

        Between two requests lies what the run has asked and what it will rely on: one place may be
        right and the next one wrong.
        """
        for number, request in enumerate(self.requests, start=1):
            if request.startswith("GET ") or request == _TOKEN:
                continue
            self.judge(Placement(number=number, kind=_NEVER))
            for place in range(1, max(self._lengths[1:]) + 2):
                yield Placement(number=number, kind=IN_NEXT_RUN, in_next_run=place)

    def some_placements(self, chance: random.Random, count: int) -> tuple[Placement, ...]:
        """So many faults anywhere in a run and its retry."""
        return tuple(
            Placement(
                run=chance.choice((0, 0, 1)),
                number=chance.randint(1, len(self.requests)),
                kind=chance.choice(kinds()),
                in_next_run=chance.randint(1, len(self.requests)),
            )
            for _ in range(count)
        )

    def judge(self, *placements: Placement) -> Verdict:
        """Run the day with these faults, run it again as the scheduler does, and compare."""
        self.restore()
        self._lengths = []
        before = self.wire.total
        diary = _Diary()
        self._first_run_and_retries(diary, placements)
        self._next_run(diary)
        self.wire.settle()
        if any(one.kind == IN_NEXT_RUN or one.kind in LATE for one in placements):
            self._next_run(diary)
        used = self.wire.total - before
        floor = len(self.requests) + (diary.runs - 1) * len(self.idle_requests)
        return self._verdict(placements, diary, extra_requests=used - floor)

    def restore(self) -> None:
        """The company as it was before the day."""
        restore(self.company, self._before)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _first_run_and_retries(self, diary: _Diary, placements: tuple[Placement, ...]) -> None:
        for attempt in range(_RETRIES + 1):
            self.wire.faults = {
                one.number: fault_of(one.kind, one.in_next_run)
                for one in placements
                if one.run == attempt
            }
            if self._guarded_run(diary):
                return
            self.wire.clock.sleep(_RETRY_S)

    def _next_run(self, diary: _Diary) -> None:
        self.wire.clock.sleep(_NEXT_RUN_S)
        if not self._guarded_run(diary):
            self.wire.clock.sleep(_RETRY_S)
            self._guarded_run(diary)

    def _guarded_run(self, diary: _Diary) -> bool:
        """One run; whether the task succeeded."""
        diary.runs += 1
        succeeded = False
        try:
            self._run()
            succeeded = True
        except PipelineError:
            pass
        except Exception as error:  # noqa: BLE001 - a crash without a named reason is a finding
            diary.crashes.append(f"run {diary.runs} crashed: {type(error).__name__}: {error}")
        diary.duplicates |= booked_twice(self.company)
        return succeeded

    def _run(self) -> None:
        self.wire.begin_run()
        try:
            self._scenario.run(self.desk())
        finally:
            self._lengths.append(len(self.wire.seen))
            self.wire.end_run()

    def _verdict(
        self, placements: tuple[Placement, ...], diary: _Diary, *, extra_requests: int
    ) -> Verdict:
        proposed = self._scenario.doubled_vouchers(self.desk())
        lost, more = compare(self.right, books(self.company), proposed)
        return Verdict(
            placements=placements,
            duplicates=tuple(sorted(diary.duplicates)),
            losses=lost,
            differences=(*diary.crashes, *more),
            proposed_reversals=proposed,
            runs=diary.runs,
            extra_requests=extra_requests,
        )


def compare(
    right: Books, found: Books, doubled_vouchers: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is lost, and what is there besides; vouchers that were found to be doubled aside."""
    if doubled_vouchers and _is_only_doubled(right, found, doubled_vouchers):
        return (), ()
    lost: list[str] = []
    more: list[str] = []
    for name in (one.name for one in fields(Books)):
        wanted, is_now = getattr(right, name), getattr(found, name)
        if isinstance(wanted, tuple):
            lost += [f"{name} -{text}" for text in (Counter(wanted) - Counter(is_now))]
            more += [f"{name} +{text}" for text in (Counter(is_now) - Counter(wanted))]
        elif wanted != is_now:
            more.append(f"{name}: {is_now} instead of {wanted}")
    return tuple(lost), tuple(more)


def booked_twice(company: Company) -> set[str]:
    """References that more than one booked document carries."""
    booked = Counter(
        str(one["ExternalInvoiceReference1"])
        for one in company.fortnox.table("invoices").values()
        if one["Booked"] and not one["Cancelled"]
    )
    return {reference for reference, count in booked.items() if count > 1}


def _is_only_doubled(right: Books, found: Books, doubled: int) -> bool:
    """Whether nothing differs but vouchers that stand twice, and what they add to accounts."""
    surplus = Counter(found.vouchers) - Counter(right.vouchers)
    return (
        sum(surplus.values()) == doubled
        and set(surplus) <= set(right.vouchers)
        and found.documents == right.documents
        and found.payments == right.payments
        and found.customers == right.customers
    )
