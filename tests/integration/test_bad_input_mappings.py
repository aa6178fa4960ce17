"""Bad mapping files, as Airflow's page and the command line show them, and whom they cost."""

import codecs
import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import BaseHook, Variable
from airflow.serialization.serialized_objects import DagSerialization
from sqlalchemy.engine import Engine
from tests.support.airflow_runs import ROOT

from fortnox import cli
from fortnox.core.mapping import parse_mappings
from fortnox.mapping_files import read_folder

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Makes a folder of the standard mapping files with some changed, and points Airflow to it."""

    def make(**changes: Callable[[str], str | bytes]) -> Path:
        made = tmp_path / "mappings"
        shutil.copytree(ROOT / "include" / "mappings", made)
        for name, change in changes.items():
            path = made / f"{name}.csv"
            content = change(path.read_text(encoding="utf-8"))
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.setenv("FORTNOX_MAPPINGS_DIR", str(made))
        return made

    return make


def three_shops(text: str) -> str:
    """The demo shop and two more, the last one with a time zone that there is not."""
    demo = text.splitlines()[-1]
    second = demo.replace("demo", "second").replace("fortnox_second", "fortnox_demo")
    third = demo.replace("demo", "third").replace("fortnox_third", "fortnox_demo")
    return text + f"{second}\n{third.replace('Europe/Stockholm', 'Europe/Stokholm')}\n"


def bag_of(*names: str) -> DagBag:
    """The DAG files, parsed as Airflow's processor does it."""
    bag = DagBag(dag_folder="/dev/null")
    for name in names:
        bag.process_file(str(ROOT / "dags" / name), only_if_updated=False, safe_mode=False)
    return bag


def test_a_bad_row_costs_its_own_shops_dags_only(folder: Folder) -> None:
    """One shop's typing error would stop every shop of the company."""
    folder(shops=three_shops)

    bag = bag_of("fortnox_orders.py", "fortnox_preflight.py")

    assert bag.import_errors == {}
    shops = {dag_id.rpartition("__")[2] for dag_id in bag.dags}
    assert shops == {"demo", "second"}
    assert len(bag.dags) == 2 * 3


def test_all_errors_stand_among_the_import_errors(folder: Folder) -> None:
    """The DAGs of a shop would be gone, and nothing in the UI would say why."""
    made = folder(
        shops=three_shops,
        document_types=lambda text: text + "second,swish,invoice,payed,yes,0,,,\n",
    )
    [seen] = bag_of("fortnox_mappings.py").import_errors.values()

    lines = (made / "shops.csv").read_text().splitlines()
    assert f'shops.csv:{len(lines)}:timezone: "Europe/Stokholm" is not an IANA time zone' in seen
    assert "write e.g. Europe/Stockholm" in seen
    assert 'document_date: "payed" is not known here' in seen
    assert "document_types.csv:" in seen


def test_good_files_make_no_import_error(folder: Folder) -> None:
    """A red banner that stands there always is one that nobody reads."""
    folder()

    bag = bag_of("fortnox_mappings.py", "fortnox_orders.py", "fortnox_preflight.py")

    assert bag.import_errors == {}
    assert len(bag.dags) == 3


def test_no_machine_path_is_in_a_serialised_dag(folder: Folder) -> None:
    """A DAG that moves to another machine would look for its files where they were."""
    made = folder()
    bag = bag_of("fortnox_orders.py", "fortnox_preflight.py")

    assert bag.dags
    for dag in bag.dags.values():
        plain: dict[str, Any] = DagSerialization.to_dict(dag)
        for airflows_own in ("fileloc", "relative_fileloc", "_processor_dags_folder"):
            plain["dag"].pop(airflows_own)
        text = json.dumps(plain)
        assert "fortnox" in text
        assert [path for path in (str(made), str(ROOT), str(Path.home())) if path in text] == []


def test_parsing_touches_no_database_connection_or_network(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Airflow parses every half minute: each parse would ask the database or Fortnox."""
    folder()
    touched: list[str] = []

    def refuse(what: str) -> Callable[..., Any]:
        def fail(*_: object, **__: object) -> Any:
            touched.append(what)
            raise AssertionError(f"{what} at parse time")

        return fail

    monkeypatch.setattr(Engine, "connect", refuse("database"))
    monkeypatch.setattr(socket.socket, "connect", refuse("network"))
    monkeypatch.setattr(BaseHook, "get_connection", refuse("connection"))
    monkeypatch.setattr(Variable, "get", refuse("variable"))

    bag = bag_of("fortnox_orders.py", "fortnox_preflight.py", "fortnox_mappings.py")

    assert bag.import_errors == {}
    assert len(bag.dags) == 3
    assert touched == []


def test_every_dag_ends_by_itself_when_its_pool_is_missing(folder: Folder) -> None:
    """Airflow says nothing about a missing pool: such a run would wait for ever."""
    folder()
    bag = bag_of("fortnox_orders.py", "fortnox_preflight.py")

    hours = {
        dag_id: dag.dagrun_timeout.total_seconds() / 3600 if dag.dagrun_timeout else None
        for dag_id, dag in bag.dags.items()
    }
    assert hours == {
        "fortnox_orders_daily__demo": 36,
        "fortnox_orders_hourly__demo": 3,
        "fortnox_preflight__demo": 3,
    }


def excel(text: str) -> bytes:
    """As a Swedish Excel saves it: byte order mark, semicolons, CRLF, quotes, decimal commas."""
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    cells = [[f'"{cell}"' if "*" in cell else cell for cell in row.split(",")] for row in rows]
    saved = "\r\n".join(";".join(row) + ";;" for row in cells) + "\r\n"
    return codecs.BOM_UTF8 + saved.encode()


def test_files_saved_by_excel_say_the_same(folder: Folder) -> None:
    """Opening a file in Excel and saving it would change what is booked, or stop all shops."""
    names = ("shops", "events", "document_types", "accounts", "customer_policy")
    made = folder(
        **dict.fromkeys(names, excel),
        special_articles=excel,
    )
    with_commas = made / "accounts.csv"
    with_commas.write_bytes(with_commas.read_bytes().replace(b";25;", b";25,00;"))

    saved = parse_mappings(read_folder(made))
    plain = parse_mappings(read_folder(ROOT / "include" / "mappings"))

    assert b"25,00" in with_commas.read_bytes()
    assert saved.errors == ()
    assert saved.mappings.fingerprint == plain.mappings.fingerprint
    assert len(bag_of("fortnox_orders.py").dags) == 2


def test_the_command_lists_every_error_of_malformed_files(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """One error at a time, each with a run of the command between, takes an afternoon."""
    made_twins: list[int] = []

    def malformed(text: str) -> str:
        twin = next(line for line in text.splitlines() if line.startswith("*,goods,SE,25,"))
        made_twins.append(text.splitlines().index(twin) + 1)
        return text + f'{twin}\ndemo,goods,SE,"twenty,5",3001,,,,\ndemo,"goods,SE,25,3001\n'

    made = folder(
        accounts=malformed,
        events=lambda text: text.replace("schedule", "shedule", 1),
        document_types=lambda text: text + "demo;swish;invoice;paid;yes\n",
    )
    lines = len((made / "accounts.csv").read_text().splitlines())

    assert cli.main(["check-mappings", "--folder", str(made)]) == 1
    seen = capsys.readouterr().out

    assert f"accounts.csv:{lines - 2}: the same as row {made_twins[0]}" in seen
    assert f'accounts.csv:{lines - 1}:vat_rate_pct: "twenty,5"' in seen
    assert f"accounts.csv:{lines}: a quoted cell does not end properly" in seen
    assert 'unknown column "shedule"; did you mean schedule?' in seen
    assert "document_types.csv:" in seen
    assert "shops that run: none; stopped by errors: demo" in seen
