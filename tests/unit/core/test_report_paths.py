"""Report folders: the same for writer and reader, and never outside of the base."""

import hashlib
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.core.report_paths import (
    SUMMARY_NAME,
    details_name,
    report_folder,
    reports_base,
)


def test_folder_names_company_shop_day_and_run() -> None:
    """Somebody who looks for a day's files finds them by company, shop and day."""
    run_hash = hashlib.sha256(b"orders__demo/manual__1").hexdigest()[:16]
    folder = report_folder("fortnox_demo", "demo", "2026-11-20", "orders__demo", "manual__1")
    assert folder == f"fortnox_demo/demo/2026-11-20/{run_hash}"


def test_label_of_a_modified_window_is_accepted() -> None:
    """The hourly DAG's reports can be stored too."""
    label = "m-20261120T100000Z-20261120T110000Z"
    assert f"/{label}/" in report_folder("fortnox_demo", "demo", label, "d", "r")


@pytest.mark.parametrize(
    "bad", ["", "..", ".", "a/b", "../x", "a\\b", "a b", "å", "-rf", ".hidden", "x" * 101, "a\n"]
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_unsafe_part_is_refused(bad: str, place: int) -> None:
    """A forged connection, shop or label in an XCom cannot lead to another folder."""
    parts = ["fortnox_demo", "demo", "2026-11-20"]
    parts[place] = bad
    with pytest.raises(ValueError, match="not safe as a folder name"):
        report_folder(parts[0], parts[1], parts[2], "dag", "run")


@given(dag_id=st.text(max_size=50), run_id=st.text(max_size=50))
def test_any_run_id_stays_below_its_day(dag_id: str, run_id: str) -> None:
    """A run that somebody named ``../../x`` gets a folder like any other."""
    folder = PurePosixPath(report_folder("c", "s", "2026-11-20", dag_id, run_id))
    assert folder.parent == PurePosixPath("c/s/2026-11-20")
    assert len(folder.name) == 16
    assert set(folder.name) <= set("0123456789abcdef")


def test_two_runs_of_a_day_have_two_folders() -> None:
    """A second run of the day does not overwrite the report of the first."""
    first = report_folder("c", "s", "2026-11-20", "dag", "run1")
    assert report_folder("c", "s", "2026-11-20", "dag", "run2") != first
    assert report_folder("c", "s", "2026-11-20", "dag2", "run1") != first


def test_pages_are_numbered_from_zero() -> None:
    """Page k of the order table is file k, and a negative page is no file at all."""
    assert [details_name(page) for page in (0, 12)] == ["orders-0.json.gz", "orders-12.json.gz"]
    assert SUMMARY_NAME == "summary.json"
    with pytest.raises(ValueError, match="no such page"):
        details_name(-1)


@pytest.mark.parametrize(
    ("environment", "base"),
    [
        ({}, "/srv/airflow/fortnox/reports"),
        ({"FORTNOX_REPORTS": "  "}, "/srv/airflow/fortnox/reports"),
        ({"FORTNOX_REPORTS": "/data/reports/"}, "/data/reports"),
        ({"FORTNOX_REPORTS": "s3://bucket/reports"}, "s3://bucket/reports"),
    ],
)
def test_base_is_configured_by_one_variable(environment: dict[str, str], base: str) -> None:
    """Writer and page agree on the base folder, with and without configuration."""
    assert reports_base(environment, "/srv/airflow") == base
