"""Apply meets people, closed books and a Fortnox that refuses: held with a reason, or right."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support.builders import DAY, buyer, day_window, line, mappings, order, shop_row
from tests.support.once import (
    TODAY,
    Company,
    a_company,
    api_requests,
    books,
    fault,
    quick_client,
    restore,
    run,
    saved_state,
    writes,
)

from fortnox.api.apply import Outcome, apply_invoices
from fortnox.api.snapshot import take_snapshot
from fortnox.core.actions import ActionKind
from fortnox.core.documents import Held, Invoice
from fortnox.core.errors import FatalError, UnreachableError
from fortnox.core.plan import Plan, make_plan
from fortnox.core.transform import transform

LATE = {"late_policy": "first_open_day"}
NEW_CUSTOMER = TODAY[2]
RETURNING = TODAY[0]
MAPPINGS = mappings()


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
    made.control_room.set_switches(rate_limit=0)
    return made


def plan_of(company: Company, invoices: Any = TODAY, **shop: Any) -> Plan:
    """What the plan task would show."""
    client = quick_client(company)
    return make_plan(invoices, take_snapshot(client, "demo", invoices), shop_row(**shop))


def planned(company: Company, invoices: Any = TODAY, **shop: Any) -> list[Invoice]:
    """The invoices of the plan's chunks: dated as planned."""
    return [action.invoice for action in plan_of(company, invoices, **shop).actions]


def apply(company: Company, invoices: Any = TODAY, **shop: Any) -> Outcome:
    return run(company, invoices, shop=shop_row(**shop))


def when(n: int, act: Callable[[], object]) -> Callable[[], None]:
    """A client's ``before_write`` that lets something happen just before the n-th write."""
    count = iter(range(1, 10_000))

    def before_write() -> None:
        if next(count) == n:
            act()

    return before_write


def drafts_only(company: Company, invoices: Any = TODAY, **shop: Any) -> None:
    """A run that dies after its creates: unbooked invoices stand in Fortnox."""
    fault(company, 1, "status_before", method="PUT", status=403, times=0)
    with pytest.raises(FatalError):
        apply(company, invoices, **shop)
    company.faults.clear()


def document(company: Company, invoice: Invoice) -> dict[str, Any]:
    """The one live document of an order."""
    (found,) = (
        one
        for one in company.fortnox.table("invoices").values()
        if one["ExternalInvoiceReference1"] == invoice.reference and not one["Cancelled"]
    )
    return dict(found)


def the_held(outcome: Outcome) -> Held:
    (held,) = outcome.held
    return held


def test_a_returning_customer_costs_four_writes_and_a_new_one_five(company: Company):
    """The request floor: create and bookkeep invoice and payment, and a card for each new buyer."""
    apply(company)
    assert len(writes(company)) == 4 * len(TODAY) + 2
    company.faults.forget_requests()
    assert apply(company).unchanged == len(TODAY)
    assert writes(company) == []
    assert len(api_requests(company)) <= 10


def test_the_forecast_is_what_apply_then_makes(company: Company):
    """Chunks are cut by the forecast, and the report shows it beside the requests made."""
    forecast = plan_of(company).requests
    company.faults.forget_requests()
    # With patience: a reading that is repeated on a busy machine would be counted twice.
    run(company, shop=shop_row(), timeout_s=(5, 5))
    made = len(api_requests(company)) + 1  # the company guard of the task
    assert abs(forecast - made) <= 2


def test_adopted_documents_are_not_counted_as_created(company: Company):
    """A retry that finds the drafts of the try before it books them and creates nothing."""
    drafts_only(company)
    outcome = apply(company)
    assert (outcome.created, outcome.booked, outcome.held) == (0, len(TODAY), [])


def test_a_draft_that_a_person_booked_meanwhile_is_left_alone(company: Company):
    """Somebody presses Bookkeep just before us: no second request, no error."""
    drafts_only(company, [RETURNING])
    number = document(company, RETURNING)["DocumentNumber"]
    book = when(1, lambda: company.by_hand("PUT", f"invoices/{number}/bookkeep"))
    outcome = apply_invoices(quick_client(company, before_write=book), shop_row(), [RETURNING])
    assert (outcome.booked, outcome.held) == (1, [])
    assert document(company, RETURNING)["Booked"]
    assert books(company).unbooked == 0


def test_a_credit_made_by_hand_is_not_surplus(company: Company):
    """Fortnox's own credit copies our references; cancelling it would undo a person's work."""
    apply(company, [RETURNING])
    number = document(company, RETURNING)["DocumentNumber"]
    company.by_hand("PUT", f"invoices/{number}/credit")
    before = books(company)
    outcome = apply(company, [RETURNING])
    assert (outcome.surplus_cancelled, outcome.unchanged, outcome.held) == (0, 1, [])
    assert books(company) == before


def two_drafts(company: Company) -> tuple[str, str]:
    """The same order stands twice, unbooked: a request was carried out late."""
    drafts_only(company, [RETURNING])
    first = document(company, RETURNING)
    kept = ("CustomerNumber", "InvoiceDate", "VATIncluded")
    references = ("ExternalInvoiceReference1", "ExternalInvoiceReference2")
    rows = [
        {k: row[k] for k in ("AccountNumber", "Description", "DeliveredQuantity", "Price", "VAT")}
        for row in first["InvoiceRows"]
    ]
    body = {name: first[name] for name in (*kept, *references)} | {"InvoiceRows": rows}
    second = company.by_hand("POST", "invoices", {"Invoice": body})["Invoice"]
    return str(first["DocumentNumber"]), str(second["DocumentNumber"])


def test_surplus_is_cancelled_before_its_sibling_is_booked(company: Company):
    """Of two drafts the lower number survives; the other is cancelled first."""
    first, second = two_drafts(company)
    company.faults.forget_requests()
    outcome = apply(company, [RETURNING])
    assert (outcome.surplus_cancelled, outcome.booked) == (1, 1)
    assert writes(company)[:2] == [
        f"PUT /3/invoices/{second}/cancel",
        f"PUT /3/invoices/{first}/bookkeep",
    ]
    assert not any("/invoices" in one for one in writes(company)[2:])


def test_surplus_of_an_order_that_is_not_this_runs_is_settled_too(company: Company):
    """Rule 4: a request carried out late belongs to another day, which may never run again."""
    two_drafts(company)
    outcome = apply(company, TODAY[1:])
    assert (outcome.surplus_cancelled, outcome.booked) == (1, len(TODAY) - 1)
    assert not document(company, RETURNING)["Booked"]


def test_surplus_that_a_person_books_first_keeps_its_sibling_unbooked(company: Company):
    """Rule 6: a refused cancel makes that one the survivor; booking ours would double the sale."""
    first, second = two_drafts(company)
    book = when(1, lambda: company.by_hand("PUT", f"invoices/{second}/bookkeep"))
    outcome = apply_invoices(quick_client(company, before_write=book), shop_row(), [RETURNING])
    assert the_held(outcome).code == "booked_meanwhile"
    assert not company.fortnox.table("invoices").get(first)["Booked"]
    healed = apply(company, [RETURNING])
    assert (healed.surplus_cancelled, healed.booked, healed.held) == (1, 0, [])
    assert document(company, RETURNING)["DocumentNumber"] == second


@pytest.mark.parametrize("moment", ["before the list", "before bookkeep"])
def test_a_draft_cancelled_by_a_person_is_held(company: Company, moment: str):
    """Somebody cancels our draft while we work: held, not made again, and the others go on."""
    cancelled: list[str] = []

    def cancel() -> None:
        if not cancelled:
            cancelled.append(document(company, RETURNING)["DocumentNumber"])
            company.by_hand("PUT", f"invoices/{cancelled[0]}/cancel")

    first_bookkeep = len(TODAY) + 2 + 1
    before_write = when(first_bookkeep, cancel) if moment == "before bookkeep" else lambda: None
    outcome = apply_invoices(
        quick_client(company, before_write=before_write),
        shop_row(),
        TODAY,
        sleep=lambda _: cancel() if moment == "before the list" else None,
    )
    held = the_held(outcome)
    assert held.order_id == RETURNING.order_id
    assert outcome.booked == len(TODAY) - 1
    again = the_held(apply(company))
    assert again.code == "cancelled_in_fortnox"
    assert books(company).unbooked == 0


def test_a_draft_whose_order_was_edited_is_booked_as_it_is_now(company: Company):
    """Left unbooked, edited in the shop, then run again: booked with the new rows, once."""
    drafts_only(company, [RETURNING])
    edited = order(
        line("500.00", "25"), order_id=RETURNING.order_id, buyer=buyer(email="ada@example.com")
    )
    wanted = transform([edited], (), shop=shop_row(), mappings=MAPPINGS, window=day_window())
    outcome = apply(company, wanted.invoices)
    assert (outcome.created, outcome.booked, outcome.held) == (0, 1, [])
    made = document(company, RETURNING)
    assert (made["Total"], len(made["InvoiceRows"])) == (500, 1)
    assert made["ExternalInvoiceReference2"] == wanted.invoices[0].day_reference


@pytest.mark.parametrize("what", ["inactive", "deleted"])
def test_a_card_that_cannot_be_used_holds_its_order_only(company: Company, what: str):
    """A card that was switched off or deleted: that buyer's order waits, the others are booked."""
    number = NEW_CUSTOMER.customer.number
    company.by_hand("POST", "customers", {"Customer": {"CustomerNumber": number, "Name": "Förr"}})
    if what == "deleted":
        company.by_hand("DELETE", f"customers/{number}")
    else:
        company.by_hand("PUT", f"customers/{number}", {"Customer": {"Active": False}})
    outcome = apply(company)
    held = the_held(outcome)
    assert (held.order_id, outcome.booked) == (NEW_CUSTOMER.order_id, len(TODAY) - 1)
    assert f"customer {number}" in held.reason
    assert what in held.reason
    assert held.remedy


def test_a_card_of_another_market_is_not_used(company: Company):
    """A person made our card an export card: Fortnox would decide VAT by it."""
    number = NEW_CUSTOMER.customer.number
    card = {"CustomerNumber": number, "Name": "Export", "VATType": "EXPORT"}
    made = when(3, lambda: company.by_hand("POST", "customers", {"Customer": card}))
    outcome = apply_invoices(
        quick_client(company, before_write=made), shop_row(), TODAY, sleep=lambda _: None
    )
    assert "VATType EXPORT" in the_held(outcome).reason


def test_a_card_made_by_somebody_just_now_is_used(company: Company):
    """The number is ours: taken means that the card exists, whoever was asked first."""
    card = {
        "CustomerNumber": NEW_CUSTOMER.customer.number,
        "Name": "Omdöpt Kund",
        "VATType": "SEVAT",
    }
    made = when(3, lambda: company.by_hand("POST", "customers", {"Customer": card}))
    outcome = apply_invoices(
        quick_client(company, before_write=made), shop_row(), TODAY, sleep=lambda _: None
    )
    assert (outcome.booked, outcome.held) == (len(TODAY), [])
    assert company.fortnox.table("customers").get(card["CustomerNumber"])["Name"] == "Omdöpt Kund"


def test_a_period_closed_after_the_plan_holds_all(company: Company):
    """Closed is closed: nothing of the plan is written, whatever late_policy says."""
    wanted = planned(company, **LATE)
    company.control_room.lock_period(DAY)
    for policy in ("hold", "first_open_day"):
        outcome = apply(company, wanted, late_policy=policy)
        assert {held.code for held in outcome.held} == {"period_closed"}
        assert len(outcome.held) == len(TODAY)
    assert writes(company) == []


def test_a_period_closed_before_bookkeep_leaves_drafts_that_are_dated_anew(company: Company):
    """Rule 17: after approval such drafts get the first open day, and are booked there."""
    lock = when(2, lambda: company.control_room.lock_period(DAY))
    outcome = apply_invoices(
        quick_client(company, before_write=lock), shop_row(), [RETURNING], sleep=lambda _: None
    )
    assert the_held(outcome).code == "fortnox_2000401"
    held = the_held(apply(company, [RETURNING]))
    assert held.code == "period_closed"
    assert "stands unbooked" in held.reason
    plan = plan_of(company, [RETURNING], **LATE)
    assert plan.approval_reasons
    assert [action.kind for action in plan.actions] == [ActionKind.BOOK]
    outcome = apply(company, [plan.actions[0].invoice], **LATE)
    assert (outcome.booked, outcome.held) == (1, [])
    made = document(company, RETURNING)
    assert made["InvoiceDate"] == "2026-05-05"
    assert DAY.isoformat() in made["Comments"]


def test_a_late_draft_is_finished_by_the_next_run(company: Company):
    """A crash between create and bookkeep of a late document must not hold it for its date."""
    company.control_room.lock_period(DAY)
    drafts_only(company, planned(company, **LATE), **LATE)
    outcome = apply(company, planned(company, **LATE), **LATE)
    assert (outcome.booked, outcome.held) == (len(TODAY), [])
    assert books(company).unbooked == 0


def test_a_draft_dated_anew_by_hand_is_held_and_named(company: Company):
    """An accountant moved our draft to another open day: a person decides, we do not book it."""
    drafts_only(company, [RETURNING])
    number = document(company, RETURNING)["DocumentNumber"]
    company.by_hand("PUT", f"invoices/{number}", {"Invoice": {"InvoiceDate": "2026-05-20"}})
    held = the_held(apply(company, [RETURNING]))
    assert held.code == "not_verified"
    assert "InvoiceDate is 2026-05-20" in held.reason


def test_a_missing_financial_year_holds_before_and_during(company: Company):
    """At New Year nobody has made the year: held by the plan, and by Fortnox's 500 as well."""
    year = company.fortnox.table("financialyears")
    (year_id,) = (
        int(one["Id"]) for one in year.values() if one["FromDate"] <= "2026-05-04" <= one["ToDate"]
    )
    gone = when(1, lambda: company.control_room.remove_year(year_id))
    outcome = apply_invoices(
        quick_client(company, before_write=gone), shop_row(), TODAY, sleep=lambda _: None
    )
    assert len(outcome.held) == len(TODAY)
    assert all("Räkenskapsår finns inte" in held.reason for held in outcome.held)
    assert {held.code for held in apply(company).held} == {"no_financial_year"}


def test_a_document_that_gets_no_answer_does_not_keep_the_others_out(company: Company):
    """One poisoned document: the rest of the day is booked, and the run asks for another try."""
    fault(company, 1, "status_before", times=2, method="PUT")
    with pytest.raises(UnreachableError, match="1 documents"):
        apply(company)
    assert books(company).unbooked == 1
    assert apply(company).booked == 1


def test_several_without_an_answer_end_the_run(company: Company):
    """Fortnox is ill: the run stops instead of waiting half a minute for each of 500 documents."""
    fault(company, 1, "status_before", times=0, method="POST")
    with pytest.raises(UnreachableError, match="3 documents"):
        apply(company)
    assert len(writes(company)) == 6


def test_what_fortnox_made_otherwise_stays_unbooked(company: Company):
    """A wanted invoice and its document differ: held with the difference, never booked."""
    drafts_only(company, [RETURNING])
    dearer = replace(RETURNING, total_ore=RETURNING.total_ore + 100)
    held = the_held(apply(company, [dearer]))
    assert held.code == "not_verified"
    assert "Total is" in held.reason
    assert not document(company, RETURNING)["Booked"]


def test_an_invoice_that_the_mapping_leaves_unbooked_is_created_only(company: Company):
    """``bookkeep`` no: a draft for the accountant, run after run the same one."""
    left = replace(RETURNING, bookkeep=False)
    assert (apply(company, [left]).created, apply(company, [left]).unchanged) == (1, 1)
    assert not document(company, RETURNING)["Booked"]
    assert document(company, RETURNING)["InvoiceDate"] == date(2026, 5, 4).isoformat()
