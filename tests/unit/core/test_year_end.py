"""The report of a financial year's last day: what a person must see to."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support.advances import DELIVERED, PAID, STRICT, TYPES, sold
from tests.support.builders import mappings, shop_row
from tests.unit.core.test_plan import YEARS

from fortnox.core.orders import OrderHead
from fortnox.core.year_end import year_end_notes

END = date(2026, 5, 31)
YEAR = replace(YEARS[0], to_date=END)


def notes(
    *heads: OrderHead, year: object = YEAR, day: date = END, shop: object = None
) -> list[str]:
    """Of a day, for a shop without advances."""
    return list(
        year_end_notes(
            heads,
            [year],  # type: ignore[list-item]
            day,
            shop=shop or shop_row(),  # type: ignore[arg-type]
            mappings=mappings(document_types=TYPES),
        )
    )


@pytest.mark.parametrize("delivered", [DELIVERED, None])
def test_what_is_paid_and_not_delivered_is_named(delivered: date | None):
    """Revenue of next year would stay in this one, and nobody would look."""
    (note,) = notes(sold(delivered=delivered).head)
    assert "1 orders (1250.00 SEK) are paid and not delivered" in note
    assert "1001" in note


def test_delivered_by_then_or_not_yet_booked_is_not_named():
    """The accountant would rebook what is right."""
    dated_by_delivery = sold(payment_method="bacs").head
    assert notes(sold(delivered=PAID).head, dated_by_delivery) == []


def test_any_other_day_and_a_shop_with_advances_say_nothing():
    """A note on every day is read on none."""
    head = sold().head
    assert notes(head, day=PAID) == []
    assert notes(head, shop=STRICT) == []


def test_the_cash_method_is_reminded_of_its_unpaid_invoices():
    """They must be booked at the year's end, and Fortnox does not do it."""
    (note,) = notes(year=replace(YEAR, cash_method=True))
    assert "all that is unpaid today must be booked" in note
