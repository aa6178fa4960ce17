"""What stands in Fortnox, read with few lists; an empty answer is trusted only when it may be."""

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from tests.support.builders import DAY
from tests.support.once import TODAY

from fortnox.api.finder import find_by_reference, partial_filter_works
from fortnox.api.lanes import Lanes
from fortnox.api.snapshot import (
    closed_through,
    documents_of_day,
    financial_years,
    take_snapshot,
)
from fortnox.api.standing import unbooked_of_key

Json = dict[str, Any]


class Lists:
    """A Fortnox that has these invoices and counts what it is asked."""

    def __init__(self, *references: str, match: str = "contains", **registers: Any) -> None:
        self.items = [item(number, reference) for number, reference in enumerate(references, 1)]
        self.match = match
        self.registers = registers
        self.asked: list[dict[str, Any]] = []
        self.lanes = Lanes(1)

    def get(self, path: str, envelope: str, **params: Any) -> Json:
        return dict(self.registers[envelope])

    def list(self, path: str, key: str, **params: Any) -> Iterator[Json]:
        self.asked.append(params)
        if key != "Invoices":
            yield from self.registers[key]
            return
        for one in self.items:
            if all(self._matches(one, name, value) for name, value in params.items()):
                yield one

    def _matches(self, one: Json, name: str, value: Any) -> bool:
        fields = {
            "externalinvoicereference1": "ExternalInvoiceReference1",
            "externalinvoicereference2": "ExternalInvoiceReference2",
        }
        if name == "filter":
            return not one["Booked"]
        if name not in fields:
            return True
        text = str(one[fields[name]])
        return text == value if self.match == "exact" else str(value) in text


def item(number: int, reference: str) -> Json:
    return {
        "DocumentNumber": str(number),
        "ExternalInvoiceReference1": reference,
        "ExternalInvoiceReference2": f"demo:{DAY}:0123456789ab",
        "Total": 125,
        "Balance": 125,
        "Currency": "SEK",
        "InvoiceDate": DAY.isoformat(),
        "Booked": False,
        "Cancelled": False,
    }


def numbers(lists: Lists, *order_ids: str) -> list[str]:
    found = find_by_reference(lists, "demo", [f"demo:{one}" for one in order_ids])
    return sorted(d.document_number for d in found.documents)


def test_references_are_compared_exactly():
    """A contains match brings other shops and longer ids along; the order's refunds are its own."""
    lists = Lists("demo:10", "demo:100", "webdemo:10", "demo:10:r:1", "demo:1010", "")
    assert numbers(lists, "10") == ["1", "4"]


def test_a_lone_order_costs_one_request():
    """An exact look-up needs no proof: an hourly run of one order stays cheap."""
    lists = Lists("demo:9")
    assert find_by_reference(lists, "demo", ["demo:1042"]).filter_proven
    assert len(lists.asked) == 1


def test_a_neighbour_proves_the_filter():
    """Yesterday's order 1001 comes along with ``demo:10``: an absent one is not there."""
    lists = Lists("demo:1001")
    assert find_by_reference(lists, "demo", ["demo:1002", "demo:1003"]).filter_proven
    assert len(lists.asked) == 1


def test_any_document_of_the_shop_proves_the_filter():
    """The month's first thousand has no neighbour yet: one more request finds any document."""
    lists = Lists("demo:17")
    found = find_by_reference(lists, "demo", ["demo:1002", "demo:1003"])
    assert (found.documents, found.filter_proven, len(lists.asked)) == ((), True, 2)


def test_where_only_whole_references_match_each_order_is_looked_up():
    """A known document that a part of its reference does not find disproves the filter."""
    lists = Lists("demo:1001", "demo:1002", match="exact")
    assert numbers(lists, "1002", "1003") == ["2"]


def test_a_shop_without_documents_proves_nothing():
    """The very first run: each creation must look first."""
    found = find_by_reference(Lists("", ""), "demo", ["demo:1002", "demo:1003"])
    assert (found.documents, found.filter_proven) == ((), False)


def test_a_filter_that_is_ignored_proves_nothing():
    """An answer full of others' documents is no answer to our question."""

    class Ignoring(Lists):
        def _matches(self, one: Json, name: str, value: Any) -> bool:
            return True

    assert not partial_filter_works(Ignoring("", "demo:1"), "demo")


def test_others_documents_are_not_even_parsed():
    """A foreign invoice in a shape that nobody has seen must not stop our run."""
    lists = Lists("demo:1", "")
    lists.items[1].update(InvoiceDate=None, Total="0.00001", ExternalInvoiceReference1=None)
    assert [d.document_number for d in unbooked_of_key(lists, "demo")] == ["1"]
    assert numbers(lists, "1") == ["1"]


def test_documents_of_a_day_are_those_that_carry_it():
    """Another shop's key may end like ours."""
    lists = Lists("demo:1", "demo:2")
    lists.items[1]["ExternalInvoiceReference2"] = f"webdemo:{DAY}:0123456789ab"
    assert [d.document_number for d in documents_of_day(lists, "demo", DAY)] == ["1"]


def test_what_does_not_depend_on_each_other_is_asked_together():
    """With answers of 1.5 s an apply of 100 orders would spend nine of them before it writes."""
    together = threading.Barrier(4)

    class Slow(Lists):
        def get(self, path: str, envelope: str, **params: Any) -> Json:
            together.wait(10)
            return super().get(path, envelope, **params)

        def list(self, path: str, key: str, **params: Any) -> Iterator[Json]:
            together.wait(10)
            return super().list(path, key, **params)

    slow = Slow(TODAY[0].reference, LockedPeriod={"EndDate": None}, FinancialYears=[])
    slow.lanes = Lanes(4)
    snapshot = take_snapshot(slow, "demo", TODAY[:1])
    assert TODAY[0].reference in snapshot.documents


@pytest.mark.parametrize(("end", "closed"), [("2026-04-30", date(2026, 4, 30)), (None, None)])
def test_the_locked_period(end: str | None, closed: date | None):
    """Nothing is dated on or before it."""
    assert closed_through(Lists(LockedPeriod={"EndDate": end})) == closed


def test_financial_years_may_be_broken():
    """A year from September to August is a year too."""
    year = {"Id": 7, "FromDate": "2025-09-01", "ToDate": "2026-08-31"}
    (found,) = financial_years(Lists(FinancialYears=[year]))
    assert (found.year_id, found.from_date, found.to_date) == (
        7,
        date(2025, 9, 1),
        date(2026, 8, 31),
    )
