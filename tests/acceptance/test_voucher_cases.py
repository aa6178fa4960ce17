"""The accountant's payouts and day summaries as vouchers in a Fortnox, account by account."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.books import Books, books
from tests.acceptance.cases import Case, order_of
from tests.support.builders import shop_row
from tests.support.day_vouchers import day_sales, one_group
from tests.support.payouts import line, payout, payout_row

from fortnox.api.intents import IntentStore
from fortnox.api.snapshot import financial_years
from fortnox.api.voucher_writer import VoucherWriter
from fortnox.api.vouchers import voucher_rows
from fortnox.core.day_voucher import next_voucher
from fortnox.core.money import decimal_to_ore
from fortnox.core.payout_voucher import payout_voucher
from fortnox.core.payouts import FeeVat, Payout
from fortnox.core.vouchers import Voucher

SOURCE = Path(__file__).parents[3] / "shared" / "data" / "accounting-cases.json"
CASES: list[Case] = json.loads(SOURCE.read_text(encoding="utf-8")) if SOURCE.exists() else []
METHODS = {"card": "stripe", "klarna": "kco", "swish": "swish"}

pytestmark = pytest.mark.skipif(not CASES, reason="the accounting cases are not beside the project")


def cases(tag: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if tag in case["tags"]]


@pytest.fixture(scope="module")
def ledger() -> Iterator[Books]:
    with books() as made:
        yield made


def written(ledger: Books, voucher: Voucher, folder: Path) -> Counter[tuple[int, bool]]:
    """What stands in Fortnox after the voucher was written: account and side -> öre."""
    client = ledger.world.client()
    store, years = IntentStore(folder), financial_years(client)
    writer = VoucherWriter(client, store, years, quiet=timedelta(minutes=30))
    result = writer.write([voucher], {})
    assert result.not_written == []
    sums: Counter[tuple[int, bool]] = Counter()
    for row in voucher_rows(client, result.created[voucher.mark]):
        sums[row.account, row.ore > 0] += abs(row.ore)
    return sums


def expected(case: Case) -> Counter[tuple[int, bool]]:
    sums: Counter[tuple[int, bool]] = Counter()
    for posting in case["expected_postings"]:
        ore = decimal_to_ore(posting["debit"]) - decimal_to_ore(posting["credit"])
        sums[int(posting["account"]), ore > 0] += abs(ore)
    return sums


def payout_of(case: Case) -> Payout:
    """The settlement report of the case."""
    data = case["order"]["payout"]
    gross = decimal_to_ore(data.get("gross") or data["sales"])
    fee, vat = decimal_to_ore(data["fee"]), decimal_to_ore(data.get("fee_vat", "0"))
    lines = [
        line(gross),
        line(-decimal_to_ore(data.get("returns", "0")), "refund", "2"),
        line(-fee, "fee", "3", vat_ore=-vat, vat=FeeVat.SWEDISH if vat else None),
    ]
    return payout(
        *lines,
        payout_id=case["id"],
        day=date.fromisoformat(case["order"]["order_date"]),
        net_ore=decimal_to_ore(data["net"]),
    )


@pytest.mark.parametrize("case", cases("payout"))
def test_payout_as_an_accountant_books_it(case: Case, ledger: Books, tmp_path: Path) -> None:
    """The fee, its VAT or the clearing account would be wrong in every payout."""
    voucher = payout_voucher(payout_of(case), payout_row(), shop_row())
    assert isinstance(voucher, Voucher)
    assert written(ledger, voucher, tmp_path) == expected(case)


@pytest.mark.parametrize("case", cases("summary"))
def test_day_voucher_as_an_accountant_books_it(case: Case, ledger: Books, tmp_path: Path) -> None:
    """VAT per receipt, refunds gross, the money of each method on its own account."""
    day = date.fromisoformat(case["order"]["order_date"])
    sales = []
    for part in case["order"]["day_orders"]:
        data = {
            **case["order"],
            "order_id": part["id"],
            "payment_method": part["pay"],
            "lines": part["lines"],
        }
        order = order_of({**case, "order": data})
        head = replace(order.head, payment_method=METHODS[part["pay"]])
        (sale,) = day_sales(replace(order, head=head), day=day)
        sales.append(replace(sale, refund_id=part["id"]) if part.get("refund") else sale)
    voucher = next_voucher(one_group(*sales), (), (), day)
    assert isinstance(voucher, Voucher)
    assert written(ledger, voucher, tmp_path) == expected(case)
