"""What is wrong only when rows are seen together: the same said twice, keys shared by shops."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from fortnox.core.mapping.base import MappingRow
from fortnox.core.mapping.cells import ANY
from fortnox.core.mapping.document_rows import DocumentTypeRow
from fortnox.core.mapping.findings import MappingError
from fortnox.core.mapping.shop_rows import EventRow, ShopRow

#: What flows from the shop's side into Fortnox, and never back.
_EXPORTED = frozenset({"orders", "payouts"})
#: Shop systems whose stock can be set and not added to.
_SETS_STOCK_ONLY = frozenset({"textalk"})
#: Documents whose rows name no article, and what is no document at all.
_WITHOUT_ARTICLES = frozenset({"day_voucher", "none"})


class WrongTogether(NamedTuple):
    """Errors between rows, and the ``id()`` of the rows that are left out for them."""

    errors: tuple[MappingError, ...]
    rows: frozenset[int]


def check_rows(rows: Sequence[MappingRow]) -> WrongTogether:
    """Check rows against each other; each must be valid by itself."""
    found = [
        *_clashes(rows),
        *_shared_companies(rows),
        *_never_imported(rows),
        *_two_movers_of_stock(rows),
        *_orders_paid_in_advance(rows),
        *_stock_without_its_sales(rows),
    ]
    return WrongTogether(
        errors=tuple(error for error, _ in found),
        rows=frozenset(id(row) for _, left_out in found for row in left_out),
    )


_Found = tuple[MappingError, tuple[MappingRow, ...]]


def _error(row: MappingRow, column: str, problem: str, expected: str) -> MappingError:
    return MappingError(
        file=row.file,
        row=row.row,
        column=column,
        problem=problem,
        expected=expected,
        shop=row.shop,
    )


def _clashes(rows: Sequence[MappingRow]) -> Iterator[_Found]:
    """Rows about the same thing: neither is more specific, so neither may count."""
    groups: dict[tuple[object, ...], list[MappingRow]] = {}
    for row in rows:
        groups.setdefault((row.file, *row.key), []).append(row)
    for group in groups.values():
        for first, second in combinations(sorted(group, key=lambda row: row.row), 2):
            if first.clashes_with(second):
                yield _clash(first, second), (first, second)


def _clash(first: MappingRow, second: MappingRow) -> MappingError:
    if isinstance(first, EventRow) and isinstance(second, EventRow):
        directions = {first.direction, second.direction}
        if directions == {"export", "import"}:
            return _error(
                second,
                "direction",
                f"export and import of {second.resource} together (the other one in row "
                f"{first.row}) would overwrite each other",
                "keep one of the two",
            )
    said = ", ".join(second.key_fields)
    same = first.said == second.said
    problem = (
        f"the same as row {first.row}"
        if same
        else f"as specific as row {first.row}: both apply to the same {said}"
    )
    remedy = "remove one of them" if same else "change one of them, or let their dates not overlap"
    return _error(second, "", problem, remedy)


def _shared_companies(rows: Sequence[MappingRow]) -> Iterator[_Found]:
    """Two shops in one company need different keys; one connection reaches one company."""
    shops = sorted((row for row in rows if isinstance(row, ShopRow)), key=lambda row: row.row)
    for first, second in combinations(shops, 2):
        if first.shop == second.shop:
            continue
        if first.reference_key == second.reference_key and _one_company(first, second):
            for row, other in ((first, second), (second, first)):
                problem = (
                    f'"{row.reference_key}" is also the key of shop {other.shop} in this company'
                )
                yield _error(row, "reference_key", problem, "give each shop its own"), (row,)
        if first.document_numbers_from == second.document_numbers_from is not None and _one_company(
            first, second
        ):
            for row, other in ((first, second), (second, first)):
                problem = f'"{row.document_numbers_from}" is also shop {other.shop}\'s range'
                expected = "give each shop a range of its own"
                yield _error(row, "document_numbers_from", problem, expected), (row,)
        one_connection = first.fortnox_conn_id == second.fortnox_conn_id
        if one_connection and first.organisation_number != second.organisation_number:
            for row, other in ((first, second), (second, first)):
                company = other.organisation_number
                problem = f'"{row.fortnox_conn_id}" leads shop {other.shop} to company {company}'
                yield _error(row, "fortnox_conn_id", problem, "use one connection per company"), ()


def _one_company(first: ShopRow, second: ShopRow) -> bool:
    databases = {first.database_number, second.database_number}
    same_database = len(databases) == 1 or None in databases
    return first.organisation_number == second.organisation_number and same_database


def _never_imported(rows: Sequence[MappingRow]) -> Iterator[_Found]:
    for row in rows:
        if not isinstance(row, EventRow):
            continue
        if row.resource in _EXPORTED and row.direction == "import":
            problem = f"{row.resource} are never imported"
            yield _error(row, "direction", problem, "write export or off"), (row,)


def _two_movers_of_stock(rows: Sequence[MappingRow]) -> Iterator[_Found]:
    """Invoice rows with article numbers move Fortnox's stock; so would an export of stock."""
    for shop, event in _with_stock(rows, "export"):
        if shop.row_articles == "number":
            problem = (
                f'"number" moves stock in Fortnox, and so does the export of stock ({event.where})'
            )
            yield _error(shop, "row_articles", problem, "write text, or import stock"), ()


def _orders_paid_in_advance(rows: Sequence[MappingRow]) -> Iterator[_Found]:
    """An order's invoice would book on the day of delivery what is an advance since its payment."""
    strict = {row.shop for row in rows if isinstance(row, ShopRow) and row.advances == "strict"}
    for row in rows:
        if not isinstance(row, DocumentTypeRow) or row.create_invoice == "no":
            continue
        if row.shop in strict or (row.shop == ANY and strict):
            problem = f'"{row.create_invoice}" does not go with advances "strict" (shops.csv)'
            yield _error(row, "create_invoice", problem, "write document_type invoice"), ()


def _stock_without_its_sales(rows: Sequence[MappingRow]) -> Iterator[_Found]:
    """A shop's stock that follows Fortnox's must not forget what the shop itself has sold."""
    for shop, event in _with_stock(rows, "import"):
        if shop.row_articles != "number":
            if shop.platform in _SETS_STOCK_ONLY:
                problem = (
                    f"the import of stock ({event.where}) would undo the sales of a "
                    f"{shop.platform} shop, which Fortnox hears nothing of"
                )
                yield _error(shop, "row_articles", problem, "write number, or turn it off"), ()
            continue
        for row in _document_types(rows, shop):
            if row.document_type in _WITHOUT_ARTICLES:
                problem = (
                    f"Fortnox never hears of the pieces sold as {row.document_type}, and the "
                    f"import of stock ({event.where}) would give them back to shop {shop.shop}"
                )
                remedy = "use invoice, cash_invoice, order or offer, or turn the import off"
                found = _error(row, "document_type", problem, remedy)
                yield replace(found, shop=shop.shop), ()


def _with_stock(rows: Sequence[MappingRow], direction: str) -> Iterator[tuple[ShopRow, EventRow]]:
    """Shops whose stock flows this way, each with the row that says so."""
    of_stock = (row for row in rows if isinstance(row, EventRow) and row.resource == "stock")
    events = {row.shop: row for row in of_stock}
    for shop in (row for row in rows if isinstance(row, ShopRow)):
        event = events.get(shop.shop) or events.get(ANY)
        if event and event.direction == direction:
            yield shop, event


def _document_types(rows: Sequence[MappingRow], shop: ShopRow) -> Iterator[DocumentTypeRow]:
    """Those that apply to a shop: its own, and everybody's for methods that it has none for."""
    found = [row for row in rows if isinstance(row, DocumentTypeRow)]
    own = {row.payment_method for row in found if row.shop == shop.shop}
    for row in found:
        if row.shop == shop.shop or (row.shop == ANY and row.payment_method not in own):
            yield row
