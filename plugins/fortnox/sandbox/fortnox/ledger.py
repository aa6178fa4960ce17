"""The ledger: financial years, closed periods, accounts, and vouchers that always balance."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fortnox.sandbox.fortnox.chart import is_balance_account
from fortnox.sandbox.fortnox.errors import (
    ACCOUNT_INACTIVE,
    COST_CENTER_INACTIVE,
    COST_CENTER_MANDATORY,
    COST_CENTER_UNKNOWN,
    NO_FINANCIAL_YEAR,
    PERIOD_LOCKED,
    ROW_ACCOUNT_UNKNOWN,
    UNBALANCED,
    ApiError,
    Kind,
)
from fortnox.sandbox.fortnox.setup import year_key
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json, kronor, to_ore

LOCKED_THROUGH = "locked_through"


class Posting(NamedTuple):
    """An amount on an account; debit positive, öre."""

    account: int
    ore: int
    text: str = ""
    cost_center: str = ""
    project: str = ""


def year_of(store: Store, day: str) -> Json | None:
    """The financial year of a ``YYYY-MM-DD`` day, or None."""
    for year in store.table("financialyears").values():
        if year["FromDate"] <= day <= year["ToDate"]:
            return year
    return None


def open_year(store: Store, day: str, *, status: int = 400) -> int:
    """Id of the day's financial year, when the day may be booked on.

    Raises:
        ApiError: No such year (with ``status``), or the period is closed.
    """
    year = year_of(store, day)
    if year is None:
        raise ApiError(NO_FINANCIAL_YEAR, status=status)
    locked = store.setting(LOCKED_THROUGH)
    if day <= locked:
        raise ApiError(PERIOD_LOCKED, who=store.company.administrator, end=locked)
    return int(year["Id"])


def account_of(store: Store, year_id: int, number: int) -> Json | None:
    """An account of a year's chart, or None."""
    return store.table("accounts").get(year_key(year_id, number))


def require_account(
    store: Store,
    year_id: int,
    number: int,
    *,
    unknown: Kind = ROW_ACCOUNT_UNKNOWN,
    inactive: Kind = ACCOUNT_INACTIVE,
) -> Json:
    """An account that may be posted on.

    Raises:
        ApiError: Not in the year's chart, or not active.
    """
    account = account_of(store, year_id, number)
    if account is None:
        raise ApiError(unknown, number=number)
    if not account["Active"]:
        raise ApiError(inactive, number=number)
    return account


def require_cost_center(store: Store, code: str) -> str:
    """A cost centre that may be used, or "".

    Raises:
        ApiError: Nobody has set it up, or it is not active.
    """
    if not code:
        return code
    found = store.table("costcenters").get(code)
    if found is None:
        raise ApiError(COST_CENTER_UNKNOWN)
    if not found["Active"]:
        raise ApiError(COST_CENTER_INACTIVE, code=code)
    return code


def series_of(store: Store, name: str) -> str:
    """The voucher series that Fortnox books a kind of document in, such as ``INVOICE``."""
    found = store.table("predefinedvoucherseries").get(name) or {}
    return str(found["VoucherSeries"])


def predefined(store: Store, name: str) -> int:
    """The predefined account of a name.

    Raises:
        ApiError: None is set.
    """
    found = store.table("predefinedaccounts").get(name)
    if found is None or not found["Account"]:
        raise ApiError(ROW_ACCOUNT_UNKNOWN)
    return int(found["Account"])


def post(
    store: Store,
    *,
    day: str,
    series: str,
    text: str,
    postings: Sequence[Posting],
    reference_type: str = "",
    reference_number: str = "",
    comments: str | None = None,
    cost_center: str = "",
    project: str = "",
) -> Json:
    """Write a voucher with the series' next number of the day's year.

    Raises:
        ApiError: No year, closed period, unknown or inactive account, or it does not balance.
    """
    year_id = open_year(store, day)
    rows = [row for row in postings if row.ore]
    accounts = [require_account(store, year_id, row.account) for row in rows]
    if sum(row.ore for row in rows):
        raise ApiError(UNBALANCED)
    for row, account in zip(rows, accounts, strict=True):
        if account["CostCenterSettings"] == "MANDATORY" and not row.cost_center:
            raise ApiError(COST_CENTER_MANDATORY, number=row.account)
    number = store.next_number(f"voucher {year_key(year_id, series)}")
    voucher = {
        "Comments": comments,
        "CostCenter": cost_center,
        "Description": text,
        "Project": project,
        "ReferenceNumber": reference_number,
        "ReferenceType": reference_type,
        "TransactionDate": day,
        "VoucherNumber": number,
        "VoucherRows": [
            _row(row, str(account["Description"]))
            for row, account in zip(rows, accounts, strict=True)
        ],
        "VoucherSeries": series,
        "Year": year_id,
        "ApprovalState": 0,
        "registered": store.clock.today().isoformat(),
    }
    return store.table("vouchers").put(voucher_key(year_id, series, number), voucher)


def voucher_key(year_id: int, series: str, number: int | str) -> str:
    """Key of a voucher: year, series and number."""
    return f"{year_id}:{series}:{number}"


def _row(posting: Posting, account_name: str) -> Json:
    return {
        "Account": posting.account,
        "CostCenter": posting.cost_center,
        "Credit": kronor(-posting.ore) if posting.ore < 0 else 0,
        "Description": account_name,
        "Debit": kronor(posting.ore) if posting.ore > 0 else 0,
        "Project": posting.project,
        "Removed": False,
        "TransactionInformation": posting.text,
        "Quantity": 0,
    }


def row_ore(row: Json) -> int:
    """Amount of a voucher row in öre, debit positive."""
    return to_ore(row["Debit"]) - to_ore(row["Credit"])


def movements(vouchers: Iterable[Json]) -> dict[int, int]:
    """Account -> sum of the vouchers' rows, öre, debit positive."""
    sums: dict[int, int] = defaultdict(int)
    for voucher in vouchers:
        for row in voucher["VoucherRows"]:
            sums[int(row["Account"])] += row_ore(row)
    return dict(sums)


def vouchers_of(store: Store, year_id: int) -> list[Json]:
    """A year's vouchers by series and number."""
    found = [v for v in store.table("vouchers").values() if v["Year"] == year_id]
    return sorted(found, key=lambda v: (v["VoucherSeries"], v["VoucherNumber"]))


def opening_balances(store: Store, year_id: int) -> dict[int, int]:
    """Balance accounts at the year's start: what was brought forward plus the years before.

    The result of a year stays on its result accounts until the accountant books it; Fortnox
    shows it that way too.
    """
    sums: dict[int, int] = defaultdict(int)
    for account in store.table("accounts").values():
        if int(account["Year"]) <= year_id and account["BalanceBroughtForward"]:
            sums[int(account["Number"])] += to_ore(account["BalanceBroughtForward"])
    earlier = (v for v in store.table("vouchers").values() if v["Year"] < year_id)
    for number, ore in movements(earlier).items():
        if is_balance_account(number):
            sums[number] += ore
    return dict(sums)
