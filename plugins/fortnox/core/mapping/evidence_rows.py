"""Rows of the optional files: what VIES answered, and rates of currencies."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from fortnox.core.mapping.base import MappingRow, ShopOrAny
from fortnox.core.mapping.cells import (
    ANY,
    cell,
    matching,
    one_of,
    parse_date,
    parse_day_of_moment,
    parse_exchange_rate,
    parse_vat_number,
)


class VatEvidenceRow(MappingRow):
    """One answer of VIES about a VAT number (vat_evidence.csv; rules of the books 23)."""

    file: ClassVar[str] = "vat_evidence.csv"
    optional: ClassVar[bool] = True
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "vat_number", "checked_at")

    shop: ShopOrAny = ANY
    vat_number: Annotated[str, cell(parse_vat_number)] = Field(
        description="a VAT number with its country, e.g. DE123456789"
    )
    #: The day; a time of day is read and not needed.
    checked_at: Annotated[date, cell(parse_day_of_moment)] = Field(
        description="when VIES was asked, e.g. 2026-05-04 or 2026-05-04T14:30"
    )
    result: Annotated[Literal["valid", "invalid"], one_of("valid", "invalid")] = Field(
        description="valid or invalid"
    )
    consultation_number: Annotated[
        str, matching(r"\S{1,40}", "write VIES' consultation number, or nothing")
    ] = ""


class CurrencyRateRow(MappingRow):
    """A day's rate of a currency (currency_rates.csv), for shops with ``currency_rate`` = csv."""

    file: ClassVar[str] = "currency_rates.csv"
    optional: ClassVar[bool] = True
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "currency", "day")

    shop: ShopOrAny = ANY
    day: Annotated[date, cell(parse_date)] = Field(
        validation_alias="date", description="a date, e.g. 2026-05-04"
    )
    currency: Annotated[str, matching(r"[A-Z]{3}", "write its ISO code, e.g. EUR")] = Field(
        description="an ISO code such as EUR"
    )
    #: SEK for one unit.
    rate: Annotated[Decimal, cell(parse_exchange_rate)] = Field(
        description="SEK for one unit, e.g. 11.2345"
    )
