"""The morning's message through Airflow's own notifiers, to a mail server and a web address."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from tests.support.builders import STANDARD, shop_row
from tests.support.sinks import mail_sink, web_sink

from fortnox.core.errors import FatalError, UnreachableError
from fortnox.core.report_index import index_folder, index_name, with_day
from fortnox.core.watch import Message
from fortnox.operators.watch import (
    FortnoxLookAtYesterdayOperator,
    FortnoxMustBeProvenOperator,
    FortnoxTellOperator,
)
from fortnox.steps import watch
from fortnox.steps.watch import channel_checks

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
DAILY = "fortnox_orders_daily__demo"
_DAG = DAG("fortnox_watch__demo")
_DAG.fileloc = str(STANDARD.parents[1] / "dags" / "x.py")
CONTEXT: Any = {
    "dag": _DAG,
    "ti": SimpleNamespace(xcom_push=lambda **_: None),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of mapping files; reports lie beside it."""
    copy = shutil.copytree(STANDARD, tmp_path / "mappings")
    monkeypatch.setenv("FORTNOX_MAPPINGS_DIR", str(copy))
    monkeypatch.setenv("FORTNOX_REPORTS", str(tmp_path / "reports"))
    return Path(copy)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def reported(folder: Path, verdict: str) -> None:
    """The index as reconcile leaves it for yesterday, the shop's first day."""
    summary = {
        "verdict": verdict,
        "headline": f"{verdict} it is",
        "company": {"name": "Handel AB"},
        "window": {"day": "2026-11-20"},
        "made_at": "2026-11-21T04:00:00+00:00",
        "counts": {"held": 0, "orders": 7},
        "held": [],
        "totals_ore": {"shop": 100, "difference": 0},
    }
    index = with_day(None, summary, shop=shop_row(), dag_id=DAILY, run_id="r")
    path = folder.parent / "reports" / index_folder(DAILY) / index_name(2026)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(index))


def say(folder: Path, **columns: str) -> None:
    """Columns of the demo shop."""
    path = folder / "shops.csv"
    comment, header, row = path.read_text().splitlines()
    values = dict(zip(header.split(","), row.split(","), strict=True))
    values |= {"start_date": "2026-11-20", **columns}
    path.write_text(f"{comment}\n{','.join(values)}\n{','.join(values.values())}\n")


def look() -> dict[str, Any]:
    """The first task."""
    message: dict[str, Any] = FortnoxLookAtYesterdayOperator(task_id="look", shop="demo").execute(
        CONTEXT
    )
    return message


def tell(message: dict[str, Any], channel: int = 0) -> None:
    """The task of one channel."""
    FortnoxTellOperator(
        task_id="tell", shop="demo", message=message, channel=channel, retries=0
    ).execute(CONTEXT)


def test_a_late_day_is_mailed_with_verdict_and_link(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would know of a day that was never run."""
    say(folder, notify="mail:books@shop.example")
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example")
    with mail_sink() as (port, mails):
        connection = {
            "conn_type": "smtp",
            "host": "127.0.0.1",
            "port": port,
            "extra": {"disable_ssl": True, "disable_tls": True, "from_email": "af@shop.example"},
        }
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))
        tell(look())
    [mail] = mails
    assert mail["To"] == "books@shop.example"
    assert mail["Subject"] == "Demo shop 2026-11-20: Not reconciled: no report yet"
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    body = b"".join(part for part in parts if isinstance(part, bytes)).decode()
    assert f"https://airflow.example/dags/{DAILY}/plugin/accounting-days" in body
    with pytest.raises(AirflowFailException, match="no report yet"):
        FortnoxMustBeProvenOperator(task_id="proven", message=look()).execute(CONTEXT)


def test_a_difference_goes_to_slack(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A team that lives in its chat would hear nothing."""
    pytest.importorskip("airflow.providers.slack", reason="the extra slack is not installed")
    say(folder, notify="mail:books@shop.example slack:slack_books")
    reported(folder, "differs")
    with web_sink() as (port, posts):
        connection = {
            "conn_type": "slackwebhook",
            "host": f"http://127.0.0.1:{port}/services",
            "password": "T0/B0/xyz",
        }
        monkeypatch.setenv("AIRFLOW_CONN_SLACK_BOOKS", json.dumps(connection))
        tell(look(), channel=1)
    [post] = posts
    assert "Demo shop 2026-11-20: differs it is" in json.loads(post)["text"]


def test_all_well_is_told_only_to_who_asked_for_it(folder: Path) -> None:
    """A mail each morning is a mail that nobody reads."""
    say(folder, notify="mail:books@shop.example")
    reported(folder, "reconciled")
    message = look()
    with pytest.raises(AirflowSkipException):
        tell(message)
    FortnoxMustBeProvenOperator(task_id="proven", message=message).execute(CONTEXT)
    # With "always" it is sent: here it ends at the connection, which is not there.
    say(folder, notify="mail:books@shop.example", notify_when="always")
    with pytest.raises((FatalError, UnreachableError)) as caught:
        tell(message)
    assert "books@" not in str(caught.value)


def test_yesterday_is_the_shops(folder: Path) -> None:
    """At one in the morning UTC's yesterday is the day before, in Stockholm and in Auckland."""
    say(folder)
    with time_machine.travel(datetime(2026, 11, 20, 23, 30, tzinfo=UTC)):
        assert Message.from_dict(look()).day == str(date(2026, 11, 20))


def test_preflight_names_a_channel_that_would_be_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first late morning would be the one that nobody hears of."""
    shop = shop_row(notify=("mail:books@shop.example",))
    [missing] = channel_checks(shop)
    assert missing.fails
    assert "no connection smtp_default" in missing.seen
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://127.0.0.1")
    [there] = channel_checks(shop)
    assert not there.fails
    monkeypatch.setitem(watch._PROVIDERS, "slack", "no_such_provider")
    [lacking] = channel_checks(shop_row(notify=("slack:books",)))
    assert lacking.remedy == "pip install apache-airflow-providers-no_such_provider"
