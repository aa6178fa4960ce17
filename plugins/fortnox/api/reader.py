"""What reading functions need of the client: lists and single objects."""

from collections.abc import Iterator
from typing import Protocol

from fortnox.api.invoices import JsonObject


class Reader(Protocol):
    """The reading half of :class:`fortnox.api.client.FortnoxClient`."""

    def get(self, path: str, envelope: str, **params: str | int) -> JsonObject:
        """One object."""
        ...

    def list(self, path: str, key: str, **params: str | int) -> Iterator[JsonObject]:
        """All items of a list, every page."""
        ...
