"""Orders and the invoices made from them, with any request going wrong in any way."""

from collections.abc import Iterator

import pytest
from tests.support.builders import line
from tests.support.faulty_day import AT_ONCE, LATE, Day, a_day, act_late, fail_once
from tests.support.once import run, writes
from tests.support.order_day import DELIVERED, ORDERED, sold, types, wanted

#: Ordered and marked as sent when it is invoiced.
MARKED = "*,b2b,order,created,yes,30,book,,1930,,delivered,mark,,\n"


#: The write was carried out, or nobody knows: each write is hit. The others are refused before.
UNKNOWN = ("drop_after", "status_after", "truncated")


@pytest.fixture(scope="module", params=["inherit", pytest.param("drop", marks=pytest.mark.slow)])
def day(request: pytest.FixtureRequest) -> Iterator[Day]:
    """One order of before is delivered, one is made and delivered at once, one is only made."""
    maps = types(MARKED)
    before = sold(line("299.00"), order_id="1101", number="1101")
    now = {"created_utc": sold(delivered=DELIVERED).head.delivered_utc}
    orders = (
        sold(line("299.00"), order_id="1101", number="1101", delivered=DELIVERED),
        sold(line("33.33", quantity="3"), order_id="1102", delivered=DELIVERED, **now),
        sold(line("112.00", "12"), order_id="1103", **now),
    )
    with a_day(
        wanted=wanted(DELIVERED, *orders, maps=maps),
        earlier=wanted(ORDERED, before, maps=maps),
        createinvoice_references=request.param,
    ) as made:
        yield made


def test_the_day_has_every_kind_of_request(day: Day):
    """A sweep over requests that are never made would prove nothing."""
    day.again()
    run(day.company, day.wanted)
    made = " ".join(writes(day.company))
    assert made.count("POST /3/orders") == 2
    for action in ("createinvoice", "bookkeep", "externalprint"):
        assert made.count(action) >= 2
    run(day.company, day.wanted)
    day.assert_right("the second run")


@pytest.mark.parametrize("kind", UNKNOWN)
def test_any_request_of_an_order_day_fails(day: Day, kind: str):
    """No order made twice, invoiced twice or left without its invoice."""
    for nth in range(1, len(day.methods) + 1):
        if nth in day.writing or nth % 6 == 0:
            fail_once(day, kind, nth)


@pytest.mark.parametrize("kind", [kind for kind in AT_ONCE if kind not in UNKNOWN])
def test_any_write_of_an_order_day_is_refused_or_slow(day: Day, kind: str):
    """The same for answers that say nothing was done, and for those that come too late."""
    for nth in day.writing[::4]:
        fail_once(day, kind, nth)


@pytest.mark.parametrize("kind", LATE)
def test_a_write_carried_out_late_is_settled(day: Day, kind: str):
    """A second order that Fortnox made late is found by the next run over it, and cancelled."""
    for nth in day.writing[:: 4 if kind == "drop_then_act" else 6]:
        act_late(day, kind, nth)
