"""Doors that are shut: headers of every answer, no writing, and scripts that can't be turned."""

import re
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from ui_airflow_tables import ClientOf, Database

import fortnox.ui
from fortnox.ui.app import app
from fortnox.ui.headers import HEADERS

STATIC = Path(fortnox.ui.__file__).parent / "static"
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("*.js"))}
DAG = "fortnox_orders_daily__demo"
#: Every route of the app, with a DAG, a run and a script that exist.
ADDRESSES = [route.path.format(dag_id=DAG, run_id="r", script="main.js") for route in app.routes]  # type: ignore[attr-defined]


def assert_shut(answer: httpx.Response) -> None:
    """The answer carries all our headers and invites nobody."""
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer.url
    assert "access-control-allow-origin" not in answer.headers


def test_every_answer_carries_the_headers(
    client_of: ClientOf, anonymous: TestClient, database: Database
) -> None:
    """A route added later could be framed, sniffed, cached, or included by another site."""
    database.run(DAG, "r")
    for client in (client_of("ADMIN"), client_of(None), anonymous):
        for path in (*ADDRESSES, "/nothing", "/static/nothing.js"):
            answer = client.get(path)
            assert_shut(answer)
            is_script = answer.headers["content-type"].startswith("text/javascript")
            kept = "private, no-cache" if is_script else "no-store"
            assert answer.headers["cache-control"] == kept


def test_the_policy_lets_nothing_run_and_nobody_frame() -> None:
    """An answer that is opened by itself is not a page, whatever stands in it."""
    policy = HEADERS["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "form-action 'none'"} <= set(policy)
    assert not re.search(r"unsafe|\*|https?:|data:", HEADERS["Content-Security-Policy"])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_can_be_written_by_another_site(method: str, client_of: ClientOf) -> None:
    """The browser of somebody signed in could be made to change something, or to tell of it."""
    client = client_of("ADMIN")
    evil = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    for path in ADDRESSES:
        answer = client.request(method, path, headers=evil)
        assert answer.status_code == 405
        assert_shut(answer)


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "\x00", "\u202e", "x" * 10_000])
def test_no_answer_is_a_page(value: str, client_of: ClientOf, database: Database) -> None:
    """A text in an address would come back as markup that the browser runs."""
    database.run(DAG, "r")
    client = client_of("VIEWER")
    asked = dict.fromkeys(("q", "part", "state", "page", "year"), value)
    for path in ADDRESSES:
        answer = client.get(path, params=asked)
        assert answer.status_code in (200, 404, 422), path
        assert "html" not in answer.headers["content-type"]


@pytest.mark.parametrize("name", ["%00", "r%00", "x" * 251])
def test_a_name_that_no_database_takes_is_refused(name: str, client_of: ClientOf) -> None:
    """PostgreSQL refuses NUL in a text: the route would end in a server error."""
    client = client_of("ADMIN")
    for path in (f"/api/runs/{DAG}/{name}", f"/api/runs/{name}/r/plan", f"/api/dags/{name}/days"):
        assert client.get(path).status_code == 422, path


@pytest.mark.parametrize("trick", ["..", "%2e%2e", "..%2f..%2fetc", "%2e%2e%2fairflow.cfg", "~"])
def test_a_path_in_an_address_leads_nowhere(
    trick: str, client_of: ClientOf, database: Database
) -> None:
    """A name in an address must never become a path to a file."""
    database.run(DAG, "r")
    client = client_of("ADMIN")
    for path in (f"/static/{trick}", f"/api/runs/{DAG}/{trick}/orders", f"/api/runs/{trick}/r"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(
    "danger",
    [
        *("innerhtml", "outerhtml", "insertadjacent", "document.write", "createcontextualfragment"),
        *("srcdoc", "domparser", "eval(", "new function", "javascript:", '"iframe"', '"script"'),
        *("import(", "worker(", "websocket", "eventsource", "sendbeacon", "xmlhttprequest"),
        *("postmessage", "sessionstorage", "document.cookie", ": url(", "@import"),
        *("http:", "https:", '"//'),
    ],
)
def test_no_script_can_run_texts_or_reach_out(danger: str) -> None:
    """A buyer's name could become code, or a report leave the reader's browser."""
    found = [name for name, code in SCRIPTS.items() if danger in code.lower()]
    assert found == []


def test_only_the_choice_of_a_language_stays_in_the_browser() -> None:
    """Figures would be left behind on a computer that others use."""
    stores = {name: re.findall(r"localStorage\.\w+\((\w+)", code) for name, code in SCRIPTS.items()}
    assert {name: set(keys) for name, keys in stores.items() if keys} == {
        "texts.js": {"REMEMBERED_AS"}
    }
    assert 'const REMEMBERED_AS = "fortnox.language";' in SCRIPTS["texts.js"]


def test_a_script_imports_only_its_neighbours_and_asks_by_one_function() -> None:
    """A module from elsewhere would run with the rights of whoever reads the report."""
    for name, code in SCRIPTS.items():
        imported = re.findall(r"""\bfrom\s*["']([^"']+)["']""", code)
        assert {source.removeprefix("./") for source in imported} <= set(SCRIPTS)
        assert len(re.findall(r"\bfetch\(", code)) == (name == "api.js")
