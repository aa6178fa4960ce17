"""Rows of the optional files: what VIES answered, and rates of currencies."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from fortnox.core.mapping.base import MappingRow, shop_or_any
from fortnox.core.mapping.cells import (
    ANY,
    matching,
    parse_date,
    parse_day_of_moment,
    parse_exchange_rate,
    parse_vat_number,
)
from fortnox.core.mapping.columns import column


class VatEvidenceRow(MappingRow):
    """One answer of VIES about a VAT number (vat_evidence.csv; rules of the books 23)."""

    file: ClassVar[str] = "vat_evidence.csv"
    optional: ClassVar[bool] = True
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "vat_number", "checked_at")

    shop: str = column(shop_or_any, default=ANY)
    vat_number: str = column(
        parse_vat_number, says="a VAT number with its country, e.g. DE123456789"
    )
    #: The day; a time of day is read and not needed.
    checked_at: date = column(
        parse_day_of_moment, says="when VIES was asked, e.g. 2026-05-04 or 2026-05-04T14:30"
    )
    result: Literal["valid", "invalid"]
    consultation_number: str = column(
        matching(r"\S{1,40}", "write VIES' consultation number, or nothing"), default=""
    )


class CurrencyRateRow(MappingRow):
    """A day's rate of a currency (currency_rates.csv), for shops with ``currency_rate`` = csv."""

    file: ClassVar[str] = "currency_rates.csv"
    optional: ClassVar[bool] = True
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "currency", "day")

    shop: str = column(shop_or_any, default=ANY)
    day: date = column(parse_date, says="a date, e.g. 2026-05-04", header="date")
    currency: str = column(
        matching(r"[A-Z]{3}", "write its ISO code, e.g. EUR"), says="an ISO code such as EUR"
    )
    #: SEK for one unit.
    rate: Decimal = column(parse_exchange_rate, says="SEK for one unit, e.g. 11.2345")
