"""Days of a shop whose sales stand as orders and offers, through the daily DAG."""

from datetime import timedelta

import pytest
from tests.support.order_day import HEADER
from tests.support.step_runs import StepRunner
from tests.support.worlds import END_DAY

#: Card sales become orders and invoices, Klarna offers, the rest invoices.
TYPES = HEADER + (
    "*,stripe,order,created,yes,30,book,,1686,,delivered,mark,,\n"
    "*,kco,offer,created,no,,none,,,,,,,\n"
    "*,*,invoice,paid,yes,0,none,,,,,,,\n"
)


@pytest.fixture
def orders_runner(steps: StepRunner) -> StepRunner:
    """The demo shop with orders and offers."""
    (steps.mappings / "document_types.csv").write_text(TYPES, encoding="utf-8")
    return steps


def test_days_of_orders_are_proven_and_not_written_again(orders_runner: StepRunner):
    """Orders on gross, their invoices in the ledger, and a repeated day is a no-op."""
    days = [END_DAY - timedelta(days=n) for n in (3, 2)]
    first = [orders_runner.run(day) for day in days]
    assert [(run.state, run.report["differences"]) for run in first] == [("success", [])] * 2
    assert [run.report["totals_ore"]["difference"] for run in first] == [0, 0]
    table = orders_runner.world.fortnox.table
    invoiced = [one for one in table("orders").values() if one["InvoiceReference"] != "0"]
    assert invoiced
    assert len(list(table("orders").values())) > len(invoiced)
    assert list(table("offers").values())
    made = {one["OrderReference"] for one in table("invoices").values() if one["Booked"]}
    assert {one["DocumentNumber"] for one in invoiced} <= made
    before = orders_runner.writes()
    again = [orders_runner.run(day) for day in days]
    assert orders_runner.writes() == before
    assert [run.report["totals_ore"] for run in again] == [
        run.report["totals_ore"] for run in first
    ]
