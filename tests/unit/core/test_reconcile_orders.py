"""Orders and offers in the proof: on gross only, and never as a sale of the ledger."""

from dataclasses import replace
from datetime import date
from typing import Any

from tests.support.builders import day_window, shop_row
from tests.support.order_day import DELIVERED, INVOICED, ORDERED, sold, types, wanted

from fortnox.core.documents import ListedInvoice
from fortnox.core.reconcile import reconcile_orders
from fortnox.core.reconciled import Evidence, OrdersLevel, State

SOLD = sold(delivered=DELIVERED)


def listed(day: date, **changed: Any) -> ListedInvoice:
    """What a list of the day shows of the order, or of its invoice."""
    (document,) = wanted(day, SOLD)
    found = ListedInvoice(
        document_number="5",
        reference=document.reference,
        day_reference=document.day_reference,
        total_ore=document.total_ore,
        balance_ore=document.total_ore,
        currency="SEK",
        invoice_date=document.invoice_date,
        booked=False,
        cancelled=False,
        voucher_series="",
        voucher_number=None,
        voucher_year=None,
    )
    return replace(found, **changed)


def compared(day: date, **found: Any) -> OrdersLevel:
    """The day's level one, with these lists of Fortnox."""
    return reconcile_orders(
        Evidence(
            shop=shop_row(),
            mappings=types(INVOICED),
            window=day_window(day),
            heads=[SOLD.head],
            documents=found.get("documents", ()),
            orders=found.get("orders", ()),
            held=(),
            invoices={one.reference: one for one in wanted(day, SOLD)},
            gross_ore=found.get("gross_ore", {}),
        )
    )


def test_an_order_is_proven_on_gross_only():
    """The report must not look as if the ledger agreed."""
    (row,) = compared(ORDERED, orders=[listed(ORDERED)]).rows
    assert (row.state, row.difference_ore) == (State.UNBOOKED, 0)
    assert "proven on gross only" in row.reason


def test_an_orders_number_is_not_an_invoices():
    """Order 5 and invoice 5 are two documents; the ledger knows the invoice only."""
    (row,) = compared(ORDERED, orders=[listed(ORDERED)], gross_ore={"5": 100}).rows
    assert (row.document_ore, row.difference_ore) == (29900, 0)


def test_the_invoice_of_an_order_does_not_stand_for_the_order():
    """The invoice is another day's; without the order the day is not proven."""
    (row,) = compared(ORDERED, documents=[listed(ORDERED, booked=True)]).rows
    assert (row.state, row.difference_ore) == (State.MISSING, -29900)


def test_the_order_does_not_stand_for_its_invoice():
    """Delivered and not invoiced is a sale that is missing in the books."""
    (row,) = compared(DELIVERED, orders=[listed(ORDERED)]).rows
    assert row.state is State.MISSING
    (row,) = compared(DELIVERED, documents=[listed(DELIVERED, booked=True)]).rows
    assert (row.state, row.document_ore) == (State.BOOKED, 29900)


def test_two_orders_of_one_sale_differ():
    """Somebody would invoice both."""
    both = [listed(ORDERED), listed(ORDERED, document_number="6")]
    (row,) = compared(ORDERED, orders=both).rows
    assert row.state is State.DIFFERS
    assert "orders 5, 6" in row.reason


def test_an_order_that_the_shop_does_not_have_is_named():
    """Cancelled in the shop, but still to be delivered according to Fortnox."""
    stray = replace(listed(ORDERED), reference="demo:77")
    rows = compared(ORDERED, orders=[listed(ORDERED), stray]).rows
    (row,) = [row for row in rows if row.reference == "demo:77"]
    assert row.state is State.DIFFERS
    assert row.reason.startswith("order 5 carries this day")
