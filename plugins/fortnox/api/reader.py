"""What reading functions need of the client: lists and single objects."""

from collections.abc import Iterator
from typing import Protocol

from fortnox.api.invoices import JsonObject
from fortnox.api.lanes import Lanes


class Reader(Protocol):
    """The reading half of :class:`fortnox.api.client.FortnoxClient`."""

    #: For whoever has several things to read that do not depend on each other.
    lanes: Lanes

    def get(self, path: str, envelope: str, **params: str | int) -> JsonObject:
        """One object."""
        ...

    def list(self, path: str, key: str, **params: str | int) -> Iterator[JsonObject]:
        """All items of a list, every page."""
        ...
