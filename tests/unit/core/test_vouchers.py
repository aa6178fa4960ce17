"""Marks, balance and content of the vouchers that we write."""

from dataclasses import replace
from datetime import date

import pytest

from fortnox.core.vouchers import (
    ListedVoucher,
    Voucher,
    VoucherRow,
    by_mark,
    content_in,
    credit,
    debit,
    difference,
    marks_in,
)

ROWS = (VoucherRow(account=1930, debit_ore=100), VoucherRow(account=1686, credit_ore=100))
VOUCHER = Voucher(mark="demo:x", series="A", day=date(2026, 5, 19), text="Text", rows=ROWS)


def listed(number: int, *marks: str) -> ListedVoucher:
    return ListedVoucher(
        year=2, series="A", number=number, day=date(2026, 5, 19), marks=frozenset(marks)
    )


def test_a_voucher_that_does_not_balance_is_no_voucher() -> None:
    """It would be sent, and refused by Fortnox after its intent was written."""
    with pytest.raises(ValueError, match="does not balance"):
        replace(VOUCHER, rows=(ROWS[0], VoucherRow(account=1686, credit_ore=99)))


@pytest.mark.parametrize(("debit_ore", "credit_ore"), [(0, 0), (1, 1), (-1, 0)])
def test_a_row_has_one_side(debit_ore: int, credit_ore: int) -> None:
    """Fortnox refuses rows with two sides, and negative ones."""
    with pytest.raises(ValueError, match="either debit or credit"):
        VoucherRow(account=1930, debit_ore=debit_ore, credit_ore=credit_ore)


def test_amounts_find_their_side() -> None:
    """A negative debit is a credit; nothing is no row."""
    assert [*debit(1, 5), *debit(1, -5), *debit(1, 0)] == [
        VoucherRow(account=1, debit_ore=5),
        VoucherRow(account=1, credit_ore=5),
    ]
    assert [*credit(1, 5)] == [VoucherRow(account=1, credit_ore=5)]


def test_marks_are_read_whoever_edited_the_text() -> None:
    """An accountant who adds a word would make the run book it once more."""
    assert marks_in("Obs! (demo:x) Dagskassa", "") == {"demo:x"}
    assert marks_in("", "(demo:x) 123 (not a mark) (demo:y)") == {"demo:x", "demo:y"}
    assert marks_in("Kundfaktura Anna (36)", "") == {"36"}


def test_doubled_vouchers_stand_together() -> None:
    """A doubled voucher would hide behind the first."""
    found = by_mark([listed(8, "demo:x"), listed(7, "demo:x"), listed(7, "demo:x"), listed(9)])
    assert {mark: [one.number for one in same] for mark, same in found.items()} == {
        "demo:x": [7, 8]
    }


def test_content_tells_edited_from_unchanged() -> None:
    """Order of rows and texts do not matter; accounts, amounts and the date do."""
    assert replace(VOUCHER, rows=ROWS[::-1], text="Other").content == VOUCHER.content
    assert replace(VOUCHER, day=date(2026, 5, 20)).content != VOUCHER.content


def test_comments_tell_the_content_until_somebody_rewrites_them() -> None:
    """A note of the accountant would be read as what the voucher is made of."""
    assert content_in(VOUCHER.comments) == VOUCHER.content
    assert content_in("(demo:x) see Anna") == ""
    assert content_in(VOUCHER.content) == ""
    assert content_in("") == ""


def test_long_texts_are_cut_behind_the_mark() -> None:
    """Fortnox takes 200 characters; the mark must not be what falls away."""
    description = replace(VOUCHER, text="x" * 300).description
    assert len(description) == 200
    assert description.startswith("(demo:x) ")


def test_difference_per_account() -> None:
    """A supplement books what is missing, and nothing where nothing is."""
    assert difference({1: 5, 2: -5}, {1: 5, 3: 1}) == {2: -5, 3: -1}
    assert difference({1: 5}, {1: 5}) == {}
