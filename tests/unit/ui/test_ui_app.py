"""The routes: who may read what, and what they answer when something is missing."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from ui_airflow_tables import ClientOf, Database

from fortnox.core.report_paths import details_name, plan_name, report_folder
from fortnox.ui.app import app

DAG, RUN = "fortnox_orders_daily__demo", "manual__2026-11-21T03:30:00+00:00"
REPORT_URL = f"/api/runs/{DAG}/{RUN.replace('+', '%2B')}"
ORDERS_URL = f"{REPORT_URL}/orders"


def _every_get() -> list[str]:
    return [route.path.format(dag_id=DAG, run_id="r", script="main.js") for route in app.routes]  # type: ignore[attr-defined]


def test_app_reads_only() -> None:
    """No request to this app can change anything, and nothing but plain routes is mounted."""
    for route in app.routes:
        assert isinstance(route, APIRoute)
        assert route.methods == {"GET"}


@pytest.mark.parametrize("path", _every_get())
def test_every_route_asks_who_you_are(path: str, anonymous: TestClient) -> None:
    """Somebody without a login reads nothing: a route added without permission fails here."""
    assert anonymous.get(path).status_code == 401


@pytest.mark.parametrize("path", _every_get())
def test_forged_token_is_refused(path: str, anonymous: TestClient) -> None:
    """A token that Airflow did not sign opens nothing."""
    answer = anonymous.get(path, headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."})
    assert answer.status_code == 403


def _of_a_dag() -> list[str]:
    """Every route names the DAG that it tells of, but the scripts and the page over all shops.

    That page shows nobody more than their DAGs (test_ui_days).
    """
    return [path for path in _every_get() if path not in ("/static/main.js", "/api/overview")]


@pytest.mark.parametrize("path", _of_a_dag())
def test_every_route_needs_the_permission_for_its_dag(
    path: str, client_of: ClientOf, database: Database
) -> None:
    """A route added without the DAG in its path, or without asking for it, fails here."""
    assert DAG in path
    database.run(DAG, "r")
    assert client_of(None).get(path).status_code == 403


@pytest.mark.parametrize("path", [REPORT_URL, ORDERS_URL])
def test_user_without_the_dag_sees_no_report(
    path: str, client_of: ClientOf, database: Database, summary: dict[str, Any]
) -> None:
    """Signed in is not enough: whoever may not read the DAG does not read its money."""
    database.run(DAG, RUN)
    database.xcom(DAG, RUN, summary)
    answer = client_of(None).get(path)
    assert answer.status_code == 403
    assert "1250" not in answer.text


def test_permission_for_all_dags_is_not_borrowed_by_a_wildcard(
    client_of: ClientOf, database: Database, summary: dict[str, Any]
) -> None:
    """``~`` means "any DAG" to Airflow's permissions; it must not find a report of one."""
    database.run(DAG, RUN)
    database.xcom(DAG, RUN, summary)
    assert client_of("VIEWER").get(REPORT_URL.replace(DAG, "~")).status_code == 404


def test_viewer_reads_the_report(
    client_of: ClientOf, database: Database, summary: dict[str, Any]
) -> None:
    """The accountant, a viewer, gets the whole summary, and no cache keeps it."""
    database.run(DAG, RUN)
    database.xcom(DAG, RUN, summary)
    answer = client_of("VIEWER").get(REPORT_URL)
    assert answer.status_code == 200
    assert answer.json() == {
        **summary,
        "links": {},
        "has_plan": False,
        "language": "en",
    }
    assert answer.headers["cache-control"] == "no-store"


def test_report_stored_as_text_within_a_task_group_is_found(
    client_of: ClientOf, database: Database, summary: dict[str, Any]
) -> None:
    """Neither the way Airflow encodes XComs nor a task group around the task hides a report."""
    database.run(DAG, RUN)
    database.xcom(DAG, RUN, json.dumps(summary), task_id="orders.reconcile")
    assert client_of("VIEWER").get(REPORT_URL).json() == {
        **summary,
        "links": {},
        "has_plan": False,
        "language": "en",
    }


@pytest.mark.parametrize(("task_id", "run_id"), [("mock_reconcile", RUN), ("reconcile", "other")])
def test_other_tasks_and_runs_are_not_taken_for_the_report(
    task_id: str, run_id: str, client_of: ClientOf, database: Database, summary: dict[str, Any]
) -> None:
    """The page of a run shows that run's report or none."""
    database.run(DAG, RUN)
    database.run(DAG, "other")
    database.xcom(DAG, run_id, summary, task_id=task_id)
    assert client_of("VIEWER").get(REPORT_URL).status_code == 404


@pytest.mark.parametrize("value", ["s3://bucket/xcom/1", [1], 7])
def test_unreadable_report_is_told_in_a_sentence(
    value: object, client_of: ClientOf, database: Database
) -> None:
    """With an XCom backend of one's own the page says where to look, instead of an error 500."""
    database.run(DAG, RUN)
    database.xcom(DAG, RUN, value)
    answer = client_of("VIEWER").get(REPORT_URL)
    assert answer.status_code == 404
    assert "summary.json" in answer.json()["detail"]


def test_missing_pool_is_named_with_its_cure(client_of: ClientOf, database: Database) -> None:
    """Airflow lets such a run wait for ever in silence; the page says what to type."""
    database.dag(DAG)
    database.run(DAG, RUN, "running")
    database.task(DAG, RUN, "extract", "success", start_date=None)
    database.task(DAG, RUN, "apply", "scheduled", pool="fortnox_demo")
    database.task(DAG, RUN, "reconcile", None, pool="fortnox_demo")
    answer = client_of("VIEWER").get(REPORT_URL)
    assert answer.status_code == 404
    body = answer.json()
    assert body["missing_pools"] == ["fortnox_demo"]
    assert "fortnox_demo is missing" in body["detail"]
    assert "python -m fortnox pools --create" in body["remedy"]
    assert body["run_state"] == "running"
    assert {"task_id": "apply", "state": "scheduled", "count": 1} in body["tasks"]
    assert {"task_id": "reconcile", "state": "none", "count": 1} in body["tasks"]


def test_chunks_of_a_mapped_task_are_counted(client_of: ClientOf, database: Database) -> None:
    """A long day's progress shows as how many chunks are done."""
    database.dag(DAG)
    database.run(DAG, RUN, "running")
    database.task(DAG, RUN, "reconcile", None)
    for index, state in enumerate(["success", "success", "running"]):
        database.task(DAG, RUN, "apply", state, map_index=index)
    tasks = client_of("VIEWER").get(REPORT_URL).json()["tasks"]
    assert {"task_id": "apply", "state": "success", "count": 2} in tasks
    assert {"task_id": "apply", "state": "running", "count": 1} in tasks


def test_unknown_run_is_no_server_error(client_of: ClientOf) -> None:
    """A mistyped address is answered with a sentence."""
    answer = client_of("VIEWER").get(REPORT_URL)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no such run."


def test_orders_come_page_by_page(
    client_of: ClientOf,
    database: Database,
    summary: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The order table shows the rows that the run wrote below the configured base."""
    monkeypatch.setenv("FORTNOX_REPORTS", str(tmp_path))
    database.run(DAG, RUN)
    database.xcom(DAG, RUN, summary)
    folder = tmp_path / report_folder("fortnox_demo", "demo", "2026-11-20", DAG, RUN)
    folder.mkdir(parents=True)
    rows = [{"order_number": "7", "state": "booked", "shop_ore": 1250}]
    (folder / details_name(0)).write_bytes(gzip.compress(json.dumps(rows).encode()))
    viewer = client_of("VIEWER")
    answer = {"rows": rows, "note": "", "found": 3, "pages": 1}
    assert viewer.get(ORDERS_URL).json() == {**answer, "language": "en"}
    gone = viewer.get(ORDERS_URL, params={"page": 1})
    assert gone.status_code == 200
    assert gone.json()["rows"] == []
    assert "no longer stored" in gone.json()["note"]


@pytest.mark.parametrize("page", ["-1", "x", "1e9", "../0"])
def test_nonsense_page_is_refused(page: str, client_of: ClientOf) -> None:
    """A page number is a number, whatever stands in the address."""
    assert client_of("VIEWER").get(ORDERS_URL, params={"page": page}).status_code == 422


def test_orders_without_a_report_are_not_found(client_of: ClientOf, database: Database) -> None:
    """No rows are looked for before there is a summary."""
    database.run(DAG, RUN)
    assert client_of("VIEWER").get(ORDERS_URL).status_code == 404


def test_plan_is_there_before_the_report(
    client_of: ClientOf,
    database: Database,
    summary: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who is asked to approve sees each document while the run waits."""
    monkeypatch.setenv("FORTNOX_REPORTS", str(tmp_path))
    database.dag(DAG)
    database.run(DAG, RUN, "running")
    viewer = client_of("VIEWER")
    assert viewer.get(f"{REPORT_URL}/plan").status_code == 404
    planned = {key: summary[key] for key in ("company", "shop", "window")}
    planned["details"] = {"rows": 1, "pages": 1}
    database.xcom(DAG, RUN, planned, task_id="plan", key="plan")
    folder = tmp_path / report_folder("fortnox_demo", "demo", "2026-11-20", DAG, RUN)
    folder.mkdir(parents=True)
    rows = [{"order_number": "7", "action": "create"}]
    (folder / plan_name(0)).write_bytes(gzip.compress(json.dumps(rows).encode()))
    assert viewer.get(REPORT_URL).json()["has_plan"] is True
    assert viewer.get(f"{REPORT_URL}/plan").json() == {
        "plan": planned,
        "rows": rows,
        "note": "",
        "language": "en",
    }
    gone = viewer.get(f"{REPORT_URL}/plan", params={"page": 1}).json()
    assert gone["rows"] == []
    assert gone["note"]
    assert client_of(None).get(f"{REPORT_URL}/plan").status_code == 403


def test_rows_are_searched_over_all_pages_and_downloaded(
    client_of: ClientOf,
    database: Database,
    summary: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An order on the tenth page is found, and the file holds what the filter shows."""
    monkeypatch.setenv("FORTNOX_REPORTS", str(tmp_path))
    database.run(DAG, RUN)
    details = {"rows": 10_000, "pages": 20, "page_rows": 500}
    database.xcom(DAG, RUN, {**summary, "details": details})
    folder = tmp_path / report_folder("fortnox_demo", "demo", "2026-11-20", DAG, RUN)
    folder.mkdir(parents=True)
    for page in range(20):
        rows = [
            {
                "order_number": str(page * 500 + n),
                "state": "booked",
                "shop_ore": 100,
                "difference_ore": 0,
                "parts": [{"key": "sales", "amount_ore": 100}],
            }
            for n in range(500)
        ]
        (folder / details_name(page)).write_bytes(gzip.compress(json.dumps(rows).encode()))
    viewer = client_of("VIEWER")
    found = viewer.get(ORDERS_URL, params={"q": "9999"}).json()
    assert [row["order_number"] for row in found["rows"]] == ["9999"]
    part = viewer.get(ORDERS_URL, params={"part": "sales", "page": 19}).json()
    assert (part["found"], part["pages"], part["sum_ore"]) == (10_000, 20, 1_000_000)
    assert len(part["rows"]) == 500
    csv_file = viewer.get(f"{ORDERS_URL}.csv", params={"q": "999"})
    assert len(csv_file.text.splitlines()) == 20
    assert csv_file.headers["content-disposition"] == 'attachment; filename="demo-2026-11-20.csv"'
    assert viewer.get(f"{ORDERS_URL}.xlsx").content[:2] == b"PK"
    (folder / details_name(7)).unlink()
    assert viewer.get(f"{ORDERS_URL}.csv").status_code == 404


@pytest.mark.parametrize("name", ["app.py", "..%2Fapp.py", "%2e%2e/app.py", "nothing.js"])
def test_nothing_but_scripts_is_served(name: str, client_of: ClientOf) -> None:
    """The address of a script can't be bent into reading another file."""
    assert client_of("VIEWER").get(f"/static/{name}").status_code == 404


def test_script_is_served_as_a_module(client_of: ClientOf) -> None:
    """The browser takes the bundle for a script and for nothing else."""
    answer = client_of("VIEWER").get("/static/main.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "globalThis.AirflowPlugin" in answer.text
