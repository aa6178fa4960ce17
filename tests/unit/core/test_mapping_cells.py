"""Single cells: what is accepted, into what it turns, and what is not."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.se import orgnr

from fortnox.core.mapping import cells
from fortnox.core.mapping.cells import CellError


@pytest.mark.parametrize(
    ("text", "rate_pct"),
    [
        ("25", Decimal(25)),
        ("25,5", Decimal("25.5")),
        ("25.50", Decimal("25.5")),
        ("6 %", Decimal(6)),
        ("0", Decimal(0)),
        ("*", None),
    ],
)
def test_rates(text: str, rate_pct: Decimal | None) -> None:
    """A rate with a decimal comma or a percent sign would be refused."""
    assert cells.parse_rate_pct(text) == rate_pct


@pytest.mark.parametrize("text", ["-1", "100", "NaN", "1e999999", "2,5.0", "tjugofem", "Infinity"])
def test_what_is_no_rate(text: str) -> None:
    """A slip would become a VAT rate."""
    with pytest.raises(CellError, match="not a VAT rate"):
        cells.parse_rate_pct(text)


@pytest.mark.parametrize(
    ("text", "ore"),
    [("50000", 5_000_000), ("1 250,50", 125_050), ("1\u00a0000.5", 100_050), ("0", 0)],
)
def test_kronor(text: str, ore: int) -> None:
    """An approval threshold would be a hundred times too high or too low."""
    assert cells.parse_kronor(text) == ore


@pytest.mark.parametrize("text", ["-1", "1,005", "1.000,50", "kr", "1e999999"])
def test_what_is_no_amount_in_kronor(text: str) -> None:
    """A threshold that nobody meant would let a run through."""
    with pytest.raises(CellError, match="not an amount"):
        cells.parse_kronor(text)


@pytest.mark.parametrize("text", ["5590000005", "559000-0005", " 559000 0005"])
def test_organisation_numbers(text: str) -> None:
    """The company guard would refuse the right company for its hyphen."""
    assert cells.parse_organisation_number(text) == "559000-0005"


@given(st.integers(0, 9), st.integers(0, 9))
def test_a_wrong_check_digit_is_found(place: int, digit: int) -> None:
    """One mistyped digit would be another company."""
    right = "5590000005"
    wrong = right[:place] + str(digit) + right[place + 1 :]
    if wrong == right:
        assert cells.parse_organisation_number(wrong) == "559000-0005"
    else:
        with pytest.raises(CellError, match="not a Swedish organisation number"):
            cells.parse_organisation_number(wrong)


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_check_digits_agree_with_a_library(digits: str) -> None:
    """A right number would be refused, or a wrong one taken."""
    try:
        taken = bool(cells.parse_organisation_number(digits))
    except CellError:
        taken = False

    assert taken == orgnr.is_valid(digits)


@pytest.mark.parametrize("text", ["Europe/Stokholm", "Europe", "../etc/passwd", "CET+1", "/UTC"])
def test_what_is_no_time_zone(text: str) -> None:
    """The accounting day would be cut at another midnight, or a path be opened."""
    with pytest.raises(CellError, match="not an IANA time zone"):
        cells.parse_timezone(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("04:30", time(4, 30)), ("4:30", time(4, 30)), ("04:30:00", time(4, 30))],
)
def test_times_of_day(text: str, moment: time) -> None:
    """Excel's way to write a time would be refused."""
    assert cells.parse_clock(text) == moment


@pytest.mark.parametrize("text", ["24:00", "4:60", "0430", "04:30:30", "half past"])
def test_what_is_no_time_of_day(text: str) -> None:
    """The day would be closed at a time that nobody wrote."""
    with pytest.raises(CellError, match="not a time of day"):
        cells.parse_clock(text)


@pytest.mark.parametrize("text", ["20260401", "2026-W14-3", "26-04-01", "2026-4-1", "01/04/2026"])
def test_other_ways_to_write_a_date_are_refused(text: str) -> None:
    """4 January would be taken for 1 April."""
    with pytest.raises(CellError, match="not a date"):
        cells.parse_date(text)


def test_dates() -> None:
    """The one way that is documented would not work."""
    assert cells.parse_date("2026-04-01") == date(2026, 4, 1)


@pytest.mark.parametrize(
    "text", ["processing|completed", "processing completed", "processing | completed"]
)
def test_statuses(text: str) -> None:
    """Orders of the second status would be left out."""
    assert cells.parse_statuses(text) == ("processing", "completed")


@pytest.mark.parametrize("text", ["wc-completed", "Completed", "processing,completed"])
def test_what_is_no_status(text: str) -> None:
    """A status that no order ever has would leave all sales out, silently."""
    with pytest.raises(CellError, match="not an order status"):
        cells.parse_statuses(text)


@pytest.mark.parametrize(
    ("text", "value"), [("Yes", True), ("SANT", True), ("nej", False), ("0", False)]
)
def test_yes_and_no(text: str, value: bool) -> None:
    """Excel turns a typed TRUE into SANT in Swedish."""
    assert cells.parse_yes_no(text) is value


@pytest.mark.parametrize(
    ("text", "market"), [("se", "SE"), ("eu_consumer", "EU_CONSUMER"), ("*", "*")]
)
def test_markets(text: str, market: str) -> None:
    """A market in lower case would never match."""
    assert cells.parse_market(text) == market


@pytest.mark.parametrize(
    ("text", "right"), [("UK", "write GB"), ("EL", "write GR"), ("Sverige", "a country's ISO code")]
)
def test_what_is_no_market(text: str, right: str) -> None:
    """A row for "UK" would never match, for shops write GB."""
    with pytest.raises(CellError, match=right):
        cells.parse_market(text)
