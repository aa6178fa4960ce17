"""The sandbox command: what it serves, what it refuses, and the documentation's examples."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from fortnox import cli
from fortnox.sandbox.faults import KINDS
from fortnox.sandbox.fortnox.app import ROUTER
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.woocommerce.routes import ROUTES
from fortnox.serve_sandbox import read_switches

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
SMALL = ("--end-day", "2026-11-20", "--days", "2", "--orders-per-day", "3")


@contextmanager
def sandbox(*options: str) -> Iterator[dict[str, str]]:
    """The command in a process of its own: name -> address, as it prints them."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fortnox", "sandbox", *SMALL, *options],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "plugins"), "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout
        printed = []
        for line in process.stdout:
            printed.append(line)
            if line.startswith("Stop"):
                break
        found = re.findall(r"^(Fortnox|WooCommerce) +(http\S+)", "".join(printed), re.MULTILINE)
        yield {name: url.removesuffix("/3") for name, url in found} | {"text": "".join(printed)}
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_all_are_served_without_control_unless_asked_for() -> None:
    """A fault API would stand open on a staging machine that nobody meant to break."""
    with sandbox() as urls:
        assert set(urls) == {"Fortnox", "WooCommerce", "text"}
        for name in ("Fortnox", "WooCommerce"):
            answer = requests.post(f"{urls[name]}/_sandbox/reset", timeout=5)
            assert (answer.status_code, "--control" in answer.text) == (404, True)
        assert requests.get(f"{urls['WooCommerce']}/wp-json/", timeout=5).status_code == 200
        assert requests.get(f"{urls['Fortnox']}/3/invoices", timeout=5).status_code == 401


def test_one_alone_with_recorded_orders_and_a_state_that_stays(tmp_path: Path) -> None:
    """Somebody's own orders could not be staged, or would be gone after a restart."""
    line = {"id": 3, "product_id": 0, "taxes": [], "tax_class": "", "quantity": 1, "name": "x"}
    order = {
        "id": 77, "status": "processing", "line_items": [line], "tax_lines": [], "refunds": [],
        "billing": {}, "customer_id": 0, "_links": {}, "date_created_gmt": "2026-11-20T09:00:00",
        "date_modified_gmt": "2026-11-20T09:00:00", "total": "1.00", "fee_lines": [],
        "shipping_lines": [], "coupon_lines": [], "meta_data": [],
    }  # fmt: skip
    file = tmp_path / "orders.json"
    file.write_text(json.dumps([order]), encoding="utf-8")
    options = ("--only", "woocommerce", "--control", "--state-dir", str(tmp_path / "state"))
    with sandbox(*options, "--orders", str(file)) as urls:
        assert set(urls) == {"WooCommerce", "text"}
        control = f"{urls['WooCommerce']}/_sandbox"
        assert requests.get(f"{control}/dump", timeout=5).json()["orders"] == [order]
        requests.post(f"{control}/orders/77/edit", json={"changes": {"number": "9"}}, timeout=5)
    with sandbox(*options) as urls:
        kept = requests.get(f"{urls['WooCommerce']}/_sandbox/dump", timeout=5).json()["orders"]
        assert [(o["id"], o["number"]) for o in kept] == [(77, "9")]


def test_the_company_and_its_open_questions_come_by_option() -> None:
    """A guard by organisation number, or whole kronor, could not be staged."""
    options = ("--only", "fortnox", "--control", "--company-name", "Exempel AB",
               "--organisation-number", "556000-1111", "--database-number", "42",
               "--whole-kronor", "--unknown", "scope_error_status=403")  # fmt: skip
    with sandbox(*options) as urls:
        assert "Exempel AB, 556000-1111" in urls["text"]
        assert "tenant_id  42" in urls["text"]
        answer = requests.get(f"{urls['Fortnox']}/_sandbox/unknowns", timeout=5).json()
        switches = {one["name"]: one["now"] for one in answer["unknowns"]}
        assert (switches["krona_rounding"], switches["scope_error_status"]) == (True, 403)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_documentations_examples_work() -> None:
    """A command copied from the documentation would fail."""
    blocks = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    assert blocks
    with sandbox("--control") as urls:
        script = "\n".join(("set -e", *blocks))
        done = subprocess.run(
            ["bash", "-c", script],
            env=os.environ | {"FORTNOX": urls["Fortnox"], "SHOP": urls["WooCommerce"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--host", "192.0.2.1"), "--expose"),
        (("--unknown", "moon=full"), "unknown switch moon"),
        (("--unknown", "vat_rounding=sometimes"), "rate or row is wanted"),
        (("--unknown", "vat_rounding"), "NAME=VALUE"),
        (("--orders", "/nowhere/orders.json"), "/nowhere/orders.json"),
        (("--days", "0"), "days and orders_per_day"),
        (("--certificate", "/nowhere/a", "/nowhere/b"), "/nowhere"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    options: tuple[str, ...], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped option would start something else, or end in a stack trace."""
    assert cli.main(["sandbox", *SMALL, *options]) == 2
    told = capsys.readouterr().err
    assert told.startswith("sandbox: ")
    assert told.count("\n") == 1


def test_list_unknowns_names_every_switch_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    """An open question would be answered in silence."""
    assert cli.main(["sandbox", "--list-unknowns"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("=")[0] for line in lines[::2]] == list(Switches.__dataclass_fields__)
    assert all(len(line) > 20 for line in lines[1::2])


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("krona_rounding", "true", True),
        ("list_lag_s", "1.5", 1.5),
        ("retry_after", "none", None),
        ("retry_after", "3", 3),
        ("max_limit", "100", 100),
        ("vat_rounding", "row", "row"),
    ],
)
def test_switches_are_read_as_what_they_are(name: str, text: str, value: object) -> None:
    """``false`` would be a text, which is true."""
    found = getattr(read_switches({name: text}), name)
    assert (found, type(found)) == (value, type(value))


def test_every_resource_and_fault_is_in_the_documentation() -> None:
    """A user would not learn what the sandbox has, or look for what it has not."""
    shop = {route.path.partition("/")[0] for route in ROUTES}
    books = {route.path.partition("/")[0] for route in ROUTER.routes}
    words = {word for code in re.findall(r"`([^`\n]+)`", PAGE) for word in code.split("/")}
    assert shop | books | set(KINDS) <= words
