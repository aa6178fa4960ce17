"""Search and filter over the order rows of a report. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fortnox.core.report_language import translated

#: A detail row as docs/report.md describes it.
Row = Mapping[str, Any]

_SEARCHED = ("order_number", "order_id", "document_number", "voucher", "reference", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """What the reader wants to see; empty fields let everything through."""

    #: Part of a number, a reference or a reason; upper and lower case are the same.
    text: str = ""
    #: ``booked``, ``held``, ...
    state: str = ""
    #: Key of a line of the bridge, or of an account.
    part: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing is filtered."""
        return not (self.text or self.state or self.part)

    def admits(self, row: Row) -> bool:
        """The row fits everything that is asked for."""
        if self.state and row.get("state") != self.state:
            return False
        if self.part and part_ore(row, self.part) is None:
            return False
        wanted = self.text.strip().casefold()
        return not wanted or any(wanted in str(row.get(k) or "").casefold() for k in _SEARCHED)


def found_rows(
    rows: Iterable[dict[str, Any]], wanted: RowFilter, language: str
) -> list[dict[str, Any]]:
    """The rows that fit, searched both as they are stored and as the reader sees them."""
    return [row for row in rows if wanted.admits(row) or wanted.admits(translated(row, language))]


def part_ore(row: Row, key: str) -> int | None:
    """What the order adds to a line of the bridge, in öre; None if nothing."""
    for part in row.get("parts", ()):
        if part["key"] == key:
            amount: int = part["amount_ore"]
            return amount
    return None


def served(rows: Iterable[Row], part: str) -> list[dict[str, Any]]:
    """Rows for the page: without their parts, with the one that was asked for as ``part_ore``."""
    plain = []
    for row in rows:
        kept = {key: value for key, value in row.items() if key != "parts"}
        if part:
            kept["part_ore"] = part_ore(row, part)
        plain.append(kept)
    return plain


def sum_ore(rows: Sequence[Row], part: str) -> int:
    """What the rows add up to: the chosen part, or else the difference."""
    if part:
        return sum(part_ore(row, part) or 0 for row in rows)
    return sum(row.get("difference_ore") or 0 for row in rows)
