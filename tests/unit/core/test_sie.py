"""SIE 4: every amount once, exact, and a file that does not add up is refused."""

import pytest

from fortnox.core.errors import FatalError
from fortnox.core.sie import amounts_by_voucher, decode_sie, read_sie

FILE = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#PROGRAM "Fortnox" 3.57.11
#RAR 0 20260101 20261231
#KONTO 1510 "Kundfordringar"
#KONTO 2611 "Utgående moms, 25 %"
#KONTO 3001 "Försäljning \\"25\\""
#IB 0 1510 100.00
#UB 0 1510 225
#UB -1 1510 100.00
#UB 0 2611 -25.00
#RES 0 3001 -100
#VER B 1 20260504 "Kundfaktura Test {x} (1)" 20260505
{
#TRANS 1510 {} 125.00 "" "" 0
#TRANS 3001 {1 "10"} -99.5
#RTRANS 3001 {} -0.5
#TRANS 3001 {} -0.5
#BTRANS 3001 {} -7
#TRANS 2611 {} -25
}
"""


def test_reads_what_fortnox_writes():
    """Object lists, quotes, varying decimals, added and removed rows: each amount counts once."""
    ledger = read_sie(FILE.splitlines())
    assert amounts_by_voucher(ledger) == {("B", 1): {1510: 12500, 3001: -10000, 2611: -2500}}
    assert ledger.names[3001] == 'Försäljning "25"'


def test_a_file_that_does_not_add_up_is_refused():
    """Opening balance plus vouchers must be the closing balance, or nothing is believed."""
    with pytest.raises(FatalError, match="account 1510"):
        read_sie(FILE.replace("#UB 0 1510 225", "#UB 0 1510 224").splitlines())


def test_a_broken_line_is_named():
    """A cut download must not pass as a short ledger."""
    with pytest.raises(FatalError, match="Line 1 "):
        read_sie(["#VER B"])


def test_both_encodings():
    """The standard says CP437; some programs write UTF-8 under the same name."""
    assert decode_sie("å".encode("cp437")) == "å"
    assert decode_sie("å".encode()) == "å"


def test_voucher_texts_are_dropped():
    """Texts hold customers' names and must not reach the staging area."""
    assert "Test" not in repr(read_sie(FILE.splitlines()))
