"""Rows about delivery: what the shop calls a way of delivery, and its codes in Fortnox."""

from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from fortnox.core.mapping.base import MappingRow
from fortnox.core.mapping.cells import complaint, matching

_Code = Annotated[str, matching(r"\S{1,50}", "write the code as Fortnox shows it")]


class DeliveryMethodRow(MappingRow):
    """Shipping method -> way and terms of delivery on orders and invoices (delivery_methods.csv).

    Nothing depends on them but what is printed, so a method without a row holds nothing.
    """

    file: ClassVar[str] = "delivery_methods.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "shipping_method")
    optional: ClassVar[bool] = True

    shipping_method: str = Field(description="the shop's id of the shipping method, or *")
    way_of_delivery: _Code = ""
    terms_of_delivery: Annotated[
        str, matching(r"\S{1,20}", "write the code as Fortnox shows it")
    ] = Field(default="", validate_default=True)

    @field_validator("terms_of_delivery")
    @classmethod
    def _says_something(cls, value: str, info: ValidationInfo) -> str:
        if not value and not info.data.get("way_of_delivery", "-"):
            raise complaint("both codes are empty", "write one of them, or remove the row")
        return value
