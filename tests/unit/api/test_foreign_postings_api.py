"""Another integration posts the same sales into the same company: nothing is booked twice."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.support.builders import shop_row
from tests.support.once import TODAY, Company, a_company, api_requests, quick_client, run

from fortnox.api.snapshot import take_snapshot
from fortnox.core.actions import ActionKind
from fortnox.core.money import ore_to_decimal
from fortnox.core.plan import Plan, make_plan


@pytest.fixture
def company() -> Iterator[Company]:
    with a_company() as made:
        yield made


def post_elsewhere(company: Company, **header: Any) -> str:
    """Somebody books an invoice of the first sale's amount; returns its number."""
    sale = TODAY[0]
    company.by_hand("POST", "customers", {"Customer": {"CustomerNumber": "1", "Name": "Till"}})
    row = {
        "AccountNumber": 3001,
        "DeliveredQuantity": 1,
        "Price": float(ore_to_decimal(sale.total_ore)),
        "VAT": 25,
        "Description": "Order",
    }
    invoice = {
        "CustomerNumber": "1",
        "InvoiceDate": sale.invoice_date.isoformat(),
        "VATIncluded": True,
        "InvoiceRows": [row],
        **header,
    }
    made = company.by_hand("POST", "invoices", {"Invoice": invoice})["Invoice"]
    number = str(made["DocumentNumber"])
    company.by_hand("PUT", f"invoices/{number}/bookkeep")
    return number


def plan(company: Company) -> tuple[Plan, tuple[str, ...]]:
    snapshot = take_snapshot(quick_client(company), "demo", TODAY, look_elsewhere=True)
    return make_plan(TODAY, snapshot, shop_row()), snapshot.elsewhere.notes


def test_a_sale_that_another_plugin_booked_is_held(company: Company):
    """The order number in YourOrderNumber tells it: only that sale waits, the others go on."""
    number = post_elsewhere(company, YourOrderNumber=TODAY[0].order_number)
    made, _ = plan(company)
    (held,) = made.held
    assert (held.code, held.order_id) == ("booked_elsewhere", TODAY[0].order_id)
    assert f"invoice {number}" in held.reason
    assert len(made.of(ActionKind.CREATE)) == len(TODAY) - 1


def test_the_same_amount_alone_is_told_and_booked(company: Company):
    """Most look-alikes are other sales: a sentence for a person, never a hold."""
    number = post_elsewhere(company)
    made, notes = plan(company)
    assert made.held == ()
    assert any(f"invoice {number}" in note for note in notes)


def test_another_orders_number_is_neither(company: Company):
    """A document that names another order is that order's."""
    post_elsewhere(company, YourOrderNumber="999999")
    made, notes = plan(company)
    assert (made.held, notes) == ((), ())


def test_a_shared_card_has_look_alikes_by_nature(company: Company):
    """Sales to one shared customer are never held for their amount (rule 13)."""
    post_elsewhere(company, YourOrderNumber=TODAY[0].order_number)
    shared = [
        replace(
            sale,
            customer=replace(sale.customer, match=(), when_missing="shared", shared_number="1"),
        )
        for sale in TODAY
    ]
    snapshot = take_snapshot(quick_client(company), "demo", shared, look_elsewhere=True)
    assert snapshot.elsewhere.numbers == {}


def test_a_day_that_stands_costs_no_look(company: Company):
    """The second run of a day keeps the floor: nothing to create, nothing to compare."""
    run(company)
    company.faults.forget_requests()
    plan(company)
    assert not [one for one in api_requests(company) if "fromdate" in one.query]
