"""The daily DAG by Airflow's own ``dag.test`` against both sandboxes: a day, and the colour of it.

``dag.test`` sets no partition key and ignores pools (rules of the scheduler 26): the day comes as
a param here, and one end-to-end module runs the real processes.
"""

from datetime import timedelta

from tests.support.airflow_runs import DayRunner
from tests.support.captured import printed
from tests.support.leaks import leaks
from tests.support.worlds import END_DAY

from fortnox.sandbox.faults import FaultRule

NO_SCOPE = (
    '{"ErrorInformation":{"error":1,"message":"Har inte behörighet för scope","code":2000663}}'
)
DAY = END_DAY - timedelta(days=1)


def test_a_day_is_booked_and_a_second_run_writes_nothing(runner: DayRunner):
    """The promise in one test: every sale once, proven, a repeated day is a no-op, no leak."""
    with printed() as seen:
        first = runner.run(DAY)
    assert leaks(runner.world, runner.folder, seen.text) == []
    assert first.state == "success"
    assert first.report["verdict"] in ("reconciled", "held")
    assert first.report["totals_ore"]["difference"] == 0
    assert first.report["totals_ore"]["ledger"] == first.report["totals_ore"]["documents"]
    assert first.report["counts"]["created"] == first.report["counts"]["booked"] > 0
    before = runner.writes()
    second = runner.run(DAY)
    assert second.state == "success"
    assert runner.writes() == before
    assert second.report["counts"]["created"] == 0
    assert second.report["totals_ore"] == first.report["totals_ore"]
    assert second.fortnox_reads <= 10 + 5


def test_extract_failed_is_red_with_a_report(runner: DayRunner):
    """A shop that refuses the key must not look like a day without orders."""
    runner.world.woocommerce.faults.add(
        FaultRule(method="GET", path=r"dates_are_gmt", kind="status_before", status=401)
    )
    run = runner.run(DAY)
    assert run.state == "failed"
    assert run.report["verdict"] == "not_delivered"
    assert "extract" in run.report["headline"]


def test_apply_failed_is_red_and_says_what_is_missing(runner: DayRunner):
    """Fortnox refuses the first write for good: red, and every order is listed as missing."""
    runner.world.faults.add(
        FaultRule(
            method="POST",
            path="/3/customers",
            kind="status_before",
            status=403,
            body=NO_SCOPE,
            times=0,
        )
    )
    run = runner.run(DAY)
    assert run.state == "failed"
    assert run.report["verdict"] == "differs"
    assert run.report["counts"]["missing"] > 0
    assert "apply failed" in run.report["differences"][0]["cause"]


def test_empty_day_is_green(runner: DayRunner):
    """A day without sales is reconciled, not missing."""
    run = runner.run(END_DAY - timedelta(days=60))
    assert run.state == "success"
    assert run.report["headline"] == "Reconciled, difference 0.00 SEK"


def test_a_run_without_a_day_says_so(runner: DayRunner):
    """A manual run without a day must not guess one."""
    run = runner.run("")
    assert run.state == "failed"
    assert run.tasks["settle"] == "failed"
    assert run.report is None
