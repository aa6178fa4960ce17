"""``python -m fortnox preflight`` before a wrong key, a missing scope, a wrong company, no pool."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.airflow_runs import ROOT
from tests.support.shop_orders import shop_with
from tests.support.worlds import CLIENT_SECRET, World, world

from fortnox import cli
from fortnox.hooks.fortnox import NEEDED_SCOPES
from fortnox.hooks.woocommerce import WooCommerceHook
from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.fortnox.company import default_company
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET

Preflight = Callable[[], tuple[int, str]]


@pytest.fixture(scope="module")
def served() -> Iterator[World]:
    """Both sandboxes, shared by the tests of this module."""
    with world(shop_with([])) as made:
        yield made


@pytest.fixture
def both(served: World) -> Iterator[World]:
    """Both sandboxes as new: the company as it was, keys and faults as at the start."""
    served.control("reset", again=True)
    served.woocommerce.reset()
    yield served
    served.fortnox.company = default_company()


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """The standard mapping files."""
    return shutil.copytree(ROOT / "include" / "mappings", tmp_path / "mappings")


@pytest.fixture
def preflight(
    both: World,
    mappings: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Preflight:
    """Runs the command on this world; gives its exit code and what it prints."""
    for name, value in both.environment().items():
        monkeypatch.setenv(name, value)
    # The command sets it for the process: gone with the test.
    monkeypatch.setenv("_AIRFLOW_PROCESS_CONTEXT", "server")
    monkeypatch.setattr("fortnox.preflight.missing_pools", lambda *_: [])
    monkeypatch.setitem(WooCommerceHook.shop.__kwdefaults__, "patience_s", 0.0)

    def run() -> tuple[int, str]:
        code = cli.main(["preflight", "--folder", str(mappings)])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def line_with(text: str, word: str) -> str:
    """The one line that holds a word."""
    [found] = [line for line in text.splitlines() if word in line]
    return found


def test_all_is_well(preflight: Preflight) -> None:
    """The faults of the other tests would prove nothing if the command always failed."""
    code, seen = preflight()

    assert code == 0
    assert [line for line in seen.splitlines() if not line.startswith(("ok ", "advice "))] == []
    assert "559000-0005" in line_with(seen, "demo: company")


def test_a_wrong_fortnox_secret(preflight: Preflight, both: World) -> None:
    """The user would not know which of three numbers to correct."""
    both.fortnox.company = replace(default_company(), client_secret="another")
    code, seen = preflight()

    line = line_with(seen, "connection fortnox_demo")
    assert code == 1
    assert line.startswith("fatal   demo: connection fortnox_demo: ")
    assert "client secret" in line
    assert CLIENT_SECRET not in seen
    # The shop and its line are there all the same.
    assert line_with(seen, "connection woocommerce_demo").startswith("ok ")


def test_a_wrong_shop_key(preflight: Preflight, both: World) -> None:
    """The user would look for the fault in Fortnox."""
    both.woocommerce.keys.clear()
    code, seen = preflight()

    line = line_with(seen, "connection woocommerce_demo")
    assert code == 1
    assert line.startswith("fatal ")
    assert "consumer key" in line
    assert "REST API" in line
    assert DEFAULT_KEY not in seen
    assert DEFAULT_SECRET not in seen
    assert line_with(seen, "connection fortnox_demo").startswith("ok ")


@pytest.mark.parametrize("scope", NEEDED_SCOPES[:1] + NEEDED_SCOPES[2:])
def test_a_missing_scope_is_named_before_money_moves(
    scope: str, preflight: Preflight, both: World
) -> None:
    """The first invoice of the night would be the one to find out."""
    company = default_company()
    few = tuple(each for each in company.scopes if each != scope)
    both.fortnox.company = replace(company, scopes=few)
    code, seen = preflight()

    line = line_with(seen, "connection fortnox_demo")
    assert code == 1
    assert line.startswith("fatal ")
    assert f"Missing scopes: {scope}; add them to the app" in line
    assert "consent again" in line


def test_without_the_scope_of_the_company_itself_the_scope_is_named(
    preflight: Preflight, both: World
) -> None:
    """Not even the guard can ask who the company is: Fortnox's refusal must say the rest."""
    company = default_company()
    few = tuple(each for each in company.scopes if each != "companyinformation")
    both.fortnox.company = replace(company, scopes=few)
    code, seen = preflight()

    line = line_with(seen, "connection fortnox_demo")
    assert code == 1
    assert "Har inte behörighet för scope" in line
    assert "Give the app the scope 'companyinformation' in Fortnox's developer portal" in line


def test_the_needed_scopes_are_enough(preflight: Preflight, both: World) -> None:
    """Who ticks what the manual says would be stopped for a scope that nobody named."""
    # The standard events.csv lets payouts flow, whose vouchers have files.
    scopes = (*NEEDED_SCOPES, "inbox", "connectfile")
    both.fortnox.company = replace(default_company(), scopes=scopes)
    code, seen = preflight()

    assert code == 0, seen
    for scope in scopes:
        assert f"ok      demo: scope {scope}: granted and licensed" in seen


def test_a_licence_that_is_missing_is_named_for_its_scope(
    preflight: Preflight, both: World
) -> None:
    """The token lists the scope all the same: the first payment of a night would find out."""
    both.fortnox.company = replace(default_company(), unlicensed_scopes=("payment", "inbox"))
    code, seen = preflight()

    assert code == 1
    assert line_with(seen, "scope payment").startswith("fatal ")
    assert "ingen aktiv licens" in line_with(seen, "scope payment")
    assert line_with(seen, "scope inbox").startswith("warning ")


def test_the_wrong_company_is_named(preflight: Preflight, mappings: Path) -> None:
    """One company's sales would be booked in another's ledger."""
    shops = mappings / "shops.csv"
    shops.write_text(shops.read_text().replace("559000-0005", "559000-0013"))
    code, seen = preflight()

    line = line_with(seen, "demo: company")
    assert code == 1
    assert line.startswith("fatal ")
    assert "organisation number 559000-0005, but shops.csv names 559000-0013" in line
    assert "Correct fortnox_conn_id or organisation_number" in line


def test_a_missing_pool_is_named_with_the_command(
    preflight: Preflight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Airflow says nothing: the tasks would wait until the run times out."""

    def missing(wanted: Sequence[str], *_: object) -> list[str]:
        return list(wanted)

    monkeypatch.setattr("fortnox.preflight.missing_pools", missing)
    code, seen = preflight()

    assert code == 1
    assert (
        line_with(seen, "pools: ")
        == "fatal   pools: missing: fortnox_demo; run: python -m fortnox pools --create"
    )


def test_a_shop_that_answers_html(preflight: Preflight, both: World) -> None:
    """A maintenance page would be told as "not JSON", and the user would ask us, not the host."""
    both.woocommerce.faults.add(FaultRule(kind="html", times=0))
    code, seen = preflight()

    line = line_with(seen, "connection woocommerce_demo")
    assert code == 1
    assert 'a web page titled "502 Bad Gateway" (text/html)' in line
    assert "ask the shop's host" in line


def test_a_connection_that_is_not_there(
    preflight: Preflight,
    mappings: Path,
    monkeypatch: pytest.MonkeyPatch,
    airflow_database: None,
) -> None:
    """A traceback of Airflow would hide that only a name is misspelt."""
    shops = mappings / "shops.csv"
    shops.write_text(shops.read_text().replace(",woocommerce_demo,", ",woocommerce_dmeo,"))
    code, seen = preflight()

    assert code == 1
    assert (
        "fatal   demo: connection woocommerce_dmeo: Airflow has no such connection; "
        "add it, or correct shops.csv"
    ) in seen
    assert line_with(seen, "connection fortnox_demo").startswith("ok ")
