"""The demo's world on disk, its lock, and the repository's commands."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fortnox.demo import stack
from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.embedded import Embedded
from fortnox.demo.errors import DemoError
from fortnox.demo.main import only_demo
from fortnox.demo.settings import Layout
from fortnox.demo.supervisor import Supervisor
from fortnox.demo.world import Ports, listens

ROOT = stack.package_root()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An empty demo folder."""
    return stack.layout_of(ROOT, tmp_path)


def test_the_same_day_goes_on_and_another_begins_anew(layout: Layout) -> None:
    """A second demo would write everything twice, or mix the orders of two days."""
    first, day = stack.enter_world(layout, {"DEMO_DAY": "2026-11-20"})
    assert day == date(2026, 11, 20)
    first.save(layout.folder / "world.json")
    layout.sandbox.mkdir()
    books = layout.sandbox / "fortnox.json"
    books.touch()
    again, _ = stack.enter_world(layout, {"DEMO_DAY": "2026-11-20"})
    assert again == first
    assert books.exists()
    stack.enter_world(layout, {"DEMO_DAY": "2026-11-21"})
    assert not books.exists()


def test_a_demo_killed_in_its_first_seconds_leaves_nothing(layout: Layout) -> None:
    """Half a database would break the next start."""
    layout.home.mkdir()
    stack.enter_world(layout, {})
    assert not layout.home.exists()


def test_a_day_that_is_none_is_refused(layout: Layout) -> None:
    """A typing error would end in a traceback."""
    with pytest.raises(DemoError, match="DEMO_DAY=tomorrow is not a date"):
        stack.enter_world(layout, {"DEMO_DAY": "tomorrow"})


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    """It would take the first one for an orphan and stop it."""
    folder = tmp_path / ".demo"
    with only_demo(folder), pytest.raises(DemoError, match="already runs"), only_demo(folder):
        pass
    with only_demo(folder):
        pass


def test_the_sandbox_keeps_its_memory_on_its_ports(layout: Layout) -> None:
    """A restarted sandbox would have forgotten the books, or answer elsewhere."""
    ports = Ports(airflow=1, fortnox=2, woocommerce=3)
    sales = stack.Sales(days=9, orders_per_day=7)
    argv = stack.sandbox_child(layout, ports, date(2026, 11, 20), sales).argv
    assert argv[-1] == "--control"
    options = dict(zip(argv[4:-1:2], argv[5:-1:2], strict=True))
    assert options == {
        "--fortnox-port": "2",
        "--woocommerce-port": "3",
        "--state-dir": str(layout.sandbox),
        "--end-day": "2026-11-20",
        "--days": "9",
        "--orders-per-day": "7",
    }


def test_connections_and_pool_point_to_the_sandbox(layout: Layout, airflow: Any) -> None:
    """The demo's tasks would find no Fortnox, or wait for ever for a pool."""
    airflow.answers["POST connections"] = airflow.answers["POST pools"] = [(201, {})]
    ports = Ports(airflow=1, fortnox=2, woocommerce=3)
    embedded = Embedded(layout, port=1, supervisor=Supervisor(layout.folder))
    stack.connect(
        AirflowApi(airflow.url, "admin", "admin"),
        stack.Stack(airflow=embedded, ports=ports, day=date(2026, 11, 20)),
    )
    fortnox, shop, pool = (body for _, _, body in airflow.requests)
    assert (fortnox["connection_id"], fortnox["host"]) == ("fortnox_demo", "http://127.0.0.1:2/3")
    assert '"token_url": "http://127.0.0.1:2/oauth-v1/token"' in fortnox["extra"]
    assert (shop["connection_id"], shop["host"]) == ("woocommerce_demo", "http://127.0.0.1:3")
    assert (pool["name"], pool["slots"]) == ("fortnox_demo", 1)


def test_a_sandbox_that_does_not_come_up_is_said(airflow: Any) -> None:
    """The demo would go on and fail with a riddle."""
    now = iter(range(0, 1000, 30))
    api = AirflowApi(airflow.url, "a", "b", clock=lambda: next(now), sleep=lambda _: None)
    assert not listens(1)
    with pytest.raises(DemoError, match="the sandbox"):
        stack.wait_sandbox(api, Ports(airflow=1, fortnox=1, woocommerce=1))


def test_the_build_server_runs_the_documented_command() -> None:
    """What is green there would not be what a user runs."""
    commands = [
        line.strip()
        for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
        if "make " in line and not line.lstrip().startswith("#")
    ]
    assert commands == ["exec make test"]


def test_every_command_of_the_makefile_has_its_help() -> None:
    """`make` would hide a command."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (\S+)$", text, re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE))
    assert phony == explained
    assert {"demo", "test", "unit", "lint", "lock", "clean"} <= explained
