"""Kontantmetoden in the sandbox: nothing is posted before the money comes, and then in its part."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sandbox_fortnox_calls import Books, RefusedError, row

from fortnox.sandbox.fortnox.company import default_company


def cash_books(**switches: Any) -> Books:
    """A company on the cash method."""
    return Books(replace(default_company(), accounting_method="CASH"), **switches)


def sent(books: Books, *rows: Any) -> str:
    """An invoice that is marked as sent; its number."""
    number = str(books.invoice(*rows, VATIncluded=True)["DocumentNumber"])
    books.call("PUT", f"invoices/{number}/externalprint")
    return number


def pay(books: Books, number: str, amount: str) -> dict[Any, Any]:
    """What a booked payment to the bank posts."""
    body = {
        "InvoiceNumber": int(number),
        "Amount": Decimal(amount),
        "PaymentDate": "2026-11-21",
        "ModeOfPaymentAccount": 1930,
    }
    made = books.call("POST", "invoicepayments", {"InvoicePayment": body})["InvoicePayment"]
    path = f"invoicepayments/{made['Number']}/bookkeep"
    return books.postings(books.call("PUT", path)["InvoicePayment"])


def test_a_payment_posts_the_sale_and_its_vat():
    """There is no claim on 1510 under the cash method."""
    books = cash_books()
    number = sent(books, row("625", 25))
    assert list(books.store.table("vouchers").values()) == []
    assert pay(books, number, "625") == {1930: 625, 3001: -500, 2611: -125}
    assert books.get(f"invoices/{number}")["Invoice"]["Balance"] == 0


def test_part_payments_add_up_to_the_invoice():
    """An öre would be left over for each invoice that is paid in thirds."""
    books = cash_books()
    number = sent(books, row("100", 25), row("33.33", 12, 3002))
    parts = [pay(books, number, amount) for amount in ("44.45", "44.44", "44.44")]
    assert all(sum(part.values()) == 0 for part in parts)
    sums = {
        account: sum(part.get(account, 0) for part in parts)
        for account in {account for part in parts for account in part}
    }
    whole = {1930: "133.33", 3001: "-80", 2611: "-20", 3002: "-29.76", 2621: "-3.57"}
    assert sums == {account: Decimal(ore) for account, ore in whole.items()}


def test_bookkeeping_an_invoice_posts_nothing():
    """Revenue would be told before the money is there."""
    books = cash_books()
    number = str(books.invoice(row("125", 25))["DocumentNumber"])
    answer = books.call("PUT", f"invoices/{number}/bookkeep")["Invoice"]
    assert (answer["Booked"], answer["VoucherNumber"]) == (True, None)
    assert list(books.store.table("vouchers").values()) == []
    refusing = cash_books(cash_bookkeep="refuse")
    number = str(refusing.invoice(row("125", 25))["DocumentNumber"])
    with pytest.raises(RefusedError):
        refusing.call("PUT", f"invoices/{number}/bookkeep")


def test_an_invoice_takes_payments_once_it_is_sent():
    """A client that forgets to mark it would work here and fail at Fortnox."""
    books = cash_books()
    number = str(books.invoice(row("125", 25), VATIncluded=True)["DocumentNumber"])
    with pytest.raises(RefusedError, match="inte bokförd"):
        pay(books, number, "125")
    eager = cash_books(cash_payable="created")
    number = str(eager.invoice(row("125", 25), VATIncluded=True)["DocumentNumber"])
    assert pay(eager, number, "125") == {1930: 125, 3001: -100, 2611: -25}


def test_what_is_paid_in_part_can_not_be_cancelled_or_changed():
    """The posted part of the sale would have no invoice."""
    books = cash_books()
    number = sent(books, row("125", 25))
    pay(books, number, "25")
    with pytest.raises(RefusedError):
        books.call("PUT", f"invoices/{number}/cancel")
    with pytest.raises(RefusedError):
        books.call("PUT", f"invoices/{number}", {"Invoice": {"Comments": "later"}})


def test_a_cash_invoice_is_posted_when_it_is_bookkept():
    """It is paid that moment, so both methods agree."""
    books = cash_books()
    made = books.invoice(
        row("125", 25), VATIncluded=True, InvoiceType="CASHINVOICE", PaymentWay="CASH"
    )
    answer = books.call("PUT", f"invoices/{made['DocumentNumber']}/bookkeep")["Invoice"]
    assert books.postings(answer) == {1910: 125, 3001: -100, 2611: -25}


@pytest.mark.parametrize("shows", [False, True])
def test_whether_a_paid_invoice_shows_as_booked_is_a_switch(shows: bool):
    """Nobody knows, so both must be tried."""
    books = cash_books(cash_paid_is_booked=shows)
    number = sent(books, row("125", 25))
    pay(books, number, "125")
    assert books.get(f"invoices/{number}")["Invoice"]["Booked"] is shows
