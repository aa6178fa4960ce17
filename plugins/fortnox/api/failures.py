"""Answers that did not come, or not now."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import NewConnectionError

_URL_ERRORS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """The connection failed.

    ``sent`` is False when the request surely never left; ``fatal`` says what is wrong when
    trying again can't help.
    """

    reason: str
    sent: bool
    fatal: str = ""


def no_answer(error: requests.RequestException) -> NoAnswer:
    """What a failed connection means; the error's text, which holds the query, stays behind."""
    causes = _causes(error)
    never_left = isinstance(error, requests.ConnectTimeout) or any(
        isinstance(cause, NewConnectionError) for cause in causes
    )
    fatal = ""
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        fatal = "the server's certificate is not trusted."
    elif isinstance(error, _URL_ERRORS):
        fatal = "the connection's host is not a URL."
    return NoAnswer(reason=type(error).__name__, sent=not never_left, fatal=fatal)


def _causes(error: BaseException) -> list[BaseException]:
    """The errors that a requests error wraps, in its arguments and their ``reason``."""
    found: list[BaseException] = []
    pending: list[object] = [error]
    while pending:
        current = pending.pop()
        if isinstance(current, BaseException) and current not in found:
            found.append(current)
            pending += [*current.args, getattr(current, "reason", None)]
            pending += [current.__cause__, current.__context__]
    return found


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Seconds from a ``Retry-After`` header (seconds or a date); None if absent or unreadable."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
