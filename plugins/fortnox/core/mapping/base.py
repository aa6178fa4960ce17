"""What all rows of the mapping files share: where they stand, what identifies them, since when."""

from datetime import date
from typing import ClassVar, Self

from fortnox.core.mapping.cells import CellError, matching, parse_date
from fortnox.core.mapping.columns import Said, TypedRow, column

SHOP_KEY = r"[a-z0-9_-]{1,40}"

#: A shop's key, or ``*`` for every shop.
shop_or_any = matching(rf"\*|{SHOP_KEY}", "write a shop of shops.csv, or *")


class MappingRow(TypedRow):
    """One row of a mapping file: frozen, typed, and it knows where it stands."""

    #: Name of the file the rows stand in.
    file: ClassVar[str]
    #: Fields that together say what the row is about; two rows may not agree in all of them.
    key_fields: ClassVar[tuple[str, ...]]
    #: The file may be missing: then it has no rows.
    optional: ClassVar[bool] = False

    #: 1-based line in the file; 0 for a row made in code.
    row: int = 0
    shop: str = column(shop_or_any, says="a shop of shops.csv, or *")

    @property
    def where(self) -> str:
        """``accounts.csv:12``, for reasons in reports."""
        return f"{self.file}:{self.row}"

    @property
    def key(self) -> tuple[object, ...]:
        """What the row is about; with the dates, what must be unique in its file."""
        return tuple(getattr(self, name) for name in self.key_fields)

    @property
    def said(self) -> dict[str, object]:
        """Its fields by name, but for the line that it stands on."""
        return {name: value for name, value in vars(self).items() if name != "row"}

    def clashes_with(self, other: Self) -> bool:
        """Both rows are about the same thing, so that neither is more specific."""
        return self.key == other.key


def _not_before_valid_from(value: date | None, said: Said) -> date | None:
    start = said.get("valid_from")
    if value is not None and start is not None and value < start:
        raise CellError(
            f"{value} lies before valid_from {start}", "write the last day on which it applies"
        )
    return value


class DatedRow(MappingRow):
    """A row with effective dates, both inclusive; blank means since ever, for ever."""

    valid_from: date | None = column(parse_date, default=None)
    valid_to: date | None = column(parse_date, default=None, check=_not_before_valid_from)

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
