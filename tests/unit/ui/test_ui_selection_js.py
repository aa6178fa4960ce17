"""Which runs the selected days of the calendar need (rules of the scheduler 19), run by node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import fortnox.ui

SCRIPT = Path(fortnox.ui.__file__).parent / "static" / "selection.js"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")

_HARNESS = """
const { commandsFor, isSelectable, requestsFor, runsFor } = await import(process.argv[2]);
const { days, selected } = JSON.parse(process.argv[3]);
const runs = runsFor(days, new Set(selected));
const able = days.filter(isSelectable).map(({ day }) => day);
const commands = commandsFor("d", runs);
console.log(JSON.stringify({ able, runs, commands, requests: requestsFor("d", runs) }));
"""
STATES = {
    "g": "reconciled", "h": "held", "m": "missing", "x": "failed", "d": "differs",
    "r": "running", "n": "not_yet", "b": "before_start",
}  # fmt: skip


def run_for(tmp_path: Path, letters: str, selected: str) -> Any:
    """Days 01, 02, ... in the states of ``letters``; ``selected`` marks them with ``*``."""
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "selection.js").write_bytes(SCRIPT.read_bytes())
    (tmp_path / "harness.mjs").write_text(_HARNESS)
    days = [
        {"day": f"2026-11-{number:02}", "state": STATES[letter]}
        for number, letter in enumerate(letters, start=1)
    ]
    chosen = [day["day"] for day, mark in zip(days, selected, strict=True) if mark == "*"]
    done = subprocess.run(
        [
            str(NODE),
            str(tmp_path / "harness.mjs"),
            (tmp_path / "selection.js").as_uri(),
            json.dumps({"days": days, "selected": chosen}),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("letters", "selected", "backfill", "singles"),
    [
        # A contiguous range is one backfill, green days between are passed over by it.
        ("mmm", "***", ("01", "03"), []),
        ("mgx", "*.*", ("01", "03"), []),
        ("mhd", "*.*", ("01", "03"), []),
        # A red day between that nobody chose would be run too: single runs.
        ("mxm", "*.*", None, ["01", "03"]),
        # So would one that runs already.
        ("mrm", "*.*", None, ["01", "03"]),
        # Held and green days are never run again by a backfill.
        ("mhm", "***", ("01", "03"), ["02"]),
        ("hg", "**", None, ["01", "02"]),
        ("gm", ".*", None, ["02"]),
        ("gg", "..", None, []),
    ],
)
def test_selected_days_become_runs(
    letters: str, selected: str, backfill: Any, singles: list[str], tmp_path: Path
) -> None:
    """A day that was chosen and not run, or run and not chosen, would surprise whoever clicks."""
    runs = run_for(tmp_path, letters, selected)["runs"]
    expected = backfill and {
        "from": f"2026-11-{backfill[0]}",
        "to": f"2026-11-{backfill[1]}",
    }
    assert runs["backfill"] == expected
    assert runs["singles"] == [f"2026-11-{day}" for day in singles]


def test_commands_and_requests_say_the_same(tmp_path: Path) -> None:
    """What the page shows to copy is what its button does."""
    made = run_for(tmp_path, "mhm", "***")
    assert made["commands"] == [
        (
            "airflow backfill create --dag-id d --from-date 2026-11-01 --to-date 2026-11-03 "
            "--reprocess-behavior failed"
        ),
        'airflow dags trigger d --conf \'{"day": "2026-11-02"}\'',
    ]
    assert made["requests"] == [
        [
            "backfills",
            {
                "dag_id": "d",
                "from_date": "2026-11-01T00:00:00Z",
                "to_date": "2026-11-03T00:00:00Z",
                "reprocess_behavior": "failed",
            },
        ],
        ["dags/d/dagRuns", {"logical_date": None, "partition_key": "2026-11-02"}],
    ]


def test_only_days_that_can_be_run_can_be_chosen(tmp_path: Path) -> None:
    """A day that is not over, or another system's, would fail or book twice."""
    able = run_for(tmp_path, "ghmxdrnb", "........")["able"]
    assert able == [f"2026-11-{number:02}" for number in range(1, 6)]


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        ("2026-03-28", "ArrowRight", "2026-03-30"),
        ("2026-03-28", "ArrowLeft", ""),
        # A week on, also over the day on which the clocks change; a day that is closed is passed.
        ("2026-03-30", "ArrowDown", "2026-04-06"),
        ("2026-03-28", "ArrowDown", "2026-04-11"),
        ("2026-04-06", "ArrowUp", "2026-03-30"),
        ("2026-04-06", "ArrowDown", ""),
        ("2026-04-06", "Home", "2026-03-28"),
        ("2026-03-30", "End", "2026-04-11"),
    ],
)
def test_arrow_keys_lead_to_days_that_can_be_chosen(
    start: str, key: str, end: str, tmp_path: Path
) -> None:
    """Whoever uses no mouse would press Tab three hundred times, or land on a dead day."""
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "selection.js").write_bytes(SCRIPT.read_bytes())
    days = ["2026-03-28", "2026-03-30", "2026-04-06", "2026-04-11"]
    module = json.dumps((tmp_path / "selection.js").as_uri())
    code = (
        f"const {{ STEPS, dayAt }} = await import({module});"
        f"console.log(dayAt({json.dumps(days)}, '{start}', STEPS.{key}));"
    )
    argv = [str(NODE), "--input-type=module", "-e", code]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == end
