"""Schedules of events.csv."""

import pytest

from fortnox.core.mapping.cells import CellError
from fortnox.core.mapping.cron import parse_schedule


@pytest.mark.parametrize(
    "text",
    [
        *("hourly", "daily", "10 10 * * *", "*/15 * * * *", "0 6-18/2 * * mon-fri"),
        *("5,35 * * * *", "0 0 1 jan *", "0 0 * * 7"),
    ],
)
def test_schedules(text: str) -> None:
    """A schedule that Airflow takes would be refused."""
    assert parse_schedule(text) == text


def test_spelling_is_made_even() -> None:
    """Two ways to write the same would be two fingerprints."""
    assert [parse_schedule("Hourly"), parse_schedule("0  6 * *  MON")] == ["hourly", "0 6 * * mon"]


@pytest.mark.parametrize(
    "text",
    [
        *("weekly", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8"),
        *("* * * *", "* * * * * *", "*/0 * * * *", "9-5 * * * *", "a * * * *", "1- * * * *"),
        *("@hourly", "* * * mon *"),
    ],
)
def test_what_is_no_schedule(text: str) -> None:
    """The DAG would fail to parse in Airflow, with a message about croniter."""
    with pytest.raises(CellError, match="not a schedule"):
        parse_schedule(text)
