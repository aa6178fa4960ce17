"""``connect`` from the question to a stored connection, over HTTP against the sandboxes."""

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.support.builders import mapping_files
from tests.support.shop_orders import shop_with
from tests.support.worlds import CLIENT_ID, CLIENT_SECRET, World, world

from fortnox import cli
from fortnox.connect.fortnox import Wish, connect_fortnox
from fortnox.connect.shops import connect_textalk, connect_woocommerce
from fortnox.connect.talk import Talk
from fortnox.core.errors import FatalError
from fortnox.core.mapping import Mappings, parse_mappings
from fortnox.hooks.fortnox import FortnoxHook
from fortnox.hooks.textalk import TextalkHook
from fortnox.hooks.woocommerce import WooCommerceHook
from fortnox.sandbox.fortnox.company import default_company
from fortnox.sandbox.server import start
from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP
from fortnox.sandbox.textalk import create_app as create_textalk
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET

CONNECTION = "fortnox_demo"


@pytest.fixture(scope="module")
def served() -> Iterator[World]:
    """Both sandboxes, shared by the tests of this module."""
    with world(shop_with([])) as made:
        yield made


@pytest.fixture
def both(served: World, airflow_database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Both sandboxes as new, and an Airflow without connections."""
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    monkeypatch.setenv("_AIRFLOW_PROCESS_CONTEXT", "server")
    served.control("reset", again=True)
    with create_session() as session:
        session.execute(delete(Connection))
    yield served
    served.fortnox.company = default_company()
    with create_session() as session:
        session.execute(delete(Connection))


@dataclass(kw_only=True)
class Person:
    """Answers the questions, and uses the browser."""

    answers: list[str]
    browse: Callable[[str], object] = lambda _: None
    said: list[str] = field(default_factory=list)

    @property
    def talk(self) -> Talk:
        return Talk(
            say=self.said.append, ask=self._answer, ask_secret=self._answer, open_page=self.browse
        )

    def _answer(self, _prompt: str) -> str:
        return self.answers.pop(0)


def approving(url: str, *, follow: bool = True) -> requests.Response:
    """A browser: opens the page, approves, and follows where it is sent."""
    page = requests.get(url, timeout=10)
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    form = {name: unescape(value) for name, value in fields} | {"answer": "approve"}
    return requests.post(url.partition("?")[0], data=form, allow_redirects=follow, timeout=10)


def wish(both: World, **changed: Any) -> Wish:
    """Connect to the sandbox, with a redirect URI on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Wish(
        conn_id=CONNECTION,
        host=f"{both.fortnox_url}/3",
        redirect_uri=f"http://127.0.0.1:{port}/fortnox",
    )
    return replace(made, **changed)


def rows(old: str = "", new: str = "") -> Mappings:
    """The standard mappings, whose shop demo uses the connection."""
    files = mapping_files()
    files["shops.csv"] = files["shops.csv"].replace(old.encode(), new.encode())
    return parse_mappings(files).mappings


def person(browse: Callable[[str], object] = approving) -> Person:
    """Knows the app's keys."""
    return Person(answers=[CLIENT_ID, CLIENT_SECRET], browse=browse)


def stored(conn_id: str = CONNECTION) -> Any:
    """The connection as Airflow's database has it; None if there is none."""
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        found = session.scalar(select(Connection).where(Connection.conn_id == conn_id))
        if found is not None:
            session.expunge(found)
    return found


def test_from_the_page_of_the_consent_to_a_tested_connection(both: World) -> None:
    """A newcomer would make the connection by hand, from three pages of instructions."""
    somebody = person()
    connect_fortnox(wish(both), rows(), somebody.talk)

    connection = stored()
    assert connection.extra_dejson["tenant_id"] == "1000001"
    assert "refresh_token" not in connection.extra_dejson
    assert FortnoxHook(CONNECTION).company().organisation_number == "559000-0005"
    told = "\n".join(somebody.said)
    assert "  invoice: invoices and credit invoices" in told
    assert "  offer" not in told
    assert "organisation number 559000-0005" in told
    assert "python -m fortnox preflight" in told
    assert CLIENT_SECRET not in told
    assert ("NOT encrypted" in told) is not connection.is_encrypted


def test_a_refresh_token_is_stored_unused_and_works(both: World) -> None:
    """The first run would find a token that the walk's own test has used up."""
    somebody = person()
    connect_fortnox(wish(both, with_refresh_token=True), rows(), somebody.talk)

    extra = stored().extra_dejson
    assert extra["flow"] == "authorization_code"
    form = {"grant_type": "refresh_token", "refresh_token": extra["refresh_token"]}
    url = f"{both.fortnox_url}/oauth-v1/token"
    assert requests.post(url, data=form, auth=(CLIENT_ID, CLIENT_SECRET), timeout=10).ok
    assert extra["refresh_token"] not in "\n".join(somebody.said)


def test_the_address_is_pasted_where_nothing_can_listen(both: World) -> None:
    """An app registered with an https redirect URI could not be connected."""
    somebody = person()
    back = "https://shop.example/back"
    ended: list[str] = []

    def browse(url: str) -> None:
        ended.append(approving(url, follow=False).headers["Location"])
        somebody.answers.append(ended[0])

    somebody.browse = browse
    connect_fortnox(wish(both, redirect_uri=back), rows(), somebody.talk)

    assert ended[0].startswith(f"{back}?code=")
    assert stored() is not None


def test_a_slipped_in_answer_stores_nothing(both: World) -> None:
    """A page in another tab could connect the shop to a company of its choice."""
    asked = wish(both)
    stranger = person(
        lambda _: requests.get(f"{asked.redirect_uri}?code=theirs&state=x", timeout=10)
    )
    with pytest.raises(FatalError, match="does not answer this question"):
        connect_fortnox(asked, rows(), stranger.talk)
    assert stored() is None


def test_another_companys_consent_stores_nothing(both: World) -> None:
    """The right name would stand on another company's ledger until the first guard."""
    with pytest.raises(FatalError, match="the consent is another company's"):
        connect_fortnox(wish(both), rows("559000-0005", "559000-0013"), person().talk)
    assert stored() is None


def test_a_consent_given_before_needs_no_browser(both: World) -> None:
    """A second Airflow would trouble the company's administrator again."""
    somebody = person(lambda _: pytest.fail("no page is wanted"))
    connect_fortnox(wish(both, tenant_id="1000001"), rows(), somebody.talk)
    assert stored().extra_dejson["tenant_id"] == "1000001"


def test_new_keys_replace_the_old_ones_and_keep_the_other_fields(both: World) -> None:
    """A new consent would lose the link to invoices, or overwrite a connection by mistake."""
    from airflow.utils.session import create_session

    connect_fortnox(wish(both, with_refresh_token=True), rows(), person().talk)
    with pytest.raises(FatalError, match="is there already"):
        connect_fortnox(wish(both), rows(), person().talk)
    connection = stored()
    with create_session() as session:
        connection = session.merge(connection)
        connection.set_extra(connection.extra.replace("}", ', "invoice_link": "https://x/{id}"}'))
    connect_fortnox(wish(both, replace=True), rows(), person().talk)

    assert stored().extra_dejson["invoice_link"] == "https://x/{id}"
    assert stored().extra_dejson["flow"] == "client_credentials"
    assert "refresh_token" not in stored().extra_dejson


def test_a_shop_is_connected_by_its_key(both: World) -> None:
    """A wrong key would be stored, and found by the first run of the night."""
    wrong = Person(answers=[DEFAULT_KEY, "cs_wrong"])
    with pytest.raises(FatalError, match="Nothing was stored"):
        connect_woocommerce("woo", both.shop_url, wrong.talk, replace=False)
    assert stored("woo") is None

    somebody = Person(answers=[DEFAULT_KEY, DEFAULT_SECRET])
    connect_woocommerce("woo", both.shop_url, somebody.talk, replace=False)
    assert WooCommerceHook("woo").test_connection()[0]
    assert "create-key=1" in "\n".join(somebody.said)


def test_a_textalk_shop_is_connected_by_key_and_number(both: World) -> None:
    """As above."""
    with start(create_textalk(shop_with([]))) as textalk:
        somebody = Person(answers=[DEFAULT_TOKEN, str(WEBSHOP)])
        connect_textalk("talk", textalk.url, somebody.talk, replace=False)
        assert TextalkHook("talk").test_connection()[0]


def test_the_command_says_what_is_wrong_and_stores_nothing(
    both: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A traceback, or a question before the reason why it can't work."""
    monkeypatch.setenv("AIRFLOW_CONN_FORTNOX_DEFAULT", "{}")
    assert cli.main(["connect", "fortnox", "--folder", str(tmp_path)]) == 1
    assert "would hide what is stored" in capsys.readouterr().err
    both_flows = ["connect", "fortnox", "--tenant-id", "1", "--with-refresh-token"]
    assert cli.main([*both_flows, "--folder", str(tmp_path)]) == 1
    assert "choose one" in capsys.readouterr().err
