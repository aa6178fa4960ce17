"""The preflight of the command line: each line says what was looked at and what was seen."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from fortnox.core.checks import Check, Severity
from fortnox.core.errors import FatalError
from fortnox.core.mapping import parse_mappings
from fortnox.mapping_files import read_folder
from fortnox.preflight import preflight

STANDARD = Path(__file__).parents[2] / "include" / "mappings"


def no_pools(arguments: Sequence[str]) -> str:
    """An Airflow without pools."""
    assert arguments[:2] == ["pools", "list"]
    return "[]"


def no_airflow(_: Sequence[str]) -> str:
    """An Airflow that can't be run."""
    raise FatalError("airflow pools list failed: no database.", remedy="Set AIRFLOW_HOME.")


def first_two(airflow: object, **instead: bytes) -> list[Check]:
    """The lines that need no connection, for the shipped files with some replaced."""
    files = {**read_folder(STANDARD), **{f"{name}.csv": data for name, data in instead.items()}}
    checks = preflight(parse_mappings(files), now=datetime(2026, 5, 4, tzinfo=UTC), airflow=airflow)  # type: ignore[arg-type]
    return [next(checks), next(checks)]


def test_a_missing_pool_names_the_command() -> None:
    """A run would wait for ever for a pool (rules of the scheduler 5)."""
    assert first_two(no_pools) == [
        Check(what="mapping files", seen="no errors"),
        Check(
            what="pools",
            severity=Severity.FATAL,
            seen="missing: fortnox_demo",
            remedy="run: python -m fortnox pools --create",
        ),
    ]


def test_an_airflow_that_fails_is_a_line_and_not_the_end() -> None:
    """The checks after it would not be made."""
    assert first_two(no_airflow)[1] == Check(
        what="pools",
        severity=Severity.FATAL,
        seen="airflow pools list failed: no database. Set AIRFLOW_HOME.",
    )


def test_mapping_errors_are_counted_with_an_example() -> None:
    """The preflight would say that all is well before a shop that can't run."""
    broken = first_two(no_pools, special_articles=b"")[0]

    assert broken == Check(
        what="mapping files",
        severity=Severity.FATAL,
        seen="1 errors, e.g. special_articles.csv: the file is empty; "
        "write a header: shop, purpose, article_number",
    )
