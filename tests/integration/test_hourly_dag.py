"""The hourly DAG by ``dag.test``: its window comes from the watermark, which only success moves.

The shop's clock is moved, so that hours pass between two runs; the runs' own clock is the real one.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.airflow_runs import DayRunner
from tests.support.step_runs import StepRunner

from fortnox.sandbox.faults import FaultRule

NO_SCOPE = (
    '{"ErrorInformation":{"error":1,"message":"Har inte behörighet för scope","code":2000663}}'
)
ASSET, KEY = "demo orders watermark", "orders_until"
SKIPPED_WHEN_EMPTY = ("extract", "transform", "plan", "approve", "apply", "reconcile")


class Watermark:
    """The watermark of the demo shop in Airflow's database, from outside of any task."""

    def set(self, moment: datetime) -> None:
        """As an earlier run left it."""
        from airflow.models.asset import AssetModel
        from airflow.models.asset_state_store import AssetStateStoreModel
        from airflow.utils.session import create_session
        from sqlalchemy import select

        with create_session() as session:
            asset = session.scalar(select(AssetModel).where(AssetModel.name == ASSET))
            if asset is None:
                uri = "fortnox://fortnox_demo/demo/orders-watermark"
                asset = AssetModel(name=ASSET, uri=uri)
                session.add(asset)
                session.flush()
            value = json.dumps(moment.isoformat())
            session.merge(AssetStateStoreModel(asset_id=asset.id, key=KEY, value=value))

    def text(self) -> str:
        """Its value."""
        from airflow.models.asset import AssetModel
        from airflow.models.asset_state_store import AssetStateStoreModel
        from airflow.utils.session import create_session
        from sqlalchemy import select

        query = (
            select(AssetStateStoreModel.value)
            .join(AssetModel, AssetModel.id == AssetStateStoreModel.asset_id)
            .where(AssetModel.name == ASSET, AssetStateStoreModel.key == KEY)
        )
        with create_session() as session:
            return str(json.loads(session.scalars(query).one()))


@pytest.fixture
def watermark(airflow_database: None) -> Watermark:
    """The time until which the shop's orders are carried."""
    return Watermark()


@pytest.fixture
def clock(runner: DayRunner) -> Iterator[SimpleNamespace]:
    """The shop's clock: ``hours_ago`` before the real one."""
    moved = SimpleNamespace(hours_ago=0.0)
    shop = runner.world.woocommerce
    before = shop.now
    shop.now = lambda: datetime.now(UTC) - timedelta(hours=moved.hours_ago)
    yield moved
    shop.now = before


def test_an_outage_loses_no_change(runner: DayRunner, watermark: Watermark, clock: SimpleNamespace):
    """The scheduler stood still for six hours: the next run carries sales, edits and refunds."""
    shop = runner.world.woocommerce
    stopped = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6)
    watermark.set(stopped)
    clock.hours_ago = 5.5
    sold, cancelled, refunded, edited = (sell(shop) for _ in range(4))
    late = sell(shop)
    shop.edit_order(late, {"status": "pending", "date_paid": None, "date_paid_gmt": None})
    clock.hours_ago = 3.5
    shop.edit_order(edited, {"customer_note": "Ring på"})
    shop.edit_order(cancelled, {"status": "cancelled"})
    shop.refund_order(refunded, full=False)
    clock.hours_ago = 1.5
    shop.set_status(late, "processing")
    clock.hours_ago = 0
    runner.set_shop(write_back="meta")

    run = runner.run_hour()

    references = documents(runner)
    assert run.state == "success"
    assert {reference_of(order) for order in (sold, edited, late, refunded)} <= set(references)
    assert reference_of(cancelled) not in references
    assert len(references) == len(set(references))
    held = {(item["kind"], item["order_id"]) for item in run.report["held"]}
    assert ("order", str(cancelled)) in held
    assert any(one.startswith(f"{reference_of(refunded)}:r:") for one in references)
    assert run.report["counts"]["refunds"] == 1
    assert run.report["window"]["start_utc"] == (stopped - timedelta(minutes=10)).isoformat()
    assert watermark.text() == run.report["window"]["end_utc"]
    assert run.tasks["write_back"] == "success"


def test_failed_apply_leaves_the_watermark_and_is_red(
    runner: DayRunner, steps: StepRunner, watermark: Watermark, clock: SimpleNamespace
):
    """Fortnox refuses to write: the run is red, and the next one begins where this one did."""
    stopped = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    watermark.set(stopped)
    clock.hours_ago = 1
    sold = sell(runner.world.woocommerce)
    clock.hours_ago = 0
    refusal = FaultRule(
        method="POST", path="/3/", kind="status_before", status=403, body=NO_SCOPE, times=0
    )
    runner.world.faults.add(refusal)
    red = runner.run_hour()
    assert red.state == "failed"
    assert red.report["verdict"] == "differs"
    assert red.tasks["advance"] == "upstream_failed"
    assert watermark.text() == stopped.isoformat()

    runner.world.faults.clear()
    assert steps.run_since(stopped).state == "success"
    assert reference_of(sold) in documents(runner)


def test_an_empty_hour_costs_next_to_nothing(runner: DayRunner, watermark: Watermark):
    """200 shops x 24 runs must be cheap: green, skipped after extract, preflight's reads only."""
    before = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
    watermark.set(before)
    runner.world.woocommerce.faults.forget_requests()

    run = runner.run_hour()

    assert run.state == "success"
    assert {run.tasks[step] for step in SKIPPED_WHEN_EMPTY} == {"skipped"}
    assert run.report is None
    assert run.fortnox_reads <= 8
    assert runner.writes() == 0
    asked = [request.path for request in runner.world.woocommerce.faults.requests()]
    # Four of preflight, which is remembered for the hour, and four of extract.
    assert len(asked) <= 8, asked
    assert watermark.text() > before.isoformat()
    # shops.csv does not ask for it: the shop would find foreign meta in its orders.
    assert "write_back" not in run.tasks


def sell(shop: Any) -> int:
    """A sale that was paid at checkout; what the shop sold last may be paid on delivery."""
    order_id: int = shop.add_order()
    shop.edit_order(order_id, {"payment_method": "stripe"})
    return order_id


def documents(runner: DayRunner) -> list[str]:
    """References of the invoices that stand in Fortnox, cancelled ones left out."""
    invoices = runner.world.control("state")["invoices"]
    return [row["ExternalInvoiceReference1"] for row in invoices if not row["Cancelled"]]


def reference_of(order_id: int) -> str:
    """What the document of an order's sale carries."""
    from fortnox.core.references import sale_reference

    return sale_reference("demo", str(order_id))
