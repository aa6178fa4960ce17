"""A reader for SIE 4, the export of a whole financial year's ledger. Streaming, exact, no texts.

Format: the SIE standard 4B as Fortnox writes it: CP437 (``#FORMAT PC8``), CRLF, dates YYYYMMDD,
debit positive, credit negative. ``#RTRANS`` (added row) is followed by an identical ``#TRANS``:
one is counted; ``#BTRANS`` is a removed row and is ignored. Voucher texts hold names, so they are
dropped here and reach no staging file (rules of the books 29).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from fortnox.core.errors import FatalError
from fortnox.core.money import decimal_to_ore, format_ore

_FIELD = re.compile(r'\{[^}]*\}|"(?:\\.|[^"\\])*"|[^\s"{}]+')
_BALANCE_LABELS = {"#IB": "opening", "#UB": "closing", "#RES": "result"}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One amount on one account, debit positive, in öre."""

    series: str
    number: int
    booked_on: date
    account: int
    amount_ore: int


@dataclass(slots=True)
class Ledger:
    """A financial year: its rows, account names, and balances of the exported year (index 0)."""

    rows: list[LedgerRow] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    opening: dict[int, int] = field(default_factory=dict)
    closing: dict[int, int] = field(default_factory=dict)
    result: dict[int, int] = field(default_factory=dict)


def decode_sie(data: bytes) -> str:
    """UTF-8 if it is valid UTF-8 (some programs write that), else CP437 as the standard says."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp437")


def read_sie(lines: Iterable[str]) -> Ledger:
    """Parse a SIE 4 file.

    Raises:
        FatalError: A line can't be read, or opening balance plus vouchers is not the closing
            balance of an account: the file is refused rather than believed.
    """
    ledger = Ledger()
    voucher: tuple[str, int, date] | None = None
    for number, line in enumerate(lines, start=1):
        fields = _FIELD.findall(line.strip())
        if not fields:
            continue
        try:
            voucher = _take(fields, voucher, ledger)
        except (IndexError, ValueError, InvalidOperation) as error:
            raise FatalError(
                f"Line {number} of the SIE file from Fortnox can't be read ({fields[0]})."
            ) from error
    _check_balances(ledger)
    return ledger


def _take(
    fields: list[str], voucher: tuple[str, int, date] | None, ledger: Ledger
) -> tuple[str, int, date] | None:
    label = fields[0].upper()
    if label == "#VER":
        return _text(fields[1]), int(_text(fields[2])), _day(fields[3])
    if label == "#TRANS" and voucher is not None:
        series, number, day = voucher
        amount = _ore(fields[3])
        ledger.rows.append(LedgerRow(series, number, day, int(_text(fields[1])), amount))
    elif label == "#KONTO":
        ledger.names[int(_text(fields[1]))] = _text(fields[2])
    elif label in _BALANCE_LABELS and _text(fields[1]) == "0":
        balances = getattr(ledger, _BALANCE_LABELS[label])
        balances[int(_text(fields[2]))] = _ore(fields[3])
    return voucher


def _check_balances(ledger: Ledger) -> None:
    sums: dict[int, int] = {}
    for row in ledger.rows:
        sums[row.account] = sums.get(row.account, 0) + row.amount_ore
    for account in ledger.opening.keys() | ledger.closing.keys() | ledger.result.keys():
        closing = ledger.closing.get(account, ledger.result.get(account, 0))
        found = ledger.opening.get(account, 0) + sums.get(account, 0)
        if found != closing:
            raise FatalError(
                f"The SIE file does not add up: account {account} is {format_ore(found)} by its "
                f"vouchers and {format_ore(closing)} by its balance.",
                remedy="Run again; if it stays so, report it to Fortnox.",
            )


def amounts_by_voucher(ledger: Ledger) -> dict[tuple[str, int], dict[int, int]]:
    """``(series, number) -> {account: öre}``, debit positive."""
    vouchers: dict[tuple[str, int], dict[int, int]] = {}
    for row in ledger.rows:
        accounts = vouchers.setdefault((row.series, row.number), {})
        accounts[row.account] = accounts.get(row.account, 0) + row.amount_ore
    return vouchers


def _text(value: str) -> str:
    if value.startswith('"'):
        return value[1:-1].replace('\\"', '"')
    return value


def _ore(value: str) -> int:
    amount = Decimal(_text(value))
    return decimal_to_ore(amount)


def _day(value: str) -> date:
    return datetime.strptime(_text(value), "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone


def split_lines(text: str) -> Iterator[str]:
    """Lines of a SIE file, whatever ends them."""
    yield from text.splitlines()
