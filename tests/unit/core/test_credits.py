"""Which invoice a refund credits, and that never more is credited than was sold."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.support.builders import day_window, line, mappings, order, shop_row

from fortnox.core.actions import ActionKind, FinancialYear, Snapshot
from fortnox.core.credits import with_credited_number
from fortnox.core.customer_match import CustomerIndex
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.forecast import chunks
from fortnox.core.orders import Refund
from fortnox.core.plan import Plan, make_plan
from fortnox.core.transform import transform

YEARS = (FinancialYear(year_id=2, from_date=date(2026, 1, 1), to_date=date(2026, 12, 31)),)
SALE = ListedInvoice(
    document_number="17",
    reference="demo:1001",
    day_reference="demo:2026-05-04:0123456789ab",
    total_ore=12500,
    balance_ore=0,
    currency="SEK",
    invoice_date=date(2026, 5, 4),
    booked=True,
    cancelled=False,
    voucher_series="B",
    voucher_number=1,
    voucher_year=2,
    customer_number="demo-3",
)


def wanted(*refunds_ore: int, **shop: object) -> tuple[Invoice, ...]:
    """The sale of order 1001, 125.00, and refunds of it on the same day."""
    refunds = [
        Refund(
            refund_id=str(number),
            order_id="1001",
            created_utc=datetime(2026, 5, 4, 15, tzinfo=UTC),
            amount_ore=ore,
            lines=(line(f"{ore / 100:.2f}", "25"),),
        )
        for number, ore in enumerate(refunds_ore, start=1)
    ]
    found = transform(
        [order()], refunds, shop=shop_row(**shop), mappings=mappings(), window=day_window()
    )
    assert found.held == ()
    return found.invoices


def plan(invoices, *documents: ListedInvoice, **shop: object) -> Plan:
    by_reference: dict[str, tuple[ListedInvoice, ...]] = {}
    for document in documents:
        by_reference[document.reference] = (*by_reference.get(document.reference, ()), document)
    snapshot = Snapshot(
        documents=by_reference,
        filter_proven=True,
        customers=CustomerIndex(),
        closed_through=None,
        years=YEARS,
    )
    return make_plan(invoices, snapshot, shop_row(**shop))


def refunds_only(*refunds_ore: int) -> list[Invoice]:
    return [invoice for invoice in wanted(*refunds_ore) if invoice.is_refund]


def the_held(made: Plan) -> Held:
    (held,) = made.held
    return held


def test_a_refund_credits_the_sales_invoice_on_the_sales_card():
    """The credit invoice goes to the card of the invoice, whatever the policy says today."""
    (action,) = plan(refunds_only(5000), SALE).actions
    assert (action.kind, action.credits_number) == (ActionKind.CREATE, "17")
    assert action.customer is not None
    assert (action.customer.number, action.customer.create) == ("demo-3", False)


def test_the_credit_invoice_names_the_invoice_that_it_credits():
    """ML 17 kap. 22-23 §§: a change invoice must refer to the original, in so many words."""
    (credit,) = refunds_only(5000)
    assert with_credited_number(credit, "17").remarks == "Kreditfaktura, avser faktura 17"
    before = replace(credit, remarks="Omvänd betalningsskyldighet")
    assert with_credited_number(before, "17").remarks == (
        "Kreditfaktura, avser faktura 17. Omvänd betalningsskyldighet"
    )


def test_a_sale_and_its_refund_of_one_day_go_together():
    """Sold and given back on one day: the sale first, the credit on the same new card."""
    made = plan(wanted(12500))
    sale, credit = made.actions
    assert (sale.invoice.is_refund, credit.invoice.is_refund) == (False, True)
    assert sale.customer is not None
    assert credit.customer == replace(sale.customer, create=False)


def test_a_sale_and_its_refunds_stay_in_one_piece_of_the_plan():
    """A credit invoice in an earlier piece than its invoice would find nothing to credit."""
    made = plan(wanted(5000, 2500))
    assert [len(piece) for piece in chunks(made.actions, max_requests=1)] == [3]


def test_without_its_sale_a_refund_is_held():
    """Nothing is credited that was never booked; the remedy says which day to run."""
    assert the_held(plan(refunds_only(5000))).code == "sale_not_in_fortnox"


def test_a_cancelled_sale_cannot_be_credited():
    """Its invoice is cancelled in Fortnox: there is no sale left to take back."""
    made = plan(refunds_only(5000), replace(SALE, cancelled=True, booked=False))
    assert the_held(made).code == "sale_not_in_fortnox"


def test_a_held_sale_holds_its_refund():
    """The sale waits for a person; crediting it first would make the books negative."""
    made = plan(wanted(5000), replace(SALE, cancelled=True, booked=False))
    assert [held.code for held in made.held] == ["cancelled_in_fortnox", "sale_held"]


@pytest.mark.parametrize("credited_ore", [7501, 12500])
def test_never_more_is_credited_than_was_sold(credited_ore: int):
    """A credit made by hand counts too: Fortnox's own copies the references of the sale."""
    by_hand = replace(SALE, document_number="18", total_ore=-credited_ore)
    made = plan(refunds_only(5000), SALE, by_hand)
    assert the_held(made).code == "more_credited_than_sold"


def test_up_to_what_was_sold_is_credited():
    """Two partial refunds that are the whole sale go through; a third öre would not."""
    assert len(plan(refunds_only(5000, 7500), SALE).actions) == 2
    made = plan(refunds_only(5000, 7500, 1), SALE)
    assert (len(made.actions), the_held(made).code) == (2, "more_credited_than_sold")


def test_a_credit_that_stands_is_not_made_again():
    """The second run of a refund's day writes nothing."""
    (credit,) = refunds_only(5000)
    standing = replace(
        SALE,
        document_number="18",
        reference=credit.reference,
        day_reference=credit.day_reference,
        total_ore=-5000,
    )
    made = plan([credit], SALE, standing)
    assert [action.kind for action in made.actions] == [ActionKind.UNCHANGED]
    assert made.requests == 0


def test_a_surplus_credit_is_cancelled():
    """A request carried out late made the credit twice: the unbooked one goes."""
    (credit,) = refunds_only(5000)
    standing = replace(
        SALE,
        document_number="18",
        reference=credit.reference,
        day_reference=credit.day_reference,
        total_ore=-5000,
        balance_ore=-5000,
    )
    late = replace(standing, document_number="19", booked=False)
    assert plan([credit], SALE, standing, late).surplus == (late,)


def test_a_sale_from_before_the_start_is_credited_only_if_the_accountant_says_so():
    """Another system booked it: held, or asked for, or credited, and the text names the order."""
    sold = order(
        created_utc=datetime(2025, 12, 1, tzinfo=UTC), paid_utc=datetime(2025, 12, 1, tzinfo=UTC)
    )
    refund = Refund(
        refund_id="1",
        order_id="1001",
        created_utc=datetime(2026, 5, 4, 15, tzinfo=UTC),
        amount_ore=12500,
        lines=(line(),),
    )
    start = date(2026, 1, 1)
    shop = shop_row(start_date=start)
    (credit,) = transform(
        [sold], [refund], shop=shop, mappings=mappings(), window=day_window()
    ).invoices
    assert the_held(plan([credit], start_date=start)).code == "refund_of_sale_before_start"
    made = plan([credit], start_date=start, refunds_before_start="approve")
    assert "before start_date" in made.approval_reasons[0]
    asked = plan([credit], start_date=start, refunds_before_start="book")
    assert (len(asked.actions), asked.approval_reasons) == (1, ())
    assert with_credited_number(credit, "").remarks == "Kreditfaktura, avser order 1001"
