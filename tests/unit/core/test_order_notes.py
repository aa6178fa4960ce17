"""What an order is told of its document: once, of the right one, and never a wrong status."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fortnox.core.documents import ListedInvoice
from fortnox.core.write_back import (
    NUMBER_KEY,
    STATUS_KEY,
    OrderNote,
    SaleDocument,
    documents_by_order,
    is_only_ours,
    note_write,
    sale_documents,
)

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


def document(**changed: Any) -> ListedInvoice:
    values: dict[str, Any] = {
        "document_number": "17",
        "reference": "demo:1",
        "day_reference": "",
        "total_ore": 12500,
        "balance_ore": 0,
        "currency": "SEK",
        "invoice_date": date(2026, 11, 20),
        "booked": True,
        "cancelled": False,
        "voucher_series": "B",
        "voucher_number": 1,
        "voucher_year": 1,
    }
    return ListedInvoice(**{**values, **changed})


def note(**changed: Any) -> OrderNote:
    values: dict[str, Any] = {
        "order_id": "1",
        "status": "on-hold",
        "is_paid": False,
        "modified_utc": NOW,
        "content": "c",
    }
    return OrderNote(**{**values, **changed})


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, "paid"),
        ({"balance_ore": 1}, "booked"),
        ({"booked": False}, "unbooked"),
        ({"cancelled": True}, "cancelled"),
        ({"total_ore": 0}, "booked"),
    ],
)
def test_the_status_is_the_documents(changed: dict[str, Any], status: str):
    """Staff would send goods for an invoice that is not paid."""
    sale = SaleDocument(document=document(**changed))
    write = note_write(note(), sale, "")
    assert write is not None
    assert write.meta == {NUMBER_KEY: "17", STATUS_KEY: status}
    assert write.status == ""
    assert note_write(note(meta=write.meta), sale, "") is None


def test_an_order_in_fortnox_is_told_until_it_has_an_invoice():
    """Staff would look for an invoice of that number, or keep the order's number for ever."""
    order, invoice = document(document_number="3", booked=False), document()
    sale = sale_documents({}, {"1": order})["1"]
    write = note_write(note(), sale, "processing")
    assert write is not None
    assert (write.meta, write.status) == ({NUMBER_KEY: "3", STATUS_KEY: "ordered"}, "")
    assert sale_documents({}, {"1": document(cancelled=True)})["1"].status == "cancelled"
    assert sale_documents({"1": invoice}, {"1": order}) == {"1": SaleDocument(document=invoice)}


@pytest.mark.parametrize(
    ("order", "found", "moves"),
    [
        (note(), document(), True),
        (note(is_paid=True), document(), False),
        (note(status="cancelled"), document(), False),
        (note(status="refunded"), document(), False),
        (note(status="processing"), document(), False),
        (note(), document(balance_ore=1), False),
    ],
)
def test_only_an_order_that_waits_for_money_is_moved(
    order: OrderNote, found: ListedInvoice, moves: bool
):
    """An order paid at checkout would count as sent, or a cancelled one would be packed."""
    write = note_write(order, SaleDocument(document=found), "processing")
    assert write is not None
    assert bool(write.status) is moves


def test_a_cancelled_document_does_not_hide_the_live_one():
    """The order would say cancelled while its invoice stands."""
    found = documents_by_order(
        "demo",
        [
            document(document_number="19", cancelled=True),
            document(document_number="18"),
            document(document_number="20", reference="demo:1:r:7"),
            document(document_number="21", reference="other:1"),
        ],
    )
    assert {key: one.document_number for key, one in found.items()} == {"1": "18"}


@pytest.mark.parametrize(
    ("before", "after", "ours"),
    [
        (note(), note(), True),
        (note(), note(content="edited meanwhile"), False),
        (note(modified_utc=NOW + timedelta(minutes=5)), note(), False),
        (note(modified_utc=None), note(), False),
    ],
)
def test_somebody_elses_change_is_never_taken_for_ours(
    before: OrderNote, after: OrderNote, ours: bool
):
    """An edit in the same minute would not be booked until the daily run."""
    assert is_only_ours(before, after, seen_until=NOW + timedelta(minutes=1)) is ours
