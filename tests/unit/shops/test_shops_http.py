"""JSON from shops: exact numbers, whole characters, or nothing."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.core.orders import Address
from fortnox.shops.http import parse_json
from fortnox.steps.staging import Records, StagingArea

ADDRESSES = Records(Address, ("name",))


def test_numbers_are_exact():
    """A float would lose an öre."""
    assert parse_json('{"total": 19.90}') == {"total": Decimal("19.90")}


@pytest.mark.parametrize("body", ["", "<html>", '{"total": NaN}', "[" * 100_000])
def test_what_is_not_json_is_none(body: str):
    """A web page or a bottomless bracket is told as such, never a crash."""
    assert parse_json(body) is None


def test_half_a_character_does_not_end_the_day(tmp_path: Path):
    r"""A name cut within an emoji ("\\ud83d") can be in no file: the whole extract would fail."""
    data = parse_json('{"name": "Ada \\uD83D", "list": ["\\udc00"]}')
    assert data == {"name": "Ada \N{REPLACEMENT CHARACTER}", "list": ["\N{REPLACEMENT CHARACTER}"]}
    assert isinstance(data, dict)
    area = StagingArea(
        base=str(tmp_path), conn_id="c", shop="demo", label="day", dag_id="d", run_id="r"
    )
    pointer = area.write_records("extract", ADDRESSES, [Address(name=data["name"])])
    assert area.read_records(pointer, ADDRESSES) == [Address(name=data["name"])]


@given(st.text())
def test_whole_characters_stay_as_they_are(text: str):
    """Emoji written as a pair of escapes are one character, and kept."""
    escaped = "".join(
        f"\\u{unit:04x}"
        for unit in memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H").tolist()
    )
    assert parse_json(f'"{escaped}"') == text
