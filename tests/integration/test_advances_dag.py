"""Advances by the daily DAG: money on its day, the sale on the delivery's, proven, never twice."""

from datetime import timedelta
from typing import Any

from tests.support.step_runs import StepRunner
from tests.support.worlds import END_DAY

from fortnox.core.advance_plan import AdvanceMark
from fortnox.core.advances import AdvanceEvent
from fortnox.core.vouchers import marks_in

DAY = END_DAY - timedelta(days=2)


def vouchers(steps: StepRunner) -> dict[str, dict[str, Any]]:
    """Vouchers of advances by mark; each mark once."""
    found: dict[str, dict[str, Any]] = {}
    for voucher in steps.world.fortnox.table("vouchers").values():
        for mark in marks_in(voucher["Description"]):
            if AdvanceMark.parse("demo", mark):
                assert mark not in found
                found[mark] = voucher
    return found


def test_a_day_books_its_events_once_and_brings_missing_payments_along(steps: StepRunner) -> None:
    """Days of a backfill run side by side: revenue would be missing, or an advance stand twice."""
    steps.set_shop(advances="strict")
    first = steps.run(DAY)
    assert (first.state, first.report["differences"]) == ("success", [])
    found = vouchers(steps)
    events = {mark: AdvanceMark.parse("demo", mark) for mark in found}
    delivered = [mark for mark, one in events.items() if one.event is AdvanceEvent.DELIVERED]
    assert delivered
    for mark in delivered:
        assert found[mark]["TransactionDate"] == str(DAY)
        assert found[f"{mark[:-1]}a"]["TransactionDate"] < str(DAY)
    totals = first.report["totals_ore"]
    assert (totals["difference"], totals["ledger"]) == (0, totals["documents"])
    assert 2420 in {row["account"] for row in first.report["accounts"]}
    assert all(row["difference_ore"] == 0 for row in first.report["accounts"])
    before = steps.writes()
    second = steps.run(DAY)
    assert steps.writes() == before
    assert second.report["totals_ore"] == totals
