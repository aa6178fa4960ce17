"""Answers that are well formed and make no sense: told apart before anybody reads them."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fortnox.api.articles import parse_article
from fortnox.api.booked import read_booked
from fortnox.api.customer_cache import customer_index
from fortnox.api.finder import find_by_reference
from fortnox.api.lanes import Lanes
from fortnox.api.payments import parse_payment, payments_since
from fortnox.api.registers import INVOICES, OFFERS, ORDERS
from fortnox.api.shapes import fits, page_fits
from fortnox.api.snapshot import closed_through, financial_years
from fortnox.api.vouchers import parse_listed, voucher_rows
from fortnox.api.wire import decode, encode
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.unknowns import Switches

_VOUCHER: Any = SimpleNamespace(series="A", number=1, year=1)
_OURS = {"ExternalInvoiceReference1": "demo:1042"}
_UNPAID: Any = SimpleNamespace(document_number="1", balance_ore=0, total_ore=0)


@dataclass(frozen=True)
class _Reader:
    """Answers each reading with the one answer that it has."""

    answer: dict[str, Any]
    lanes: Lanes = field(default_factory=lambda: Lanes(1))

    def get(self, path: str, envelope: str, **_: Any) -> Any:
        return self.answer[envelope]

    def list(self, path: str, key: str, **_: Any) -> Iterator[Any]:
        yield from self.answer[key]


Parse = Callable[[dict[str, Any]], object]


def _read_invoice(answer: dict[str, Any]) -> None:
    INVOICES.parse(answer["Invoice"])
    INVOICES.parse_listed(answer["Invoice"])
    read_booked(_Reader(answer), _UNPAID)


def _read_order(answer: dict[str, Any]) -> None:
    ORDERS.parse(answer["Order"])
    ORDERS.parse_listed(answer["Order"])


def _read_offer(answer: dict[str, Any]) -> None:
    OFFERS.parse(answer["Offer"])
    OFFERS.parse_listed(answer["Offer"])


def _read_voucher(answer: dict[str, Any]) -> None:
    reader: Any = _Reader(answer)
    parse_listed(answer["Voucher"])
    voucher_rows(reader, _VOUCHER)


#: Path, envelope or key of the list, and who reads it.
_OBJECTS: list[tuple[str, str, Parse]] = [
    ("invoices/1", "Invoice", _read_invoice),
    ("orders/1", "Order", _read_order),
    ("offers/1", "Offer", _read_offer),
    ("invoicepayments/1", "InvoicePayment", lambda one: parse_payment(one["InvoicePayment"])),
    ("vouchers/B/1", "Voucher", _read_voucher),
    ("articles/1", "Article", lambda one: parse_article(one["Article"])),
    ("settings/lockedperiod", "LockedPeriod", lambda one: closed_through(_Reader(one))),
]
_LISTS: list[tuple[str, str, Parse]] = [
    ("invoices", "Invoices", lambda page: find_by_reference(_Reader(page), "demo", ["demo:1042"])),
    ("orders", "Orders", lambda page: [*map(_order_of_ours, page["Orders"])]),
    ("invoicepayments", "InvoicePayments", lambda page: payments_since(_Reader(page), "")),
    ("vouchers", "Vouchers", lambda page: [*map(parse_listed, page["Vouchers"])]),
    ("customers", "Customers", lambda page: customer_index(_Reader(page))),
    ("financialyears", "FinancialYears", lambda page: financial_years(_Reader(page))),
]


def _order_of_ours(entry: dict[str, Any]) -> object:
    is_ours = str(entry.get("ExternalInvoiceReference1") or "").startswith("demo:")
    return ORDERS.parse_listed(entry) if is_ours else None


@cache
def _answer(path: str) -> bytes:
    """What the sandbox answers, from a company with a document of each kind."""
    answer = _company().act("GET", path)
    assert answer.status == 200, answer.body
    return encode(answer.body)


@cache
def _company() -> Any:
    control = create_app(switches=Switches(rate_limit=0)).state.control
    row = {"AccountNumber": 3001, "VAT": 25, "Price": 10, "DeliveredQuantity": 1}
    row["Description"] = "Vara"
    offered = {k: v for k, v in row.items() if k != "DeliveredQuantity"} | {"Quantity": 1}
    ours = {"CustomerNumber": "1", **_OURS}
    for path, body in (
        ("customers", {"Customer": {"Name": "A", "Email": "kund@example.org"}}),
        ("articles", {"Article": {"Description": "A", "SalesAccount": 3001}}),
        ("invoices", {"Invoice": {**ours, "InvoiceRows": [row]}}),
        ("orders", {"Order": {**ours, "OrderRows": [{**row, "OrderedQuantity": 1}]}}),
        ("offers", {"Offer": {"CustomerNumber": "1", "OfferRows": [offered]}}),
    ):
        assert control.act("POST", path, body).status == 201
    assert control.act("PUT", "invoices/1/bookkeep").status == 200
    payment = {"InvoicePayment": {"InvoiceNumber": 1, "Amount": 2}}
    assert control.act("POST", "invoicepayments", payment).status == 201
    return control


_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.decimals(),
    st.text(max_size=5),
    st.sampled_from(["", "x", "0", "-1", "1e400", "²", "2026-02-30", "demo:1042", [], {}, [{}]]),
    st.lists(st.none() | st.integers() | st.dictionaries(st.text(), st.none()), max_size=2),
)


def _spoilt(value: Any, draw: Callable[..., Any]) -> Any:
    """A value with something in it missing or replaced, at any depth."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 5)) == 0:
        return draw(_ODD)
    keys = sorted(value) if isinstance(value, dict) else range(len(value))
    key = draw(st.sampled_from(keys))
    changed = copy.copy(value)
    if isinstance(changed, dict) and draw(st.integers(0, 3)) == 0:
        del changed[key]
    else:
        changed[key] = _spoilt(changed[key], draw)
    return changed


@pytest.mark.parametrize(("path", "envelope", "parse"), _OBJECTS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_an_answer_that_fits_can_be_read(path: str, envelope: str, parse: Parse, data: Any):
    """A KeyError in the middle of a day would stop every order for one odd answer."""
    right = decode(_answer(path))
    assert fits(envelope, right)
    parse(right)
    spoilt = right
    for _ in range(data.draw(st.integers(1, 3))):
        spoilt = {**spoilt, envelope: _spoilt(spoilt[envelope], data.draw)}
    if fits(envelope, spoilt):
        parse(spoilt)


@pytest.mark.parametrize(("path", "key", "parse"), _LISTS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_page_that_fits_can_be_read(path: str, key: str, parse: Parse, data: Any):
    """Lists tell what exists: one that can't be read must be read again, not end the run."""
    right = decode(_answer(path))
    assert page_fits(key, right)
    parse(right)
    spoilt = _spoilt(right, data.draw)
    if isinstance(spoilt, dict) and page_fits(key, spoilt):
        parse(spoilt)


def test_others_documents_are_not_looked_into():
    """An odd invoice of somebody else in the same company must not stop our orders."""
    page = {"Invoices": [{"DocumentNumber": "1", "Total": None}]}
    assert page_fits("Invoices", page)
    assert not page_fits("Invoices", {"Invoices": [{**page["Invoices"][0], **_OURS}]})


@pytest.mark.parametrize("page", [{}, {"Invoices": None}, {"Invoices": "abc"}, {"Invoices": [1]}])
def test_what_is_no_list_of_objects_is_no_page(page: dict[str, Any]):
    """Text is a sequence too, and null is in no list of documents."""
    assert not page_fits("Invoices", page)
