"""The sweep: ids on both sides, one fault at a time."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.builders import DAY, PAID_AT, head, mappings, shop_row

from fortnox.core.documents import ListedInvoice
from fortnox.core.orders import OrderHead, Refund
from fortnox.core.reconciled import OrderRow, State
from fortnox.core.sweep import SweepSources, month_prefixes, sweep_notes, sweep_window
from fortnox.core.sweep_rows import Swept, sweep

FIRST, LAST = DAY - timedelta(days=34), DAY


def document(number: str, reference: str, total_ore: int = 12500, **changed: Any) -> ListedInvoice:
    """A booked invoice that carries 4 May."""
    values: dict[str, Any] = {
        "document_number": number,
        "reference": reference,
        "day_reference": f"demo:{DAY}:abcdefabcdef",
        "total_ore": total_ore,
        "balance_ore": total_ore,
        "currency": "SEK",
        "invoice_date": DAY,
        "booked": True,
        "cancelled": False,
        "voucher_series": "B",
        "voucher_number": 7,
        "voucher_year": 1,
    }
    return ListedInvoice(**(values | changed))


def refund(order_id: str = "1001", refund_id: str = "9", amount_ore: int = 2500) -> Refund:
    """Money given back on 4 May."""
    return Refund(
        refund_id=refund_id, order_id=order_id, created_utc=PAID_AT, amount_ore=amount_ore
    )


def sources(
    *documents: ListedInvoice,
    heads: tuple[OrderHead, ...] = (head(),),
    refunds: tuple[Refund, ...] = (),
    held: frozenset[tuple[str, str]] = frozenset(),
    **shop: Any,
) -> SweepSources:
    """One order of 4 May unless said otherwise."""
    return SweepSources(
        shop=shop_row(**shop),
        mappings=mappings(),
        first=FIRST,
        last=LAST,
        heads={one.order_id: one for one in heads},
        refunds=refunds,
        invoices=documents,
        held=held,
    )


def only(found: Swept) -> OrderRow:
    """The one row."""
    [row] = found.level.rows
    return row


def test_a_sale_with_its_document_is_there() -> None:
    """Every week would be red."""
    row = only(sweep(sources(document("1", "demo:1001"))))
    assert (row.state, row.difference_ore) == (State.BOOKED, 0)


def test_a_corrected_sale_is_there_once() -> None:
    """A credited version and its credit are nothing; called off, nothing is left to tell."""
    first, credit = document("1", "demo:1001"), document("2", "demo:1001:c1", -12500)
    row = only(sweep(sources(first, credit, document("3", "demo:1001:v2"))))
    assert (row.state, row.document and row.document.document_number) == (State.BOOKED, "3")
    called_off = head(status="cancelled", paid_utc=None)
    assert sweep(sources(first, credit, heads=(called_off,))).level.rows == ()


def test_a_sale_without_a_document_is_missing_unless_its_day_holds_it() -> None:
    """A sale that was paid after its day was run would never be booked."""
    row = only(sweep(sources()))
    assert (row.state, row.difference_ore) == (State.MISSING, -12500)
    found = sweep(sources(held=frozenset({("order", "1001")})))
    assert only(found).state is State.HELD
    assert found.held[0].order_id == "1001"


def test_a_cancelled_document_is_none() -> None:
    """Somebody cancelled the invoice after its day was green."""
    assert only(sweep(sources(document("1", "demo:1001", cancelled=True)))).state is State.MISSING


@pytest.mark.parametrize(("credited", "state"), [(False, State.DIFFERS), (True, State.BOOKED)])
def test_two_documents_of_a_sale_are_doubled_until_one_is_credited(
    credited: bool, state: State
) -> None:
    """The VAT of a sale would be paid twice; or a mended double be told for ever."""
    documents = [document("1", "demo:1001"), document("2", "demo:1001")]
    if credited:
        documents.append(document("3", "demo:1001", -12500))
    row = only(sweep(sources(*documents)))
    assert row.state is state
    assert row.difference_ore == (0 if credited else 12500)


@pytest.mark.parametrize(
    ("heads", "why"),
    [((), "which the shop no longer has"), ((head(status="cancelled", paid_utc=None),), "no sale")],
)
def test_a_document_without_a_sale_is_told(heads: tuple[OrderHead, ...], why: str) -> None:
    """An order deleted in the shop would stay in the sales."""
    row = only(sweep(sources(document("1", "demo:1001"), heads=heads)))
    assert (row.state, row.difference_ore) == (State.DIFFERS, 12500)
    assert why in row.reason
    # Credited, or given back in full: nothing of it is left in the books.
    for back in (document("2", "demo:1001", -12500), document("2", "demo:1001:r:9", -12500)):
        assert sweep(sources(document("1", "demo:1001"), back, heads=heads)).level.rows == ()


def test_a_document_of_another_span_is_not_this_sweeps() -> None:
    """Last year's cancelled orders would be told each week."""
    old = document("1", "demo:1001", day_reference="demo:2025-05-04:abcdefabcdef")
    assert sweep(sources(old, heads=())).level.rows == ()


def test_a_refund_has_a_credit_invoice_of_its_own() -> None:
    """Money given back would stay in the sales."""
    sale = document("1", "demo:1001")
    rows = sweep(sources(sale, refunds=(refund(),))).level.rows
    assert [(row.state, row.difference_ore) for row in rows] == [
        (State.BOOKED, 0),
        (State.MISSING, 2500),
    ]
    credit = document("2", "demo:1001:r:9", -2500)
    rows = sweep(sources(sale, credit, refunds=(refund(),))).level.rows
    assert {row.state for row in rows} == {State.BOOKED}


def test_sales_before_the_start_and_of_nothing_are_left_out() -> None:
    """Another system's sales would be missing here each week."""
    assert sweep(sources(start_date=date(2026, 5, 5))).level.rows == ()
    assert sweep(sources(heads=(head(total_ore=0),))).level.rows == ()


def test_orders_beyond_the_look_back_are_told() -> None:
    """A backfill of their day would not find them (rules of the books 16)."""
    old = head(created_utc=PAID_AT - timedelta(days=61))
    assert "look_back_days (60)" in sweep_notes(sources(heads=(old,)))[-1]
    assert len(sweep_notes(sources())) == 1


def test_a_span_is_listed_by_its_months() -> None:
    """A list per day would be 35 requests, or December be left out."""
    span = (date(2026, 11, 28), date(2027, 1, 1))
    assert month_prefixes("demo", *span) == ["demo:2026-11-", "demo:2026-12-", "demo:2027-01-"]
    window = sweep_window(*span, shop_row())
    assert (window.label, window.day) == ("sweep-2026-11-28-2027-01-01", None)
    assert window.end_utc.isoformat() == "2027-01-01T23:00:00+00:00"
