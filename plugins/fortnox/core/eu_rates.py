"""VAT rates that countries have, with dates. Used to validate what a shop charged, never to choose.

European Commission, Taxes in Europe Database, as of 2026-04. Rates of a region only (Madeira, the
Greek islands, Jungholz, Corsica) are left out, and any law may change before this table does: a row
of accounts.csv that names the country and the exact rate outranks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of a country, in force on both days and between them."""

    rate_pct: Decimal
    first: date = date.min
    last: date = date.max


def _rates(text: str) -> tuple[Rate, ...]:
    """``"25.5>2024-09-01 14<2025-12-31 10"``: ``>`` the first day, ``<`` the last."""
    return tuple(_rate(word) for word in text.split())


def _rate(word: str) -> Rate:
    head, _, last = word.partition("<")
    rate, _, first = head.partition(">")
    return Rate(
        Decimal(rate),
        date.fromisoformat(first) if first else date.min,
        date.fromisoformat(last) if last else date.max,
    )


RATES: Mapping[str, tuple[Rate, ...]] = {
    country: _rates(text)
    for country, text in {
        "AT": "20 13 10 4.9>2026-07-01",
        "BE": "21 12 6",
        "BG": "20 9",
        "CY": "19 9 5 3",
        "CZ": "21 12 0",
        "DE": "19 7",
        "DK": "25",
        "EE": "22<2025-06-30 24>2025-07-01 13 9",
        "ES": "21 10 4",
        "FI": "24<2024-08-31 25.5>2024-09-01 14<2025-12-31 13.5>2026-01-01 10",
        "FR": "20 10 5.5 2.1",
        "GR": "24 13 6",
        "HR": "25 13 5",
        "HU": "27 18 5",
        "IE": "23 13.5 9 0",
        "IT": "22 10 5 4",
        "LT": "21 9<2025-12-31 12>2026-01-01 5",
        "LU": "17 14 8 3",
        "LV": "21 12 5",
        "MT": "18 12 7 5",
        "NL": "21 9",
        "NO": "25 15 12 0",
        "PL": "23 8 5",
        "PT": "23 13 6",
        "RO": "19<2025-07-31 9<2025-07-31 5<2025-07-31 21>2025-08-01 11>2025-08-01",
        "SE": "25 12 6 0",
        "SI": "22 9.5 5",
        "SK": "20<2024-12-31 10<2024-12-31 23>2025-01-01 19>2025-01-01 5",
        "XI": "20 5 0",
    }.items()
}


@lru_cache(maxsize=4096)
def has_rate(country: str, rate_pct: Decimal, day: date) -> bool:
    """Whether the country had the rate on that day, as far as this table knows."""
    return any(
        rate.rate_pct == rate_pct and rate.first <= day <= rate.last
        for rate in RATES.get(country, ())
    )
