"""The demo's second shop: its rows, its process, its connection."""

import json
import shutil
import subprocess
import time
import urllib.request
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fortnox.core.mapping import parse_mappings
from fortnox.demo import second_shop, world
from fortnox.demo.settings import Layout
from fortnox.mapping_files import read_folder
from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP

ROOT = Path(__file__).resolve().parents[3]


def test_only_when_asked_for() -> None:
    """Every demo would take longer."""
    assert not second_shop.is_wanted({})
    assert not second_shop.is_wanted({"DEMO_TEXTALK": "0"})
    assert second_shop.is_wanted({"DEMO_TEXTALK": "1"})


def test_its_rows_are_good_and_the_first_shop_s_stay(tmp_path: Path) -> None:
    """The demo would start with mapping errors, or the first shop's orders be held."""
    mappings = tmp_path / "mappings"
    shutil.copytree(ROOT / "include" / "mappings", mappings)
    second_shop.add_rows(mappings)
    parsed = parse_mappings(read_folder(mappings))
    assert parsed.errors == ()
    first, second = parsed.mappings.usable_shops()
    assert (first.shop, second.shop, second.platform) == ("demo", "demo-textalk", "textalk")
    assert second.fortnox_conn_id == first.fortnox_conn_id
    assert second.reference_key != first.reference_key
    assert second.statuses == ("paid", "sent")
    row = parsed.mappings.document_type(second.shop, "342601", date(2026, 11, 20))
    assert row is not None
    assert (row.document_type, row.document_date) == ("invoice", "paid")


def test_its_process_serves_the_shop_of_the_connection(tmp_path: Path) -> None:
    """The demo's second run would find no shop, or be refused."""
    layout = Layout(folder=tmp_path, dags=tmp_path, plugins=tmp_path)
    port = world.free_port()
    child = second_shop.child(layout, port, date(2026, 11, 20))
    connections: dict[str, dict[str, Any]] = {}

    class Api:
        def put_connection(self, name: str, body: dict[str, Any]) -> None:
            connections[name] = body

    second_shop.connect(Api(), port)  # type: ignore[arg-type]
    connection = connections[second_shop.CONN_ID]
    assert connection["password"] == DEFAULT_TOKEN
    assert json.loads(connection["extra"])["webshop"] == WEBSHOP
    served = subprocess.Popen(
        [*child.argv, "--days", "2", "--orders-per-day", "2"], env=child.env, stdout=subprocess.PIPE
    )
    try:
        assert _answers(f"{connection['host']}/_sandbox/state")["orders"] == 4
    finally:
        served.terminate()
        served.communicate(timeout=20)
    assert (layout.sandbox / "textalk.json").exists()


def _answers(url: str) -> dict[str, Any]:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
                body: dict[str, Any] = json.load(answer)
                return body
        except OSError:
            time.sleep(0.1)
    pytest.fail("the shop did not start")
