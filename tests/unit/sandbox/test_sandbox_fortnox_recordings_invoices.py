"""Recorded invoices: every default, the row, what a PUT does, lists (4.29 to 4.37)."""

from decimal import Decimal

import pytest
from sandbox_fortnox_calls import Books, row

from fortnox.sandbox.fortnox.wire import dump

#: What an invoice that was sent only a customer holds, newest field order (4.29 to 4.31).
BARE_INVOICE = {
    "@url": "http://127.0.0.1/3/invoices/1",
    "@urlTaxReductionList": "http://127.0.0.1/3/taxreductions?filter=invoices&referencenumber=1",
    "AccountingMethod": "ACCRUAL",
    "Address1": "",
    "Address2": "",
    "AdministrationFee": 0,
    "AdministrationFeeVAT": 0,
    "Balance": 0,
    "BasisTaxReduction": 0,
    "Booked": False,
    "Cancelled": False,
    "City": "New York",
    "Comments": "",
    "ContractReference": "0",
    "ContributionPercent": 0,
    "ContributionValue": 0,
    "CostCenter": "",
    "Country": "",
    "Credit": "false",
    "CreditInvoiceReference": "0",
    "Currency": "SEK",
    "CurrencyRate": 1,
    "CurrencyUnit": 1,
    "CustomerName": "Updated name",
    "CustomerNumber": "1",
    "DeliveryAddress1": "",
    "DeliveryAddress2": "",
    "DeliveryCity": "",
    "DeliveryCountry": "",
    "DeliveryDate": None,
    "DeliveryName": "",
    "DeliveryZipCode": "",
    "DocumentNumber": "1",
    "DueDate": "2026-12-21",
    "EDIInformation": {
        "EDIGlobalLocationNumber": None,
        "EDIGlobalLocationNumberDelivery": None,
        "EDIInvoiceExtra1": None,
        "EDIInvoiceExtra2": None,
        "EDIOurElectronicReference": None,
        "EDIYourElectronicReference": None,
        "EDIStatus": "",
    },
    "EUQuarterlyReport": False,
    "EmailInformation": {
        "EmailAddressFrom": None,
        "EmailAddressTo": "",
        "EmailAddressCC": None,
        "EmailAddressBCC": None,
        "EmailSubject": "Faktura {no} bifogas",
        "EmailBody": " ",
    },
    "ExternalInvoiceReference1": "",
    "ExternalInvoiceReference2": "",
    "FinalPayDate": None,
    "Freight": 0,
    "FreightVAT": 0,
    "Gross": 0,
    "HouseWork": False,
    "InvoiceDate": "2026-11-21",
    "InvoicePeriodEnd": "",
    "InvoicePeriodStart": "",
    "InvoiceReference": "0",
    "InvoiceRows": [],
    "InvoiceType": "INVOICE",
    "Labels": [],
    "Language": "SV",
    "LastRemindDate": None,
    "Net": 0,
    "NotCompleted": False,
    "NoxFinans": False,
    "OCR": "133",
    "OfferReference": "0",
    "OrderReference": "0",
    "OrganisationNumber": "",
    "OurReference": "",
    "OutboundDate": "2026-11-21",
    "PaymentWay": "",
    "Phone1": "",
    "Phone2": "",
    "PriceList": "A",
    "PrintTemplate": "st",
    "Project": "",
    "Remarks": "",
    "Reminders": 0,
    "RoundOff": 0,
    "Sent": False,
    "TaxReduction": None,
    "TaxReductionType": "none",
    "TermsOfDelivery": "",
    "TermsOfPayment": "30",
    "TimeBasisReference": None,
    "Total": 0,
    "TotalToPay": 0,
    "TotalVAT": 0,
    "VATIncluded": False,
    "VoucherNumber": None,
    "VoucherSeries": None,
    "VoucherYear": None,
    "WarehouseReady": True,
    "WayOfDelivery": "",
    "YourOrderNumber": "",
    "YourReference": "",
    "ZipCode": "10001",
}
#: The row of recording 4.31 with the price of 4.30.
ROW = {
    "AccountNumber": 3001,
    "ArticleNumber": "101",
    "ContributionPercent": "0",
    "ContributionValue": "0",
    "Cost": 0,
    "CostCenter": "",
    "DeliveredQuantity": "0",
    "Description": "Hammer",
    "Discount": 0,
    "DiscountType": "PERCENT",
    "HouseWork": False,
    "HouseWorkHoursToReport": None,
    "HouseWorkType": None,
    "Price": 10,
    "PriceExcludingVAT": 10,
    "Project": "",
    "RowId": 1,
    "StockPointCode": None,
    "Total": 0,
    "TotalExcludingVAT": 0,
    "Unit": "",
    "VAT": 25,
    "VATCode": None,
}


@pytest.fixture
def books() -> Books:
    """A company with the customer and the article of the recordings."""
    books = Books()
    books.customer(Name="Updated name", City="New York", ZipCode="10001")
    body = {"Article": {"ArticleNumber": "101", "Description": "Hammer", "SalesAccount": 3001}}
    books.call("POST", "articles", body)
    return books


def test_a_bare_invoice_holds_every_default_in_order(books: Books) -> None:
    """4.29 and 4.31: all fields, typed as recorded; the 201 names the collection."""
    made = books.control.act("POST", "invoices", {"Invoice": {"CustomerNumber": "1"}})
    assert (made.status, made.headers["Location"]) == (201, "invoices")
    assert dump(made.body) == dump({"Invoice": BARE_INVOICE})


def test_a_row_is_filled_in_order(books: Books) -> None:
    """4.30: everything but what was sent comes from the article."""
    body = {"CustomerNumber": "1", "InvoiceRows": [{"ArticleNumber": "101", "Price": 10}]}
    made = books.call("POST", "invoices", {"Invoice": body})["Invoice"]
    assert dump({"row": made["InvoiceRows"][0]}) == dump({"row": ROW})


@pytest.mark.parametrize(("sent", "kept"), [("10.123", "10.12"), ("10.125", "10.13")])
def test_prices_have_two_decimals(books: Books, sent: str, kept: str) -> None:
    """A price with more is rounded half up before anything is multiplied."""
    one = row(sent, 0, 3004, quantity="100")
    made = books.invoice(one, CustomerNumber="1")
    assert str(made["InvoiceRows"][0]["Price"]) == kept
    assert made["Total"] == Decimal(kept) * 100


@pytest.mark.parametrize("price", ["99999999999", "-9999999999"])
@pytest.mark.parametrize("quantity", ["9999999999999.9", "-9999999999999.9"])
def test_the_largest_prices_and_quantities_are_exact(price: str, quantity: str) -> None:
    """Sums of more than 28 digits must neither be rounded nor end in a server error."""
    books = Books()
    body = {
        "Invoice": {
            "CustomerNumber": books.customer(),
            "InvoiceRows": [row(price, 0, 3004, quantity=quantity)],
        }
    }
    answer = books.control.act("POST", "invoices", body)
    assert answer.status in (201, 400)
    if answer.status == 201:
        total = answer.body["Invoice"]["Total"]
        assert int(total * 10) == int(price) * int(quantity.replace(".", ""))


def test_the_article_says_the_vat_of_its_sales_account(books: Books) -> None:
    """Point 13: a row that names no VAT has its article's, whatever became of the account."""
    body = {"Account": {"VATCode": "MP3"}}
    books.call("PUT", "accounts/3001", body, financialyear="2")
    made = books.invoice({"ArticleNumber": "101", "DeliveredQuantity": 1, "Price": 100})
    assert made["InvoiceRows"][0]["VAT"] == 25


def test_a_put_of_nothing_keeps_everything(books: Books) -> None:
    """4.34: "" changes no field, so an empty form can't wipe a country or a comment."""
    made = books.invoice(CustomerNumber="1", Comments="A comment to be reset", Country="Norway")
    path = f"invoices/{made['DocumentNumber']}"
    body = {"Invoice": {"Comments": "", "Country": ""}}
    assert books.call("PUT", path, body)["Invoice"] == made


def test_a_body_without_its_envelope_is_refused_first(books: Books) -> None:
    """4.10: whatever the number in the path, 2001392 says that the body is wrong."""
    for path in ("invoices/1", "orders/1", "offers/1", "customers/116", "articles/116"):
        refusal = books.refused("PUT", path, {"Comments": "x"})
        text = "Ingen eller felaktig typ av data."
        assert (refusal.status, refusal.code, refusal.text) == (400, 2001392, text), path


def test_a_listed_invoice_has_the_recorded_fields(books: Books) -> None:
    """4.35: a booked invoice over nothing is fully paid on its own date, rate as text."""
    books.booked(CustomerNumber="1", InvoiceDate="2026-11-21")
    expected = {
        "@url": "http://127.0.0.1/3/invoices/1",
        "Balance": 0,
        "Booked": True,
        "Cancelled": False,
        "CostCenter": "",
        "Currency": "SEK",
        "CurrencyRate": "1",
        "CurrencyUnit": 1,
        "CustomerName": "Updated name",
        "CustomerNumber": "1",
        "DocumentNumber": "1",
        "DueDate": "2026-12-21",
        "ExternalInvoiceReference1": "",
        "ExternalInvoiceReference2": "",
        "InvoiceDate": "2026-11-21",
        "InvoiceType": "INVOICE",
        "NoxFinans": False,
        "OCR": "133",
        "VoucherNumber": 1,
        "VoucherSeries": "B",
        "VoucherYear": 2,
        "WayOfDelivery": "",
        "TermsOfPayment": "30",
        "Project": "",
        "Sent": False,
        "Total": 0,
        "FinalPayDate": "2026-11-21",
    }
    meta = {"@TotalResources": 1, "@TotalPages": 1, "@CurrentPage": 1}
    got = books.get("invoices", filter="fullypaid")
    assert dump(got) == dump({"MetaInformation": meta, "Invoices": [expected]})


def test_a_booked_credit_is_negative_in_lists(books: Books) -> None:
    """4.36 and point 19: Total and Balance -1250, booked on a voucher of its own in series B."""
    sold = {"AccountNumber": 3004, "Price": 1250, "Description": "x", "CustomerNumber": "1"}
    customer = sold.pop("CustomerNumber")
    books.booked({**sold, "DeliveredQuantity": 1}, CustomerNumber=customer)
    books.booked({**sold, "DeliveredQuantity": -1}, CustomerNumber=customer)
    listed = books.get("invoices", filter="unpaid")["Invoices"]
    got = [(i["Balance"], i["Total"], i["VoucherSeries"], i["VoucherNumber"]) for i in listed]
    assert got == [(1250, 1250, "B", 1), (-1250, -1250, "B", 2)]


def test_both_references_are_anded(books: Books) -> None:
    """Point 5: ourreference and yourreference narrow together, each by contains."""
    one = books.invoice(OurReference="Radagast the Brown", YourReference="Gandalf the Grey")
    books.invoice(YourReference="Gandalf the Grey")
    query = {"ourreference": "radagast", "yourreference": "gandalf"}
    listed = books.get("invoices", **query)["Invoices"]
    assert [i["DocumentNumber"] for i in listed] == [one["DocumentNumber"]]
    assert len(books.get("invoices", yourreference="Gandalf the Grey")["Invoices"]) == 2
    assert books.get("invoices", yourreference="Not found")["Invoices"] == []


def test_voucher_numbers_start_again_each_year(books: Books) -> None:
    """Point 20: series B restarts, VoucherYear is the Id of the financial year."""
    days = ("2025-12-31", "2026-01-01", "2026-01-02")
    made = [books.booked(CustomerNumber="1", InvoiceDate=day) for day in days]
    got = [(i["VoucherSeries"], i["VoucherNumber"], i["VoucherYear"]) for i in made]
    assert got == [("B", 1, 1), ("B", 1, 2), ("B", 2, 2)]
