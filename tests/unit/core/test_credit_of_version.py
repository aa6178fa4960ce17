"""What only a person may credit, and the credit invoice of the rest."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.support.builders import shop_row

from fortnox.core.booked import BookedInvoice, BookedPayment
from fortnox.core.credit_of_version import (
    Credited,
    called_off_problem,
    credit_of,
    credit_problem,
)
from fortnox.core.documents import InvoiceRow, ListedInvoice, RowVat, VatRate
from fortnox.core.orders import Address

DAY = date(2026, 5, 4)
PAID = BookedPayment(
    amount_ore=12500,
    paid_on=DAY,
    mode="",
    account=1686,
    currency_rate=Decimal(1),
    source="direct",
)
ROW = InvoiceRow(
    account_number=3001,
    description="Mugg",
    quantity=Decimal(2),
    price_ore=6250,
    vat=RowVat(rate=VatRate("SE", Decimal(25))),
    article_number="MUGG",
    shop_vat_ore=2500,
)
BOOKED = BookedInvoice(
    document_number="17",
    customer_number="demo-1",
    invoice_type="INVOICE",
    payment_way="",
    currency="SEK",
    currency_rate=Decimal(1),
    total_ore=12500,
    rows=(ROW,),
    name="Test Testsson",
    billing=Address(city="Orten"),
    delivery=Address(),
    terms_of_payment="30",
    remarks="Reverse charge",
    vat_included=True,
    payments=(PAID,),
)
LISTED = ListedInvoice(
    document_number="17",
    reference="demo:1001:v2",
    day_reference="demo:2026-05-04:aaaaaaaaaaaa",
    total_ore=12500,
    balance_ore=0,
    currency="SEK",
    invoice_date=date(2026, 5, 16),
    booked=True,
    cancelled=False,
    voucher_series="B",
    voucher_number=1,
    voucher_year=2,
)


def credited(booked: BookedInvoice = BOOKED, **listed: object) -> Credited:
    return Credited(
        order_id="1001",
        order_number="1001",
        document=replace(LISTED, **listed),  # type: ignore[arg-type]
        booked=booked,
        moves_money=True,
    )


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (credited(replace(BOOKED, total_ore=17500)), "its rows are not its total"),
        (credited(replace(BOOKED, vat_included=False)), "its rows are not its total"),
        (credited(balance_ore=2500), "25.00 of it is open"),
        (credited(replace(BOOKED, payments=(PAID, PAID))), "otherwise than by one"),
        (credited(replace(BOOKED, payments=(replace(PAID, source="file"),))), "otherwise than by"),
    ],
)
def test_what_a_person_touched_is_left_to_a_person(of: Credited, why: str):
    """A credit invoice by the rule would leave somebody's money on the wrong account."""
    problem = credit_problem(of)
    assert problem is not None
    assert (problem.code, why in problem.text) == ("correction_unclear", True)


def test_called_off_and_paid_is_left_to_a_person():
    """The shop has no money for it, and Fortnox has: it is somebody's, nobody knows whose."""
    assert called_off_problem(credited(), shop_row()) is not None
    assert called_off_problem(credited(), shop_row(set_off_account=1686)) is None
    assert called_off_problem(credited(balance_ore=12500), shop_row()) is None


def test_the_credit_is_the_invoice_turned_round():
    """Pieces go back into stock, the law's texts stay, the money leaves where it came to."""
    assert credit_problem(credited()) is None
    made = credit_of(credited(), shop_row())
    assert (made.reference, made.sale_reference) == ("demo:1001:c2", "demo:1001:v2")
    assert (made.accounting_day, made.total_ore) == (DAY, -12500)
    assert made.remarks == "Kreditfaktura, avser faktura 17. Reverse charge"
    (row,) = made.rows
    assert (row.quantity, row.price_ore, row.article_number) == (Decimal(-2), 6250, "MUGG")
    assert made.payment is not None
    assert (made.payment.amount_ore, made.payment.account) == (-12500, 1686)


def test_what_the_invoice_is_credited_for_does_not_change_its_hash():
    """A second run must know the credit again, whatever the order has become since."""
    one = credit_of(credited(), shop_row())
    assert credit_of(credited(replace(BOOKED, name="Ny")), shop_row()).day_reference == (
        one.day_reference
    )
    other = credited(day_reference="demo:2026-05-04:bbbbbbbbbbbb")
    assert credit_of(other, shop_row()).day_reference != one.day_reference


def test_an_unpaid_invoice_and_its_credit_settle_each_other_only_by_the_mapping():
    """Without an account that the accountant named, both stay open."""
    unpaid = credited(replace(BOOKED, payments=()), balance_ore=12500)
    assert credit_of(unpaid, shop_row()).payment is None
    payment = credit_of(unpaid, shop_row(set_off_account=1690)).payment
    assert payment is not None
    assert (payment.sets_off, payment.account, payment.amount_ore) == (True, 1690, -12500)
