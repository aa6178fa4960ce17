"""Day vouchers: who goes in, what stands on each account, and what is missing later."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import (
    DAY,
    buyer,
    day_window,
    line,
    mappings,
    order,
    shop_row,
)
from tests.support.day_vouchers import DOCUMENT_TYPES, day_sales, one_group, wanted

from fortnox.core.day_voucher import (
    SETTLES_AFTER,
    day_groups,
    doubled,
    is_settled,
    next_voucher,
    order_list,
)
from fortnox.core.day_voucher_proof import (
    GroupProof,
    as_voucher_proofs,
    difference_rows,
    held_by_order,
    sales_in_vouchers,
)
from fortnox.core.documents import Held
from fortnox.core.orders import BuyerKind
from fortnox.core.reconcile_ledger import LedgerLevel
from fortnox.core.transform import transform
from fortnox.core.voucher_proof import with_vouchers
from fortnox.core.vouchers import ListedVoucher, Voucher
from fortnox.core.window import modified_window

MARK = "demo:2026-05-04:SEK:day:1"


def listed(number: int, mark: str = MARK) -> ListedVoucher:
    return ListedVoucher(year=2, series="A", number=number, day=DAY, marks=frozenset({mark}))


def sample() -> tuple[object, ...]:
    return day_sales(
        order(line("125.00", "25"), order_id="1", number="1"),
        order(line("106.00", "6"), order_id="2", number="2", payment_method="swish"),
        order(line("112.00", "12"), order_id="3", number="3", payment_method="kco"),
    )


def test_money_accounts_and_vat_on_their_sides() -> None:
    """The day's sales would stand net, or on one account for all methods."""
    group = one_group(*sample())  # type: ignore[arg-type]
    rows = [(row.account, row.debit_ore, row.credit_ore) for row in group.rows]
    assert rows == [
        (1686, 11_200, 0),
        (1686, 12_500, 0),
        (1930, 10_600, 0),
        (3001, 0, 10_000),
        (3002, 0, 10_000),
        (3003, 0, 10_000),
        (2611, 0, 2_500),
        (2621, 0, 1_200),
        (2631, 0, 600),
    ]
    assert group.gross_ore == 34_300


def test_refunds_stand_gross_beside_the_sales() -> None:
    """Netted refunds would hide from the auditor, and from the VAT return's turnover."""
    (sale,) = day_sales(order(line("125.00", "25"), order_id="1", number="1"))
    group = one_group(sale, replace(sale, refund_id="9"))
    assert [(row.account, row.debit_ore, row.credit_ore) for row in group.rows] == [
        (1686, 12_500, 0),
        (3001, 0, 10_000),
        (2611, 0, 2_500),
        (1686, 0, 12_500),
        (3001, 10_000, 0),
        (2611, 2_500, 0),
    ]
    assert group.sums == {}
    assert group.gross_ore == 0


def test_vat_is_summed_per_receipt() -> None:
    """VAT of the day's total is another amount than the receipts' VAT (AC-04)."""
    orders = [order(line("33.33", "25"), order_id=str(n), number=str(n)) for n in range(1, 4)]
    assert one_group(*day_sales(*orders)).sums[2611] == -2_001


def test_companies_and_other_countries_get_documents_of_their_own() -> None:
    """B2B, exports and other countries' VAT need an invoice each (rule 12)."""
    company = buyer(kind=BuyerKind.COMPANY, company="Bolaget AB")
    abroad = buyer(country="NO")
    found = wanted(
        order(order_id="1", buyer=company),
        order(line("100.00", None, vat="0"), order_id="2", buyer=abroad),
        order(order_id="3", payment_method="bacs"),
        order(order_id="4"),
    )
    assert [invoice.order_id for invoice in found.invoices] == ["1", "2", "3"]
    assert [sale.order_id for sale in found.day_sales] == ["4"]


def test_a_guest_without_email_needs_no_customer() -> None:
    """In a day voucher there is nobody to make a card for."""
    (sale,) = day_sales(order(buyer=buyer(email="")))
    assert sale.total_ore == 12_500


def test_without_a_clearing_account_the_sale_is_held() -> None:
    """The money would land on an account that nobody chose."""
    rows = mappings(document_types=DOCUMENT_TYPES.replace("1686", ""))
    found = transform([order()], (), shop=shop_row(), mappings=rows, window=day_window())
    assert [item.code for item in found.held] == ["no_payment_account"]


def test_an_hourly_run_leaves_day_vouchers_alone() -> None:
    """Half a day would be booked, and the other half as a supplement every hour."""
    window = day_window()
    rows = mappings(document_types=DOCUMENT_TYPES)
    found = transform(
        [order()],
        (),
        shop=shop_row(),
        mappings=rows,
        window=modified_window(window.start_utc, window.end_utc),
    )
    assert found.invoices == found.day_sales == found.held == ()


def test_groups_by_currency_and_group() -> None:
    """Two groups in one voucher could not be told apart later."""
    sale = day_sales(order())[0]
    groups = day_groups(
        [sale, replace(sale, group="cards"), replace(sale, currency="EUR")], shop_row()
    )
    assert [group.prefix for group in groups] == [
        "demo:2026-05-04:EUR:day:",
        "demo:2026-05-04:SEK:cards:",
        "demo:2026-05-04:SEK:day:",
    ]


def test_first_voucher_then_nothing_then_the_supplement() -> None:
    """A day run again would be booked again; a late order would never be."""
    first, late = day_sales(
        order(order_id="1", number="1"), order(line("50.00", "25"), order_id="2", number="2")
    )
    before, after = one_group(first), one_group(first, late)
    voucher = next_voucher(before, (), (), DAY)
    assert isinstance(voucher, Voucher)
    assert voucher.mark == MARK
    assert next_voucher(before, [listed(7)], voucher.rows, DAY) is None
    supplement = next_voucher(after, [listed(7)], voucher.rows, DAY)
    assert isinstance(supplement, Voucher)
    assert supplement.mark == "demo:2026-05-04:SEK:day:2"
    assert supplement.sums == {1686: 5_000, 2611: -1_000, 3001: -4_000}
    assert "Tillägg 1" in supplement.description


def test_sales_that_are_gone_are_taken_back() -> None:
    """An order cancelled after its day's voucher would stay in the books."""
    group = one_group(day_sales(order())[0])
    voucher = next_voucher(group, (), (), DAY)
    assert isinstance(voucher, Voucher)
    back = next_voucher(replace(group, sales=()), [listed(7)], voucher.rows, DAY)
    assert isinstance(back, Voucher)
    assert back.sums == {account: -ore for account, ore in voucher.sums.items()}


def test_a_voucher_of_a_closed_day_tells_its_true_date() -> None:
    """The accountant would not know which day it is about."""
    voucher = next_voucher(one_group(day_sales(order())[0]), (), (), date(2026, 6, 1))
    assert isinstance(voucher, Voucher)
    assert (voucher.day, voucher.mark) == (date(2026, 6, 1), MARK)
    assert "2026-05-04" in voucher.text


def test_not_before_two_hours_after_the_day() -> None:
    """Payments of the last minutes would be missing in the voucher."""
    window = day_window()
    assert not is_settled(window, window.end_utc + SETTLES_AFTER - timedelta(seconds=1))
    assert is_settled(window, window.end_utc + SETTLES_AFTER)


def test_the_order_list_has_no_buyer_in_it() -> None:
    """The file is kept for seven years; a buyer may ask to be erased."""
    text = order_list(one_group(*sample())).decode("utf-8-sig")  # type: ignore[arg-type]
    assert "Testsson" not in text
    assert "example.com" not in text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["order_number"], row["gross"], row["vat"]) for row in rows] == [
        ("1", "125.00", "25.00"),
        ("2", "106.00", "6.00"),
        ("3", "112.00", "12.00"),
    ]


def test_a_doubled_voucher_is_the_later_one() -> None:
    """The reversal would be proposed for the wrong one, or for a supplement."""
    group = one_group(day_sales(order())[0])
    vouchers = [listed(9), listed(7), listed(8, "demo:2026-05-04:SEK:day:2")]
    assert [str(one) for one in doubled(vouchers, group)] == ["A 9"]


def test_proof_finds_a_doubled_voucher_and_proposes_its_reversal() -> None:
    """Here the promise is to find it, the same day."""
    group = one_group(day_sales(order())[0])
    twice = {account: 2 * ore for account, ore in group.sums.items()}
    proof = GroupProof(group=group, vouchers=(listed(7), listed(8)), ledger=twice)
    (row,) = difference_rows([proof])
    assert row.difference_ore == 12_500
    assert row.remedy == "Reverse voucher A 8 in Fortnox."


def test_proof_of_a_right_voucher() -> None:
    """A correct day must be green, order by order and account by account."""
    group = one_group(*sample())  # type: ignore[arg-type]
    proof = GroupProof(group=group, vouchers=(listed(7),), ledger=group.sums)
    assert difference_rows([proof]) == []
    assert sales_in_vouchers([proof])["demo:2"] == (10_600, "day voucher A 7")
    empty = LedgerLevel(vat=(), accounts=(), findings=(), gross_ore={})
    level = with_vouchers(empty, as_voucher_proofs([proof]))
    assert sum(level.gross_ore.values()) == 34_300
    assert {row.rate.rate_pct: (row.shop_ore, row.ledger_ore) for row in level.vat} == {
        25: (2_500, 2_500),
        12: (1_200, 1_200),
        6: (600, 600),
    }
    assert all(row.expected_ore == row.ledger_ore for row in level.accounts)


def test_wrong_vat_in_the_ledger_is_shown() -> None:
    """VAT that somebody moved would look right in the table per rate."""
    group = one_group(day_sales(order())[0])
    wrong = {**group.sums, 2611: -2_400, 3001: -10_100}
    proof = GroupProof(group=group, vouchers=(listed(7),), ledger=wrong)
    empty = LedgerLevel(vat=(), accounts=(), findings=(), gross_ore={})
    (row,) = with_vouchers(empty, as_voucher_proofs([proof])).vat
    assert (row.shop_ore, row.ledger_ore) == (2_500, 2_400)
    (found,) = difference_rows([proof])
    assert "account 2611 lacks -1.00" in found.reason


def test_a_held_voucher_holds_its_orders() -> None:
    """Orders of a voucher that waits would be reported as lost."""
    group = one_group(*sample())  # type: ignore[arg-type]
    item = Held(
        kind="document",
        order_id=MARK,
        order_number=MARK,
        amount_ore=34_300,
        code="voucher_quiet",
        reason="r",
        remedy="m",
    )
    proof = GroupProof(group=group, vouchers=(), ledger={})
    assert [one.order_id for one in held_by_order([item], [proof])] == ["1", "2", "3"]


@given(
    grosses=st.lists(st.integers(1, 100_000), min_size=1, max_size=6),
    rates=st.lists(st.sampled_from(["25", "12", "6"]), min_size=6, max_size=6),
    refunded=st.integers(0, 5),
)
def test_every_day_balances(grosses: list[int], rates: list[str], refunded: int) -> None:
    """An öre off, and Fortnox refuses the whole day."""
    orders = [
        order(line(f"{gross // 100}.{gross % 100:02}", rate), order_id=str(n), number=str(n))
        for n, (gross, rate) in enumerate(zip(grosses, rates, strict=False), start=1)
    ]
    sales = list(day_sales(*orders))
    sales += [replace(sale, refund_id=f"r{sale.order_id}") for sale in sales[:refunded]]
    group = one_group(*sales)
    assert sum(row.ore for row in group.rows) == 0
    voucher = next_voucher(group, (), (), DAY)
    assert voucher is not None
    assert next_voucher(group, [listed(1)], voucher.rows, DAY) is None
