"""Recorded orders: every default, the row, house work, refusals and lists (4.20 to 4.28)."""

from decimal import Decimal

import pytest
from sandbox_fortnox_calls import Books

from fortnox.sandbox.fortnox.wire import dump

#: What an order that was sent only a customer holds, in the wire's order (recording 4.20).
BARE_ORDER = {
    "@url": "http://127.0.0.1/3/orders/6",
    "@urlTaxReductionList": "http://127.0.0.1/3/taxreductions?filter=orders&referencenumber=6",
    "AdministrationFee": 0,
    "AdministrationFeeVAT": 0,
    "Address1": "",
    "Address2": "",
    "BasisTaxReduction": 0,
    "Cancelled": False,
    "City": "New York",
    "Comments": "A value",
    "ContributionPercent": 0,
    "ContributionValue": 0,
    "CopyRemarks": False,
    "Country": "",
    "CostCenter": "",
    "Currency": "SEK",
    "CurrencyRate": 1,
    "CurrencyUnit": 1,
    "CustomerName": "Updated name",
    "CustomerNumber": "1",
    "DeliveryState": "delivery",
    "DeliveryAddress1": "",
    "DeliveryAddress2": "",
    "DeliveryCity": "",
    "DeliveryCountry": "",
    "DeliveryDate": None,
    "DeliveryName": "",
    "DeliveryZipCode": "",
    "DocumentNumber": "6",
    "EmailInformation": {
        "EmailAddressFrom": None,
        "EmailAddressTo": "",
        "EmailAddressCC": None,
        "EmailAddressBCC": None,
        "EmailSubject": "Order {no} bifogas",
        "EmailBody": " ",
    },
    "ExternalInvoiceReference1": "",
    "ExternalInvoiceReference2": "",
    "Freight": 0,
    "FreightVAT": 0,
    "Gross": 0,
    "HouseWork": False,
    "InvoiceReference": "0",
    "Labels": [],
    "Language": "SV",
    "Net": 0,
    "NotCompleted": False,
    "OfferReference": "0",
    "OrderDate": "2026-11-21",
    "OrderRows": [],
    "OrderType": "Order",
    "OrganisationNumber": "",
    "OurReference": "",
    "Phone1": "",
    "Phone2": "",
    "PriceList": "A",
    "PrintTemplate": "oc",
    "Project": "",
    "WarehouseReady": True,
    "OutboundDate": "2026-11-21",
    "Remarks": "",
    "RoundOff": 0,
    "Sent": False,
    "TaxReduction": None,
    "TermsOfDelivery": "",
    "TermsOfPayment": "30",
    "TimeBasisReference": None,
    "Total": 0,
    "TotalToPay": 0,
    "TotalVAT": 0,
    "VATIncluded": False,
    "WayOfDelivery": "",
    "YourReference": "",
    "YourOrderNumber": "",
    "ZipCode": "10001",
    "StockPointCode": None,
    "StockPointId": None,
    "TaxReductionType": "none",
}
#: The row of recording 4.21: a negative price and nothing delivered.
ROW = {
    "AccountNumber": 3001,
    "ArticleNumber": "101",
    "ContributionPercent": "0",
    "ContributionValue": "-0",
    "Cost": 0,
    "CostCenter": "",
    "DeliveredQuantity": "0",
    "Description": "Hammer",
    "Discount": 0,
    "DiscountType": "PERCENT",
    "HouseWork": False,
    "HouseWorkHoursToReport": None,
    "HouseWorkType": None,
    "OrderedQuantity": "1",
    "Price": -9999999999,
    "Project": "",
    "ReservedQuantity": "0",
    "RowId": 1,
    "StockPointCode": None,
    "StockPointId": None,
    "Total": 0,
    "Unit": "",
    "VAT": 25,
}


@pytest.fixture
def books() -> Books:
    """A company with the customer and the article of the recordings."""
    books = Books()
    books.customer(Name="Updated name", City="New York", ZipCode="10001")
    body = {"Article": {"ArticleNumber": "101", "Description": "Hammer", "SalesAccount": 3001}}
    books.call("POST", "articles", body)
    return books


def _sent(row: dict, **header: object) -> dict:
    return {"Order": {"CustomerNumber": "1", "OrderRows": [row], **header}}


def test_a_bare_order_holds_every_default_in_order(books: Books) -> None:
    """4.20: a client that reads any field finds it, typed as recorded, and a 201 names orders."""
    for _ in range(5):
        books.order(CustomerNumber="1")
    body = {"Order": {"Comments": "A value", "CustomerNumber": "1"}}
    made = books.control.act("POST", "orders", body)
    assert (made.status, made.headers["Location"]) == (201, "orders")
    assert dump(made.body) == dump({"Order": BARE_ORDER})


def test_a_row_without_delivery_is_worth_nothing(books: Books) -> None:
    """4.21: filled from its article, Total 0, and a negative zero as contribution."""
    sent = {"ArticleNumber": "101", "Price": Decimal("-9999999999.0"), "OrderedQuantity": 1}
    made = books.call("POST", "orders", _sent(sent))["Order"]
    assert dump({"row": made["OrderRows"][0]}) == dump({"row": ROW})
    assert (made["Total"], made["TotalToPay"], made["Net"]) == (0, 0, 0)


def test_rows_keep_their_own_vat(books: Books) -> None:
    """4.22: two rows of one article with 6 and 0 percent, prices with öre, quantities as text."""
    rows = [
        {"ArticleNumber": "101", "Price": 100, "VAT": 6, "OrderedQuantity": 1},
        {"ArticleNumber": "101", "Price": Decimal("101.5"), "VAT": 0, "OrderedQuantity": 2.5},
    ]
    made = books.order(*rows, CustomerNumber="1")
    got = [(r["VAT"], r["Price"], r["OrderedQuantity"]) for r in made["OrderRows"]]
    assert got == [(6, 100, "1"), (0, Decimal("101.5"), "2.5")]


def test_a_put_changes_what_it_names_only(books: Books) -> None:
    """4.23: everything else stands as it stood."""
    made = books.order(CustomerNumber="1", Comments="A value", YourReference="Bodo")
    body = {"Order": {"Comments": "Updated comments"}}
    changed = books.call("PUT", f"orders/{made['DocumentNumber']}", body)["Order"]
    assert changed == {**made, "Comments": "Updated comments"}


ROT = "CONSTRUCTION ELECTRICITY GLASSMETALWORK GROUNDDRAINAGEWORK HVAC MASONRY PAINTINGWALLPAPERING"
RUT = (
    "BABYSITTING CLEANING GARDENING ITSERVICES MAJORAPPLIANCEREPAIR MOVINGSERVICES OTHERCARE "
    "SNOWPLOWING TEXTILECLOTHING"
)


@pytest.mark.parametrize(
    ("reduction", "work"),
    [*(("rot", one) for one in ROT.split()), *(("rut", one) for one in RUT.split())],
)
def test_recorded_house_work_is_taken(books: Books, reduction: str, work: str) -> None:
    """Each type that was accepted stands on row and document."""
    sent = {"ArticleNumber": "101", "HouseWork": True, "HouseWorkType": work, "OrderedQuantity": 1}
    made = books.call("POST", "orders", _sent(sent, TaxReductionType=reduction))["Order"]
    only = made["OrderRows"][0]
    assert (only["HouseWork"], only["HouseWorkType"]) == (True, work)
    assert (made["HouseWork"], made["TaxReductionType"]) == (True, reduction)


def test_other_costs_are_no_house_work(books: Books) -> None:
    """Travel and material stand beside the work, on a row that isn't marked."""
    sent = {"ArticleNumber": "101", "HouseWork": False, "HouseWorkType": "OTHERCOSTS"}
    made = books.call("POST", "orders", _sent(sent, TaxReductionType="rut"))["Order"]
    assert made["OrderRows"][0]["HouseWorkType"] == "OTHERCOSTS"


ENDED = (2003157, "Skattereduktion för den valda typen av husarbete har upphört.")


@pytest.mark.parametrize(
    ("reduction", "work", "code", "text"),
    [
        ("rut", "COOKING", *ENDED),
        ("rut", "TUTORING", *ENDED),
        (
            "rut",
            "OTHERCOSTS",
            2002980,
            "Kan inte sätta typen övrig kostnad på en rad markerad som husarbete.",
        ),
        (
            "rut",
            "CONSTRUCTION",
            2004021,
            (
                "Dokument med skattereduktionstypen 'rut' får inte innehålla rader med "
                "husarbetestypen 'CONSTRUCTION'."
            ),
        ),
        (
            None,
            "BABYSITTING",
            2004019,
            (
                "Dokument utan angiven skattereduktionstyp får inte innehålla artikelrader med "
                "husarbetestyp."
            ),
        ),
    ],
)
def test_recorded_house_work_refusals(
    books: Books, reduction: str | None, work: str, code: int, text: str
) -> None:
    """4.24 and 4.25: the reason names reduction and type, so a shop can say what is wrong."""
    row = {"ArticleNumber": "101", "HouseWork": True, "HouseWorkType": work, "OrderedQuantity": 1}
    header = {"TaxReductionType": reduction} if reduction else {}
    refusal = books.refused("POST", "orders", _sent(row, **header))
    assert (refusal.status, refusal.code, refusal.text) == (400, code, text)
    assert books.get("orders")["Orders"] == []


@pytest.mark.parametrize(
    ("row", "code", "text"),
    [
        ({"account_number": None, "price": 1}, 2001399, "Felaktigt fältnamn (account_number)"),
        (
            {"Fortnox::API::Mapper::OrderRow": {"price": 1}},
            2001399,
            "Felaktigt fältnamn (Fortnox::API::Mapper::OrderRow)",
        ),
        ("#<OrderRow>", 2002649, "Felaktig datastruktur."),
    ],
)
def test_recorded_bad_rows(books: Books, row: object, code: int, text: str) -> None:
    """4.26 and 4.27: the first wrong name stands in brackets; a row must be an object."""
    refusal = books.refused("POST", "orders", _sent(row))
    assert (refusal.status, refusal.code, refusal.text) == (400, code, text)
    assert list(refusal.body["ErrorInformation"]) == ["error", "message", "code"]


def test_a_listed_order_has_the_recorded_fields(books: Books) -> None:
    """4.28: no rows and no references to documents in lists; Total is a number."""
    made = books.order(CustomerNumber="1", DeliveryDate="2026-11-20")
    number = made["DocumentNumber"]
    books.call("PUT", f"orders/{number}/cancel")
    listed = books.get("orders", filter="cancelled")
    expected = {
        "@url": f"http://127.0.0.1/3/orders/{number}",
        "Cancelled": True,
        "Currency": "SEK",
        "CustomerName": "Updated name",
        "CustomerNumber": "1",
        "DeliveryDate": "2026-11-20",
        "DocumentNumber": number,
        "ExternalInvoiceReference1": "",
        "ExternalInvoiceReference2": "",
        "OrderDate": "2026-11-21",
        "OrderType": "Order",
        "Project": "",
        "Sent": False,
        "Total": 0,
    }
    assert dump({"one": listed["Orders"][0]}) == dump({"one": expected})


def test_recorded_searches(books: Books) -> None:
    """Contains by customer name, both references ANDed, nothing found is an empty page."""
    other = books.customer(Name="A customer from New York")
    books.order(CustomerNumber=other)
    both = books.order(OurReference="Belladonna Took", YourReference="Bodo Proudfoot")
    books.order(OurReference="Belladonna Took")
    assert len(books.get("orders", customername="a CUSTOMER")["Orders"]) == 1
    query = {"ourreference": "Belladonna Took", "yourreference": "Bodo Proudfoot"}
    listed = books.get("orders", **query)["Orders"]
    assert [o["DocumentNumber"] for o in listed] == [both["DocumentNumber"]]
    assert len(books.get("orders", ourreference="Belladonna Took")["Orders"]) == 2
    for query in ({"customername": "nothing"}, {"customername": "special char å"}):
        assert books.get("orders", **query)["MetaInformation"]["@TotalPages"] == 0


def test_recorded_order_refusals(books: Books) -> None:
    """404 with capital keys for a number, 400 with lower-case ones for a filter."""
    missing = books.refused("GET", "orders/123456789")
    information = {"Error": 1, "Message": "Kan inte hitta ordern.", "Code": 2000439}
    assert (missing.status, missing.body) == (404, {"ErrorInformation": information})
    filtered = books.refused("GET", "orders", filter="doesntexist")
    information = {"error": 1, "message": "Ett ogiltigt filter har använts.", "code": 2000587}
    assert (filtered.status, filtered.body) == (400, {"ErrorInformation": information})


@pytest.mark.parametrize(("net", "total"), [(110, 138), (525, 656), (50, 63), (10, 13)])
def test_recorded_totals_are_whole_kronor(net: int, total: int) -> None:
    """Point 12: in the recorded company 62.50 is 63, in orders as in invoices."""
    books = Books(krona_rounding=True)
    row = {"AccountNumber": 3001, "VAT": 25, "Price": net, "Description": "x"}
    made = books.order({**row, "OrderedQuantity": 1, "DeliveredQuantity": 1})
    assert made["Total"] == total
    assert books.get("orders")["Orders"][0]["Total"] == total
