"""Accounting days are local days, 23, 24 or 25 hours long."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.core.window import Window, accounting_day_window, local_day, modified_window

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 20), 24)],
)
def test_length_of_a_day(day, hours):
    """On the days when the clocks change, an hour of sales must be neither lost nor doubled."""
    window = accounting_day_window(day, STOCKHOLM)
    assert window.end_utc - window.start_utc == timedelta(hours=hours)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_every_moment_lies_in_exactly_its_own_day(moment):
    """A sale belongs to one accounting day: the one its local date names."""
    window = accounting_day_window(local_day(moment, STOCKHOLM), STOCKHOLM)
    assert window.start_utc <= moment < window.end_utc


def test_through_xcom_and_back():
    """A window must survive the XCom unchanged, for days and for hours."""
    for window in (
        accounting_day_window(date(2026, 3, 29), STOCKHOLM),
        modified_window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
    ):
        assert Window.from_dict(window.to_dict()) == window


def test_empty_window_is_refused():
    """A watermark ahead of the clock must not silently read nothing."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="empty window"):
        modified_window(moment, moment)
