"""An order on its own day, its invoice on the delivery's, and neither twice."""

from datetime import date

import pytest
from tests.support.builders import day_window, line, shop_row
from tests.support.order_day import DELIVERED, HEADER, INVOICED, ORDERED, sold, types, wanted

from fortnox.core.dates import Due, belongs, ledger_sale, window_sale
from fortnox.core.mapping import Mappings, parse_mappings
from fortnox.core.order_documents import order_of_invoice
from fortnox.core.references import DayReference

MAPS = types(INVOICED)


def test_the_order_belongs_to_its_day_and_the_invoice_to_the_deliverys():
    """Counted on both days as the same document, the sale would be in the books twice."""
    head = sold(delivered=DELIVERED).head
    seen = {
        day: sale.document
        for day in (ORDERED, DELIVERED)
        if belongs(sale := window_sale(head, shop_row(), MAPS, day_window(day)), day_window(day))
    }
    assert seen == {ORDERED: "order", DELIVERED: "invoice"}


def test_delivered_on_its_own_day_there_is_one_document():
    """Order and invoice of one day are one sale of the day's sum."""
    (invoice,) = wanted(ORDERED, sold(delivered=ORDERED))
    assert (invoice.document, invoice.accounting_day) == ("invoice", ORDERED)
    assert invoice.source_order is not None


def test_an_order_is_never_booked_nor_paid():
    """What is not invoiced is no sale; money for it is not registered on anything."""
    (document,) = wanted(ORDERED, sold())
    assert (document.document, document.bookkeep, document.payment) == ("order", False, None)
    assert document.total_ore == 29900


def test_order_and_invoice_share_the_sale_and_differ_in_the_day():
    """Found by the sale's reference in both registers; each day lists its own document."""
    (order,) = wanted(ORDERED, sold(delivered=DELIVERED))
    (invoice,) = wanted(DELIVERED, sold(delivered=DELIVERED))
    assert order.reference == invoice.reference == "demo:1001"
    parsed = [DayReference.parse(one.day_reference) for one in (order, invoice)]
    assert [one and one.day for one in parsed] == [ORDERED, DELIVERED]
    assert order_of_invoice(invoice).day_reference == order.day_reference
    assert order_of_invoice(invoice).rows == order.rows


def test_an_edit_changes_both_references():
    """An edit of the order must be seen on the invoice too."""
    before, after = (
        wanted(DELIVERED, sold(line(gross), delivered=DELIVERED))[0] for gross in ("10.00", "20.00")
    )
    assert before.day_reference != after.day_reference
    assert before.source_order != after.source_order


def test_the_payment_is_not_before_the_invoice():
    """Fortnox refuses a payment that is dated before its invoice (2001089)."""
    (invoice,) = wanted(DELIVERED, sold(delivered=DELIVERED))
    assert invoice.payment is not None
    assert invoice.payment.paid_on == DELIVERED


def test_before_the_start_date_neither_order_nor_invoice_is_ours():
    """The previous system has the order, and invoices it when it is delivered."""
    shop = shop_row(start_date=date(2026, 5, 8))
    assert wanted(DELIVERED, sold(delivered=DELIVERED), shop=shop) == ()


def test_a_refund_before_the_delivery_has_nothing_to_credit():
    """The ledger has no sale yet; crediting nothing would make a negative sale."""
    undelivered, delivered = sold().head, sold(delivered=DELIVERED).head
    assert ledger_sale(undelivered, shop_row(), MAPS).due is Due.NOT_DUE
    assert ledger_sale(delivered, shop_row(), MAPS).accounting_day == DELIVERED


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("*,b2b,invoice,paid,yes,,none,,,,delivered,no,,", '"delivered" does not go with invoice'),
        ("*,b2b,order,paid,yes,,none,,,,no,no,,", '"no" leaves nothing to bookkeep'),
        ("*,b2b,offer,created,no,,none,,,,no,email,,", '"email" does not go with offer'),
        ("*,b2b,order,paid,yes,,none,,,,shipped,no,,", '"shipped"'),
    ],
)
def test_contradictions_in_the_mapping_are_named(row: str, problem: str):
    """A wish that can't be carried out must be seen before the first sale."""
    parsed = parse_mappings({"document_types.csv": (HEADER + row).encode()})
    found = [error for error in parsed.errors if error.file == "document_types.csv" and error.row]
    assert any(problem in error.problem for error in found), parsed.errors


def delivery_rows(*rows: str) -> Mappings:
    """The rows of delivery_methods.csv."""
    header = "shop,shipping_method,way_of_delivery,terms_of_delivery\n"
    return parse_mappings({"delivery_methods.csv": (header + "\n".join(rows)).encode()}).mappings


@pytest.mark.parametrize(
    ("method", "way"),
    [("flat_rate:3", "EXPRESS"), ("flat_rate:4", "PAKET"), ("pickup", "BREV"), ("", None)],
)
def test_the_most_specific_shipping_method_wins(method: str, way: str | None):
    """A zone's own instance before the method, the method before all; nothing for services."""
    maps = delivery_rows("*,flat_rate:3,EXPRESS,", "*,flat_rate,PAKET,", "*,*,BREV,")
    row = maps.delivery_method("demo", method)
    assert (row.way_of_delivery if row else None) == way


def test_a_delivery_row_without_codes_is_an_error():
    """Such a row looks as if it said something."""
    files = {"delivery_methods.csv": b"shop,shipping_method\n*,pickup\n"}
    errors = parse_mappings(files).errors
    assert any("both codes are empty" in error.problem for error in errors)
