"""Stock from its owner to the other side, by the steps of its DAG, both sandboxes over HTTP."""

from dataclasses import replace

import pytest
from tests.support.airflow_runs import DayRunner
from tests.support.articles import (
    articles,
    change,
    codes,
    counted,
    exporting,
    in_fortnox,
    product,
    shop_writes,
)
from tests.support.step_runs import StepRunner


@pytest.fixture
def stocked(steps: StepRunner) -> StepRunner:
    """Both sides have the articles; the shop counts a few of them."""
    for sku in ("TERM-075", "HALS-30", "TRJ-TALL-S"):
        change(steps, sku, manage_stock=True, stock_quantity=10, stock_status="instock")
    assert exporting(steps).run_articles().state == "success"
    return steps


def importing(runner: DayRunner, **quantities: int) -> DayRunner:
    """Fortnox owns stock, and counted the same as the shop but for these."""
    runner.set_event("stock", "import")
    runner.set_shop(first_run_max_articles="1000")
    in_fortnox(runner, **{**counted(runner), **quantities})
    return runner


def test_a_sale_in_the_shop_is_not_undone_by_the_next_import(stocked: StepRunner) -> None:
    """The shop would sell pieces that it no longer has."""
    importing(stocked, **{"TERM-075": 7, "TRJ-TALL-S": 12})
    first = stocked.run_articles("stock")
    assert first.state == "success", first.report
    assert product(stocked, "TERM-075")["stock_quantity"] == 7
    assert product(stocked, "TRJ-TALL-S")["stock_quantity"] == 12
    assert first.report["kind"] == "stock"

    change(stocked, "TERM-075", stock_quantity=5)
    writes = shop_writes(stocked)
    assert stocked.run_articles("stock").state == "success"
    assert product(stocked, "TERM-075")["stock_quantity"] == 5
    assert shop_writes(stocked) == writes

    in_fortnox(stocked, **{"TERM-075": 27})
    assert stocked.run_articles("stock").state == "success"
    assert product(stocked, "TERM-075")["stock_quantity"] == 25


def test_what_one_side_does_not_count_is_named_and_left_alone(stocked: StepRunner) -> None:
    """Stock management would be switched on for products that are made to order."""
    change(stocked, "KASSE-LIN", manage_stock=False, stock_quantity=None)
    stocked.world.client().update("articles/HALS-30", "Article", {"StockGoods": False})
    importing(stocked, **{"KASSE-LIN": 4, "TERM-075": 8, "HALS-30": 0})
    run = stocked.run_articles("stock")
    assert run.state == "success"
    assert product(stocked, "KASSE-LIN")["manage_stock"] is False
    assert product(stocked, "HALS-30")["stock_quantity"] == 10
    assert codes(run) >= {"stock_not_managed", "stock_not_counted"}


def test_variations_that_share_one_number_are_held(stocked: StepRunner) -> None:
    """Each variation's quantity would overwrite the one of all of them."""
    change(stocked, "TRJ-TALL", manage_stock=True, stock_quantity=60)
    change(stocked, "TRJ-TALL-M", manage_stock=False, stock_quantity=None)
    importing(stocked, **{"TRJ-TALL-M": 3})
    run = stocked.run_articles("stock")
    assert "stock_on_parent" in codes(run)
    assert product(stocked, "TRJ-TALL")["stock_quantity"] == 60


def test_the_shops_stock_goes_to_fortnox_where_it_owns_it(stocked: StepRunner) -> None:
    """The accountant would value a stock that is not there."""
    stocked.set_event("stock", "export")
    run = stocked.run_articles("stock")
    assert run.state == "success", run.report
    assert articles(stocked)["TERM-075"]["QuantityInStock"] == 10
    before = stocked.writes()
    assert stocked.run_articles("stock").state == "success"
    assert stocked.writes() == before


@pytest.mark.parametrize("may_ask", [True, False])
def test_the_warehouse_module_is_respected(stocked: StepRunner, may_ask: bool) -> None:
    """Each run would write quantities that Fortnox throws away, and call them written."""
    store = stocked.world.fortnox
    scopes = (*store.company.scopes, *(["warehouse"] if may_ask else []))
    store.company = replace(store.company, has_warehouse=True, scopes=scopes)
    stocked.set_event("stock", "export")
    written = stocked.writes()
    first = stocked.run_articles("stock")
    assert stocked.writes() == written + (0 if may_ask else 1)
    assert first.state == "success", first.report
    assert codes(first) >= {"warehouse_module"}
    assert articles(stocked)["TERM-075"]["QuantityInStock"] == 0
    before = stocked.writes()
    second = stocked.run_articles("stock")
    assert codes(second) >= {"warehouse_module"}
    assert stocked.writes() == before
