"""More than one live document of the same sale: who survives (rules of the books 5 and 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from fortnox.core.documents import ListedInvoice
from fortnox.core.references import is_credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What becomes of the documents of one reference.

    ``survivor`` None with documents present means: all are cancelled. ``cancel`` are unbooked
    surplus documents. ``double_booked`` are booked documents beside a booked survivor: only a
    person can reverse those.
    """

    survivor: ListedInvoice | None
    cancel: tuple[ListedInvoice, ...]
    double_booked: tuple[ListedInvoice, ...]


def settle(documents: Sequence[ListedInvoice]) -> Settlement:
    """Survivor: the booked one, else the one with payments, the one sent, the lowest number.

    A negative document is no second sale: somebody credits the sale in Fortnox, which copies its
    references, and that credit is theirs. Of a refund, or of a version's credit, only negative
    documents count.

    Args:
        documents: All documents of one exact reference.
    """
    live = [document for document in documents if _is_live(document)]
    if not live:
        return Settlement(survivor=None, cancel=(), double_booked=())
    ranked = sorted(live, key=_rank)
    survivor, rest = ranked[0], ranked[1:]
    return Settlement(
        survivor=survivor,
        cancel=tuple(document for document in rest if not document.is_in_ledger),
        double_booked=tuple(document for document in rest if document.is_in_ledger),
    )


def _is_live(document: ListedInvoice) -> bool:
    sign_fits = (document.total_ore < 0) == is_credit(document.reference)
    return sign_fits and not document.cancelled


def _rank(document: ListedInvoice) -> tuple[bool, bool, bool, int]:
    number = int(document.document_number)
    return (not document.booked, not document.is_in_ledger, not document.sent, number)
