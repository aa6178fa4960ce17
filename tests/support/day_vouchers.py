"""Sales of one day that go into day vouchers, as transform makes them."""

from typing import Any

from tests.support.builders import day_window, mappings, shop_row

from fortnox.core.day_voucher import DayGroup, DaySale, day_groups
from fortnox.core.orders import Order
from fortnox.core.transform import Wanted, transform

_HEAD = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
    "mode_of_payment,payment_account,payment_way,voucher_group,valid_from,valid_to\n"
)
#: Cards and Klarna clear on 1686, Swish lands on the bank; all in one voucher.
DOCUMENT_TYPES = _HEAD + (
    "*,stripe,day_voucher,paid,yes,,,,1686,,day,,\n"
    "*,kco,day_voucher,paid,yes,,,,1686,,day,,\n"
    "*,swish,day_voucher,paid,yes,,,,1930,,day,,\n"
    "*,bacs,invoice,paid,yes,0,,,,,,,\n"
)


def wanted(*orders: Order, **window: Any) -> Wanted:
    """What a day's run wants of these orders."""
    rows = mappings(document_types=DOCUMENT_TYPES)
    return transform(orders, (), shop=shop_row(), mappings=rows, window=day_window(**window))


def day_sales(*orders: Order, **window: Any) -> tuple[DaySale, ...]:
    """Their parts of the day voucher; nothing may be held."""
    found = wanted(*orders, **window)
    assert found.held == ()
    return found.day_sales


def one_group(*sales: DaySale) -> DayGroup:
    """The only group of these sales."""
    (group,) = day_groups(sales, shop_row())
    return group
