"""A register of small objects named by a code in the path: list, get, create, update, delete."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fortnox.sandbox.fortnox.errors import (
    BAD_FILTER,
    BAD_VALUE,
    CODE_TAKEN,
    IN_USE,
    RECORD_NOT_FOUND,
    VALUE_IS_NULL,
    ApiError,
    Kind,
)
from fortnox.sandbox.fortnox.fields import (
    API_BLANK,
    Fields,
    created,
    present,
    read,
    updated,
)
from fortnox.sandbox.fortnox.listing import changed, contains, ordered, page
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json


def _as_it_is(_store: Store, data: Json) -> Json:
    return data


def by_text(name: str) -> Callable[[Json], Any]:
    """Sort key: codes as text, as recorded for units and projects ('1', '17', '2')."""
    return lambda data: str(data[name])


@dataclass(frozen=True, kw_only=True)
class Register:
    """A register with full CRUD.

    Attributes:
        path: Collection below ``/3``; also the name of the table.
        key: Field that names an object.
        blanks: Value of each field that is empty, in the order of the answer.
        defaults: Values of a new object where they are not the blanks.
        required: Fields that may not be missing or null.
        numbered: A new object without key gets the next free number.
        integer_key: The key is a number in answers, given by Fortnox only.
        list_keys: What list items hold; empty = everything.
        aliases: Name in list items -> field, where they differ.
        filters: Query parameter -> field; a case-insensitive contains.
        sortable: ``sortby`` value -> key function; the key field always is.
        order: Sort key of the list when nothing is asked for.
        gettable: A single object can be read.
        deletable: Fortnox has a DELETE.
        location: What the ``Location`` header of a 201 says; ``paymentterms`` and ``project`` were
            recorded for terms of payment and projects.
        complete: Checks a new or changed object and fills what follows from other fields.
        used_by: (table, field) pairs whose objects keep this one from being deleted.
        with_url: Answers hold ``@url``.
        active_filter: The list knows ``filter=active|inactive``.
    """

    path: str
    single: str
    plural: str
    scope: str
    fields: Fields
    blanks: Mapping[str, Any]
    required: tuple[str, ...]
    key: str = "Code"
    defaults: Mapping[str, Any] | None = None
    not_found: Kind = RECORD_NOT_FOUND
    taken: Kind = CODE_TAKEN
    numbered: bool = False
    integer_key: bool = False
    list_keys: tuple[str, ...] = ()
    aliases: Mapping[str, str] | None = None
    filters: Mapping[str, str] | None = None
    sortable: Mapping[str, Callable[[Json], Any]] | None = None
    order: Callable[[str], Callable[[Json], Any]] = by_text
    location: str = ""
    gettable: bool = True
    deletable: bool = True
    with_url: bool = True
    active_filter: bool = False
    complete: Callable[[Store, Json], Json] = _as_it_is
    used_by: tuple[tuple[str, str], ...] = ()

    def routes(self) -> tuple[Route, ...]:
        """The methods that Fortnox has for the register."""
        one = self.path + "/{code}"
        routes = [
            Route("GET", self.path, self.scope, self._list),
            Route("POST", self.path, self.scope, self._create),
            Route("PUT", one, self.scope, self._update),
        ]
        if self.gettable:
            routes.append(Route("GET", one, self.scope, self._get))
        if self.deletable:
            routes.append(Route("DELETE", one, self.scope, self._delete))
        return tuple(routes)

    def shown(self, call: Call, data: Json) -> Json:
        """An object as it is answered."""
        if not self.with_url:
            return data
        return {"@url": call.url(f"{self.path}/{data[self.key]}"), **data}

    def found(self, call: Call) -> Json:
        """The object that the path names.

        Raises:
            ApiError: There is none.
        """
        data = call.store.table(self.path).get(call.args["code"])
        if data is None:
            raise ApiError(self.not_found)
        return data

    def _item(self, call: Call, data: Json) -> Json:
        shown = self.shown(call, data)
        if not self.list_keys:
            return shown
        aliases = self.aliases or {}
        return {name: shown[aliases.get(name, name)] for name in ("@url", *self.list_keys)}

    def _list(self, call: Call) -> Answer:
        rows = list(changed(call.store.table(self.path), call.query))
        wanted = call.query.get("filter", "")
        if wanted and (not self.active_filter or wanted not in ("active", "inactive")):
            raise ApiError(BAD_FILTER)
        if wanted:
            rows = [data for data in rows if data["Active"] == (wanted == "active")]
        for parameter, name in (self.filters or {}).items():
            text = call.query.get(parameter, "")
            rows = [data for data in rows if not text or contains(data, name, text)]
        by_key = self.key.lower()
        sortable = {by_key: self.order(self.key), **(self.sortable or {})}
        return page(
            ordered(rows, call.query, by_key, sortable),
            call.query,
            plural=self.plural,
            item=lambda data: self._item(call, data),
            max_limit=call.store.switches.max_limit,
        )

    def _get(self, call: Call) -> Answer:
        return Answer(body={self.single: self.shown(call, self.found(call))})

    def _create(self, call: Call) -> Answer:
        sent = present(read(self.fields, call.envelope(self.single)))
        table = call.store.table(self.path)
        if self.numbered and not sent.get(self.key):
            sent[self.key] = self._next(call.store)
        if any(name not in sent for name in self.required):
            raise ApiError(VALUE_IS_NULL)
        if str(sent[self.key]) in table:
            raise ApiError(self.taken)
        data = created({**self.blanks, **(self.defaults or {})}, sent)
        data = table.put(str(data[self.key]), self.complete(call.store, data))
        return Answer(
            status=201,
            body={self.single: self.shown(call, data)},
            headers={"Location": self.location or self.path},
        )

    def _next(self, store: Store) -> str | int:
        while True:
            free = store.next_number(self.path)
            if str(free) not in store.table(self.path):
                return free if self.integer_key else str(free)

    def _update(self, call: Call) -> Answer:
        current = self.found(call)
        sent = read(self.fields, call.envelope(self.single))
        if any(name in sent and sent[name] in (None, API_BLANK) for name in self.required):
            raise ApiError(VALUE_IS_NULL)
        data = updated(current, sent, {**self.blanks, **(self.defaults or {})})
        if data[self.key] != current[self.key]:
            raise ApiError(BAD_VALUE, name=self.key)
        data = call.store.table(self.path).put(str(data[self.key]), self.complete(call.store, data))
        return Answer(body={self.single: self.shown(call, data)})

    def _delete(self, call: Call) -> Answer:
        key = self.found(call)[self.key]
        for table, name in self.used_by:
            if any(data.get(name) == key for data in call.store.table(table).values()):
                raise ApiError(IN_USE)
        call.store.table(self.path).delete(str(key))
        return Answer(status=204)
