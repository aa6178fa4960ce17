"""Documents marked as sent or e-mailed: last of all, one attempt, never twice (rule 26)."""

from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from tests.support import once
from tests.support.builders import buyer
from tests.support.once import Company, a_company, api_requests, fault, run_until_done, writes
from tests.support.order_day import ORDERED, sold, types, wanted

from fortnox.core.documents import Invoice

#: Nothing is slow on purpose here; a busy machine must not look like a lost answer.
run = partial(once.run, timeout_s=(5, 5))


@pytest.fixture
def company() -> Iterator[Company]:
    """A company that knows the shop."""
    with a_company() as made:
        yield made


def sale(send: str, document: str = "invoice", email: str = "kim@example.com") -> Sequence[Invoice]:
    """One paid sale whose document is to be sent."""
    date, book = ("created", "no") if document == "order" else ("paid", "yes")
    maps = types(f"*,b2b,{document},{date},{book},30,none,,,,no,{send},,\n")
    return wanted(ORDERED, sold(buyer=buyer(email=email)), maps=maps)


def sends(company: Company) -> list[str]:
    """The requests that send, with what came before left out."""
    paths = [one.path for one in api_requests(company)]
    return [path for path in paths if path.endswith(("/email", "/externalprint"))]


@pytest.mark.parametrize("document", ["invoice", "order"])
@pytest.mark.parametrize(("send", "action"), [("mark", "externalprint"), ("email", "email")])
def test_a_document_is_sent_once(company: Company, document: str, send: str, action: str):
    """The last request of the run, and none in the run after it."""
    today = sale(send, document)
    assert run(company, today).held == []
    assert api_requests(company)[-1].path.endswith(f"/{action}")
    (found,) = [
        one
        for one in company.fortnox.table(f"{document}s").values()
        if one["ExternalInvoiceReference1"] == "demo:1001"
    ]
    assert found["Sent"] is True
    company.faults.forget_requests()
    assert run(company, today).unchanged == 1
    assert (writes(company), sends(company)) == ([], [])


@pytest.mark.parametrize("kind", ["drop_after", "status_after"])
def test_an_email_whose_answer_is_lost_is_not_sent_again(company: Company, kind: str):
    """``Sent`` says that it went out: nothing is held, and the buyer gets one letter."""
    fault(company, 1, kind, method="GET", path="/email")
    outcome = run(company, sale("email"))
    assert outcome.held == []
    run_until_done(company, sale("email"))
    assert len(sends(company)) == 1


def test_an_email_that_is_not_certain_is_left_to_a_person(company: Company):
    """Fortnox failed and does not show it as sent: trying again could be the second letter."""
    fault(company, 1, "status_before", status=500, method="GET", path="/email")
    for _ in range(2):
        outcome = run(company, sale("email"))
        assert [item.code for item in outcome.held] == ["not_sent"]
    assert len(sends(company)) == 1


def test_a_mark_is_said_again(company: Company):
    """Marking twice does no harm, so the next run completes it."""
    fault(company, 1, "status_before", status=500, method="PUT", path="/externalprint")
    assert [item.code for item in run(company, sale("mark")).held] == ["not_sent"]
    assert run(company, sale("mark")).held == []
    assert len(sends(company)) == 2


def test_a_buyer_without_an_address_is_named(company: Company):
    """Fortnox can't e-mail it; the invoice is booked all the same."""
    maps = types("*,b2b,invoice,paid,yes,30,none,,,,no,email,,\n")
    of_account = sold(buyer=buyer(email="", customer_id="3"))
    outcome = run(company, wanted(ORDERED, of_account, maps=maps))
    assert outcome.booked == 1
    (item,) = outcome.held
    assert item.code.startswith("fortnox_")
