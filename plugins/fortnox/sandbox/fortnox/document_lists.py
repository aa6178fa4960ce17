"""Lists of documents: ANDed contains filters, as recorded, and ``filter=`` by state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fortnox.sandbox.fortnox.document_kinds import Kind
from fortnox.sandbox.fortnox.errors import BAD_FILTER, BAD_PARAMETER, ApiError
from fortnox.sandbox.fortnox.listing import (
    changed,
    contains,
    date_parameter,
    int_parameter,
    numeric,
    ordered,
    page,
)
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.wire import Answer, Json

#: What is asked of a document on a day (``YYYY-MM-DD``).
State = Callable[[Json, str], bool]
Test = Callable[[Json], bool]

#: Filters of all three kinds: parameter -> field.
SHARED_CONTAINS = {
    "costcenter": "CostCenter",
    "customername": "CustomerName",
    "customernumber": "CustomerNumber",
    "documentnumber": "DocumentNumber",
    "ourreference": "OurReference",
    "project": "Project",
    "yourreference": "YourReference",
}
REFERENCES = {
    "externalinvoicereference1": "ExternalInvoiceReference1",
    "externalinvoicereference2": "ExternalInvoiceReference2",
}
_ROW_CONTAINS = {"articlenumber": "ArticleNumber", "articledescription": "Description"}


@dataclass(frozen=True, kw_only=True)
class Listing:
    """How one kind of document is listed.

    Attributes:
        kind: The kind.
        keys: Fields of an item, in their order.
        states: Values of ``filter`` and what they mean.
        sortable: Values of ``sortby``.
        contains: Text parameters -> field.
        references: Reference parameters -> field; how they match is a switch.
        booleans: True/false parameters -> field.
        periods: (first, last, field) of the date ranges.
        text_keys: Fields whose numbers are text in lists.
        by_row: True where the rows' article, text and account can be searched.
        max_limit: Name of the switch that caps a page further, or "".
    """

    kind: Kind
    keys: tuple[str, ...]
    states: Mapping[str, State]
    sortable: Mapping[str, Callable[[Json], Any]]
    contains: Mapping[str, str]
    booleans: Mapping[str, str]
    periods: tuple[tuple[str, str, str], ...]
    references: Mapping[str, str] = field(default_factory=dict)
    text_keys: tuple[str, ...] = ()
    by_row: bool = False
    max_limit: str = ""

    def route(self) -> Route:
        """The GET of the collection."""
        return Route("GET", self.kind.path, self.kind.scope, self._list)

    def _list(self, call: Call) -> Answer:
        tests = self._state_tests(call)
        if not (tests and call.store.switches.filter_with_fields == "filter_only"):
            tests += self._field_tests(call)
            tests += _row_tests(call.query) if self.by_row else []
        rows = [
            data
            for data in changed(call.store.table(self.kind.path), call.query)
            if all(test(data) for test in tests)
        ]
        switches = call.store.switches
        caps = [switches.max_limit]
        if self.max_limit:
            caps.append(getattr(switches, self.max_limit))
        return page(
            ordered(rows, call.query, "documentnumber", self.sortable),
            call.query,
            plural=self.kind.plural,
            item=lambda data: self._item(call, data),
            max_limit=min(caps),
        )

    def _item(self, call: Call, data: Json) -> Json:
        shown = {key: data[key] for key in self.keys}
        shown.update({key: str(data[key]) for key in self.text_keys})
        return {"@url": call.url(f"{self.kind.path}/{data['DocumentNumber']}"), **shown}

    def _state_tests(self, call: Call) -> list[Test]:
        wanted = call.query.get("filter", "")
        if not wanted:
            return []
        if wanted not in self.states:
            raise ApiError(BAD_FILTER)
        state, today = self.states[wanted], call.store.clock.today().isoformat()
        return [lambda data: state(data, today)]

    def _field_tests(self, call: Call) -> list[Test]:
        query = call.query
        tests: list[Test] = [
            _contains(name, query[parameter])
            for parameter, name in self.contains.items()
            if query.get(parameter)
        ]
        match = call.store.switches.reference_match
        tests += [
            _reference(name, query[parameter], match)
            for parameter, name in self.references.items()
            if query.get(parameter)
        ]
        tests += [
            _boolean(name, query[parameter])
            for parameter, name in self.booleans.items()
            if query.get(parameter)
        ]
        for first, last, name in self.periods:
            tests += _period(name, date_parameter(query, first), date_parameter(query, last))
        label = query.get("label", "")
        if label:
            tests.append(lambda data: any(str(one.get("Id")) == label for one in data["Labels"]))
        return tests


def by_number() -> dict[str, Callable[[Json], Any]]:
    """Sort keys that all three kinds have."""
    return {
        "customername": lambda data: str(data["CustomerName"]),
        "customernumber": numeric("CustomerNumber"),
        "documentnumber": numeric("DocumentNumber"),
        "total": lambda data: data["Total"],
    }


def _row_tests(query: Mapping[str, str]) -> list[Test]:
    tests: list[Test] = [
        _row_contains(name, query[parameter])
        for parameter, name in _ROW_CONTAINS.items()
        if query.get(parameter)
    ]
    if query.get("accountnumberfrom") or query.get("accountnumberto"):
        first = int_parameter(query, "accountnumberfrom", 0, 0)
        last = int_parameter(query, "accountnumberto", 9999, 0)
        tests.append(
            lambda data: any(first <= r["AccountNumber"] <= last for r in data["InvoiceRows"])
        )
    return tests


def _contains(name: str, wanted: str) -> Test:
    return lambda data: contains(data, name, wanted)


def _row_contains(name: str, wanted: str) -> Test:
    return lambda data: any(contains(row, name, wanted) for row in data["InvoiceRows"])


def _reference(name: str, wanted: str, match: str) -> Test:
    text = wanted.casefold()
    if match == "exact":
        return lambda data: str(data[name]).casefold() == text
    if match == "prefix":
        return lambda data: str(data[name]).casefold().startswith(text)
    return _contains(name, wanted)


def _boolean(name: str, wanted: str) -> Test:
    if wanted not in ("true", "false"):
        raise ApiError(BAD_PARAMETER)
    return lambda data: str(data[name]).lower() == wanted


def _period(name: str, first: str | None, last: str | None) -> list[Test]:
    if first is None and last is None:
        return []
    low, high = first or "", last or "9999"
    return [lambda data: data[name] is not None and low <= data[name] <= high]
