"""Fortnox's ``lastmodified``: a moment as the Swedish wall clock that its lists are cut by.

The filter takes ``YYYY-MM-DD HH:MM`` in Swedish local time, at or after, without an offset. In the
hour that autumn has twice such a text means two moments, and the clock's own order is not time's:
what happens after 02:50 summer time may be stamped 02:05. So the text given here is never later
than the stamp of anything that happened since, whichever of the two Fortnox means.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_SWEDEN = ZoneInfo("Europe/Stockholm")
#: Clocks that differ, and what was committed late under an earlier time.
OVERLAP = timedelta(minutes=10)
_CLOCK_SHIFT = timedelta(hours=1)


def lastmodified(since_utc: datetime) -> str:
    """The filter's text that finds everything changed since ``since_utc`` (aware), and a little."""
    start = since_utc - OVERLAP
    local = start.astimezone(_SWEDEN).replace(tzinfo=None)
    later = (start + _CLOCK_SHIFT).astimezone(_SWEDEN).replace(tzinfo=None)
    if later - local < _CLOCK_SHIFT:
        # The clock goes back within the hour: stamps to come may lie below this one.
        local -= _CLOCK_SHIFT
    return local.strftime("%Y-%m-%d %H:%M")
