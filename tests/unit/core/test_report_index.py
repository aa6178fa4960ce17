"""The index of a shop's days, and what the calendar makes of it."""

from datetime import date
from typing import Any

import pytest
from tests.support.builders import shop_row

from fortnox.core.report_days import Day, DayRun, badness, make_days
from fortnox.core.report_index import index_folder, with_day

DAG = "fortnox_orders_daily__demo"
START = date(2026, 11, 16)
TODAY = date(2026, 11, 21)


def summary(day: str, verdict: str, made_at: str = "2026-11-21T03:00:00+00:00") -> dict[str, Any]:
    return {
        "verdict": verdict,
        "headline": f"{verdict} on {day}",
        "company": {"name": "Handel AB"},
        "window": {"day": day},
        "made_at": made_at,
        "counts": {"held": 2, "orders": 7},
        "held": [{"kind": "order", "order_id": "77", "reason": "text"}],
        "totals_ore": {"shop": 100, "difference": 0},
    }


def added(index: Any, made: dict[str, Any], run_id: str = "r") -> dict[str, Any]:
    return with_day(index, made, shop=shop_row(), dag_id=DAG, run_id=run_id)


def entries(**verdicts: str) -> dict[str, dict[str, Any]]:
    """``d20="held"`` is 2026-11-20, made by run ``r20``."""
    index: Any = None
    for name, verdict in verdicts.items():
        index = added(index, summary(f"2026-11-{name[1:]}", verdict), f"r{name[1:]}")
    days: dict[str, dict[str, Any]] = index["days"] if index else {}
    return days


def states(known: dict[str, Any], *runs: DayRun, start: date | None = START) -> dict[str, str]:
    days = make_days(
        known,
        runs,
        first=date(2026, 11, 14),
        last=date(2026, 11, 22),
        start_date=start,
        today=TODAY,
    )
    assert [day.day for day in days] == [f"2026-11-{n}" for n in range(14, 23)]
    return {day.day[8:]: day.state for day in days}


def run(day: str, state: str, run_id: str = "x") -> DayRun:
    return DayRun(day=f"2026-11-{day}", run_id=run_id, state=state)


def test_days_of_a_year_are_kept_beside_each_other() -> None:
    """A day that is run must not wipe out the others of its year."""
    index = added(added(None, summary("2026-11-20", "held")), summary("2026-11-18", "differs"))
    assert list(index["days"]) == ["2026-11-18", "2026-11-20"]
    assert index["days"]["2026-11-20"]["held"] == 2
    assert index["days"]["2026-11-20"]["waiting"] == [{"kind": "order", "order_id": "77"}]
    assert index["start_date"] == shop_row().start_date.isoformat()


def test_the_newer_report_of_a_day_counts() -> None:
    """A slow old run that ends last must not bring a mended day's red back."""
    mended = added(None, summary("2026-11-20", "reconciled", "2026-11-21T05:00:00+00:00"))
    late = added(mended, summary("2026-11-20", "differs", "2026-11-21T04:00:00+00:00"))
    assert late["days"]["2026-11-20"]["verdict"] == "reconciled"
    again = added(mended, summary("2026-11-20", "held", "2026-11-21T06:00:00+00:00"))
    assert again["days"]["2026-11-20"]["verdict"] == "held"


@pytest.mark.parametrize("broken", [None, {}, {"schema": "x", "days": {"2026-11-19": {}}}])
def test_an_index_of_another_kind_begins_anew(broken: Any) -> None:
    """A file that somebody else wrote must not keep a day from its report."""
    assert list(added(broken, summary("2026-11-20", "held"))["days"]) == ["2026-11-20"]


@pytest.mark.parametrize("dag_id", ["", "..", "a/b", "/etc", "å", ".x"])
def test_unsafe_dag_ids_have_no_index(dag_id: str) -> None:
    """An address with dots in it must not leave the folder of the reports."""
    with pytest.raises(ValueError, match="not safe"):
        index_folder(dag_id)


def test_calendar_tells_the_days_apart() -> None:
    """The newcomer sees at a glance what is missing, what is red and what is yet to come."""
    known = entries(d16="reconciled", d17="held", d18="differs", d19="not_delivered")
    assert states(known) == {
        "14": "before_start", "15": "before_start", "16": "reconciled", "17": "held",
        "18": "differs", "19": "not_delivered", "20": "missing", "21": "not_yet", "22": "not_yet",
    }  # fmt: skip


def test_the_newest_run_of_a_day_counts() -> None:
    """A day that is being run again is running, and one that failed without a report is failed."""
    known = entries(d16="reconciled", d17="reconciled", d18="differs")
    found = states(
        known,
        run("16", "success", "r16"), run("16", "running"),
        run("17", "success", "r17"), run("17", "failed"),
        run("18", "failed", "r18"),
        run("19", "queued"), run("20", "success"),
    )  # fmt: skip
    assert [found[day] for day in ("16", "17", "18", "19", "20")] == [
        "running", "failed", "differs", "running", "reconciled",
    ]  # fmt: skip


def test_without_an_index_the_first_run_is_the_start() -> None:
    """Before the first report nobody knows the start date; a year of red would be an alarm."""
    found = states({}, run("18", "success"), start=None)
    assert found["17"] == "before_start"
    assert found["19"] == "missing"
    assert set(states({}, start=None).values()) == {"before_start", "not_yet"}


def test_the_worst_shop_comes_first() -> None:
    """One difference weighs more than any number of missing or held days."""
    differs, missing, held, fine = (
        [Day(day="2026-11-20", state=state)] * number
        for state, number in (("differs", 1), ("missing", 9), ("held", 20), ("reconciled", 30))
    )
    shops = [fine, held, missing, differs]
    assert sorted(shops, key=badness) == [differs, missing, held, fine]
