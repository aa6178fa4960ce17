"""What ``/3/articles`` and ``/3/customers`` have in common: cards with numbers of their own.

A number is the caller's or the next of the series, stays as it is, and stays reserved after its
card was deleted.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fortnox.sandbox.fortnox.errors import (
    BAD_FILTER,
    BAD_VALUE,
    IN_USE,
    NOT_ALPHANUMERIC,
    VALUE_IS_NULL,
    ApiError,
    Kind,
)
from fortnox.sandbox.fortnox.fields import created, present, updated
from fortnox.sandbox.fortnox.listing import changed, contains, ordered, page
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRegister:
    """One register of cards.

    Attributes:
        path: Of the collection, and name of its table.
        single: Envelope of one card.
        plural: Key of a list.
        number: Field of the card's number.
        named: Field that no card is without.
        characters: What a number may consist of.
        not_found: Problem of a card that is not there.
        taken: Problem of a number that another card has.
        deleted: Problem of a number that a deleted card had.
        filters: Parameter of a list -> the field that must contain it.
        sortable: ``sortby`` -> a row's sorting key; the first is the default.
        item: A card as lists show it, without its address.
        read: Checks a request's fields.
        blanks: Value of each field when it is empty, in the order of the wire.
        completed: Checks what a card refers to and fills what follows from other fields.
        is_used: Whether something refers to a number, so that its card can't go.
    """

    path: str
    single: str
    plural: str
    number: str
    named: str
    characters: re.Pattern[str]
    not_found: Kind
    taken: Kind
    deleted: Kind
    filters: Mapping[str, str]
    sortable: Mapping[str, Callable[[Json], Any]]
    item: Callable[[Json], Json]
    read: Callable[[Call], dict[str, Any]]
    blanks: Callable[[Store], Json]
    completed: Callable[[Store, Json, dict[str, Any]], Json]
    is_used: Callable[[Store, str], bool]

    def routes(self) -> tuple[Route, ...]:
        """List, create, read, change and delete."""
        one, scope = f"{self.path}/{{number}}", self.single.lower()
        return (
            Route("GET", self.path, scope, self._list),
            Route("POST", self.path, scope, self._create),
            Route("GET", one, scope, self._get),
            Route("PUT", one, scope, self._update),
            Route("DELETE", one, scope, self._delete),
        )

    def _addressed(self, call: Call, data: Json, shown: Json) -> Json:
        return {"@url": call.url(f"{self.path}/{data[self.number]}"), **shown}

    def _list(self, call: Call) -> Answer:
        rows = list(changed(call.store.table(self.path), call.query))
        wanted = call.query.get("filter", "")
        if wanted not in ("", "active", "inactive"):
            raise ApiError(BAD_FILTER)
        if wanted:
            rows = [data for data in rows if data["Active"] == (wanted == "active")]
        for parameter, name in self.filters.items():
            text = call.query.get(parameter, "")
            if text:
                rows = [data for data in rows if contains(data, name, text)]
        return page(
            ordered(rows, call.query, next(iter(self.sortable)), dict(self.sortable)),
            call.query,
            plural=self.plural,
            item=lambda data: self._addressed(call, data, self.item(data)),
            max_limit=call.store.switches.max_limit,
        )

    def _found(self, call: Call) -> Json:
        data = call.store.table(self.path).get(call.args["number"])
        if data is None:
            raise ApiError(self.not_found)
        return data

    def _get(self, call: Call) -> Answer:
        data = self._found(call)
        return Answer(body={self.single: self._addressed(call, data, data)})

    def _create(self, call: Call) -> Answer:
        sent = self.read(call)
        if not sent.get(self.named):
            raise ApiError(VALUE_IS_NULL)
        data = created(self.blanks(call.store), sent)
        data[self.number] = self._free_number(call.store, data[self.number])
        data = self.completed(call.store, data, present(sent))
        call.store.table(self.path).put(data[self.number], data)
        body = {self.single: self._addressed(call, data, data)}
        return Answer(status=201, body=body, headers={"Location": self.path})

    def _update(self, call: Call) -> Answer:
        call.envelope(self.single)
        current = self._found(call)
        sent = self.read(call)
        if self.named in sent and sent[self.named] is None:
            raise ApiError(VALUE_IS_NULL)
        if sent.get(self.number) not in (None, "", current[self.number]):
            raise ApiError(BAD_VALUE, name=self.number)
        sent.pop(self.number, None)
        data = updated(current, sent, self.blanks(call.store))
        data = self.completed(call.store, data, present(sent))
        call.store.table(self.path).put(data[self.number], data)
        return Answer(body={self.single: self._addressed(call, data, data)})

    def _delete(self, call: Call) -> Answer:
        key = self._found(call)[self.number]
        if self.is_used(call.store, key):
            raise ApiError(IN_USE)
        call.store.table(self.path).delete(key)
        call.store.table("deleted").put(f"{self.path}:{key}", {})
        return Answer(status=204)

    def _free_number(self, store: Store, chosen: str) -> str:
        """The caller's number if it is free, else the next of the series."""
        cards, deleted = store.table(self.path), store.table("deleted")
        if chosen:
            if not self.characters.fullmatch(chosen):
                raise ApiError(NOT_ALPHANUMERIC, value=chosen)
            if f"{self.path}:{chosen}" in deleted:
                raise ApiError(self.deleted, number=chosen)
            if chosen in cards:
                raise ApiError(self.taken, number=chosen)
            return chosen
        while True:
            free = str(store.next_number(self.single.lower()))
            if free not in cards and f"{self.path}:{free}" not in deleted:
                return free
