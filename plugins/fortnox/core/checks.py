"""One check before money moves: what was looked at, what was seen, how to mend it. Pure.

The task, the command line, the preflight DAG and its page all show the same list of these.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from fortnox.core.errors import PipelineError


class Severity(StrEnum):
    """What a finding does to the runs."""

    #: As it should be.
    OK = "ok"
    #: Worth knowing; nothing is held for it.
    ADVICE = "advice"
    #: Some documents will be held, or a report will surprise.
    WARNING = "warning"
    #: Nothing is posted while it stands.
    FATAL = "fatal"


_WORST_FIRST = (Severity.FATAL, Severity.WARNING, Severity.ADVICE, Severity.OK)
_FAILING = (Severity.FATAL, Severity.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the preflight. No secrets, no personal data.

    Attributes:
        what: What was looked at, e.g. ``company`` or ``scope invoice``.
        severity: See :class:`Severity`.
        seen: What was seen, in a sentence or a few words.
        remedy: What to do about it; empty when all is well.
    """

    what: str
    severity: Severity = Severity.OK
    seen: str
    remedy: str = ""

    @property
    def fails(self) -> bool:
        """Whether the strict preflight fails for it."""
        return self.severity in _FAILING

    @property
    def sentence(self) -> str:
        """What was seen and what to do about it."""
        return f"{self.seen}; {self.remedy}" if self.remedy else self.seen

    def to_dict(self) -> dict[str, str]:
        """Strings only, for XCom and files."""
        return {name: str(value) for name, value in asdict(self).items()}


def failed_check(what: str, error: PipelineError) -> Check:
    """A check that could not be made: nothing is known, so nothing may be posted."""
    return Check(what=what, severity=Severity.FATAL, seen=str(error))


def worst_first(checks: Iterable[Check]) -> list[Check]:
    """What hurts most on top; otherwise in the order in which it was looked at."""
    return sorted(checks, key=lambda check: _WORST_FIRST.index(check.severity))


def preflight_report(
    checks: Iterable[Check], *, shop: str, name: str, made_at: str
) -> dict[str, Any]:
    """The list as the page of the preflight DAG's run shows it (docs/report.md)."""
    listed = worst_first(checks)
    failing = sum(check.fails for check in listed)
    fatal = any(check.severity is Severity.FATAL for check in listed)
    told = f"{failing} of {len(listed)} checks need somebody" if failing else "All is in place"
    return {
        "schema": "fortnox.preflight/1",
        "kind": "preflight",
        "verdict": ("not_ready" if fatal else "findings") if failing else "ready",
        "headline": f"{told}; nothing is posted while a fatal one stands" if fatal else told,
        "shop": {"key": shop, "name": name},
        "made_at": made_at,
        "checks": [check.to_dict() for check in listed],
    }
