"""Days through apply into a sandbox without a network, their requests counted by its own log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from tests.faults.days import YESTERDAY
from tests.faults.wire import BASE_URL, Wire
from tests.support.builders import DAY, buyer, day_window, line, mappings, order, shop_row
from tests.support.worlds import World

from fortnox.api.apply import Outcome, apply_invoices
from fortnox.api.client import FortnoxClient
from fortnox.api.snapshot import take_snapshot
from fortnox.core.documents import Invoice
from fortnox.core.orders import Order, Refund
from fortnox.core.plan import make_plan
from fortnox.core.transform import transform
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.unknowns import Switches

_TYPES = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
    "mode_of_payment,payment_account,payment_way,create_invoice,send,valid_from,valid_to\n"
    "*,draft,invoice,paid,no,0,none,,,,no,no,,\n"
    "*,order,order,created,no,0,none,,,,no,no,,\n"
    "*,offer,offer,created,no,,none,,,,no,no,,\n"
    "*,cash,cash_invoice,paid,yes,,none,,,CARD,no,no,,\n"
    "*,invoice,invoice,paid,yes,0,none,,,,no,no,,\n"
    "*,registered,invoice,paid,yes,0,register,,1686,,no,no,,\n"
    "*,paid,invoice,paid,yes,0,book,,1686,,no,no,,\n"
    "*,unpaid,invoice,delivered,yes,30,book,,1930,,no,no,,\n"
    "*,order_invoice,order,created,yes,0,none,,,,delivered,no,,\n"
    "*,order_paid,order,created,yes,0,book,,1930,,delivered,no,,\n"
)
MAPPINGS = mappings(document_types=_TYPES)
SHOP = shop_row(set_off_account=1686)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one apply used, and what its plan had said. All are numbers of requests."""

    writes: int
    reads: int
    forecast: int
    outcome: Outcome

    @property
    def requests(self) -> int:
        """All of them."""
        return self.writes + self.reads


class CountedCompany:
    """A company that knows the shop: yesterday's documents prove the filter."""

    def __init__(self) -> None:
        app = create_app(switches=Switches(rate_limit=0))
        self._app = app
        self.wire = Wire(app)
        self._world = World(
            fortnox_url=BASE_URL, shop_url="", fortnox=None, woocommerce=None, faults=None
        )
        known = [
            sold(900_001 + n, method, day=YESTERDAY)
            for n, method in enumerate(("invoice", "invoice", "order", "order"))
        ]
        self.apply(wanted(known, YESTERDAY))

    def client(self) -> FortnoxClient:
        """What a new process would have."""
        clock, session = self.wire.clock, self.wire.session()
        made = self._world.client(session=session, clock=clock, sleep=clock.sleep)
        made.get("companyinformation", "CompanyInformation")  # the guard, and the token
        return made

    def apply(self, invoices: Sequence[Invoice]) -> Spent:
        """Plan, then apply, and count what apply spent, the company guard included."""
        snapshot = take_snapshot(self.client(), SHOP.reference_key, invoices)
        plan = make_plan(invoices, snapshot, SHOP)
        client = self.client()
        outcome = apply_invoices(client, SHOP, invoices, sleep=self.wire.clock.sleep)
        assert (outcome.held, outcome.unanswered) == ([], [])
        usage = client.usage
        return Spent(
            writes=usage.writes, reads=usage.reads, forecast=plan.requests, outcome=outcome
        )


def sold(number: int, method: str, *, day: date = DAY, guest: int = 0, **times: Any) -> Order:
    """An order with two rates of VAT; each guest is somebody else, by default each order's."""
    at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    return order(
        line("125.00", "25"),
        line("33.33", "12", line_id="2", quantity="3"),
        order_id=str(number),
        number=str(number),
        payment_method=method,
        buyer=buyer(email=f"guest-{guest or number}@example.com"),
        **{"created_utc": at, "modified_utc": at, "paid_utc": at, **times},
    )


def delivered(one: Order, day: date = DAY) -> Order:
    """The order as it is when it has left the shop."""
    at = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
    return replace(one, head=replace(one.head, delivered_utc=at))


def refunded(one: Order) -> Refund:
    """All of the order given back on the day."""
    return Refund(
        refund_id=f"9{one.head.order_id}",
        order_id=one.head.order_id,
        created_utc=datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC),
        amount_ore=one.head.total_ore,
        lines=one.lines,
    )


def wanted(
    orders: Sequence[Order], day: date = DAY, refunds: Sequence[Refund] = ()
) -> tuple[Invoice, ...]:
    """The day's documents; nothing may be held."""
    window = day_window(day)
    found = transform(orders, refunds, shop=SHOP, mappings=MAPPINGS, window=window)
    assert found.held == (), found.held[:1]
    return found.invoices
