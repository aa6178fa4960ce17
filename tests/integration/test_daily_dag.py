"""The daily DAG by Airflow's own ``dag.test`` against both sandboxes: a day, and the colour of it.

``dag.test`` sets no partition key and ignores pools (rules of the scheduler 26): the day comes as
a param here, and one end-to-end module runs the real processes.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.support.airflow_runs import DayRunner
from tests.support.captured import printed
from tests.support.leaks import leaks
from tests.support.step_runs import StepRunner
from tests.support.worlds import END_DAY

from fortnox.core.money import decimal_to_ore
from fortnox.sandbox.faults import FaultRule

NO_SCOPE = (
    '{"ErrorInformation":{"error":1,"message":"Har inte behörighet för scope","code":2000663}}'
)
DAY = END_DAY - timedelta(days=1)


def test_a_day_is_booked_a_second_run_writes_nothing_a_third_corrects(
    runner: DayRunner, steps: StepRunner
):
    """The promise in one test: every sale once, proven, a no-op again, no leak; then two edits."""
    with printed() as seen:
        first = runner.run(DAY)
    assert leaks(runner.world, runner.folder, seen.text) == []
    assert first.state == "success"
    assert first.report["verdict"] in ("reconciled", "held")
    assert first.report["totals_ore"]["difference"] == 0
    assert first.report["totals_ore"]["ledger"] == first.report["totals_ore"]["documents"]
    assert first.report["counts"]["created"] == first.report["counts"]["booked"] > 0
    before = runner.writes()
    second = steps.run(DAY)
    assert second.state == "success"
    assert runner.writes() == before
    assert second.report["counts"]["created"] == 0
    assert second.report["totals_ore"] == first.report["totals_ore"]
    assert second.fortnox_reads <= 10 + 5
    runner.set_shop(correct_booked="credit_and_rebook")
    edited_ore = edit_paid_orders(runner, 2)
    third = steps.run(DAY)
    assert third.state == "success"
    totals = third.report["totals_ore"]
    assert totals["shop"] == first.report["totals_ore"]["shop"] + edited_ore
    assert (totals["difference"], totals["ledger"]) == (0, totals["documents"])
    assert third.report["counts"]["created"] == 2 * 2


def edit_paid_orders(runner: DayRunner, count: int) -> int:
    """The staff doubles what some orders of the day sold; what that adds, in öre."""
    shop = runner.world.woocommerce
    day, added_ore = f"{DAY}T", 0
    paid = [
        one
        for one in shop.orders.values()
        if str(one["date_paid"]).startswith(f"{day}1")
        and one["status"] in ("processing", "completed")
        and one["currency"] == "SEK"
    ]
    for one in paid[:count]:
        added_ore += decimal_to_ore(one["total"])
        shop.edit_order(one["id"], doubled(one))
    return added_ore


def doubled(value: Any, key: str = "") -> Any:
    """An order with every amount twice; texts, ids, rates and quantities as they were."""
    if isinstance(value, dict):
        return {name: doubled(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [doubled(one, key) for one in value]
    is_amount = key.endswith(("total", "_tax")) and isinstance(value, str) and value
    return str(Decimal(value) * 2) if is_amount else value


def test_extract_failed_is_red_with_a_report(runner: DayRunner):
    """A shop that refuses the key must not look like a day without orders."""
    runner.world.woocommerce.faults.add(
        FaultRule(method="GET", path=r"dates_are_gmt", kind="status_before", status=401)
    )
    run = runner.run(DAY)
    assert run.state == "failed"
    assert run.report["verdict"] == "not_delivered"
    assert "extract" in run.report["headline"]


def test_apply_failed_is_red_and_says_what_is_missing(steps: StepRunner):
    """Fortnox refuses the first write for good: red, and every order is listed as missing."""
    steps.world.faults.add(
        FaultRule(
            method="POST",
            path="/3/customers",
            kind="status_before",
            status=403,
            body=NO_SCOPE,
            times=0,
        )
    )
    run = steps.run(DAY)
    assert run.state == "failed"
    assert run.report["verdict"] == "differs"
    assert run.report["counts"]["missing"] > 0
    assert "apply failed" in run.report["differences"][0]["cause"]


def test_empty_day_is_green(steps: StepRunner):
    """A day without sales is reconciled, not missing."""
    run = steps.run(END_DAY - timedelta(days=60))
    assert run.state == "success"
    assert run.report["headline"] == "Reconciled, difference 0.00 SEK"


def test_a_run_without_a_day_says_so(runner: DayRunner):
    """A manual run without a day must not guess one."""
    run = runner.run("")
    assert run.state == "failed"
    assert run.tasks["settle"] == "failed"
    assert run.report is None
