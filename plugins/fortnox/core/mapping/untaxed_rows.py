"""Rows about money without VAT: what the shop calls it, and what it is to an accountant."""

from decimal import Decimal
from typing import ClassVar, Literal

from fortnox.core.mapping.base import MappingRow
from fortnox.core.mapping.cells import CellError, parse_rate_pct
from fortnox.core.mapping.columns import Said, column

FoundIn = Literal["fee_name", "product_name", "order_field", "coupon_type", "payment_method"]


def _rate_fits_meaning(value: Decimal | None, said: Said) -> Decimal | None:
    if value is None:
        raise CellError('"*" is not one rate', "write the card's rate, or nothing")
    if value and said.get("meaning", "gift_card") != "gift_card":
        raise CellError(f'"{value:f}" does not go with {said["meaning"]}', "leave it empty")
    return value


class UntaxedAmountRow(MappingRow):
    """A text in a name -> gift card, store credit or rounding (untaxed_amounts.csv).

    A means of payment lowers what is left to pay and never the VAT (ML 2 kap. 26-27 §§, 5 kap.
    40-44 §§); only a person can say that a shop's "Julklapp 500" is one.
    """

    file: ClassVar[str] = "untaxed_amounts.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "found_in", "text")

    found_in: FoundIn
    text: str = column(str.lower, says="a part of the name, e.g. presentkort")
    meaning: Literal["gift_card", "store_credit", "rounding"]
    #: The rate that the card was sold with; 0: for any goods, VAT falls due when it is used.
    vat_rate_pct: Decimal | None = column(
        parse_rate_pct, default=Decimal(0), check=_rate_fits_meaning
    )

    def fits(self, name: str) -> bool:
        """The name contains the row's text, in any case."""
        return self.text in name.lower()
