"""Between plan and apply the world moves on: each change is seen, and nothing wrong is booked.

Approval may take a night. What was planned is therefore decided anew on what stands in Fortnox.
Changes of period, date, cancellation and booking by hand: tests/unit/api/test_apply.py.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.support.once import TODAY, Company, a_company, books, fault, run, run_until_done

from fortnox.core.errors import PipelineError


@pytest.fixture
def company() -> Iterator[Company]:
    with a_company() as made:
        yield made


def account(company: Company, number: int, **values: Any) -> None:
    """A person changes an account of every financial year of the day."""
    company.by_hand("PUT", f"accounts/{number}", {"Account": values})


def drafts(company: Company) -> None:
    """A run that dies before it bookkept anything."""
    fault(company, 1, "status_before", method="PUT", path="/bookkeep", times=0, status=503)
    with pytest.raises(PipelineError):
        run(company)
    company.faults.clear()


def test_an_account_made_inactive_holds_its_sales_and_names_the_account(company: Company):
    """A cleaned up chart of accounts must not end the day, nor book elsewhere."""
    account(company, 3001, Active=False)
    outcome = run(company)
    assert outcome.booked == 0
    assert len(outcome.held) == len(TODAY)
    assert all("3001" in held.reason for held in outcome.held), outcome.held[0]
    account(company, 3001, Active=True)
    assert run(company).held == []


def test_an_account_made_inactive_before_the_bookkeeping_leaves_drafts(company: Company):
    """The drafts wait, and are booked when the account is back."""
    drafts(company)
    account(company, 3001, Active=False)
    outcome = run(company)
    assert outcome.booked == 0
    account(company, 3001, Active=True)
    run_until_done(company)
    assert books(company).unbooked == 0


def test_a_customers_new_vat_type_is_no_other_booking(company: Company):
    """Somebody makes the buyer an export customer: VAT must not fall away in silence."""
    number = TODAY[0].customer.number
    company.by_hand("PUT", f"customers/{number}", {"Customer": {"VATType": "EXPORT"}})
    before = books(company).balances
    outcome = run(company)
    expected = {invoice.order_id for invoice in TODAY if invoice.customer.number != number}
    touched = {held.order_id for held in outcome.held}
    booked = {
        one["ExternalInvoiceReference1"].removeprefix("demo:")
        for one in company.fortnox.table("invoices").values()
        if one["Booked"]
    }
    assert expected <= booked
    for invoice in TODAY:
        if invoice.customer.number == number:
            assert invoice.order_id in touched or right_vat(company, invoice.order_id)
    assert books(company).balances != before


def right_vat(company: Company, order_id: str) -> bool:
    """Whether the booked invoice has the VAT that the shop charged."""
    (invoice,) = [
        one
        for one in company.fortnox.table("invoices").values()
        if one["ExternalInvoiceReference1"] == f"demo:{order_id}"
    ]
    wanted = next(one for one in TODAY if one.order_id == order_id)
    shop_vat_ore = sum(row.shop_vat_ore for row in wanted.rows)
    return abs(int(invoice["TotalVAT"] * 100) - shop_vat_ore) <= len(wanted.rows)


@pytest.mark.parametrize("match", ["exact", "prefix"])
def test_a_filter_that_stops_matching_parts_doubles_nothing(company: Company, match: str):
    """Fortnox changes how references match between two runs: look-ups take over."""
    store = company.fortnox
    run(company, TODAY[:3])
    store.switches = replace(store.switches, reference_match=match)
    run(company)
    references = [
        one["ExternalInvoiceReference1"]
        for one in store.table("invoices").values()
        if not one["Cancelled"]
    ]
    assert len(references) == len(set(references)) == len(TODAY) + 2
