"""The Swedish wall clock as a filter: nothing that happened since may lie before it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.core.lastmodified import OVERLAP, lastmodified

SWEDEN = ZoneInfo("Europe/Stockholm")
#: Around both changes of the clock in 2026, at which text and time part ways.
MOMENTS = st.one_of(
    *(
        st.datetimes(change - timedelta(hours=4), change + timedelta(hours=4))
        for change in (datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1))
    ),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),
)


@given(MOMENTS, st.integers(0, 4 * 3600))
def test_what_was_changed_since_is_never_cut_off(since: datetime, later_s: int):
    """A customer changed in the hour that autumn has twice would be missed until the next day."""
    mark = since.replace(tzinfo=UTC)
    changed = mark + timedelta(seconds=later_s)
    stamp = changed.astimezone(SWEDEN).replace(tzinfo=None)
    asked = datetime.fromisoformat(lastmodified(mark))
    assert asked <= stamp, "Fortnox compares the texts"
    for fold in (0, 1):
        moment = asked.replace(tzinfo=SWEDEN, fold=fold).astimezone(UTC)
        assert moment <= changed, "Fortnox makes it a time, either of the two"


@given(MOMENTS)
def test_no_more_is_read_again_than_the_overlap_and_the_odd_hour(since: datetime):
    """Reading days again each time would cost the requests that the delta saves."""
    mark = since.replace(tzinfo=UTC)
    asked = datetime.fromisoformat(lastmodified(mark)).replace(tzinfo=SWEDEN)
    assert mark - asked.astimezone(UTC) <= OVERLAP + timedelta(hours=2, minutes=1)


@pytest.mark.parametrize(
    ("since", "text"),
    [
        (datetime(2026, 6, 1, 10, 0, tzinfo=UTC), "2026-06-01 11:50"),
        (datetime(2026, 12, 1, 10, 0, tzinfo=UTC), "2026-12-01 10:50"),
        # 02:50 summer time comes again as winter time ten minutes later.
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "2026-10-25 01:50"),
    ],
)
def test_it_is_swedish_local_time(since: datetime, text: str):
    """Taken as UTC, a winter day would read an hour too little, a summer day two."""
    assert lastmodified(since) == text
