"""The proof under the cash method: what the payments posted is the sale, or a difference."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tests.unit.core.test_cash_method import paid_sale, unbooked

from fortnox.core.documents import Invoice, ListedInvoice, ListedPayment
from fortnox.core.reconcile_cash import reconcile_cash
from fortnox.core.reconcile_ledger import BaseAccounts, LedgerLevel

SALE = {1686: 12500, 3001: -10000, 2611: -2500}


def money(number: str, amount_ore: int, *, booked: bool = True) -> ListedPayment:
    """A payment of invoice 17."""
    return ListedPayment(
        number=number,
        invoice_number="17",
        amount_ore=amount_ore,
        paid_on=date(2026, 5, 4),
        booked=booked,
        source="direct",
    )


def level(
    posted: Mapping[str, Mapping[int, int]],
    *payments: ListedPayment,
    invoice: Invoice | None = None,
    by_invoice: bool = False,
    **document: object,
) -> LedgerLevel:
    """The proof of one sale of 125.00, its payments' vouchers by payment number."""
    sale = replace(invoice or paid_sale(), posted_when_paid=True)
    listed = unbooked(sale, **{"sent": True, "balance_ore": 0, **document})
    assert isinstance(listed, ListedInvoice)
    keys = {number: (2, "C", int(number)) for number in posted}
    links = {"17": tuple(keys.values())} if by_invoice else {n: (key,) for n, key in keys.items()}
    return reconcile_cash(
        [(sale, listed)],
        {"17": payments},
        links,
        {keys[number]: rows for number, rows in posted.items()},
        base=BaseAccounts(),
    )


def test_a_paid_sale_is_proven_by_its_payment():
    """VAT and revenue of a cash company would be in no proof."""
    for by_invoice in (False, True):
        found = level({"5": SALE}, money("5", 12500), by_invoice=by_invoice)
        assert found.findings == ()
        assert found.gross_ore == {"17": 12500}
        assert [(row.shop_ore, row.ledger_ore) for row in found.vat] == [(2500, 2500)]
        assert {
            row.account: row.ledger_ore - row.expected_ore for row in found.accounts
        } == dict.fromkeys(SALE, 0)


def test_part_payments_of_a_person_are_added_up():
    """Paid by the bank's file in two parts: neither is the sale by itself."""
    first = {1930: 5000, 3001: -4000, 2611: -1000}
    second = {1930: 7500, 3001: -6000, 2611: -1500}
    found = level({"5": first, "6": second}, money("5", 5000), money("6", 7500))
    assert found.findings == ()
    assert found.gross_ore == {"17": 12500}


def test_another_account_is_a_difference():
    """A wrong VAT account at Fortnox would reach the VAT return."""
    wrong = {1686: 12500, 3001: -10000, 2621: -2500}
    (finding,) = level({"5": wrong}, money("5", 12500)).findings
    assert "voucher C 5 differs" in finding.cause
    assert "account 2611" in finding.cause


def test_money_on_another_account_is_a_difference():
    """The clearing account of the card company would never be empty."""
    moved = {1930: 12500, 3001: -10000, 2611: -2500}
    (finding,) = level({"5": moved}, money("5", 12500)).findings
    assert "account 1930" in finding.cause


def test_a_payment_without_a_voucher_is_a_difference():
    """Shown as paid, and not in the ledger."""
    (finding,) = level({}, money("5", 12500)).findings
    assert "is not in the ledger" in finding.cause


def test_money_that_fortnox_was_not_told_of_is_a_difference():
    """The shop has it, the books have neither money nor sale."""
    (finding,) = level({}, balance_ore=12500).findings
    assert finding.difference_ore == 12500
    unpaid = replace(paid_sale(), payment=None)
    assert level({}, balance_ore=12500, invoice=unpaid).findings == ()
