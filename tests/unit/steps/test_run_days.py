"""Which accounting day a run is about, whether it waits, and which plan may be carried out."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from airflow.sdk.exceptions import TaskDeferred
from tests.support.builders import STANDARD, mappings, shop_row

from fortnox.core.errors import FatalError
from fortnox.core.settle import settle_moment
from fortnox.core.window import WindowKind, accounting_day_window, modified_window
from fortnox.operators.open_day import FortnoxOpenDayOperator, accounting_day
from fortnox.operators.open_hour import later_watermark, window_since
from fortnox.steps.apply import PLAN_MAX_AGE, check_plan
from fortnox.steps.run import Run, load_run
from fortnox.steps.staging import StagingArea

DAY = date(2026, 5, 6)
NOW = datetime(2026, 5, 7, 12, 0, tzinfo=UTC)


def context(day: str | None = None, key: str | None = None) -> Any:
    """What the operator reads of Airflow's context."""
    return {
        "dag": SimpleNamespace(dag_id="daily", fileloc=str(STANDARD.parents[1] / "dags" / "x.py")),
        "dag_run": SimpleNamespace(partition_key=key),
        "params": {"day": day},
        "run_id": "manual__1",
    }


@pytest.fixture
def open_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FortnoxOpenDayOperator:
    """The first task of the demo shop's daily DAG."""
    monkeypatch.setenv("FORTNOX_STAGING", str(tmp_path))
    monkeypatch.setenv("FORTNOX_MAPPINGS_DIR", str(STANDARD))
    return FortnoxOpenDayOperator(task_id="settle", shop="demo")


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2026-05-06", None),
        (None, "2026-05-06"),
        ("2026-05-06", "2026-05-06"),
        (" 2026-05-06 ", ""),
        ("", "2026-05-06"),
    ],
)
def test_the_day_is_the_param_or_the_partition(day: str | None, key: str | None) -> None:
    """A scheduled, a backfilled and a manual run of one day would be about different days."""
    assert accounting_day(context(day, key)) == DAY


@pytest.mark.parametrize(
    ("day", "key", "message"),
    [
        (None, None, r"no accounting day\. Trigger it with a partition key, or with param day"),
        ("", "", "no accounting day"),
        (
            "2026-05-06",
            "2026-05-07",
            r"Param day is 2026-05-06 and the run's partition is 2026-05-07\. Trigger the run with",
        ),
        ("6 maj", None, r'"6 maj" is not an accounting day\. Write it as 2026-11-20'),
        ("2026-02-30", None, "is not an accounting day"),
    ],
)
def test_a_run_without_one_certain_day_is_refused(
    day: str | None, key: str | None, message: str
) -> None:
    """A guess would book or prove a day that nobody asked for."""
    with pytest.raises(FatalError, match=message):
        accounting_day(context(day, key))


def test_a_past_day_opens_at_once(open_day: FortnoxOpenDayOperator) -> None:
    """A backfill over a month would wait a morning for each day."""
    with time_machine.travel(NOW, tick=False):
        opened = open_day.execute(context("2026-05-06"))

    assert opened["window"]["day"] == "2026-05-06"
    assert opened["window"]["start_utc"] == "2026-05-05T22:00:00+00:00"
    assert opened["window"]["end_utc"] == "2026-05-06T22:00:00+00:00"
    assert opened["opened_at"] == NOW.isoformat()


def test_a_day_that_is_not_settled_waits_deferred(open_day: FortnoxOpenDayOperator) -> None:
    """Payments of the late evening would be missing, or a worker would sleep for hours."""
    midnight = datetime(2026, 5, 6, 22, 0, tzinfo=UTC)
    with time_machine.travel(midnight, tick=False), pytest.raises(TaskDeferred) as deferred:
        open_day.execute(context(key="2026-05-06"))

    # 04:30 local and up to 20 minutes: 02:30 to 02:50 UTC in May.
    moment = deferred.value.trigger.moment
    assert datetime(2026, 5, 7, 2, 30, tzinfo=UTC) <= moment
    assert moment < datetime(2026, 5, 7, 2, 50, tzinfo=UTC)
    assert deferred.value.method_name == "resume"


@pytest.mark.parametrize(("left_s", "waits"), [(61, True), (60, True), (59, False), (0, False)])
def test_less_than_a_minute_is_not_worth_a_deferral(
    left_s: int, waits: bool, open_day: FortnoxOpenDayOperator
) -> None:
    """Airflow fails a deferral that is over before it began."""
    ready_at = settle_moment(DAY, shop_row())
    with time_machine.travel(ready_at - timedelta(seconds=left_s), tick=False):
        try:
            open_day.execute(context("2026-05-06"))
        except TaskDeferred:
            assert waits
        else:
            assert not waits


def test_after_the_wait_the_run_opens(open_day: FortnoxOpenDayOperator) -> None:
    """A run would wait, and then wait again."""
    with time_machine.travel(settle_moment(DAY, shop_row()), tick=False):
        opened = open_day.resume(context(key="2026-05-06"), {"moment": "now"})

    assert opened["window"]["day"] == "2026-05-06"


def test_later_tasks_see_the_mappings_of_the_first(
    open_day: FortnoxOpenDayOperator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit in the middle of a run would book one half by the old accounts, one by the new."""
    with time_machine.travel(NOW, tick=False):
        opened = open_day.execute(context("2026-05-06"))
    monkeypatch.setenv("FORTNOX_MAPPINGS_DIR", str(tmp_path / "gone"))

    run = load_run(context(), opened)

    assert run.fingerprint == mappings().fingerprint == run.mappings.fingerprint
    assert run.shop == shop_row()
    assert run.window == accounting_day_window(DAY, shop_row().zone)
    assert run.opened_at == NOW


def test_a_first_task_that_left_nothing_is_named() -> None:
    """Reconcile runs whatever happened: it would end in a traceback about None."""
    with pytest.raises(FatalError, match=r"first task gave no window\. See its log"):
        load_run(context(), None)


def run_with(fingerprint: str, folder: Path) -> Run:
    """A run that was opened with mappings of this fingerprint."""
    return Run(
        window=accounting_day_window(DAY, shop_row().zone),
        shop=shop_row(),
        mappings=mappings(),
        staging=StagingArea(
            base=str(folder), conn_id="c", shop="demo", label="x", dag_id="d", run_id="r"
        ),
        opened_at=NOW,
        fingerprint=fingerprint,
        dag_id="daily",
        run_id="manual__1",
    )


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=12), PLAN_MAX_AGE])
def test_a_fresh_plan_may_be_carried_out(age: timedelta, tmp_path: Path) -> None:
    """An approval that came the next morning would be for nothing."""
    planned: Any = {"made_at": (NOW - age).isoformat(), "fingerprint": "abc"}

    check_plan(planned, run_with("abc", tmp_path), NOW)


@pytest.mark.parametrize(
    ("age", "fingerprint", "message"),
    [
        (PLAN_MAX_AGE + timedelta(seconds=1), "abc", "The plan is older than 36 hours"),
        (timedelta(0), "other", "The plan was made with other mappings"),
    ],
)
def test_an_old_or_foreign_plan_is_refused(
    age: timedelta, fingerprint: str, message: str, tmp_path: Path
) -> None:
    """What was approved yesterday would be booked by today's accounts."""
    planned: Any = {"made_at": (NOW - age).isoformat(), "fingerprint": fingerprint}

    with pytest.raises(FatalError, match=f"{message}\\. Clear the run from its first task"):
        check_plan(planned, run_with("abc", tmp_path), NOW)


def test_the_hours_of_an_outage_are_in_the_next_window() -> None:
    """The scheduler stood still from 08:00 to 12:00: those orders would be lost for ever."""
    window = window_since("2026-05-07T08:00:00+00:00", NOW)

    assert window.kind is WindowKind.MODIFIED
    assert window.start_utc < datetime(2026, 5, 7, 8, 0, tzinfo=UTC)
    assert NOW - timedelta(minutes=5) < window.end_utc < NOW


def test_the_first_window_and_a_watermark_ahead_of_the_clock_are_never_empty() -> None:
    """The first run, or one after the clock was set back, would fail each hour."""
    first = window_since(None, NOW)
    ahead = window_since((NOW + timedelta(hours=1)).isoformat(), NOW)

    assert first.start_utc <= NOW - timedelta(hours=24)
    assert ahead == modified_window(ahead.start_utc, first.end_utc)
    assert ahead.start_utc < ahead.end_utc


def test_hours_under_a_wrong_clock_are_looked_at_again() -> None:
    """A clock that ran ten days ahead for a while: each hour until then would see ten minutes."""
    wrong = (NOW + timedelta(days=10)).isoformat()

    assert window_since(wrong, NOW).start_utc <= NOW - timedelta(hours=24)
    assert later_watermark(wrong, NOW, NOW) == NOW.isoformat()


def test_a_run_that_ends_late_moves_the_watermark_not_back() -> None:
    """A run of the morning, cleared in the evening, would make the next one read the day again."""
    evening = (NOW - timedelta(minutes=2)).isoformat()
    morning = NOW - timedelta(hours=8)

    assert later_watermark(evening, morning, NOW) == evening
    assert later_watermark(evening, NOW, NOW) == NOW.isoformat()
    assert later_watermark(None, morning, NOW) == morning.isoformat()
