"""The days that the fault matrix runs: a list of scenarios, to which a new document kind is added.

A scenario is what Fortnox has before the day, and one run of the day as the tasks ``plan`` and
``apply`` carry it out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from tests.support.builders import DAY, buyer, day_window, line, mappings, order, shop_row

from fortnox.api.apply import apply_invoices
from fortnox.api.client import FortnoxClient
from fortnox.core.day_voucher import day_groups, doubled, of_group
from fortnox.core.mapping import ShopRow
from fortnox.core.orders import Order, Refund
from fortnox.core.transform import Wanted, transform
from fortnox.steps.day_vouchers import known_vouchers, plan_day_vouchers, write_day_vouchers
from fortnox.steps.run import Run

#: One payment method per kind of document.
_TYPES = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
    "mode_of_payment,payment_account,payment_way,voucher_group,create_invoice,send,valid_from,"
    "valid_to\n"
    "*,stripe,invoice,paid,yes,0,book,,1686,,,no,no,,\n"
    "*,swish,cash_invoice,paid,yes,,none,,,CARD,,no,no,,\n"
    "*,kco,day_voucher,paid,yes,,,,1686,,day,no,no,,\n"
    "*,cheque,invoice,delivered,yes,30,book,,1930,,,no,no,,\n"
    "*,b2b,order,created,yes,30,book,,1930,,,delivered,mark,,\n"
    "*,quote,offer,created,no,,none,,,,,no,no,,\n"
)
MAPPINGS = mappings(document_types=_TYPES)
SHOP = shop_row(voucher_series="A", set_off_account=1686)
YESTERDAY = DAY - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a process has to work with: a client, the company's folder, the time."""

    client: FortnoxClient
    folder: Path
    now: Callable[[], datetime]
    sleep: Callable[[float], None]


class Day(Protocol):
    """What the matrix runs."""

    @property
    def name(self) -> str:
        """In the table."""
        ...

    def prepare(self, desk: Desk) -> None:
        """Bring Fortnox to where the day begins."""
        ...

    def run(self, desk: Desk) -> None:
        """One run of the day, from plan to apply."""
        ...

    def doubled_vouchers(self, desk: Desk) -> int:
        """How many vouchers the day's reconcile proposes to reverse."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A day of orders; ``before``: what was booked the day before, None for a shop's first day."""

    name: str
    before: Wanted | None
    wanted: Wanted
    shop: ShopRow = SHOP

    def prepare(self, desk: Desk) -> None:
        """Bring Fortnox to where the day begins."""
        if self.before is not None:
            _carry_out(desk, self.before, YESTERDAY, self.shop)

    def run(self, desk: Desk) -> None:
        """One run of the day, from plan to apply."""
        _carry_out(desk, self.wanted, DAY, self.shop)

    def doubled_vouchers(self, desk: Desk) -> int:
        """How many vouchers the day's reconcile proposes to reverse."""
        known = known_vouchers(desk.client, _a_run(DAY))
        groups = day_groups(self.wanted.day_sales, SHOP)
        return sum(len(doubled(of_group(group, known), group)) for group in groups)


def _carry_out(desk: Desk, wanted: Wanted, day: date, shop: ShopRow) -> None:
    """Documents first; day vouchers last, for they can't be taken back."""
    run = _a_run(day)
    planned = plan_day_vouchers(desk.client, run, wanted.day_sales, desk.folder)
    if wanted.invoices:
        apply_invoices(desk.client, shop, wanted.invoices, sleep=desk.sleep)
    vouchers = (*planned.vouchers, *planned.unfinished)
    if vouchers:
        write_day_vouchers(desk.client, run, vouchers, desk.folder, now=desk.now)


def _a_run(day: date) -> Run:
    """A run as the steps of day vouchers know it; they stage nothing."""
    values: dict[str, Any] = {"staging": None, "fingerprint": "", "dag_id": "", "run_id": ""}
    opened_at = datetime.now(UTC)
    return Run(window=day_window(day), shop=SHOP, mappings=MAPPINGS, opened_at=opened_at, **values)


def wanted_of(
    day: date, *orders: Order, refunds: tuple[Refund, ...] = (), shop: ShopRow = SHOP
) -> Wanted:
    """What the transform makes of orders and refunds, nothing held."""
    found = transform(orders, refunds, shop=shop, mappings=MAPPINGS, window=day_window(day))
    assert found.held == ()
    return found


def sale(order_id: str, method: str, day: date, gross: str = "125.00", **changed: Any) -> Order:
    """An order of two rates by a guest of its own, paid on the day at noon."""
    at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    times = {"created_utc": at, "modified_utc": at, "paid_utc": at}
    values: dict[str, Any] = {"buyer": buyer(email=f"guest-{order_id}@example.com"), **times}
    lines = (line(gross, "25"), line("33.33", "12", line_id="2", quantity="3"))
    return order(*lines, order_id=order_id, payment_method=method, **{**values, **changed})


def _refund(of: Order, refund_id: str, gross: str = "") -> Refund:
    """The whole order back, or one line of an amount."""
    return Refund(
        refund_id=refund_id,
        order_id=of.head.order_id,
        created_utc=datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC),
        amount_ore=line(gross).gross_ore if gross else of.head.total_ore,
        lines=(line(gross, "25"),) if gross else of.lines,
    )


_REFUNDED = sale("1091", "stripe", YESTERDAY)
_PARTLY = sale("1092", "swish", YESTERDAY, "300.00")
_DELIVERED = datetime(2026, 5, 3, 9, tzinfo=UTC)
_UNPAID = sale("1093", "cheque", YESTERDAY, paid_utc=None, delivered_utc=_DELIVERED)
_KNOWN = buyer(email="guest-1091@example.com")

_BEFORE = wanted_of(YESTERDAY, _REFUNDED, _PARTLY, _UNPAID, sale("1094", "kco", YESTERDAY))
_SALES = (
    sale("1101", "stripe", DAY),
    sale("1102", "stripe", DAY, "80.00", buyer=_KNOWN),
    sale("1103", "swish", DAY),
    sale("1104", "kco", DAY),
    sale("1105", "kco", DAY, "49.00"),
)
_REFUNDS = (_refund(_REFUNDED, "1"), _refund(_PARTLY, "2", "100.00"), _refund(_UNPAID, "3"))

#: Two documents with a payment and one refund: the reduced matrix of every test run.
SMALL = Scenario(
    name="small",
    before=wanted_of(YESTERDAY, _REFUNDED),
    wanted=wanted_of(DAY, _SALES[0], _REFUNDED, refunds=_REFUNDS[:1]),
)
#: Invoices, a cash invoice, payments, refunds in whole and in part, one of an unpaid sale, a new
#: customer each, and a day voucher with its file.
EVERYTHING = Scenario(
    name="everything",
    before=_BEFORE,
    wanted=wanted_of(DAY, *_SALES, _REFUNDED, _PARTLY, _UNPAID, refunds=_REFUNDS),
)
#: No document is known, so that nothing proves the filter: each creation looks first.
FIRST_DAY = Scenario(name="first day", before=None, wanted=wanted_of(DAY, *_SALES))
#: Money back on a part of an unpaid sale, which stays open for the rest.
SET_OFF = Scenario(
    name="set off in part",
    before=wanted_of(YESTERDAY, _UNPAID),
    wanted=wanted_of(DAY, _UNPAID, refunds=(_refund(_UNPAID, "1", "100.00"),)),
)
_NUMBERED = SHOP.replaced(document_numbers_from=1_000_000_000)
#: Invoices under numbers of their own (rule 27).
OWN_NUMBERS = Scenario(
    name="own document numbers",
    before=wanted_of(YESTERDAY, _REFUNDED, shop=_NUMBERED),
    wanted=wanted_of(DAY, *_SALES[:3], _REFUNDED, refunds=_REFUNDS[:1], shop=_NUMBERED),
    shop=_NUMBERED,
)
_SENT_AT = datetime(2026, 5, 4, 11, tzinfo=UTC)
#: An order of yesterday and one of today that are delivered and invoiced, one that waits, an offer.
ORDERS = Scenario(
    name="orders and an offer",
    before=wanted_of(YESTERDAY, sale("1201", "b2b", YESTERDAY)),
    wanted=wanted_of(
        DAY,
        sale("1201", "b2b", YESTERDAY, delivered_utc=_SENT_AT),
        sale("1202", "b2b", DAY, delivered_utc=_SENT_AT),
        sale("1203", "b2b", DAY),
        sale("1204", "quote", DAY),
    ),
)
