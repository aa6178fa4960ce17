"""Any request may go wrong in any way: the run that follows makes the same books.

The sandbox is the judge: after a faulty apply and the run that the scheduler makes next, documents,
vouchers, balances and customers equal those of a day on which nothing went wrong.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from tests.support.once import (
    TIMEOUT_S,
    Books,
    Company,
    a_company,
    api_requests,
    books,
    fault,
    restore,
    run,
    run_until_done,
    saved_state,
    writes,
)

from fortnox.core.errors import PipelineError
from fortnox.sandbox.faults import KINDS

AT_ONCE: dict[str, dict[str, Any]] = {
    "refuse_before": {},
    "drop_after": {},
    "status_before": {"status": 500},
    "status_after": {"status": 500},
    "rate_limited": {"retry_after": 1},
    "rate_limited without Retry-After": {},
    "slow": {"seconds": TIMEOUT_S + 0.05},
    "html": {},
    "garbage": {},
    "hang": {},
    "truncated": {},
    "token_expired": {},
}
#: Carried out when the run, and the one after it, are long over.
LATE_S = 0.45
LATE: dict[str, dict[str, Any]] = {
    "act_later": {"seconds": LATE_S},
    "drop_then_act": {"seconds": LATE_S},
}


@dataclass(frozen=True, kw_only=True)
class Day:
    """A company before the day, and the books and requests of a day without faults."""

    company: Company
    before: dict[str, dict[str, Any]]
    right: Books
    methods: tuple[str, ...]

    @property
    def writing(self) -> list[int]:
        """Which requests write, counted from 1."""
        return [n for n, method in enumerate(self.methods, start=1) if method != "GET"]

    def again(self) -> None:
        """Everything as it was before the day."""
        restore(self.company, self.before)

    def assert_right(self, what: str) -> None:
        """The books are those of the day without faults."""
        found = books(self.company)
        assert found.documents == self.right.documents, what
        assert found == self.right, what
        assert found.unbooked == 0, what


@contextmanager
def a_day(*, known: bool) -> Iterator[Day]:
    """A day that went well, ready to be tried again."""
    with a_company(known=known) as company:
        before = saved_state(company)
        run(company)
        yield Day(
            company=company,
            before=before,
            right=books(company),
            methods=tuple(one.method for one in api_requests(company)),
        )


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    """The day of a shop that Fortnox knows: its filter can be proven."""
    with a_day(known=True) as made:
        yield made


@pytest.fixture(scope="module")
def first_day() -> Iterator[Day]:
    """A shop's very first day: no document is known, so each creation looks first."""
    with a_day(known=False) as made:
        yield made


def booked_twice(company: Company) -> list[str]:
    """References that more than one booked document carries."""
    booked = [
        one["ExternalInvoiceReference1"]
        for one in company.fortnox.table("invoices").values()
        if one["Booked"]
    ]
    return [reference for reference in booked if booked.count(reference) > 1]


def faulty_run(company: Company) -> None:
    """The run that meets the fault; whatever it raises is a kind that the scheduler retries."""
    with suppress(PipelineError):
        run(company)
    assert booked_twice(company) == []


def test_all_kinds_of_faults_are_tried():
    """A kind added to the sandbox later must be part of this sweep; a change is no fault."""
    assert {kind.split()[0] for kind in (*AT_ONCE, *LATE)} == set(KINDS) - {"change_first"}


def fail_once(day: Day, kind: str, nth: int) -> None:
    """A run with one fault, the next run, and the books."""
    day.again()
    fault(day.company, nth, kind.split(maxsplit=1)[0], **AT_ONCE[kind])
    faulty_run(day.company)
    # A slow answer is carried out before the next run; later ones have a test of their own.
    time.sleep(0.1 if kind == "slow" else 0)
    run(day.company)
    day.assert_right(f"{kind} at request {nth} of {len(day.methods)}")


def act_late(day: Day, kind: str, nth: int) -> None:
    """A write that is carried out after the next run, the run after that, and the books."""
    day.again()
    began = time.monotonic()
    fault(day.company, nth, kind, **LATE[kind])
    faulty_run(day.company)
    run_until_done(day.company)
    time.sleep(max(0.0, began + LATE_S + 0.25 - time.monotonic()))
    assert booked_twice(day.company) == []
    run(day.company)
    day.assert_right(f"{kind} at request {nth}")


@pytest.mark.parametrize("kind", AT_ONCE)
def test_any_request_fails_and_the_next_run_makes_it_right(day: Day, kind: str):
    """No sale lost and none doubled, whichever request of apply fails in this way."""
    reading = [n for n in range(1, len(day.methods) + 1) if n not in day.writing]
    for nth in [*day.writing, *reading[::3]]:
        fail_once(day, kind, nth)
    before = len(writes(day.company))
    run(day.company)
    assert len(writes(day.company)) == before


@pytest.mark.parametrize("kind", LATE)
def test_a_write_carried_out_after_the_next_run_leaves_no_trace(day: Day, kind: str):
    """Fortnox carries a request out when nobody waits any more: the run after that settles it."""
    for nth in day.writing[:: 2 if kind == "drop_then_act" else 5]:
        act_late(day, kind, nth)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*AT_ONCE, *LATE])
def test_the_first_day_of_a_shop_survives_everything(first_day: Day, kind: str):
    """The same for every request while no document of the shop is known to Fortnox."""
    if kind in LATE:
        for nth in first_day.writing[::2]:
            act_late(first_day, kind, nth)
    else:
        for nth in range(1, len(first_day.methods) + 1):
            fail_once(first_day, kind, nth)


@pytest.mark.parametrize("seed", range(12))
def test_several_faults_in_one_day(day: Day, seed: int):
    """Bad hours have more than one fault: three runs with two faults each, then a good one."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice of faults
    day.again()
    plan: list[tuple[str, int]] = []
    for _ in range(3):
        day.company.faults.clear()
        for _ in range(2):
            kind, nth = chance.choice(sorted(AT_ONCE)), chance.randint(1, len(day.methods))
            plan.append((kind, nth))
            fault(day.company, nth, kind.split()[0], **AT_ONCE[kind])
        faulty_run(day.company)
    day.company.faults.clear()
    run(day.company)
    day.assert_right(f"seed {seed}: {plan}")


def test_faults_that_stay_do_not_double_anything(day: Day):
    """Every create is carried out and none is answered: three runs later still one per order."""
    day.again()
    fault(day.company, 1, "drop_after", method="POST", times=0)
    for _ in range(3):
        faulty_run(day.company)
    day.company.faults.clear()
    run(day.company)
    day.assert_right("all creates unanswered")
