"""The ledger of a company's financial year, read once and shared by all days (rule 29).

SIE 4 knows no filter but the year, and is large; vouchers never change. So a cached reading serves
as long as it is young and holds every voucher that is asked for.
"""

import io
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fortnox.api.client import FortnoxClient
from fortnox.api.private_file import write_private
from fortnox.core.reconcile_ledger import Amounts
from fortnox.core.sie import Ledger, decode_sie, read_sie, split_lines
from fortnox.steps.staging import local_folder, staging_base

#: ``sie_max_age``: how old a reading may be that serves another day's report.
MAX_AGE_S = 60 * 60
_COLUMNS = ("series", "number", "booked_on", "account", "amount_ore")


def ledger_amounts(
    client: FortnoxClient, conn_id: str, keys: Iterable[tuple[int, str, int]]
) -> tuple[Amounts, Mapping[int, str]]:
    """What the asked vouchers hold, and the names of all accounts.

    Args:
        client: The company's client.
        conn_id: The company's connection; names the cache.
        keys: ``(financial year id, series, number)`` of the vouchers that must be there.
    """
    wanted: dict[int, set[tuple[str, int]]] = {}
    for year, series, number in keys:
        wanted.setdefault(year, set()).add((series, number))
    amounts: dict[tuple[int, str, int], dict[int, int]] = {}
    names: dict[int, str] = {}
    for year, vouchers in sorted(wanted.items()):
        reading = _year(client, conn_id, year, vouchers)
        names.update(reading.names)
        for series, number, account, ore in _sums(reading.rows, vouchers):
            amounts.setdefault((year, series, number), {})[account] = ore
    return amounts, names


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountYear:
    """An account over a financial year, debit positive."""

    opening_ore: int
    #: ``(series, number)`` -> what that voucher holds on the account.
    amounts: Mapping[tuple[str, int], int]


def account_year(
    client: FortnoxClient, conn_id: str, year: int, account: int, known: set[tuple[str, int]]
) -> AccountYear:
    """All that was posted on an account; the reading holds at least the ``known`` vouchers."""
    reading = _year(client, conn_id, year, known)
    mine = reading.rows[reading.rows["account"] == account]
    sums = mine.groupby(["series", "number"], as_index=False)["amount_ore"].sum()
    amounts = {
        (str(row.series), int(row.number)): int(row.amount_ore)
        for row in sums.itertuples(index=False)
    }
    return AccountYear(opening_ore=reading.opening.get(account, 0), amounts=amounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A financial year as it was read: rows, account names, opening balances in öre."""

    rows: pd.DataFrame
    names: dict[int, str]
    opening: dict[int, int]


def _year(
    client: FortnoxClient, conn_id: str, year: int, vouchers: set[tuple[str, int]]
) -> _Reading:
    folder = local_folder(staging_base(), conn_id, "ledger")
    cached = _cached(folder, year)
    if cached is not None:
        held = set(zip(cached.rows["series"], cached.rows["number"], strict=True))
        if vouchers <= held:
            return cached
    ledger = read_sie(split_lines(decode_sie(client.get_bytes("sie/4", financialyear=year))))
    reading = _Reading(rows=_frame(ledger), names=ledger.names, opening=ledger.opening)
    _store(folder, year, reading)
    return reading


def _frame(ledger: Ledger) -> pd.DataFrame:
    data = {column: [getattr(row, column) for row in ledger.rows] for column in _COLUMNS}
    return pd.DataFrame(data)


def _sums(
    rows: pd.DataFrame, vouchers: set[tuple[str, int]]
) -> Iterable[tuple[str, int, int, int]]:
    asked = pd.DataFrame(sorted(vouchers), columns=["series", "number"])
    mine = rows.merge(asked, on=["series", "number"], how="inner")
    sums = mine.groupby(["series", "number", "account"], as_index=False)["amount_ore"].sum()
    for row in sums.itertuples(index=False):
        yield str(row.series), int(row.number), int(row.account), int(row.amount_ore)


def _cached(folder: Path, year: int) -> _Reading | None:
    rows_file, names_file = _files(folder, year)
    try:
        # One from the future was written before the clock was set back: of no known age.
        if not 0 <= time.time() - rows_file.stat().st_mtime <= MAX_AGE_S:
            return None
        accounts = pd.read_parquet(names_file)
        return _Reading(
            rows=pd.read_parquet(rows_file),
            names=dict(zip(accounts["account"], accounts["name"], strict=True)),
            opening={
                int(account): int(ore)
                for account, ore in zip(accounts["account"], accounts["opening_ore"], strict=True)
            },
        )
    except (OSError, ValueError, KeyError):
        return None


def _store(folder: Path, year: int, reading: _Reading) -> None:
    """Names first: a reader that finds the rows finds the names too."""
    rows_file, names_file = _files(folder, year)
    frame = pd.DataFrame(
        {
            "account": list(reading.names),
            "name": list(reading.names.values()),
            "opening_ore": [reading.opening.get(account, 0) for account in reading.names],
        }
    )
    for file, content in ((names_file, frame), (rows_file, reading.rows)):
        buffer = io.BytesIO()
        content.to_parquet(buffer, index=False)
        write_private(file, buffer.getvalue())


def _files(folder: Path, year: int) -> tuple[Path, Path]:
    return folder / f"{year}-rows.parquet", folder / f"{year}-names.parquet"
