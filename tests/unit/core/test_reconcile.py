"""The proof: every öre of the shop is in a document, held, or a difference with a cause."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import DAY, day_window, head, line, mappings, order, shop_row
from tests.unit.core.test_plan import listed, wanted

from fortnox.core.documents import Held
from fortnox.core.mapping import Mappings
from fortnox.core.reconcile import reconcile_orders, without_foreign_credits
from fortnox.core.reconcile_ledger import BaseAccounts, expected_amounts, reconcile_ledger
from fortnox.core.reconciled import Evidence, OrdersLevel, State
from fortnox.core.report import Findings, detail_pages, make_report
from fortnox.core.report_frame import Work
from fortnox.core.transform import transform

MAPPINGS: Mappings = mappings()
BASE = BaseAccounts()


def evidence(heads, documents, *, held=(), invoices=(), gross=None) -> Evidence:
    return Evidence(
        shop=shop_row(),
        mappings=MAPPINGS,
        window=day_window(),
        heads=heads,
        documents=documents,
        held=held,
        invoices={invoice.reference: invoice for invoice in invoices},
        refunds=(),
        gross_ore=gross or {},
    )


def report(level: OrdersLevel, **changed):
    return make_report(
        Findings(orders=level, ledger=None, held=changed.pop("held", ()), **changed),
        shop=shop_row(),
        window=day_window(),
        company_name="Sandbox",
        made_at=datetime(2026, 5, 5, tzinfo=UTC),
        work=Work(),
    )


def hold(order_id: str = "1001") -> Held:
    return Held(
        kind="order",
        order_id=order_id,
        order_number=order_id,
        amount_ore=12500,
        code="x",
        reason="because",
        remedy="do",
        day=DAY,
    )


def test_all_booked():
    """Shop and books agree: reconciled, difference 0.00."""
    (invoice,) = wanted()
    level = reconcile_orders(evidence([head()], [listed(invoice)], invoices=[invoice]))
    summary = report(level)
    assert summary["headline"] == "Reconciled, difference 0.00 SEK"
    assert summary["totals_ore"]["documents"] == 12500


def test_held_is_part_of_the_sum():
    """A held order is neither a difference nor forgotten."""
    level = reconcile_orders(evidence([head()], [], held=[hold()]))
    summary = report(level, held=[hold()])
    assert summary["verdict"] == "held"
    assert (summary["totals_ore"]["held"], summary["totals_ore"]["difference"]) == (12500, 0)


def test_missing_document_is_a_difference():
    """An order without a document and without a reason is exactly what must be red."""
    summary = report(reconcile_orders(evidence([head()], [])))
    assert summary["verdict"] == "differs"
    assert summary["totals_ore"]["difference"] == -12500
    assert summary["differences"][0]["cause"] == "came after this run's extract"


def test_unbooked_document_is_not_done():
    """An invoice that apply did not come to bookkeep is in no ledger: a difference."""
    (invoice,) = wanted()
    level = reconcile_orders(
        evidence([head()], [listed(invoice, booked=False)], invoices=[invoice])
    )
    assert level.rows[0].state is State.MISSING


def test_left_unbooked_by_the_mapping_is_fine():
    """With bookkeep no the day is proven on gross only, and says so."""
    invoice = replace(wanted()[0], bookkeep=False)
    level = reconcile_orders(
        evidence([head()], [listed(invoice, booked=False)], invoices=[invoice])
    )
    assert level.rows[0].state is State.UNBOOKED
    assert report(level)["verdict"] == "reconciled"


def test_two_documents_of_one_order():
    """A duplicate is the worst finding: red, with both numbers."""
    (invoice,) = wanted()
    level = reconcile_orders(evidence([head()], [listed(invoice, "1"), listed(invoice, "2")]))
    summary = report(level)
    assert summary["totals_ore"]["difference"] == 12500
    assert "1, 2" in summary["differences"][0]["cause"]


def test_document_of_an_order_that_is_gone():
    """A sale that the shop deleted or moved, still standing in the books, is found."""
    (invoice,) = wanted()
    summary = report(reconcile_orders(evidence([], [listed(invoice)])))
    assert summary["totals_ore"]["difference"] == 12500
    assert "no such sale" in summary["differences"][0]["cause"]


def test_cancelled_documents_do_not_count():
    """A cancelled invoice is no document."""
    (invoice,) = wanted()
    level = reconcile_orders(evidence([], [listed(invoice, cancelled=True, booked=False)]))
    assert level.rows == ()


def test_edited_after_extraction_is_explained():
    """The shop's total moved while the run worked: the cause says from what to what."""
    (invoice,) = wanted()
    level = reconcile_orders(
        evidence([head(total_ore=20000)], [listed(invoice)], invoices=[invoice])
    )
    assert "125.00 when it was extracted and is 200.00 now" in level.rows[0].reason


def test_whole_krona_rounding_is_no_difference():
    """125.40 that Fortnox rounds to 125 differs by rounding only; 125.90 to 125 is wrong."""
    (invoice,) = wanted()
    rounded = listed(invoice)
    assert reconcile_orders(evidence([head(total_ore=12540)], [rounded])).rows[0].state is (
        State.BOOKED
    )
    assert reconcile_orders(evidence([head(total_ore=12590)], [rounded])).rows[0].state is (
        State.DIFFERS
    )


@given(st.lists(st.sampled_from(["booked", "held", "missing", "double"]), max_size=25))
def test_the_sum_always_closes(kinds):
    """Shop + difference = documents + held, whatever happened to each order."""
    heads, documents, held = [], [], []
    for number, kind in enumerate(kinds, start=1):
        (invoice,) = wanted(str(number))
        heads.append(head(str(number)))
        if kind in ("booked", "double"):
            documents.append(listed(invoice, str(number)))
        if kind == "double":
            documents.append(listed(invoice, str(number + 1000)))
        if kind == "held":
            held.append(hold(str(number)))
    summary = report(reconcile_orders(evidence(heads, documents, held=held)), held=held)
    totals = summary["totals_ore"]
    assert totals["shop"] + totals["difference"] == totals["documents"] + totals["held"]
    bad = kinds.count("missing") + kinds.count("double")
    assert (summary["verdict"] == "differs") == bool(bad)


def mixed_invoice():
    lines = [
        line("33.33", "25", line_id="1"),
        line("33.33", "25", line_id="2"),
        line("53.00", "6", line_id="3"),
    ]
    return transform(
        [order(*lines)], (), shop=shop_row(), mappings=MAPPINGS, window=day_window()
    ).invoices[0]


def test_expected_postings_balance():
    """Debit and credit of the expectation are equal, or the proof proves nothing."""
    amounts = expected_amounts(mixed_invoice(), BASE, Decimal(1))
    assert sum(amounts.values()) == 0
    assert amounts[1510] == 11966
    assert amounts[2631] == -300


def level_with(amounts):
    invoice = mixed_invoice()
    return reconcile_ledger([(invoice, listed(invoice))], {(2, "B", 1): amounts}, base=BASE)


def test_vat_rounded_per_rate_is_shown_not_hidden():
    """Fortnox says 13.33 where the shop's rows say 13.34: VAT rounding, and no difference."""
    level = level_with({1510: 11966, 3001: -5333, 2611: -1333, 3003: -5000, 2631: -300})
    assert level.findings == ()
    row = next(row for row in level.vat if row.rate == ("SE", 25))
    assert (row.shop_ore, row.ledger_ore) == (1334, 1333)


@pytest.mark.parametrize(
    "amounts",
    [
        {1510: 11966, 3001: -5332, 2611: -1334, 3002: -5000, 2621: -300},  # wrong account
        {1510: 11966, 3001: -5382, 2611: -1284, 3003: -5000, 2631: -300},  # VAT 50 öre off
        {1510: 12066, 3001: -5432, 2611: -1334, 3003: -5000, 2631: -300},  # one krona more
    ],
)
def test_a_wrong_voucher_is_found(amounts):
    """The right total on the wrong account, or VAT off by more than rounding, is a finding."""
    assert level_with(amounts).findings


def test_whole_krona_rounding_in_the_ledger():
    """119.66 booked as 120.00 with -0.34 on 3740 is 119.66 gross."""
    level = level_with({1510: 12000, 3740: -34, 3001: -5332, 2611: -1334, 3003: -5000, 2631: -300})
    assert level.findings == ()
    assert level.gross_ore == {"17": 11966}


def test_voucher_that_is_not_in_the_ledger():
    """Booked says the list, and the ledger has no such voucher: red."""
    invoice = mixed_invoice()
    level = reconcile_ledger([(invoice, listed(invoice))], {}, base=BASE)
    assert "B 1" in level.findings[0].cause


def test_report_is_plain_and_small():
    """Ints and strings only (XCom turns Decimal into float), and no buyer in it."""
    (invoice,) = wanted()
    summary = report(reconcile_orders(evidence([head()], [listed(invoice)])))

    def plain(value):
        if isinstance(value, dict):
            return all(isinstance(key, str) and plain(item) for key, item in value.items())
        if isinstance(value, list):
            return all(plain(item) for item in value)
        return value is None or isinstance(value, (str, int))

    assert plain(summary)
    assert "example.com" not in repr(summary)


def test_details_are_paged_worst_first():
    """10 000 orders must not travel in one piece, and what is wrong stands first."""
    heads = [head(str(number)) for number in range(1, 1003)]
    documents = [listed(wanted(h.order_id)[0], h.order_id) for h in heads[:-1]]
    pages = detail_pages(reconcile_orders(evidence(heads, documents)))
    assert [len(page) for page in pages] == [500, 500, 2]
    assert pages[0][0]["state"] == "missing"


def test_the_worst_day_still_fits_an_xcom():
    """A day on which everything differs must not push more than 50 kB into Airflow's database."""
    heads = [head(str(number), number="W" * 20) for number in range(1, 2001)]
    held = [replace(hold(str(n)), reason="r" * 200, remedy="m" * 150) for n in range(1, 1001)]
    summary = report(reconcile_orders(evidence(heads, [], held=held)), held=held)
    assert summary["counts"]["missing"] == 1000
    assert len(json.dumps(summary).encode()) < 50_000


def test_other_currencies_are_in_no_sum():
    """100.00 EUR added to kronor would make every figure of the day wrong."""
    euro = replace(hold("7"), amount_ore=10000, currency="EUR")
    level = reconcile_orders(evidence([head("7", 10000, currency="EUR"), head()], [], held=[euro]))
    summary = report(level, held=[euro])
    assert summary["totals_ore"]["shop"] == 12500
    assert summary["totals_ore"]["held"] == 0
    (euros,) = summary["currencies"]
    assert (euros["currency"], euros["shop_ore"], euros["held_ore"]) == ("EUR", 10000, 10000)
    assert euros["booked_sek_ore"] is None


def test_a_credit_made_by_hand_is_no_second_document():
    """The report advises to credit refunds by hand, and Fortnox's credit copies our references."""
    (invoice,) = wanted()
    documents = [listed(invoice, "1"), listed(invoice, "2", total_ore=-invoice.total_ore)]
    level = reconcile_orders(
        evidence([head()], without_foreign_credits(documents), invoices=[invoice])
    )
    assert report(level)["verdict"] == "reconciled"


def test_a_day_before_the_start_date_says_that_it_proves_nothing():
    """A day of the previous system that says "reconciled" would be read as a proof."""
    before = replace(evidence([head()], []), shop=shop_row(start_date=date(2026, 6, 1)))
    summary = report(reconcile_orders(before))
    assert summary["counts"]["documents"] == 0
    assert "before start_date" in summary["notes"][0]
