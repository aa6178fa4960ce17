"""After a day was run: its hold is driven again once, and the sweep finds what changed since."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from tests.support.airflow_runs import ROOT
from tests.support.shop_orders import item, order, shop_with
from tests.support.step_runs import StepRunner
from tests.support.worlds import environment, world

from fortnox.operators.sweep import FortnoxSweepOperator
from fortnox.steps.held_again import Trigger, look_again

DAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 21, 9, 55, tzinfo=UTC)
MADE = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StepRunner, Any]]:
    """A day with one sale booked and one held, run once for this module; and its report."""
    orders = [
        order(501, item("125.00", 25), made_utc=MADE, paid_utc=MADE),
        order(502, item("80.00", 25), made_utc=MADE, paid_utc=MADE, payment_method="barter"),
    ]
    folder = tmp_path_factory.mktemp("day")
    shutil.copytree(ROOT / "include" / "mappings", folder / "mappings")
    with world(shop_with(orders)) as made:
        runner = StepRunner(world=made, folder=folder, mappings=folder / "mappings", _count=[0])
        yield runner, runner.run(DAY).report


def context(pushed: dict[str, Any] | None = None) -> Any:
    """As much of a task's context as both tasks use."""

    def push(*, key: str, value: Any) -> None:
        if pushed is not None:
            pushed[key] = value

    dag = SimpleNamespace(fileloc=str(ROOT / "dags" / "x.py"), dag_id="d")
    return {"dag": dag, "run_id": "r", "ti": SimpleNamespace(xcom_push=push)}


def look(runner: StepRunner, at: datetime = NOW) -> list[Trigger]:
    """The hourly look at what is held; an empty list when it skips."""
    with environment(runner.variables()), time_machine.travel(at):
        try:
            return look_again(context(), "demo")
        except AirflowSkipException:
            return []


def sweep(runner: StepRunner) -> dict[str, Any]:
    """The weekly sweep's report, whatever its colour; it has written nothing."""
    pushed: dict[str, Any] = {}
    writes = runner.writes()
    with environment(runner.variables()), time_machine.travel(NOW):
        task = FortnoxSweepOperator(task_id="reconcile", shop="demo")
        with suppress(AirflowFailException):
            task.execute(context(pushed))
            assert pushed["reconciliation"]["verdict"] == "held"
    assert runner.writes() == writes
    report: dict[str, Any] = pushed["reconciliation"]
    return report


def test_a_mended_hold_drives_its_day_once(day: tuple[StepRunner, Any]) -> None:
    """A payment method got its row, and the sale of last week stays out of the books for ever."""
    runner, report = day
    assert [row["order_id"] for row in report["held"]] == ["502"]
    writes = runner.writes()
    assert look(runner) == []

    rows = runner.mappings / "document_types.csv"
    before = rows.read_text()
    rows.write_text(f"{before}demo,barter,invoice,paid,yes,30,none,,,,,,,,\n")
    [found] = look(runner)
    assert found["conf"] == {"day": "2026-11-19"}
    assert look(runner, NOW + timedelta(hours=1)) == [found]
    assert runner.writes() == writes
    rows.write_text(before)


def test_without_a_report_nothing_is_asked(day: tuple[StepRunner, Any]) -> None:
    """Two hundred shops would ask Fortnox each hour for nothing."""
    runner, _ = day
    before = runner.requests("GET")
    # A month and a day later the hold is a person's.
    assert look(runner, NOW + timedelta(days=32)) == []
    assert runner.requests("GET") == before


def test_the_sweep_finds_what_a_proven_day_became(day: tuple[StepRunner, Any]) -> None:
    """A duplicate made by hand in October would be found at the audit."""
    runner, _ = day
    good = sweep(runner)
    assert (good["verdict"], good["counts"]["orders"], good["counts"]["held"]) == ("held", 2, 1)
    assert good["held"][0]["order_id"] == "502"

    client = runner.world.client()
    [item_] = list(client.list("invoices", "Invoices"))
    body = {
        name: item_[name] for name in ("ExternalInvoiceReference1", "ExternalInvoiceReference2")
    }
    rows = [{"Description": "Mugg", "Price": 100, "DeliveredQuantity": "1"}]
    number = item_["CustomerNumber"]
    twin = client.create(
        "invoices", "Invoice", {"CustomerNumber": number, "InvoiceRows": rows, **body}
    )
    bad = sweep(runner)
    numbers = sorted([item_["DocumentNumber"], twin["DocumentNumber"]])
    assert bad["verdict"] == "differs"
    assert bad["differences"][0]["cause"] == (
        f"invoices {numbers[0]}, {numbers[1]} all carry this order"
    )
    client.action(f"invoices/{twin['DocumentNumber']}/cancel", "Invoice")

    orders = runner.world.woocommerce.orders
    taken = orders.pop(501)
    try:
        assert "which the shop no longer has" in sweep(runner)["differences"][0]["cause"]
    finally:
        orders[501] = taken
