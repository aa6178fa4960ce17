"""Rows about delivery: what the shop calls a way of delivery, and its codes in Fortnox."""

from typing import ClassVar

from fortnox.core.mapping.base import MappingRow
from fortnox.core.mapping.cells import CellError, matching
from fortnox.core.mapping.columns import Said, column

_code = matching(r"\S{1,50}", "write the code as Fortnox shows it")


def _says_something(value: str, said: Said) -> str:
    if not value and not said.get("way_of_delivery", "-"):
        raise CellError("both codes are empty", "write one of them, or remove the row")
    return value


class DeliveryMethodRow(MappingRow):
    """Shipping method -> way and terms of delivery on orders and invoices (delivery_methods.csv).

    Nothing depends on them but what is printed, so a method without a row holds nothing.
    """

    file: ClassVar[str] = "delivery_methods.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "shipping_method")
    optional: ClassVar[bool] = True

    shipping_method: str = column(says="the shop's id of the shipping method, or *")
    way_of_delivery: str = column(_code, default="")
    terms_of_delivery: str = column(
        matching(r"\S{1,20}", "write the code as Fortnox shows it"),
        default="",
        check=_says_something,
    )
