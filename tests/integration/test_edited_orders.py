"""Orders edited or called off after booking, corrected in the sandbox's ledger, each once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.support.builders import DAY, buyer, day_window, line, mappings, order, shop_row
from tests.support.once import Company, a_company, books, fault, quick_client, run, writes

from fortnox.api.document_run import Outcome
from fortnox.api.snapshot import documents_of_day, take_snapshot
from fortnox.core.actions import Action
from fortnox.core.corrections import corrected, to_credit
from fortnox.core.documents import Held, Invoice
from fortnox.core.money import decimal_to_ore
from fortnox.core.netted import net_versions
from fortnox.core.orders import Order, OrderHead, Refund
from fortnox.core.plan import Plan, make_plan
from fortnox.core.references import sale_reference
from fortnox.core.transform import transform

SHOP = shop_row(correct_booked="credit_and_rebook", set_off_account=1690)
SOLD = order(line("250.00", "25"), line("112.00", "12", line_id="2"))
EDITED = order(line("250.00", "25"), line("56.00", "12", line_id="2"))
LATER = date(2026, 5, 20)
INVOICED = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
    "mode_of_payment,payment_account,payment_way,valid_from,valid_to\n"
    "*,cheque,invoice,delivered,yes,30,book,,1930,,,\n"
)


@pytest.fixture
def company() -> Iterator[Company]:
    with a_company(known=False) as made:
        yield made


def wanted(*orders: Order, refunds: Sequence[Refund] = (), **maps: str) -> tuple[Invoice, ...]:
    """What the day of the orders, or of the refunds, wants."""
    day = refunds[0].created_utc.date() if refunds else DAY
    found = transform(orders, refunds, shop=SHOP, mappings=mappings(**maps), window=day_window(day))
    assert found.held == ()
    return found.invoices


def planned(
    company: Company,
    invoices: Sequence[Invoice],
    called_off: Sequence[OrderHead] = (),
    shop: Any = SHOP,
) -> tuple[Plan, list[Held]]:
    """As the task ``plan`` does it."""
    snapshot = take_snapshot(
        quick_client(company),
        "demo",
        invoices,
        also=[sale_reference("demo", head.order_id) for head in called_off],
        to_credit=lambda documents: to_credit(invoices, called_off, documents, shop),
    )
    found = corrected(invoices, called_off, snapshot, shop)
    return make_plan(found.invoices, snapshot, shop), list(found.held)


def carried_out(
    company: Company,
    invoices: Sequence[Invoice],
    called_off: Sequence[OrderHead] = (),
    shop: Any = SHOP,
) -> Outcome:
    """A whole run: planned, then applied as the chunks would be."""
    plan, held = planned(company, invoices, called_off, shop)
    outcome = run(company, [action.invoice for action in plan.actions], shop=shop)
    outcome.held += [*held, *plan.held]
    return outcome


def balances(company: Company) -> dict[int, int]:
    found = {account: decimal_to_ore(amount) for account, amount in books(company).balances}
    return {account: ore for account, ore in found.items() if ore}


def invoices_of(company: Company) -> dict[str, dict[str, Any]]:
    table = company.fortnox.table("invoices").values()
    return {one["ExternalInvoiceReference1"]: one for one in table}


def test_an_edited_order_is_credited_and_booked_anew(company: Company):
    """The ledger ends on what the order is now, the money on the provider's account."""
    carried_out(company, wanted(SOLD))
    outcome = carried_out(company, wanted(EDITED))
    assert (outcome.created, outcome.booked, outcome.paid, outcome.held) == (2, 2, 2, [])
    assert balances(company) == {1686: 30600, 3001: -20000, 2611: -5000, 3002: -5000, 2621: -600}
    made = invoices_of(company)
    assert made["demo:1001:c1"]["Total"] == -362
    assert made["demo:1001:c1"]["Remarks"] == "Kreditfaktura, avser faktura 1."
    assert made["demo:1001:v2"]["Remarks"] == "Ersätter faktura 1."
    assert {one["Balance"] for one in made.values()} == {0}


def test_a_correction_is_made_once(company: Company):
    """The run after it finds both documents and writes nothing."""
    carried_out(company, wanted(SOLD))
    carried_out(company, wanted(EDITED))
    company.faults.forget_requests()
    outcome = carried_out(company, wanted(EDITED))
    assert (outcome.unchanged, outcome.held, writes(company)) == (1, [], [])


def test_edited_twice_and_back(company: Company):
    """Each edit takes the version before back, even one that restores the first."""
    for version in (SOLD, EDITED, SOLD):
        carried_out(company, wanted(version))
    assert sorted(invoices_of(company)) == [
        "demo:1001",
        "demo:1001:c1",
        "demo:1001:c2",
        "demo:1001:v2",
        "demo:1001:v3",
    ]
    assert balances(company) == {1686: 36200, 3001: -20000, 2611: -5000, 3002: -10000, 2621: -1200}


@pytest.mark.parametrize("nth", [1, 2])
def test_a_lost_answer_makes_no_second_correction(company: Company, nth: int):
    """Neither the credit nor the new version is made again because nobody heard of it."""
    carried_out(company, wanted(SOLD))
    fault(company, nth, "drop_after", method="POST", path="/3/invoices")
    assert carried_out(company, wanted(EDITED)).held == []
    assert balances(company) == {1686: 30600, 3001: -20000, 2611: -5000, 3002: -5000, 2621: -600}


@pytest.mark.parametrize("done", [1, 2])
def test_a_run_that_dies_is_gone_on_with(company: Company, done: int):
    """Dead after the credit, or before any money was moved: the next run ends it."""
    carried_out(company, wanted(SOLD))
    plan, _ = planned(company, wanted(EDITED))
    begun = [replace(action.invoice, payment=None) for action in plan.actions]
    run(company, begun[:done], shop=SHOP)
    assert carried_out(company, wanted(EDITED)).held == []
    assert balances(company) == {1686: 30600, 3001: -20000, 2611: -5000, 3002: -5000, 2621: -600}
    assert {one["Balance"] for one in invoices_of(company).values()} == {0}


def test_a_refund_after_a_correction_credits_what_stands(company: Company):
    """The customer's credit note must name the invoice that was not taken back."""
    carried_out(company, wanted(SOLD))
    carried_out(company, wanted(EDITED))
    back = Refund(
        refund_id="7",
        order_id="1001",
        created_utc=datetime(2026, 5, 20, 9, tzinfo=UTC),
        amount_ore=30600,
        lines=EDITED.lines,
    )
    outcome = carried_out(company, wanted(EDITED, refunds=[back]))
    assert outcome.held == []
    assert invoices_of(company)["demo:1001:r:7"]["Remarks"] == "Kreditfaktura, avser faktura 3"
    assert balances(company) == {}


def test_called_off_unpaid_is_credited_and_set_off(company: Company):
    """An invoice of an order that is no more must not stay in the customer ledger."""
    at = datetime(2026, 5, 4, 9, tzinfo=UTC)
    sold = order(line("299.00"), payment_method="cheque", paid_utc=None, delivered_utc=at)
    carried_out(company, wanted(sold, document_types=INVOICED))
    head = replace(sold.head, status="cancelled")
    outcome = carried_out(company, (), [head])
    assert (outcome.created, outcome.booked, outcome.paid, outcome.held) == (1, 1, 2, [])
    assert balances(company) == {}
    assert {one["Balance"] for one in invoices_of(company).values()} == {0}
    company.faults.forget_requests()
    assert (carried_out(company, (), [head]).held, writes(company)) == ([], [])


def test_in_a_closed_period_a_correction_is_late(company: Company):
    """Closed is closed: both documents are dated the first open day, and keep their day."""
    shop = SHOP.replaced(books_closed_through=date(2026, 5, 15), late_policy="first_open_day")
    carried_out(company, wanted(SOLD))
    plan, _ = planned(company, wanted(EDITED), shop=shop)
    assert plan.approval_reasons == ("2 invoices of a closed period, dated the first open day",)
    carried_out(company, wanted(EDITED), shop=shop)
    dates = {name: one["InvoiceDate"] for name, one in invoices_of(company).items()}
    assert dates["demo:1001:c1"] == dates["demo:1001:v2"] == "2026-05-16"
    days = documents_of_day(quick_client(company), "demo", DAY)
    (standing,) = net_versions(days).standing
    assert (standing.reference, standing.total_ore) == ("demo:1001", 30600)


def test_a_part_that_was_refunded_leaves_the_correction_to_a_person(company: Company):
    """What is left of an invoice that was credited in part is not for a rule to say."""
    carried_out(company, wanted(SOLD))
    back = Refund(
        refund_id="7",
        order_id="1001",
        created_utc=datetime(2026, 5, 20, 9, tzinfo=UTC),
        amount_ore=11200,
        lines=SOLD.lines[1:],
    )
    carried_out(company, wanted(SOLD, refunds=[back]))
    (held,) = carried_out(company, wanted(EDITED)).held
    assert held.code == "changed_after_export"


def test_without_the_setting_an_edit_is_only_reported(company: Company):
    """Nobody's books are corrected unless shops.csv says so."""
    carried_out(company, wanted(SOLD))
    (held,) = carried_out(company, wanted(EDITED), shop=shop_row()).held
    assert held.code == "changed_after_export"


def test_a_person_is_asked_where_the_shop_wants_it(company: Company):
    """``approve`` stops the plan; the plan says credit and create, with their amounts."""
    carried_out(company, wanted(SOLD))
    shop = SHOP.replaced(correct_booked="approve", approve_total_over_ore=66_000)
    plan, _ = planned(company, wanted(EDITED), shop=shop)
    assert plan.approval_reasons == (
        "668.00 in new invoices, more than 660.00",
        "1 booked invoices to credit: their orders were edited or called off",
    )
    assert [_shown(action) for action in plan.actions] == [
        ("demo:1001:c1", -36200),
        ("demo:1001:v2", 30600),
    ]


def _shown(action: Action) -> tuple[str, int]:
    return action.invoice.reference, action.invoice.total_ore


def test_an_edited_cash_invoice_goes_back_to_its_cash_account(company: Company):
    """It has no receivable and no payment: one voucher each way, then the new one."""
    types = (
        "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
        "mode_of_payment,payment_account,payment_way,valid_from,valid_to\n"
        "*,stripe,cash_invoice,paid,yes,,none,,,CARD,,\n"
    )
    carried_out(company, wanted(SOLD, document_types=types))
    outcome = carried_out(company, wanted(EDITED, document_types=types))
    assert (outcome.booked, outcome.paid, outcome.held) == (2, 0, [])
    assert balances(company) == {1930: 30600, 3001: -20000, 2611: -5000, 3002: -5000, 2621: -600}


def test_an_edited_sale_in_euro_is_credited_at_its_own_rate(company: Company):
    """Another rate would leave kronor on the receivable, and another debt of VAT to Finland."""
    shop = SHOP.replaced(currency_rate="shop")
    for gross, rate in (("125.50", "11.00"), ("251.00", "12.00")):
        sold = order(
            line(gross, "25.5", country="FI"), currency="EUR", buyer=buyer("FI", email="a@b.fi")
        )
        sold = replace(sold, currency_rate=Decimal(rate))
        found = transform([sold], (), shop=shop, mappings=mappings(), window=day_window())
        assert found.held == ()
        assert carried_out(company, found.invoices, shop=shop).held == []
    assert balances(company) == {1686: 301200, 3106: -240000, 2670: -61200}
    assert invoices_of(company)["demo:1001:c1"]["CurrencyRate"] == 11
