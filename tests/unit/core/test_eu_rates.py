"""The table of rates only validates; what is not in it needs the accountant's own word."""

from datetime import date
from decimal import Decimal

import pytest
from tests.support.builders import DAY, line, mapping_files, mappings, order, shop_row

from fortnox.core.documents import InvoiceRow
from fortnox.core.eu_rates import RATES, has_rate
from fortnox.core.market import Market, SaleMarket
from fortnox.core.orders import Problem
from fortnox.core.rows import invoice_rows
from fortnox.core.territories import EU_COUNTRIES


@pytest.mark.parametrize(
    ("country", "rate", "day", "expected"),
    [
        ("FI", "25.5", "2026-05-04", True),
        ("FI", "25", "2026-05-04", False),
        ("FI", "24", "2024-08-31", True),
        ("FI", "24", "2024-09-01", False),
        ("FI", "14", "2025-12-31", True),
        ("FI", "13.5", "2025-12-31", False),
        ("FI", "13.5", "2026-01-01", True),
        ("EE", "24", "2025-06-30", False),
        ("EE", "24", "2025-07-01", True),
        ("RO", "21", "2025-08-01", True),
        ("RO", "19", "2025-08-01", False),
        ("SK", "23", "2025-01-01", True),
        ("IE", "13.5", "2026-05-04", True),
        ("SI", "9.5", "2026-05-04", True),
        ("FR", "5.5", "2026-05-04", True),
        ("DE", "0", "2026-05-04", False),
        ("XI", "20", "2026-05-04", True),
        ("CH", "8.1", "2026-05-04", False),
    ],
)
def test_rates_with_their_dates(country: str, rate: str, day: str, expected: bool):
    """A rate of last year on a sale of today is a shop that nobody updated."""
    assert has_rate(country, Decimal(rate), date.fromisoformat(day)) is expected


def test_every_eu_country_has_a_standard_rate():
    """A country that the table forgot would have all its sales held."""
    for country in EU_COUNTRIES:
        assert any(has_rate(country, rate.rate_pct, DAY) for rate in RATES[country]), country


def rows_of(rate: str, *extra: str) -> tuple[InvoiceRow, ...] | Problem:
    text = mapping_files()["accounts.csv"].decode() + "".join(f"{row}\n" for row in extra)
    portugal = SaleMarket(market=Market.EU_CONSUMER, country="PT", vat_country="PT")
    made = order(line("122.00", rate, country="PT"))
    return invoice_rows(made, shop_row(), portugal, mappings(accounts=text), DAY)


def test_the_accountants_row_outranks_the_table():
    """Madeira's 22 % is right there and wrong in Lisbon: only a row with the rate says it is."""
    held = rows_of("22")
    assert isinstance(held, Problem)
    assert held.code == "vat_rate_unknown_in_country"
    # A row for every rate says nothing about this one.
    assert isinstance(rows_of("22", "*,goods,PT,*,3107,,2671,,"), Problem)
    (row,) = rows_of("22", "*,goods,PT,22,3107,,2671,,")
    assert (row.account_number, row.vat.account, row.vat.rate) == (3107, 2671, ("PT", Decimal(22)))
