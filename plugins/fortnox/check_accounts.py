"""The accounts and voucher series that mapping rows name, against a company's charts.

Accounts and series belong to a financial year: one that is missing or closed in next year's chart
breaks the bookings at New Year, so from November on next year is checked too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fortnox.api.company_facts import manual_series
from fortnox.api.reader import Reader
from fortnox.core.mapping import (
    RATE_PCT_BY_VAT_CODE,
    AccountRow,
    DocumentTypeRow,
    MappingError,
    Mappings,
    PayoutRow,
    ShopRow,
)
from fortnox.core.mapping.base import DatedRow, MappingRow

_NOVEMBER = 11


@dataclass(frozen=True, slots=True)
class _Year:
    """A financial year, its accounts by number and its series by code."""

    start: date
    end: date
    accounts: Mapping[int, Mapping[str, Any]]
    #: Code -> whether vouchers may be posted in it by hand.
    series: Mapping[str, bool]

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"

    def concerns(self, row: MappingRow) -> bool:
        """The row applies on some day of the year; one without dates always does."""
        if not isinstance(row, DatedRow):
            return True
        starts_before = row.valid_from is None or row.valid_from <= self.end
        return starts_before and (row.valid_to is None or row.valid_to >= self.start)


def mapping_error(
    row: MappingRow, shop: ShopRow, column: str, problem: str, expected: str
) -> MappingError:
    """What is wrong with a column of a row, as file:row:column."""
    return MappingError(
        file=row.file,
        row=row.row,
        column=column,
        problem=problem,
        expected=expected,
        shop=shop.shop,
    )


def account_errors(
    mappings: Mappings, shop: ShopRow, client: Reader, today: date
) -> Iterator[MappingError]:
    """Accounts and series that are not there, not active, or of another VAT code."""
    named = list(_named(mappings, shop))
    years = _years(client, today, with_series=any(series for _, _, series in named))
    if not any(year.start <= today <= year.end for year in years):
        problem = f"Fortnox has no financial year for {today}"
        yield mapping_error(shop, shop, "fortnox_conn_id", problem, "create the year in Fortnox")
    for row, accounts, series in named:
        for year in (one for one in years if one.concerns(row)):
            for column, number in accounts.items():
                yield from _account(row, shop, column, number, year)
            for column, code in series.items():
                yield from _series(row, shop, column, code, year)


_Named = tuple[MappingRow, Mapping[str, int], Mapping[str, str]]


def _named(mappings: Mappings, shop: ShopRow) -> Iterator[_Named]:
    """Each row with the accounts and series that it names, by column."""
    columns = ("set_off_account", *(("advances_account",) if shop.advances == "strict" else ()))
    yield shop, _numbers(shop, *columns), _codes(shop)
    for account in mappings.rows_of(AccountRow, shop.shop):
        yield account, _numbers(account, "sales_account", "vat_account"), {}
    for document in mappings.rows_of(DocumentTypeRow, shop.shop):
        yield document, _numbers(document, "payment_account"), {}
    for payout in mappings.rows_of(PayoutRow, shop.shop):
        yield payout, _numbers(payout, *_payout_columns(payout)), _codes(payout)


def _payout_columns(row: PayoutRow) -> tuple[str, ...]:
    """Those of reverse charge only where a fee may be reverse charged."""
    always = ("clearing_account", "bank_account", "fee_account", "vat_account")
    if "reverse_charge" not in (row.fee_vat, row.service_fee_vat):
        return always
    reverse = ("reverse_charge_account", "reverse_vat_in_account", "reverse_vat_out_account")
    return (*always, *reverse)


def _numbers(row: MappingRow, *columns: str) -> dict[str, int]:
    return {name: number for name in columns if (number := getattr(row, name)) is not None}


def _codes(row: ShopRow | PayoutRow) -> dict[str, str]:
    return {"voucher_series": row.voucher_series} if row.voucher_series else {}


def _account(
    row: MappingRow, shop: ShopRow, column: str, number: int, year: _Year
) -> Iterator[MappingError]:
    account = year.accounts.get(number)
    if account is None:
        problem = f"account {number} is not in the chart of {year}"
        yield mapping_error(row, shop, column, problem, "add it in Fortnox, or change the row")
    elif not account.get("Active"):
        problem = f"account {number} is not active in {year}"
        yield mapping_error(row, shop, column, problem, "activate it in Fortnox, or change the row")
    elif isinstance(row, AccountRow) and column == "sales_account":
        yield from _vat_code(row, shop, year, str(account.get("VATCode") or ""))


def _vat_code(row: AccountRow, shop: ShopRow, year: _Year, vat_code: str) -> Iterator[MappingError]:
    """The account's own code decides where its sales land in the VAT return."""
    where = f"account {row.sales_account} has VAT code {vat_code or 'none'} in {year}"
    if row.vat_code and vat_code != row.vat_code:
        problem = f"{where}, the row says {row.vat_code}"
        yield mapping_error(row, shop, "vat_code", problem, "change the account's code, or the row")
        return
    meant = RATE_PCT_BY_VAT_CODE.get(vat_code)
    if not row.vat_code and meant and row.vat_rate_pct is not None and meant != row.vat_rate_pct:
        problem = f"{where}, which means {_pct(meant)}; the row is for {_pct(row.vat_rate_pct)}"
        yield mapping_error(row, shop, "sales_account", problem, "use an account for that rate")


def _series(
    row: MappingRow, shop: ShopRow, column: str, code: str, year: _Year
) -> Iterator[MappingError]:
    """Vouchers by hand go into manual series only, and number on in them without gaps."""
    if code not in year.series:
        known = ", ".join(sorted(code for code, is_manual in year.series.items() if is_manual))
        problem = f'voucher series "{code}" is not in {year}'
        yield mapping_error(row, shop, column, problem, f"manual ones are {known or 'none'}")
    elif not year.series[code]:
        problem = f'voucher series "{code}" is not a manual one in {year}'
        yield mapping_error(row, shop, column, problem, "use a manual series of the shop's own")


def _years(client: Reader, today: date, *, with_series: bool) -> list[_Year]:
    """The financial year of today, from November on also those that begin before March."""
    horizon = date(today.year + 1, 2, 28) if today.month >= _NOVEMBER else today
    years = []
    for entry in client.list("financialyears", "FinancialYears"):
        start, end = (date.fromisoformat(entry[name]) for name in ("FromDate", "ToDate"))
        if start <= horizon and end >= today:
            year = int(entry["Id"])
            accounts = client.list("accounts", "Accounts", financialyear=year)
            years.append(
                _Year(
                    start,
                    end,
                    accounts={int(each["Number"]): each for each in accounts},
                    series=manual_series(client, year) if with_series else {},
                )
            )
    return sorted(years, key=lambda year: year.start)


def _pct(rate_pct: Decimal) -> str:
    return f"{rate_pct:f} %"
