"""The preflight's list as a report: what its verdict and headline say."""

import pytest

from fortnox.core.checks import Check, Severity, failed_check, preflight_report
from fortnox.core.errors import FatalError


@pytest.mark.parametrize(
    ("worst", "verdict", "headline"),
    [
        (Severity.OK, "ready", "All is in place"),
        (Severity.ADVICE, "ready", "All is in place"),
        (Severity.WARNING, "findings", "1 of 2 checks need somebody"),
        (
            Severity.FATAL,
            "not_ready",
            "1 of 2 checks need somebody; nothing is posted while a fatal one stands",
        ),
    ],
)
def test_the_verdict_is_the_worst_checks(worst: Severity, verdict: str, headline: str) -> None:
    """A fatal finding among forty good lines would be read over."""
    checks = [Check(what="a", seen="well"), Check(what="b", severity=worst, seen="seen")]
    report = preflight_report(checks, shop="demo", name="Demo", made_at="2026-11-21T03:45:00")

    assert (report["verdict"], report["headline"]) == (verdict, headline)
    if worst is not Severity.OK:
        assert report["checks"][0]["what"] == "b"


def test_an_error_becomes_a_fatal_line_with_its_remedy() -> None:
    """A check that could not be made would look like one that was passed."""
    check = failed_check("company", FatalError("Refused.", remedy="Consent again."))
    assert (check.severity, check.sentence) == (Severity.FATAL, "Refused. Consent again.")
