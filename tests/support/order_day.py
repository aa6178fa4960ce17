"""Document types order and offer in tests: mappings, orders of a shop, and what a day wants."""

from datetime import UTC, date, datetime
from typing import Any

from tests.support.builders import day_window, line, mappings, order, shop_row

from fortnox.core.documents import Invoice
from fortnox.core.mapping import Mappings
from fortnox.core.orders import Order
from fortnox.core.transform import transform

HEADER = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
    "mode_of_payment,payment_account,payment_way,create_invoice,send,valid_from,valid_to\n"
)
#: Ordered, delivered, paid to the bank: the order's row and the invoice's.
INVOICED = "*,b2b,order,created,yes,30,book,,1930,,delivered,no,,\n"
ORDERED, DELIVERED = date(2026, 5, 4), date(2026, 5, 11)


def types(*rows: str) -> Mappings:
    """The standard mappings with these rows of document_types.csv."""
    return mappings(document_types=HEADER + "".join(rows))


def at(day: date, hour: int = 9) -> datetime:
    """An hour of a day in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def sold(*lines: Any, delivered: date | None = None, **changed: Any) -> Order:
    """An order of 4 May 2026 by the payment method ``b2b``, paid when it was made."""
    values: dict[str, Any] = {
        "payment_method": "b2b",
        "created_utc": at(ORDERED),
        "paid_utc": at(ORDERED),
        "delivered_utc": at(delivered) if delivered else None,
    }
    return order(*(lines or (line("299.00"),)), **{**values, **changed})


def wanted(
    day: date, *orders: Order, maps: Mappings | None = None, shop: Any = None
) -> tuple[Invoice, ...]:
    """What a run of the day wants; nothing may be held."""
    found = transform(
        orders,
        (),
        shop=shop or shop_row(),
        mappings=maps or types(INVOICED),
        window=day_window(day),
    )
    assert found.held == ()
    return found.invoices
