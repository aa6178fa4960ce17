"""The preflight task: what stops a run, what is only a finding, and how long it is remembered."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import time_machine
from airflow.sdk.configuration import conf
from tests.support.builders import STANDARD, mapping_files, shop_row
from tests.support.shop_orders import shop_with
from tests.support.worlds import World, world

from fortnox.core.errors import FatalError
from fortnox.operators.preflight import FortnoxPreflightOperator
from fortnox.sandbox.fortnox.company import default_company
from fortnox.shops.base import ShopIdentity
from fortnox.steps.preflight import Preflight
from fortnox.steps.shop_checks import shop_findings

NOW = datetime(2026, 5, 7, 12, 0, tzinfo=UTC)
OPEN = date(2025, 12, 31)

Check = Callable[..., Preflight]


@pytest.fixture(scope="module")
def served() -> Iterator[World]:
    """Both sandboxes, shared by the tests of this module."""
    with world(shop_with([])) as made:
        yield made


@pytest.fixture
def both(served: World) -> Iterator[World]:
    """Both sandboxes as new."""
    served.control("reset", again=True)
    yield served
    served.fortnox.company = default_company()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of mapping files that a test may change."""
    made = tmp_path / "mappings"
    made.mkdir()
    for name, content in mapping_files().items():
        (made / name).write_bytes(content)
    return made


@pytest.fixture
def check(both: World, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Runs the task at a time; ``strict`` as in the preflight DAG."""
    for name, value in both.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FORTNOX_STAGING", str(tmp_path / "staging"))
    monkeypatch.setenv("FORTNOX_MAPPINGS_DIR", str(folder))
    # The sandbox's server goes by a clock that it reads once a second: it lags behind a travel.
    for module in ("fortnox", "shop"):
        monkeypatch.setattr(f"fortnox.hooks.{module}.told_time", lambda *_: None)
    context: Any = {
        "dag": SimpleNamespace(fileloc=str(STANDARD.parents[1] / "dags" / "x.py")),
        "ti": SimpleNamespace(xcom_push=lambda **_: None),
    }

    def run(*, at: datetime = NOW, strict: bool = False) -> Preflight:
        task = FortnoxPreflightOperator(task_id="preflight", shop="demo", strict=strict)
        with time_machine.travel(at, tick=False):
            return task.execute(context)

    return run


def requests_to(both: World) -> int:
    """How many requests both sides have received."""
    return len(both.faults.requests()) + len(both.woocommerce.faults.requests())


def lock(both: World, day: date) -> None:
    """Close the books through a day."""
    url = f"{both.fortnox_url}/_sandbox/locked-period"
    requests.put(url, json={"end_date": day.isoformat()}, timeout=10).raise_for_status()


def test_all_is_well(check: Check) -> None:
    """A finding that is none would hide the one that matters."""
    nothing = {"findings": [], "cached": False, "checked_at": NOW.isoformat()}
    assert check() == nothing
    assert check(strict=True) == nothing


def test_within_the_hour_nobody_is_asked_again(check: Check, both: World) -> None:
    """A month's backfill would spend its request rate on the same questions."""
    check()
    before = requests_to(both)
    again = check(at=NOW + timedelta(minutes=59))

    assert again["cached"] is True
    assert again["checked_at"] == NOW.isoformat()
    assert requests_to(both) == before


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=1), -timedelta(hours=1)])
def test_after_the_hour_it_is_checked_anew(later: timedelta, check: Check, both: World) -> None:
    """A period that was locked meanwhile would stay unknown; so would it if the clock went back."""
    check()
    before = requests_to(both)

    assert check(at=NOW + later)["cached"] is False
    assert requests_to(both) > before


def test_changed_mappings_are_checked_at_once(check: Check, folder: Path) -> None:
    """A wrong account would be hidden for an hour by the check of the right one."""
    assert check()["findings"] == []
    accounts = folder / "accounts.csv"
    accounts.write_text(accounts.read_text().replace(",3105,", ",3199,"))
    second = check(at=NOW + timedelta(minutes=1))

    assert second["cached"] is False
    assert "account 3199 is not in the chart of 2026-01-01 to 2026-12-31" in second["findings"][0]


def test_findings_are_remembered_with_the_check(check: Check, folder: Path) -> None:
    """The second run of the hour would look as if all were well."""
    accounts = folder / "accounts.csv"
    accounts.write_text(accounts.read_text().replace(",3105,", ",3199,"))
    first = check()

    assert first["findings"]
    assert check(at=NOW + timedelta(minutes=1))["findings"] == first["findings"]


@pytest.mark.parametrize("content", ["", "{", '{"at": "yesterday"}', "{}"])
def test_a_damaged_memory_is_no_obstacle(content: str, check: Check, tmp_path: Path) -> None:
    """A file cut short by a full disk would stop every run until somebody deletes it."""
    check()
    [memory] = (tmp_path / "staging").rglob("preflight-*.json")
    memory.write_text(content)

    assert check()["cached"] is False


def test_a_failed_check_is_not_remembered(check: Check, both: World, folder: Path) -> None:
    """The key is right again, and the next runs would fail for an hour all the same."""
    both.fortnox.company = replace(default_company(), organisation_number="559000-0013")
    with pytest.raises(FatalError, match="belongs to organisation number 559000-0013"):
        check()
    both.fortnox.company = default_company()

    assert check()["findings"] == []


def test_a_missing_scope_stops_the_run(check: Check, both: World) -> None:
    """The first invoice would be the one to find out, after its customer was made."""
    few = tuple(scope for scope in default_company().scopes if scope not in ("invoice", "customer"))
    both.fortnox.company = replace(default_company(), scopes=few)

    with pytest.raises(FatalError, match=r"lacks scopes: customer, invoice\. Add them to the app"):
        check()


def test_what_concerns_single_documents_does_not_stop_a_run(check: Check, folder: Path) -> None:
    """One account that is missing would keep every other sale out of the books."""
    accounts = folder / "accounts.csv"
    rows = accounts.read_text()
    accounts.write_text(rows.replace(",3105,", ",3199,"))

    assert len(check()["findings"]) == rows.count(",3105,") > 0
    with pytest.raises(FatalError, match=r"\d findings: .*account 3199 is not in the chart"):
        check(strict=True)


def test_the_strict_check_never_trusts_its_memory(check: Check, both: World) -> None:
    """Who has mended something and runs the preflight DAG would be shown the old answer."""
    check()
    before = requests_to(both)

    assert check(strict=True, at=NOW + timedelta(minutes=1))["cached"] is False
    assert requests_to(both) > before


@pytest.mark.parametrize(
    ("locked", "found"), [(date(2026, 4, 30), False), (date(2026, 5, 31), True)]
)
def test_books_locked_through_today_are_a_finding(
    locked: date, found: bool, check: Check, both: World
) -> None:
    """Every sale would be held, and nobody would connect it with the lock."""
    lock(both, locked)
    findings = check()["findings"]

    wanted = f"Fortnox has locked everything through {locked}: every sale will be held"
    assert findings == ([wanted] if found else [])


def test_a_year_that_is_missing_is_a_finding(check: Check, both: World) -> None:
    """On New Year's Day every document would be held by surprise."""
    url = f"{both.fortnox_url}/_sandbox/financial-years/2"
    requests.delete(url, timeout=10).raise_for_status()

    assert any("has no financial year for 2026-05-07" in found for found in check()["findings"])


def test_local_staging_under_an_executor_of_many_hosts_is_a_finding(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Transform would run on another host and find no orders."""
    monkeypatch.delenv("FORTNOX_STAGING")
    home = Path(conf.get("core", "dags_folder")).parent
    monkeypatch.setattr("fortnox.steps.preflight.staging_base", lambda: str(home / "no"))
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")

    with pytest.raises(FatalError, match="set FORTNOX_STAGING to a folder that all of them share"):
        check()


def test_the_memory_holds_no_secret(check: Check, tmp_path: Path) -> None:
    """It lies in the staging area for an hour, readable for whoever may read there."""
    check()
    [memory] = (tmp_path / "staging").rglob("preflight-*.json")

    assert set(json.loads(memory.read_text())) == {"at", "fingerprint", "findings"}


ACTIVE = {"SEK", "EUR"}


def identity(**changed: Any) -> ShopIdentity:
    """A Swedish shop."""
    values: dict[str, Any] = {
        "platform": "WooCommerce",
        "version": "10.4.0",
        "currency": "SEK",
        "timezone": "Europe/Stockholm",
        "prices_include_vat": True,
    }
    return ShopIdentity(**(values | changed))


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "+02:00", ""])
def test_the_same_clock_in_any_spelling_is_no_finding(zone: str) -> None:
    """Swedish summer time is +02:00 in May; a warning each day would be read by nobody."""
    assert list(shop_findings(identity(timezone=zone), shop_row(), NOW, currencies=ACTIVE)) == []


@pytest.mark.parametrize("zone", ["UTC", "+00:00", "+01:00", "Europe/Helsinki"])
def test_another_clock_of_the_shop_is_told(zone: str) -> None:
    """The shop's own day report would differ from ours, and nobody would know why."""
    [found] = shop_findings(identity(timezone=zone), shop_row(), NOW, currencies=ACTIVE)

    assert f"the shop's clock is {zone}, the company's Europe/Stockholm" in found.seen
    assert found.fails


def test_another_currency_of_the_shop_is_told() -> None:
    """Every order would be held without a word before."""
    [found] = shop_findings(identity(currency="JPY"), shop_row(), NOW, currencies=ACTIVE)

    assert found.seen == (
        "the shop sells in JPY, which is not a currency in Fortnox: orders in it will be held"
    )
    assert list(shop_findings(identity(currency="EUR"), shop_row(), NOW, currencies=ACTIVE)) == []
