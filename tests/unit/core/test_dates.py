"""Which day a sale belongs to; and no sale that is lost because nothing dates it."""

from datetime import UTC, date, datetime

import pytest
from tests.support.builders import DAY, day_window, head, mappings, shop_row

from fortnox.core.dates import Due, belongs, sale_date

MAPPINGS = mappings()
SHOP = shop_row()


def dated(**changed):
    return sale_date(head(**changed), SHOP, MAPPINGS)


def test_paid_card_is_dated_by_payment():
    """A card sale stands on the day the money was captured, in the company's zone."""
    late_evening_utc = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)  # 00:30 on the 5th in Stockholm
    assert dated(paid_utc=late_evening_utc).day == date(2026, 5, 5)


def test_cash_on_delivery_is_dated_by_delivery():
    """Unpaid and undelivered it is not due; delivered it is, on that day."""
    assert dated(payment_method="cod", paid_utc=None).due is Due.NOT_DUE
    delivered = dated(
        payment_method="cod",
        paid_utc=None,
        status="completed",
        delivered_utc=datetime(2026, 5, 6, 9, 0, tzinfo=UTC),
    )
    assert (delivered.due, delivered.day) == (Due.DUE, date(2026, 5, 6))


@pytest.mark.parametrize("status", ["pending", "on-hold", "failed", "cancelled", "checkout-draft"])
def test_unpaid_orders_are_not_due(status):
    """A basket that nobody paid is no sale, and nothing to hold."""
    assert dated(status=status, paid_utc=None).due is Due.NOT_DUE


@pytest.mark.parametrize("status", ["cancelled", "shipped-by-plugin", "trash", "on-hold"])
def test_paid_order_with_an_uncounted_status_is_held(status):
    """Money was taken: the order must be seen, whatever a plugin calls its status."""
    sale = dated(status=status)
    assert sale.problem is not None
    assert sale.problem.code == "status_not_counted"
    assert sale.day == DAY


def test_unmapped_payment_method_is_held_by_name():
    """Nothing is posted on a default that nobody chose; the message names the method."""
    sale = dated(payment_method="crypto")
    assert sale.problem is not None
    assert sale.problem.code == "unmapped_payment_method"
    assert '"crypto"' in sale.problem.text


def test_delivered_but_never_paid_is_held():
    """A card order that was delivered and never marked paid would otherwise never be booked."""
    sale = dated(status="completed", paid_utc=None, delivered_utc=datetime(2026, 5, 7, tzinfo=UTC))
    assert sale.problem is not None
    assert sale.problem.code == "delivered_but_unpaid"


def test_before_the_start_date_is_another_systems():
    """Orders from before the cut-over must not be booked a second time by us."""
    sale = sale_date(head(), shop_row(start_date=date(2026, 5, 5)), MAPPINGS)
    assert sale.due is Due.BEFORE_START


def test_belongs_to_its_own_day_only():
    """Each sale is in exactly one day's run; an hourly run takes every due one."""
    assert belongs(dated(), day_window())
    assert not belongs(dated(), day_window(date(2026, 5, 5)))
