"""The ledger of a company's financial year, read once and shared by all days (rule 29).

SIE 4 knows no filter but the year, and is large; vouchers never change. So a cached reading serves
as long as it is young and holds every voucher that is asked for.
"""

import io
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from fortnox.api.client import FortnoxClient
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
        rows, year_names = _year(client, conn_id, year, vouchers)
        names.update(year_names)
        for series, number, account, ore in _sums(rows, vouchers):
            amounts.setdefault((year, series, number), {})[account] = ore
    return amounts, names


def _year(
    client: FortnoxClient, conn_id: str, year: int, vouchers: set[tuple[str, int]]
) -> tuple[pd.DataFrame, dict[int, str]]:
    folder = local_folder(staging_base(), conn_id, "ledger")
    cached = _cached(folder, year)
    if cached is not None:
        rows, names = cached
        held = set(zip(rows["series"], rows["number"], strict=True))
        if vouchers <= held:
            return rows, names
    ledger = read_sie(split_lines(decode_sie(client.get_bytes("sie/4", financialyear=year))))
    rows = _frame(ledger)
    _store(folder, year, rows, ledger.names)
    return rows, ledger.names


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


def _cached(folder: Path, year: int) -> tuple[pd.DataFrame, dict[int, str]] | None:
    rows_file, names_file = _files(folder, year)
    try:
        if time.time() - rows_file.stat().st_mtime > MAX_AGE_S:
            return None
        names = pd.read_parquet(names_file)
        return pd.read_parquet(rows_file), dict(zip(names["account"], names["name"], strict=True))
    except (OSError, ValueError, KeyError):
        return None


def _store(folder: Path, year: int, rows: pd.DataFrame, names: Mapping[int, str]) -> None:
    """Names first: a reader that finds the rows finds the names too."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    rows_file, names_file = _files(folder, year)
    frame = pd.DataFrame({"account": list(names), "name": list(names.values())})
    for file, content in ((names_file, frame), (rows_file, rows)):
        buffer = io.BytesIO()
        content.to_parquet(buffer, index=False)
        temporary = file.with_suffix(f".{time.monotonic_ns()}")
        temporary.write_bytes(buffer.getvalue())
        temporary.chmod(0o600)
        temporary.replace(file)


def _files(folder: Path, year: int) -> tuple[Path, Path]:
    return folder / f"{year}-rows.parquet", folder / f"{year}-names.parquet"
