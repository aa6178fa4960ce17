"""What recorded traffic proves about Fortnox; the numbers are those of the facts."""

import pytest
from sandbox_fortnox_calls import Books, RefusedError


@pytest.fixture
def books() -> Books:
    """A new company."""
    return Books()


def _articles(books: Books, *numbers: str) -> None:
    for number in numbers:
        body = {"Article": {"ArticleNumber": number, "Description": f"Hammer {number}"}}
        books.call("POST", "articles", body)


def test_an_empty_list_has_no_page(books: Books) -> None:
    """Point 1: a client that trusts TotalPages >= 1 would ask for a page that isn't there."""
    answer = books.get("articles", description="Not Found")
    meta = {"@TotalResources": 0, "@TotalPages": 0, "@CurrentPage": 1}
    assert list(answer.items()) == [("MetaInformation", meta), ("Articles", [])]


def test_paging_defaults_and_the_offset_oddities(books: Books) -> None:
    """Point 2: a client that pages by offset must not read CurrentPage or count past the end."""
    for _ in range(30):
        books.call("POST", "articles", {"Article": {"Description": "x"}})
    one = books.get("articles", limit="1")["MetaInformation"]
    assert (one["@TotalPages"], one["@CurrentPage"]) == (30, 1)
    two = books.get("articles", limit="2", offset="2")
    assert two["MetaInformation"] == {"@TotalResources": 30, "@TotalPages": 15, "@CurrentPage": 1}
    assert [a["ArticleNumber"] for a in two["Articles"]] == ["3", "4"]
    past = books.get("articles", offset="10000")["MetaInformation"]
    assert past == {"@TotalResources": 0, "@TotalPages": 0, "@CurrentPage": 1}
    second = books.get("articles", limit="20", page="2")
    assert second["MetaInformation"]["@CurrentPage"] == 2
    assert len(second["Articles"]) == 10


def test_a_page_holds_100_unless_more_is_asked_for_and_never_more_than_500(books: Books) -> None:
    """Point 2: a client that believes limit=1000 would miss everything after row 500."""
    for _ in range(501):
        books.call("POST", "articles", {"Article": {"Description": "x"}})
    assert len(books.get("articles")["Articles"]) == 100
    assert len(books.get("articles", limit="1000")["Articles"]) == 500


def test_numbers_sort_by_value(books: Books) -> None:
    """Point 3: '10' comes after '2'; a client that stops at the first larger text loses rows."""
    _articles(books, "10", "2", "0001", "1", "0000")
    listed = [a["ArticleNumber"] for a in books.get("articles")["Articles"]]
    assert listed == ["0000", "0001", "1", "2", "10"]


def test_filters_contain_and_ignore_case(books: Books) -> None:
    """Point 4: a look-up of article 1 also gives 10 and 21, so equality must be checked."""
    _articles(books, "1", "10", "21", "3")
    found = [a["ArticleNumber"] for a in books.get("articles", articlenumber="1")["Articles"]]
    assert found == ["1", "10", "21"]
    books.customer(Name="Linda Hassan Ahmed test")
    assert len(books.get("customers", name="Test")["Customers"]) == 1


def test_two_filters_are_anded(books: Books) -> None:
    """Point 5: city and zip code together narrow, they don't widen."""
    books.customer(City="New York", ZipCode="10001")
    books.customer(City="New York")
    assert len(books.get("customers", city="New York")["Customers"]) == 2
    assert len(books.get("customers", city="New York", zipcode="10001")["Customers"]) == 1


def test_paid_and_unpaid_look_at_booked_invoices_only(books: Books) -> None:
    """Point 6: an unbooked invoice is in neither list; a booked credit is unpaid."""
    sold = {"AccountNumber": 3004, "Price": 1250, "DeliveredQuantity": 1, "Description": "x"}
    books.invoice(sold)
    paid = books.booked()
    owed = books.booked(sold)
    credit = books.booked({**sold, "DeliveredQuantity": -1})
    unpaid = books.get("invoices", filter="unpaid")["Invoices"]
    assert [i["DocumentNumber"] for i in unpaid] == [
        owed["DocumentNumber"],
        credit["DocumentNumber"],
    ]
    assert unpaid[1]["Balance"] == -1250
    assert unpaid[1]["Total"] == -1250
    fully = books.get("invoices", filter="fullypaid")["Invoices"]
    assert [i["DocumentNumber"] for i in fully] == [paid["DocumentNumber"]]
    assert fully[0]["FinalPayDate"] == fully[0]["InvoiceDate"]
    assert fully[0]["VoucherNumber"] == 1


def test_an_unknown_filter_is_refused(books: Books) -> None:
    """Point 6: a misspelt filter must not look like an empty result."""
    with pytest.raises(RefusedError) as refused:
        books.get("invoices", filter="doesntexist")
    assert refused.value.body == {
        "ErrorInformation": {
            "error": 1,
            "message": "Ett ogiltigt filter har använts.",
            "code": 2000587,
        }
    }


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("articles/123456789", "Kan inte hitta artikeln.", 2000428),
        ("customers/123456789", "Kan inte hitta kunden.", 2000433),
        ("invoices/123456789", "Kan inte hitta fakturan.", 2000434),
        ("termsofpayments/123456789", "Kan inte hitta betalningsvillkoret.", 2000429),
        ("units/123456789", "Kan inte hitta enheten.", 2000432),
    ],
)
def test_not_found_has_capital_keys(books: Books, path: str, text: str, code: int) -> None:
    """Point 7: a client that reads lower-case keys only would not see why."""
    with pytest.raises(RefusedError) as refused:
        books.get(path)
    assert refused.value.status == 404
    assert refused.value.body == {"ErrorInformation": {"Error": 1, "Message": text, "Code": code}}


def test_created_answers_name_the_collection_only(books: Books) -> None:
    """Point 8: Location holds no id, so the number must be read from the body."""
    assert books.control.act("POST", "customers", {"Customer": {"Name": "A"}}).headers == {
        "Location": "customers"
    }
    body = {"TermsOfPayment": {"Code": "21DAYS", "Description": "A value"}}
    assert books.control.act("POST", "termsofpayments", body).headers == {
        "Location": "paymentterms"
    }


@pytest.mark.parametrize(
    ("number", "ocr"),
    [("1", "133"), ("18", "1842"), ("20", "2048"), ("21", "2147"), ("202", "20255")],
)
def test_ocr_is_made_of_number_length_and_luhn(books: Books, number: str, ocr: str) -> None:
    """Point 9: bank files find the invoice by this number."""
    assert books.invoice(DocumentNumber=number)["OCR"] == ocr


def test_a_given_ocr_is_kept(books: Books) -> None:
    """Point 9: a payment provider's reference may stand in OCR."""
    assert books.invoice(OCR="426523791")["OCR"] == "426523791"


def test_nothing_is_owed_without_delivered_quantity(books: Books) -> None:
    """Point 10: a row with a price but no DeliveredQuantity is worth 0."""
    _articles(books, "101")
    made = books.invoice({"ArticleNumber": "101", "Price": 10})
    only = made["InvoiceRows"][0]
    assert (only["DeliveredQuantity"], only["Total"], made["Total"]) == ("0", 0, 0)


@pytest.mark.parametrize(("sent", "kept"), [("1.123", "1.12"), ("1.125", "1.13"), ("1", "1")])
def test_quantities_are_text_rounded_half_up(books: Books, sent: str, kept: str) -> None:
    """Point 11: a third decimal of a weight is lost before the multiplication."""
    made = books.invoice({"DeliveredQuantity": sent, "Description": "Test", "Price": 0})
    assert made["InvoiceRows"][0]["DeliveredQuantity"] == kept


def test_stock_is_a_number_with_two_decimals(books: Books) -> None:
    """Point 11: QuantityInStock of an article is rounded too, and is a number."""
    body = {"Article": {"Description": "Test article", "QuantityInStock": 1.123}}
    made = books.call("POST", "articles", body)["Article"]
    assert str(made["QuantityInStock"]) == "1.12"
    assert made["DisposableQuantity"] == made["QuantityInStock"]


@pytest.mark.parametrize(("net", "total"), [(110, 138), (750, 938), (450, 563), (175, 219)])
def test_whole_krona_rounding_when_the_company_has_it_on(net: int, total: int) -> None:
    """Point 12: a card payment of 137.50 meets an invoice of 138."""
    books = Books(krona_rounding=True)
    made = books.invoice(
        {"AccountNumber": 3001, "VAT": 25, "Price": net, "DeliveredQuantity": 1, "Description": "x"}
    )
    assert made["Total"] == total
    assert made["Net"] + made["TotalVAT"] + made["RoundOff"] == total


def test_a_row_is_filled_from_its_article(books: Books) -> None:
    """Point 13: text, unit, account and VAT come from the article when they aren't sent."""
    body = {
        "Article": {
            "ArticleNumber": "7",
            "Description": "Spik",
            "Unit": "st",
            "SalesAccount": 3003,
        }
    }
    books.call("POST", "articles", body)
    only = books.invoice({"ArticleNumber": "7", "DeliveredQuantity": 1, "Price": 5})["InvoiceRows"][
        0
    ]
    assert (only["Description"], only["Unit"], only["AccountNumber"], only["VAT"]) == (
        "Spik",
        "st",
        3003,
        6,
    )


def test_a_row_text_may_have_255_characters(books: Books) -> None:
    """Point 13: long product names fit up to 255 characters and no further."""
    assert len(books.invoice({"Description": "å" * 255})["InvoiceRows"][0]["Description"]) == 255
    with pytest.raises(RefusedError):
        books.invoice({"Description": "å" * 256})


@pytest.mark.parametrize(
    ("terms", "due"), [("30", "2026-12-20"), ("0", "2026-11-20"), ("15", "2026-12-05")]
)
def test_due_date_follows_the_terms(books: Books, terms: str, due: str) -> None:
    """Point 14: a reminder goes out on the day that the terms say."""
    assert books.invoice(TermsOfPayment=terms)["DueDate"] == due


def test_customer_data_is_copied_at_creation(books: Books) -> None:
    """Point 15: a customer that moves later doesn't change old invoices."""
    number = books.customer(City="New York", ZipCode="10001", OrganisationNumber="559000-0005")
    made = books.invoice(CustomerNumber=number)
    books.call("PUT", f"customers/{number}", {"Customer": {"City": "Boden"}})
    kept = books.get(f"invoices/{made['DocumentNumber']}")["Invoice"]
    assert (kept["City"], kept["ZipCode"], kept["OrganisationNumber"]) == (
        "New York",
        "10001",
        "559000-0005",
    )


def test_put_is_partial_and_an_empty_text_does_not_clear(books: Books) -> None:
    """Point 16: a field is emptied with API_BLANK, never with ""."""
    number = books.invoice(Comments="A comment to be reset", YourReference="Ada")["DocumentNumber"]
    path = f"invoices/{number}"
    assert (
        books.call("PUT", path, {"Invoice": {"Comments": ""}})["Invoice"]["Comments"]
        == "A comment to be reset"
    )
    cleared = books.call("PUT", path, {"Invoice": {"Comments": "API_BLANK"}})["Invoice"]
    assert (cleared["Comments"], cleared["YourReference"]) == ("", "Ada")


@pytest.mark.parametrize(
    "name",
    ["Norway", "Norge", "Sverige", "United Kingdom", "Korea, Republic of", "Virgin Islands, U.S."],
)
def test_documents_take_country_names_and_echo_them(books: Books, name: str) -> None:
    """Point 17: Swedish and English names are accepted as they are."""
    assert books.invoice(Country=name)["Country"] == name


def test_an_unknown_country_is_refused_by_name(books: Books) -> None:
    """Point 17: "South Korea" is no country to Fortnox."""
    with pytest.raises(RefusedError) as refused:
        books.invoice(Country="South Korea")
    assert (refused.value.code, refused.value.text) == (2000919, "Ogiltigt land: South Korea")


def test_a_customer_takes_a_code_and_answers_the_swedish_name(books: Books) -> None:
    """Point 17: CountryCode SE answers Country Sverige."""
    made = books.get(f"customers/{books.customer(CountryCode='SE')}")["Customer"]
    assert (made["CountryCode"], made["Country"]) == ("SE", "Sverige")


def test_article_defaults_follow_the_predefined_accounts(books: Books) -> None:
    """Point 18: accounts nobody sent decide how EU and export sales are booked."""
    made = books.call("POST", "articles", {"Article": {"Description": "A"}})["Article"]
    assert [made[f"{n}Account"] for n in ("Purchase", "EU", "EUVAT", "Export", "Construction")] == [
        4000,
        3108,
        3106,
        3105,
        0,
    ]
    assert made["VAT"] == 25
    free = books.call("POST", "articles", {"Article": {"Description": "B", "SalesAccount": 1250}})
    assert free["Article"]["VAT"] == 0


def test_article_lists_hold_numbers_as_text_and_no_vat(books: Books) -> None:
    """Point 18: a client that reads VAT from a list would book everything at none."""
    _articles(books, "1")
    item = books.get("articles")["Articles"][0]
    assert (item["PurchasePrice"], item["QuantityInStock"], item["VAT"]) == ("0", "0", None)


def test_voucher_numbers_restart_each_year(books: Books) -> None:
    """Point 20: a voucher is known by series, number and year together."""
    sold = {"AccountNumber": 3004, "Price": 10, "DeliveredQuantity": 1, "Description": "x"}
    first = books.booked(sold, InvoiceDate="2025-12-31")
    second = books.booked(sold, InvoiceDate="2026-01-01")
    keys = [(d["VoucherSeries"], d["VoucherNumber"], d["VoucherYear"]) for d in (first, second)]
    assert keys == [("B", 1, 1), ("B", 1, 2)]


def test_a_new_company_has_its_terms_and_units(books: Books) -> None:
    """Point 21: mappings may name these codes without setting anything up."""
    terms = {t["Code"] for t in books.get("termsofpayments")["TermsOfPayments"]}
    assert terms == {"0", "10", "15", "20", "30", "K", "PF", "AG"}
    units = {u["Code"] for u in books.get("units")["Units"]}
    assert units == {"förp", "h", "km", "st", "utl"}


REFUSALS = [
    ("PUT customers/1", {"Name": "x"}, 2001392, "Ingen eller felaktig typ av data."),
    ("POST customers", None, 2001392, "Ingen eller felaktig typ av data."),
    (
        "PUT customers",
        {"Customer": {"Name": "x"}},
        2000729,
        "A valid identifier was not provided.",
    ),
    (
        "POST customers",
        {"Customer": {"Name": "x", "CustomerNumber": "1"}},
        2000637,
        "Kundnummer 1 används redan.",
    ),
    (
        "POST invoices",
        {"Invoice": {"CustomerNumber": "1", "InvoiceRows": [{"price": 1}]}},
        2001399,
        "Felaktigt fältnamn (price)",
    ),
    (
        "POST invoices",
        {"Invoice": {"CustomerNumber": "1", "InvoiceRows": ["text"]}},
        2002649,
        "Felaktig datastruktur.",
    ),
]


@pytest.mark.parametrize(("request_line", "body", "code", "text"), REFUSALS)
def test_recorded_refusals(
    books: Books, request_line: str, body: object, code: int, text: str
) -> None:
    """Each recorded 400 keeps its code and its Swedish text."""
    books.customer()
    with pytest.raises(RefusedError) as refused:
        books.call(*request_line.split(), body)
    assert (refused.value.status, refused.value.code, refused.value.text) == (400, code, text)
    assert "error" in refused.value.body["ErrorInformation"]


CUSTOMER_KEYS = (
    "@url Address1 Address2 City Country Comments Currency CostCenter CountryCode Active "
    "CustomerNumber DefaultDeliveryTypes DefaultTemplates DeliveryAddress1 DeliveryAddress2 "
    "DeliveryCity DeliveryCountry DeliveryCountryCode DeliveryFax DeliveryName DeliveryPhone1 "
    "DeliveryPhone2 DeliveryZipCode Email EmailInvoice EmailInvoiceBCC EmailInvoiceCC EmailOffer "
    "EmailOfferBCC EmailOfferCC EmailOrder EmailOrderBCC EmailOrderCC ExternalReference Fax GLN "
    "GLNDelivery InvoiceAdministrationFee InvoiceDiscount InvoiceFreight InvoiceRemark Name "
    "OrganisationNumber OurReference Phone1 Phone2 PriceList Project SalesAccount "
    "ShowPriceVATIncluded TermsOfDelivery TermsOfPayment Type VATNumber VATType VisitingAddress "
    "VisitingCity VisitingCountry VisitingCountryCode VisitingZipCode WayOfDelivery WWW "
    "YourReference ZipCode"
)
INVOICE_KEYS = (
    "@url @urlTaxReductionList AccountingMethod Address1 Address2 AdministrationFee "
    "AdministrationFeeVAT Balance BasisTaxReduction Booked Cancelled City Comments "
    "ContractReference ContributionPercent ContributionValue CostCenter Country Credit "
    "CreditInvoiceReference Currency CurrencyRate CurrencyUnit CustomerName CustomerNumber "
    "DeliveryAddress1 DeliveryAddress2 DeliveryCity DeliveryCountry DeliveryDate DeliveryName "
    "DeliveryZipCode DocumentNumber DueDate EDIInformation EUQuarterlyReport EmailInformation "
    "ExternalInvoiceReference1 ExternalInvoiceReference2 FinalPayDate Freight FreightVAT Gross "
    "HouseWork InvoiceDate InvoicePeriodEnd InvoicePeriodStart InvoiceReference InvoiceRows "
    "InvoiceType Labels Language LastRemindDate Net NotCompleted NoxFinans OCR OfferReference "
    "OrderReference OrganisationNumber OurReference OutboundDate PaymentWay Phone1 Phone2 "
    "PriceList PrintTemplate Project Remarks Reminders RoundOff Sent TaxReduction "
    "TaxReductionType TermsOfDelivery TermsOfPayment TimeBasisReference Total TotalToPay TotalVAT "
    "VATIncluded VoucherNumber VoucherSeries VoucherYear WarehouseReady WayOfDelivery "
    "YourOrderNumber YourReference ZipCode"
)


def test_key_order_of_a_customer(books: Books) -> None:
    """Recording 4.5: keys stand in Fortnox's order, all of them, always."""
    answer = books.call("POST", "customers", {"Customer": {"Name": "A value"}})
    assert list(answer["Customer"]) == CUSTOMER_KEYS.split()


def test_key_order_and_defaults_of_an_invoice(books: Books) -> None:
    """Recordings 4.29 and 4.31: the newest field set and what a bare invoice holds."""
    made = books.invoice(Comments="A value")
    assert list(made) == INVOICE_KEYS.split()
    expected = {
        "ContractReference": "0",
        "Credit": "false",
        "CreditInvoiceReference": "0",
        "Currency": "SEK",
        "CurrencyRate": 1,
        "DeliveryDate": None,
        "InvoicePeriodStart": "",
        "InvoiceType": "INVOICE",
        "Language": "SV",
        "PrintTemplate": "st",
        "TaxReductionType": "none",
        "TermsOfPayment": "30",
        "VATIncluded": False,
        "VoucherNumber": None,
        "WarehouseReady": True,
    }
    assert {name: made[name] for name in expected} == expected
    assert made["EmailInformation"]["EmailSubject"] == "Faktura {no} bifogas"
