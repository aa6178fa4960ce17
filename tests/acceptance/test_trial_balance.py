"""SIE 4 read by the letter of the standard, without a line of ours: the case's trial balance.

The reader here knows only what the SIE group's format description (edition 4B) says, so that a
mistake in our own reading, or in what the sandbox writes, can't hide behind the other.
"""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.runner import carried_out

CASES: dict[str, Any] = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent / "cases" / "own.json").read_text("utf-8"))
}
#: A field is quoted, an object list in braces, or a word without spaces.
_FIELD = re.compile(r'"((?:\\"|[^"])*)"|\{([^}]*)\}|([^\s{}]+)')


class Sie:
    """Opening and closing balances, results and vouchers of one file, for the year itself."""

    def __init__(self, raw: bytes) -> None:
        self.opening: Counter[str] = Counter()
        self.closing: Counter[str] = Counter()
        self.results: Counter[str] = Counter()
        self.posted: Counter[str] = Counter()
        self.labels: Counter[str] = Counter()
        self.uneven: list[list[str]] = []
        rest, head = Decimal(0), [""]
        for line in raw.decode("cp437").splitlines():
            fields = [quoted or braces or word for quoted, braces, word in _FIELD.findall(line)]
            label = fields[0] if fields else line.strip()
            self.labels[label] += 1
            if label in ("#IB", "#UB", "#RES") and fields[1] == "0":
                sums = {"#IB": self.opening, "#UB": self.closing, "#RES": self.results}[label]
                sums[fields[2]] += Decimal(fields[3])
            elif label == "#VER":
                rest, head = Decimal(0), fields
            elif label == "#TRANS":
                self.posted[fields[1]] += Decimal(fields[3])
                rest += Decimal(fields[3])
            elif label == "}" and rest:
                self.uneven.append(head)


@pytest.mark.parametrize("case_id", ["OWN-25", "OWN-30", "OWN-34", "OWN-44", "OWN-48"])
def test_the_trial_balance_is_what_the_case_says(case_id: str):
    """What the accountant's own program reads is what was sold, account by account."""
    case = CASES[case_id]
    expected: Counter[str] = Counter()
    for posting in case["expected_postings"]:
        expected[posting["account"]] += Decimal(posting["debit"]) - Decimal(posting["credit"])
    with carried_out(case) as run:
        client = run.books.world.client()
        (year,) = [
            int(one["Id"])
            for one in client.list("financialyears", "FinancialYears")
            if str(one["FromDate"]).startswith("2026")
        ]
        sie = Sie(client.get_bytes("sie/4", financialyear=year))
    assert_well_formed(sie)
    moved = Counter({**sie.closing, **sie.results})
    moved.subtract(sie.opening)
    assert without_zeros(moved) == without_zeros(expected)


def assert_well_formed(sie: Sie) -> None:
    """One head, every voucher even, opening balance and vouchers together the closing one."""
    assert sie.labels["#FLAGGA"] == sie.labels["#SIETYP"] == sie.labels["#GEN"] == 1
    assert sie.uneven == []
    for account, closing in sie.closing.items():
        assert closing == sie.opening[account] + sie.posted[account]
    for account, result in sie.results.items():
        assert result == sie.posted[account]
    assert set(without_zeros(sie.posted)) <= set(sie.closing) | set(sie.results)


def without_zeros(sums: Counter[str]) -> dict[str, Decimal]:
    """Accounts that moved and ended where they began need not be listed."""
    return {account: Decimal(amount) for account, amount in sums.items() if amount}
