"""What VAT a row of an invoice carries: country and rate, account, and how it is sent. Pure.

An invoice row's ``VAT`` is a whole number in Fortnox's API, so another country's rate goes by the
VATCode of the row in accounts.csv, or as a row of its own (rules of the books 24); 25.5 is never
rounded.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from fortnox.core.documents import NO_VAT, InvoiceRow, RowVat, VatRate
from fortnox.core.eu_rates import has_rate
from fortnox.core.mapping import AccountRow, Mappings, ShopRow
from fortnox.core.market import SaleMarket
from fortnox.core.orders import Problem
from fortnox.core.territories import EU_COUNTRIES

_ONE = Decimal(1)


def row_vat(
    rate_pct: Decimal, account: AccountRow, market: SaleMarket, shop: ShopRow, mappings: Mappings
) -> RowVat | Problem:
    """The VAT of a row at a rate that is on an account."""
    if market.is_foreign_vat:
        return _foreign(VatRate(market.vat_country, rate_pct), account, shop)
    if not rate_pct:
        return NO_VAT
    rate = VatRate("SE", rate_pct)
    vat_account = mappings.vat_account(shop.shop, rate_pct)
    if vat_account is None:
        return _no_vat_account(rate, account)
    return RowVat(rate=rate, account=vat_account)


def rate_problem(
    rate_pct: Decimal, account: AccountRow, market: SaleMarket, day: date
) -> Problem | None:
    """A rate that the country does not have; accounts.csv outranks our table if it names it.

    Held rather than warned of: the VAT is owed to another state, and a wrong rate is found there,
    years later. The table ages, so a row that names country and exact rate is the accountant's
    word that the rate is right; a row for every rate says nothing about this one.
    """
    country = market.vat_country
    if not country or has_rate(country, rate_pct, day):
        return None
    if account.vat_rate_pct == rate_pct and account.market == country:
        return None
    return Problem(
        code="vat_rate_unknown_in_country",
        text=f"{rate_pct.normalize():f} % is not known as a VAT rate of {country} on "
        f"{day.isoformat()}",
        remedy="Correct the tax rate in the shop; if it is right, add a row of accounts.csv with "
        f"market {country} and this rate.",
    )


def sent_rows(rows: Sequence[InvoiceRow]) -> tuple[InvoiceRow, ...]:
    """The rows as Fortnox gets them: of a split row its net, all its VAT in one row at the end."""
    sent = [_without_vat(row) if row.vat.split else row for row in rows]
    vat_ore: dict[tuple[VatRate, int], int] = {}
    for row in rows:
        if row.vat.split and row.vat.account is not None:
            key = (row.vat.rate, row.vat.account)
            vat_ore[key] = vat_ore.get(key, 0) + row.shop_vat_ore
    sent.extend(
        InvoiceRow(
            account_number=account,
            description=f"Moms / VAT {rate}",
            quantity=_ONE,
            price_ore=ore,
        )
        for (rate, account), ore in vat_ore.items()
        if ore
    )
    return tuple(sent)


def _foreign(rate: VatRate, account: AccountRow, shop: ShopRow) -> RowVat | Problem:
    if not rate.rate_pct:
        return RowVat(rate=rate)
    if account.vat_account is None:
        return _no_vat_account(rate, account)
    by_code = shop.oss_rows == "vat_code"
    if by_code and not account.vat_code and rate.country in EU_COUNTRIES:
        return Problem(
            code="no_vat_code",
            text=f"oss_rows is vat_code, and {account.where} has no vat_code for VAT of {rate}",
            remedy="Make a VAT code for the country and rate in Fortnox and write it into the "
            "row, or set oss_rows to split in shops.csv.",
        )
    code = account.vat_code if by_code else ""
    return RowVat(rate=rate, account=account.vat_account, code=code, split=not code)


def _without_vat(row: InvoiceRow) -> InvoiceRow:
    """The net of a row, discount taken off, at 0 %; one piece where no unit price divides it."""
    net_ore = row.total_ore - row.shop_vat_ore
    row = replace(row, discount_ore=0, discount_pct=Decimal(0))
    price = Decimal(net_ore) / row.quantity
    if price == price.to_integral_value():
        return replace(row, price_ore=int(price), vat=NO_VAT, shop_vat_ore=0)
    text = f"{row.description} ({row.quantity.normalize():f} st)"
    return replace(
        row, description=text, quantity=_ONE, price_ore=net_ore, vat=NO_VAT, shop_vat_ore=0
    )


def _no_vat_account(rate: VatRate, account: AccountRow) -> Problem:
    return Problem(
        code="no_vat_account",
        text=f"no account for VAT of {rate}: {account.where} names none",
        remedy="Write vat_account into the row of accounts.csv, e.g. 2670 for OSS.",
    )
