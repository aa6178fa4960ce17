"""Nothing is bookkept that Fortnox made otherwise than wanted."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.support.builders import day_window, line, mappings, order, shop_row

from fortnox.core.documents import FortnoxInvoice, FortnoxRow, Invoice
from fortnox.core.transform import transform
from fortnox.core.verify import mismatches


def wanted() -> Invoice:
    lines = [line("33.33", "25", line_id=str(number)) for number in range(3)]
    return transform(
        [order(*lines)], (), shop=shop_row(), mappings=mappings(), window=day_window()
    ).invoices[0]


def answer(**changed: object) -> FortnoxInvoice:
    invoice = wanted()
    row = FortnoxRow(
        account_number=3001, vat_pct=Decimal(25), total_ore=3333, total_excl_vat_ore=2666
    )
    made = FortnoxInvoice(
        document_number="1",
        reference=invoice.reference,
        day_reference=invoice.day_reference,
        customer_number="demo-1",
        invoice_date=invoice.invoice_date,
        invoice_type="INVOICE",
        currency="SEK",
        currency_rate=Decimal(1),
        total_ore=9999,
        round_off_ore=0,
        booked=False,
        cancelled=False,
        vat_included=True,
        rows=(row, row, row),
    )
    return replace(made, **changed)


def test_what_was_wanted_passes():
    """VAT rounded per row (3 x 6.67) or per rate (20.00) is both within an öre per row."""
    assert mismatches(wanted(), "demo-1", answer()) == []


def test_whole_krona_rounding_passes():
    """99.99 rounded to 100 by the company's setting is the shop's 99.99 plus RoundOff."""
    assert mismatches(wanted(), "demo-1", answer(total_ore=10000, round_off_ore=1)) == []


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"total_ore": 10000}, "Total"),
        ({"total_ore": 10098, "round_off_ore": 99}, "RoundOff"),
        ({"reference": "demo:2"}, "ExternalInvoiceReference1"),
        ({"day_reference": ""}, "ExternalInvoiceReference2"),
        ({"customer_number": "9"}, "CustomerNumber"),
        ({"currency": "EUR"}, "Currency"),
        ({"currency_rate": Decimal("10.5")}, "CurrencyRate"),
        ({"invoice_type": "CASHINVOICE"}, "InvoiceType"),
        ({"vat_included": False}, "VATIncluded"),
        ({"cancelled": True}, "cancelled"),
        ({"rows": ()}, "rows"),
    ],
)
def test_each_difference_is_named(changed, word):
    """Any field that came back otherwise keeps the document unbooked, and is named."""
    found = mismatches(wanted(), "demo-1", answer(**changed))
    assert any(word in sentence for sentence in found)


@pytest.mark.parametrize(
    "row",
    [
        {"account_number": 3002},
        {"vat_pct": Decimal(12)},
        {"total_ore": 3334},
        {"total_excl_vat_ore": 2600},
    ],
)
def test_each_row_counts(row):
    """An article's account or VAT that won over the row's is seen before it is booked."""
    rows = answer().rows
    assert mismatches(wanted(), "demo-1", answer(rows=(replace(rows[0], **row), *rows[1:])))
