"""What a row says, and discounts apart: as the shop split them, to the öre."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.builders import DAY, line, mappings, order, shop_row

from fortnox.core.discounts import RowPrice, discounts_apart, row_price
from fortnox.core.documents import InvoiceRow
from fortnox.core.market import Market, SaleMarket
from fortnox.core.orders import LineKind, OrderLine
from fortnox.core.refunds import negated
from fortnox.core.rows import invoice_rows

SWEDEN = SaleMarket(market=Market.SE, country="SE")
CENT = Decimal("0.01")


def reduced(gross: str, off: str, rate: str = "25", **fields: str) -> OrderLine:
    """A line that cost ``gross`` after ``off`` was taken away, both with VAT."""
    after, discount = line(gross, rate, **fields), line(off, rate)  # type: ignore[arg-type]
    return OrderLine(
        line_id=after.line_id,
        kind=after.kind,
        name=after.name,
        quantity=after.quantity,
        net_ore=after.net_ore,
        vat_ore=after.vat_ore,
        vat_rate_pct=after.vat_rate_pct,
        vat_country=after.vat_country,
        discount_net_ore=discount.net_ore,
        discount_vat_ore=discount.vat_ore,
    )


def fortnox_total_ore(price: RowPrice) -> int:
    """Recording 4.16: quantity and price to two decimals, multiplied, less discount, half up."""
    full = price.quantity.quantize(CENT, ROUND_HALF_UP) * price.price_ore
    off = full * price.discount_pct / 100 + price.discount_ore
    return int((full - off).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("gross", "quantity", "expected"),
    [
        ("99.99", "3", (Decimal(3), 3333)),
        ("100.00", "3", (Decimal(1), 10000)),
        ("50.00", "0.5", (Decimal("0.5"), 10000)),
        ("50.00", "0.333", (Decimal(1), 5000)),
        ("10.00", "1000", (Decimal(1000), 1)),
        ("10.00", "3000", (Decimal(1), 1000)),
        ("50.00", "0", (Decimal(1), 5000)),
        ("50.00", "-2", (Decimal(1), 5000)),
    ],
)
def test_price_and_quantity(gross: str, quantity: str, expected: tuple[Decimal, int]):
    """A price that is rounded moves öre: then the row is one of the whole amount."""
    found = row_price(line(gross, quantity=quantity), show_discount=True)
    assert (found.quantity, found.price_ore) == expected


@pytest.mark.parametrize(
    ("gross", "off", "expected"),
    [
        ("340.00", "60.00", (20000, 0, 15)),  # 15 % of 2 x 200
        ("390.00", "10.00", (20000, 1000, 0)),  # 2.5 %: the amount is what was agreed
        ("99.99", "0.01", (5000, 1, 0)),
        ("99.99", "0.02", (9999, 0, 0)),  # 100.01 is no price of two
    ],
)
def test_row_discount_is_shown_where_it_is_exact(gross: str, off: str, expected: object):
    """The buyer would see a price that nobody charged, or a total that is an öre off."""
    sold = reduced(gross, off, quantity="2")
    found = row_price(sold, show_discount=True)
    assert (found.price_ore, found.discount_ore, found.discount_pct) == expected
    assert fortnox_total_ore(found) == sold.gross_ore
    assert row_price(sold, show_discount=False).discount_ore == 0


@settings(deadline=None)
@given(
    gross_ore=st.integers(1, 10**10),
    quantity=st.decimals("0.001", "100000", places=3),
    off_ore=st.integers(0, 10**8),
    show=st.booleans(),
)
def test_fortnox_multiplies_to_the_lines_total(
    gross_ore: int,
    quantity: Decimal,
    off_ore: int,
    show: bool,
):
    """Whatever is sold and taken off, half a kilo or ten thousand screws: what the buyer paid."""
    gross, off = (str(Decimal(ore) / 100) for ore in (gross_ore, off_ore))
    sold = reduced(gross, off, quantity=str(quantity))
    price = row_price(sold, show_discount=show)
    assert fortnox_total_ore(price) == gross_ore
    row = InvoiceRow(
        account_number=3001,
        description="",
        quantity=price.quantity,
        price_ore=price.price_ore,
        discount_ore=price.discount_ore,
        discount_pct=price.discount_pct,
    )
    assert row.total_ore == gross_ore


def test_one_discount_row_per_rate_on_the_discount_account():
    """AC-12: one row at 25 % for a basket of three rates would take VAT that was never charged."""
    lines = (
        reduced("439.76", "60.24"),
        reduced("197.01", "26.99", "12", line_id="2"),
        reduced("93.23", "12.77", "6", line_id="3"),
        line("40.00", line_id="4"),
    )
    shop = shop_row(discount_rows="article")
    rows = invoice_rows(order(*lines), shop, SWEDEN, mappings(), DAY)
    assert isinstance(rows, tuple)
    assert [(row.account_number, row.vat.rate.rate_pct, row.total_ore) for row in rows] == [
        (3001, 25, 50000),
        (3002, 12, 22400),
        (3003, 6, 10600),
        (3001, 25, 4000),
        (3730, 25, -6024),
        (3733, 12, -2699),
        (3734, 6, -1277),
    ]


def test_discount_row_carries_the_article_of_its_purpose():
    """The Rabatt article that the company reports on would stay unused."""
    articles = "shop,purpose,article_number\n*,discount,RABATT\n"
    rows = invoice_rows(
        order(reduced("80.00", "20.00")),
        shop_row(discount_rows="article"),
        SWEDEN,
        mappings(special_articles=articles),
        DAY,
    )
    assert isinstance(rows, tuple)
    assert [row.article_number for row in rows] == ["", "RABATT"]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**6), st.integers(0, 10**5), st.sampled_from(["25", "12", "6", "0"])
        ),
        min_size=1,
        max_size=8,
    )
)
def test_apart_or_not_the_sum_and_its_vat_are_the_shops(parts: list[tuple[int, int, str]]):
    """A discount row that rounds anew would change the total, or VAT between rates."""
    lines = tuple(
        reduced(str(Decimal(gross) / 100), str(Decimal(off) / 100), rate)
        for gross, off, rate in parts
    )
    apart = discounts_apart(lines)
    for rate in {row.vat_rate_pct for row in lines}:
        before = [row for row in lines if row.vat_rate_pct == rate]
        after = [row for row in apart if row.vat_rate_pct == rate]
        assert sum(row.net_ore for row in after) == sum(row.net_ore for row in before)
        assert sum(row.vat_ore for row in after) == sum(row.vat_ore for row in before)
        assert sum(row.kind is LineKind.DISCOUNT for row in after) == any(
            row.discount_ore for row in before
        )


def test_discount_that_does_not_fit_its_rate_stays_in_the_price():
    """A price that was edited by hand would make a discount row with the wrong VAT."""
    odd = OrderLine(
        line_id="1",
        kind=LineKind.GOODS,
        name="Mugg",
        quantity=Decimal(1),
        net_ore=8000,
        vat_ore=2000,
        vat_rate_pct=Decimal(25),
        discount_net_ore=1000,
        discount_vat_ore=0,
    )
    assert discounts_apart([odd]) == (odd,)


def test_credit_of_a_row_with_a_discount_in_kronor_takes_back_what_was_paid():
    """Fortnox would take the discount off once more: 410 back of 390."""
    shop = shop_row(discount_rows="row")
    rows = invoice_rows(
        order(reduced("390.00", "10.00", quantity="2")), shop, SWEDEN, mappings(), DAY
    )
    assert isinstance(rows, tuple)
    (back,) = negated(rows)
    assert (rows[0].discount_ore, back.discount_ore) == (1000, 0)
    assert (back.quantity, back.total_ore, back.shop_vat_ore) == (-1, -39000, -7800)
