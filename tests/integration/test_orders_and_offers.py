"""Orders, the invoices they become, and offers: through apply into the sandbox Fortnox."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from tests.support import once
from tests.support.builders import line, shop_row
from tests.support.once import (
    Company,
    a_company,
    api_requests,
    books,
    fault,
    run_until_done,
    writes,
)
from tests.support.order_day import DELIVERED, INVOICED, ORDERED, sold, types, wanted

from fortnox.core.money import decimal_to_ore

OFFER = "*,b2b,offer,created,no,,none,,,,no,no,,\n"
ORDER_ONLY = "*,b2b,order,created,no,30,none,,,,no,no,,\n"


#: Nothing is slow on purpose here; a busy machine must not look like a lost answer.
run = partial(once.run, timeout_s=(5, 5))


@pytest.fixture
def company() -> Iterator[Company]:
    """A company that knows the shop: the filter is proven by yesterday's documents."""
    with a_company() as made:
        yield made


def documents(company: Company, table: str) -> list[dict[str, Any]]:
    """Documents of the order that is sold here, not those of yesterday."""
    rows = company.fortnox.table(table).values()
    names = ("ExternalInvoiceReference1", "YourReference")
    return [row for row in rows if any(row.get(name) == "demo:1001" for name in names)]


def ledger(company: Company) -> dict[int, int]:
    """Account -> balance in öre, without those that are even."""
    found = {account: decimal_to_ore(amount) for account, amount in books(company).balances}
    return {account: ore for account, ore in found.items() if ore}


def moved(company: Company, before: dict[int, int]) -> dict[int, int]:
    """What has happened in the ledger since."""
    now = ledger(company)
    changes = {a: now.get(a, 0) - before.get(a, 0) for a in now.keys() | before.keys()}
    return {account: ore for account, ore in changes.items() if ore}


def test_an_order_stands_complete_and_touches_no_account(company: Company):
    """Rule 20: an order with an empty quantity has Total 0, and would be invoiced as nothing."""
    before = ledger(company)
    outcome = run(company, wanted(ORDERED, sold(line("299.00", quantity="2"))))
    assert (outcome.created, outcome.booked, outcome.held) == (1, 0, [])
    (order,) = documents(company, "orders")
    assert (order["OrderDate"], order["Total"], order["TermsOfPayment"]) == (
        "2026-05-04",
        299,
        "30",
    )
    assert order["ExternalInvoiceReference2"].startswith("demo:2026-05-04:")
    (row,) = order["OrderRows"]
    assert (row["OrderedQuantity"], row["DeliveredQuantity"]) == ("2", "2")
    assert (row["AccountNumber"], row["VAT"]) == (3001, 25)
    assert moved(company, before) == {}


def test_a_delivered_order_becomes_a_booked_and_paid_invoice(company: Company):
    """Rule 22: dated the day of delivery, not today, and in the ledger once."""
    before = ledger(company)
    run(company, wanted(ORDERED, sold()))
    outcome = run(company, wanted(DELIVERED, sold(delivered=DELIVERED)))
    assert (outcome.booked, outcome.paid, outcome.held) == (1, 1, [])
    (invoice,) = documents(company, "invoices")
    assert (invoice["InvoiceDate"], invoice["DueDate"]) == ("2026-05-11", "2026-06-10")
    assert invoice["ExternalInvoiceReference2"].startswith("demo:2026-05-11:")
    assert moved(company, before) == {1930: 29900, 3001: -23920, 2611: -5980}


@pytest.mark.parametrize("switches", [{}, {"createinvoice_references": "drop"}], ids=str)
@pytest.mark.parametrize("answer", ["invoice", "order"])
def test_whatever_createinvoice_answers(switches: dict[str, str], answer: str):
    """Nobody knows whether it answers order or invoice, and whether references come along."""
    with a_company(createinvoice_answer=answer, **switches) as company:
        outcome = run(company, wanted(ORDERED, sold(delivered=ORDERED)))
        assert (outcome.created, outcome.booked, outcome.held) == (2, 1, [])
        (invoice,) = documents(company, "invoices")
        assert invoice["InvoiceDate"] == "2026-05-04"


def test_the_request_floor_of_an_order(company: Company):
    """Rules of the books: POST, createinvoice, PUT, bookkeep; a new customer and a payment more."""
    today = wanted(ORDERED, sold(delivered=ORDERED))
    run(company, today)
    assert writes(company) == [
        "POST /3/customers",
        "POST /3/orders",
        "PUT /3/orders/1/createinvoice",
        "PUT /3/invoices/3",
        "PUT /3/invoices/3/bookkeep",
        "POST /3/invoicepayments",
        "PUT /3/invoicepayments/3/bookkeep",
    ]


def test_the_second_run_writes_nothing(company: Company):
    """Order, invoice and offer are found again, whichever day is run again."""
    for day in (ORDERED, DELIVERED):
        run(company, wanted(day, sold(delivered=DELIVERED)))
    company.faults.forget_requests()
    for day in (ORDERED, DELIVERED):
        assert run(company, wanted(day, sold(delivered=DELIVERED))).unchanged == 1
    assert writes(company) == []


def test_an_order_that_no_earlier_run_made_is_made_first(company: Company):
    """The day of the order never ran: its delivery still ends in one order and one invoice."""
    outcome = run(company, wanted(DELIVERED, sold(delivered=DELIVERED)))
    assert (outcome.created, outcome.booked) == (2, 1)
    (order,) = documents(company, "orders")
    assert order["OrderDate"] == "2026-05-04"
    assert run(company, wanted(ORDERED, sold(delivered=DELIVERED))).unchanged == 1


def test_an_edited_order_is_updated_until_it_is_invoiced(company: Company):
    """Rows that are no longer ordered must go; an invoiced order is never altered."""
    run(company, wanted(ORDERED, sold(line("100.00"), line("50.00", line_id="2"))))
    outcome = run(company, wanted(ORDERED, sold(line("120.00"))))
    assert outcome.held == []
    (order,) = documents(company, "orders")
    assert (order["Total"], len(order["OrderRows"])) == (120, 1)
    run(company, wanted(DELIVERED, sold(line("130.00"), delivered=DELIVERED)))
    (invoice,) = documents(company, "invoices")
    assert (invoice["Total"], invoice["Booked"]) == (130, True)
    outcome = run(company, wanted(ORDERED, sold(line("140.00"), delivered=DELIVERED)))
    assert [item.code for item in outcome.held] == ["changed_after_export"]


def test_a_second_order_of_the_sale_is_cancelled(company: Company):
    """A request that Fortnox carried out late: found by the next run over the order."""
    today = wanted(ORDERED, sold())
    run(company, today)
    (order,) = documents(company, "orders")
    copied = {
        name: order[name]
        for name in ("CustomerNumber", "ExternalInvoiceReference1", "ExternalInvoiceReference2")
    }
    rows = [{"Description": "Mugg", "Price": 299, "DeliveredQuantity": 1}]
    body = {**copied, "VATIncluded": True, "OrderRows": rows}
    company.by_hand("POST", "orders", {"Order": body})
    outcome = run(company, today)
    assert (outcome.surplus_cancelled, outcome.held) == (1, [])
    assert [one["Cancelled"] for one in documents(company, "orders")] == [False, True]


def test_an_order_cancelled_in_fortnox_is_not_made_anew(company: Company):
    """Rule 5: a person's cancellation counts, for the order and for its invoice."""
    run(company, wanted(ORDERED, sold()))
    company.by_hand("PUT", "orders/1/cancel")
    for day in (ORDERED, DELIVERED):
        outcome = run(company, wanted(day, sold(delivered=DELIVERED)))
        assert [item.code for item in outcome.held] == ["cancelled_in_fortnox"]
    assert documents(company, "invoices") == []


@pytest.mark.parametrize("references", ["inherit", "drop"])
def test_an_order_invoiced_by_hand_is_left_to_the_person(references: str):
    """Somebody pressed the button in Fortnox and bookkept: it must not be booked again."""
    with a_company(createinvoice_references=references) as company:
        run(company, wanted(ORDERED, sold()))
        made = company.by_hand("PUT", "orders/1/createinvoice")["Invoice"]["DocumentNumber"]
        company.by_hand("PUT", f"invoices/{made}/bookkeep")
        outcome = run(company, wanted(DELIVERED, sold(delivered=DELIVERED)))
        assert [item.code for item in outcome.held] == ["invoiced_by_hand"]
        assert writes(company)[-1].endswith(("createinvoice", "orders"))


@pytest.mark.parametrize("references", ["inherit", "drop"])
def test_a_crash_after_createinvoice_is_completed(references: str):
    """The invoice stands unbooked and dated today; the next run dates, books and pays it."""
    with a_company(createinvoice_references=references) as company:
        run(company, wanted(ORDERED, sold()))
        company.by_hand("PUT", "orders/1/createinvoice")
        outcome = run(company, wanted(DELIVERED, sold(delivered=DELIVERED)))
        assert (outcome.booked, outcome.paid, outcome.held) == (1, 1, [])
        (invoice,) = documents(company, "invoices")
        assert invoice["InvoiceDate"] == "2026-05-11"


def test_an_offer_is_found_by_its_reference(company: Company):
    """Rule 10: no reference field, so the floor is a look-up and a POST; once all the same."""
    maps = types(OFFER)
    known = sold(line("80.00"), order_id="10011", number="10011")
    run(company, wanted(ORDERED, known, maps=maps))
    company.faults.forget_requests()
    outcome = run(company, wanted(ORDERED, sold(), maps=maps))
    assert (outcome.created, outcome.held) == (1, [])
    (offer,) = documents(company, "offers")
    assert (offer["OfferDate"], offer["Total"]) == ("2026-05-04", 299)
    assert offer["OfferRows"][0]["Quantity"] == "1"
    company.faults.forget_requests()
    assert run(company, wanted(ORDERED, sold(), maps=maps)).unchanged == 1
    assert writes(company) == []
    edited = run(company, wanted(ORDERED, sold(line("310.00")), maps=maps))
    assert edited.held == []
    assert documents(company, "offers")[0]["Total"] == 310


@pytest.mark.parametrize("kind", ["drop_after", "status_after"])
def test_an_offer_whose_answer_is_lost_is_made_once(company: Company, kind: str):
    """The look-up after the lost answer must read each offer, for lists show no reference."""
    fault(company, 1, kind, method="POST", path="/3/offers")
    run_until_done(company, wanted(ORDERED, sold(), maps=types(OFFER)))
    assert len(documents(company, "offers")) == 1


def test_delivery_codes_are_printed_on_order_and_invoice(company: Company):
    """The warehouse reads way and terms of delivery off the document."""
    document = replace(
        wanted(ORDERED, sold(delivered=ORDERED))[0],
        way_of_delivery="BREV",
        terms_of_delivery="FVL",
    )
    run(company, [document])
    for table in ("orders", "invoices"):
        (found,) = documents(company, table)
        assert (found["WayOfDelivery"], found["TermsOfDelivery"]) == ("BREV", "FVL")


def test_an_unpaid_order_is_invoiced_without_a_payment(company: Company):
    """The ordinary B2B sale: the receivable stays open until the buyer pays."""
    b2b = sold(delivered=DELIVERED, paid_utc=None)
    before = ledger(company)
    run(company, wanted(DELIVERED, b2b))
    assert moved(company, before) == {1510: 29900, 3001: -23920, 2611: -5980}


def test_orders_without_invoices_stay_orders(company: Company):
    """``create_invoice`` no: delivery changes nothing; a person invoices it."""
    maps = types(ORDER_ONLY)
    run(company, wanted(ORDERED, sold(delivered=DELIVERED), maps=maps))
    assert wanted(DELIVERED, sold(delivered=DELIVERED), maps=maps) == ()
    assert documents(company, "invoices") == []


def test_a_closed_period_holds_the_invoice_and_not_the_order(company: Company):
    """Rule 17 is about what is booked; the order is a promise, not a posting."""
    shop = shop_row(books_closed_through=date(2026, 5, 31))
    assert run(company, wanted(ORDERED, sold(), shop=shop), shop=shop).held == []
    outcome = run(company, wanted(DELIVERED, sold(delivered=DELIVERED), shop=shop), shop=shop)
    assert [item.code for item in outcome.held] == ["period_closed"]


@pytest.mark.parametrize("row", [ORDER_ONLY, INVOICED])
def test_reads_do_not_grow_with_the_orders(company: Company, row: str):
    """Rule 3: a range of orders is one list, in each register."""
    maps = types(row)
    many = [sold(order_id=str(2000 + n), number=str(2000 + n)) for n in range(20)]
    run(company, wanted(ORDERED, *many, maps=maps))
    company.faults.forget_requests()
    run(company, wanted(ORDERED, *many, maps=maps))
    assert len(api_requests(company)) <= 15
