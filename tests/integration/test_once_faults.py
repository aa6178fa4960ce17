"""Any request may go wrong in any way: the run that follows makes the same books.

The sandbox is the judge: after a faulty apply and the run that the scheduler makes next, documents,
vouchers, balances and customers equal those of a day on which nothing went wrong.
"""

import random
from collections.abc import Iterator

import pytest
from tests.support.faulty_day import AT_ONCE, LATE, Day, a_day, act_late, fail_once, faulty_run
from tests.support.once import fault, run, writes

from fortnox.sandbox.faults import KINDS


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


def test_all_kinds_of_faults_are_tried():
    """A kind added to the sandbox later must be part of this sweep; a change is no fault."""
    assert {kind.split()[0] for kind in (*AT_ONCE, *LATE)} == set(KINDS) - {"change_first"}


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
        faulty_run(day)
    day.company.faults.clear()
    run(day.company)
    day.assert_right(f"seed {seed}: {plan}")


def test_faults_that_stay_do_not_double_anything(day: Day):
    """Every create is carried out and none is answered: three runs later still one per order."""
    day.again()
    fault(day.company, 1, "drop_after", method="POST", times=0)
    for _ in range(3):
        faulty_run(day)
    day.company.faults.clear()
    run(day.company)
    day.assert_right("all creates unanswered")
