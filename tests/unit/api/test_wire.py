"""JSON in and out with exact numbers."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.api.wire import NotJsonError, decode, encode, path_segment, query


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_amounts_survive_both_ways(amount: Decimal) -> None:
    """An öre would be lost on the way to or from Fortnox."""
    assert decode(encode({"Total": amount}))["Total"] == amount


@pytest.mark.parametrize("body", [{"Price": 0.1}, {"InvoiceRows": [{"Price": 12.5}]}])
def test_a_float_never_reaches_fortnox(body: dict[str, object]) -> None:
    """Binary arithmetic would decide the last öre of a price."""
    with pytest.raises(TypeError, match="float"):
        encode(body)


def test_a_decimal_without_a_value_never_reaches_fortnox() -> None:
    """``NaN`` is no JSON, and the write's outcome would be unknown."""
    with pytest.raises(ValueError, match="finite"):
        encode({"Price": Decimal("NaN")})


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad gateway</html>", b"[1]", b'{"Invoice":{"To', b"\xff"]
)
def test_what_is_no_json_object_is_told_apart(body: bytes) -> None:
    """A gateway's error page would be taken for an answer of Fortnox."""
    with pytest.raises(NotJsonError):
        decode(body)


def test_parameters_are_spelled_as_fortnox_wants_them() -> None:
    """A parameter in capitals is ignored by Fortnox, and a filter would filter nothing."""
    assert query(
        {"FromDate": date(2026, 11, 20), "sentonly": True, "limit": 500, "page": None}
    ) == {
        "fromdate": "2026-11-20",
        "sentonly": "true",
        "limit": "500",
    }


def test_numbers_with_slashes_stay_one_part_of_the_path() -> None:
    """Customer ``A/1`` would be looked up as action ``1`` of customer ``A``."""
    assert path_segment("A/1 ö") == "A%2F1%20%C3%B6"
