"""A Textalk shop through the whole pipeline, unchanged: a day is booked, proven, and a no-op again.

It stands beside the WooCommerce shop in the same company, under a reference key of its own.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.support.airflow_runs import ROOT
from tests.support.step_runs import StepRunner
from tests.support.worlds import END_DAY, World, environment

from fortnox.demo import second_shop
from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import start
from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP, Store, create_app

DAY = END_DAY - timedelta(days=1)


@pytest.fixture
def shop() -> Iterator[Store]:
    """A Textalk shop, and the Airflow connection to it."""
    app = create_app(generate(seed=7, end_day=END_DAY, days=10, orders_per_day=8))
    with start(app) as server:
        connection = {"conn_type": "textalk", "host": server.url, "password": DEFAULT_TOKEN,
                      "extra": {"webshop": WEBSHOP, "eu_vat": "origin"}}  # fmt: skip
        with environment({"AIRFLOW_CONN_TEXTALK_DEMO": json.dumps(connection)}):
            yield app.state.textalk


@pytest.fixture
def textalk(sandbox: World, shop: Store, tmp_path: Path) -> StepRunner:
    """Runs days of the Textalk shop."""
    mappings = tmp_path / "mappings"
    shutil.copytree(ROOT / "include" / "mappings", mappings)
    second_shop.add_rows(mappings)
    return StepRunner(
        world=sandbox, folder=tmp_path, mappings=mappings, shop=second_shop.SHOP, _count=[0]
    )


def test_a_day_is_reconciled_and_a_second_run_writes_nothing(textalk: StepRunner) -> None:
    """A second shop system would need more than its adapter, or book a day twice."""
    first = textalk.run(DAY)
    assert first.state == "success"
    assert first.report["verdict"] in ("reconciled", "held")
    totals = first.report["totals_ore"]
    assert totals["difference"] == 0
    assert totals["ledger"] == totals["documents"] > 0
    assert first.report["counts"]["booked"] == first.report["counts"]["created"] >= 4
    before = textalk.writes()
    second = textalk.run(DAY)
    assert second.state == "success"
    assert textalk.writes() == before
    assert second.report["totals_ore"] == totals


def test_both_shops_of_a_company_are_told_apart(textalk: StepRunner, tmp_path: Path) -> None:
    """One shop's run would cancel or count the other's documents."""
    first = textalk.run(DAY)
    other = StepRunner(
        world=textalk.world, folder=tmp_path, mappings=textalk.mappings, _count=textalk._count
    )
    woocommerce = other.run(DAY)
    assert (first.state, woocommerce.state) == ("success", "success")
    assert woocommerce.report["totals_ore"]["difference"] == 0
    before = textalk.writes()
    again = textalk.run(DAY)
    assert textalk.writes() == before
    assert again.report["totals_ore"] == first.report["totals_ore"]


def test_goods_that_come_back_after_booking_are_held(textalk: StepRunner, shop: Store) -> None:
    """A return is an edit of the order: unseen, the books would stay too high for ever."""
    first = textalk.run(DAY)
    waiting = json.dumps(first.report["held"])
    uid = next(
        uid
        for uid, one in shop.orders.items()
        if str(one["ordered"]).startswith(f"{DAY}T1")
        and one["paymentStatus"] == "paid"
        and len(one["items"]) > 1
        and one["orderNumber"] not in waiting
    )
    shop.remove_item(uid)
    before = textalk.writes()
    second = textalk.run(DAY)
    assert textalk.writes() == before
    assert shop.orders[uid]["orderNumber"] in json.dumps(second.report["held"])
    assert second.report["counts"]["held"] == first.report["counts"]["held"] + 1


def test_preflight_tells_what_daily_runs_would_miss(textalk: StepRunner) -> None:
    """What is paid after its day would silently stay unbooked in a shop without hourly runs."""
    events = textalk.mappings / "events.csv"
    text = events.read_text(encoding="utf-8")
    events.write_text(text.replace("orders,export,hourly", "orders,export,daily"), encoding="utf-8")
    run = textalk.run(DAY)
    assert run.state == "success"
    assert any("hourly" in finding for finding in run.findings)


def test_an_order_placed_at_the_checkout_is_the_smoke_test(
    textalk: StepRunner, shop: Store
) -> None:
    """A Textalk shop could not be tried, or the try be booked twice, or be lost to the books."""
    refused = textalk.run_smoke()
    assert (refused.state, "the param order" in json.dumps(refused.report)) == ("failed", True)
    number = str(shop.add_order())
    called = list(shop.calls)
    run = textalk.run_smoke(order=number)
    assert run.state == "success", run.report["checks"]
    passed = {check["what"]: check["passed"] for check in run.report["checks"]}
    for what in ("company", "order in the shop", "invoice", "total", "customer"):
        assert passed[what] is True, run.report["checks"]
    assert not [one for one in shop.calls[len(called) :] if one.endswith(".set")]

    def invoices() -> list[tuple[bool, bool]]:
        return [
            (one["Booked"], one["Cancelled"])
            for one in textalk.world.control("state")["invoices"]
            if one["ExternalInvoiceReference1"].endswith(f":{number}")
        ]

    assert invoices() == [(False, False)]
    textalk.run(datetime.now(ZoneInfo("Europe/Stockholm")).date())
    assert invoices() == [(True, False)]
