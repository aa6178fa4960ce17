"""The columns about advances and the cash method: what does not go together is told."""

import csv
import io

import pytest
from tests.support.builders import mapping_files

from fortnox.core.mapping import parse_mappings


def shops(**cells: str) -> str:
    """shops.csv with these cells in the demo shop's row."""
    text = mapping_files()["shops.csv"].decode()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    (row,) = csv.DictReader(lines)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(row), lineterminator="\n")
    writer.writeheader()
    writer.writerow({**row, **cells})
    return out.getvalue()


def errors(document_types: str = "", **cells: str) -> list[str]:
    files = mapping_files(shops=shops(**cells))
    if document_types:
        files["document_types.csv"] = document_types.encode()
    return [str(error) for error in parse_mappings(files).errors]


def test_strict_advances_are_well_where_the_delivery_is_told():
    """A right row would be refused."""
    assert errors(advances="strict", advances_from="2026-05-01", cash_method="hold") == []


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"platform": "textalk", "statuses": ""}, "needs the day of delivery"),
        ({"voucher_series": ""}, "needs a voucher_series"),
        ({"cash_method": "tested"}, "under the cash method a payment is the sale"),
    ],
)
def test_strict_advances_that_can_not_be_are_told(cells: dict[str, str], text: str):
    """Every sale would be held for it, or booked on a day that nobody knows."""
    (error,) = errors(advances="strict", **cells)
    assert error.startswith("shops.csv:2:advances:")
    assert text in error


def test_orders_that_become_invoices_do_not_go_with_advances():
    """The invoice would book at the delivery what is an advance since the payment."""
    rows = (
        "shop,payment_method,document_type,document_date,bookkeep,create_invoice\n"
        "*,b2b,order,created,yes,delivered\n*,*,invoice,paid,yes,no\n"
    )
    (error,) = errors(rows, advances="strict")
    assert error.startswith("document_types.csv:2:create_invoice:")
    assert errors(rows) == []
