"""The order rows as files: exact amounts, and no text of a shop becomes a formula."""

import csv
import io
import zipfile
from typing import Any

import pytest

from fortnox.ui.download import harmless, to_csv, to_xlsx

ROW: dict[str, Any] = {
    "order_number": "=HYPERLINK(1)",
    "state": "differs",
    "shop_ore": -123_456_705,
    "document_number": "17",
    "document_ore": None,
    "voucher": None,
    "difference_ore": 5,
    "reference": "demo:7",
    "reason": "@SUM(A1), Försäljning",
    "remedy": "Run the day again.",
}


@pytest.mark.parametrize("text", ["=1+1", "+46701234567", "-2", "@x", "\t=1", "\r=1", "\n=1"])
def test_what_a_spreadsheet_would_calculate_is_made_a_text(text: str) -> None:
    """An order number typed by a stranger would run as a formula in the accountant's Excel."""
    assert harmless(text) == f"'{text}"


def test_csv_holds_exact_amounts_and_harmless_texts() -> None:
    """A sum over the column would be off, or the file would call out."""
    content = to_csv([ROW])
    assert content.startswith("\ufeff".encode())
    (cells,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert cells["Order"] == "'=HYPERLINK(1)"
    assert cells["Shop"] == "-1234567.05"
    assert cells["Fortnox"] == ""
    assert cells["Difference"] == "0.05"
    assert cells["Reason"] == "'@SUM(A1), Försäljning"


def test_xlsx_holds_numbers_and_no_formula() -> None:
    """Amounts that are texts can't be added up, texts that are formulas must not run."""
    with zipfile.ZipFile(io.BytesIO(to_xlsx([ROW], "demo-2026-11-20"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<v>-1234567.05</v>" in sheet
    assert "<f>" not in sheet
    assert "=HYPERLINK(1)" in texts


def test_file_of_no_rows_has_its_headings() -> None:
    """A filter that finds nothing gives a file that says so, not an error."""
    assert to_csv([]).decode("utf-8-sig").startswith("Order,State,Shop")
    assert to_xlsx([], "[]:*?/\\'")[:2] == b"PK"
