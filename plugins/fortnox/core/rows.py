"""Invoice rows whose own arithmetic in Fortnox gives the shop's line totals to the öre.

Prices are sent VAT included (``VATIncluded``), whichever way the shop enters them: the sum of the
rows is then what the buyer paid, however Fortnox rounds VAT. Sent without VAT, the sum of what the
shop rounded per line and Fortnox per rate would miss the total by öre, and nothing could be booked.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from fortnox.core.discounts import discounts_apart, row_price
from fortnox.core.documents import InvoiceRow, RowVat
from fortnox.core.mapping import AccountRow, Mappings, ShopRow
from fortnox.core.mapping.cells import ANY
from fortnox.core.market import SaleMarket
from fortnox.core.money import format_ore
from fortnox.core.orders import LineKind, Order, OrderLine, Problem
from fortnox.core.row_vat import rate_problem, row_vat, sent_rows
from fortnox.core.vat import line_rate

#: Fortnox refuses an invoice with more.
MAX_ROWS = 500
_ONE = Decimal(1)
_ARTICLE_KINDS = (LineKind.GOODS, LineKind.SERVICE)
_PAYMENTS = (LineKind.GIFT_CARD, LineKind.STORE_CREDIT)
_UNTAXED = (*_PAYMENTS, LineKind.ROUNDING)
#: Rows that are no article of the shop -> purpose in special_articles.csv.
_PURPOSES = {
    LineKind.SHIPPING: "shipping",
    LineKind.FEE: "fee",
    LineKind.DISCOUNT: "discount",
    LineKind.ROUNDING: "rounding",
}


class _Terms(NamedTuple):
    """What accounts.csv says of a line; why its VAT can't be booked is told after its article."""

    account: AccountRow
    vat: RowVat | Problem


def invoice_rows(
    order: Order, shop: ShopRow, market: SaleMarket, mappings: Mappings, day: date
) -> tuple[InvoiceRow, ...] | Problem:
    """All rows of an order's invoice, or the first reason why they can't be made."""
    rows: list[InvoiceRow] = []
    lines = discounts_apart(order.lines) if shop.discount_rows == "article" else order.lines
    for line in lines:
        if line.gross_ore == 0 and line.vat_ore == 0:
            continue
        row = _row(line, shop, market, mappings, day)
        if isinstance(row, Problem):
            return row
        rows.append(row)
    difference = order.head.total_ore - sum(row.total_ore for row in rows)
    if difference:
        rounding = _rounding_row(difference, shop, market, mappings, day)
        if isinstance(rounding, Problem):
            return rounding
        rows.append(rounding)
    # VAT rows of their own are one for each rate at the most: no more than rows.
    count = len(rows) if 2 * len(rows) <= MAX_ROWS else len(sent_rows(rows))
    return tuple(rows) if count <= MAX_ROWS else _too_many_rows(count)


def find_account(
    line: OrderLine, shop: ShopRow, market: SaleMarket, mappings: Mappings, day: date
) -> AccountRow | Problem:
    """The accounts.csv row of a line; goods and services must agree when the shop can't tell."""
    rate = line_rate(line, market)
    kinds = _ARTICLE_KINDS if line.kind is LineKind.ARTICLE else (line.kind,)
    if shop.service_lines == "goods" and line.kind in (*_ARTICLE_KINDS, LineKind.ARTICLE):
        kinds = (LineKind.GOODS,)
    found = [_account(shop, kind, market, mappings, rate, day) for kind in kinds]
    accounts = {row.sales_account for row in found if row is not None}
    if None in found or not found[0]:
        return Problem(
            code="unmapped_account",
            text=f"no sales account for {kinds[0].value} to {market.keys[0]} at {rate} % on "
            f"{day.isoformat()}",
            remedy=f"Add the row to accounts.csv (shop {shop.shop}), then run the day again.",
        )
    if len(accounts) > 1:
        return Problem(
            code="goods_or_service_unknown",
            text=f"line {line.line_id}: its product is deleted in the shop, so nobody can tell "
            "goods from service, and their accounts differ",
            remedy="Book it by hand, or set service_lines to goods in shops.csv.",
        )
    return rate_problem(rate, found[0], market, day) or found[0]


def _account(  # noqa: PLR0917 - what accounts.csv is asked by
    shop: ShopRow,
    kind: LineKind,
    market: SaleMarket,
    mappings: Mappings,
    rate: Decimal,
    day: date,
) -> AccountRow | None:
    """The row; another country's VAT only by a row that speaks of it, never by one for all."""
    row = mappings.account(shop.shop, kind.value, market.keys, rate, day)
    is_for_all = row is not None and row.market == ANY
    return None if is_for_all and market.is_foreign_vat else row


def _row(
    line: OrderLine, shop: ShopRow, market: SaleMarket, mappings: Mappings, day: date
) -> InvoiceRow | Problem:
    if line.kind in _UNTAXED and not line.vat_rate_pct:
        # Gift cards and rounding are no sale, whatever country's VAT the sale beside them has.
        market = replace(market, vat_country="")
    terms = _terms(line, shop, market, mappings, day)
    if isinstance(terms, Problem):
        return terms
    article = _article_number(line, shop, mappings)
    if isinstance(article, Problem):
        return article
    account, vat = terms
    if isinstance(vat, Problem):
        return vat
    price = row_price(line, show_discount=shop.discount_rows == "row")
    text = line.name
    if price.quantity != line.quantity:
        text = f"{line.name} ({line.quantity.normalize():f} st)"
    return InvoiceRow(
        account_number=account.sales_account,
        description=text,
        quantity=price.quantity,
        price_ore=price.price_ore,
        vat=vat,
        article_number=article,
        shop_vat_ore=line.vat_ore,
        discount_ore=price.discount_ore,
        discount_pct=price.discount_pct,
        kind=line.kind.value,
    )


def _terms(
    line: OrderLine, shop: ShopRow, market: SaleMarket, mappings: Mappings, day: date
) -> _Terms | Problem:
    """Account and VAT of a line, found once for all lines of its kind, rate, market and day."""
    if line.kind is LineKind.ARTICLE:
        return _find_terms(line, shop, market, mappings, day)  # its problem names the line
    settings = (shop.shop, shop.service_lines, shop.oss_rows)
    # As text: 25 and 25.00 are equal, and each is told as the shop has it.
    asked = ("terms", settings, line.kind, str(line_rate(line, market)), market, day)
    return mappings.remembered(asked, lambda: _find_terms(line, shop, market, mappings, day))


def _find_terms(
    line: OrderLine, shop: ShopRow, market: SaleMarket, mappings: Mappings, day: date
) -> _Terms | Problem:
    account = find_account(line, shop, market, mappings, day)
    if isinstance(account, Problem):
        return account
    return _Terms(account, row_vat(line_rate(line, market), account, market, shop, mappings))


def _article_number(line: OrderLine, shop: ShopRow, mappings: Mappings) -> str | Problem:
    purpose = _PURPOSES.get(line.kind)
    if line.gross_ore < 0 and line.kind in _PAYMENTS:
        purpose = "other_payment"
    if purpose:
        special = mappings.special_article(shop.shop, purpose)
        return special.article_number if special else ""
    if shop.row_articles == "text":
        return ""
    if not line.sku:
        return Problem(
            code="missing_sku",
            text=f"line {line.line_id} has no SKU, and row_articles is number",
            remedy="Give the product a SKU in the shop, or set row_articles to text in shops.csv.",
        )
    return line.sku


def _rounding_row(
    difference_ore: int, shop: ShopRow, market: SaleMarket, mappings: Mappings, day: date
) -> InvoiceRow | Problem:
    if abs(difference_ore) > shop.rounding_tolerance_ore:
        return Problem(
            code="lines_differ_from_total",
            text=f"the lines differ from the order's total by {format_ore(difference_ore)}: a gift "
            "card plugin, or an edited order",
            remedy="See in the shop what lowered the total, and book it by hand.",
        )
    account = mappings.account(shop.shop, "rounding", market.keys, Decimal(0), day)
    if account is None:
        return Problem(
            code="unmapped_account",
            text="no account for rounding (usually 3740)",
            remedy=f"Add a row of kind rounding to accounts.csv (shop {shop.shop}).",
        )
    special = mappings.special_article(shop.shop, "rounding")
    return InvoiceRow(
        account_number=account.sales_account,
        description="Öresavrundning",
        quantity=_ONE,
        price_ore=difference_ore,
        article_number=special.article_number if special else "",
        kind=LineKind.ROUNDING.value,
    )


def _too_many_rows(count: int) -> Problem:
    return Problem(
        code="too_many_rows",
        text=f"{count} rows; an invoice in Fortnox takes {MAX_ROWS}",
        remedy="Book it by hand on two invoices.",
    )
