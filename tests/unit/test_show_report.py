"""The report on the command line is the newest one, and says so when there is none."""

import json

import pytest

from fortnox.core.errors import FatalError
from fortnox.show_report import newest_report


def stored(folder, day, run, made_at):
    path = folder / "c1" / "demo" / day / run / "summary.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"made_at": made_at, "run": run}))


def test_the_newest_run_of_a_day_counts(tmp_path):
    """A day that was run again has two reports; only the later one is true."""
    stored(tmp_path, "2026-11-20", "zzzz", "2026-11-21T04:30:00+00:00")
    stored(tmp_path, "2026-11-20", "aaaa", "2026-11-21T09:00:00+00:00")
    stored(tmp_path, "2026-11-19", "bbbb", "2026-11-21T10:00:00+00:00")
    assert newest_report(tmp_path, "demo", "2026-11-20")["run"] == "aaaa"
    assert newest_report(tmp_path, "demo", None)["run"] == "bbbb"


def test_no_report_names_the_folder(tmp_path):
    """Somebody who looks in the wrong place is told which place it was."""
    with pytest.raises(FatalError, match=r"no report of shop demo for 2026-11-20"):
        newest_report(tmp_path, "demo", "2026-11-20")
