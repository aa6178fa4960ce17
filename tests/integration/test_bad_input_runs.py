"""What stops, or holds, a whole run: the message, the colour, and that nothing is written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import requests
from tests.support.shop_orders import item, order, shop_with
from tests.support.step_runs import StepRunner
from tests.support.worlds import World, world

from fortnox.hooks.woocommerce import WooCommerceHook
from fortnox.sandbox.faults import FaultRule

DAY = date(2026, 5, 6)
NOON = datetime(2026, 5, 6, 10, 0, tzinfo=UTC)
ORDERS = (
    order(9201, item("100.00", 25), made_utc=NOON),
    order(9202, item("56.00", 12), made_utc=NOON),
)


@pytest.fixture
def two_sales() -> Iterator[World]:
    """A shop with two plain sales on the day."""
    with world(shop_with(ORDERS)) as made:
        yield made


@pytest.fixture
def day_runner(two_sales: World, tmp_path: Path, mappings: Path) -> StepRunner:
    """Runs the day of the two sales."""
    return StepRunner(world=two_sales, folder=tmp_path, mappings=mappings, _count=[0])


def control(made: World, method: str, path: str, **body: object) -> None:
    """Do something behind Fortnox's back."""
    url = f"{made.fortnox_url}/_sandbox/{path}"
    requests.request(method, url, json=body, timeout=10).raise_for_status()


def test_the_wrong_company_is_named_and_nothing_is_written(day_runner: StepRunner) -> None:
    """One company's sales would be booked in another's ledger."""
    shops = day_runner.mappings / "shops.csv"
    shops.write_text(shops.read_text().replace("559000-0005", "559000-0013"))

    run = day_runner.run(DAY)

    assert run.state == "failed"
    assert run.tasks["preflight"] == "failed"
    assert run.tasks["extract"] == "upstream_failed"
    assert day_runner.writes() == 0
    assert (
        "belongs to organisation number 559000-0005, but shops.csv names 559000-0013. "
        "Correct fortnox_conn_id or organisation_number in shops.csv."
    ) in run.problems["preflight"]
    assert run.report["headline"].startswith("Not proven: step preflight failed: The connection ")
    assert "belongs to organisation number" in run.report["headline"]


def test_a_shop_that_answers_html_is_red_and_says_what_came(
    day_runner: StepRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A maintenance page would pass for a day without orders."""
    # One try, so that nothing sleeps: what follows is what stands after the last one.
    monkeypatch.setitem(WooCommerceHook.shop.__kwdefaults__, "patience_s", 0.0)
    day_runner.world.woocommerce.faults.add(
        FaultRule(method="GET", path="include=", kind="html", times=0)
    )

    run = day_runner.run(DAY)

    assert run.state == "failed"
    assert run.tasks["extract"] == "failed"
    assert (
        'HTTP 200 with a web page titled "502 Bad Gateway" (text/html)' in run.problems["extract"]
    )
    assert "ask the shop's host" in run.problems["extract"]
    assert day_runner.writes() == 0
    assert run.report["verdict"] == "not_delivered"
    assert run.report["headline"].startswith("Not proven: step extract failed: The shop did not ")
    assert "502 Bad Gateway" in run.report["headline"]
    assert run.report["counts"]["missing"] == len(ORDERS)


def test_a_locked_period_holds_the_day_and_writes_nothing(day_runner: StepRunner) -> None:
    """Sales would be dated into a VAT period that is filed already."""
    control(day_runner.world, "PUT", "locked-period", end_date="2026-05-31")

    run = day_runner.run(DAY)

    assert run.state == "success"
    assert day_runner.writes() == 0
    assert run.report["headline"] == "Reconciled, 2 held, difference 0.00 SEK"
    for held in run.report["held"]:
        assert held["code"] == "period_closed"
        assert held["reason"] == "2026-05-06 lies in a period that is closed through 2026-05-31"
        assert "Ask the accountant" in held["remedy"]
        assert "late_policy" in held["remedy"]


def test_a_missing_financial_year_holds_the_day(day_runner: StepRunner) -> None:
    """Fortnox would refuse each document with a text that names no remedy."""
    control(day_runner.world, "DELETE", "financial-years/2")

    run = day_runner.run(DAY)

    assert run.state == "success"
    assert day_runner.writes() == 0
    assert run.report["headline"] == "Reconciled, 2 held, difference 0.00 SEK"
    assert {held["reason"] for held in run.report["held"]} == {
        "Fortnox has no financial year for 2026-05-06"
    }
    assert "Create the financial year in Fortnox" in run.report["held"][0]["remedy"]
