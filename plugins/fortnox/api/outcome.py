"""What apply has come to, document by document."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from fortnox.api.booker import held_by_fortnox
from fortnox.core.documents import Held, Invoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError

log = logging.getLogger(__name__)

#: A document that got no answer: the next try looks it up before it does anything else.
Unanswered = UnknownOutcomeError | UnreachableError
#: What odd values do to code that did not expect them; one document's must not stop the others.
_UNFORESEEN = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)

#: So many documents without an answer, each tried twice: Fortnox itself is ill, so stop.
_GIVE_UP_AFTER = 3

_T = TypeVar("_T")


def attempt(
    act: Callable[[], _T], invoice: Invoice, document_number: str = ""
) -> _T | Held | Unanswered:
    """What came of one document: one that goes wrong must not keep the others out.

    An error that nobody foresaw is held by the place where it came up. Its own text is told
    nowhere, for it may quote a buyer's data. Nothing is lost or doubled by that: the next run asks
    Fortnox for the document's reference first, as always.
    """
    try:
        return act()
    except DocumentError as error:
        return held_by_fortnox(invoice, error, document_number)
    except (UnknownOutcomeError, UnreachableError) as error:
        return error
    except _UNFORESEEN as error:
        return _held_unforeseen(invoice, error, document_number)


def _held_unforeseen(invoice: Invoice, error: Exception, document_number: str) -> Held:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    name = f"{invoice.document} {document_number}".strip()
    log.error("order %s, %s: %s", invoice.order_id, name, where)
    return invoice.held(
        "unforeseen",
        f"the {name} met an error that was not foreseen ({where})",
        "Report it with this text. The other documents went on; see whether this one stands in "
        "Fortnox as it should.",
    )


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
    unanswered: list[Unanswered] = field(default_factory=list)

    def take(self, came: _T | Held | Unanswered) -> _T | None:
        """What was wanted of :func:`attempt`; None when it is noted as held or unanswered.

        Raises:
            UnreachableError: Too many got no answer.
        """
        if isinstance(came, Held):
            self.held.append(came)
            return None
        if isinstance(came, UnknownOutcomeError | UnreachableError):
            self._add_unanswered(came)
            return None
        return came

    def raise_unanswered(self) -> None:
        """Ask for a new try when documents got no answer; it looks each of them up first."""
        if self.unanswered:
            raise UnreachableError(
                f"Fortnox gave no good answer about {len(self.unanswered)} documents; the last: "
                f"{self.unanswered[-1].message}",
                remedy="The next try looks their references up first.",
            ) from self.unanswered[-1]

    def _add_unanswered(self, error: Unanswered) -> None:
        """One document must not keep the others out; several mean that Fortnox is ill."""
        self.unanswered.append(error)
        if len(self.unanswered) >= _GIVE_UP_AFTER:
            self.raise_unanswered()
