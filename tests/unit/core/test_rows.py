"""Rows of an invoice: Fortnox's own arithmetic must give the shop's line totals to the öre."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import DAY, line, mapping_files, mappings, order, shop_row

from fortnox.core.documents import InvoiceRow
from fortnox.core.market import Market, SaleMarket
from fortnox.core.orders import LineKind, OrderLine, Problem
from fortnox.core.rows import MAX_ROWS, find_account, invoice_rows

MAPPINGS = mappings()
SWEDEN = SaleMarket(market=Market.SE, country="SE", vat_country="SE")
GERMANY = SaleMarket(market=Market.EU_CONSUMER, country="DE", vat_country="SE")
GERMAN_VAT = SaleMarket(market=Market.EU_CONSUMER, country="DE", vat_country="DE")
NORWAY = SaleMarket(market=Market.EXPORT, country="NO")
CENT = Decimal("0.01")


def rows_of(*lines: OrderLine, total_ore: int | None = None, **shop: object):
    made = order(*lines, total_ore=total_ore)
    return invoice_rows(made, shop_row(**shop), SWEDEN, MAPPINGS, DAY)


def code_of(*lines: OrderLine, total_ore: int | None = None) -> str:
    found = rows_of(*lines, total_ore=total_ore)
    assert isinstance(found, Problem)
    assert found.remedy
    return found.code


def test_quantity_that_is_not_sent_stands_in_the_text():
    """The buyer's invoice must say how many were sold (ML 17 kap.), even if the price can't."""
    (row,) = rows_of(line("100.00", quantity="3", name="Ljus"))
    assert row.description == "Ljus (3 st)"
    (row,) = rows_of(line("100.00", quantity="0.333", name="Tyg"))
    assert row.description == "Tyg (0.333 st)"
    (row,) = rows_of(line("99.99", quantity="3", name="Ljus"))
    assert row.description == "Ljus"


def test_free_lines_make_no_rows():
    """A free sample has no rate and no posting (AC-16); it must not hold the order either."""
    (row,) = rows_of(line("49.00", kind=LineKind.SHIPPING), line("0.00", None, line_id="2"))
    assert row.account_number == 3520


def test_one_row_more_than_fortnox_takes_is_held():
    """Fortnox refuses the 501st row; a rounding row counts as well."""
    lines = [line("1.25", line_id=str(number)) for number in range(MAX_ROWS)]
    assert len(rows_of(*lines)) == MAX_ROWS
    assert code_of(*lines, line("1.25", line_id="x")) == "too_many_rows"
    assert code_of(*lines, total_ore=125 * MAX_ROWS + 1) == "too_many_rows"


@pytest.mark.parametrize("difference_ore", [-5, -1, 1, 5])
def test_rounding_row_is_without_vat_on_3740(difference_ore: int):
    """AC-05: öre between lines and charge move neither sale nor VAT."""
    rows = rows_of(line("99.98"), total_ore=9998 + difference_ore)
    assert isinstance(rows, tuple)
    assert (rows[-1].account_number, rows[-1].total_ore, rows[-1].vat.rate.rate_pct) == (
        3740,
        difference_ore,
        0,
    )
    assert sum(row.total_ore for row in rows) == 9998 + difference_ore


@pytest.mark.parametrize("difference_ore", [-6, 6])
def test_more_than_the_tolerance_is_no_rounding(difference_ore: int):
    """Six öre are somebody's mistake, and a krona a gift card."""
    assert code_of(line("99.98"), total_ore=9998 + difference_ore) == "lines_differ_from_total"


@pytest.mark.parametrize(
    ("kind", "rate", "market", "account"),
    [
        (LineKind.GOODS, "12", SWEDEN, 3002),
        (LineKind.SERVICE, "0", SWEDEN, 3044),
        (LineKind.SHIPPING, "6", SWEDEN, 3524),
        (LineKind.FEE, "25", SWEDEN, 3540),
        (LineKind.GOODS, "25", GERMANY, 3001),
        (LineKind.GOODS, None, NORWAY, 3105),
        (LineKind.SERVICE, "0", NORWAY, 3305),
        (LineKind.SHIPPING, None, NORWAY, 3522),
    ],
)
def test_account_of(kind: LineKind, rate: str | None, market: SaleMarket, account: int):
    """Each kind, rate and market has its account in the standard set."""
    found = find_account(line("100.00", rate, kind=kind), shop_row(), market, MAPPINGS, DAY)
    assert not isinstance(found, Problem)
    assert found.sales_account == account


def test_a_line_of_a_deleted_product_is_named():
    """The person would look for the line of another order, the first one that was asked about."""
    found = [rows_of(line(kind=LineKind.ARTICLE, line_id=line_id)) for line_id in ("7", "8")]
    assert [problem.text[:7] for problem in found if isinstance(problem, Problem)] == [
        "line 7:",
        "line 8:",
    ]


@pytest.mark.parametrize("rate", ["25", "25.00", "25.0"])
def test_a_rate_stays_as_the_shop_has_it(rate: str):
    """What one order's document says would depend on the orders before it."""
    (row,) = rows_of(line("125.00", rate))
    assert str(row.vat.rate.rate_pct) == rate


@given(
    st.integers(-(10**9), 10**9),
    st.integers(1, 10**6),
    st.sampled_from([0, 2]),
)
def test_a_rows_total_is_quantity_times_price_to_the_ore(price_ore: int, count: int, places: int):
    """An invoice's total would differ from Fortnox's by an öre, and stay unbooked."""
    quantity = Decimal(count).scaleb(-places)
    row = InvoiceRow(account_number=3001, description="x", quantity=quantity, price_ore=price_ore)
    exact = Fraction(price_ore * count, 10**places)
    up = int(abs(exact) + Fraction(1, 2))
    assert row.total_ore == (-up if exact < 0 else up)


def test_row_of_a_country_wins():
    """A shop that keeps Germany's VAT apart gets its own pair, and nobody else's."""
    extra = b"demo,goods,DE,19,3107,,2671,,\n"
    maps = mappings(accounts=(mapping_files()["accounts.csv"] + extra).decode())
    made = order(line("119.00", "19", country="DE"))
    own, shared = (
        invoice_rows(made, shop_row(), GERMAN_VAT, each, DAY) for each in (maps, MAPPINGS)
    )
    pairs = [(row.account_number, row.vat.account) for rows in (own, shared) for row in rows]
    assert pairs == [(3107, 2671), (3106, 2670)]


def test_another_countrys_25_percent_is_not_swedens():
    """Denmark's VAT on 2611 would be paid to the wrong state, Sweden's on 2670 as well."""
    danish = SaleMarket(market=Market.EU_CONSUMER, country="DK", vat_country="DK")
    swedish = SaleMarket(market=Market.EU_CONSUMER, country="DK", vat_country="SE")
    extra = b"*,goods,DK,25,3107,,2671,,\n"
    maps = mappings(accounts=(mapping_files()["accounts.csv"] + extra).decode())
    found = [
        invoice_rows(order(line("125.00", "25", country=country)), shop_row(), market, maps, DAY)
        for market, country in ((danish, "DK"), (swedish, "SE"))
    ]
    pairs = [(row.account_number, row.vat.account) for rows in found for row in rows]
    assert pairs == [(3107, 2671), (3001, 2611)]


def test_a_row_for_every_market_says_nothing_about_another_countrys_vat():
    """VAT of a country that nobody wrote a row for must not fall on Sweden's account."""
    text = mapping_files()["accounts.csv"].decode().replace(",EU_OSS,*,", ",*,19,")
    maps = mappings(accounts=text)
    made = order(line("119.00", "19", country="DE"))
    problem = invoice_rows(made, shop_row(), GERMAN_VAT, maps, DAY)
    assert isinstance(problem, Problem)
    assert problem.code == "unmapped_account"


def test_special_article_of_freight_goes_with_it():
    """The shop's FRAKT article must be on the freight row, and on no other."""
    text = "shop,purpose,article_number\n*,shipping,FRAKT\n*,fee,\n*,rounding,\n"
    maps = mappings(special_articles=text)
    made = order(line("100.00"), line("49.00", kind=LineKind.SHIPPING, line_id="2"))
    rows = invoice_rows(made, shop_row(), SWEDEN, maps, DAY)
    assert isinstance(rows, tuple)
    assert [row.article_number for row in rows] == ["", "FRAKT"]
    assert all(isinstance(row, InvoiceRow) for row in rows)
