"""Recorded customers and articles: defaults, partial updates, list items (4.5 to 4.19)."""

from decimal import Decimal

import pytest
from sandbox_fortnox_calls import Books

from fortnox.sandbox.fortnox.wire import dump

#: A customer that was sent only its name (recording 4.5).
BARE_CUSTOMER = {
    "@url": "http://127.0.0.1/3/customers/1",
    "Address1": None,
    "Address2": None,
    "City": None,
    "Country": None,
    "Comments": None,
    "Currency": "SEK",
    "CostCenter": None,
    "CountryCode": None,
    "Active": True,
    "CustomerNumber": "1",
    "DefaultDeliveryTypes": {"Invoice": "PRINT", "Order": "PRINT", "Offer": "PRINT"},
    "DefaultTemplates": {
        "Order": "DEFAULTTEMPLATE",
        "Offer": "DEFAULTTEMPLATE",
        "Invoice": "DEFAULTTEMPLATE",
        "CashInvoice": "DEFAULTTEMPLATE",
    },
    "DeliveryAddress1": None,
    "DeliveryAddress2": None,
    "DeliveryCity": None,
    "DeliveryCountry": None,
    "DeliveryCountryCode": None,
    "DeliveryFax": None,
    "DeliveryName": None,
    "DeliveryPhone1": None,
    "DeliveryPhone2": None,
    "DeliveryZipCode": None,
    "Email": "",
    "EmailInvoice": "",
    "EmailInvoiceBCC": "",
    "EmailInvoiceCC": "",
    "EmailOffer": "",
    "EmailOfferBCC": "",
    "EmailOfferCC": "",
    "EmailOrder": "",
    "EmailOrderBCC": "",
    "EmailOrderCC": "",
    "ExternalReference": None,
    "Fax": None,
    "GLN": None,
    "GLNDelivery": None,
    "InvoiceAdministrationFee": None,
    "InvoiceDiscount": None,
    "InvoiceFreight": None,
    "InvoiceRemark": "",
    "Name": "A value",
    "OrganisationNumber": "",
    "OurReference": "",
    "Phone1": None,
    "Phone2": None,
    "PriceList": "A",
    "Project": "",
    "SalesAccount": None,
    "ShowPriceVATIncluded": False,
    "TermsOfDelivery": "",
    "TermsOfPayment": "",
    "Type": "COMPANY",
    "VATNumber": "",
    "VATType": "SEVAT",
    "VisitingAddress": None,
    "VisitingCity": None,
    "VisitingCountry": None,
    "VisitingCountryCode": None,
    "VisitingZipCode": None,
    "WayOfDelivery": "",
    "WWW": "",
    "YourReference": "",
    "ZipCode": None,
}
#: An article that was sent a text and 1.123 in stock (recording 4.16).
STOCKED_ARTICLE = {
    "@url": "http://127.0.0.1/3/articles/1",
    "ArticleNumber": "1",
    "Bulky": False,
    "ConstructionAccount": 0,
    "Depth": 0,
    "Description": "Test article",
    "DisposableQuantity": Decimal("1.12"),
    "EAN": "",
    "EUAccount": 3108,
    "EUVATAccount": 3106,
    "ExportAccount": 3105,
    "Height": 0,
    "Housework": False,
    "HouseworkType": None,
    "Active": True,
    "Manufacturer": None,
    "ManufacturerArticleNumber": "",
    "Note": "",
    "PurchaseAccount": 4000,
    "PurchasePrice": 0,
    "QuantityInStock": Decimal("1.12"),
    "ReservedQuantity": 0,
    "SalesAccount": 3001,
    "StockGoods": False,
    "StockPlace": None,
    "StockValue": 0,
    "StockWarning": None,
    "SupplierName": None,
    "SupplierNumber": None,
    "Type": "STOCK",
    "Unit": None,
    "VAT": 25,
    "WebshopArticle": False,
    "Weight": 0,
    "Width": 0,
    "Expired": False,
    "SalesPrice": None,
    "CostCalculationMethod": None,
    "StockAccount": None,
    "StockChangeAccount": None,
    "DirectCost": None,
    "FreightCost": None,
    "OtherCost": None,
    "DefaultStockPoint": None,
    "DefaultStockLocation": None,
    "CommodityCode": "",
}


@pytest.fixture
def books() -> Books:
    """A new company."""
    return Books()


def test_a_bare_customer_holds_every_default_in_order(books: Books) -> None:
    """4.5: which fields are null and which are "" decides what a client may strip()."""
    made = books.control.act("POST", "customers", {"Customer": {"Name": "A value"}})
    assert (made.status, made.headers["Location"]) == (201, "customers")
    assert dump(made.body) == dump({"Customer": BARE_CUSTOMER})


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        ({"CountryCode": "SE"}, {"CountryCode": "SE", "Country": "Sverige"}),
        ({"SalesAccount": "3001"}, {"SalesAccount": 3001}),
    ],
)
def test_one_field_changes_what_was_recorded(books: Books, sent: dict, got: dict) -> None:
    """4.6 and 4.7: the country's name follows its code; an account sent as text is a number."""
    body = {"Customer": {"Name": "A value", **sent}}
    made = books.call("POST", "customers", body)["Customer"]
    assert made == {**BARE_CUSTOMER, **got}


def test_a_customer_put_is_partial(books: Books) -> None:
    """4.8: a new name and nothing else."""
    books.call("POST", "customers", {"Customer": {"Name": "A value"}})
    body = {"Customer": {"Name": "Updated name"}}
    changed = books.control.act("PUT", "customers/1", body)
    assert dump(changed.body) == dump({"Customer": {**BARE_CUSTOMER, "Name": "Updated name"}})


def test_a_listed_customer_has_text_everywhere(books: Books) -> None:
    """4.12: nulls become "", Phone1 is called Phone, everything else needs a GET."""
    books.customer(Name="Updated name", City="New York", ZipCode="10001", Phone1="08-1")
    expected = {
        "@url": "http://127.0.0.1/3/customers/1",
        "Address1": "",
        "Address2": "",
        "City": "New York",
        "CustomerNumber": "1",
        "Email": "",
        "Name": "Updated name",
        "OrganisationNumber": "",
        "Phone": "08-1",
        "ZipCode": "10001",
    }
    assert dump({"one": books.get("customers")["Customers"][0]}) == dump({"one": expected})


def test_recorded_customer_searches(books: Books) -> None:
    """Point 4: one name part hits in any case and place; what isn't there is an empty list."""
    for name in ("Linda Hassan Ahmed test", "test12313", "Test Testsson", "A customer"):
        books.customer(Name=name)
    listed = books.get("customers", name="Test")["Customers"]
    assert [c["CustomerNumber"] for c in listed] == ["1", "2", "3"]
    for query in ({"name": "nothing"}, {"city": "Not Found"}, {"name": "special char å"}):
        assert books.get("customers", **query)["Customers"] == []


def test_a_stocked_article_holds_every_default_in_order(books: Books) -> None:
    """4.16: accounts of the company, VAT of the sales account, stock with two decimals."""
    body = {"Article": {"Description": "Test article", "QuantityInStock": Decimal("1.123")}}
    made = books.control.act("POST", "articles", body)
    assert (made.status, made.headers["Location"]) == (201, "articles")
    assert dump(made.body) == dump({"Article": STOCKED_ARTICLE})


def test_the_smallest_stock_is_rounded(books: Books) -> None:
    """Point 11: -99999999999999.9 becomes a whole number at the limit, not an error."""
    body = {"Article": {"Description": "x", "QuantityInStock": Decimal("-99999999999999.9")}}
    made = books.call("POST", "articles", body)["Article"]
    assert round(made["QuantityInStock"]) == -100000000000000


@pytest.mark.parametrize(
    ("account", "rate_pct"), [(3001, 25), (3002, 12), (3003, 6), (3004, 0), (1250, 0)]
)
def test_an_articles_vat_follows_its_sales_account(
    books: Books, account: int, rate_pct: int
) -> None:
    """4.14, point 18: nobody sets the VAT of an article; it is its account's."""
    body = {"Article": {"Description": "A value", "SalesAccount": account}}
    made = books.call("POST", "articles", body)["Article"]
    assert (made["SalesAccount"], made["VAT"]) == (account, rate_pct)


def test_an_article_put_is_partial(books: Books) -> None:
    """4.15: a new text and nothing else."""
    made = books.call("POST", "articles", {"Article": {"Description": "A", "SalesAccount": 1250}})
    body = {"Article": {"Description": "Updated description"}}
    changed = books.call("PUT", "articles/1", body)["Article"]
    assert changed == {**made["Article"], "Description": "Updated description"}


def test_a_listed_article_has_its_numbers_as_text(books: Books) -> None:
    """4.17: a client that adds QuantityInStock of a list adds texts; VAT is never there."""
    body = {"Article": {"ArticleNumber": "101", "Description": "Hammer", "EAN": "5901234123457"}}
    books.call("POST", "articles", body)
    expected = {
        "@url": "http://127.0.0.1/3/articles/101",
        "ArticleNumber": "101",
        "Description": "Hammer",
        "DisposableQuantity": "0",
        "EAN": "5901234123457",
        "Housework": False,
        "PurchasePrice": "0",
        "SalesPrice": None,
        "QuantityInStock": "0",
        "ReservedQuantity": "0",
        "StockPlace": None,
        "StockValue": "0",
        "Unit": None,
        "VAT": None,
        "WebshopArticle": False,
    }
    query = {"articlenumber": "101", "description": "Hammer"}
    listed = books.get("articles", **query)["Articles"]
    assert dump({"one": listed[0]}) == dump({"one": expected})
    assert books.get("articles", articlenumber="101", description="Saw")["Articles"] == []
