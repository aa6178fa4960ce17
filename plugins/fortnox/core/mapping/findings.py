"""What is wrong in the mapping files, as values: place, problem, what would be right."""

from dataclasses import dataclass

#: In a finding's ``shop``: the error stands where every shop reads, so it costs them all.
EVERY_SHOP = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingError:
    """One error in one mapping file.

    Attributes:
        file: Name of the file, e.g. ``shops.csv``.
        row: 1-based line in the file, the header counted; 0 when the whole file is meant.
        column: Name of the column; empty when the whole row is meant.
        problem: What is wrong, with the offending text.
        expected: What to do about it.
        shop: The shop that the row names, or ``*`` when every shop is hit.
    """

    file: str
    row: int
    column: str
    problem: str
    expected: str
    shop: str = EVERY_SHOP

    def __str__(self) -> str:
        place = ":".join(part for part in (self.file, str(self.row or ""), self.column) if part)
        return f"{place}: {self.problem}; {self.expected}"
