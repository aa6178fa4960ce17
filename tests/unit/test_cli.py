"""What a user sees at the command line, and the exit code that scripts see."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from fortnox import cli
from fortnox.core.errors import FatalError

STANDARD = Path(__file__).parents[2] / "include" / "mappings"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped mapping files."""
    copy = tmp_path / "mappings"
    shutil.copytree(STANDARD, copy)
    return copy


def test_check_mappings_of_a_good_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The newcomer's first command would fail, or say nothing."""
    assert cli.main(["check-mappings", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("0 errors; ")


def test_check_mappings_prints_all_errors_and_fails(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipeline would deploy mapping files with errors."""
    path = folder / "accounts.csv"
    path.write_text(path.read_text(encoding="utf-8") + "demo,goods,SE,x,y,,,,\n", encoding="utf-8")
    line = len(path.read_text(encoding="utf-8").splitlines())

    assert cli.main(["check-mappings", "--folder", str(folder)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert [text.split(": ")[0] for text in printed[:2]] == [
        f"accounts.csv:{line}:vat_rate_pct",
        f"accounts.csv:{line}:sales_account",
    ]
    assert printed[2].startswith("2 errors; ")
    assert printed[2].endswith("shops that run: none; stopped by errors: demo")


def test_check_mappings_of_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped path would look like a good folder."""
    assert cli.main(["check-mappings", "--folder", str(tmp_path / "no")]) == 1
    assert "shops.csv: the file is missing" in capsys.readouterr().out


def test_the_folder_comes_from_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command line would check other files than the DAGs read."""
    (folder / "events.csv").unlink()
    monkeypatch.setenv("FORTNOX_MAPPINGS_DIR", str(folder))

    assert cli.main(["check-mappings"]) == 1
    assert "events.csv: the file is missing" in capsys.readouterr().out


@pytest.mark.parametrize(("there", "code"), [(["fortnox_demo"], 0), ([], 1)])
def test_pools_check_says_how_to_create_them(
    there: list[str],
    code: int,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Runs would wait for ever for a pool (rules of the scheduler 5)."""

    def missing(wanted: Sequence[str]) -> list[str]:
        return [name for name in wanted if name not in there]

    monkeypatch.setattr("fortnox.pools.missing_pools", missing)

    assert cli.main(["pools", "--check", "--folder", str(folder)]) == code
    expected = (
        "missing: fortnox_demo; run: python -m fortnox pools --create"
        if code
        else "all there: fortnox_demo"
    )
    assert capsys.readouterr().out.strip() == expected


def test_pools_create_names_what_it_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A user would not know whether anything happened."""
    monkeypatch.setattr("fortnox.pools.create_pools", list)

    assert cli.main(["pools", "--create", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out.strip() == "created: fortnox_demo; wanted: fortnox_demo"


def test_an_error_is_a_sentence_and_exit_code_1(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A traceback would hide the remedy."""

    def fail(_: object) -> list[str]:
        raise FatalError("airflow pools list failed: no database.", remedy="Set AIRFLOW_HOME.")

    monkeypatch.setattr("fortnox.pools.missing_pools", fail)

    assert cli.main(["pools", "--check", "--folder", str(folder)]) == 1
    captured = capsys.readouterr()
    assert captured.err == "airflow pools list failed: no database. Set AIRFLOW_HOME.\n"


@pytest.mark.parametrize(
    "arguments", [[], ["no-such"], ["pools"], ["pools", "--create", "--check"]]
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    """A script would take a typing error for success."""
    with pytest.raises(SystemExit) as raised:
        cli.main(arguments)
    assert raised.value.code == 2


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """A command would exist that nobody finds."""
    with pytest.raises(SystemExit) as raised:
        cli.main(["--help"])
    printed = capsys.readouterr().out

    assert raised.value.code == 0
    assert all(command.name in printed for command in cli.COMMANDS)
