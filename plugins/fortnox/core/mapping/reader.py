"""CSV as Excel and people write it -> cells by column name, with their line and all complaints.

One line is one row: a broken quote costs its own line, not the rest of the file. Tolerated: a
byte order mark, ``;`` ``,`` or tab as separator (told from the header), Excel's ``sep=;`` line,
CRLF, quotes, empty lines, lines that begin with ``#``, empty columns at the end.
"""

import csv
import difflib
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fortnox.core.mapping.findings import EVERY_SHOP, MappingError

_SEPARATORS = ";,\t"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NOT_UTF8 = "\ufffd"
_SAVE_AS_UTF8 = "save the file as CSV UTF-8"


class RawRow(NamedTuple):
    """Cells that aren't empty, by column, and the line that they stand on."""

    line: int
    cells: Mapping[str, str]

    @property
    def shop(self) -> str:
        """The shop that the row names; ``*`` when it names none."""
        return self.cells.get("shop", EVERY_SHOP)


class RawTable(NamedTuple):
    """Rows that could be read, in the order of the file, and what was wrong."""

    rows: tuple[RawRow, ...]
    errors: tuple[MappingError, ...]


def read_table(file: str, data: bytes, columns: Mapping[str, bool]) -> RawTable:
    """Cut a file into cells.

    Args:
        file: Its name, for the errors.
        data: Its bytes.
        columns: Column name -> the column must be there.
    """
    if data.startswith(_UTF16_MARKS) or b"\x00" in data:
        error = MappingError(
            file=file, row=0, column="", problem="the file is not UTF-8", expected=_SAVE_AS_UTF8
        )
        return RawTable((), (error,))
    text = data.decode("utf-8-sig", errors="replace")
    return _Reader(file, columns).read(re.split(r"\r\n|\n|\r", text))


class _Reader:
    """One pass over the lines of one file; collects errors on the way."""

    def __init__(self, file: str, columns: Mapping[str, bool]) -> None:
        self._file = file
        self._columns = columns
        self._errors: list[MappingError] = []
        self._separator = ";"

    def read(self, lines: list[str]) -> RawTable:
        numbered = _content(lines)
        line, header = next(numbered, (0, ""))
        if not header:
            self._complain(0, "", "the file is empty", f"write a header: {self._header_text()}")
            return RawTable((), tuple(self._errors))
        self._separator = max(_SEPARATORS, key=header.count)
        names = [name.strip().lower() for name in self._cut(line, header)]
        while names and not names[-1]:
            names.pop()
        self._check_header(line, names)
        rows = tuple(row for line, text in numbered if (row := self._row(line, text, names)))
        return RawTable(rows, tuple(self._errors))

    def _row(self, line: int, text: str, names: list[str]) -> RawRow | None:
        cells = [value.strip() for value in self._cut(line, text, names)]
        if not any(cells):
            return None
        row = RawRow(
            line, {name: value for name, value in zip(names, cells, strict=False) if value}
        )
        surplus = [value for value in cells[len(names) :] if value]
        if surplus:
            self._complain(
                line,
                "",
                f"{len(names) + len(surplus)} cells under {len(names)} columns",
                "put quotes around a cell that contains the separator",
                row.shop,
            )
            return None
        for name, value in row.cells.items():
            if _NOT_UTF8 in value:
                self._complain(line, name, "the text is not UTF-8", _SAVE_AS_UTF8, row.shop)
                return None
        return row

    def _cut(self, line: int, text: str, names: list[str] | None = None) -> list[str]:
        try:
            return next(csv.reader([text], delimiter=self._separator, strict=True), [])
        except csv.Error:
            naive = [value.strip(' "') for value in text.split(self._separator)]
            shop = dict(zip(names or (), naive, strict=False)).get("shop") or EVERY_SHOP
            self._complain(
                line,
                "",
                "a quoted cell does not end properly",
                'end it with " on the same line and write "" for a quote inside',
                shop,
            )
            return []

    def _check_header(self, line: int, names: list[str]) -> None:
        for name in dict.fromkeys(names):
            if name not in self._columns:
                close = difflib.get_close_matches(name, self._columns, n=1)
                hint = f"did you mean {close[0]}?" if close else "remove it"
                known = f"the columns are {self._header_text()}"
                self._complain(line, name, f'unknown column "{name}"', f"{hint}; {known}")
            elif names.count(name) > 1:
                self._complain(line, name, "the column stands twice", "keep one of them")
        for name, required in self._columns.items():
            if required and name not in names:
                self._complain(line, name, "the column is missing", "add it to the header")

    def _header_text(self) -> str:
        return ", ".join(self._columns)

    def _complain(
        self, line: int, column: str, problem: str, expected: str, shop: str = EVERY_SHOP
    ) -> None:
        self._errors.append(
            MappingError(
                file=self._file,
                row=line,
                column=column,
                problem=problem,
                expected=expected,
                shop=shop,
            )
        )


def _content(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines with their number, without empty ones, comments and Excel's hint on the separator."""
    for number, line in enumerate(lines, start=1):
        text = line.strip(" \u00a0")
        is_hint = number == 1 and re.fullmatch(r'"?sep=.?"?', text, re.IGNORECASE)
        if text.strip() and not is_hint and not text.lstrip('"').startswith("#"):
            yield number, text
