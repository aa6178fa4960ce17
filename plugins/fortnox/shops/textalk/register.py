"""Reading a class of the shop's API: all of its objects, those that changed, or some by uid.

What is not documented is found out: whether ``/changed`` and ``/uid`` can be filtered by (else
everything is read, or each object by itself), and how many rows a list holds at most (it is held
against a count). An empty answer counts only where the filter has been seen to find something.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import floor
from typing import Any

from fortnox.core.errors import UnreachableError
from fortnox.shops.listing import Json
from fortnox.shops.textalk.client import TextalkClient
from fortnox.shops.textalk.errors import NotFoundError, QueryError
from fortnox.shops.textalk.fields import moment_utc, text

_MOST_ROWS = 400
_MOST_UIDS = 50
_MOST_READINGS = 3


class ByUid:
    """Objects of one class by uid, in lists of fifty.

    Args:
        client: The shop.
        class_name: The class, such as ``Order``.
    """

    def __init__(self, client: TextalkClient, class_name: str) -> None:
        self._client = client
        self._class = class_name
        self._filter_works = True

    def read(self, uids: Iterable[str], query: Any) -> Iterator[Json]:
        """Each once, in the order asked for; those that the shop does not have are left out."""
        wanted = list(dict.fromkeys(uids))
        for start in range(0, len(wanted), _MOST_UIDS):
            chunk = wanted[start : start + _MOST_UIDS]
            found = self._listed(chunk, query)
            for uid in chunk:
                item = found.get(uid) or self._single(uid, query)
                if item is not None:
                    yield item

    def _listed(self, uids: list[str], query: Any) -> dict[str, Json]:
        """By one list, where the shop can filter by uid; what it leaves out is asked for singly."""
        if not self._filter_works:
            return {}
        selection = {
            **_page(0, len(uids)),
            "filters": {"/uid": {"in": [int(uid) for uid in uids]}},
        }
        try:
            items = self._client.call(f"{self._class}.list", query, selection)
        except QueryError as error:
            if not any("uid" in pointer for pointer in error.pointers):
                raise
            self._filter_works = False
            return {}
        found = {text(item, "uid"): item for item in items}
        self._filter_works = found.keys() <= set(uids)
        return found if self._filter_works else {}

    def _single(self, uid: str, query: Any) -> Json | None:
        try:
            item: Json = self._client.call(f"{self._class}.get", int(uid), query)
        except NotFoundError:
            return None
        return item


class Register:
    """Objects of one class.

    Args:
        client: The shop.
        class_name: The class, such as ``Article``.
        query: What is shown of each; with ``uid`` and ``changed``.
    """

    def __init__(self, client: TextalkClient, class_name: str, query: Json) -> None:
        self._client = client
        self._class = class_name
        self._query = query
        self._by_uid = ByUid(client, class_name)

    def by_uid(self, uids: Iterable[str]) -> Iterator[Json]:
        """Each once; those that the shop does not have are left out."""
        return self._by_uid.read(uids, self._query)

    def changed(self, since: datetime | None) -> Iterator[Json]:
        """What changed at or after a moment, each once; all for None.

        Where the shop can't filter by the time of change, all of it.

        Raises:
            UnreachableError: The shop does not answer properly, or contradicts itself.
        """
        if since is None:
            return self._pages({})
        filters = _changed_since(since)
        try:
            works = bool(self._count(filters)) or self._filter_works()
        except QueryError:
            works = False
        return self._pages(filters if works else {})

    def _filter_works(self) -> bool:
        """Whether the filter finds an object that is known to be there."""
        newest = {**_page(0, 1), "descending": True}
        for item in self._list({"uid": True, "changed": True}, newest):
            changed = moment_utc(item, "changed")
            return changed is not None and self._count(_changed_since(changed)) > 0
        return True

    def _pages(self, filters: Json) -> Iterator[Json]:
        """By uid, so that new ones come last; read again when some were deleted meanwhile."""
        seen: set[str] = set()
        total = self._count(filters)
        for _ in range(_MOST_READINGS):
            offset = 0
            while offset < total:
                selection = {**_page(offset, _MOST_ROWS), "filters": filters}
                items = self._list(self._query, selection)
                for item in items:
                    uid = text(item, "uid")
                    if uid not in seen:
                        seen.add(uid)
                        yield item
                offset += len(items)
                if not items:
                    break
            left = self._count(filters) if total else 0
            if offset >= total and left >= total:
                return
            total = left
        raise UnreachableError(
            f"The shop's list of {self._class} keeps shrinking while it is read, or leaves out "
            "what it counts.",
            remedy="Run again later; if it stays so, ask the shop's support.",
        )

    def _count(self, filters: Json) -> int:
        return int(self._client.call(f"{self._class}.count", filters))

    def _list(self, query: Json, selection: Json) -> list[Json]:
        items: list[Json] = self._client.call(f"{self._class}.list", query, selection)
        return items


def _page(offset: int, limit: int) -> dict[str, Any]:
    return {"sort": "uid", "descending": False, "limit": limit, "offset": offset}


def _changed_since(moment: datetime) -> Json:
    """A second wider: whether bounds are inclusive is not documented."""
    start = datetime.fromtimestamp(floor(moment.timestamp()) - 1, UTC)
    return {"/changed": {"min": start.strftime("%Y-%m-%dT%H:%M:%SZ")}}
