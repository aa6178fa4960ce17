"""Invoices beyond the recordings: update rules, actions, lists, what a row takes from where."""

from decimal import Decimal

import pytest
from sandbox_fortnox_calls import NOW, Books, RefusedError, row

from fortnox.sandbox.fortnox.company import Company


@pytest.fixture
def books() -> Books:
    """A new company."""
    return Books()


def _update(books: Books, number: str, **fields: object) -> dict:
    return dict(books.call("PUT", f"invoices/{number}", {"Invoice": fields})["Invoice"])


def test_rows_without_ids_inherit_by_position(books: Books) -> None:
    """A discount nobody sent leaks into the row that takes the old one's place."""
    made = books.invoice(row("10", 25, Discount=50), row("20", 6, 3003))
    rows = _update(books, made["DocumentNumber"], InvoiceRows=[{"Price": 30}])["InvoiceRows"]
    assert len(rows) == 1
    assert (rows[0]["Discount"], rows[0]["Total"], rows[0]["VAT"]) == (50, 15, 25)


def test_rows_with_ids_are_kept_reordered_and_renumbered(books: Books) -> None:
    """A RowId alone keeps a row; a row without one is new; ids change with every update."""
    made = books.invoice(row("10", 25), row("20", 6, 3003))
    second = made["InvoiceRows"][1]["RowId"]
    rows = _update(
        books, made["DocumentNumber"], InvoiceRows=[{"RowId": second}, row("5", 12, 3002)]
    )["InvoiceRows"]
    assert [(r["Price"], r["AccountNumber"]) for r in rows] == [(20, 3003), (5, 3002)]
    assert second not in [r["RowId"] for r in rows]


def test_an_update_recalculates_the_total(books: Books) -> None:
    """Total and Balance always belong to the rows that are there."""
    made = books.invoice(row("10", 25))
    changed = _update(books, made["DocumentNumber"], InvoiceRows=[row("100", 25)])
    assert (changed["Total"], changed["Balance"], changed["TotalVAT"]) == (125, 125, 25)


def test_booked_and_cancelled_invoices_can_not_be_changed(books: Books) -> None:
    """What is in the ledger is corrected by a credit, never by an edit."""
    booked = books.booked(row("10", 25))["DocumentNumber"]
    with pytest.raises(RefusedError):
        _update(books, booked, Comments="x")
    draft = books.invoice(row("10", 25))["DocumentNumber"]
    books.call("PUT", f"invoices/{draft}/cancel")
    with pytest.raises(RefusedError):
        _update(books, draft, Comments="x")


def test_credit_answers_the_original_and_names_the_new_invoice(books: Books) -> None:
    """The caller must read CreditInvoiceReference and book that invoice itself, once."""
    booked = books.booked(row("199", 25, quantity="3"), VATIncluded=True)
    original = books.call("PUT", f"invoices/{booked['DocumentNumber']}/credit")["Invoice"]
    assert original["DocumentNumber"] == booked["DocumentNumber"]
    credit = books.get(f"invoices/{original['CreditInvoiceReference']}")["Invoice"]
    assert (credit["Credit"], credit["Total"], credit["Booked"]) == ("true", -597, False)
    assert credit["InvoiceRows"][0]["DeliveredQuantity"] == "-3"
    posted = books.call("PUT", f"invoices/{credit['DocumentNumber']}/bookkeep")["Invoice"]
    sale = books.postings(booked)
    assert books.postings(posted) == {account: -amount for account, amount in sale.items()}
    with pytest.raises(RefusedError):
        books.call("PUT", f"invoices/{booked['DocumentNumber']}/credit")


def test_email_is_a_get_that_sends(books: Books) -> None:
    """A retried or prefetched GET would mail the customer twice, so it shows in Sent."""
    number = books.invoice(CustomerNumber=books.customer(Email="kund@example.org"))[
        "DocumentNumber"
    ]
    assert not books.get(f"invoices/{number}")["Invoice"]["Sent"]
    assert books.get(f"invoices/{number}/email")["Invoice"]["Sent"]
    without = books.invoice()["DocumentNumber"]
    with pytest.raises(RefusedError):
        books.get(f"invoices/{without}/email")
    assert books.call("PUT", f"invoices/{without}/externalprint")["Invoice"]["Sent"]


@pytest.mark.parametrize(
    ("vat_type", "account", "rate_pct"),
    [
        ("SEVAT", 3001, 25),
        ("EUREVERSEDVAT", 3108, 0),
        ("EUVAT", 3106, 25),
        ("EXPORT", 3105, 0),
    ],
)
def test_an_articles_account_follows_the_customers_vat_type(
    books: Books, vat_type: str, account: int, rate_pct: int
) -> None:
    """The same article is sold with and without VAT, depending on who buys it."""
    books.call("POST", "articles", {"Article": {"ArticleNumber": "1", "Description": "A"}})
    number = books.customer(VATType=vat_type)
    made = books.invoice(
        {"ArticleNumber": "1", "Price": 10, "DeliveredQuantity": 1}, CustomerNumber=number
    )
    only = made["InvoiceRows"][0]
    assert (only["AccountNumber"], only["VAT"]) == (account, rate_pct)


def test_which_account_wins_is_a_switch() -> None:
    """Nobody knows whether the row's account beats the article's: both must be survivable."""
    for rule, account in (("row", 3041), ("vat_type", 3001)):
        books = Books(row_account=rule)
        books.call("POST", "articles", {"Article": {"ArticleNumber": "1", "Description": "A"}})
        made = books.invoice(row("10", 25, 3041, ArticleNumber="1"))
        assert made["InvoiceRows"][0]["AccountNumber"] == account


def test_a_vat_code_decides_percent_and_vat_account(books: Books) -> None:
    """VATCode MP3 is 6 % on 2631 whatever the sales account says."""
    booked = books.booked({**row("100", 25), "VATCode": "MP3"})
    assert books.postings(booked) == {1510: 106, 3001: -100, 2631: -6}


def test_standard_fees_of_the_company_are_added_silently() -> None:
    """A client that doesn't send Freight 0 gets the company's freight on top."""
    books = Books(Company(freight_ore=4900))
    assert books.invoice(row("100", 25))["Total"] == Decimal("186.25")
    sent = books.booked(row("100", 25), Freight=0, AdministrationFee=0)
    assert (sent["Total"], sent["FreightVAT"]) == (125, 0)


def test_unknown_customers_and_inactive_ones_are_refused(books: Books) -> None:
    """No invoice without somebody who owes it."""
    with pytest.raises(RefusedError) as unknown:
        books.invoice(row("1", 25), CustomerNumber="nobody")
    assert unknown.value.code == 2000204
    number = books.customer(Active=False)
    with pytest.raises(RefusedError):
        books.invoice(row("1", 25), CustomerNumber=number)


def test_a_document_number_is_used_once(books: Books) -> None:
    """A number chosen by the caller blocks a second document and leaves the series alone."""
    assert books.invoice(DocumentNumber="900000001")["DocumentNumber"] == "900000001"
    with pytest.raises(RefusedError):
        books.invoice(DocumentNumber="900000001")
    assert books.invoice()["DocumentNumber"] == "1"


@pytest.mark.parametrize(
    ("match", "found"),
    [("contains", {"demo:1", "demo:10", "xdemo:1"}), ("prefix", {"demo:1", "demo:10"})],
)
def test_references_match_by_the_switch(match: str, found: set[str]) -> None:
    """A look-up of order 1 may also give order 10: the client compares exactly."""
    books = Books(reference_match=match)
    for reference in ("demo:1", "demo:10", "xdemo:1", "other:1"):
        books.invoice(ExternalInvoiceReference1=reference)
    listed = books.get("invoices", externalinvoicereference1="demo:1")["Invoices"]
    assert {i["ExternalInvoiceReference1"] for i in listed} == found


def test_unbooked_leaves_out_booked_and_cancelled(books: Books) -> None:
    """The list that finds late-comers holds drafts only, of any date."""
    draft = books.invoice(row("1", 25), InvoiceDate="2025-03-01")["DocumentNumber"]
    books.booked(row("1", 25))
    gone = books.invoice(row("1", 25))["DocumentNumber"]
    books.call("PUT", f"invoices/{gone}/cancel")
    listed = books.get("invoices", filter="unbooked")["Invoices"]
    assert [i["DocumentNumber"] for i in listed] == [draft]
    cancelled = books.get("invoices", filter="cancelled")["Invoices"]
    assert [i["DocumentNumber"] for i in cancelled] == [gone]


def test_filter_may_swallow_the_field_filters() -> None:
    """Untested in Fortnox: with the switch, filter= ignores fromdate and gives too much."""
    for rule, count in (("and", 1), ("filter_only", 2)):
        books = Books(filter_with_fields=rule)
        books.invoice(InvoiceDate="2026-11-01")
        books.invoice(InvoiceDate="2026-11-20")
        listed = books.get("invoices", filter="unbooked", fromdate="2026-11-10")["Invoices"]
        assert len(listed) == count


def test_lists_by_date_account_text_and_label(books: Books) -> None:
    """Each documented filter narrows the list to the right documents."""
    one = books.invoice(row("1", 25), InvoiceDate="2026-11-01", Labels=[{"Id": 7}])
    two = books.invoice(
        row(
            "1",
            6,
            3003,
        ),
        InvoiceDate="2026-11-20",
        YourOrderNumber="A-1",
    )
    for query, number in (
        ({"todate": "2026-11-10"}, one["DocumentNumber"]),
        ({"fromdate": "2026-11-10"}, two["DocumentNumber"]),
        ({"accountnumberfrom": "3003", "accountnumberto": "3003"}, two["DocumentNumber"]),
        ({"yourordernumber": "a-1"}, two["DocumentNumber"]),
        ({"label": "7"}, one["DocumentNumber"]),
    ):
        listed = books.get("invoices", **query)["Invoices"]
        assert [i["DocumentNumber"] for i in listed] == [number], query
    newest = books.get("invoices", sortby="invoicedate", sortorder="descending")["Invoices"]
    assert newest[0]["DocumentNumber"] == two["DocumentNumber"]


def test_lastmodified_is_swedish_time(books: Books) -> None:
    """09:00 UTC is 10:00 in Sweden: a client that sends UTC asks for an hour too much."""
    assert NOW.hour == 9
    books.invoice()
    assert len(books.get("invoices", lastmodified="2026-11-21 10:00")["Invoices"]) == 1
    assert len(books.get("invoices", lastmodified="2026-11-21 10:00:01")["Invoices"]) == 0
    with pytest.raises(RefusedError) as refused:
        books.get("invoices", lastmodified="yesterday")
    assert refused.value.code == 2000588


def test_currency_rate_is_the_days_unless_a_unit_is_named(books: Books) -> None:
    """Sending CurrencyUnit alone makes the rate 1, a trap that an integrator fell into."""
    assert books.invoice(Currency="EUR")["CurrencyRate"] == Decimal("11.2345")
    assert books.invoice(Currency="EUR", CurrencyUnit=1)["CurrencyRate"] == 1
    blank = books.invoice(Currency="EUR", CurrencyUnit="API_BLANK")
    assert blank["CurrencyRate"] == Decimal("11.2345")
    with pytest.raises(RefusedError) as refused:
        books.invoice(Currency="XXX")
    assert refused.value.code == 2004344


def test_forbidden_characters_and_lengths_are_refused(books: Books) -> None:
    """Straight quotes and emoji in a shop's text would stop the document: clean them first."""
    for text in ('24" skärm', "tjej’s 🎉", "a|b", "it's"):
        with pytest.raises(RefusedError) as refused:
            books.invoice(Comments=text)
        assert refused.value.code == 2000359
    assert books.invoice(Comments="Åsa’s 50 % (ny) – à 10 €")["Comments"].startswith("Åsa")
    with pytest.raises(RefusedError):
        books.invoice(ExternalInvoiceReference1="x" * 81)
