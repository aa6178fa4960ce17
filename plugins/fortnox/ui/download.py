"""The order rows as CSV and XLSX. Texts come from a shop, so none may become a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from fortnox.core.money import format_ore
from fortnox.core.report_language import translate, translated

#: Heading, field of a detail row, and whether it is an amount in öre.
_COLUMNS = (
    ("Order", "order_number", False),
    ("State", "state", False),
    ("Shop", "shop_ore", True),
    ("Document", "document_number", False),
    ("Fortnox", "document_ore", True),
    ("Voucher", "voucher", False),
    ("Difference", "difference_ore", True),
    ("Chosen figure", "part_ore", True),
    ("Currency", "currency", False),
    ("Market", "market", False),
    ("Reference", "reference", False),
    ("Reason", "reason", False),
    ("What to do", "remedy", False),
)
#: A cell that begins with one of these is a formula to a spreadsheet, tab and return included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM = "\ufeff"


def to_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """UTF-8 with the mark that Excel asks for; amounts in kronor with a decimal point."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(heading for heading, _, _ in _COLUMNS)
    for row in rows:
        writer.writerow(_csv_cell(row.get(name), is_ore) for _, name, is_ore in _COLUMNS)
    return (_BOM + buffer.getvalue()).encode()


def _csv_cell(value: object, is_ore: bool) -> str:  # noqa: FBT001 - a column of the table above
    if value is None:
        return ""
    if is_ore:
        return format_ore(int(str(value))).replace("\u00a0", "").replace(" ", "")
    return harmless(str(value))


def harmless(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def to_xlsx(rows: Sequence[Mapping[str, Any]], title: str, language: str = "en") -> bytes:
    """One sheet with headings that stay, a filter, and amounts as numbers.

    Args:
        rows: Detail rows.
        title: Of the sheet; cut to the 31 characters that Excel takes.
        language: Of headings, states and sentences; amounts follow the reader's own Excel.
    """
    buffer = io.BytesIO()
    # Texts stay texts: else "=1" becomes a formula and "https://..." a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("".join(c for c in title if c not in "[]:*?/\\'")[:31])
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        for column, (heading, _, _) in enumerate(_COLUMNS):
            sheet.write_string(0, column, translate(heading, language), bold)
        for number, row in enumerate(translated(rows, language), start=1):
            for column, (_, name, is_ore) in enumerate(_COLUMNS):
                value = row.get(name)
                if value is None:
                    continue
                if is_ore:
                    sheet.write_number(number, column, Decimal(value) / 100, money)
                else:
                    sheet.write_string(number, column, _said(name, str(value), language))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(_COLUMNS) - 1)
        sheet.set_column(0, len(_COLUMNS) - 1, 14)
    return buffer.getvalue()


def _said(name: str, value: str, language: str) -> str:
    """``only_in_shop`` is a code; a machine that wants it has the CSV file."""
    if name != "state":
        return value
    return translate(value.replace("_", " ").capitalize(), language)
