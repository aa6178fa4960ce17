"""The accountant's own cases: what is booked has the right postings, the rest is held by name.

The invariant holds for every case, also for those that are not in the table: a document that
stands in the ledger has the case's postings. The table says more for the tags that are known.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.books import Books, Postings, books
from tests.acceptance.cases import Case, lines_of, noon_utc, order_of, refund_of
from tests.support.builders import day_window, mappings, order, shop_row

from fortnox.core.documents import Invoice
from fortnox.core.money import decimal_to_ore
from fortnox.core.orders import Order
from fortnox.core.transform import Wanted, transform

SOURCE = Path(__file__).parents[3] / "shared" / "data" / "accounting-cases.json"
CASES: list[Case] = json.loads(SOURCE.read_text(encoding="utf-8")) if SOURCE.exists() else []
_TYPES_HEAD = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,"
    "payment_way,valid_from,valid_to\n"
)
MAPPINGS = mappings()
CASH_MAPPINGS = mappings(document_types=f"{_TYPES_HEAD}*,*,cash_invoice,paid,yes,,CARD,,\n")

pytestmark = pytest.mark.skipif(not CASES, reason="the accounting cases are not beside the project")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What becomes of a case: booked, held under one of ``codes``, or nothing at all."""

    outcome: str
    why: str
    codes: frozenset[str] = frozenset()


def held(why: str, *codes: str) -> Expected:
    return Expected(outcome="held", why=why, codes=frozenset(codes))


ADVANCE = Expected(outcome="advance", why="advances are off by default (rule 18); tested below")
BOOKED = Expected(outcome="booked", why="an invoice at Swedish rates, or an export")
#: By tag. Of several tags the first in this order decides; without any the invoice is booked.
TABLE = {
    "payout": Expected(outcome="no order", why="the bank's money, not a sale of the shop"),
    "loss": Expected(outcome="no order", why="a decision of people, after the sale"),
    "summary": Expected(outcome="no order", why="its orders are documents each; tested below"),
    "cashinvoice": Expected(
        outcome="no order", why="tests/integration/test_refunds_and_payments.py"
    ),
    "refund": Expected(outcome="no order", why="tests/integration/test_refunds_and_payments.py"),
    "cancel": Expected(outcome="not due", why="neither paid nor delivered: no sale"),
    "zero": Expected(outcome="nothing", why="no amount, no posting"),
    "method": Expected(outcome="no order", why="the company's method, not the order's (rule 18)"),
    "currency": held("booked in SEK only", "foreign_currency"),
    "oss": held("another country's VAT (rule 24 comes later)", "foreign_vat", "vat_rate_not_whole"),
    "voec": held("Norway's VAT is a debt to Norway", "foreign_vat"),
    "b2b": held("VIES evidence is not recorded (rule 23)", "reverse_charge_evidence"),
}


def expected_of(case: Case) -> Expected:
    """The table's verdict; reverse charge only where no VAT was charged (AC-42)."""
    if case["document"] == "advance+delivery":
        return ADVANCE
    for tag, expected in TABLE.items():
        is_taxed = tag == "b2b" and any(row["vat_rate"] != "0" for row in case["order"]["lines"])
        if tag in case["tags"] and not is_taxed:
            return expected
    return BOOKED


def wanted_of(case: Case) -> Wanted:
    """Transform of the case's order or refund on its own day."""
    day = date.fromisoformat(case["order"]["order_date"])
    is_refund = "refund" in case["tags"]
    return transform(
        [] if is_refund else [order_of(case)],
        [refund_of(case)] if is_refund else [],
        shop=shop_row(),
        mappings=CASH_MAPPINGS if case["document"] == "cash_invoice" else MAPPINGS,
        window=day_window(day),
    )


def of_outcome(*outcomes: str) -> list[Any]:
    found = [case for case in CASES if expected_of(case).outcome in outcomes]
    return [pytest.param(case, id=case["id"]) for case in found]


@pytest.fixture(scope="module")
def ledgers() -> Iterator[dict[bool, Books]]:
    """Two companies: with and without whole-krona rounding. Each case is booked once in its own."""
    with books() as plain, books(krona_rounding=True) as rounding:
        yield {False: plain, True: rounding}


def booked(ledgers: dict[bool, Books], case: Case, invoice: Invoice) -> list[Postings]:
    """The vouchers of a case's documents, after the event was delivered as often as it says."""
    ledger = ledgers[case["order"].get("fortnox_round_to_krona", False)]
    for _ in range(case["order"].get("deliveries_of_event", 1)):
        outcome = ledger.book([invoice])
        assert outcome.held == []
    documents = ledger.documents([invoice.order_id])[invoice.order_id]
    return list(ledger.postings(documents).values())


def expected_postings(case: Case, voucher: str) -> Counter[int]:
    sums: Counter[int] = Counter()
    for posting in case["expected_postings"]:
        if posting["voucher"] == voucher:
            ore = decimal_to_ore(posting["debit"]) - decimal_to_ore(posting["credit"])
            sums[int(posting["account"])] += ore
    return sums


def assert_postings(found: Postings, expected: Counter[int], invoice: Invoice) -> None:
    """To the öre, but VAT rounding: an öre per row, never in the receivable (rule 19)."""
    tolerance_ore = len(invoice.rows) - 1
    assert found.keys() == expected.keys()
    assert sum(found.values()) == 0
    for account, ore in expected.items():
        exact = account in (1510, 3740)
        assert abs(found[account] - ore) <= (0 if exact else tolerance_ore), account


@pytest.mark.parametrize("case", of_outcome("booked"))
def test_booked_as_an_accountant_would(case: Case, ledgers: dict[bool, Books]):
    """A sale on a wrong account, or VAT off by an öre, would be found by the auditor, not by us."""
    wanted = wanted_of(case)
    assert wanted.held == ()
    (invoice,) = wanted.invoices
    (found,) = booked(ledgers, case, invoice)
    voucher = "SALE" if case["document"] == "voucher sale + redemption" else "INV"
    assert_postings(found, expected_postings(case, voucher), invoice)


@pytest.mark.parametrize("case", of_outcome("held", "nothing", "not due"))
def test_what_this_version_lacks_is_never_booked(case: Case):
    """A refund, a gift card or foreign VAT booked as a plain sale makes the VAT return wrong."""
    expected, wanted = expected_of(case), wanted_of(case)
    assert wanted.invoices == ()
    codes = {item.code for item in wanted.held}
    assert codes <= expected.codes, expected.why
    assert bool(codes) is (expected.outcome == "held")
    assert (wanted.nothing_to_book == 1) is (expected.outcome == "nothing")
    assert all(item.remedy for item in wanted.held)


def test_no_sale_is_left_out():
    """A plain invoice that the table calls "no order" would be a sale that nobody tested."""
    left_out = [case for case in CASES if expected_of(case).outcome == "no order"]
    assert not [case["id"] for case in left_out if case["document"].startswith("invoice+payment")]


@pytest.mark.parametrize("case", of_outcome("advance"))
def test_an_advance_is_an_invoice_on_the_paid_day(case: Case, ledgers: dict[bool, Books]):
    """Advances are off by default (rule 18): VAT falls due with the payment all the same."""
    (invoice,) = wanted_of(case).invoices
    assert invoice.accounting_day.isoformat() == case["order"]["paid_date"]
    (found,) = booked(ledgers, case, invoice)
    advance = expected_postings(case, "ADV")
    assert (found[2611], found[3001]) == (advance[2611], advance[2420])


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["id"]) for case in CASES if "summary" in case["tags"]]
)
def test_a_day_of_orders_adds_up_to_its_summary(case: Case, ledgers: dict[bool, Books]):
    """Documents per order give the same sales and VAT as the day voucher, the refund aside."""
    day = case["order"]["order_date"]
    orders = [
        day_order(entry, day) for entry in case["order"]["day_orders"] if "refund" not in entry
    ]
    wanted = transform(
        orders,
        (),
        shop=shop_row(),
        mappings=MAPPINGS,
        window=day_window(date.fromisoformat(day)),
    )
    assert wanted.held == ()
    ledgers[False].book(wanted.invoices)
    documents = ledgers[False].documents([invoice.order_id for invoice in wanted.invoices])
    sums: Counter[int] = Counter()
    for found in ledgers[False].postings(d for group in documents.values() for d in group).values():
        sums.update(found)
    del sums[1510]
    assert sums == sales_of_summary(case)


def sales_of_summary(case: Case) -> Counter[int]:
    """Sales and VAT of the day's orders: neither the money's side nor the refund."""
    sums: Counter[int] = Counter()
    for posting in case["expected_postings"]:
        is_sale = posting["role"].startswith(("sales", "freight", "fee", "vat"))
        if is_sale and "(refund)" not in posting["role"]:
            sums[int(posting["account"])] -= decimal_to_ore(posting["credit"])
    return sums


def day_order(entry: dict[str, Any], day: str) -> Order:
    """An order of the summary's day."""
    lines = lines_of({"lines": entry["lines"]})
    return order(*lines, order_id=f"58{entry['id'][1:]}", paid_utc=noon_utc(day))
