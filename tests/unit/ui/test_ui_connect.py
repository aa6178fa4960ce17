"""The page "Connect Fortnox": whose consent counts, for whom, and what is never shown."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from airflow.api_fastapi.app import create_auth_manager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.api_fastapi.common.http_access_log import _redact_query_string
from airflow.models.connection import Connection
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete
from tests.support.builders import mapping_files
from tests.support.worlds import CLIENT_ID, CLIENT_SECRET
from ui_airflow_tables import Database

from fortnox.connect.web import URL_PREFIX, app
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.server import start
from fortnox.ui.headers import HEADERS

CONN = "fortnox_demo"
BASE = "http://airflow.example"
SignIn = Callable[..., TestClient]


@pytest.fixture(scope="module")
def fortnox_url() -> Iterator[str]:
    with start(create_app()) as server:
        yield server.url


@pytest.fixture
def stored(
    database: Database, fortnox_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Database:
    """A connection with keys and without consent, and mapping files that name its company."""
    monkeypatch.setenv("FORTNOX_MAPPINGS_DIR", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", BASE)
    monkeypatch.setenv("AIRFLOW__API__SECRET_KEY", "only-for-these-tests")
    for name, content in mapping_files().items():
        (tmp_path / name).write_bytes(content)
    database.session.execute(delete(Connection))
    keys = {"login": CLIENT_ID, "password": CLIENT_SECRET}
    row = Connection(conn_id=CONN, conn_type="fortnox", host=f"{fortnox_url}/3", **keys)
    database.session.add(row)
    database.session.commit()
    return database


@pytest.fixture
def sign_in(stored: Database) -> SignIn:
    """A browser with a role, below the address where Airflow mounts the app."""
    mounted = FastAPI()
    mounted.mount(URL_PREFIX, app)

    def make(role: str | None = "OP", name: str = "somebody") -> TestClient:
        user = SimpleAuthManagerUser(username=name, role=role)
        token = create_auth_manager().generate_jwt(user)
        headers = {"Authorization": f"Bearer {token}"}
        address = f"{BASE}{URL_PREFIX}"
        return TestClient(mounted, address, headers=headers, follow_redirects=False)

    return make


def consented(url: str) -> str:
    """An administrator approves; the path and query that Fortnox sends the browser back to."""
    page = requests.get(url, timeout=10)
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    form = {name: unescape(value) for name, value in fields} | {"answer": "approve"}
    answer = requests.post(url.partition("?")[0], data=form, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}" == BASE
    return f"{back.path.removeprefix(URL_PREFIX)}?{back.query}"


def asked(browser: TestClient) -> str:
    """The address of the consent."""
    url: str = browser.get(f"/api/consent/{CONN}").json()["url"]
    return url


def test_from_the_question_to_a_company(sign_in: SignIn) -> None:
    """The walk ends with the company's name and number to store, and with nothing secret."""
    browser = sign_in()
    listed = browser.get("/api/connections").json()
    assert listed["redirect_uri"] == f"{BASE}{URL_PREFIX}/callback"
    (place,) = [one for one in listed["connections"] if one["connection_id"] == CONN]
    assert (place["kept_in"], place["has_tenant"]) == ("stored", False)
    url = asked(browser)
    assert "offer" not in parse_qs(urlsplit(url).query)["scope"][0].split()
    back = consented(url)
    answer = browser.get(back)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{BASE}/plugin/fortnox-connect",
    )
    outcome = browser.get("/api/outcome")
    assert outcome.json()["tenant_id"] == "1000001"
    assert outcome.json()["organisation_number"] == "559000-0005"
    assert outcome.json()["findings"] == []
    # Else the runs would ask Fortnox itself for a sandbox's token.
    assert outcome.json()["token_url"].startswith("http://127.0.0.1:")
    code = parse_qs(urlsplit(back).query)["code"][0]
    for text in (answer.text, str(answer.headers), outcome.text, str(outcome.headers)):
        assert CLIENT_SECRET not in text
        assert code not in text
    assert code not in _redact_query_string(urlsplit(back).query)


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(sign_in: SignIn) -> None:
    """Somebody could make an administrator's browser connect a company of their own."""
    browser, other = sign_in(), sign_in()
    back = consented(asked(browser))
    other.get(back)
    assert "tenant_id" not in other.get("/api/outcome").json()
    asked(other)
    other.get(back)
    assert "state" in other.get("/api/outcome").json()["detail"]
    browser.get(back)
    assert "tenant_id" in browser.get("/api/outcome").json()
    browser.cookies.delete("fortnox_connect_outcome")
    browser.get(back)
    assert "tenant_id" not in browser.get("/api/outcome").json()


def test_a_cookie_is_of_one_person_and_can_not_be_written(sign_in: SignIn) -> None:
    """A shared computer, or a subdomain that sets cookies, would lend somebody's rights."""
    browser = sign_in()
    back = consented(asked(browser))
    somebody_else = sign_in(name="another")
    somebody_else.cookies = browser.cookies
    somebody_else.get(back)
    assert "tenant_id" not in somebody_else.get("/api/outcome").json()
    forged = sign_in()
    forged.cookies.set("fortnox_connect_outcome", "eyJ1c2VyIjogInNvbWVib2R5In0.x.y")
    assert forged.get("/api/outcome").json() == {"language": "en"}


def test_the_cookie_is_no_scripts_and_no_other_sites(sign_in: SignIn) -> None:
    """The state would be worth nothing if a script or another site could use it."""
    cookie = sign_in().get(f"/api/consent/{CONN}").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert f"Path={URL_PREFIX}" in cookie


def test_another_company_is_refused(sign_in: SignIn, tmp_path: Path) -> None:
    """A consent given in the wrong company would get the name of the right one."""
    path = tmp_path / "shops.csv"
    path.write_bytes(path.read_bytes().replace(b"559000-0005", b"556016-0680"))
    browser = sign_in()
    browser.get(consented(asked(browser)))
    outcome = browser.get("/api/outcome", params={"lang": "sv"}).json()
    assert "tenant_id" not in outcome
    assert "556016-0680" in outcome["detail"]


def test_a_refusal_is_told_with_what_to_do(sign_in: SignIn) -> None:
    """Whoever chose to cancel in Fortnox would wait in vain."""
    browser = sign_in()
    state = parse_qs(urlsplit(asked(browser)).query)["state"][0]
    browser.get("/callback", params={"error": "access_denied", "state": state})
    outcome = browser.get("/api/outcome").json()
    assert "access_denied" in outcome["detail"]
    assert "approve" in outcome["remedy"]


@pytest.mark.parametrize("role", ["VIEWER", "USER", None])
def test_only_who_may_edit_connections_sees_them(role: str | None, sign_in: SignIn) -> None:
    """A reader of reports would learn which companies there are, and could ask them."""
    browser = sign_in(role)
    assert browser.get("/api/connections").status_code == 403
    assert browser.get(f"/api/consent/{CONN}").status_code == 403
    assert CONN not in browser.get("/api/outcome").text
    assert browser.get("/callback", params={"code": "x", "state": "y"}).status_code in (303, 403)


def test_a_shop_whose_dag_is_hidden_is_not_named(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may edit connections need not know of every shop."""
    browser = sign_in()
    (place,) = browser.get("/api/connections").json()["connections"]
    assert place["shops"]
    manager = type(create_auth_manager())
    monkeypatch.setattr(manager, "is_authorized_dag", lambda *_, **__: False)
    (place,) = browser.get("/api/connections").json()["connections"]
    assert place["shops"] == []


def test_nobody_gets_in_without_signing_in(stored: Database) -> None:
    """An app that a plugin mounts is open to anybody until its routes ask."""
    stranger = TestClient(app, follow_redirects=False)
    for path in ("/api/connections", f"/api/consent/{CONN}", "/api/outcome", "/callback"):
        answer = stranger.get(path)
        assert answer.status_code == 401, path
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert stranger.post(path).status_code == 405


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("login", ""),
        ("conn_type", "http"),
        ("host", "javascript://x/3"),
        ("host", "http://10.0.0.9/3"),
    ],
)
def test_a_connection_that_can_not_be_asked_about(
    column: str, value: str, sign_in: SignIn, stored: Database
) -> None:
    """The browser would be sent astray, or a secret over plain http."""
    row = stored.session.query(Connection).filter_by(conn_id=CONN).one()
    setattr(row, column, value)
    stored.session.commit()
    answer = sign_in().get(f"/api/consent/{CONN}")
    assert answer.status_code == 409
    assert answer.json()["remedy"]
    assert "set-cookie" not in answer.headers


def test_a_connection_of_the_environment_is_told(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stored would stay hidden behind the variable."""
    monkeypatch.setenv(f"AIRFLOW_CONN_{CONN.upper()}", "fortnox://")
    browser = sign_in()
    assert browser.get("/api/connections").json()["connections"][0]["kept_in"] == "environment"
    assert browser.get(f"/api/consent/{CONN}").status_code == 409
