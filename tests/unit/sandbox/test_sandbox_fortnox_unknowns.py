"""Each open question about Fortnox can be answered both ways, and both answers show."""

from dataclasses import fields
from decimal import Decimal

import pytest
from sandbox_fortnox_calls import Books, RefusedError, row

from fortnox.sandbox.fortnox.unknowns import UNKNOWNS, Switches, changed


@pytest.mark.parametrize(("sign", "round_off"), [("added", "0.5"), ("taken", "-0.5")])
def test_the_sign_of_round_off(sign: str, round_off: str) -> None:
    """137.50 becomes 138 whichever sign RoundOff has; a client must not depend on it."""
    made = Books(krona_rounding=True, roundoff_sign=sign).invoice(row("110", 25))
    assert (made["Total"], made["RoundOff"]) == (138, Decimal(round_off))


@pytest.mark.parametrize(("by", "vat"), [("rate", 20), ("row", Decimal("20.01"))])
def test_vat_by_rate_or_by_row(by: str, vat: Decimal) -> None:
    """Three rows of 33.33 show which rule a company follows."""
    made = Books(vat_rounding=by).invoice(*[row("33.33", 25)] * 3, VATIncluded=True)
    assert (made["Total"], made["TotalVAT"]) == (Decimal("99.99"), vat)


def test_a_credit_reference_may_be_refused_on_post() -> None:
    """A refund must also work where Fortnox does not take the reference."""
    accepting = Books()
    sale = accepting.booked(row("10", 25))["DocumentNumber"]
    credit = accepting.invoice(row("10", 25, quantity="-1"), CreditInvoiceReference=sale)
    assert (credit["CreditInvoiceReference"], credit["Credit"]) == (sale, "true")
    with pytest.raises(RefusedError):
        Books(credit_reference_on_post="refuse").invoice(CreditInvoiceReference="1")


def test_credit_may_answer_the_new_invoice() -> None:
    """The OpenAPI text says the original; a client must look before it books."""
    books = Books(credit_answer="new")
    sale = books.booked(row("10", 25))["DocumentNumber"]
    answered = books.call("PUT", f"invoices/{sale}/credit")["Invoice"]
    assert (answered["DocumentNumber"], answered["CreditInvoiceReference"]) == ("2", sale)


@pytest.mark.parametrize("refers_to", ["payment", "invoice"])
def test_what_a_payments_voucher_refers_to(refers_to: str) -> None:
    """ReferenceNumber of an INVOICEPAYMENT voucher is one of two numbers."""
    books = Books(payment_reference=refers_to)
    number = books.booked(row("10", 25), DocumentNumber="700")["DocumentNumber"]
    body = {"InvoicePayment": {"InvoiceNumber": int(number), "PaymentDate": "2026-11-21"}}
    books.call("POST", "invoicepayments", body)
    books.call("PUT", "invoicepayments/1/bookkeep")
    voucher = books.get("vouchers/C/1", financialyear="2")["Voucher"]
    assert voucher["ReferenceNumber"] == {"payment": "1", "invoice": "700"}[refers_to]


def test_the_invoice_list_may_have_a_smaller_page() -> None:
    """A client that assumes 500 a page must read MetaInformation instead."""
    books = Books(max_limit_invoices=2)
    for _ in range(3):
        books.invoice()
    listed = books.get("invoices", limit="500")
    assert (len(listed["Invoices"]), listed["MetaInformation"]["@TotalPages"]) == (2, 2)


def test_every_question_is_explained() -> None:
    """An open question without a word about its default and its source helps nobody."""
    assert len({one.name for one in UNKNOWNS}) == len(UNKNOWNS) == len(fields(Switches))
    for one in UNKNOWNS:
        assert all((one.asks, one.why, one.seen)), one.name
        assert one.is_knob or one.others, f"{one.name}: which other answer may be right?"
        for answer in (one.default, *one.others):
            changed(Switches(), {one.name: answer})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vat_rounding", "sum"),
        ("max_limit", 0),
        ("krona_rounding", 1),
        ("x", 1),
        ("list_lag_s", -1),
        ("scope_error_status", 404),
        ("rate_limit", True),
    ],
)
def test_an_answer_that_is_none_is_refused(name: str, value: object) -> None:
    """A misspelt answer must not leave a team testing against the default."""
    with pytest.raises(ValueError, match=name):
        changed(Switches(), {name: value})
    assert changed(Switches(), {"list_lag_s": 1.5}).list_lag_s == 1.5
