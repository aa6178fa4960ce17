"""What apply has come to, document by document."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from fortnox.api.booker import held_by_fortnox
from fortnox.core.documents import Held, Invoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError

#: So many documents without an answer, each tried twice: Fortnox itself is ill, so stop.
_GIVE_UP_AFTER = 3

_T = TypeVar("_T")


def attempt(
    act: Callable[[], _T], invoice: Invoice, document_number: str = ""
) -> _T | Held | UnknownOutcomeError:
    """What came of one document: one that Fortnox refuses must not keep the others out."""
    try:
        return act()
    except DocumentError as error:
        return held_by_fortnox(invoice, error, document_number)
    except UnknownOutcomeError as error:
        return error


@dataclass(slots=True)
class Outcome:
    """What apply did. Counts are documents, and payments that were bookkept.

    ``unanswered``: the next try looks their references up before it does anything else.
    """

    created: int = 0
    booked: int = 0
    paid: int = 0
    unchanged: int = 0
    surplus_cancelled: int = 0
    held: list[Held] = field(default_factory=list)
    unanswered: list[UnknownOutcomeError] = field(default_factory=list)

    def take(self, came: _T | Held | UnknownOutcomeError) -> _T | None:
        """What was wanted of :func:`attempt`; None when it is noted as held or unanswered.

        Raises:
            UnreachableError: Too many got no answer.
        """
        if isinstance(came, Held):
            self.held.append(came)
            return None
        if isinstance(came, UnknownOutcomeError):
            self._add_unanswered(came)
            return None
        return came

    def raise_unanswered(self) -> None:
        """Ask for a new try when documents got no answer; it looks each of them up first."""
        if self.unanswered:
            raise UnreachableError(
                f"Fortnox gave no answer twice to {len(self.unanswered)} documents; the last: "
                f"{self.unanswered[-1].message}",
                remedy="The next try looks their references up first.",
            ) from self.unanswered[-1]

    def _add_unanswered(self, error: UnknownOutcomeError) -> None:
        """One document must not keep the others out; several mean that Fortnox is ill."""
        self.unanswered.append(error)
        if len(self.unanswered) >= _GIVE_UP_AFTER:
            self.raise_unanswered()
