"""Versions set off against their credits: what compares with the shop, and what must not."""

from dataclasses import replace
from datetime import date

import pytest

from fortnox.core.documents import ListedInvoice
from fortnox.core.netted import correction_rows, net_versions, voucher_keys
from fortnox.core.references import (
    is_credit,
    is_refund,
    order_of_sale,
    sale_of,
    version_of,
)

FIRST = ListedInvoice(
    document_number="17",
    reference="demo:1001",
    day_reference="demo:2026-05-04:aaaaaaaaaaaa",
    total_ore=10000,
    balance_ore=0,
    currency="SEK",
    invoice_date=date(2026, 5, 4),
    booked=True,
    cancelled=False,
    voucher_series="B",
    voucher_number=1,
    voucher_year=2,
)
CREDIT = replace(
    FIRST, document_number="18", reference="demo:1001:c1", total_ore=-10000, voucher_number=2
)
SECOND = replace(
    FIRST, document_number="19", reference="demo:1001:v2", total_ore=12000, voucher_number=3
)


def shown(*documents: ListedInvoice) -> list[tuple[str, str]]:
    return [(one.reference, one.document_number) for one in net_versions(documents).standing]


def test_the_last_version_stands_for_the_sale():
    """The day is compared with the version that was not taken back, whatever the list's order."""
    assert shown(SECOND, CREDIT, FIRST) == [("demo:1001", "19")]
    assert net_versions((FIRST, CREDIT, SECOND)).taken_back == ((FIRST, CREDIT),)


def test_a_sale_that_was_called_off_is_nothing():
    """A credited invoice without a new version is no document too many."""
    assert shown(FIRST, CREDIT) == []


@pytest.mark.parametrize("credit", [replace(CREDIT, booked=False), replace(CREDIT, cancelled=True)])
def test_a_credit_that_is_not_booked_takes_nothing_back(credit: ListedInvoice):
    """Between two writes of a run the first version is still what the books say."""
    assert shown(FIRST, credit) == [("demo:1001", "17")]


def test_a_credit_of_another_amount_stays_in_sight():
    """Somebody altered the credit: three documents of one order, so the day differs."""
    other = replace(CREDIT, total_ore=-9000)
    assert sorted(number for _, number in shown(FIRST, other, SECOND)) == ["17", "18", "19"]


def test_refunds_are_left_alone():
    """A refund is the shop's own and is compared by itself."""
    refund = replace(CREDIT, reference="demo:1001:r:7")
    assert shown(FIRST, refund) == [("demo:1001", "17"), ("demo:1001:r:7", "18")]


def test_a_version_and_its_credit_are_nothing_on_every_account():
    """Equal totals can hide a sale that was taken back from another account."""
    netted = net_versions((FIRST, CREDIT, SECOND))
    assert voucher_keys(netted) == [(2, "B", 1), (2, "B", 2)]
    sold = {1510: 10000, 3001: -8000, 2611: -2000}
    back = {account: -ore for account, ore in sold.items()}
    assert correction_rows(netted, {(2, "B", 1): sold, (2, "B", 2): back}, "demo") == []
    elsewhere = {1510: -10000, 3002: 8000, 2611: 2000}
    (row,) = correction_rows(netted, {(2, "B", 1): sold, (2, "B", 2): elsewhere}, "demo")
    assert (row.order_id, abs(row.difference_ore)) == ("1001", 8000)
    assert "account 3001 by -80.00, account 3002 by 80.00" in row.reason


@pytest.mark.parametrize(
    ("reference", "sale", "version", "credit", "order_id"),
    [
        ("demo:1001", "demo:1001", 1, False, "1001"),
        ("demo:1001:v12", "demo:1001", 12, False, "1001"),
        ("demo:1001:c2", "demo:1001", 2, True, None),
        ("demo:1001:r:7", "demo:1001:r:7", 1, True, None),
        ("demo:c1", "demo:c1", 1, False, "c1"),
        ("other:1001:v2", "other:1001", 2, False, None),
    ],
)
def test_what_a_reference_says_of_versions(
    reference: str, sale: str, version: int, credit: bool, order_id: str | None
):
    """A version taken for a sale of its own would be booked, or compared, twice."""
    assert (sale_of(reference), version_of(reference)) == (sale, version)
    assert is_credit(reference) is credit
    assert is_credit(reference) or not is_refund(reference)
    assert order_of_sale("demo", reference) == order_id


COPY = replace(FIRST, document_number="30", voucher_number=9)
BY_HAND = replace(FIRST, document_number="31", total_ore=-10000, voucher_number=10)


def test_a_duplicate_that_somebody_credited_is_nothing():
    """The report says "credit one of them"; whoever does that finds the day green afterwards."""
    netted = net_versions((FIRST, COPY, BY_HAND))
    assert [one.document_number for one in netted.standing] == ["17"]
    assert netted.taken_back == ((COPY, BY_HAND),)
    even = {(2, "B", 9): {1510: 10000, 3001: -10000}, (2, "B", 10): {1510: -10000, 3001: 10000}}
    assert correction_rows(netted, even, "demo") == []
    elsewhere = even | {(2, "B", 10): {1510: -10000, 3002: 10000}}
    (row,) = correction_rows(netted, elsewhere, "demo")
    assert "account 3001 by -100.00" in row.reason


def test_a_credit_by_hand_of_the_only_invoice_takes_no_sale_out_of_sight():
    """The shop still has the sale: whether it was called off, the shop's refund must say."""
    netted = net_versions((FIRST, BY_HAND))
    assert [one.document_number for one in netted.standing] == ["17"]
    assert netted.by_hand == (BY_HAND,)
