"""The bridge: every line is the sum of its orders, every section adds up."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import day_window, line, mappings, order, shop_row

from fortnox.core.documents import Invoice, ListedInvoice
from fortnox.core.orders import LineKind
from fortnox.core.reconcile_ledger import BaseAccounts, LedgerLevel, expected_amounts
from fortnox.core.reconciled import OrderRow, State
from fortnox.core.report_bridge import BridgeSource, make_bridge, order_parts
from fortnox.core.transform import transform


def invoices(*gross: str) -> list[Invoice]:
    """An invoice per gross amount, each with freight of 49.00."""
    freight = line("49.00", "25", line_id="s", kind=LineKind.SHIPPING)
    orders = [
        order(line(amount, "12"), freight, order_id=str(n), number=str(n))
        for n, amount in enumerate(gross, start=1)
    ]
    wanted = transform(orders, (), shop=shop_row(), mappings=mappings(), window=day_window())
    assert not wanted.held
    return list(wanted.invoices)


def row_of(invoice: Invoice, state: State = State.BOOKED, document_ore: int | None = None) -> Any:
    document = ListedInvoice(
        document_number=f"d{invoice.order_id}",
        reference=invoice.reference,
        day_reference=invoice.day_reference,
        total_ore=invoice.total_ore,
        balance_ore=0,
        currency="SEK",
        invoice_date=invoice.invoice_date,
        booked=True,
        cancelled=False,
        voucher_series="B",
        voucher_number=7,
        voucher_year=1,
    )
    gone = state in (State.MISSING, State.HELD)
    found_ore = invoice.total_ore if document_ore is None else document_ore
    return OrderRow(
        reference=invoice.reference,
        order_id=invoice.order_id,
        order_number=invoice.order_number,
        state=state,
        shop_ore=invoice.total_ore,
        document=None if gone else document,
        document_ore=None if gone else found_ore,
        difference_ore=0,
    )


def source_of(wanted: list[Invoice], *, paid: bool = True, rounded_ore: int = 0) -> BridgeSource:
    """The ledger as a good accountant would have it, paid to 1580 if ``paid``."""
    base = BaseAccounts()
    vouchers, payments = {}, {}
    for invoice in wanted:
        amounts = Counter(expected_amounts(invoice, base, Decimal(1)))
        amounts[base.receivable] += rounded_ore
        amounts[base.round_off] -= rounded_ore
        vouchers[f"d{invoice.order_id}"] = dict(amounts)
        owed = amounts[base.receivable]
        if paid:
            payments[f"d{invoice.order_id}"] = {1580: owed, base.receivable: -owed}
    ledger = LedgerLevel(
        vat=(), accounts=(), findings=(), gross_ore={}, vouchers=vouchers, payments=payments
    )
    return BridgeSource(invoices={one.reference: one for one in wanted}, ledger=ledger, base=base)


def lines_of(bridge: list[dict[str, Any]], section: str) -> dict[str, int]:
    (found,) = [one for one in bridge if one["section"] == section]
    return {one["key"]: one["amount_ore"] for one in found["lines"]}


def test_a_paid_sale_goes_from_the_shop_to_the_clearing_account() -> None:
    """The accountant follows 161.00 from the sale over goods, freight and VAT to the bank."""
    wanted = invoices("112.00")
    bridge = make_bridge([order_parts(row_of(wanted[0]), source_of(wanted))])
    assert lines_of(bridge, "documents") == {"sales": 16_100}
    assert lines_of(bridge, "contents") == {
        "net:goods:SE:12": 10_000,
        "net:shipping:SE:25": 3_920,
        "vat:SE:25": 980,
        "vat:SE:12": 1_200,
    }
    assert lines_of(bridge, "money") == {"money:1580": 16_100}


def test_an_unpaid_invoice_is_still_open() -> None:
    """Money that nobody has got must not look as if it were on an account."""
    wanted = invoices("112.00")
    bridge = make_bridge([order_parts(row_of(wanted[0]), source_of(wanted, paid=False))])
    assert lines_of(bridge, "money") == {"open": 16_100}


def test_whole_krona_rounding_is_a_line_of_its_own() -> None:
    """The company's rounding would look like a difference, or vanish in one."""
    wanted = invoices("112.30")
    bridge = make_bridge([order_parts(row_of(wanted[0]), source_of(wanted, rounded_ore=-30))])
    assert lines_of(bridge, "money") == {"money:1580": 16_100, "round_off": 30}


def test_a_second_document_of_a_sale_is_no_rounding() -> None:
    """161.00 that stand twice would be shown as whole-krona rounding of 161.00."""
    wanted = invoices("112.00")
    doubled = row_of(wanted[0], State.DIFFERS, 2 * wanted[0].total_ore)
    money = lines_of(make_bridge([order_parts(doubled, source_of(wanted))]), "money")
    assert money == {"money:1580": 16_100, "elsewhere": 16_100}


@pytest.mark.parametrize("state", [State.HELD, State.MISSING])
def test_sales_without_a_document_are_taken_off(state: State) -> None:
    """What is held or missing stands in the bridge by its name."""
    wanted = invoices("112.00")
    bridge = make_bridge([order_parts(row_of(wanted[0], state), source_of(wanted))])
    assert lines_of(bridge, "documents") == {"sales": 16_100, state.value: -16_100}
    assert [section["section"] for section in bridge] == ["documents"]


def test_sales_in_a_day_voucher_are_named() -> None:
    """They have no document of their own, and are booked all the same."""
    row = replace(row_of(invoices("112.00")[0]), document=None)
    parts = order_parts(row, BridgeSource())
    assert parts == {"sales": 16_100, "in_day_vouchers": 16_100}


def test_an_order_does_not_take_an_invoices_voucher() -> None:
    """Orders count on their own: order 17 is not invoice 17, and stands in no ledger."""
    wanted = invoices("112.00")
    row = row_of(wanted[0])
    row = replace(row, document=replace(row.document, voucher_number=None))
    assert order_parts(row, source_of(wanted)) == {"sales": 16_100, "not_compared": 16_100}


def test_other_currencies_are_in_the_accounts_only() -> None:
    """Euro added to kronor would be a sum of nothing; what the ledger holds of them is kronor."""
    wanted = invoices("112.00")
    row = replace(row_of(wanted[0]), currency="EUR")
    parts = order_parts(row, source_of(wanted))
    assert {key.partition(":")[0] for key in parts} == {"account"}
    assert parts["account:1580"] == 16_100


@given(
    st.lists(st.integers(1, 5_000_000), min_size=1, max_size=5),
    st.sampled_from([State.BOOKED, State.DIFFERS, State.MISSING, State.HELD, State.UNBOOKED]),
    st.integers(-5_000, 5_000),
    st.booleans(),
    st.integers(-50, 50),
)
def test_sections_add_up_for_any_day(
    gross: list[int], first_state: State, off_ore: int, paid: bool, rounded_ore: int
) -> None:
    """A bridge with a gap would prove nothing: shop to documents to contents, to the öre."""
    wanted = invoices(*(f"{ore // 100}.{ore % 100:02}" for ore in gross))
    rows = [row_of(invoice) for invoice in wanted]
    if first_state is State.DIFFERS:
        rows[0] = row_of(wanted[0], first_state, wanted[0].total_ore + off_ore)
    else:
        rows[0] = row_of(wanted[0], first_state)
    source = source_of(wanted, paid=paid, rounded_ore=rounded_ore)
    bridge = make_bridge([order_parts(row, source) for row in rows])
    documents_ore = sum(row.document_ore or 0 for row in rows)
    totals = {section["section"]: section["total_ore"] for section in bridge}
    assert totals.get("documents") == documents_ore
    assert totals.get("contents", 0) == documents_ore
    assert totals.get("money", 0) == documents_ore
    for section in bridge:
        assert section["total_ore"] == sum(one["amount_ore"] for one in section["lines"])
