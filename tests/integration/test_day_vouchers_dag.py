"""Day vouchers by the daily DAG: one voucher a day, its orders in a file, proven, never twice."""

from datetime import timedelta
from typing import Any

from tests.support.step_runs import StepRunner
from tests.support.worlds import END_DAY

from fortnox.sandbox.faults import FaultRule

DAY = END_DAY - timedelta(days=1)


def summed_up(runner: StepRunner) -> None:
    """Every method that the shop dates by payment goes into one voucher a day."""
    path = runner.mappings / "document_types.csv"
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines():
        cells = text.split(",")
        if cells[0] == "*" and cells[2:4] == ["invoice", "paid"]:
            cells[2], cells[6], cells[10] = "day_voucher", "none", "day"
        lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def vouchers(runner: StepRunner) -> list[dict[str, Any]]:
    table = runner.world.fortnox.table("vouchers").values()
    return [one for one in table if f"(demo:{DAY}:" in one["Description"]]


def test_a_day_becomes_one_voucher_and_a_second_run_writes_nothing(steps: StepRunner) -> None:
    """The day's sales would be missing, or stand there once per run."""
    summed_up(steps)
    first = steps.run(DAY)
    assert first.state == "success", first.report["differences"]
    (voucher,) = vouchers(steps)
    assert voucher["TransactionDate"] == DAY.isoformat()
    assert first.report["totals_ore"]["difference"] == 0
    assert first.report["totals_ore"]["ledger"] == first.report["totals_ore"]["documents"] > 0
    assert all(row["difference_ore"] == 0 for row in first.report["accounts"])
    (connection,) = steps.world.fortnox.table("voucherfileconnections").values()
    assert connection["VoucherNumber"] == str(voucher["VoucherNumber"])
    before = steps.writes()
    second = steps.run(DAY)
    assert second.state == "success"
    assert steps.writes() == before
    assert second.report["totals_ore"] == first.report["totals_ore"]


def test_a_lost_answer_makes_no_second_voucher(steps: StepRunner) -> None:
    """A voucher can't be cancelled: sent twice, the day's revenue is doubled."""
    summed_up(steps)
    steps.world.faults.add(FaultRule(method="POST", path=r"/3/vouchers\?", kind="drop_after"))
    assert steps.run(DAY).state == "success"
    assert len(vouchers(steps)) == 1


def test_a_request_that_never_arrived_waits_out_the_quiet_time(steps: StepRunner) -> None:
    """It may still be carried out; sent again at once, both would stand."""
    summed_up(steps)
    steps.world.faults.add(
        FaultRule(method="POST", path=r"/3/vouchers\?", kind="status_before", status=503)
    )
    first = steps.run(DAY)
    assert vouchers(steps) == []
    assert first.state == "success"
    assert first.report["verdict"] == "held"
    second = steps.run(DAY)
    assert vouchers(steps) == []
    codes = {row["code"] for row in second.report["held"]}
    assert "voucher_quiet" in codes
    assert second.report["totals_ore"]["difference"] == 0


def test_a_doubled_day_is_found_and_its_reversal_proposed(steps: StepRunner) -> None:
    """A late request is carried out hours later: the next report must say it."""
    summed_up(steps)
    steps.run(DAY)
    (voucher,) = vouchers(steps)
    rows = [
        {"Account": row["Account"], "Debit": row["Debit"], "Credit": row["Credit"]}
        for row in voucher["VoucherRows"]
    ]
    body = {
        "VoucherSeries": voucher["VoucherSeries"],
        "TransactionDate": voucher["TransactionDate"],
        "Description": voucher["Description"],
        "VoucherRows": rows,
    }
    steps.world.client().create("vouchers", "Voucher", body, financialyear=voucher["Year"])
    run = steps.run(DAY)
    assert run.state == "failed"
    row = run.report["differences"][0]
    assert row["difference_ore"] > 0
    assert row["remedy"] == f"Reverse voucher A {voucher['VoucherNumber'] + 1} in Fortnox."
    assert len(vouchers(steps)) == 2
