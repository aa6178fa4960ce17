"""Search and filter over order rows, and what they add up to."""

from typing import Any

import pytest

from fortnox.ui.rows import RowFilter, served, sum_ore

ROWS: list[dict[str, Any]] = [
    {
        "order_number": "1042",
        "state": "booked",
        "document_number": "17",
        "difference_ore": 0,
        "reason": "",
        "parts": [{"key": "net:shipping:25", "amount_ore": 3_920}],
    },
    {
        "order_number": "1043",
        "state": "differs",
        "document_number": None,
        "difference_ore": -1_250,
        "reason": "Ändrad efteråt",
        "parts": [],
    },
]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (RowFilter(), ["1042", "1043"]),
        (RowFilter(text=" 104 "), ["1042", "1043"]),
        (RowFilter(text="17"), ["1042"]),
        (RowFilter(text="ÄNDRAD"), ["1043"]),
        (RowFilter(state="differs"), ["1043"]),
        (RowFilter(part="net:shipping:25"), ["1042"]),
        (RowFilter(part="net:shipping:25", state="held"), []),
        (RowFilter(text="None"), []),
    ],
)
def test_rows_are_found(wanted: RowFilter, numbers: list[str]) -> None:
    """An order that is there and not found would be taken for missing."""
    assert [row["order_number"] for row in ROWS if wanted.admits(row)] == numbers


def test_rows_of_a_figure_show_what_they_add_to_it() -> None:
    """The reader sees the figure again as the sum of the rows."""
    found = [row for row in ROWS if RowFilter(part="net:shipping:25").admits(row)]
    assert [row["part_ore"] for row in served(found, "net:shipping:25")] == [3_920]
    assert sum_ore(found, "net:shipping:25") == 3_920
    assert sum_ore(ROWS, "") == -1_250


def test_rows_of_an_older_report_are_served() -> None:
    """Reports are kept for years; those of before have no parts."""
    assert served([{"order_number": "1"}], "vat:25") == [{"order_number": "1", "part_ore": None}]
