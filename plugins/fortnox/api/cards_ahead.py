"""In which order a step begins its documents, and the customer cards that they need.

A document whose card is new is two requests, and the second waits for the first one's answer. In
the midst of a step other documents fill that wait; at its end nobody would. So each card is begun
as many documents ahead as there are lanes, and the last requests of a step wait for nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fortnox.core.actions import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAhead:
    """The card of a later document, which also tells what came of it."""

    action: Action


def with_cards_ahead(actions: Sequence[Action], ahead: int) -> Iterator[Action | CardAhead]:
    """Documents in their order, and each new card once, so many documents before its first one.

    Args:
        actions: Documents to be made.
        ahead: How many documents are begun between a card and the first document that needs it,
            that one included; 0: cards are left to the documents.
    """
    if not ahead:
        yield from actions
        return
    first: dict[str, int] = {}
    for index, action in enumerate(actions):
        if action.customer is not None and action.customer.create:
            first.setdefault(action.invoice.customer.number, index)
    due = set(first.values())
    yield from (CardAhead(action=actions[index]) for index in sorted(due) if index < ahead)
    for index, action in enumerate(actions):
        yield action
        if index + ahead in due:
            yield CardAhead(action=actions[index + ahead])
