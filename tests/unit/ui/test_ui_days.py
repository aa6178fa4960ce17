"""Calendar and overview: who may see which shop, and what stands against starting runs."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.models.backfill import Backfill
from airflow.models.dagrun import DagRun
from sqlalchemy import insert, update
from ui_airflow_tables import ClientOf, Database

from fortnox.core.report_index import SCHEMA, index_folder
from fortnox.ui import day_routes
from fortnox.ui.app import app

DAG = "fortnox_orders_daily__demo"
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date()
CALENDAR = f"/api/dags/{DAG}/days?year={YESTERDAY.year}"


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORTNOX_REPORTS", str(tmp_path))
    return tmp_path


def write_index(reports: Path, dag_id: str, verdict: str, name: str = "Demo shop") -> None:
    """A month of one verdict up to yesterday."""
    days: dict[str, dict[str, Any]] = {}
    for back in range(40):
        day = YESTERDAY - timedelta(days=back)
        if day.year == YESTERDAY.year:
            days[day.isoformat()] = {
                "verdict": verdict if back == 0 else "reconciled",
                "headline": "As it was",
                "run_id": f"run-{day}",
                "made_at": "x",
                "held": 0,
                "orders": 1,
                "shop_ore": 1,
                "difference_ore": 0,
            }
    folder = reports / index_folder(dag_id)
    folder.mkdir(parents=True)
    (folder / f"{YESTERDAY.year}.json").write_text(
        json.dumps(
            {
                "schema": SCHEMA,
                "dag_id": dag_id,
                "shop": {"key": "k", "name": name},
                "company": {"name": "Handel AB"},
                "start_date": f"{YESTERDAY.year}-01-01",
                "timezone": "UTC",
                "days": days,
            }
        )
    )


def hide_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may see a DAG that has "theirs" in its id."""
    manager = type(day_routes.get_auth_manager())
    allowed = manager.is_authorized_dag

    def refuse(self: Any, *, details: Any = None, **more: Any) -> bool:
        return not (details and "theirs" in str(details.id)) and allowed(
            self, details=details, **more
        )

    monkeypatch.setattr(manager, "is_authorized_dag", refuse)


def the_day(body: dict[str, Any], day: object) -> dict[str, Any]:
    (found,) = [one for one in body["days"] if one["day"] == str(day)]
    return dict(found)


def test_calendar_shows_the_year(client_of: ClientOf, database: Database, reports: Path) -> None:
    """A red day stands in its year with its run, so that its report is one step away."""
    database.dag(DAG)
    write_index(reports, DAG, "differs")
    body = client_of("VIEWER").get(CALENDAR).json()
    assert body["shop"] == "Demo shop"
    assert len(body["days"]) in (365, 366)
    day = the_day(body, YESTERDAY)
    assert (day["state"], day["run_id"]) == ("differs", f"run-{YESTERDAY}")


def test_runs_of_a_partition_count_and_dry_runs_do_not(
    client_of: ClientOf, database: Database, reports: Path
) -> None:
    """A day that is only being looked at must not look as if it were being mended."""
    database.dag(DAG)
    for run_id, conf in (("real", None), ("dry", {"dry_run": True})):
        database.run(DAG, run_id, "running")
        values = {"partition_key": str(YESTERDAY), "conf": conf}
        where = update(DagRun).where(DagRun.run_id == run_id)
        database.session.execute(where.values(**values))
    database.session.commit()
    assert the_day(client_of("VIEWER").get(CALENDAR).json(), YESTERDAY)["run_id"] == "real"


@pytest.mark.parametrize(("role", "may_start"), [("VIEWER", False), ("USER", True)])
def test_who_may_start_runs_is_told(
    role: str, may_start: bool, client_of: ClientOf, database: Database, reports: Path
) -> None:
    """A viewer gets the command to hand on, not a button that Airflow refuses."""
    database.dag(DAG, paused=True)
    body = client_of(role).get(CALENDAR).json()
    assert body["may_start"] is may_start
    assert body["paused"] is True
    assert body["backfill_running"] is False


def test_running_backfill_is_told(client_of: ClientOf, database: Database, reports: Path) -> None:
    """Airflow takes one backfill of a DAG at a time; the page says so before it refuses."""
    database.dag(DAG)
    now = datetime.now(UTC)
    values = {"dag_id": DAG, "from_date": now, "to_date": now, "reprocess_behavior": "failed"}
    database.session.execute(insert(Backfill).values(**values, dag_run_conf={}, max_active_runs=1))
    database.session.commit()
    assert client_of("USER").get(CALENDAR).json()["backfill_running"] is True
    database.session.execute(update(Backfill).values(completed_at=now))
    database.session.commit()
    assert client_of("USER").get(CALENDAR).json()["backfill_running"] is False


def test_other_dags_have_no_calendar(client_of: ClientOf, database: Database) -> None:
    """The tab stands on every DAG; where there are no accounting days it says so."""
    database.dag("etl")
    assert client_of("VIEWER").get("/api/dags/etl/days").json() == {
        "daily": False,
        "language": "en",
    }


def test_calendar_of_a_dag_that_is_not_yours_is_refused(client_of: ClientOf) -> None:
    """Whoever may not read the DAG does not learn how its days went."""
    assert client_of(None).get(CALENDAR).status_code == 403


def test_broken_index_costs_its_entries_only(
    client_of: ClientOf, database: Database, reports: Path
) -> None:
    """A half file, or no timezone in it, must not take the page away."""
    database.dag(DAG)
    folder = reports / index_folder(DAG)
    folder.mkdir(parents=True)
    for content in ("{", "[]", json.dumps({"schema": SCHEMA, "timezone": "Mars"})):
        (folder / f"{YESTERDAY.year}.json").write_text(content)
        assert client_of("VIEWER").get(CALENDAR).status_code == 200


def test_overview_shows_the_worst_shop_first(
    client_of: ClientOf, database: Database, reports: Path
) -> None:
    """The shop that needs somebody is the first thing seen in the morning."""
    for key, verdict in (("a", "reconciled"), ("b", "held"), ("c", "differs")):
        database.dag(f"fortnox_orders_daily__{key}")
        write_index(reports, f"fortnox_orders_daily__{key}", verdict, f"Shop {key}")
    database.dag("fortnox_orders_hourly__a")
    body = client_of("VIEWER").get("/api/overview").json()
    assert [shop["shop"] for shop in body["shops"]] == ["Shop c", "Shop b", "Shop a"]
    assert body["shops"][0]["counts"]["differs"] == 1
    assert len(body["shops"][0]["days"]) == 30
    found = client_of("VIEWER").get("/api/overview", params={"q": "SHOP B"}).json()
    assert [shop["shop"] for shop in found["shops"]] == ["Shop b"]


def test_overview_hides_shops_of_others(
    client_of: ClientOf, database: Database, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A viewer who may not see one of the DAGs does not see its shop, by any page or search."""
    for key in ("mine", "theirs"):
        database.dag(f"fortnox_orders_daily__{key}")
        write_index(reports, f"fortnox_orders_daily__{key}", "differs", key)
    hide_theirs(monkeypatch)
    for query in ({}, {"q": "theirs"}):
        text = client_of("VIEWER").get("/api/overview", params=query).text
        assert "theirs" not in text
    assert client_of(None).get("/api/overview").json()["shops"] == []


def test_no_route_tells_of_a_dag_that_is_hidden(
    client_of: ClientOf,
    database: Database,
    reports: Path,
    summary: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a link that somebody sent, a download, or a guess: neither figures nor the shop's name."""
    dag_id = "fortnox_orders_daily__theirs"
    database.dag(dag_id)
    database.run(dag_id, "r")
    database.xcom(dag_id, "r", {**summary, "shop": {**summary["shop"], "name": "Hidden shop"}})
    write_index(reports, dag_id, "differs", "Hidden shop")
    paths = [route.path for route in app.routes if "{dag_id}" in route.path]  # type: ignore[attr-defined]
    admin = client_of("ADMIN")
    assert "Hidden shop" in admin.get(f"/api/runs/{dag_id}/r").text
    hide_theirs(monkeypatch)
    assert len(paths) >= 6
    for path in paths:
        answer = admin.get(path.format(dag_id=dag_id, run_id="r"))
        assert answer.status_code == 403, path
        assert "Hidden" not in answer.text
    assert "Hidden" not in admin.get("/api/overview").text


def test_a_renewed_day_shows_at_once(
    client_of: ClientOf, database: Database, reports: Path
) -> None:
    """The overview keeps what it parsed; a day that was mended must not stay red on it."""
    database.dag(DAG)
    write_index(reports, DAG, "differs")
    path = reports / index_folder(DAG) / f"{YESTERDAY.year}.json"
    viewer = client_of("VIEWER")
    for verdict in ("differs", "differs", "reconciled"):
        path.write_text(path.read_text().replace('"differs"', f'"{verdict}"'))
        (shop,) = viewer.get("/api/overview").json()["shops"]
        assert shop["days"][-1]["state"] == verdict
    path.write_text("{")
    assert viewer.get("/api/overview").json()["shops"][0]["days"][-1]["state"] != "reconciled"


def test_hundreds_of_shops_come_in_pages(
    client_of: ClientOf, database: Database, reports: Path
) -> None:
    """A page of 300 rows of 30 days would be too much to look at, and to send."""
    for number in range(300):
        dag_id = f"fortnox_orders_daily__s{number:03}"
        database.dag(dag_id)
        write_index(reports, dag_id, "reconciled", f"Shop {number:03}")
    viewer = client_of("VIEWER")
    body = viewer.get("/api/overview", params={"page": 5}).json()
    assert body["pages"] == 6
    assert body["shops"][0]["shop"] == "Shop 250"
