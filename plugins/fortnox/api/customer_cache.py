"""The index of customer cards, kept between runs and renewed by what changed (rule 9 of the books).

A company's cards are read whole once a day, and in between by ``lastmodified``: two requests
instead of one for every 500 cards. Deleted cards leave no trace in a delta; they go with the next
whole reading, and until then Fortnox refuses them by itself. The file holds numbers and SHA-256
digests, no name and no address; lost or unreadable, it is read anew.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fortnox.api.private_file import read_json, write_private
from fortnox.api.reader import Reader
from fortnox.api.wire import JsonObject
from fortnox.core.customer_match import CustomerIndex, email_key, organisation_key
from fortnox.core.lastmodified import lastmodified

#: After so long everything is read again: a delta does not tell what was deleted.
WHOLE_AFTER = timedelta(days=1)
_FORMAT = 1

#: Number -> (digest of the organisation number, digest of the e-mail); either may be empty.
Cards = dict[str, tuple[str, str]]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class CustomerCache:
    """The cards of one company.

    Args:
        path: The file; written whole, readable by its owner only.
        now: Clock, aware UTC.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = _utc_now) -> None:
        self._path = path
        self._now = now

    def index(self, client: Reader) -> CustomerIndex:
        """What cards can be matched on, as of now."""
        asked_at = self._now()
        known = self._load()
        if known is None or not _is_usable(known, asked_at):
            cards, whole_at = (
                _keys(client.list("customers", "Customers", filter="active")),
                asked_at,
            )
        else:
            cards, whole_at = dict(known["cards"]), known["whole_at"]
            gone, changed = changed_cards(client, known["mark"])
            for number in gone:
                cards.pop(number, None)
            cards.update(_keys(changed))
        self._store(cards, mark=asked_at, whole_at=whole_at)
        return index_of(cards)

    def _load(self) -> dict[str, Any] | None:
        data = read_json(self._path)
        try:
            if data is None or data["format"] != _FORMAT:
                return None
            return {
                "mark": datetime.fromisoformat(data["mark"]),
                "whole_at": datetime.fromisoformat(data["whole_at"]),
                "cards": {
                    str(key): (str(org), str(mail)) for key, (org, mail) in data["cards"].items()
                },
            }
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def _store(self, cards: Cards, *, mark: datetime, whole_at: datetime) -> None:
        data = {
            "format": _FORMAT,
            "mark": mark.isoformat(),
            "whole_at": whole_at.isoformat(),
            "cards": cards,
        }
        write_private(self._path, json.dumps(data).encode())


def _is_usable(known: Mapping[str, Any], now: datetime) -> bool:
    """Young, and not from the future: a clock set back would hide what changed meanwhile."""
    whole_at: datetime = known["whole_at"]
    mark: datetime = known["mark"]
    return whole_at <= mark <= now < whole_at + WHOLE_AFTER


def changed_cards(client: Reader, since_utc: datetime) -> tuple[frozenset[str], list[JsonObject]]:
    """Numbers of cards that are inactive, and list items of active ones, changed since.

    Two lists, for an item does not say whether its card is active. The inactive ones first: a card
    that is activated between the two is then in both, and counts as active.
    """
    since = lastmodified(since_utc)
    inactive = frozenset(
        str(item["CustomerNumber"])
        for item in client.list("customers", "Customers", filter="inactive", lastmodified=since)
    )
    active = list(client.list("customers", "Customers", filter="active", lastmodified=since))
    return inactive, active


def index_of(cards: Mapping[str, tuple[str, str]]) -> CustomerIndex:
    """The index of remembered cards; several cards may share a key."""
    by_organisation_number: dict[str, tuple[str, ...]] = {}
    by_email: dict[str, tuple[str, ...]] = {}
    for number, (organisation, email) in cards.items():
        for index, key in ((by_organisation_number, organisation), (by_email, email)):
            if key:
                index[key] = (*index.get(key, ()), number)
    return CustomerIndex(
        numbers=frozenset(cards), by_organisation_number=by_organisation_number, by_email=by_email
    )


def customer_index(client: Reader) -> CustomerIndex:
    """Active customer cards, read whole and remembered nowhere."""
    return index_of(_keys(client.list("customers", "Customers", filter="active")))


def _keys(items: Iterable[JsonObject] | Iterator[JsonObject]) -> Cards:
    return {
        str(item["CustomerNumber"]): (
            organisation_key(item.get("OrganisationNumber") or ""),
            email_key(item.get("Email") or ""),
        )
        for item in items
    }
