"""Surplus is cancelled and seen to be, or nothing is booked."""

from collections.abc import Iterator

import pytest
from tests.support.once import TODAY, Company, a_company, fault, quick_client, writes

from fortnox.api.creator import Creator
from fortnox.api.finder import find_exact
from fortnox.api.settler import cancel_surplus
from fortnox.core.customer_match import CustomerChoice
from fortnox.core.documents import ListedInvoice
from fortnox.core.errors import UnreachableError

INVOICE = TODAY[0]


@pytest.fixture
def company() -> Iterator[Company]:
    """A company with one draft of ours."""
    with a_company() as made:
        choice = CustomerChoice(number=INVOICE.customer.number, create=False)
        Creator(quick_client(made), "demo", filter_proven=True).create(INVOICE, choice)
        made.faults.forget_requests()
        yield made


def draft(company: Company) -> ListedInvoice:
    (found,) = find_exact(quick_client(company), INVOICE.reference)
    return found


@pytest.mark.parametrize("kind", ["", "drop_after", "status_after", "truncated"])
def test_a_cancellation_is_read_back(company: Company, kind: str):
    """Answered or not, the document itself tells that it is cancelled; one request suffices."""
    if kind:
        fault(company, 1, kind, method="PUT")
    assert cancel_surplus(quick_client(company), draft(company))
    assert draft(company).cancelled
    assert len(writes(company)) == 1


def test_a_document_that_cannot_be_cancelled_is_told(company: Company):
    """Booking its sibling beside it would book the sale twice."""
    fault(company, 1, "status_before", method="PUT", times=0)
    with pytest.raises(UnreachableError, match="nothing of its order was bookkept"):
        cancel_surplus(quick_client(company), draft(company))


def test_a_document_that_was_booked_first_is_reported(company: Company):
    """Only a person can take a booked one back: it becomes the sale."""
    listed = draft(company)
    company.by_hand("PUT", f"invoices/{listed.document_number}/bookkeep")
    assert not cancel_surplus(quick_client(company), listed)


def test_a_document_cancelled_by_somebody_else_is_no_error(company: Company):
    """Two runs settle at the same time: the second finds it done."""
    listed = draft(company)
    company.by_hand("PUT", f"invoices/{listed.document_number}/cancel")
    assert cancel_surplus(quick_client(company), listed)
