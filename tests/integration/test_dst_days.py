"""The two days on which the clocks change: 23 and 25 hours, and no sale on the wrong side."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.support.step_runs import StepRunner
from tests.support.worlds import World, world

from fortnox.core.references import sale_reference
from fortnox.sandbox.seed import generate

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[World]:
    """A shop that sold a little around the day."""
    day: date = request.param
    with world(generate(end_day=day + timedelta(days=1), days=3, orders_per_day=3)) as made:
        yield made


@pytest.mark.parametrize(
    ("sandbox", "start", "hours"),
    [
        (SPRING, datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (AUTUMN, datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
    ],
    indirect=["sandbox"],
)
def test_the_day_the_clocks_change_has_its_own_length(
    sandbox: World, steps: StepRunner, start: datetime, hours: int
):
    """A window of 24 hours would book an hour's sales twice, or on the day before or after."""
    end = start + timedelta(hours=hours)
    inside = [sell(sandbox, start + HALF_HOUR), sell(sandbox, end - HALF_HOUR)]
    outside = [sell(sandbox, start - HALF_HOUR), sell(sandbox, end + HALF_HOUR)]
    day = (start + timedelta(hours=12)).date()

    run = steps.run(day)

    assert run.state == "success"
    assert run.report["window"]["start_utc"] == start.isoformat()
    assert run.report["window"]["end_utc"] == end.isoformat()
    invoices = {
        row["ExternalInvoiceReference1"]: row for row in sandbox.control("state")["invoices"]
    }
    assert all(sale_reference("demo", str(order)) not in invoices for order in outside)
    dated = {invoices[sale_reference("demo", str(order))]["InvoiceDate"] for order in inside}
    assert dated == {day.isoformat()}


def sell(sandbox: World, moment: datetime) -> int:
    """A sale, paid at checkout at a moment."""
    shop: Any = sandbox.woocommerce
    before, shop.now = shop.now, lambda: moment
    try:
        order_id: int = shop.add_order()
        shop.edit_order(order_id, {"payment_method": "stripe"})
    finally:
        shop.now = before
    return order_id
