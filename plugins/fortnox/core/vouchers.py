"""Vouchers that we write ourselves: balanced rows under a mark that says what they stand for.

A voucher has no unbooked state, no external reference, no PUT and no DELETE. So its identity is a
mark of ours at the start of Description and in Comments, which lists show; whether something is
booked is decided by that mark alone, never by date (rules of the books 3, 11, 12). The mark stands
in round brackets, for square ones are outside Fortnox's character class (error 2000359).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fortnox.core.references import content_hash

#: What a part of a mark may hold: no colon (it divides), no bracket (it ends), nothing refused.
MARK_PART = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_HASH = re.compile(r"[0-9a-f]{12}")
_BRACKETED = re.compile(r"\(([^()\s]+)\)")
_DESCRIPTION_LENGTH = 200
#: Before the true day, in the text of a voucher that is dated the first open day.
LATE = ", affärshändelse "


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherRow:
    """One row: exactly one of both sides is positive, in öre."""

    account: int
    debit_ore: int = 0
    credit_ore: int = 0
    #: ``TransactionInformation``; no personal data.
    text: str = ""

    def __post_init__(self) -> None:
        if min(self.debit_ore, self.credit_ore) != 0 or self.debit_ore + self.credit_ore <= 0:
            raise ValueError(f"account {self.account}: a row is either debit or credit")

    @property
    def ore(self) -> int:
        """Debit positive."""
        return self.debit_ore - self.credit_ore


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """The file that belongs to a voucher: what it was made from, without personal data."""

    suffix: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """A wanted voucher; raises ValueError when it does not balance to the öre."""

    mark: str
    series: str
    day: date
    text: str
    rows: tuple[VoucherRow, ...]
    attachment: Attachment | None = None
    #: The mark of a voucher without which this one may not be made; empty: none.
    after: str = ""

    def __post_init__(self) -> None:
        if len(self.rows) < 2 or sum(row.ore for row in self.rows) != 0:  # noqa: PLR2004 - both sides
            raise ValueError(f"voucher {self.mark} does not balance")

    @property
    def description(self) -> str:
        """``Description``: the mark first, so that it stands in every list and in SIE."""
        return f"({self.mark}) {self.text}"[:_DESCRIPTION_LENGTH].rstrip()

    @property
    def comments(self) -> str:
        """``Comments``: the mark again, and what the rows come to."""
        return f"({self.mark}) {self.content}"

    @property
    def content(self) -> str:
        """Hash of date and rows (rule 2): tells an unchanged voucher from an edited one."""
        rows = sorted([row.account, row.debit_ore, row.credit_ore] for row in self.rows)
        return content_hash({"day": self.day.isoformat(), "rows": rows})

    @property
    def sums(self) -> dict[int, int]:
        """Account -> öre, debit positive."""
        return sums_of(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVoucher:
    """A voucher as Fortnox lists it: no rows (rules of the books 29)."""

    year: int
    series: str
    number: int
    day: date
    marks: frozenset[str]
    #: :attr:`Voucher.content`, as far as its Comments still say it.
    content: str = ""
    #: Its text names another day as that of the event: the period was closed.
    is_late: bool = False

    @property
    def key(self) -> tuple[int, str, int]:
        """Financial year id, series and number: how the ledger names it."""
        return self.year, self.series, self.number

    def __str__(self) -> str:
        return f"{self.series} {self.number}"


def marks_in(*texts: str) -> frozenset[str]:
    """All bracketed words of Description and Comments; whose mark it is, the caller compares."""
    return frozenset(word for text in texts for word in _BRACKETED.findall(text))


def content_in(comments: str) -> str:
    """The hash that :attr:`Voucher.comments` ends with; empty when somebody rewrote them."""
    word = comments.rpartition(" ")[2]
    return word if _BRACKETED.search(comments) and _HASH.fullmatch(word) else ""


def by_mark(vouchers: Iterable[ListedVoucher]) -> dict[str, tuple[ListedVoucher, ...]]:
    """Mark -> its vouchers, each once and oldest first; more than one means that it was doubled."""
    found: dict[str, dict[tuple[int, str, int], ListedVoucher]] = {}
    for voucher in sorted(vouchers, key=lambda one: one.key):
        for mark in voucher.marks:
            found.setdefault(mark, {})[voucher.key] = voucher
    return {mark: tuple(same.values()) for mark, same in found.items()}


def sums_of(rows: Iterable[VoucherRow]) -> dict[int, int]:
    """Account -> öre, debit positive; accounts that come to nothing are left out."""
    sums: Counter[int] = Counter()
    for row in rows:
        sums[row.account] += row.ore
    return {account: ore for account, ore in sorted(sums.items()) if ore}


def debit(account: int, ore: int, text: str = "") -> Iterable[VoucherRow]:
    """The row of an amount: debit if positive, credit if negative, none if zero."""
    if ore > 0:
        yield VoucherRow(account=account, debit_ore=ore, text=text)
    elif ore < 0:
        yield VoucherRow(account=account, credit_ore=-ore, text=text)


def credit(account: int, ore: int, text: str = "") -> Iterable[VoucherRow]:
    """As :func:`debit`, on the other side."""
    return debit(account, -ore, text)


def difference(wanted: Mapping[int, int], found: Mapping[int, int]) -> dict[int, int]:
    """Account -> what is missing in the ledger, debit positive; empty when both agree."""
    accounts = sorted(wanted.keys() | found.keys())
    missing = {account: wanted.get(account, 0) - found.get(account, 0) for account in accounts}
    return {account: ore for account, ore in missing.items() if ore}
