"""Rows about money without VAT: what the shop calls it, and what it is to an accountant."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from fortnox.core.mapping.base import MappingRow
from fortnox.core.mapping.cells import cell, complaint, one_of, parse_rate_pct

FoundIn = Literal["fee_name", "product_name", "order_field", "coupon_type", "payment_method"]
_FOUND_IN = ("fee_name", "product_name", "order_field", "coupon_type", "payment_method")


class UntaxedAmountRow(MappingRow):
    """A text in a name -> gift card, store credit or rounding (untaxed_amounts.csv).

    A means of payment lowers what is left to pay and never the VAT (ML 2 kap. 26-27 §§, 5 kap.
    40-44 §§); only a person can say that a shop's "Julklapp 500" is one.
    """

    file: ClassVar[str] = "untaxed_amounts.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "found_in", "text")

    found_in: Annotated[FoundIn, one_of(*_FOUND_IN)] = Field(
        description=f"{', '.join(_FOUND_IN[:-1])} or {_FOUND_IN[-1]}"
    )
    text: Annotated[str, cell(str.lower)] = Field(
        description="a part of the name, e.g. presentkort"
    )
    meaning: Annotated[
        Literal["gift_card", "store_credit", "rounding"],
        one_of("gift_card", "store_credit", "rounding"),
    ] = Field(description="gift_card, store_credit or rounding")
    #: The rate that the card was sold with; 0: for any goods, VAT falls due when it is used.
    vat_rate_pct: Annotated[Decimal | None, cell(parse_rate_pct)] = Field(
        default=Decimal(0), description="the rate that the card was sold with, or empty"
    )

    @field_validator("vat_rate_pct")
    @classmethod
    def _rate_fits_meaning(cls, value: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if value is None:
            raise complaint('"*" is not one rate', "write the card's rate, or nothing")
        if value and info.data.get("meaning", "gift_card") != "gift_card":
            raise complaint(
                f'"{value:f}" does not go with {info.data["meaning"]}', "leave it empty"
            )
        return value

    def fits(self, name: str) -> bool:
        """The name contains the row's text, in any case."""
        return self.text in name.lower()
