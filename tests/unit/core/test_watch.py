"""What people are told in the morning."""

from datetime import date
from typing import Any

import pytest

from fortnox.core.watch import Message, morning_message

DAY = date(2026, 11, 20)
DAG = "fortnox_orders_daily__demo"


def entry(verdict: str = "reconciled", headline: str = "Reconciled, difference 0.00 SEK") -> Any:
    """A day of the index."""
    return {"verdict": verdict, "headline": headline, "run_id": "scheduled__2026-11-21T00:00"}


def message(entries: dict[str, Any], *, start_date: date = DAY, base_url: str = "") -> Message:
    """The message about the 20th."""
    return morning_message(
        DAY,
        entries,
        shop_name="Demo",
        start_date=start_date,
        dag_id=DAG,
        base_url=base_url or "https://airflow.example/af/",
    )


def test_a_reconciled_day_is_no_trouble_and_links_to_its_report() -> None:
    """People would be woken for nothing, or search for the report."""
    told = message({"2026-11-20": entry()})
    assert (told.is_late, told.is_trouble) == (False, False)
    assert told.subject == "Demo 2026-11-20: Reconciled, difference 0.00 SEK"
    assert told.link == (
        "https://airflow.example/af/dags/fortnox_orders_daily__demo/runs/"
        "scheduled__2026-11-21T00%3A00/plugin/reconciliation"
    )


@pytest.mark.parametrize(
    ("verdict", "late"), [("held", False), ("differs", True), ("not_delivered", True)]
)
def test_what_waits_is_trouble_and_only_what_is_not_proven_is_late(
    verdict: str, late: bool
) -> None:
    """A held document would make the morning red, or a difference would not."""
    told = message({"2026-11-20": entry(verdict)})
    assert (told.is_late, told.is_trouble) == (late, True)


def test_a_day_without_a_report_is_late_and_links_to_the_calendar() -> None:
    """A paused DAG would be noticed at the end of the month."""
    told = message({})
    assert told.is_late
    assert told.subject == "Demo 2026-11-20: Not reconciled: no report yet"
    assert told.link.endswith(f"/dags/{DAG}/plugin/accounting-days")


def test_earlier_days_that_are_open_are_named_few_and_not_before_the_start() -> None:
    """One red day would be forgotten as soon as the next one is green."""
    days = {f"2026-11-{n:02}": entry() for n in range(1, 21)}
    days["2026-11-18"] = entry("differs")
    del days["2026-11-16"]
    told = message(days, start_date=date(2026, 11, 1))
    assert told.lines == ("Also open: 2026-11-18, 2026-11-16",)
    assert told.is_trouble
    assert not told.is_late
    many = message({"2026-11-20": entry()}, start_date=date(2026, 11, 1))
    assert many.lines[0].count("2026-11-") == 10
    assert many.lines[0].endswith("and 9 more")


def test_a_text_stays_a_text_in_the_mail() -> None:
    """A shop's name with a tag in it would be markup in the mail."""
    told = message({"2026-11-20": entry(headline="<b>x</b>")})
    assert "<b>" not in told.html
    assert Message.from_dict(told.to_dict()) == told


def test_without_an_address_of_the_ui_there_is_no_link_in_the_mail() -> None:
    """A link that leads nowhere."""
    told = morning_message(DAY, {}, shop_name="Demo", start_date=DAY, dag_id=DAG, base_url="")
    assert "href" not in told.html


def test_the_message_is_in_the_shops_language() -> None:
    """An accountant who reads Swedish would get an English mail beside a Swedish report."""
    told = morning_message(
        DAY, {}, shop_name="Demo", start_date=date(2026, 11, 19), dag_id=DAG, base_url="",
        language="sv",
    )  # fmt: skip
    assert told.subject == "Demo 2026-11-20: Inte avstämd: ingen rapport än"
    assert told.lines[1] == "Även öppna: 2026-11-19"
