"""What preflight says of the machine and of a shared pace."""

import pytest

from fortnox.core.checks import Severity
from fortnox.steps import host_checks
from fortnox.steps.host_checks import pace_checks

URL = "redis://:hush-hush@127.0.0.1:1/0"


def test_a_pace_that_nobody_shares_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each preflight would carry a line about something that is not wanted."""
    monkeypatch.delenv("FORTNOX_PACE_REDIS_URL", raising=False)

    assert not list(pace_checks())


@pytest.mark.parametrize(
    ("answering", "severity"), [(True, Severity.OK), (False, Severity.WARNING)]
)
def test_a_silent_redis_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, answering: bool, severity: Severity
) -> None:
    """A quarter of the rate for weeks, and nobody would know why nights take so long."""
    monkeypatch.setenv("FORTNOX_PACE_REDIS_URL", URL)
    monkeypatch.setattr(host_checks, "answers", lambda _: answering)

    (check,) = pace_checks()

    assert check.severity is severity
    assert "hush-hush" not in check.sentence


def test_an_address_that_is_none_stops_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first task of the night would be the one to find out."""
    monkeypatch.setenv("FORTNOX_PACE_REDIS_URL", "127.0.0.1:1")

    (check,) = pace_checks()

    assert check.severity is Severity.FATAL
