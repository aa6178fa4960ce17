"""Sales in other currencies than SEK: which rate, and what it makes in the books. Pure.

The rate's source is the accountant's choice, one method consistently (ML 8 kap. 21 §): Fortnox's
register, the shop's own rate at the sale, or a file of rates. It is sent explicitly, for 1 unit;
left out, Fortnox would take the day on which the document happens to be made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from fortnox.core.documents import Held, Invoice, ListedInvoice, Payment
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.money import round_half_up
from fortnox.core.orders import Order, Problem

#: The currency of the books.
BOOKS = "SEK"
#: Fortnox's register holds one rate; further from the sale it is another day's.
_REGISTER_AGE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency that is active in Fortnox; ``rate`` is SEK for one unit, of ``dated`` if known."""

    code: str
    rate: Decimal
    dated: date | None = None


def currency_rate(
    order: Order, shop: ShopRow, mappings: Mappings, day: date
) -> Decimal | Problem | None:
    """SEK for one unit of the order's currency; None: Fortnox's register has it."""
    currency = order.head.currency
    if currency == BOOKS:
        return Decimal(1)
    if shop.currency_rate == "fortnox":
        return None
    if shop.currency_rate == "shop":
        found = order.currency_rate
        where, remedy = "on the order", "Set currency_rate to fortnox or csv in shops.csv."
    else:
        found = mappings.exchange_rate(shop.shop, currency, day)
        where = "in currency_rates.csv"
        remedy = "Add the day's rate to currency_rates.csv, then run the day again."
    if found is not None:
        return found
    return Problem(
        code="no_currency_rate",
        text=f"sold in {currency} on {day.isoformat()}, and no rate of that day {where}",
        remedy=remedy,
    )


def with_days_rate(
    payment: Payment | None, order: Order, shop: ShopRow, mappings: Mappings
) -> Payment | None:
    """The payment at its own day's rate, where a file of rates says it; else the invoice's.

    The difference is an exchange gain or loss, which Fortnox books by itself.
    """
    if payment is None or order.head.currency == BOOKS or shop.currency_rate != "csv":
        return payment
    rate = mappings.exchange_rate(shop.shop, order.head.currency, payment.paid_on)
    return replace(payment, currency_rate=rate)


def with_rate(
    invoice: Invoice, currencies: Mapping[str, Currency], existing: ListedInvoice | None
) -> Invoice | Held:
    """The invoice with its rate, if Fortnox knows the currency.

    A document that was made before with Fortnox's rate keeps it: the register has moved since.
    """
    if invoice.currency == BOOKS:
        return invoice
    currency = currencies.get(invoice.currency)
    if currency is None:
        return invoice.held(
            "currency_not_in_fortnox",
            f"sold in {invoice.currency}, which is not a currency in Fortnox",
            f"Add {invoice.currency} to the currencies in Fortnox, then run the day again.",
        )
    if invoice.currency_rate is not None:
        return invoice
    if existing is not None:
        return replace(invoice, currency_rate=existing.currency_rate)
    if currency.dated and abs(currency.dated - invoice.accounting_day) > _REGISTER_AGE:
        return invoice.held(
            "currency_rate_of_another_day",
            f"Fortnox's rate of {invoice.currency} is of {currency.dated}, the sale of "
            f"{invoice.accounting_day}",
            "Write the day's rate into currency_rates.csv and set currency_rate to csv in "
            "shops.csv.",
        )
    return replace(invoice, currency_rate=currency.rate)


def to_sek_ore(amount: int, rate: Decimal) -> int:
    """Minor units of a currency in öre, half up; ``rate`` is SEK for one unit."""
    # Nearly all are in SEK, and a year's proof asks a million times.
    return amount if rate == 1 else round_half_up(amount * rate)
