"""Another integration's posting of a sale: held by its number, told by its amount alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.support.once import TODAY

from fortnox.core.documents import ListedInvoice
from fortnox.core.foreign_postings import candidates, held_elsewhere, names_order, note

SALE = TODAY[0]


def theirs(**changed: object) -> ListedInvoice:
    """An invoice of the same amount, currency and date, of which we know nothing else."""
    values: dict[str, object] = {
        "document_number": "77",
        "reference": "",
        "day_reference": "",
        "total_ore": SALE.total_ore,
        "balance_ore": 0,
        "currency": "SEK",
        "invoice_date": SALE.invoice_date,
        "booked": True,
        "cancelled": False,
        "voucher_series": "B",
        "voucher_number": 1,
        "voucher_year": 1,
    }
    return ListedInvoice(**{**values, **changed})  # type: ignore[arg-type]


def test_same_total_currency_and_week_make_a_candidate():
    """A parallel plugin's invoice is looked at, whoever made it."""
    assert candidates(SALE, [theirs()]) == (theirs(),)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"total_ore": SALE.total_ore + 1}, id="another amount"),
        pytest.param({"currency": "EUR"}, id="another currency"),
        pytest.param({"invoice_date": SALE.invoice_date + timedelta(days=8)}, id="another week"),
        pytest.param({"cancelled": True}, id="cancelled"),
        pytest.param({"day_reference": "demo2:2026-05-04:0123456789ab"}, id="of our second shop"),
    ],
)
def test_anything_else_is_none(changed: dict[str, object]):
    """A false alarm holds a sale that nobody booked."""
    assert candidates(SALE, [theirs(**changed)]) == ()


@pytest.mark.parametrize(
    ("document", "your_order_number"),
    [
        (theirs(reference=SALE.order_number), ""),
        (theirs(day_reference=f"#{SALE.order_number}"), ""),
        (theirs(document_number=SALE.order_number), ""),
        (theirs(), f" {SALE.order_number} "),
        (theirs(), SALE.order_id),
    ],
)
def test_the_order_number_is_found_where_plugins_write_it(
    document: ListedInvoice, your_order_number: str
):
    """References, document number or YourOrderNumber: each plugin has its own habit."""
    assert names_order(SALE, document, your_order_number)


@pytest.mark.parametrize("said", ["", "11011", "1 101", "WEB-1101"])
def test_numbers_are_compared_exactly(said: str):
    """Order 110 is not order 1101, and an empty number is nobody's."""
    sale = replace(SALE, order_number="1101", order_id="")
    assert not names_order(sale, theirs(), said)


def test_held_and_note_say_which_document_and_no_name():
    """The reader must find the other document; neither text may name the buyer."""
    held = held_elsewhere(SALE, "77")
    assert (held.code, held.order_id) == ("booked_elsewhere", SALE.order_id)
    for text in (held.reason, note(SALE, theirs(invoice_date=date(2026, 5, 1)))):
        assert "invoice 77" in text
        assert SALE.customer.name not in text
