"""The small registers: shapes, defaults, refusals, and that nothing that is used goes away."""

from typing import Any

import pytest
from sandbox_fortnox_calls import Books, RefusedError, row

from fortnox.sandbox.fortnox.registers import REGISTERS


@pytest.fixture
def books() -> Books:
    """A new company."""
    return Books()


#: path, envelope, a new object, a change to it, what the Location header says.
REGISTER_CASES: list[tuple[str, str, dict[str, Any], dict[str, Any], str]] = [
    ("units", "Unit", {"Code": "paket", "Description": "Paket"}, {"CodeEnglish": "pack"}, "units"),
    (
        "termsofpayments",
        "TermsOfPayment",
        {"Code": "21DAYS", "Description": "A value"},
        {"Description": "21 dagar"},
        "paymentterms",
    ),
    (
        "termsofdeliveries",
        "TermsOfDelivery",
        {"Code": "DDP", "Description": "Förtullat"},
        {"DescriptionEnglish": "Duty paid"},
        "termsofdeliveries",
    ),
    (
        "wayofdeliveries",
        "WayOfDelivery",
        {"Code": "CYKEL", "Description": "Cykelbud"},
        {"Description": "Bud"},
        "wayofdeliveries",
    ),
    (
        "modesofpayments",
        "ModeOfPayment",
        {"Code": "NETS", "AccountNumber": "1686"},
        {"Description": "Nets"},
        "modesofpayments",
    ),
    (
        "currencies",
        "Currency",
        {"Code": "CHF", "Description": "Schweiziska franc"},
        {"SellRate": 12},
        "currencies",
    ),
    (
        "costcenters",
        "CostCenter",
        {"Code": "BUTIK", "Description": "Butiken"},
        {"Note": "Malmö"},
        "costcenters",
    ),
    ("projects", "Project", {"Description": "Jul"}, {"Status": "COMPLETED"}, "project"),
    ("labels", "Label", {"Description": "Webb"}, {"Description": "Butik"}, "labels"),
    (
        "pricelists",
        "PriceList",
        {"Code": "B", "Description": "Återförsäljare"},
        {"Comments": "2026"},
        "pricelists",
    ),
]


@pytest.mark.parametrize(("path", "name", "new", "change", "location"), REGISTER_CASES)
def test_a_register_keeps_what_is_created_and_changed(
    books: Books,
    path: str,
    name: str,
    new: dict[str, Any],
    change: dict[str, Any],
    location: str,
) -> None:
    """What a client sets up is read back the same, in lists too, and PUT changes only its part."""
    made = books.control.act("POST", path, {name: new})
    assert (made.status, made.headers["Location"]) == (201, location)
    data = made.body[name]
    assert new.items() <= data.items()
    (register,) = [one for one in REGISTERS if one.path == path]
    key = str(data[register.key])
    assert books.call("PUT", f"{path}/{key}", {name: change})[name] == {**data, **change}
    listed = books.get(path)[register.plural]
    assert [one for one in listed if str(one[register.key]) == key]
    if register.deletable:
        books.call("DELETE", f"{path}/{key}")
        assert not [one for one in books.get(path)[register.plural] if one[register.key] == key]
    else:
        with pytest.raises(RefusedError):
            books.call("DELETE", f"{path}/{key}")


@pytest.mark.parametrize(("path", "name", "new", "change", "location"), REGISTER_CASES)
def test_a_register_refuses_what_fortnox_refuses(
    books: Books, path: str, name: str, new: dict[str, Any], change: object, location: str
) -> None:
    """Misspelt fields, missing names, codes that are taken and unknown filters are never kept."""
    refused = [({**new, "Colour": "red"}, 2001399), ({}, 2000699)]
    for body, code in refused:
        with pytest.raises(RefusedError) as error:
            books.call("POST", path, {name: body})
        assert (error.value.status, error.value.code) == (400, code)
    if "Code" in new:
        books.call("POST", path, {name: new})
        with pytest.raises(RefusedError, match="används redan"):
            books.call("POST", path, {name: new})
    with pytest.raises(RefusedError) as unknown:
        books.call("PUT", f"{path}/NIX", {name: change})
    assert unknown.value.status == 404
    assert set(unknown.value.body["ErrorInformation"]) == {"Error", "Message", "Code"}
    with pytest.raises(RefusedError) as filtered:
        books.get(path, filter="doesntexist")
    assert filtered.value.code == 2000587


def test_a_project_as_recorded(books: Books) -> None:
    """Recording 4.38: key order, defaults and the number that Fortnox gives."""
    books.call("POST", "projects", {"Project": {"Description": "First"}})
    body = {"Comments": "A value", "Description": "Some important project"}
    made = books.call("POST", "projects", {"Project": body})["Project"]
    assert list(made.items())[1:] == [
        ("Comments", "A value"),
        ("ContactPerson", None),
        ("Description", "Some important project"),
        ("EndDate", None),
        ("ProjectLeader", None),
        ("ProjectNumber", "2"),
        ("Status", "ONGOING"),
        ("StartDate", None),
    ]


def test_projects_sort_as_text(books: Books) -> None:
    """Recordings, point 3: '1', '17', '2'; a client that bisects by number would miss some."""
    for number in ("2", "17", "1"):
        body = {"Project": {"Description": "x", "ProjectNumber": number}}
        books.call("POST", "projects", body)
    assert [p["ProjectNumber"] for p in books.get("projects")["Projects"]] == ["1", "17", "2"]
    backwards = books.get("projects", sortby="projectnumber", sortorder="descending")["Projects"]
    assert [p["ProjectNumber"] for p in backwards] == ["2", "17", "1"]


def test_what_is_in_use_is_not_deleted(books: Books) -> None:
    """A unit that an article has, or a currency that an invoice has, can't vanish under it."""
    books.call("POST", "articles", {"Article": {"Description": "A", "Unit": "st"}})
    books.invoice(row("10", 25), Currency="EUR")
    for path in ("units/st", "currencies/EUR", "termsofpayments/30"):
        with pytest.raises(RefusedError, match="används"):
            books.call("DELETE", path)
    books.call("DELETE", "units/km")


def test_an_invented_currency_is_refused(books: Books) -> None:
    """A currency that doesn't exist must not become a booking rate."""
    with pytest.raises(RefusedError, match="XBT"):
        books.call("POST", "currencies", {"Currency": {"Code": "XBT", "Description": "Bit"}})
    with pytest.raises(RefusedError):
        books.call("PUT", "currencies/EUR", {"Currency": {"SellRate": 0}})


def test_a_mode_of_payment_needs_an_account_of_the_chart(books: Books) -> None:
    """A payment method on an account that isn't there would fail at its first booking."""
    body = {"ModeOfPayment": {"Code": "X", "AccountNumber": "1999"}}
    with pytest.raises(RefusedError, match="1999"):
        books.call("POST", "modesofpayments", body)


def test_one_price_list_is_preselected(books: Books) -> None:
    """Choosing another list takes the mark from the first."""
    body = {"PriceList": {"Code": "B", "Description": "B", "PreSelected": True}}
    books.call("POST", "pricelists", body)
    marked = [p["Code"] for p in books.get("pricelists")["PriceLists"] if p["PreSelected"]]
    assert marked == ["B"]


def test_a_project_cant_end_before_it_starts(books: Books) -> None:
    """Dates the wrong way round are a typing error, not a project."""
    body = {"Description": "x", "StartDate": "2026-05-02", "EndDate": "2026-05-01"}
    with pytest.raises(RefusedError):
        books.call("POST", "projects", {"Project": body})


@pytest.fixture
def article(books: Books) -> str:
    """An article to put prices on."""
    made = books.call("POST", "articles", {"Article": {"Description": "Kopp"}})
    return str(made["Article"]["ArticleNumber"])


def test_the_base_price_is_the_articles_sales_price(books: Books, article: str) -> None:
    """Prices are written here and read on the article, as the sync of prices expects."""
    made = books.call("PUT", f"prices/A/{article}", {"Price": {"Price": "79.995"}})["Price"]
    assert (str(made["Price"]), made["FromQuantity"]) == ("80", 0)
    assert books.get(f"articles/{article}")["Article"]["SalesPrice"] == 80
    assert books.get(f"prices/A/{article}/0")["Price"]["Price"] == 80
    with pytest.raises(RefusedError, match="Grundpriset"):
        books.call("DELETE", f"prices/A/{article}/0")


def test_graduated_prices_stand_beside_the_base_row(books: Books, article: str) -> None:
    """Five steps and the base row are six, each with a path of its own."""
    for quantity in (5, 10, 20, 50, 100):
        body = {"ArticleNumber": article, "PriceList": "A", "FromQuantity": quantity, "Price": 9}
        books.call("POST", "prices", {"Price": body})
    listed = books.get(f"prices/sublist/A/{article}")["Prices"]
    assert [one["FromQuantity"] for one in listed] == [0, 5, 10, 20, 50, 100]
    assert listed[1]["@url"].endswith(f"/3/prices/A/{article}/5")
    changed = books.call("PUT", f"prices/A/{article}/5", {"Price": {"Price": 8}})["Price"]
    assert changed["Price"] == 8
    books.call("DELETE", f"prices/A/{article}/5")
    with pytest.raises(RefusedError):
        books.get(f"prices/A/{article}/5")
    assert books.get(f"articles/{article}")["Article"]["SalesPrice"] in (None, 0)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"ArticleNumber": "99", "PriceList": "A"}, 400),
        ({"ArticleNumber": "1", "PriceList": "Z"}, 400),
        ({"PriceList": "A"}, 400),
        ({"ArticleNumber": "1", "PriceList": "A", "Price": -1}, 400),
    ],
)
def test_a_price_needs_its_list_and_article(
    books: Books, article: str, body: dict[str, Any], status: int
) -> None:
    """A price of nothing, in no list or below zero is refused."""
    assert article == "1"
    with pytest.raises(RefusedError) as refused:
        books.call("POST", "prices", {"Price": body})
    assert refused.value.status == status


def test_predefined_series_and_accounts_can_be_changed(books: Books) -> None:
    """A company that books customer invoices in another series, or rounding elsewhere, can."""
    body = {"PreDefinedVoucherSeries": {"VoucherSeries": "K"}}
    changed = books.call("PUT", "predefinedvoucherseries/INVOICE", body)
    assert changed["PreDefinedVoucherSeries"]["VoucherSeries"] == "K"
    assert len(books.get("predefinedvoucherseries")["PreDefinedVoucherSeriesCollection"]) == 13
    for wrong in ("Z", "", "KK"):
        body = {"PreDefinedVoucherSeries": {"VoucherSeries": wrong}}
        with pytest.raises(RefusedError):
            books.call("PUT", "predefinedvoucherseries/INVOICE", body)


@pytest.mark.parametrize(
    ("account", "code"), [(1010, 2001265), (1999, 2001265), (None, 2001265), (999, 2002462)]
)
def test_a_predefined_account_must_be_active(books: Books, account: int, code: int) -> None:
    """The refusals of Fortnox's own text: not given, missing, inactive, not four digits."""
    body = {"PreDefinedAccount": {"Account": account}}
    with pytest.raises(RefusedError) as refused:
        books.call("PUT", "predefinedaccounts/ROUNDOFF", body)
    assert refused.value.code == code


def test_a_financial_year_is_added_beside_the_others(books: Books) -> None:
    """At New Year a company makes its next year; accounts and series come with it."""
    body = {"FinancialYear": {"FromDate": "2028-01-01", "ToDate": "2028-12-31"}}
    made = books.call("POST", "financialyears", body)["FinancialYear"]
    assert (made["Id"], made["AccountingMethod"]) == (4, "ACCRUAL")
    assert books.get("financialyears", date="2028-05-24")["FinancialYears"][0]["Id"] == 4
    assert books.get("accounts/3001", financialyear="4")["Account"]["Year"] == 4
    assert books.get("voucherseries/A", financialyear="4")["VoucherSeries"]["Manual"] is True


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2027-06-01", "2028-05-31"),
        ("2029-01-01", "2029-12-31"),
        ("2028-12-31", "2028-01-01"),
        ("2028-01-01", "2029-12-31"),
    ],
)
def test_a_financial_year_that_does_not_fit_is_refused(books: Books, first: str, last: str) -> None:
    """Overlaps, gaps, and more than 18 months are no financial years."""
    body = {"FinancialYear": {"FromDate": first, "ToDate": last}}
    with pytest.raises(RefusedError):
        books.call("POST", "financialyears", body)


def test_the_eu_threshold_counts_sales_to_consumers(books: Books) -> None:
    """A shop sees when it must leave Swedish VAT behind for OSS."""
    books.booked(row("120000", 25, account=3106))
    limit = books.get("euvatlimitregulation", year="2026")["EUVatLimitRegulation"]
    assert (limit["IsOverLimit"], limit["TotalExclVat"], limit["Year"]) == (True, 120000, "2026")
    assert (
        books.get("euvatlimitregulation", year="2025")["EUVatLimitRegulation"]["TotalExclVat"] == 0
    )


def test_a_tax_reduction_needs_a_document_that_has_one(books: Books) -> None:
    """A web shop's sales have no ROT or RUT: the register says so rather than taking it."""
    number = books.invoice(row("100", 25))["DocumentNumber"]
    body = {
        "AskedAmount": 50,
        "CustomerName": "A",
        "ReferenceDocumentType": "INVOICE",
        "ReferenceNumber": number,
        "SocialSecurityNumber": "19810812-1172",
    }
    with pytest.raises(RefusedError, match="skattereduktionstyp"):
        books.call("POST", "taxreductions", {"TaxReduction": body})
    rot = books.invoice(row("100", 25), TaxReductionType="rot")["DocumentNumber"]
    body["ReferenceNumber"] = rot
    made = books.call("POST", "taxreductions", {"TaxReduction": body})["TaxReduction"]
    assert (made["Id"], made["ReferenceNumber"]) == (1, rot)
    with pytest.raises(RefusedError) as twice:
        books.call("POST", "taxreductions", {"TaxReduction": body})
    assert twice.value.code == 2000600
    half_a_krona = {**body, "SocialSecurityNumber": "19810812-1180", "AskedAmount": 0.5}
    with pytest.raises(RefusedError) as half:
        books.call("POST", "taxreductions", {"TaxReduction": half_a_krona})
    assert half.value.code == 2004217
    assert len(books.get("taxreductions", filter="invoices")["TaxReductions"]) == 1
    assert books.get("taxreductions", filter="orders")["TaxReductions"] == []


def test_documents_use_what_the_registers_hold(books: Books) -> None:
    """A cost centre works from the moment it is made, and no longer when it is switched off."""
    with pytest.raises(RefusedError, match="kostnadsställe"):
        books.invoice(row("10", 25), CostCenter="BUTIK")
    body = {"CostCenter": {"Code": "BUTIK", "Description": "Butiken"}}
    books.call("POST", "costcenters", body)
    assert books.booked(row("10", 25), CostCenter="BUTIK")["CostCenter"] == "BUTIK"
    with pytest.raises(RefusedError, match="används"):
        books.call("DELETE", "costcenters/BUTIK")
    books.call("PUT", "costcenters/BUTIK", {"CostCenter": {"Active": False}})
    with pytest.raises(RefusedError) as inactive:
        books.invoice(row("10", 25), CostCenter="BUTIK")
    assert inactive.value.code == 2000947


@pytest.mark.parametrize("name", ["WayOfDelivery", "TermsOfDelivery"])
def test_a_delivery_that_does_not_exist_breaks_the_document(books: Books, name: str) -> None:
    """A way of delivery that somebody removed stops every new document that names it."""
    with pytest.raises(RefusedError, match="hämta/hitta leverans"):
        books.invoice(row("10", 25), **{name: "DRÖNARE"})


def test_vouchers_stand_in_the_predefined_series(books: Books) -> None:
    """Whoever looks for customer invoices in B must read which series the company uses."""
    body = {"PreDefinedVoucherSeries": {"VoucherSeries": "K"}}
    books.call("PUT", "predefinedvoucherseries/INVOICE", body)
    assert books.booked(row("10", 25))["VoucherSeries"] == "K"


def test_an_account_is_deleted_until_something_stands_on_it(books: Books) -> None:
    """A chart can be tidied, but no voucher may lose its account."""
    books.call("DELETE", "accounts/3041", financialyear="2")
    with pytest.raises(RefusedError):
        books.get("accounts/3041", financialyear="2")
    books.booked(row("10", 25))
    with pytest.raises(RefusedError, match="används"):
        books.call("DELETE", "accounts/3001", financialyear="2")
