"""The two days when the clocks change, through the daily DAG: each sale once, on its local day."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.airflow_runs import ROOT
from tests.support.shop_orders import item, order, shop_with
from tests.support.step_runs import StepRunner
from tests.support.worlds import world

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)

#: When a sale was paid in UTC -> the Swedish day that it belongs to.
SALES = {
    # 02:00 to 03:00 does not exist: 00:59:59 UTC is 01:59:59, a second later it is 03:00.
    "2026-03-28T22:59:59": date(2026, 3, 28),
    "2026-03-28T23:00:00": SPRING,
    "2026-03-29T00:59:59": SPRING,
    "2026-03-29T01:00:00": SPRING,
    "2026-03-29T01:30:00": SPRING,
    "2026-03-29T21:59:59": SPRING,
    "2026-03-29T22:00:00": date(2026, 3, 30),
    # 02:00 to 03:00 comes twice: from 00:00 UTC in summer time, from 01:00 UTC in winter time.
    "2026-10-24T21:59:59": date(2026, 10, 24),
    "2026-10-24T22:00:00": AUTUMN,
    "2026-10-25T00:30:00": AUTUMN,
    "2026-10-25T01:30:00": AUTUMN,
    "2026-10-25T22:59:59": AUTUMN,
    "2026-10-25T23:00:00": date(2026, 10, 26),
}


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_each_sale_is_booked_once_on_its_local_day(day: date, tmp_path: Path) -> None:
    """A sale of the hour that is missing, or comes twice, would be lost, doubled or misdated."""
    paid = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in SALES]
    ids = dict(zip(range(9300, 9400), SALES, strict=False))
    orders = [
        order(
            order_id,
            item(f"{order_id - 9000}.00", 25),
            made_utc=at - timedelta(minutes=2),
            paid_utc=at,
        )
        for order_id, at in zip(ids, paid, strict=True)
    ]
    wanted = {f"demo:{order_id}" for order_id, text in ids.items() if SALES[text] == day}
    mappings = shutil.copytree(ROOT / "include" / "mappings", tmp_path / "mappings")
    with world(shop_with(orders)) as made:
        runner = StepRunner(
            world=made, folder=tmp_path, mappings=mappings, _count=[9000 + day.month]
        )
        run = runner.run(day)
        invoices = made.fortnox.table("invoices").values()
        following = runner.run(day + timedelta(days=1))
        after = made.fortnox.table("invoices").values()

    assert run.state == following.state == "success"
    assert run.report["headline"] == "Reconciled, difference 0.00 SEK"
    assert {each["ExternalInvoiceReference1"] for each in invoices} == wanted
    assert {each["InvoiceDate"] for each in invoices} == {day.isoformat()}
    assert len(invoices) == len(wanted) == run.report["counts"]["booked"]
    # The next day takes the sale of its first second, and leaves this day's alone.
    later = [
        each["InvoiceDate"]
        for each in after
        if each["DocumentNumber"] not in {before["DocumentNumber"] for before in invoices}
    ]
    assert later == [(day + timedelta(days=1)).isoformat()]
