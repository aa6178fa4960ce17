"""Money without VAT: a gift card is never a discount, and what nobody named is held."""

from dataclasses import replace
from decimal import Decimal
from typing import Literal

import pytest
from tests.support.builders import day_window, line, mapping_files, mappings, order, shop_row

from fortnox.core.documents import Invoice
from fortnox.core.orders import LineKind, Order, OrderLine, UnlistedAmount
from fortnox.core.transform import transform

SOLD = line("799.00")


def fee(gross: str, rate: str | None = None, *, name: str = "Presentkort PK-1") -> OrderLine:
    return line(gross, rate, kind=LineKind.FEE, name=name, line_id="fee")


def outcome(made: Order, **files: str) -> Invoice | str:
    """The invoice, or the code under which the order is held."""
    wanted = transform([made], (), shop=shop_row(), mappings=mappings(**files), window=day_window())
    return wanted.held[0].code if wanted.held else wanted.invoices[0]


def booked(made: Order, **files: str) -> list[tuple[int, int, int]]:
    found = outcome(made, **files)
    assert isinstance(found, Invoice), found
    assert sum(row.total_ore for row in found.rows) == made.head.total_ore == found.total_ore
    return [(row.account_number, row.vat.rate.rate_pct, row.total_ore) for row in found.rows]


def unlisted(
    amount: str, name: str, found_in: Literal["order_field", "coupon_type"] = "order_field"
) -> UnlistedAmount:
    return UnlistedAmount(found_in=found_in, name=name, amount_ore=int(Decimal(amount) * 100))


def with_unlisted(made: Order, *amounts: UnlistedAmount) -> Order:
    return Order(
        head=made.head,
        buyer=made.buyer,
        lines=made.lines,
        total_vat_ore=made.total_vat_ore,
        unlisted=amounts,
    )


def with_rows(extra: str) -> str:
    return mapping_files()["untaxed_amounts.csv"].decode() + extra


@pytest.mark.parametrize("name", ["Presentkort PK-1", "PRESENTKORT", "Gift card 12", "Via wallet"])
def test_redeemed_at_checkout_is_a_payment_from_the_debt(name: str):
    """AC-23: VAT stays 159.80; a card taken for a discount would lower it."""
    assert booked(order(SOLD, fee("-300.00", name=name))) == [
        (3001, 25, 79900),
        (2421, 0, -30000),
    ]


@pytest.mark.parametrize("rate", [None, "0"])
def test_negative_fee_that_nobody_named_is_held(rate: str | None):
    """Discount or payment: the VAT differs, and only a person knows."""
    assert outcome(order(SOLD, fee("-75.00", rate, name="Julklapp"))) == "negative_fee"


def test_a_row_of_the_shop_names_it():
    """A shop that calls its cards Julklapp could never book them."""
    extra = "demo,fee_name,julklapp,store_credit,\n"
    accounts = mapping_files()["accounts.csv"].decode() + "demo,store_credit,*,0,2429,,,,\n"
    made = order(SOLD, fee("-75.00", name="Julklapp 2026"))
    rows = booked(made, untaxed_amounts=with_rows(extra), accounts=accounts)
    assert rows[-1] == (2429, 0, -7500)


def test_discount_as_a_fee_lowers_sale_and_vat_at_its_rate():
    """AC-17: 3730 at 25 %, not a negative fee income on 3540."""
    rabatt = fee("-75.00", "25", name="Rabatt")
    assert booked(order(SOLD, rabatt)) == [(3001, 25, 79900), (3730, 25, -7500)]


def test_gift_card_that_took_vat_off_is_held():
    """WooCommerce recalculates an untaxed fee with VAT: neither card nor discount is right."""
    assert outcome(order(SOLD, fee("-125.00", "25"))) == "payment_with_vat"


@pytest.mark.parametrize("kind", [LineKind.GOODS, LineKind.SHIPPING, LineKind.ARTICLE])
def test_negative_line_is_held(kind: LineKind):
    """A trade-in is a purchase, a return a credit: neither is a sale of less than nothing."""
    assert outcome(order(SOLD, line("-75.00", kind=kind, line_id="2"))) == "negative_line"


@pytest.mark.parametrize("amount", ["0.40", "-0.40"])
def test_rounding_fee_is_rounding(amount: str):
    """Öre that the shop rounded would hold the order, or count as fee income."""
    assert booked(order(SOLD, fee(amount, name="Öresavrundning")))[-1] == (
        3740,
        0,
        int(Decimal(amount) * 100),
    )


@pytest.mark.parametrize(("amount", "code"), [("0.51", "no_vat_rate"), ("-1.00", "negative_fee")])
def test_more_than_half_a_krona_is_no_rounding(amount: str, code: str):
    """A fee of a krona would disappear as rounding because of its name."""
    assert outcome(order(SOLD, fee(amount, name="Öresavrundning"))) == code


def test_card_sold_for_any_goods_is_a_debt_without_vat():
    """AC-22: VAT at the sale of such a card would be paid twice."""
    card = line("500.00", None, name="Presentkort 500 kr", kind=LineKind.SERVICE)
    typed = line("500.00", None, name="Julklapp", kind=LineKind.GIFT_CARD)
    for made in (card, typed):
        assert booked(order(made)) == [(2421, 0, 50000)]


def test_untaxed_product_with_another_name_is_held():
    """An exempt sale and a mistake look alike."""
    assert outcome(order(line("500.00", None, name="Kurs"))) == "no_vat_rate"


def test_card_for_one_rate_is_sold_with_vat_and_used_without():
    """AC-24: VAT is due when it is sold; used, it takes the sale's VAT away again."""
    sold = line("318.00", "6", name="Bokpresentkort", kind=LineKind.GIFT_CARD)
    assert booked(order(sold)) == [(2421, 6, 31800)]
    used = order(line("318.00", "6"), fee("-318.00", name="Bokpresentkort B-1"), total_vat_ore=1800)
    rows = booked(used, untaxed_amounts=with_rows("*,fee_name,bokpresentkort,gift_card,6\n"))
    assert rows == [(3003, 6, 31800), (2421, 6, -31800)]


def test_total_lowered_by_a_plugin_is_explained_by_its_own_amount():
    """Without it the order is held; with another plugin's amount it would be booked wrongly."""
    made = order(SOLD, total_ore=49900)
    assert outcome(made) == "lines_differ_from_total"
    card = unlisted("300.00", "pw_gift_cards_redeemed")
    assert booked(with_unlisted(made, card)) == [(3001, 25, 79900), (2421, 0, -30000)]
    other = unlisted("250.00", "pw_gift_cards_redeemed")
    assert outcome(with_unlisted(made, other)) == "lines_differ_from_total"
    unknown = unlisted("300.00", "_loyalty_credit")
    assert outcome(with_unlisted(made, unknown)) == "lines_differ_from_total"


def test_same_money_in_two_fields_counts_once():
    """Plugins write cards and their sum: 600 off a card of 300 would overdraw it."""
    twice = with_unlisted(
        order(SOLD, total_ore=49900),
        unlisted("300.00", "_ywgc_applied_gift_cards"),
        unlisted("300.00", "_ywgc_applied_gift_cards_totals"),
    )
    assert booked(twice)[1:] == [(2421, 0, -30000)]


def test_two_plugins_together_pay_it_all():
    """Nothing is left to pay, yet it is a sale with VAT."""
    made = with_unlisted(
        order(SOLD, total_ore=0),
        unlisted("499.00", "gift_cards"),
        unlisted("300.00", "_funds_used"),
    )
    assert booked(made) == [(3001, 25, 79900), (2421, 0, -49900), (2421, 0, -30000)]


def test_rounding_beside_a_card_stay_apart():
    """A shop that rounds VAT at the subtotal would have every card order held."""
    made = with_unlisted(order(SOLD, total_ore=49901), unlisted("300.00", "gift_cards"))
    assert booked(made)[1:] == [(2421, 0, -30000), (3740, 0, 1)]


def test_card_used_as_a_coupon_is_held():
    """The plugin lowered the VAT, which a payment must not do."""
    coupon = unlisted("75.00", "smart_coupon", "coupon_type")
    cheaper = replace(SOLD, discount_net_ore=6000, discount_vat_ore=1500)
    assert outcome(with_unlisted(order(cheaper), coupon)) == "payment_with_vat"
    # A part of the order that is refunded has no discount of its own.
    assert booked(with_unlisted(order(SOLD), coupon)) == [(3001, 25, 79900)]


def test_card_used_as_a_coupon_after_tax_is_a_payment():
    """The same plugin, set up right, must not be held."""
    coupon = unlisted("75.00", "smart_coupon", "coupon_type")
    made = with_unlisted(order(SOLD, total_ore=72400), coupon)
    assert booked(made)[1:] == [(2421, 0, -7500)]


def test_other_payment_carries_its_article():
    """The article "Annan betalning" that the company reports on would stay unused."""
    articles = "shop,purpose,article_number\n*,other_payment,ANNAN\n"
    found = outcome(order(SOLD, fee("-300.00")), special_articles=articles)
    assert isinstance(found, Invoice)
    assert [row.article_number for row in found.rows] == ["", "ANNAN"]
