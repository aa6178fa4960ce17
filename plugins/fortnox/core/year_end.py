"""What a person must see to at the end of a financial year (rules of the books 18). Pure."""

from collections.abc import Iterable, Iterator
from datetime import date

from fortnox.core.actions import FinancialYear
from fortnox.core.currency import BOOKS
from fortnox.core.dates import Due, delivery_day, sale_date
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.money import format_ore
from fortnox.core.orders import OrderHead
from fortnox.core.window import local_day

_LISTED = 20


def year_end_notes(
    heads: Iterable[OrderHead],
    years: Iterable[FinancialYear],
    day: date,
    *,
    shop: ShopRow,
    mappings: Mappings,
) -> Iterator[str]:
    """Sentences for the report of a financial year's last day; none for any other day.

    Args:
        heads: The shop's orders, over its look-back.
        years: The company's financial years.
        day: The report's.
        shop: Row of shops.csv.
        mappings: All mappings.
    """
    year = next((year for year in years if year.to_date == day), None)
    if year is None:
        return
    if year.cash_method:
        yield (
            "The financial year ends: under the cash method all that is unpaid today must be "
            "booked (BFL 5 kap. 2 §). Fortnox does not do that by itself."
        )
    elif shop.advances == "off":
        owed = [head for head in heads if _is_owed(head, day, shop, mappings)]
        if owed:
            total_ore = sum(head.total_ore for head in owed if head.currency == BOOKS)
            numbers = ", ".join(head.number for head in owed[:_LISTED])
            more = f" and {len(owed) - _LISTED} more" if len(owed) > _LISTED else ""
            yield (
                f"The financial year ends: {len(owed)} orders ({format_ore(total_ore)} {BOOKS}) "
                f"are paid and not delivered, and booked as sold: {numbers}{more}. Ask the "
                "accountant whether they are advances (2420)."
            )


def _is_owed(head: OrderHead, day: date, shop: ShopRow, mappings: Mappings) -> bool:
    """Booked by the day and delivered after it, or not yet."""
    sale = sale_date(head, shop, mappings)
    if head.paid_utc is None or local_day(head.paid_utc, shop.zone) > day:
        return False
    is_booked = sale.due is Due.DUE and sale.problem is None and sale.document == "invoice"
    delivered_on = delivery_day(head, shop)
    is_by_then = sale.day is not None and sale.day <= day
    return is_booked and is_by_then and (delivered_on is None or delivered_on > day)
