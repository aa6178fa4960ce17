"""A hold ends when its cause does: what a real report holds is found and driven again, once."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from airflow.sdk.exceptions import AirflowSkipException
from tests.support.airflow_runs import ROOT, DayRunner
from tests.support.shop_orders import item, order, shop_with
from tests.support.worlds import environment, world

from fortnox.steps.held_again import Trigger, look_again

DAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 21, 9, 55, tzinfo=UTC)
MADE = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
CONTEXT: Any = {"dag": SimpleNamespace(fileloc=str(ROOT / "dags" / "fortnox_held.py"))}


def look(runner: DayRunner, at: datetime = NOW) -> list[Trigger]:
    """The task, as the hourly run does it; an empty list when it skips."""
    values = {
        **runner.world.environment(),
        "FORTNOX_STAGING": str(runner.folder / "staging"),
        "FORTNOX_REPORTS": str(runner.folder / "reports"),
        "FORTNOX_MAPPINGS_DIR": str(runner.mappings),
    }
    with environment(values), time_machine.travel(at):
        try:
            return look_again(CONTEXT, "demo")
        except AirflowSkipException:
            return []


def test_a_mended_hold_drives_its_day_once(tmp_path: Path, airflow_database: None) -> None:
    """A payment method got its row, and the sale of last week stays out of the books for ever."""
    orders = [
        order(501, item("125.00", 25), made_utc=MADE, paid_utc=MADE),
        order(502, item("80.00", 25), made_utc=MADE, paid_utc=MADE, payment_method="barter"),
    ]
    mappings = tmp_path / "mappings"
    shutil.copytree(ROOT / "include" / "mappings", mappings)
    with world(shop_with(orders)) as made:
        runner = DayRunner(world=made, folder=tmp_path, mappings=mappings, _count=[0])
        assert look(runner) == []
        first = runner.run(DAY)
        assert [row["order_id"] for row in first.report["held"]] == ["502"]
        writes = runner.writes()
        assert look(runner) == []

        with (mappings / "document_types.csv").open("a", encoding="utf-8") as file:
            file.write("demo,barter,invoice,paid,yes,30,none,,,,,,,,\n")
        [found] = look(runner)
        assert found["conf"] == {"day": "2026-11-19"}
        assert look(runner, NOW + timedelta(hours=1)) == [found]
        assert runner.writes() == writes


def test_without_a_report_nothing_is_asked(tmp_path: Path) -> None:
    """Two hundred shops would ask Fortnox each hour for nothing."""
    values = {
        "FORTNOX_REPORTS": str(tmp_path / "empty"),
        "FORTNOX_MAPPINGS_DIR": str(ROOT / "include" / "mappings"),
    }
    # Without connections: any request would be an error.
    with environment(values), pytest.raises(AirflowSkipException, match="Nothing is held"):
        look_again(CONTEXT, "demo")
