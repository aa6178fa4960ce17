"""Reading fields of a shop's answer without trusting them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from fortnox.core.orders import Problem
from fortnox.shops.woocommerce.fields import amount_ore, moment_utc, number, rows, text


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("Salt &amp; Peppar-set", "Salt & Peppar-set"),
        ('Set "Lyx" <em>mässing</em>', 'Set "Lyx" mässing'),
        ("Ljus &lt;5 cm", "Ljus <5 cm"),
        ("a < b > c", "a < b > c"),
        (None, ""),
        (17, "17"),
        ({"a": 1}, ""),
        (True, ""),
    ],
)
def test_text_is_plain(value: object, plain: str) -> None:
    """An invoice row would read "Salt &amp; Peppar" or hold markup."""
    assert text({"name": value}, "name") == plain


@pytest.mark.parametrize("value", ["-", "", None, "abc", "14,29", "12.345", True, "NaN"])
def test_what_is_no_amount_is_a_problem(value: object) -> None:
    """An amount that can't be read would be booked as a guess."""
    problems: list[Problem] = []
    assert amount_ore({"total": value}, "total", "Order 1", problems) == 0
    assert [problem.code for problem in problems] == ["unreadable_amount"]


@pytest.mark.parametrize(
    ("value", "ore"), [("12.50", 1250), ("-0.05", -5), (49, 4900), (Decimal("49.9"), 4990)]
)
def test_amounts_of_text_and_number(value: object, ore: int) -> None:
    """A plugin that answers numbers rather than texts would hold every order."""
    problems: list[Problem] = []
    assert amount_ore({"total": value}, "total", "Order 1", problems) == ore
    assert problems == []


def test_gmt_dates_are_utc() -> None:
    """An order of 23:59 UTC would land on another accounting day."""
    data = {"naive": "2026-11-11T08:59:09", "zoned": "2026-11-11T09:59:09+01:00"}
    expected = datetime(2026, 11, 11, 8, 59, 9, tzinfo=UTC)
    assert moment_utc(data, "naive") == expected
    assert moment_utc(data, "zoned") == expected


@pytest.mark.parametrize("value", [None, "", "0000-00-00T00:00:00", "-0001-11-30T00:00:00", 5])
def test_no_date_is_none(value: object) -> None:
    """WordPress' zero date would be a year 0 order."""
    assert moment_utc({"date": value}, "date") is None


def test_php_list_with_gaps_is_a_list() -> None:
    """PHP writes a list from which a plugin took an entry as an object: its lines would vanish."""
    assert rows({"line_items": {"0": {"id": 1}, "2": {"id": 3}}}, "line_items") == [
        {"id": 1},
        {"id": 3},
    ]
    assert rows({"line_items": None}, "line_items") == []


@pytest.mark.parametrize("value", ["", "x", None, True, "inf"])
def test_number_refuses(value: object) -> None:
    """A quantity that is no number must not become one."""
    assert number(value) is None
