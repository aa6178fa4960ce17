"""The supplier side: what a payment provider's fee costs, who is owed, and what is paid."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox_fortnox_calls import Books, RefusedError


@pytest.fixture
def books() -> Books:
    """A new company with one supplier, number 1."""
    made = Books()
    made.call("POST", "suppliers", {"Supplier": {"Name": "Klarna Bank AB", "CountryCode": "se"}})
    return made


def _invoice(books: Books, *rows: dict[str, Any], **header: Any) -> dict[str, Any]:
    body = {"SupplierNumber": "1", "InvoiceDate": "2026-11-20", "InvoiceNumber": "K-1", **header}
    if rows:
        body["SupplierInvoiceRows"] = list(rows)
    made = books.call("POST", "supplierinvoices", {"SupplierInvoice": body})
    return dict(made["SupplierInvoice"])


def _booked(books: Books, *rows: dict[str, Any], **header: Any) -> dict[str, Any]:
    number = _invoice(books, *rows, **header)["GivenNumber"]
    return dict(books.call("PUT", f"supplierinvoices/{number}/bookkeep")["SupplierInvoice"])


def test_a_supplier_is_found_by_number_and_name(books: Books) -> None:
    """The fee's supplier is made once and found again; its country comes from the code."""
    supplier = books.get("suppliers/1")["Supplier"]
    assert (supplier["Country"], supplier["Currency"], supplier["Active"]) == (
        "Sverige",
        "SEK",
        True,
    )
    assert books.get("suppliers", name="klarna")["Suppliers"][0]["SupplierNumber"] == "1"
    books.call("PUT", "suppliers/1", {"Supplier": {"Active": False, "Phone1": "08-1"}})
    (listed,) = books.get("suppliers", filter="inactive")["Suppliers"]
    assert listed["Phone"] == "08-1"
    with pytest.raises(RefusedError, match="inte aktiv"):
        _invoice(books, Total=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"CountryCode": "XX"},
        {"Currency": "XBT"},
        {"PreDefinedAccount": "1999"},
        {"TermsOfPayment": "99"},
    ],
)
def test_a_supplier_refers_to_what_exists(books: Books, wrong: dict[str, str]) -> None:
    """A supplier with an unknown country, currency, account or terms is refused."""
    with pytest.raises(RefusedError):
        books.call("POST", "suppliers", {"Supplier": {"Name": "A", **wrong}})


def test_a_fee_with_vat_books_debt_vat_and_cost(books: Books) -> None:
    """Total and VAT are enough: 2440, 2641 and the cost on PURCASE; money is text."""
    made = _booked(books, Total="125.50", VAT="25.10")
    assert (made["Total"], made["VAT"], made["Balance"]) == ("125.5", "25.1", "125.5")
    assert [row["Code"] for row in made["SupplierInvoiceRows"]] == ["TOT", "VAT", "PRE"]
    assert books.postings(made) == {
        2440: Decimal("-125.5"),
        2641: Decimal("25.1"),
        4000: Decimal("100.4"),
    }
    voucher = books.get("vouchers/D/1", financialyear="2")["Voucher"]
    assert (voucher["Description"], voucher["ReferenceType"], voucher["ReferenceNumber"]) == (
        "Levfakt Klarna Bank AB (1)",
        "SUPPLIERINVOICE",
        "1",
    )
    assert made["Vouchers"] == [
        {"Number": 1, "ReferenceType": "SUPPLIERINVOICE", "Series": "D", "Year": 2}
    ]


def test_rows_may_say_where_the_cost_goes(books: Books) -> None:
    """A fee account of one's own; the debt and the VAT are filled in from the header."""
    made = _booked(books, {"Account": 6064, "Debit": "100"}, Total=125, VAT=25)
    assert books.postings(made) == {2440: -125, 2641: 25, 6064: 100}


def test_rows_may_say_everything(books: Books) -> None:
    """With TOT and VAT rows the header follows them, as a client that books by rows expects."""
    made = _booked(
        books,
        {"Code": "TOT", "Account": 2440, "Credit": 125},
        {"Code": "VAT", "Account": 2641, "Debit": 25},
        {"Account": 6064, "Debit": 100, "TransactionInformation": "Avgift"},
    )
    assert (made["Total"], made["VAT"]) == ("125", "25")
    assert books.postings(made) == {2440: -125, 2641: 25, 6064: 100}


def test_the_suppliers_account_takes_the_cost(books: Books) -> None:
    """PreDefinedAccount of the supplier stands before the company's PURCASE."""
    books.call("PUT", "suppliers/1", {"Supplier": {"PreDefinedAccount": "6570"}})
    assert books.postings(_booked(books, Total=10))[6570] == 10


def test_rows_that_do_not_balance_are_refused(books: Books) -> None:
    """2000755: a supplier invoice whose rows miss an öre never enters the books."""
    with pytest.raises(RefusedError) as refused:
        _invoice(books, {"Account": 6064, "Debit": "99.99"}, Total=125, VAT=25)
    assert (refused.value.status, refused.value.code) == (400, 2000755)


def test_a_booked_supplier_invoice_stays_as_it_is(books: Books) -> None:
    """Booked means neither changed nor cancelled; unbooked may be both."""
    booked = _booked(books, Total=10)["GivenNumber"]
    for method, path, body in (
        ("PUT", f"supplierinvoices/{booked}", {"SupplierInvoice": {"Total": 5}}),
        ("PUT", f"supplierinvoices/{booked}/bookkeep", None),
        ("PUT", f"supplierinvoices/{booked}/cancel", None),
    ):
        with pytest.raises(RefusedError):
            books.call(method, path, body)
    draft = _invoice(books, Total=10)["GivenNumber"]
    body = {"SupplierInvoice": {"Total": 7, "Comments": "rättad"}}
    changed = books.call("PUT", f"supplierinvoices/{draft}", body)["SupplierInvoice"]
    assert (changed["Total"], changed["Balance"], changed["Comments"]) == ("7", "7", "rättad")
    books.call("PUT", f"supplierinvoices/{draft}/cancel")
    with pytest.raises(RefusedError) as twice:
        books.call("PUT", f"supplierinvoices/{draft}/cancel")
    assert twice.value.code == 2001279


def test_a_credit_turns_every_row(books: Books) -> None:
    """The answer is the original, which names the new one; both together are nothing."""
    original = _booked(books, Total=125, VAT=25)
    answered = books.call("PUT", "supplierinvoices/1/credit")["SupplierInvoice"]
    assert (answered["GivenNumber"], answered["CreditReference"]) == ("1", 2)
    credit = books.call("PUT", "supplierinvoices/2/bookkeep")["SupplierInvoice"]
    assert (credit["Credit"], credit["Total"], credit["CreditReference"]) == (True, "-125", 1)
    whole = books.postings(original)
    assert {account: -amount for account, amount in whole.items()} == books.postings(credit)
    with pytest.raises(RefusedError):
        books.call("PUT", "supplierinvoices/1/credit")


def test_filters_of_supplier_invoices(books: Books) -> None:
    """What is unbooked, unpaid, overdue, paid or cancelled is found by its filter."""
    _invoice(books, Total=1)
    _booked(books, Total=2, DueDate="2026-11-01")
    _booked(books, Total=3)
    body = {"SupplierInvoicePayment": {"InvoiceNumber": "3", "PaymentDate": "2026-11-21"}}
    books.call("POST", "supplierinvoicepayments", body)
    books.call("PUT", "supplierinvoicepayments/1/bookkeep")
    cancelled = _invoice(books, Total=4)["GivenNumber"]
    books.call("PUT", f"supplierinvoices/{cancelled}/cancel")
    found = {
        name: [i["GivenNumber"] for i in books.get("supplierinvoices", filter=name)[_PLURAL]]
        for name in ("unbooked", "unpaid", "unpaidoverdue", "fullypaid", "cancelled")
    }
    assert found == {
        "unbooked": ["1"],
        "unpaid": ["2"],
        "unpaidoverdue": ["2"],
        "fullypaid": ["3"],
        "cancelled": ["4"],
    }
    with pytest.raises(RefusedError) as refused:
        books.get("supplierinvoices", filter="doesntexist")
    assert refused.value.code == 2000587
    with pytest.raises(RefusedError, match="Attest"):
        books.call("PUT", "supplierinvoices/1/approvalbookkeep")


_PLURAL = "SupplierInvoices"


def test_a_payment_settles_the_debt(books: Books) -> None:
    """Draft, then booked in E: 2440 against the bank, the rest written off; nothing is owed."""
    _booked(books, Total="125.40")
    body = {
        "InvoiceNumber": "1",
        "Amount": 125,
        "ModeOfPayment": "KLARNA",
        "WriteOffs": [{"Amount": "0.40", "AccountNumber": 3740}],
    }
    made = books.call("POST", "supplierinvoicepayments", {"SupplierInvoicePayment": body})
    assert made["SupplierInvoicePayment"]["Booked"] is False
    assert books.get("supplierinvoices/1")["SupplierInvoice"]["Balance"] == "125.4"
    paid = books.call("PUT", "supplierinvoicepayments/1/bookkeep")["SupplierInvoicePayment"]
    assert (paid["VoucherSeries"], books.postings(paid)) == (
        "E",
        {2440: Decimal("125.4"), 1581: -125, 3740: Decimal("-0.4")},
    )
    invoice = books.get("supplierinvoices/1")["SupplierInvoice"]
    assert (invoice["Balance"], invoice["FinalPayDate"]) == ("0", "2026-11-21")
    with pytest.raises(RefusedError) as again:
        books.call(
            "POST", "supplierinvoicepayments", {"SupplierInvoicePayment": {"InvoiceNumber": "1"}}
        )
    assert again.value.code == 2003055
    for method, path in (
        ("DELETE", "supplierinvoicepayments/1"),
        ("PUT", "supplierinvoicepayments/1/bookkeep"),
    ):
        with pytest.raises(RefusedError, match="bokförd"):
            books.call(method, path)


def test_a_draft_payment_can_be_changed_and_deleted(books: Books) -> None:
    """Until it is booked a payment is a note; an unbooked invoice can't be paid at all."""
    _invoice(books, Total=10)
    body = {"SupplierInvoicePayment": {"InvoiceNumber": "1"}}
    with pytest.raises(RefusedError, match="inte bokförd"):
        books.call("POST", "supplierinvoicepayments", body)
    books.call("PUT", "supplierinvoices/1/bookkeep")
    books.call("POST", "supplierinvoicepayments", body)
    changed = books.call(
        "PUT", "supplierinvoicepayments/1", {"SupplierInvoicePayment": {"Amount": 4}}
    )
    assert changed["SupplierInvoicePayment"]["AmountCurrency"] == 4
    assert len(books.get("supplierinvoicepayments", invoicenumber="1")[_PAYMENTS]) == 1
    books.call("DELETE", "supplierinvoicepayments/1")
    assert books.get("supplierinvoicepayments")[_PAYMENTS] == []


_PAYMENTS = "SupplierInvoicePayments"


def test_a_rate_difference_is_a_loss(books: Books) -> None:
    """EUR 100 owed at 11.2345 and paid at 11.5: the difference stands on 7960."""
    _booked(books, Total=100, Currency="EUR")
    body = {"InvoiceNumber": "1", "AmountCurrency": 100, "CurrencyRate": "11.5"}
    books.call("POST", "supplierinvoicepayments", {"SupplierInvoicePayment": body})
    paid = books.call("PUT", "supplierinvoicepayments/1/bookkeep")["SupplierInvoicePayment"]
    assert books.postings(paid) == {
        2440: Decimal("1123.45"),
        1930: -1150,
        7960: Decimal("26.55"),
    }


@settings(max_examples=40)
@given(
    total_ore=st.integers(1, 10_000_000),
    vat_pct=st.sampled_from([0, 6, 12, 25]),
    rate=st.decimals("0.1", "20", places=4),
)
def test_every_supplier_voucher_balances(total_ore: int, vat_pct: int, rate: Decimal) -> None:
    """Whatever the amount and the rate: debit is credit to the öre, and the debt is paid whole."""
    books = _shared()
    total = Decimal(total_ore).scaleb(-2)
    vat = (total * vat_pct / (100 + vat_pct)).quantize(Decimal("0.01"))
    made = _booked(books, Total=total, VAT=vat, Currency="EUR", CurrencyRate=rate)
    assert sum(books.postings(made).values()) == 0
    body = {"SupplierInvoicePayment": {"InvoiceNumber": made["GivenNumber"]}}
    number = books.call("POST", "supplierinvoicepayments", body)["SupplierInvoicePayment"]["Number"]
    paid = books.call("PUT", f"supplierinvoicepayments/{number}/bookkeep")
    assert sum(books.postings(paid["SupplierInvoicePayment"]).values()) == 0
    left = books.get(f"supplierinvoices/{made['GivenNumber']}")["SupplierInvoice"]
    assert left["Balance"] == "0"


_KEPT: list[Books] = []


def _shared() -> Books:
    if not _KEPT:
        _KEPT.append(Books())
        _KEPT[0].call("POST", "suppliers", {"Supplier": {"Name": "A"}})
    return _KEPT[0]
