"""A backfill gives the books that the runs of the days gave: same documents, dates and content.

Each order has a history. The run of a day sees what had happened when it ran, the morning after; a
backfill sees the end of all histories. Both must want the same documents, or a re-run would find
"edited" sales, and a restored database other books.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.builders import line, mappings, order, shop_row

from fortnox.core.mapping import Mappings
from fortnox.core.orders import Order
from fortnox.core.transform import Wanted, transform
from fortnox.core.window import accounting_day_window, local_day

SHOP = shop_row(start_date=date(2026, 3, 28))
#: The days when the clocks change, the New Year, and the cut-over (28 March).
NEW_YEAR = date(2026, 12, 31)
PIVOTS = (date(2026, 3, 29), date(2026, 10, 25), NEW_YEAR)
_HEAD = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,"
    "mode_of_payment,valid_from,valid_to\n"
)
#: Bank transfers are dated by payment this year and by delivery the next, cheques the other way.
CHANGING = mappings(
    document_types=_HEAD
    + "*,stripe,invoice,paid,yes,0,,,\n"
    + "*,cod,invoice,delivered,yes,10,,,\n"
    + "*,bacs,invoice,paid,yes,0,,,2026-12-31\n*,bacs,invoice,delivered,yes,0,,2027-01-01,\n"
    + "*,cheque,invoice,delivered,yes,30,,,2026-12-31\n*,cheque,invoice,paid,yes,0,,2027-01-01,\n"
)
#: Local times: the first and last second of a day, the hour that is missing or there twice, noon.
TIMES = (time(0, 0), time(0, 0, 1), time(2, 30), time(12), time(23, 59, 59))


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An order, and when what happened to it."""

    order: Order
    paid: datetime | None
    delivered: datetime | None
    refunded: datetime | None

    def at(self, now: datetime) -> Order | None:
        """The order as the shop shows it at a time."""
        head = self.order.head
        if head.created_utc > now:
            return None
        paid, delivered, refunded = (
            moment if moment is not None and moment <= now else None
            for moment in (self.paid, self.delivered, self.refunded)
        )
        status = "on-hold"
        if paid:
            status = "processing"
        if delivered:
            status = "completed"
        if refunded:
            status = "refunded"
        seen = replace(head, status=status, paid_utc=paid, delivered_utc=delivered)
        return replace(self.order, head=seen)


@st.composite
def moments(draw: st.DrawFn, pivot: date) -> datetime:
    day = pivot + timedelta(days=draw(st.integers(-2, 3)))
    local = datetime.combine(day, draw(st.sampled_from(TIMES)), tzinfo=SHOP.zone)
    return local.replace(fold=draw(st.integers(0, 1))).astimezone(UTC)


@st.composite
def histories(draw: st.DrawFn) -> list[History]:
    made = []
    pivot = draw(st.sampled_from((*PIVOTS, NEW_YEAR)))
    for number in range(draw(st.integers(1, 6))):
        first, *later = sorted(draw(st.lists(moments(pivot), min_size=4, max_size=4)))
        paid, delivered = draw(st.permutations(later[:2]))
        base = order(
            line("125.00", draw(st.sampled_from(["25", "12", "6"]))),
            order_id=str(number + 1),
            created_utc=first,
            payment_method=draw(st.sampled_from(["stripe", "cod", "bacs", "cheque", "bacs"])),
        )
        made.append(
            History(
                order=base,
                paid=draw(st.sampled_from([paid, paid, None])),
                delivered=draw(st.sampled_from([delivered, delivered, None])),
                refunded=draw(st.sampled_from([later[2], None])),
            )
        )
    return made


def run_day(day: date, orders: Iterable[Order], maps: Mappings) -> Wanted:
    return transform(
        orders, (), shop=SHOP, mappings=maps, window=accounting_day_window(day, SHOP.zone)
    )


def documents(wanted: Iterable[Wanted]) -> Mapping[str, str]:
    """Reference -> day reference, which holds the day and the hash of what is booked.

    Two different documents for one order are the worst outcome of all.
    """
    found: dict[str, str] = {}
    for invoice in (invoice for item in wanted for invoice in item.invoices):
        assert found.setdefault(invoice.reference, invoice.day_reference) == invoice.day_reference
    return found


def days_of(made: Iterable[History]) -> list[date]:
    first = min(local_day(item.order.head.created_utc, SHOP.zone) for item in made)
    return [first + timedelta(days=number) for number in range(8)]


def morning_after(day: date) -> datetime:
    """When a day's run starts: after midnight, by settle_at."""
    after = datetime.combine(day + timedelta(days=1), SHOP.settle_at, tzinfo=SHOP.zone)
    return after.astimezone(UTC)


@settings(deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_backfill_equals_day_by_day(made: list[History], random):
    """Days run late, again, or backwards must want the documents that stand in the books."""
    days = days_of(made)
    on_the_day = []
    for day in days:
        seen = [item.at(morning_after(day)) for item in made]
        on_the_day.append(run_day(day, [item for item in seen if item], CHANGING))
    end = [item.at(datetime(2028, 1, 1, tzinfo=UTC)) for item in made]
    shuffled = random.sample(days, len(days))
    backfill = [run_day(day, [item for item in end if item], CHANGING) for day in shuffled]
    assert documents(on_the_day) == documents(backfill)


@settings(deadline=None)
@given(histories())
def test_a_sale_is_in_exactly_one_day(made: list[History]):
    """Two days would book it twice, none would lose it."""
    end = [item.at(datetime(2028, 1, 1, tzinfo=UTC)) for item in made]
    seen: list[str] = []
    for day in days_of(made):
        seen += [
            invoice.order_id for invoice in run_day(day, [o for o in end if o], CHANGING).invoices
        ]
    assert len(seen) == len(set(seen))
    started = {item.order.head.order_id for item in made if _is_sold(item)}
    assert started <= set(seen)


def _is_sold(item: History) -> bool:
    """Whatever dates it, it has happened, and after the cut-over."""
    if item.paid is None or item.delivered is None:
        return False
    return local_day(min(item.paid, item.delivered), SHOP.zone) >= SHOP.start_date


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-03-29T00:00:00+01:00", "2026-03-29"),
        ("2026-03-29T23:59:59+02:00", "2026-03-29"),
        ("2026-10-25T00:00:00+02:00", "2026-10-25"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25"),
        ("2026-10-25T23:59:59+01:00", "2026-10-25"),
        ("2026-12-31T23:59:59+01:00", "2026-12-31"),
        ("2027-01-01T00:00:00+01:00", "2027-01-01"),
    ],
)
def test_seconds_around_midnight(local: str, expected: str):
    """A second before midnight is another VAT period, twice a year by another offset."""
    paid = datetime.fromisoformat(local).astimezone(UTC)
    sold = order(created_utc=paid - timedelta(hours=2), paid_utc=paid)
    days = [date.fromisoformat(expected) + timedelta(days=shift) for shift in (-1, 0, 1)]
    assert [len(run_day(day, [sold], CHANGING).invoices) for day in days] == [0, 1, 0]


@pytest.mark.parametrize(("method", "expected"), [("cheque", "2026-12-30"), ("bacs", "2027-01-02")])
def test_next_years_row_moves_no_sale_of_this_year(method: str, expected: str):
    """Delivered in December, paid in January: one document, whichever rows the two months have."""
    delivered = datetime(2026, 12, 30, 12, tzinfo=UTC)
    paid = datetime(2027, 1, 2, 12, tzinfo=UTC)
    made = order(
        created_utc=delivered - timedelta(days=1),
        payment_method=method,
        delivered_utc=delivered,
        paid_utc=None,
    )
    settled = replace(made, head=replace(made.head, paid_utc=paid))
    december, january = delivered.date(), paid.date()
    daily = [run_day(december, [made], CHANGING), run_day(january, [settled], CHANGING)]
    again = [run_day(day, [settled], CHANGING) for day in (january, december)]
    assert documents(daily) == documents(again)
    assert [i.accounting_day.isoformat() for w in again for i in w.invoices] == [expected]


def test_cancelled_after_it_was_booked_makes_no_second_document():
    """Paid on the 4th, cancelled on the 6th without a refund: a re-run of the 4th holds it."""
    paid = datetime(2026, 5, 4, 10, tzinfo=UTC)
    day = date(2026, 5, 4)
    assert len(run_day(day, [order(paid_utc=paid)], CHANGING).invoices) == 1
    again = run_day(day, [order(paid_utc=paid, status="cancelled")], CHANGING)
    assert again.invoices == ()
    assert again.held[0].code == "status_not_counted"


def test_paid_before_created_and_completed_before_paid():
    """Imported orders have dates out of order: each sale is still dated by its own event."""
    created = datetime(2026, 5, 10, 10, tzinfo=UTC)
    early, late = created - timedelta(days=6), created + timedelta(days=20)
    card = order(created_utc=created, paid_utc=early)
    assert len(run_day(date(2026, 5, 4), [card], CHANGING).invoices) == 1
    cheque = order(created_utc=created, paid_utc=late, delivered_utc=early, payment_method="cheque")
    assert len(run_day(date(2026, 5, 4), [cheque], CHANGING).invoices) == 1
    transfer = order(created_utc=created, paid_utc=late, delivered_utc=early, payment_method="bacs")
    assert len(run_day(date(2026, 5, 30), [transfer], CHANGING).invoices) == 1
