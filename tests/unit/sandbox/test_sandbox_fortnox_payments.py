"""Payments: draft, then booked; write-offs; what is refused."""

from decimal import Decimal

import pytest
from sandbox_fortnox_calls import Books, RefusedError, row


@pytest.fixture
def books() -> Books:
    """A new company."""
    return Books()


def _pay(books: Books, number: str, **fields: object) -> dict:
    body = {"InvoicePayment": {"InvoiceNumber": int(number), "PaymentDate": "2026-11-21", **fields}}
    return dict(books.call("POST", "invoicepayments", body)["InvoicePayment"])


def _book(books: Books, payment: dict) -> dict:
    path = f"invoicepayments/{payment['Number']}/bookkeep"
    return dict(books.call("PUT", path)["InvoicePayment"])


def test_a_payment_is_a_draft_until_it_is_booked(books: Books) -> None:
    """The balance falls when the payment is booked, not when it is made."""
    number = books.booked(row("125", 25), VATIncluded=True)["DocumentNumber"]
    draft = _pay(books, number, Amount=125, ModeOfPayment="KLARNA")
    assert not draft["Booked"]
    assert books.get(f"invoices/{number}")["Invoice"]["Balance"] == 125
    booked = _book(books, draft)
    assert books.postings(booked) == {1581: 125, 1510: -125}
    paid = books.get(f"invoices/{number}")["Invoice"]
    assert (paid["Balance"], paid["FinalPayDate"]) == (0, "2026-11-21")
    voucher = books.get("vouchers/C/1", financialyear="2")["Voucher"]
    assert voucher["Description"] == f"Kundbet Test AB ({number})"
    assert voucher["ReferenceType"] == "INVOICEPAYMENT"


def test_the_named_account_beats_the_modes(books: Books) -> None:
    """ModeOfPaymentAccount overrides the register's account."""
    number = books.booked(row("10", 0, 3004))["DocumentNumber"]
    draft = _pay(books, number, Amount=10, ModeOfPayment="BG", ModeOfPaymentAccount=1686)
    assert books.postings(_book(books, draft)) == {1686: 10, 1510: -10}


def test_rounding_is_written_off_with_the_payment() -> None:
    """200.00 invoiced, 199.50 paid: the half krona goes to 3740 and the invoice is settled."""
    books = Books(krona_rounding=True)
    invoice = books.booked(row("199.50", 25), VATIncluded=True)
    assert invoice["Total"] == 200
    draft = _pay(
        books,
        invoice["DocumentNumber"],
        Amount=Decimal("199.5"),
        WriteOffs=[{"Amount": Decimal("0.5"), "AccountNumber": 3740}],
    )
    posted = books.postings(_book(books, draft))
    assert posted == {1930: Decimal("199.5"), 3740: Decimal("0.5"), 1510: -200}
    assert books.get(f"invoices/{invoice['DocumentNumber']}")["Invoice"]["Balance"] == 0
    listed = books.get("invoicepayments", invoicenumber=invoice["DocumentNumber"])
    assert listed["InvoicePayments"][0]["WriteOffExist"]


def test_another_rate_on_the_payment_is_an_exchange_difference(books: Books) -> None:
    """EUR 100.40 invoiced at 11.2345 and paid at 11.18: 5.47 SEK is lost."""
    invoice = books.booked(row("100.40", 0, 3004), Currency="EUR", CurrencyRate=Decimal("11.2345"))
    draft = _pay(
        books,
        invoice["DocumentNumber"],
        AmountCurrency=Decimal("100.40"),
        CurrencyRate=Decimal("11.18"),
    )
    assert books.postings(_book(books, draft)) == {
        1930: Decimal("1122.47"),
        7960: Decimal("5.47"),
        1510: Decimal("-1127.94"),
    }


def test_what_can_not_be_paid_is_refused(books: Books) -> None:
    """Unbooked, already paid, dated before the invoice: none of them takes money."""
    draft = books.invoice(row("10", 25))["DocumentNumber"]
    with pytest.raises(RefusedError, match="Fakturan är inte bokförd"):
        _pay(books, draft, Amount=1)
    number = books.booked(row("10", 0, 3004))["DocumentNumber"]
    with pytest.raises(RefusedError) as early:
        _pay(books, number, Amount=10, PaymentDate="2026-11-19")
    assert early.value.code == 2001089
    _book(books, _pay(books, number, Amount=10))
    with pytest.raises(RefusedError) as paid:
        _pay(books, number, Amount=10)
    assert paid.value.code == 2003055


def test_drafts_can_be_changed_and_deleted_booked_ones_not(books: Books) -> None:
    """A surplus draft is removed; what is in the ledger stays."""
    number = books.booked(row("10", 0, 3004))["DocumentNumber"]
    one, two = _pay(books, number, Amount=10), _pay(books, number, Amount=10)
    path = f"invoicepayments/{two['Number']}"
    books.call("PUT", path, {"InvoicePayment": {"Amount": 4}})
    assert books.get(path)["InvoicePayment"]["Amount"] == 4
    books.call("DELETE", path)
    _book(books, one)
    for method, body in (("DELETE", None), ("PUT", {"InvoicePayment": {"Amount": 1}})):
        with pytest.raises(RefusedError):
            books.call(method, f"invoicepayments/{one['Number']}", body)


def test_an_inactive_write_off_account_is_named(books: Books) -> None:
    """3740 switched off is the classic reason why a payment can't be booked."""
    books.control.set_account_active(3740, active=False)
    number = books.booked(row("10", 0, 3004))["DocumentNumber"]
    draft = _pay(books, number, Amount=9, WriteOffs=[{"Amount": 1, "AccountNumber": 3740}])
    with pytest.raises(RefusedError, match='Angivet bortskrivningskonto "3740" är inte aktivt'):
        _book(books, draft)
    assert books.get(f"invoices/{number}")["Invoice"]["Balance"] == 10
