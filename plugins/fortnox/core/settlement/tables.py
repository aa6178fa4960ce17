"""CSV of settlement reports: text, tables, amounts and dates, whatever wrote them."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from fortnox.core.money import parse_ore

_SEPARATORS = ",;\t"
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_PLAIN = re.compile(r"[-+]?\d{1,12}(\.\d{1,4})?")
_THOUSANDS = 3

Row = Mapping[str, str]


class ReportError(ValueError):
    """A cell or a file that can't be read for certain; its text says which and why."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The lines of a file, cut into cells; empty lines are left out."""

    lines: tuple[tuple[str, ...], ...]

    def table(self, header_at: int) -> Iterator[Row]:
        """The rows below a header line, up to a line that is shorter than half of it."""
        header = [normal(name) for name in self.lines[header_at]]
        for line in self.lines[header_at + 1 :]:
            yield dict(zip(header, (cell.strip() for cell in line), strict=False))

    def find(self, *columns: str) -> int | None:
        """The first line that holds all these column names, in any spelling of case."""
        wanted = {normal(column) for column in columns}
        for number, line in enumerate(self.lines):
            if wanted <= {normal(cell) for cell in line}:
                return number
        return None


def normal(name: str) -> str:
    """Column names without case, surplus spaces and byte order mark."""
    return " ".join(name.strip("\ufeff \t\"'").lower().split())


def read_cells(content: bytes) -> Cells:
    """UTF-8 or Windows-1252, with ``,`` ``;`` or tab between the cells.

    Raises:
        ReportError: Empty, or not text.
    """
    if b"\x00" in content or not content.strip():
        raise ReportError("the file is empty, or not a CSV file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    longest = max(text.splitlines(), key=lambda line: max(map(line.count, _SEPARATORS)))
    separator = max(_SEPARATORS, key=longest.count)
    try:
        lines = list(csv.reader(text.splitlines(), delimiter=separator, strict=True))
    except csv.Error as error:
        raise ReportError(f"the file is not a whole CSV file ({error})") from error
    return Cells(tuple(tuple(line) for line in lines if any(cell.strip() for cell in line)))


def cell(row: Row, *names: str) -> str:
    """The first of these columns that is not empty; "" when none is."""
    return next((row[name] for name in map(normal, names) if row.get(name)), "")


def amount_ore(text: str, what: str) -> int:
    """``1 234,50``, ``1,234.50``, ``-12.5`` -> öre; empty is 0.

    Raises:
        ReportError: Not an amount, finer than an öre, or ``1,234``, which can mean two things.
    """
    plain = _SPACES.sub("", text).replace("−", "-")
    if not plain:
        return 0
    last = max(plain.rfind(","), plain.rfind("."))
    if "," in plain and "." in plain:
        plain = plain[:last].replace(",", "").replace(".", "") + "." + plain[last + 1 :]
    elif "," in plain:
        if len(plain) - last - 1 == _THOUSANDS:
            raise ReportError(f'{what}: "{text}" can be read in two ways')
        plain = plain.replace(",", ".")
    try:
        return parse_ore(plain if _PLAIN.fullmatch(plain) else "")
    except ValueError as error:
        raise ReportError(f'{what}: "{text[:40]}" is not an amount') from error


def local_date(text: str, zone: ZoneInfo, what: str) -> date:
    """A date as it stands; a time in UTC (with ``Z`` or an offset) in the company's zone.

    Raises:
        ReportError: Neither.
    """
    value = text.strip()
    try:
        moment = datetime.fromisoformat(value.replace("/", "-"))
    except ValueError as error:
        raise ReportError(f'{what}: "{text[:40]}" is not a date') from error
    return moment.astimezone(zone).date() if moment.tzinfo else moment.date()


def utc_date(text: str, zone: ZoneInfo, what: str) -> date:
    """As :func:`local_date`, for columns that are in UTC without saying so in the cell."""
    value = text.strip()
    day = local_date(value, zone, what)
    if len(value) <= len("2026-05-19") or datetime.fromisoformat(value.replace("/", "-")).tzinfo:
        return day
    return datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(zone).date()


def one_of(values: Sequence[str], what: str) -> str:
    """The value that all rows of a payout share.

    Raises:
        ReportError: They differ, or there is none.
    """
    found = set(values)
    if len(found) != 1 or "" in found:
        raise ReportError(f"{what} is missing, or not the same in all lines")
    return found.pop()
