"""What time it is at the other side: the ``Date`` header of any answer, signed in or not."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

_TIMEOUT_S = (5, 10)


def told_time(session: requests.Session, url: str) -> datetime | None:
    """The server's clock in UTC, to the second; None when it does not tell.

    Args:
        session: With the connection's proxies and certificates; sends no key.
        url: Any address of the server.
    """
    try:
        answer = session.head(url, timeout=_TIMEOUT_S, allow_redirects=False)
        return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (requests.RequestException, KeyError, ValueError):
        return None
