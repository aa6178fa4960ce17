"""What all rows of the mapping files share: where they stand, what identifies them, since when."""

from datetime import date
from functools import cache
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from fortnox.core.mapping.cells import cell, complaint, matching, parse_date

SHOP_KEY = r"[a-z0-9_-]{1,40}"

#: A shop's key, or ``*`` for every shop.
ShopOrAny = Annotated[str, matching(rf"\*|{SHOP_KEY}", "write a shop of shops.csv, or *")]
OptionalDate = Annotated[date | None, cell(parse_date)]


class MappingRow(BaseModel):
    """One row of a mapping file: frozen, typed, and it knows where it stands.

    A field's description says what to write into the column; it is shown when the cell is empty.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True
    )

    #: Name of the file the rows stand in.
    file: ClassVar[str]
    #: Fields that together say what the row is about; two rows may not agree in all of them.
    key_fields: ClassVar[tuple[str, ...]]
    #: The file may be missing: then it has no rows.
    optional: ClassVar[bool] = False

    row: int = Field(default=0, description="1-based line in the file; 0 for a row made in code")
    shop: ShopOrAny = Field(description="a shop of shops.csv, or *")

    @property
    def where(self) -> str:
        """``accounts.csv:12``, for reasons in reports."""
        return f"{self.file}:{self.row}"

    @property
    def key(self) -> tuple[object, ...]:
        """What the row is about; with the dates, what must be unique in its file."""
        return tuple(getattr(self, name) for name in self.key_fields)

    def clashes_with(self, other: Self) -> bool:
        """Both rows are about the same thing, so that neither is more specific."""
        return self.key == other.key

    @classmethod
    @cache
    def columns(cls) -> dict[str, str]:
        """Column name -> field name, in the order of the file: dates come last."""
        names = sorted(cls.model_fields, key=lambda name: name in ("valid_from", "valid_to"))
        return {
            str(cls.model_fields[name].validation_alias or name): name
            for name in names
            if name != "row"
        }


class DatedRow(MappingRow):
    """A row with effective dates, both inclusive; blank means since ever, for ever."""

    valid_from: OptionalDate = Field(default=None, description="a date, or empty: since ever")
    valid_to: OptionalDate = Field(default=None, description="a date, or empty: for ever")

    @field_validator("valid_to")
    @classmethod
    def _not_before_valid_from(cls, value: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("valid_from")
        if value is not None and start is not None and value < start:
            raise complaint(
                f"{value} lies before valid_from {start}", "write the last day on which it applies"
            )
        return value

    def covers(self, on: date) -> bool:
        """The row applies on this day."""
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)

    def clashes_with(self, other: Self) -> bool:
        """Same thing, and at least one day on which both apply."""
        return (
            super().clashes_with(other)
            and (self.valid_from or date.min) <= (other.valid_to or date.max)
            and (other.valid_from or date.min) <= (self.valid_to or date.max)
        )
