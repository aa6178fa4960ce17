"""The report on a terminal, in the reader's language."""

from typing import Any

import pytest

from fortnox.core.report_text import render_text


@pytest.fixture
def summary() -> dict[str, Any]:
    """A day of 1 234.56 with one order held."""
    return {
        "shop": {"name": "Demo shop"},
        "company": {"name": "Demo AB"},
        "window": {"day": "2026-11-20", "label": "2026-11-20"},
        "headline": "Reconciled, 1 held, difference 0.00 SEK",
        "currency": "SEK",
        "counts": {"created": 2, "booked": 2, "unchanged": 0},
        "totals_ore": {
            "shop": 123_456,
            "documents": 23_456,
            "held": 100_000,
            "ledger": None,
            "difference": 0,
        },
        "currencies": [],
        "vat": [
            {
                "country": "SE",
                "rate_pct": "25",
                "shop_ore": -4_691,
                "ledger_ore": -4_691,
                "rounding_ore": 0,
            }
        ],
        "accounts": [],
        "differences": [],
        "held": [
            {
                "order_number": "8",
                "amount_ore": 100_000,
                "currency": "SEK",
                "reason": 'payment method "swish" has no row in document_types.csv',
                "remedy": "Run the day again.",
            }
        ],
        "notes": ["2 orders of 0.00 have nothing to book."],
        "requests": {"reads": 9, "writes": 4, "seconds": 3},
    }


def test_everything_is_said_in_english(summary: dict[str, Any]) -> None:
    """A figure would be missing on the terminal."""
    lines = render_text(summary).splitlines()
    assert lines[1] == summary["headline"]
    assert "  Shop                 1234.56 SEK" in lines
    assert "  Ledger                     - SEK" in lines
    assert "  2 created, 2 booked, 0 unchanged; 9 reads and 4 writes to Fortnox, apply 3 s" in lines
    assert any(line.split() == ["SE", "25", "%", "-46.91", "-46.91", "0.00"] for line in lines)


def test_everything_is_said_in_swedish(summary: dict[str, Any]) -> None:
    """An accountant in Sweden would read half of it in English."""
    text = render_text(summary, "sv")
    lines = text.splitlines()
    assert lines[1] == "Avstämd, 1 väntar på åtgärd, differens 0,00 SEK"
    assert "  Butik               1\u00a0234,56 SEK" in lines
    assert "  2 skapade, 2 bokförda, 0 oförändrade" in text
    assert "Anmärkning: 2 beställningar på 0,00 har inget att bokföra." in lines
    assert 'betalningssättet "swish" har ingen rad i document_types.csv' in text
    assert "Kör dagen igen." in text
    for english in ("Shop", "Held", "reads", "rounding", "Note"):
        assert english not in text.replace("Demo shop", "")
