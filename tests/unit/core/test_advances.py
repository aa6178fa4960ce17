"""Advances: each event of an order that is paid before its delivery, account by account."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.advances import (
    DELIVERED,
    PAID,
    STRICT,
    events,
    given_back,
    sold,
    sums,
    wanted,
)
from tests.support.builders import buyer, line, mappings, shop_row

from fortnox.core.advances import AdvanceEvent
from fortnox.core.orders import BuyerKind, LineKind
from fortnox.core.transform import transform
from fortnox.core.window import modified_window

DAYS = (PAID, date(2026, 5, 30), DELIVERED, date(2026, 6, 10))


def test_payment_and_delivery_over_a_month_end():
    """May's VAT return would lack the VAT of the advance, or May's result have June's sale."""
    order = sold()
    assert sums(PAID, order) == {1686: 125000, 2420: -100000, 2611: -25000}
    assert sums(DELIVERED, order) == {2420: 100000, 3001: -100000}


def test_an_undelivered_order_is_booked_the_same():
    """What a day books may not depend on what happens after it: a backfill would differ."""
    assert events(PAID, sold(delivered=None)) == events(PAID, sold())


def test_delivery_on_the_day_of_payment_is_an_ordinary_sale():
    """Each sale from stock would get two vouchers in place of its invoice."""
    found = wanted(PAID, sold(delivered=PAID))
    assert found.advances == ()
    assert [invoice.total_ore for invoice in found.invoices] == [125000]


def test_a_method_dated_by_delivery_is_an_advance_too_when_paid_first():
    """A prepaid bank transfer would reach the books only when the goods leave."""
    order = sold(payment_method="bacs")
    assert sums(PAID, order) == {1930: 125000, 2420: -100000, 2611: -25000}
    assert wanted(DELIVERED, order).invoices == ()


def test_delivered_first_and_paid_later_is_an_ordinary_sale():
    """Goods sent on invoice are no advance."""
    order = sold(payment_method="bacs", paid_utc=datetime(2026, 6, 20, tzinfo=UTC))
    assert [one.accounting_day for one in wanted(DELIVERED, order).invoices] == [DELIVERED]


def test_each_rate_and_account_of_a_mixed_order():
    """VAT of books and freight would be told at 25 %, or the freight be lost on the way."""
    order = sold(
        line("125.00"),
        line("106.00", "6", line_id="2"),
        line("62.50", kind=LineKind.SHIPPING, line_id="3"),
    )
    paid, delivered = sums(PAID, order), sums(DELIVERED, order)
    assert paid[1686] == 29350
    assert (paid[2611], paid[2631]) == (-3750, -600)
    assert paid[2420] == -delivered[2420] == -25000
    assert delivered.keys() & {2611, 2631, 1686} == set()
    assert sum(ore for account, ore in delivered.items() if 3000 <= account < 4000) == -25000


def test_a_gift_card_pays_on_the_day_that_it_is_used():
    """The debt to the card's holder would stay open until the delivery."""
    card = line("-500.00", None, kind=LineKind.GIFT_CARD, line_id="2")
    order = sold(line("1250.00"), card)
    assert sums(PAID, order) == {1686: 75000, 2421: 50000, 2420: -100000, 2611: -25000}
    assert sums(DELIVERED, order) == {2420: 100000, 3001: -100000}


def test_a_refund_before_the_delivery_takes_the_advance_back():
    """What was never delivered would become revenue, or the debt of 2420 stay for ever."""
    order = sold(refunded_ore=25000)
    refund = given_back(order, "250.00", date(2026, 5, 30))
    assert sums(date(2026, 5, 30), order, refunds=[refund]) == {
        1686: -25000,
        2420: 20000,
        2611: 5000,
    }
    assert sums(DELIVERED, order, refunds=[refund]) == {2420: 80000, 3001: -80000}


@pytest.mark.parametrize("day", [DELIVERED, date(2026, 6, 10)])
def test_a_refund_from_the_day_of_delivery_on_takes_revenue_back(day: date):
    """The goods were sold: 2420 would end with a claim on the buyer."""
    order = sold(refunded_ore=25000)
    refund = given_back(order, "250.00", day)
    found = events(day, order, refunds=[refund])
    (event,) = [one for one in found if one.event is AdvanceEvent.REFUNDED]
    assert event.sums == {1686: -25000, 3001: 20000, 2611: 5000}
    assert sums(DELIVERED, order) == {2420: 100000, 3001: -100000}


def test_all_given_back_leaves_nothing_to_deliver():
    """An empty voucher is refused by Fortnox, and the day would be red for it."""
    order = sold(refunded_ore=125000)
    refund = given_back(order, "1250.00", date(2026, 5, 30))
    (event,) = events(DELIVERED, order, refunds=[refund])
    assert event.voucher_rows == ()


def test_a_delivery_brings_its_payment_along():
    """Days of a backfill run side by side: the later one may come first."""
    found = wanted(DELIVERED, sold()).advances
    assert [(one.mark, one.day) for one in found] == [
        ("demo:1001:d", DELIVERED),
        ("demo:1001:a", PAID),
    ]
    assert found[0].after == "demo:1001:a"


@given(
    grosses=st.lists(st.integers(1, 10**7), min_size=1, max_size=4),
    rates=st.lists(st.sampled_from(["25", "12", "6", "0"]), min_size=4, max_size=4),
    parts=st.lists(st.tuples(st.integers(1, 100), st.sampled_from(DAYS)), max_size=3),
)
def test_every_event_balances_and_the_debt_ends_at_zero(
    grosses: list[int], rates: list[str], parts: list[tuple[int, date]]
):
    """An öre left on 2420 per order is found at the year's end, order by order, by hand."""
    lines = [
        line(str(Decimal(ore) / 100), rate, line_id=str(number))
        for number, (ore, rate) in enumerate(zip(grosses, rates, strict=False), start=1)
    ]
    order = sold(*lines)
    first = lines[0]
    refunds = [
        given_back(
            order, str(Decimal(first.gross_ore * pct // 300) / 100), day, str(n), rate=rates[0]
        )
        for n, (pct, day) in enumerate(parts)
        if first.gross_ore * pct // 300
    ]
    order = replace(order, refunded_ore=sum(refund.amount_ore for refund in refunds))
    totals: dict[int, int] = {}
    for day in DAYS:
        for event in events(day, order, refunds=refunds):
            assert sum(event.sums.values()) == 0
            for account, ore in event.sums.items():
                totals[account] = totals.get(account, 0) + ore
    assert totals.get(2420, 0) == 0
    assert totals.get(1686, 0) == order.head.total_ore - order.refunded_ore


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"currency": "EUR"}, "advance_in_currency"),
        ({"payment_method": "bare"}, "no_payment_account"),
        ({"delivered": None, "status": "completed"}, "delivery_date_unknown"),
    ],
)
def test_what_no_voucher_can_say_is_held(changed: dict[str, object], code: str):
    """It would be booked at a rate, on an account or on a day that nobody knows."""
    order = sold(**changed)  # type: ignore[arg-type]
    order = replace(order, currency_rate=Decimal(11))
    shop = STRICT.replaced(currency_rate="shop")
    assert [item.code for item in wanted(PAID, order, shop=shop).held] == [code]


def test_reverse_charge_paid_in_advance_is_held():
    """A company that accounts for the VAT must be told so on an invoice."""
    company = buyer(country="DE", kind=BuyerKind.COMPANY, company="GmbH", vat_number="DE136695976")
    order = sold(line("1000.00", None), buyer=company)
    shop = STRICT.replaced(accept_shop_zero=("eu",))
    assert [item.code for item in wanted(PAID, order, shop=shop).held] == ["advance_reverse_charge"]


def test_an_unclear_refund_holds_the_delivery_too():
    """The delivery would take more revenue than was delivered."""
    order = sold(refunded_ore=20000)
    refund = replace(given_back(order, "250.00", date(2026, 5, 30)), lines=(), amount_ore=20000)
    found = wanted(DELIVERED, order, refunds=[refund])
    assert [item.code for item in found.held] == ["refund_without_lines"]


def test_hourly_runs_leave_advances_to_the_daily_one():
    """At noon nobody knows whether the order is delivered in the afternoon."""
    start = datetime(2026, 5, 28, 11, tzinfo=UTC)
    window = modified_window(start, start + timedelta(hours=2))
    found = transform([sold(delivered=None)], (), shop=STRICT, mappings=mappings(), window=window)
    assert (found.invoices, found.advances, found.held) == ((), (), ())


def test_switched_off_the_same_order_is_a_sale_of_its_day():
    """A shop that never asked for advances would find vouchers."""
    found = wanted(PAID, sold(), shop=shop_row())
    assert found.advances == ()
    assert len(found.invoices) == 1


@pytest.mark.parametrize(
    ("dates", "is_advance"),
    [
        ({"advances_from": PAID}, True),
        ({"advances_from": date(2026, 5, 29)}, False),
        ({"advances_until": PAID}, True),
        ({"advances_until": date(2026, 5, 27)}, False),
    ],
)
def test_switched_on_and_off_by_the_day_of_the_payment(dates: dict[str, date], is_advance: bool):
    """A sale that stands in a day voucher would be booked as an advance too, or the other way."""
    shop = STRICT.replaced(**dates)
    assert bool(wanted(PAID, sold(), shop=shop).advances) is is_advance
    assert bool(wanted(DELIVERED, sold(), shop=shop).advances) is is_advance


def test_paid_before_the_start_date_is_the_other_systems_advance():
    """Its payment would be booked again at the delivery."""
    shop = STRICT.replaced(start_date=date(2026, 6, 1))
    assert wanted(DELIVERED, sold(), shop=shop).advances == ()
