"""What a refund credits: the sale's own rates and accounts, to the öre."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import day_window, line, mappings, order, shop_row

from fortnox.core.documents import Held, Invoice
from fortnox.core.orders import LineKind, Order, OrderLine, Problem, Refund
from fortnox.core.reconcile import reconcile_orders
from fortnox.core.reconciled import Evidence
from fortnox.core.refunds import credited_part, gives_nothing_back
from fortnox.core.transform import transform

SPLIT = shop_row(refund_amount_only="split")
REFUND_DAY = date(2026, 5, 20)


def refund(amount_ore: int, *lines: OrderLine, refund_id: str = "7", **changed: object) -> Refund:
    values: dict[str, object] = {
        "refund_id": refund_id,
        "order_id": "1001",
        "created_utc": datetime(2026, 5, 20, 9, tzinfo=UTC),
        "amount_ore": amount_ore,
        "lines": lines,
    }
    values.update(changed)
    return Refund(**values)  # type: ignore[arg-type]


def outcome(refunded: Refund, sold: Order, shop=None) -> Invoice | Held | None:
    """What a run of the refund's day wants."""
    wanted = transform(
        [sold],
        [refunded],
        shop=shop or shop_row(),
        mappings=mappings(),
        window=day_window(REFUND_DAY),
    )
    return next(iter((*wanted.invoices, *wanted.held)), None)


def credit(refunded: Refund, sold: Order, shop=None) -> Invoice:
    found = outcome(refunded, sold, shop)
    assert isinstance(found, Invoice)
    return found


def test_goods_and_freight_come_back():
    """AC-25: 250.00 and freight 49.00 at 25 %, on the sale's accounts, negative, on its own day."""
    goods, freight = line("250.00", "25"), line("49.00", "25", line_id="2", kind=LineKind.SHIPPING)
    found = credit(refund(29900, goods, freight), order(goods, freight))
    assert [(row.account_number, row.total_ore, row.shop_vat_ore) for row in found.rows] == [
        (3001, -25000, -5000),
        (3520, -4900, -980),
    ]
    assert (found.total_ore, found.accounting_day) == (-29900, REFUND_DAY)
    assert (found.reference, found.sale_reference) == ("demo:1001:r:7", "demo:1001")


def test_the_rate_is_the_sales_though_the_law_has_changed():
    """Food sold at 12 % in March and refunded in April, at 6 % by then, is credited at 12 %."""
    sold_at = datetime(2026, 3, 30, 9, tzinfo=UTC)
    food = line("224.00", "12")
    sold = order(food, paid_utc=sold_at, created_utc=sold_at)
    (row,) = credit(refund(22400, food), sold).rows
    assert (row.account_number, row.vat.rate.rate_pct, row.shop_vat_ore) == (3002, 12, -2400)


def test_the_whole_amount_without_lines_is_the_whole_order():
    """WooCommerce's "order fully refunded" names no lines; nothing is guessed."""
    sold = order(line("199.00", "25"), line("53.00", "6", line_id="2"), refunded_ore=25200)
    found = credit(refund(25200), sold)
    assert [row.total_ore for row in found.rows] == [-19900, -5300]


def test_a_part_without_lines_is_held_unless_the_mapping_splits_it():
    """At which rate 100.00 goes back, nobody can tell; the accountant may choose a rule."""
    sold = order(line("300.00", "25"), line("100.00", "6", line_id="2"), refunded_ore=10000)
    held = outcome(refund(10000), sold)
    assert isinstance(held, Held)
    assert (held.code, held.amount_ore) == ("refund_without_lines", -10000)
    found = credit(refund(10000), sold, SPLIT)
    assert [(row.vat.rate.rate_pct, row.total_ore) for row in found.rows] == [
        (25, -7500),
        (6, -2500),
    ]


def test_a_second_amount_without_lines_is_held():
    """What is left at which rate after another refund is not certain."""
    sold = order(line("300.00", "25"), line("100.00", "6", line_id="2"), refunded_ore=30000)
    held = outcome(refund(10000), sold, SPLIT)
    assert isinstance(held, Held)
    assert held.code == "refund_split_unclear"


def test_an_uncertain_refund_is_held_with_the_shops_reason():
    """Amount and lines that differ are not credited on a guess."""
    problem = Problem(code="refund_lines_differ", text="differs", remedy="see")
    held = outcome(refund(5000, problems=(problem,)), order())
    assert isinstance(held, Held)
    assert (held.code, held.reason) == ("refund_lines_differ", "differs")


def test_nothing_given_back_has_no_posting():
    """Pieces that come back without money need no document."""
    assert gives_nothing_back(refund(0, line("0.00", "25")))
    assert outcome(refund(0), order()) is None


def test_before_the_sale_is_booked_a_person_decides():
    """A refund of what is delivered later must not be lost between two days."""
    unpaid = order(payment_method="cod", paid_utc=None)
    held = outcome(refund(12500, line()), unpaid)
    assert isinstance(held, Held)
    assert held.code == "refund_before_sale"


def delivered_on(day: date) -> Order:
    at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    return order(payment_method="cod", paid_utc=at, delivered_utc=at, has_refunds=True)


def invoices_of(day: date, sold: Order, *refunds: Refund) -> list[tuple[str, date]]:
    """References and days of what a run of the day wants."""
    found = transform([sold], refunds, shop=shop_row(), mappings=mappings(), window=day_window(day))
    return [(one.reference, one.accounting_day) for one in found.invoices]


def test_money_given_back_before_the_sale_is_booked_with_it():
    """The refund that was held on its day is carried out by the run that books the sale."""
    sold, early = delivered_on(date(2026, 5, 22)), refund(12500, line())
    assert invoices_of(date(2026, 5, 22), sold, early) == [
        ("demo:1001", date(2026, 5, 22)),
        ("demo:1001:r:7", date(2026, 5, 22)),
    ]
    assert invoices_of(REFUND_DAY, sold, early) == []


def test_a_later_refund_whose_sale_was_held_goes_along_with_it():
    """Once the sale is mended and its day run again, nobody has to think of the refund's day."""
    sold, later = delivered_on(date(2026, 5, 4)), refund(12500, line())
    assert invoices_of(date(2026, 5, 4), sold, later) == [
        ("demo:1001", date(2026, 5, 4)),
        ("demo:1001:r:7", REFUND_DAY),
    ]
    unclear = refund(12500, problems=(Problem(code="x", text="t", remedy="r"),))
    assert invoices_of(date(2026, 5, 4), sold, unclear) == [("demo:1001", date(2026, 5, 4))]
    window = day_window(date(2026, 5, 4))
    found = transform([sold], [unclear], shop=shop_row(), mappings=mappings(), window=window)
    assert found.held == ()


@pytest.mark.parametrize("sold_on", range(18, 23))
def test_each_refund_is_of_exactly_one_day(sold_on: int):
    """Were it on two days, or none, one of them could never be reconciled."""
    sold, given_back = delivered_on(date(2026, 5, sold_on)), refund(12500, line())
    days = []
    for day in (date(2026, 5, number) for number in range(17, 25)):
        level = reconcile_orders(
            Evidence(
                shop=shop_row(),
                mappings=mappings(),
                window=day_window(day),
                heads=[sold.head],
                refunds=[(given_back, sold.head)],
                documents=(),
                held=(),
                invoices={},
                gross_ore={},
            )
        )
        days += [day for row in level.rows if row.reference == "demo:1001:r:7"]
    assert days == [max(REFUND_DAY, date(2026, 5, sold_on))]


def test_the_money_goes_back_where_it_came_from():
    """AC-25: 299.00 back from the clearing account, on the refund's day."""
    payment = credit(refund(12500, line()), order()).payment
    assert payment is not None
    assert (payment.amount_ore, payment.account, payment.paid_on) == (-12500, 1686, REFUND_DAY)


@pytest.mark.parametrize(("account", "expected"), [(None, None), (1690, 1690)])
def test_an_unpaid_sale_is_set_off_only_where_the_accountant_named_an_account(account, expected):
    """Money that never came can't go back; the two documents settle each other, or stay open."""
    types = (
        "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
        "mode_of_payment,payment_account,payment_way,valid_from,valid_to\n"
        "*,cheque,invoice,delivered,yes,30,book,,1930,,,\n"
    )
    sold = order(
        payment_method="cheque",
        paid_utc=None,
        delivered_utc=datetime(2026, 5, 4, 9, tzinfo=UTC),
    )
    wanted = transform(
        [sold],
        [refund(12500, line())],
        shop=shop_row(set_off_account=account),
        mappings=mappings(document_types=types),
        window=day_window(REFUND_DAY),
    )
    payment = wanted.invoices[0].payment
    assert (payment and payment.account) == expected
    assert payment is None or payment.sets_off


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.sampled_from(["25", "12", "6", "0"])),
        min_size=1,
        max_size=6,
    ),
    st.data(),
)
def test_a_split_amount_is_whole(parts, data):
    """However an amount is split over the rates, the parts are the amount, with its own VAT."""
    lines = tuple(
        line(str(Decimal(gross).scaleb(-2)), rate, line_id=str(number))
        for number, (gross, rate) in enumerate(parts)
    )
    sold = order(*lines)
    amount = data.draw(st.integers(1, sold.head.total_ore))
    part = credited_part(refund(amount), sold, SPLIT)
    assert isinstance(part, Order)
    assert sum(one.gross_ore for one in part.lines) == amount
    assert {one.vat_rate_pct for one in part.lines} <= {one.vat_rate_pct for one in lines}
