"""Order rows: read from below the base folder only, and their loss is told in a sentence."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from fortnox.core.report_paths import details_name, report_folder
from fortnox.ui.details import details_path, load_details, read_details

ROWS = [{"order_number": "7", "state": "booked", "shop_ore": 1250, "voucher": "B 12"}]


def test_writer_and_reader_agree_on_the_file(tmp_path: Path, summary: dict[str, Any]) -> None:
    """Rows that the reconcile task wrote are the rows that the page shows."""
    folder = tmp_path / report_folder("fortnox_demo", "demo", "2026-11-20", "dag", "run")
    folder.mkdir(parents=True)
    (folder / details_name(2)).write_bytes(gzip.compress(json.dumps(ROWS).encode()))
    assert load_details(str(tmp_path), summary, "dag", "run", 2) == {"rows": ROWS, "note": ""}


@pytest.mark.parametrize("where", ["company", "shop", "window"])
@pytest.mark.parametrize("bad", ["../../etc", "/etc", "..", "a/b", ""])
def test_forged_summary_leads_nowhere(where: str, bad: str, summary: dict[str, Any]) -> None:
    """Whoever can write an XCom can't make the api-server read another file."""
    key = {"company": "fortnox_conn_id", "shop": "key", "window": "label"}[where]
    summary[where] = summary[where] | {key: bad}
    with pytest.raises(ValueError, match="not safe"):
        details_path("/base", summary, "dag", "run", "orders-0.json.gz")
    assert load_details("/base", summary, "dag", "run", 0)["rows"] == []


@pytest.mark.parametrize("broken", [{}, {"company": None}, {"company": "x", "shop": 1}])
def test_summary_without_names_is_a_sentence(broken: dict[str, Any]) -> None:
    """An old or foreign summary still opens."""
    page = load_details("/base", broken, "dag", "run", 0)
    assert page["rows"] == []
    assert "does not say where" in page["note"]


def test_a_path_in_the_summary_is_ignored(summary: dict[str, Any]) -> None:
    """The summary may name any path it likes; the page computes its own."""
    summary["details"]["path"] = "/etc/passwd"
    path = details_path("s3://bucket/reports", summary, "dag", "run", "orders-0.json.gz")
    assert path.startswith("s3://bucket/reports/fortnox_demo/demo/2026-11-20/")


def test_gone_rows_are_no_error(tmp_path: Path, summary: dict[str, Any]) -> None:
    """After the retention time a report's figures can still be read."""
    page = load_details(str(tmp_path), summary, "dag", "run", 0)
    assert page["rows"] == []
    assert "no longer stored" in page["note"]


@pytest.mark.parametrize(
    "content",
    [b"", b"not gzip", gzip.compress(b"{", mtime=0), gzip.compress(b"{}", mtime=0)],
    ids=["empty", "not gzip", "not json", "not a list"],
)
def test_damaged_rows_are_no_error(content: bytes) -> None:
    """A half-written or foreign file costs the rows, not the page."""
    page = read_details("/base/x", lambda _path: content)
    assert page["rows"] == []
    assert "can't be read" in page["note"]


def test_unreachable_store_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """A store that is down or refuses costs the rows only; the log names the kind of error."""

    class CredentialsError(Exception):
        """As storage libraries raise: neither OSError nor ValueError."""

    def refuse(_path: str) -> bytes:
        raise CredentialsError("key AKIA123")

    page = read_details("s3://bucket/x", refuse)
    assert "can't be read" in page["note"]
    assert "CredentialsError" in caplog.text
    assert "AKIA123" not in caplog.text
