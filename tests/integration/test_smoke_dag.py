"""The smoke test over HTTP: a marked order there and back, and nothing left of it."""

import json
from typing import Any

import pytest
from tests.support.airflow_runs import DayRunner
from tests.support.articles import exporting
from tests.support.step_runs import StepRunner
from tests.support.worlds import World

from fortnox.hooks.fortnox import FortnoxHook
from fortnox.sandbox.faults import FaultRule


def live_invoices(runner: DayRunner) -> list[str]:
    invoices = runner.world.control("state")["invoices"]
    return [row["ExternalInvoiceReference1"] for row in invoices if not row["Cancelled"]]


def test_the_order_goes_through_and_nothing_is_left(runner: DayRunner):
    """A test would leave a sale in the books, a card in the register or an order to be packed."""
    shop = runner.world.woocommerce
    orders = dict(shop.orders)

    run = runner.run_smoke()

    assert run.state == "success", run.report
    assert run.report["verdict"] == "passed"
    passed = {check["what"]: check["passed"] for check in run.report["checks"]}
    for what in ("company", "order in the shop", "invoice", "total", "SKU", "customer"):
        assert passed[what] is True, what
    assert set(shop.orders) == set(orders)
    assert live_invoices(runner) == []
    (card,) = runner.world.fortnox.table("customers").values()
    assert card["Name"] == "Fortnox Testorder", "what stays must be clearly marked"
    assert runner.world.fortnox.table("vouchers").values() == []


def test_booked_and_credited_there_is_nothing_left_in_the_ledger(steps: StepRunner) -> None:
    """The test would leave a debt in the books, or never show that bookkeeping works."""
    orders = set(steps.world.woocommerce.orders)
    exporting(steps).run_articles()
    for _ in range(2):
        run = steps.run_smoke(book=True)
        assert run.state == "success", run.report
        passed = {check["what"]: check["passed"] for check in run.report["checks"]}
        for what in ("booked", "credit", "article", "price", "product name"):
            assert passed[what] is True, run.report["checks"]
    assert set(steps.world.woocommerce.orders) == orders
    rows = [
        row
        for voucher in steps.world.fortnox.table("vouchers").values()
        for row in voucher["VoucherRows"]
    ]
    accounts = {row["Account"] for row in rows}
    assert 3001 in accounts
    for account in accounts:
        of_it = [row for row in rows if row["Account"] == account]
        assert sum(row["Debit"] for row in of_it) == sum(row["Credit"] for row in of_it)


def test_a_document_that_is_refused_fails_the_test_and_is_cleaned_up(steps: StepRunner):
    """The test would pass without an invoice, or leave its order behind."""
    orders = set(steps.world.woocommerce.orders)
    body = '{"ErrorInformation":{"error":1,"message":"Kunde inte hitta konto","code":2001304}}'
    steps.world.faults.add(
        FaultRule(method="POST", path="/3/invoices", kind="status_before", status=400, body=body,
                  times=0)
    )  # fmt: skip
    run = steps.run_smoke()
    assert run.state == "failed"
    failed = [check["what"] for check in run.report["checks"] if check["passed"] is False]
    assert "invoice" in failed
    assert set(steps.world.woocommerce.orders) == orders
    assert "Testgatan" not in json.dumps(run.report)


def test_ordinary_runs_hold_a_marked_order(sandbox: World):
    """A test order that could not be removed would be booked as a sale."""
    shop = sandbox.shop()
    product = shop.marked_orders.product()
    assert product is not None
    order_id = shop.marked_orders.make(product, "stripe")
    (order,) = shop.orders([order_id])
    assert [problem.code for problem in order.problems] == ["test_order"]


@pytest.mark.parametrize(
    ("host", "extra", "is_test"),
    [
        ("http://127.0.0.1:8/3", {}, True),
        ("http://localhost:8/3", {}, True),
        ("https://api.fortnox.se/3", {}, False),
        ("", {}, False),
        ("https://127.0.0.1.example.com/3", {}, False),
        ("https://api.fortnox.se/3", {"test_company": "true"}, False),
        ("https://api.fortnox.se/3", {"test_company": True}, True),
    ],
)
def test_only_a_company_that_is_called_a_test_one_is_written_to(
    host: str, extra: dict[str, Any], is_test: bool, monkeypatch: pytest.MonkeyPatch
):
    """A test order would stand in real books."""
    value = {"conn_type": "fortnox", "host": host, "login": "a", "password": "b", "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_FORTNOX_SMOKE", json.dumps(value))
    assert FortnoxHook("fortnox_smoke").is_test_company is is_test
