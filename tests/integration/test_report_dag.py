"""What a daily run leaves for the pages: plan, bridge, order rows and the index of its year."""

import gzip
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.support.step_runs import StepRunner
from tests.support.worlds import END_DAY

DAY = END_DAY - timedelta(days=1)
DAG = "fortnox_orders_daily__demo"


def rows_of(folder: Path, pattern: str) -> list[dict[str, Any]]:
    """The rows of all pages, over all runs of the day."""
    paths = sorted((folder / "reports").glob(f"*/demo/{DAY}/*/{pattern}-*.json.gz"))
    return [row for path in paths for row in json.loads(gzip.decompress(path.read_bytes()))]


def test_a_dry_run_ends_with_its_plan(steps: StepRunner):
    """Somebody looks first: nothing is written, nothing is claimed, and the plan is there."""
    before = steps.writes()
    run = steps.dry_run(DAY)
    assert steps.writes() == before
    assert run.state == "success"
    assert run.report["verdict"] == "dry_run"
    assert "nothing was written" in run.report["headline"]
    # A green reconcile would announce the day as proven.
    assert run.tasks["reconcile"] == "skipped"
    assert not (steps.folder / "reports" / "_index").exists()
    planned = rows_of(steps.folder, "plan")
    assert Counter(row["action"] for row in planned)["create"] > 0
    real = steps.run(DAY)
    assert real.report["counts"]["created"] == sum(
        row["action"] in ("create", "credit") for row in planned
    )


def test_a_real_run_is_in_the_index_and_its_bridge_adds_up(steps: StepRunner):
    """The calendar shows the day, and each figure of the bridge is the sum of its orders."""
    run = steps.run(DAY)
    index = json.loads((steps.folder / f"reports/_index/{DAG}/{DAY.year}.json").read_text())
    entry = index["days"][str(DAY)]
    assert entry["verdict"] == run.report["verdict"]
    assert entry["shop_ore"] == run.report["totals_ore"]["shop"]
    rows = rows_of(steps.folder, "orders")
    sums: Counter[str] = Counter()
    for row in rows:
        sums.update({part["key"]: part["amount_ore"] for part in row["parts"]})
    bridge = {section["section"]: section for section in run.report["bridge"]}
    for section in bridge.values():
        for line in section["lines"]:
            assert line["amount_ore"] == sums[line["key"]], line
    documents_ore = run.report["totals_ore"]["documents"]
    assert bridge["documents"]["total_ore"] == documents_ore
    assert bridge["contents"]["total_ore"] == documents_ore
    for account in run.report["accounts"]:
        assert sums[f"account:{account['account']}"] == account["ledger_ore"], account
