"""The daily DAG on real processes: scheduler, LocalExecutor, pool, events, approval, backfill.

What ``dag.test`` cannot show (rules of the scheduler 26). Each test has days of its own, so that
none depends on another's; the sandbox's books are the witness, not what the runs say.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from browser import SignedIn, open_report
from tests.support.end_to_end import living_invoices

from fortnox.core.names import ledger_asset_uri, pool_name
from fortnox.demo.day import DAILY, DayRun

POOL = pool_name("fortnox_demo")
IN_POOL = ("preflight", "plan", "apply", "reconcile")
RUN_TIMEOUT_S = 240.0

# Several real runs in a test, on a machine that may be busy with other things.
pytestmark = pytest.mark.timeout(900)


def test_scheduler_runs_the_day_and_announces_it(embedded: Any, first: DayRun):
    """Nobody has to start anything: the day is the run's partition, and its event carries it."""
    run = embedded.api.run(DAILY, first.run_id)
    assert run["run_type"] == "scheduled"
    assert run["partition_key"] == embedded.day.isoformat()
    assert first.state == "success"
    assert first.summary["counts"]["documents"] > 0
    assert first.summary["totals_ore"]["difference"] == 0
    events = [event for event in ledger_events(embedded) if event["source_run_id"] == first.run_id]
    assert [event["partition_key"] for event in events] == [embedded.day.isoformat()]
    assert events[0]["extra"] == {
        "verdict": first.summary["verdict"],
        "held": first.summary["counts"]["held"],
        "difference_ore": 0,
    }


def test_tasks_that_call_fortnox_queue_in_the_companys_pool(embedded: Any, first: DayRun):
    """Two runs at once must not talk to the company at once: one slot for all of them."""
    pools = {
        row["task_id"]: row["pool"]
        for row in embedded.api.call("GET", f"{run_path(first.run_id)}/taskInstances")[
            "task_instances"
        ]
    }
    assert {pools[task] for task in IN_POOL} == {POOL}
    assert embedded.api.call("GET", f"pools/{POOL}")["slots"] == 1


def test_second_run_of_a_day_writes_nothing(twice: Any):
    """A day that ran is a no-op: Fortnox's own log shows no write."""
    assert twice.second.run_id != twice.first.run_id
    assert twice.second.state == "success"
    assert twice.writes_after_second == twice.writes_after_first > 0
    assert twice.second.summary["totals_ore"] == twice.first.summary["totals_ore"]


def test_missing_pool_is_told_and_mended(embedded: Any, first: DayRun):
    """Airflow is silent about a missing pool; the report's page names it and the command."""
    embedded.api.call("DELETE", f"pools/{POOL}")
    try:
        run_id = embedded.api.trigger(DAILY, partition_key=str(embedded.day - timedelta(days=90)))
        wait_task(embedded, run_id, "preflight", "scheduled")
        page = embedded.report_page(DAILY, run_id)
        assert page["missing_pools"] == [POOL]
        assert page["remedy"] == "Run: python -m fortnox pools --create"
    finally:
        made = embedded.command("fortnox", "pools", "--create")
    assert POOL in made
    assert embedded.api.wait_run(DAILY, run_id, timeout_s=RUN_TIMEOUT_S) == "success"


@pytest.fixture(scope="module")
def asked(embedded: Any, first: DayRun) -> dict[date, str]:
    """Two days whose plans wait for a person; nothing is written until then."""
    days = [embedded.day - timedelta(days=1), embedded.day - timedelta(days=2)]
    embedded.set_shop(approve_documents_over="0")
    try:
        runs = {day: embedded.api.trigger(DAILY, partition_key=str(day)) for day in days}
        written = embedded.writes
        for run_id in runs.values():
            wait_task(embedded, run_id, "approve", "awaiting_input")
        assert embedded.writes == written
    finally:
        embedded.set_shop(approve_documents_over="")
    return runs


def test_approved_plan_is_carried_out(embedded: Any, asked: dict[date, str]):
    """Over the threshold nothing is written before somebody says yes, and all of it after."""
    day, run_id = next(iter(asked.items()))
    before = len(documents_of(embedded, day))
    state, summary = answer(embedded, run_id, "Approve")
    assert state == "success"
    assert summary["counts"]["created"] == len(documents_of(embedded, day)) - before > 0
    assert summary["counts"]["missing"] == 0


def test_rejected_plan_is_red_and_writes_nothing(embedded: Any, asked: dict[date, str]):
    """Somebody says no: the report says so, and the day is red, not forgotten."""
    day, run_id = list(asked.items())[1]
    before = documents_of(embedded, day)
    state, summary = answer(embedded, run_id, "Reject")
    assert state == "failed"
    assert documents_of(embedded, day) == before
    assert summary["counts"]["missing"] > 0
    assert "The plan was not approved; nothing was written." in summary["notes"]
    assert "not approved" in summary["differences"][0]["cause"]


def test_report_stands_in_the_ui(embedded: Any, first: DayRun, browser: SignedIn):
    """The tab of the run, in a browser: the verdict and the totals, as the report has them."""
    with browser.page() as page:
        open_report(page, first.report_url(embedded.base_url))
        text = page.inner_text(".fortnox-report")
    assert first.summary["headline"] in text
    kronor = first.summary["totals_ore"]["shop"] // 100
    assert str(kronor) in "".join(text.split())


def test_backfill_of_days_is_green_and_makes_no_duplicates(embedded: Any, first: DayRun):
    """The README's command over two days: a report each, and every sale once."""
    last = embedded.day - timedelta(days=4)
    days = [last - timedelta(days=back) for back in (1, 0)]
    embedded.command(
        "airflow", "backfill", "create", "--dag-id", DAILY,
        "--from-date", str(days[0]), "--to-date", str(days[-1]),
    )  # fmt: skip
    for day in days:
        run_id = the_run_of(embedded, day)
        assert embedded.api.wait_run(DAILY, run_id, timeout_s=RUN_TIMEOUT_S) == "success"
        summary = embedded.api.xcom(DAILY, run_id, "reconcile", "reconciliation")
        assert summary["window"]["day"] == day.isoformat()
        assert summary["totals_ore"]["difference"] == 0
        assert summary["counts"]["documents"] == len(documents_of(embedded, day)) > 0
    references = Counter(
        row["ExternalInvoiceReference1"]
        for row in living_invoices(embedded.fortnox("GET", "state"))
    )
    assert max(references.values()) == 1


def run_path(run_id: str) -> str:
    return f"dags/{DAILY}/dagRuns/{quote(run_id)}"


def ledger_events(embedded: Any) -> list[dict[str, Any]]:
    """Events of the shop's ledger asset."""
    assets = embedded.api.call("GET", "assets")["assets"]
    uri = ledger_asset_uri("fortnox_demo", "demo")
    asset = next(asset for asset in assets if asset["uri"] == uri)
    found = embedded.api.call("GET", "assets/events", params={"asset_id": asset["id"]})
    return list(found["asset_events"])


def documents_of(embedded: Any, day: date) -> list[dict[str, Any]]:
    """Invoices dated the day."""
    return [
        row
        for row in living_invoices(embedded.fortnox("GET", "state"))
        if row["InvoiceDate"] == day.isoformat()
    ]


def wait_task(embedded: Any, run_id: str, task_id: str, state: str) -> None:
    """Until a task is in a state."""
    embedded.api.wait_until(
        lambda: (task_id, state) in embedded.api.task_states(DAILY, run_id),
        timeout_s=RUN_TIMEOUT_S,
        what=f"{task_id} to be {state}",
    )


def answer(embedded: Any, run_id: str, choice: str) -> tuple[str, dict[str, Any]]:
    """Answers the approval as the UI does; the run's state and report."""
    path = f"{run_path(run_id)}/taskInstances/approve/-1/hitlDetails"
    embedded.api.call("PATCH", path, json={"chosen_options": [choice], "params_input": {}})
    state = embedded.api.wait_run(DAILY, run_id, timeout_s=RUN_TIMEOUT_S)
    return state, embedded.api.xcom(DAILY, run_id, "reconcile", "reconciliation")


def the_run_of(embedded: Any, day: date) -> str:
    """The only run of a day."""
    runs = embedded.api.runs(DAILY, partition_key=day.isoformat())
    assert len(runs) == 1
    return str(runs[0]["dag_run_id"])
