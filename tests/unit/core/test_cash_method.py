"""The cash method in the plan: an invoice is final once it is sent, and its payment is the sale."""

from dataclasses import replace

import pytest
from tests.unit.core.test_plan import YEARS, listed, plan, snapshot, the_held, wanted

from fortnox.core.actions import ActionKind
from fortnox.core.documents import Invoice, Payment
from fortnox.core.plan import Plan
from fortnox.core.surplus import settle

CASH = (replace(YEARS[0], cash_method=True),)


def paid_sale() -> Invoice:
    """A sale that the shop has the money for."""
    (invoice,) = wanted()
    money = Payment(
        amount_ore=invoice.total_ore,
        paid_on=invoice.invoice_date,
        account=1686,
        mode="",
        bookkeep=True,
    )
    return replace(invoice, payment=money)


def cash_plan(invoice: Invoice, **document: object) -> Plan:
    """The plan of a company on the cash method, whose Fortnox has this document."""
    documents = [unbooked(invoice, **document)] if document else []
    return plan([invoice], snapshot(*documents, years=CASH), cash_method="tested")


def unbooked(invoice: Invoice, number: str = "17", **changed: object) -> object:
    """The invoice as Fortnox lists it before it is paid."""
    return replace(
        listed(invoice, number), **{"booked": False, "balance_ore": invoice.total_ore, **changed}
    )


def test_a_new_invoice_is_sent_and_never_bookkept():
    """Bookkept, its revenue and VAT would be told before the money is there."""
    (action,) = cash_plan(paid_sale()).actions
    assert action.kind is ActionKind.CREATE
    assert (action.invoice.needs_bookkeeping, action.invoice.send) == (False, "mark")


@pytest.mark.parametrize(
    ("document", "kind", "reason"),
    [
        ({"sent": False}, ActionKind.BOOK, "invoice 17 stands unbooked"),
        ({"sent": True}, ActionKind.PAY, "sent as invoice 17, the payment is missing"),
        ({"sent": True, "balance_ore": 0}, ActionKind.UNCHANGED, "sent as invoice 17, paid"),
        ({"sent": True, "balance_ore": 5000}, ActionKind.UNCHANGED, "sent as invoice 17, paid"),
        (
            {"booked": True, "sent": True, "balance_ore": 0},
            ActionKind.UNCHANGED,
            "sent as invoice 17, paid",
        ),
    ],
)
def test_what_is_left_to_do(document: dict[str, object], kind: ActionKind, reason: str):
    """A run that died would leave a sale unsent or unpaid, or pay what a person has."""
    (action,) = cash_plan(paid_sale(), **document).actions
    assert (action.kind, action.reason) == (kind, reason)


def test_an_edited_order_rewrites_a_draft_and_never_what_was_sent():
    """The buyer holds an invoice of another amount."""
    old = "demo:2026-05-04:0123456789ab"
    (action,) = cash_plan(paid_sale(), sent=False, day_reference=old).actions
    assert action.rewrite
    held = the_held(cash_plan(paid_sale(), sent=True, day_reference=old))
    assert held.code == "changed_after_export"
    assert "after it became sent invoice 17" in held.reason


def test_a_cash_invoice_and_an_unbooked_one_are_as_ever():
    """A till's sale would wait for a payment that nobody registers."""
    at_once = replace(paid_sale(), invoice_type="CASHINVOICE", payment_way="CASH")
    left = replace(paid_sale(), bookkeep=False, payment=None)
    actions = [cash_plan(invoice).actions[0] for invoice in (at_once, left)]
    assert [action.invoice.posted_when_paid for action in actions] == [False, False]
    assert [action.invoice.send for action in actions] == ["no", "no"]


def test_of_two_the_paid_one_stays_and_two_paid_are_a_persons():
    """The sale would be cancelled under its payment."""
    invoice = paid_sale()
    plain, paid = unbooked(invoice, "17"), unbooked(invoice, "18", balance_ore=0, sent=True)
    settled = settle([plain, paid])  # type: ignore[list-item]
    assert (settled.survivor, settled.cancel) == (paid, (plain,))
    both = settle([unbooked(invoice, "17", balance_ore=0), paid])  # type: ignore[list-item]
    assert len(both.double_booked) == 1
    assert both.cancel == ()


def test_of_two_unpaid_the_sent_one_stays():
    """The buyer would hold an invoice that is cancelled."""
    invoice = paid_sale()
    plain, sent = unbooked(invoice, "17"), unbooked(invoice, "18", sent=True)
    assert settle([plain, sent]).survivor == sent  # type: ignore[list-item]


def test_without_the_setting_nothing_is_booked():
    """Nobody has tried it with that company."""
    held = the_held(plan([paid_sale()], snapshot(years=CASH)))
    assert held.code == "cash_method"
    assert "set cash_method to tested" in held.remedy
