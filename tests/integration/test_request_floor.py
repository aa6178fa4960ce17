"""What each kind of document costs at Fortnox, counted: the floor table, row by row.

The price of a document is what ten more of them add; what a run costs once is held apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pytest
from tests.faults.days import YESTERDAY
from tests.support.builders import buyer, line
from tests.support.request_counts import (
    CountedCompany,
    Spent,
    delivered,
    refunded,
    sold,
    wanted,
)

from fortnox.core.actions import Action, ActionKind
from fortnox.core.customer_match import CustomerChoice
from fortnox.core.documents import Invoice
from fortnox.core.forecast import forecast
from fortnox.core.orders import Order

FEW, MANY = 2, 12
ADDED = MANY - FEW

#: Payment method -> requests per document of a returning customer, and of a new one. An offer's
#: reference stands in no list: looked up by itself before and after, where the floor is 2.
FLOOR = {
    "draft": (1, 2),
    "order": (1, 2),
    "offer": (3, 4),
    "cash": (2, 3),
    "invoice": (2, 3),
    "registered": (3, 4),
    "paid": (4, 5),
    "order_invoice": (4, 5),
    "order_paid": (6, 7),
}


#: Order number of the first sale.
FIRST = 1_000_000


@pytest.fixture
def company() -> CountedCompany:
    """A company that knows the shop, and nothing of today."""
    return CountedCompany()


def orders(method: str, first: int, count: int) -> list[Order]:
    made = [sold(first + n, method) for n in range(count)]
    return [delivered(one) for one in made] if method.startswith("order_") else made


def price(spend: Callable[[int], Spent]) -> float:
    """Requests that each document more costs."""
    return (spend(MANY).requests - spend(FEW).requests) / ADDED


def check_forecast(spent: Spent) -> Spent:
    """A chunk of 20 minutes is cut, and a person decides, by what the plan says.

    Two lists more or less, where another day's drafts stand about or the filter proves itself.
    """
    assert abs(spent.forecast - spent.requests) <= max(2, 0.02 * spent.requests), spent
    return spent


@pytest.mark.parametrize("method", FLOOR)
def test_a_sale_costs_the_floor(company: CountedCompany, method: str) -> None:
    """Each request more is 0.2 s of the night for every document of every shop."""
    returning, new = FLOOR[method]

    def to_new_customers(count: int) -> Spent:
        return check_forecast(company.apply(wanted(orders(method, FIRST + 100 * count, count))))

    def to_the_same(count: int) -> Spent:
        known = [
            replace(one, buyer=buyer(email=f"guest-{FIRST + 100 * count + n}@example.com"))
            for n, one in enumerate(orders(method, FIRST + 100 * count + 50, count))
        ]
        return check_forecast(company.apply(wanted(known)))

    assert price(to_new_customers) == pytest.approx(new, abs=0.25)
    assert price(to_the_same) == pytest.approx(returning, abs=0.25)


@pytest.mark.parametrize(("method", "floor"), [("paid", 4), ("unpaid", 6), ("cash", 2)])
def test_a_refund_costs_the_floor(company: CountedCompany, method: str, floor: int) -> None:
    """A credit invoice is one POST: no ``/credit``, no look-up of what it credits."""

    def refund(count: int) -> Spent:
        times = {"paid_utc": None} if method == "unpaid" else {}
        numbers = range(FIRST + 100 * count, FIRST + 100 * count + count)
        sales = [sold(n, method, day=YESTERDAY, **times) for n in numbers]
        if method == "unpaid":
            sales = [delivered(one, YESTERDAY) for one in sales]
        company.apply(wanted(sales, YESTERDAY))
        return check_forecast(company.apply(wanted(sales, refunds=[refunded(s) for s in sales])))

    assert price(refund) == pytest.approx(floor, abs=0.25)


def test_an_edit_before_booking_costs_one_put(company: CountedCompany) -> None:
    """What is edited in the shop is said anew on the draft, not cancelled and made again."""

    def edit(count: int) -> Spent:
        made = orders("draft", FIRST + 100 * count, count)
        company.apply(wanted(made))
        lines = (line("99.00", "25"),)
        edited = [
            replace(one, head=replace(one.head, total_ore=9900), lines=lines, total_vat_ore=1980)
            for one in made
        ]
        spent = check_forecast(company.apply(wanted(edited)))
        assert spent.writes == count
        return spent

    assert price(edit) == pytest.approx(1, abs=0.25)


@pytest.mark.parametrize("method", [name for name in FLOOR if name != "offer"])
def test_a_second_run_writes_nothing(company: CountedCompany, method: str) -> None:
    """Hourly runs and backfills pass over the same days again and again."""
    made = wanted(orders(method, FIRST, MANY))
    company.apply(made)
    again = company.apply(made)
    assert (again.writes, again.forecast) == (0, 0)
    assert again.reads <= 10


def _many(action: Action, count: int) -> Sequence[Action]:
    """The same sale by so many new customers."""

    def one(number: int) -> Action:
        order_id = str(1_000_000 + number)
        invoice: Invoice = replace(action.invoice, order_id=order_id, reference=f"demo:{order_id}")
        customer = CustomerChoice(number=f"demo-{number}", create=True)
        return replace(action, invoice=invoice, customer=customer)

    return [one(number) for number in range(count)]


def test_ten_thousand_orders_cost_the_floor(company: CountedCompany) -> None:
    """Lists grow by the page of 500, not by the document."""
    (paid,) = wanted(orders("paid", FIRST, 1))
    action = Action(kind=ActionKind.CREATE, invoice=paid, reason="new")
    total = partial(forecast, surplus=(), filter_proven=True)
    requests = total(_many(action, 10_000))
    assert requests == pytest.approx(5 * 10_000, rel=0.014 / 5)
    # A request counter of 12 documents agrees, so what was foreseen for 10 000 may be trusted.
    counted = company.apply(wanted(orders("paid", FIRST + 100, MANY)))
    assert counted.requests == pytest.approx(total(_many(action, MANY)), abs=1)
