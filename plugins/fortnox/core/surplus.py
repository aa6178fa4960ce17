"""More than one live document of the same sale: who survives (rules of the books 5 and 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fortnox.core.documents import ListedInvoice
from fortnox.core.references import is_credit

#: What to do about two documents of one sale.
ONE_TOO_MANY: Final = (
    "Compare them in Fortnox. Credit the one that is too many (usually the later one) and book "
    "that credit; if it is unbooked, cancel it. Then run the day again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What becomes of the documents of one reference.

    ``survivor`` None with documents present means: all are cancelled. ``cancel`` are unbooked
    surplus documents. ``double_booked`` are booked documents beside a booked survivor: only a
    person can reverse those. ``credited`` are such as a person has reversed.
    """

    survivor: ListedInvoice | None
    cancel: tuple[ListedInvoice, ...]
    double_booked: tuple[ListedInvoice, ...]
    credited: tuple[ListedInvoice, ...] = ()


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
    credited = tuple(document for document, _ in credited_duplicates(documents))
    return Settlement(
        survivor=survivor,
        cancel=tuple(document for document in rest if not document.is_in_ledger),
        double_booked=tuple(
            document for document in rest if document.is_in_ledger and document not in credited
        ),
        credited=credited,
    )


def credited_duplicates(
    documents: Sequence[ListedInvoice],
) -> tuple[tuple[ListedInvoice, ListedInvoice], ...]:
    """Duplicates in the books that somebody credited in Fortnox, each with its booked credit.

    A list does not say which document a credit is about. The duplicates are of one amount, so it
    is the one that would not survive; the proof compares the two account by account. The last one
    that stands is never taken for credited: what its credit means only the shop's refund can say.

    Args:
        documents: All documents of one exact reference.
    """
    standing = sorted((one for one in documents if _is_live(one) and one.is_in_ledger), key=_rank)
    credits_ = [one for one in documents if one.booked and not one.cancelled and not _is_live(one)]
    pairs: list[tuple[ListedInvoice, ListedInvoice]] = []
    for credit in sorted(credits_, key=_rank):
        opposite = [
            one
            for one in standing[1:]
            if (one.total_ore, one.currency) == (-credit.total_ore, credit.currency)
        ]
        if opposite:
            standing.remove(opposite[-1])
            pairs.append((opposite[-1], credit))
    return tuple(pairs)


def _is_live(document: ListedInvoice) -> bool:
    sign_fits = (document.total_ore < 0) == is_credit(document.reference)
    return sign_fits and not document.cancelled


def _rank(document: ListedInvoice) -> tuple[bool, bool, bool, int]:
    number = int(document.document_number)
    return (not document.booked, not document.is_in_ledger, not document.sent, number)
