"""What of a request may be read in logs, and how long a refusal asks to wait."""

from datetime import UTC, datetime

import pytest

from fortnox.api.failures import retry_after_s
from fortnox.api.request import Request, path_template
from fortnox.api.retries import Backoff

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("invoices", "invoices"),
        ("invoices/17/bookkeep", "invoices/17/bookkeep"),
        ("/vouchers/A/12/", "vouchers/{id}/12"),
        ("settings/lockedperiod", "settings/lockedperiod"),
        ("customers/17", "customers/{id}"),
        ("customers/demo-g0123456789ab", "customers/{id}"),
        ("articles/anna", "articles/{id}"),
        ("invoices/8001011234", "invoices/{id}"),
    ],
)
def test_numbers_that_may_be_a_persons_are_left_out(path: str, shown: str) -> None:
    """A personal identity number would stand in a log for a year."""
    assert path_template(path) == shown


def test_filters_are_named_without_their_values() -> None:
    """An e-mail address that was looked up would stand in a log."""
    request = Request(method="GET", path="customers", params={"email": "a@b.se", "page": "1"})

    assert str(request) == "GET customers (email, page)"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30),
        ("Fri, 20 Nov 2026 12:00:30 -0000", 30),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_wish_to_wait_is_read_in_both_forms(header: str | None, seconds: int | None) -> None:
    """The next request would come too early and be refused as well."""
    assert retry_after_s(header, NOW) == seconds


def test_pauses_grow_and_end() -> None:
    """A dead Fortnox would be asked a thousand times, or for ever."""
    slept_s: list[float] = []
    backoff = Backoff(
        limit_s=60, clock=lambda: sum(slept_s), sleep=slept_s.append, jitter=lambda: 1
    )

    while backoff.wait():
        pass

    assert slept_s == [1, 2, 4, 8, 15, 15, 15]
