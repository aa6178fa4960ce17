"""An order becomes exactly its invoice, or is held with the reason; never something near it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import (
    DAY,
    buyer,
    day_window,
    line,
    mappings,
    order,
    shop_row,
)

from fortnox.core.documents import Invoice
from fortnox.core.mapping import Mappings
from fortnox.core.money import vat_of_gross
from fortnox.core.orders import Address, BuyerKind, LineKind, OrderLine, Problem, Refund
from fortnox.core.references import DayReference
from fortnox.core.transform import Wanted, transform

MAPPINGS = mappings()


def run(*orders, refunds=(), shop=None, maps: Mappings = MAPPINGS, day=DAY) -> Wanted:
    return transform(
        orders, refunds, shop=shop or shop_row(), mappings=maps, window=day_window(day)
    )


def invoice_of(*lines, **changed) -> Invoice:
    wanted = run(order(*lines, **changed))
    assert wanted.held == ()
    return wanted.invoices[0]


def held_code(*lines, **changed) -> str:
    wanted = run(order(*lines, **changed))
    assert wanted.invoices == ()
    return wanted.held[0].code


def test_one_mug():
    """AC-01: 125.00 at 25 % on 3001, with our references and the payment method's terms."""
    invoice = invoice_of(line("125.00", "25"))
    (row,) = invoice.rows
    assert (row.account_number, row.vat.rate.rate_pct, row.price_ore, row.quantity) == (
        3001,
        25,
        12500,
        1,
    )
    assert invoice.total_ore == 12500
    assert invoice.reference == "demo:1001"
    reference = DayReference.parse(invoice.day_reference)
    assert reference is not None
    assert (reference.key, reference.day) == ("demo", DAY)
    assert invoice.terms_of_payment == "0"


def test_unit_price_that_divides_keeps_its_quantity():
    """Three at 33.33 stay three at 33.33 on the invoice (AC-03)."""
    (row,) = invoice_of(line("99.99", "25", quantity="3")).rows
    assert (row.quantity, row.price_ore) == (Decimal(3), 3333)


def test_unit_price_that_does_not_divide_becomes_one_row_total():
    """7 for 100.02 has no whole öre price: one row of the total, and the text says how many."""
    (row,) = invoice_of(line("100.02", "25", quantity="7", name="Tändstickor")).rows
    assert (row.quantity, row.price_ore) == (Decimal(1), 10002)
    assert row.description == "Tändstickor (7 st)"


def test_services_shipping_and_rates_each_have_their_account():
    """Goods, services and freight at each rate stand on the accounts of accounts.csv."""
    invoice = invoice_of(
        line("250.00", "25", line_id="1"),
        line("1250.00", "25", kind=LineKind.SERVICE, line_id="2"),
        line("106.00", "6", line_id="3"),
        line("53.00", "6", kind=LineKind.SHIPPING, line_id="4"),
    )
    assert [row.account_number for row in invoice.rows] == [3001, 3041, 3003, 3524]


def test_deleted_product_is_held_only_where_the_accounts_differ():
    """Nobody can tell goods from service any more; where both mean one account it matters not."""
    lines = (line("125.00", "25", kind=LineKind.ARTICLE),)
    assert held_code(*lines) == "goods_or_service_unknown"
    wanted = run(order(*lines), shop=shop_row(service_lines="goods"))
    assert wanted.invoices[0].rows[0].account_number == 3001


def test_rounding_row_within_the_tolerance():
    """AC-05: lines of 99.98 that were charged as 99.99 get one öre on 3740 without VAT."""
    rows = invoice_of(line("99.98", "25"), total_ore=9999).rows
    assert (rows[-1].account_number, rows[-1].total_ore, rows[-1].vat.rate.rate_pct) == (3740, 1, 0)


def test_a_larger_difference_is_held():
    """A gift card plugin lowers the total without a line: never hidden as rounding."""
    assert held_code(line("500.00", "25"), total_ore=30000) == "lines_differ_from_total"


@pytest.mark.parametrize(
    ("lines", "changed", "code"),
    [
        ([line("100.00", None)], {}, "no_vat_rate"),
        ([line("100.00", "10")], {}, "unmapped_account"),
        ([line("100.00", "25", vat="12.00")], {}, "vat_does_not_fit_rate"),
        ([line("100.00", "25.5")], {}, "unmapped_account"),
        ([line("100.00", "19", country="DE")], {}, "foreign_vat"),
        # Denmark's 25 % looks like Sweden's, and is owed to Denmark.
        ([line("100.00", "25", country="DK")], {}, "foreign_vat"),
        ([line("100.00", "25")], {"total_vat_ore": 1000}, "vat_total_differs"),
        ([line("100.00"), line("1.00", "19", country="DE")], {}, "several_vat_countries"),
    ],
)
def test_what_is_not_certain_is_held(lines, changed, code):
    """Each doubt about VAT, rate or currency holds the order under its own name."""
    assert held_code(*lines, **changed) == code


def abroad(country, **changed):
    address = Address(country=country)
    return buyer(billing=address, delivery=address, **changed)


def test_export_without_vat():
    """AC-47: goods to Norway stand on 3105, freight on 3522, on a card of VATType EXPORT."""
    invoice = invoice_of(
        line("1000.00", None, line_id="1"),
        line("99.00", None, kind=LineKind.SHIPPING, line_id="2"),
        buyer=abroad("NO", customer_id="7"),
    )
    assert [(row.account_number, row.vat.rate.rate_pct) for row in invoice.rows] == [
        (3105, 0),
        (3522, 0),
    ]
    assert invoice.customer.number == "demo-7-x"
    assert invoice.customer.vat_type.value == "EXPORT"


def test_eu_without_vat_is_never_taken_for_export():
    """Reverse charge needs evidence, and a missing tax rate is a mistake: both are held."""
    business = abroad("FI", vat_exempt=True, vat_number="FI20774740", kind=BuyerKind.COMPANY)
    assert held_code(line("100.00", None), buyer=business) == "reverse_charge_evidence"
    assert held_code(line("100.00", None), buyer=abroad("NL")) == "eu_sale_without_vat"


def test_swedish_vat_charged_outside_the_eu_is_held():
    """VAT on an export is owed or must be corrected; nobody guesses which."""
    assert held_code(line("100.00", "25"), buyer=abroad("NO")) == "vat_on_export"


def test_customer_numbers():
    """A registered buyer and a guest each get one number for ever; the address is not in it."""
    assert invoice_of(buyer=buyer(customer_id="17")).customer.number == "demo-17"
    guest = invoice_of(buyer=buyer(email="Anna@Example.com")).customer.number
    assert guest == invoice_of(buyer=buyer(email=" anna@example.com")).customer.number
    assert guest.startswith("demo-g")
    assert "anna" not in guest


def test_guest_without_an_address_is_held():
    """Without any identity each order would make a new card."""
    assert held_code(buyer=buyer(email="")) == "buyer_without_identity"


def test_missing_sku_matters_only_when_articles_are_sent():
    """Text rows need no SKU; article rows can't do without."""
    without = order(line(sku=""))
    assert run(without).held == ()
    assert run(without, shop=shop_row(row_articles="number")).held[0].code == "missing_sku"


def test_problems_of_the_adapter_hold_the_order():
    """What the shop's answer could not tell for certain is held with the adapter's words."""
    problem = Problem(code="negative_fee", text="a negative fee", remedy="book by hand")
    assert held_code(problems=(problem,)) == "negative_fee"


def test_zero_total_has_nothing_to_book():
    """AC-15: a 100 % coupon has no posting, and is no difference either."""
    wanted = run(order(line("0.00", "25")))
    assert (wanted.invoices, wanted.held, wanted.nothing_to_book) == ((), (), 1)


def test_a_refund_whose_order_is_gone_is_held_and_named():
    """Money given back must be seen, not swallowed with its order."""
    refund = Refund(
        refund_id="5",
        order_id="1001",
        created_utc=datetime(2026, 5, 4, 9, tzinfo=UTC),
        amount_ore=5000,
    )
    (held,) = run(refunds=[refund]).held
    assert (held.kind, held.amount_ore, held.code) == ("refund", -5000, "order_of_refund_gone")


def test_other_days_orders_are_left_alone():
    """A run of the 5th must not book a sale of the 4th."""
    wanted = run(order(), day=date(2026, 5, 5))
    assert (wanted.invoices, wanted.held) == ((), ())


def test_one_bad_order_costs_only_itself():
    """The others of the day go through."""
    wanted = run(order(order_id="1"), order(line("1.00", None), order_id="2"), order(order_id="3"))
    assert [invoice.order_id for invoice in wanted.invoices] == ["1", "3"]
    assert [held.order_id for held in wanted.held] == ["2"]


@st.composite
def shop_lines(draw) -> list[OrderLine]:
    """Lines as a shop sends them: gross in öre, VAT off by at most an öre, any quantity."""
    lines = []
    for number in range(draw(st.integers(1, 8))):
        rate = draw(st.sampled_from([25, 12, 6, 0]))
        gross = draw(st.integers(1, 5_000_000))
        vat = vat_of_gross(gross, Decimal(rate)) + (draw(st.integers(-1, 1)) if rate else 0)
        lines.append(
            OrderLine(
                line_id=str(number),
                kind=LineKind.GOODS,
                name="x",
                quantity=Decimal(draw(st.integers(1, 40))),
                net_ore=gross - vat,
                vat_ore=vat,
                vat_rate_pct=Decimal(rate),
                vat_country="SE",
            )
        )
    return lines


@given(shop_lines())
def test_rows_sum_to_what_the_buyer_paid(lines):
    """Whatever the lines, Fortnox's own row arithmetic gives the shop's total and VAT per rate."""
    wanted = run(order(*lines))
    (invoice,) = wanted.invoices
    assert sum(row.total_ore for row in invoice.rows) == sum(item.gross_ore for item in lines)
    for rate, shop_vat in invoice.shop_vat_by_rate().items():
        assert shop_vat == sum(i.vat_ore for i in lines if i.vat_rate_pct == rate.rate_pct)
    for row in invoice.rows:
        assert row.quantity == row.quantity.quantize(Decimal("0.01"))


@given(shop_lines(), st.randoms(use_true_random=False))
def test_the_hash_ignores_the_order_of_lines(lines, random):
    """A shop that returns its lines in another order has not edited the order."""
    (first,) = run(order(*lines)).invoices
    shuffled = list(lines)
    random.shuffle(shuffled)
    (second,) = run(order(*shuffled)).invoices
    assert first.day_reference == second.day_reference
