"""All mapping files at once: bytes -> what is valid, and every error there is."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from fortnox.core.errors import FatalError
from fortnox.core.mapping.base import SHOP_KEY, MappingRow
from fortnox.core.mapping.checks import check_rows
from fortnox.core.mapping.findings import EVERY_SHOP, MappingError
from fortnox.core.mapping.mappings import ROW_TYPES, Mappings
from fortnox.core.mapping.reader import RawRow, RawTable, read_table
from fortnox.core.mapping.shop_rows import ShopRow


@dataclass(frozen=True, kw_only=True)
class ParsedMappings:
    """What is valid, and all that is wrong, by file and line."""

    mappings: Mappings
    errors: tuple[MappingError, ...]

    def raise_for_errors(self) -> None:
        """Raise one error that lists them all, a line each.

        Raises:
            FatalError: There are errors.
        """
        if self.errors:
            lines = "\n".join(str(error) for error in self.errors)
            raise FatalError(f"Errors in the mapping files: {len(self.errors)}\n{lines}")


def parse_mappings(files: Mapping[str, bytes]) -> ParsedMappings:
    """Read and check the mapping files as a whole.

    Args:
        files: File name, e.g. ``shops.csv``, -> content. Names that aren't mapping files are
            left alone, so a folder may hold other files too.

    Returns:
        The valid rows and every error. A row with an error costs the shop that it names; a row
        for every shop, a header or a whole file costs them all.
    """
    tables = {file: _read(file, files) for file in ROW_TYPES}
    shop_keys = frozenset(raw.shop for raw in tables[ShopRow.file].rows)
    errors = [error for table in tables.values() for error in table.errors]
    rows: list[MappingRow] = []
    for file, table in tables.items():
        for raw in table.rows:
            made, complaints = _make_row(ROW_TYPES[file], raw)
            rows.extend(made)
            errors.extend(complaints)
        errors.extend(_strangers(file, table.rows, shop_keys))
    together = check_rows(rows)
    errors.extend(together.errors)
    owned = [replace(error, shop=_owner(error.shop, shop_keys)) for error in errors]
    mappings = Mappings(
        rows=tuple(row for row in rows if id(row) not in together.rows),
        broken_shops=frozenset(error.shop for error in owned),
    )
    return ParsedMappings(mappings=mappings, errors=tuple(sorted(owned, key=_place)))


def _place(error: MappingError) -> tuple[int, int]:
    return list(ROW_TYPES).index(error.file), error.row


def _read(file: str, files: Mapping[str, bytes]) -> RawTable:
    row_type = ROW_TYPES[file]
    columns = row_type.columns()
    if file in files:
        required = {column: row_type.fields[name].is_required for column, name in columns.items()}
        return read_table(file, files[file], required)
    if row_type.optional:
        return RawTable((), ())
    expected = f"add it with the header {', '.join(columns)}"
    missing = MappingError(
        file=file, row=0, column="", problem="the file is missing", expected=expected
    )
    return RawTable((), (missing,))


def _make_row(
    row_type: type[MappingRow], raw: RawRow
) -> tuple[list[MappingRow], list[MappingError]]:
    made = row_type.read(raw.cells, raw.line)
    if isinstance(made, MappingRow):
        return [made], []
    return [], [
        MappingError(
            file=row_type.file,
            row=raw.line,
            column=found.column,
            problem=found.problem,
            expected=found.expected,
            shop=raw.shop,
        )
        for found in made
    ]


def _strangers(
    file: str, rows: Iterable[RawRow], shop_keys: frozenset[str]
) -> Iterator[MappingError]:
    """Rows of shops that shops.csv doesn't name (when it could be read at all)."""
    for row in rows:
        is_key = row.shop != EVERY_SHOP and re.fullmatch(SHOP_KEY, row.shop)
        if is_key and shop_keys and row.shop not in shop_keys:
            close = difflib.get_close_matches(row.shop, sorted(shop_keys), n=1)
            yield MappingError(
                file=file,
                row=row.line,
                column="shop",
                problem=f'"{row.shop}" is not in shops.csv',
                expected=f"did you mean {close[0]}?"
                if close
                else "add it there, or remove the row",
                shop=row.shop,
            )


def _owner(shop: str, shop_keys: frozenset[str]) -> str:
    """The shop that an error costs.

    A misspelt key costs the one shop that it resembles: without its own row that shop's sales
    would fall to a less specific one, and onto an account that nobody chose for it.
    """
    if shop == EVERY_SHOP or shop in shop_keys:
        return shop
    close = difflib.get_close_matches(shop.lower(), sorted(shop_keys), n=2)
    return close[0] if len(close) == 1 else shop
