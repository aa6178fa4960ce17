"""Refunds and payments through apply into the sandbox's ledger: what an accountant would post."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.support.builders import day_window, line, mappings, order, shop_row
from tests.support.once import Company, a_company, books, fault, run, run_until_done, writes

from fortnox.core.documents import Invoice
from fortnox.core.errors import PipelineError
from fortnox.core.money import decimal_to_ore
from fortnox.core.orders import Refund
from fortnox.core.transform import transform

DAY, LATER = date(2026, 5, 4), date(2026, 5, 20)
SALE = order(line("250.00", "25"), line("49.00", "25", line_id="2"))


def wanted(
    day: date = DAY, *refunds: Refund, sold: Any = SALE, shop: Any = None, **maps: str
) -> tuple[Invoice, ...]:
    """What a run of the day wants of one order and its refunds."""
    found = transform(
        [sold],
        refunds,
        shop=shop or shop_row(),
        mappings=mappings(**maps),
        window=day_window(day),
    )
    assert found.held == ()
    return found.invoices


def refund(gross: str, refund_id: str = "7", day: date = LATER) -> Refund:
    return Refund(
        refund_id=refund_id,
        order_id="1001",
        created_utc=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        amount_ore=line(gross).gross_ore,
        lines=(line(gross, "25"),),
    )


def balances(company: Company) -> dict[int, int]:
    """Account -> balance in öre, without those that are even."""
    found = {account: decimal_to_ore(amount) for account, amount in books(company).balances}
    return {account: ore for account, ore in found.items() if ore}


@pytest.fixture
def company() -> Any:
    with a_company(known=False) as made:
        yield made


def test_a_card_sale_ends_on_the_clearing_account(company: Company):
    """AC-01's shape: sales, VAT, nothing on the receivable, the money at the provider."""
    outcome = run(company, wanted())
    assert (outcome.booked, outcome.paid, outcome.held) == (1, 1, [])
    assert balances(company) == {1686: 29900, 3001: -23920, 2611: -5980}


def test_a_full_refund_takes_everything_back(company: Company):
    """AC-25: after sale and refund every account is even, and the credit names its invoice."""
    run(company, wanted())
    outcome = run(company, wanted(LATER, refund("299.00"))[-1:])
    assert (outcome.booked, outcome.paid, outcome.held) == (1, 1, [])
    assert balances(company) == {}
    credit = company.fortnox.table("invoices").get("2")
    assert credit["Remarks"] == "Kreditfaktura, avser faktura 1"
    assert (credit["InvoiceDate"], credit["Total"]) == ("2026-05-20", -299)


def test_sale_and_refund_in_one_run(company: Company):
    """Given back on the day it was sold: the credit is made after the invoice it credits."""
    outcome = run(company, wanted(DAY, refund("299.00", day=DAY)))
    assert (outcome.created, outcome.paid) == (2, 2)
    assert balances(company) == {}


def test_refunds_are_made_once(company: Company):
    """The second run of a refund's day writes nothing."""
    both = wanted(DAY, refund("100.00", "1", DAY), refund("99.00", "2", DAY))
    run(company, both)
    company.faults.forget_requests()
    assert run(company, both).unchanged == 3
    assert writes(company) == []


def test_whole_krona_rounding_is_written_off_with_the_payment():
    """AC-07: 199.50 becomes 200.00 in Fortnox; the half krona goes to 3740 and back."""
    with a_company(known=False, krona_rounding=True) as company:
        outcome = run(company, wanted(sold=order(line("199.50", "25"))))
        assert (outcome.paid, outcome.held) == (1, [])
        assert balances(company) == {1686: 19950, 3001: -15960, 2611: -3990}


CHEQUES = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
    "mode_of_payment,payment_account,payment_way,valid_from,valid_to\n"
    "*,cheque,invoice,delivered,yes,30,book,,1930,,,\n"
)
UNPAID = order(
    line("299.00"),
    payment_method="cheque",
    paid_utc=None,
    delivered_utc=datetime(2026, 5, 4, 9, tzinfo=UTC),
)
SETS_OFF = shop_row(set_off_account=1686)


def credits_of_unpaid(*refunds: Refund) -> tuple[Invoice, ...]:
    """The credit invoices of a sale that nobody paid."""
    return wanted(LATER, *refunds, sold=UNPAID, shop=SETS_OFF, document_types=CHEQUES)


def test_an_unpaid_sale_and_its_credit_settle_each_other(company: Company):
    """Rule 21: two payments over one account, and neither document stays open."""
    run(company, wanted(sold=UNPAID, shop=SETS_OFF, document_types=CHEQUES), shop=SETS_OFF)
    outcome = run(company, credits_of_unpaid(refund("299.00")), shop=SETS_OFF)
    assert (outcome.booked, outcome.paid) == (1, 2)
    assert balances(company) == {}
    assert {one["Balance"] for one in company.fortnox.table("invoices").values()} == {0}


def half_of_it_is_open(company: Company) -> bool:
    """Two refunds of 100.00 of an unpaid sale of 299.00: 99.00 to pay, nothing on the way."""
    invoices = {str(one["Balance"]) for one in company.fortnox.table("invoices").values()}
    return invoices == {"0", "99"} and 1686 not in balances(company)


def test_two_equal_refunds_of_an_unpaid_sale_are_both_set_off(company: Company):
    """A payment is known by day and amount only: the second would be taken for the first."""
    run(company, wanted(sold=UNPAID, shop=SETS_OFF, document_types=CHEQUES), shop=SETS_OFF)
    first, second = refund("100.00", "1"), refund("100.00", "2")
    run(company, credits_of_unpaid(first), shop=SETS_OFF)
    run(company, credits_of_unpaid(first, second), shop=SETS_OFF)
    assert half_of_it_is_open(company)
    company.faults.forget_requests()
    run(company, credits_of_unpaid(first, second), shop=SETS_OFF)
    assert writes(company) == []


@pytest.mark.parametrize("kind", ["drop_after", "refuse_before", "drop_then_act"])
@pytest.mark.parametrize("at_payment", [1, 2, 3, 4])
def test_equal_set_offs_survive_a_lost_answer(company: Company, kind: str, at_payment: int):
    """Of two equal payments none is made twice, and none deleted as the other's double."""
    run(company, wanted(sold=UNPAID, shop=SETS_OFF, document_types=CHEQUES), shop=SETS_OFF)
    both = credits_of_unpaid(refund("100.00", "1"), refund("100.00", "2"))
    fault(company, at_payment, kind, method="POST", path="/3/invoicepayments")
    run_until_done(company, both, shop=SETS_OFF)
    assert half_of_it_is_open(company)
    assert len(company.fortnox.table("invoicepayments").values()) == 4


def test_a_cash_invoice_has_no_receivable(company: Company):
    """AC-56: Swish as a cash invoice, one voucher straight to the account of its payment way."""
    types = (
        "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
        "mode_of_payment,payment_account,payment_way,valid_from,valid_to\n"
        "*,stripe,cash_invoice,paid,yes,,none,,,CARD,,\n"
    )
    outcome = run(company, wanted(sold=order(line("349.00")), document_types=types))
    assert (outcome.booked, outcome.paid, outcome.held) == (1, 0, [])
    assert balances(company) == {1930: 34900, 3001: -27920, 2611: -6980}


@pytest.mark.parametrize("kind", ["drop_after", "status_after"])
@pytest.mark.parametrize("path", ["/3/invoicepayments", "/3/invoicepayments/1/bookkeep"])
def test_a_payment_whose_answer_is_lost_is_made_once(company: Company, kind: str, path: str):
    """A payment has no reference; it must not be registered again after a lost answer."""
    method = "PUT" if path.endswith("bookkeep") else "POST"
    fault(company, 1, kind, method=method, path=path)
    run_until_done(company, wanted())
    assert balances(company) == {1686: 29900, 3001: -23920, 2611: -5980}
    assert len(company.fortnox.table("invoicepayments").values()) == 1


def test_an_invoice_booked_without_its_payment_gets_it_in_the_next_run(company: Company):
    """Killed between invoice and payment: the next run registers the money, once."""
    unpaid = [replace(invoice, payment=None) for invoice in wanted()]
    run(company, unpaid)
    outcome = run(company, wanted())
    assert (outcome.created, outcome.paid) == (0, 1)
    assert balances(company)[1686] == 29900


def test_paid_elsewhere_is_left_alone(company: Company):
    """The bank file was faster: an invoice that is paid gets no second payment."""
    run(company, [replace(invoice, payment=None) for invoice in wanted()])
    payment = {"InvoiceNumber": 1, "Amount": 299, "PaymentDate": "2026-05-06"}
    made = company.by_hand("POST", "invoicepayments", {"InvoicePayment": payment})
    number = made["InvoicePayment"]["Number"]
    company.by_hand("PUT", f"invoicepayments/{number}/bookkeep")
    outcome = run(company, wanted())
    assert (outcome.unchanged, outcome.paid) == (1, 0)
    assert len(company.fortnox.table("invoicepayments").values()) == 1


def test_a_payment_that_is_only_registered_stays_a_draft(company: Company):
    """Payment ``register``: a person books it; the second run makes no other."""
    drafts = [
        replace(invoice, payment=replace(invoice.payment, bookkeep=False))
        for invoice in wanted()
        if invoice.payment
    ]
    assert run(company, drafts).paid == 0
    assert run(company, drafts).unchanged == 1
    (payment,) = company.fortnox.table("invoicepayments").values()
    assert not payment["Booked"]


def test_drafts_that_a_dead_run_doubled_become_one_payment(company: Company):
    """Two were made and neither answered: a draft left over would be booked by somebody."""
    run(company, [replace(invoice, payment=None) for invoice in wanted()])
    payment = {
        "InvoiceNumber": 1,
        "Amount": 299,
        "PaymentDate": "2026-05-04",
        "ModeOfPaymentAccount": 1686,
    }
    for _ in range(2):
        company.by_hand("POST", "invoicepayments", {"InvoicePayment": payment})
    outcome = run(company, wanted())
    assert (outcome.paid, outcome.held) == (1, [])
    assert len(company.fortnox.table("invoicepayments").values()) == 1
    assert balances(company)[1686] == 29900


def test_a_doubled_draft_that_stays_keeps_its_sibling_unbooked(company: Company):
    """Nobody looks at a paid invoice's drafts again: first the surplus goes, then money moves."""
    run(company, [replace(invoice, payment=None) for invoice in wanted()])
    payment = {"InvoiceNumber": 1, "Amount": 299, "PaymentDate": "2026-05-04"}
    for _ in range(2):
        company.by_hand("POST", "invoicepayments", {"InvoicePayment": payment})
    fault(company, 1, "status_before", method="DELETE", times=0, status=500)
    with pytest.raises(PipelineError):
        run(company, wanted())
    assert not [one for one in company.fortnox.table("invoicepayments").values() if one["Booked"]]
    company.faults.clear()
    assert run(company, wanted()).paid == 1
    assert len(company.fortnox.table("invoicepayments").values()) == 1
