"""Customers and invoices are made once each, whatever became of the answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.once import (
    TODAY,
    Company,
    a_company,
    api_requests,
    fault,
    quick_client,
    restore,
    saved_state,
    writes,
)

from fortnox.api.creator import Creator
from fortnox.core.customer_match import CustomerChoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError

INVOICE = TODAY[2]
WISH = INVOICE.customer
NEW = CustomerChoice(number=WISH.number, create=True)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Company, dict[str, dict[str, Any]]]]:
    """One sandbox for all tests, and its state before each."""
    with a_company() as made:
        yield made, saved_state(made)


@pytest.fixture
def company(served: tuple[Company, dict[str, dict[str, Any]]]) -> Company:
    """A company that knows the shop, as new."""
    made, state = served
    restore(made, state)
    return made


def creator(company: Company, *, proven: bool = True) -> Creator:
    return Creator(quick_client(company), "demo", filter_proven=proven)


def test_a_card_is_made_once_for_all_orders_of_a_run(company: Company):
    """A buyer with three orders on a first day costs one card, not three refusals."""
    made = creator(company)
    for _ in range(3):
        made.ensure_customer(WISH)
    assert writes(company) == ["POST /3/customers"]


def test_what_came_of_a_card_made_ahead_is_told_by_its_document(company: Company):
    """A refused card holds its document without a second refusal; the others' requests go on."""
    fault(company, 1, "status_before", path="/3/customers", method="POST", status=400)
    made = creator(company)
    made.begin_card(WISH)
    with pytest.raises(DocumentError):
        made.create(INVOICE, NEW)
    assert writes(company) == ["POST /3/customers"]


def test_a_card_made_ahead_is_there_for_its_document(company: Company):
    """The card costs one request, whoever made it."""
    made = creator(company)
    made.begin_card(WISH)
    assert made.create(INVOICE, NEW) is not None
    assert writes(company) == ["POST /3/customers", "POST /3/invoices"]


def test_an_unanswered_card_is_sent_again(company: Company):
    """Its number is ours: the second request is refused as taken, and that is the answer."""
    fault(company, 1, "drop_after", method="POST")
    creator(company).ensure_customer(WISH)
    assert WISH.number in company.fortnox.table("customers")
    assert len(writes(company)) == 2


def test_an_unanswered_invoice_is_looked_up_before_it_is_sent_again(company: Company):
    """Carried out without an answer: found by its reference, not made a second time."""
    fault(company, 1, "drop_after", path="/3/invoices", method="POST")
    made = creator(company)
    assert made.create(INVOICE, NEW) is None
    assert made.created == 1
    assert writes(company) == ["POST /3/customers", "POST /3/invoices"]


def test_an_invoice_that_was_not_made_is_sent_again(company: Company):
    """A connection that broke before Fortnox acted costs one look-up and one more try."""
    fault(company, 1, "refuse_before", path="/3/invoices", method="POST")
    made = creator(company).create(INVOICE, NEW)
    assert made is not None
    assert made.reference == INVOICE.reference


def test_two_tries_without_an_answer_are_reported(company: Company):
    """Never a third try in one run: the next one looks first."""
    fault(company, 1, "status_before", path="/3/invoices", method="POST", times=0)
    with pytest.raises(UnknownOutcomeError):
        creator(company).create(INVOICE, NEW)
    assert writes(company) == ["POST /3/customers", *["POST /3/invoices"] * 2]


def test_without_a_proven_filter_nothing_is_made_that_exists(company: Company):
    """The snapshot could not be trusted: the exact look-up finds what it did not show."""
    creator(company).create(INVOICE, NEW)
    company.faults.forget_requests()
    again = creator(company, proven=False)
    assert again.create(INVOICE, NEW) is None
    assert (again.created, writes(company)) == (0, [])


def test_the_first_creation_proves_the_filter_for_the_others(company: Company):
    """A first run of 500 orders must not make 500 look-ups."""
    made = creator(company, proven=False)
    made.create(INVOICE, NEW)
    company.faults.forget_requests()
    made.create(TODAY[0], CustomerChoice(number=WISH.number, create=False))
    assert [one.method for one in api_requests(company)] == ["POST"]


def test_a_filter_that_cannot_be_proven_is_not_tried_for_ever(company: Company):
    """Where only whole references match, each creation has its look-up and no proof beside it."""
    company.control_room.set_switches(reference_match="exact")
    made = creator(company, proven=False)
    for invoice in TODAY:
        made.create(invoice, CustomerChoice(number=TODAY[0].customer.number, create=False))
    reads = [one for one in api_requests(company) if one.method == "GET"]
    company.control_room.set_switches(reference_match="contains")
    assert len(reads) == len(TODAY) + 3
