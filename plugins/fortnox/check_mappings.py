"""The mapping files against the connected Fortnox, before money moves.

Reads only: financial years, accounts, terms and modes of payment, and the articles and customers
that the rows name. An account that is missing or closed in next year's chart breaks the bookings
at New Year, so from November on next year's accounts are checked too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fortnox.api.client import FortnoxClient
from fortnox.api.wire import path_segment
from fortnox.core.mapping import (
    RATE_PCT_BY_VAT_CODE,
    AccountRow,
    CustomerPolicyRow,
    DeliveryMethodRow,
    DocumentTypeRow,
    MappingError,
    Mappings,
    ShopRow,
    SpecialArticleRow,
)
from fortnox.core.mapping.base import MappingRow

_NOVEMBER = 11
#: Rows, their column of codes, and the register with the codes: path and key of its list.
_CODES: tuple[tuple[type[MappingRow], str, str, str], ...] = (
    (DocumentTypeRow, "terms_of_payment", "termsofpayments", "TermsOfPayments"),
    (DocumentTypeRow, "mode_of_payment", "modesofpayments", "ModesOfPayments"),
    (DeliveryMethodRow, "way_of_delivery", "wayofdeliveries", "WayOfDeliveries"),
    (DeliveryMethodRow, "terms_of_delivery", "termsofdeliveries", "TermsOfDeliveries"),
)
_BY_NUMBER = {
    "article": ("articles", "Article"),
    "customer": ("customers", "Customer"),
}


@dataclass(frozen=True, slots=True)
class _Year:
    """A financial year, and its accounts by number."""

    start: date
    end: date
    accounts: Mapping[int, Mapping[str, Any]]

    def concerns(self, row: AccountRow) -> bool:
        """The row applies on some day of the year."""
        starts_before = row.valid_from is None or row.valid_from <= self.end
        return starts_before and (row.valid_to is None or row.valid_to >= self.start)


def check_against_fortnox(
    mappings: Mappings,
    shop: ShopRow,
    client: FortnoxClient,
    *,
    today: date,
) -> list[MappingError]:
    """Check that everything a shop's rows name is there in Fortnox and may be used.

    Args:
        mappings: All valid rows.
        shop: The shop; its own rows and those of ``*`` are checked.
        client: The company that the shop is booked in.
        today: Decides which financial years are looked at.

    Returns:
        All errors, by file and row; empty when all is well.

    Raises:
        FatalError: Fortnox refuses the reading (key, scope, licence).
        UnreachableError: Fortnox does not answer.
    """
    found = [
        *_account_errors(mappings, shop, client, today),
        *_code_errors(mappings, shop, client),
        *_article_errors(mappings, shop, client),
        *_customer_errors(mappings, shop, client),
    ]
    return sorted(found, key=lambda error: (error.file, error.row))


def _error(
    row: MappingRow, shop: ShopRow, column: str, problem: str, expected: str
) -> MappingError:
    return MappingError(
        file=row.file,
        row=row.row,
        column=column,
        problem=problem,
        expected=expected,
        shop=shop.shop,
    )


def _account_errors(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient, today: date
) -> Iterator[MappingError]:
    years = _years(client, today)
    if not any(year.start <= today <= year.end for year in years):
        problem = f"Fortnox has no financial year for {today}"
        yield _error(shop, shop, "fortnox_conn_id", problem, "create the year in Fortnox")
    if shop.advances == "strict":
        for year in years:
            yield from _number_errors(shop, shop, "advances_account", shop.advances_account, year)
    for row in mappings.rows_of(AccountRow, shop.shop):
        for year in years:
            if year.concerns(row):
                yield from _account_row_errors(row, shop, year)


def _account_row_errors(row: AccountRow, shop: ShopRow, year: _Year) -> Iterator[MappingError]:
    for column, number in (("sales_account", row.sales_account), ("vat_account", row.vat_account)):
        if number is None:
            continue
        errors = list(_number_errors(row, shop, column, number, year))
        yield from errors
        if column == "sales_account" and not errors:
            vat_code = str(year.accounts[number].get("VATCode") or "")
            yield from _vat_code_errors(row, shop, year, vat_code)


def _number_errors(
    row: MappingRow, shop: ShopRow, column: str, number: int, year: _Year
) -> Iterator[MappingError]:
    account = year.accounts.get(number)
    if account is None:
        problem = f"account {number} is not in the chart of {_named(year)}"
        yield _error(row, shop, column, problem, "add it in Fortnox, or change the row")
    elif not account.get("Active"):
        problem = f"account {number} is not active in {_named(year)}"
        yield _error(row, shop, column, problem, "activate it in Fortnox, or change the row")


def _vat_code_errors(
    row: AccountRow, shop: ShopRow, year: _Year, vat_code: str
) -> Iterator[MappingError]:
    """The account's own code decides where its sales land in the VAT return."""
    where = f"account {row.sales_account} has VAT code {vat_code or 'none'} in {_named(year)}"
    if row.vat_code and vat_code != row.vat_code:
        problem = f"{where}, the row says {row.vat_code}"
        yield _error(row, shop, "vat_code", problem, "change the account's code, or the row")
        return
    meant = RATE_PCT_BY_VAT_CODE.get(vat_code)
    if not row.vat_code and meant and row.vat_rate_pct is not None and meant != row.vat_rate_pct:
        problem = f"{where}, which means {_pct(meant)}; the row is for {_pct(row.vat_rate_pct)}"
        yield _error(row, shop, "sales_account", problem, "use an account for that rate")


def _code_errors(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient
) -> Iterator[MappingError]:
    for row_type, column, path, key in _CODES:
        rows = mappings.rows_of(row_type, shop.shop)
        if not any(getattr(row, column) for row in rows):
            continue
        codes = {str(entry["Code"]) for entry in client.list(path, key)}
        for row in rows:
            code = getattr(row, column)
            if code and code not in codes:
                known = f"Fortnox has {', '.join(sorted(codes)) or 'none'}"
                yield _error(row, shop, column, f'"{code}" is not in Fortnox', known)


def _article_errors(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient
) -> Iterator[MappingError]:
    for row in mappings.rows_of(SpecialArticleRow, shop.shop):
        if row.article_number:
            yield from _card_errors(row, shop, client, "article_number", row.article_number)


def _customer_errors(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient
) -> Iterator[MappingError]:
    for row in mappings.rows_of(CustomerPolicyRow, shop.shop):
        number = row.shared_customer_number
        if number:
            yield from _card_errors(row, shop, client, "shared_customer_number", number)


def _card_errors(
    row: MappingRow, shop: ShopRow, client: FortnoxClient, column: str, number: str
) -> Iterator[MappingError]:
    what = "customer" if column == "shared_customer_number" else "article"
    path, envelope = _BY_NUMBER[what]
    card = client.find(f"{path}/{path_segment(number)}", envelope)
    if card is None:
        yield _error(row, shop, column, f"{what} {number} is not in Fortnox", "create it there")
    elif not card.get("Active"):
        yield _error(row, shop, column, f"{what} {number} is not active", "activate it in Fortnox")


def _years(client: FortnoxClient, today: date) -> list[_Year]:
    """The financial year of today, from November on also those that begin before March."""
    horizon = date(today.year + 1, 2, 28) if today.month >= _NOVEMBER else today
    years = []
    for entry in client.list("financialyears", "FinancialYears"):
        start, end = (date.fromisoformat(entry[name]) for name in ("FromDate", "ToDate"))
        if start <= horizon and end >= today:
            accounts = client.list("accounts", "Accounts", financialyear=int(entry["Id"]))
            years.append(_Year(start, end, {int(each["Number"]): each for each in accounts}))
    return sorted(years, key=lambda year: year.start)


def _named(year: _Year) -> str:
    return f"{year.start} to {year.end}"


def _pct(rate_pct: Decimal) -> str:
    return f"{rate_pct:f} %"
