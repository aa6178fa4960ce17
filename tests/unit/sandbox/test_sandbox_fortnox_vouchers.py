"""Vouchers by hand, charts per year, registers and the company's own pages."""

from decimal import Decimal

import pytest
from sandbox_fortnox_calls import Books, RefusedError


@pytest.fixture
def books() -> Books:
    """A new company."""
    return Books()


def _post(books: Books, *rows: tuple[int, str], year: str = "2", **fields: object) -> dict:
    voucher = {
        "Description": "Dagskassa",
        "TransactionDate": "2026-11-20",
        "VoucherSeries": "A",
        "VoucherRows": [
            {"Account": a, "Debit" if Decimal(n) > 0 else "Credit": abs(Decimal(n))}
            for a, n in rows
        ],
        **fields,
    }
    answer = books.call("POST", "vouchers", {"Voucher": voucher}, financialyear=year)
    return dict(answer["Voucher"])


def test_a_manual_voucher_gets_the_next_number(books: Books) -> None:
    """Numbers run without gaps, also after a refused voucher."""
    assert _post(books, (1930, "125"), (3001, "-100"), (2611, "-25"))["VoucherNumber"] == 1
    with pytest.raises(RefusedError):
        _post(books, (1930, "125"), (3001, "-100"))
    second = _post(books, (1930, "1"), (3004, "-1"))
    assert second["VoucherNumber"] == 2
    assert second["VoucherRows"][0]["Description"] == "Företagskonto/checkkonto/affärskonto"


@pytest.mark.parametrize(
    ("rows", "fields", "text"),
    [
        (((1930, "1"), (3001, "-0.99")), {}, "balanserar inte"),
        (((1930, "1"),), {}, "minst två rader"),
        (((1930, "1"), (3999, "-1")), {}, "Kunde inte hitta konto"),
        (((1930, "1"), (3051, "-1")), {}, 'Konto "3051" är inte aktivt.'),
        (((1930, "1"), (3001, "-1")), {"VoucherSeries": "F"}, "inte manuell \\(F\\)"),
        (((1930, "1"), (3001, "-1")), {"VoucherSeries": "Q"}, "Ogiltig verifikationsserie"),
        (((1930, "1"), (3001, "-1")), {"TransactionDate": "2025-12-31"}, "utanför räkenskapsåret"),
    ],
)
def test_vouchers_that_fortnox_refuses(books: Books, rows: tuple, fields: dict, text: str) -> None:
    """Unbalanced, too short, wrong account, series or year: nothing reaches the ledger."""
    with pytest.raises(RefusedError, match=text):
        _post(books, *rows, **fields)
    assert books.get("vouchers", financialyear="2")["Vouchers"] == []


def test_there_is_no_put_on_vouchers(books: Books) -> None:
    """A wrong voucher is corrected by another one, not by an edit."""
    _post(books, (1930, "1"), (3004, "-1"))
    with pytest.raises(RefusedError) as refused:
        books.call("PUT", "vouchers/A/1", {"Voucher": {}})
    assert refused.value.status == 405


def test_vouchers_are_listed_by_year_date_and_series(books: Books) -> None:
    """Without financialyear only today's year is seen."""
    _post(books, (1930, "1"), (3004, "-1"), Comments="(demo:2026-11-20)")
    _post(books, (1930, "1"), (3004, "-1"), TransactionDate="2026-11-01")
    _post(books, (1930, "1"), (3004, "-1"), year="1", TransactionDate="2025-12-31")
    assert len(books.get("vouchers")["Vouchers"]) == 2
    assert len(books.get("vouchers", financialyear="1")["Vouchers"]) == 1
    day = books.get("vouchers", fromdate="2026-11-20", todate="2026-11-20", voucherseries="A")
    assert [v["Comments"] for v in day["Vouchers"]] == ["(demo:2026-11-20)"]
    assert len(books.get("vouchers/sublist/A", financialyear="2")["Vouchers"]) == 2


def test_an_own_series_can_be_made_and_used(books: Books) -> None:
    """A series per shop keeps its vouchers together, in each year that it was made for."""
    series = {"VoucherSeries": {"Code": "W", "Description": "Webb"}}
    books.call("POST", "voucherseries", series, financialyear="2")
    assert _post(books, (1930, "1"), (3004, "-1"), VoucherSeries="W")["VoucherNumber"] == 1
    single = books.get("voucherseries/W", financialyear="2")["VoucherSeries"]
    assert (single["Manual"], single["NextVoucherNumber"]) == (True, 2)
    with pytest.raises(RefusedError):
        _post(
            books,
            (1930, "1"),
            (3004, "-1"),
            VoucherSeries="W",
            year="1",
            TransactionDate="2025-01-02",
        )


def test_accounts_belong_to_a_year(books: Books) -> None:
    """An account made in 2026 is missing in 2027 until somebody makes it there too."""
    body = {"Account": {"Number": 3777, "Description": "Ny", "VATCode": "MP1"}}
    made = books.call("POST", "accounts", body, financialyear="2")["Account"]
    assert (made["Year"], made["VATCode"], made["Active"]) == (2, "MP1", True)
    assert books.get("accounts/3777", financialyear="2")["Account"]["Number"] == 3777
    with pytest.raises(RefusedError) as refused:
        books.get("accounts/3777", financialyear="3")
    assert refused.value.code == 2000423


def test_the_chart_needs_more_than_one_page(books: Books) -> None:
    """A client that reads one page of 100 would call most accounts missing."""
    first = books.get("accounts", financialyear="2")
    assert len(first["Accounts"]) == 100
    assert first["MetaInformation"]["@TotalPages"] > 1
    everything = books.get("accounts", financialyear="2", limit="500")["Accounts"]
    by_number = {a["Number"]: a for a in everything}
    codes = {n: by_number[n]["VATCode"] for n in (3001, 3002, 3003, 3004, 3041, 3520, 1930)}
    assert codes == {
        3001: "MP1",
        3002: "MP2",
        3003: "MP3",
        3004: "MF",
        3041: "MP1",
        3520: "MP1",
        1930: None,
    }
    assert by_number[3001]["@url"].endswith("/3/accounts/3001?financialyear=2")


def test_balances_of_an_account_follow_the_vouchers(books: Books) -> None:
    """BalanceCarriedForward is what the ledger says."""
    _post(books, (1930, "125"), (3001, "-125"))
    account = books.get("accounts/1930", financialyear="2")["Account"]
    assert (account["BalanceBroughtForward"], account["BalanceCarriedForward"]) == (100000, 100125)
    following = books.get("accounts/1930", financialyear="3")["Account"]
    assert following["BalanceBroughtForward"] == 100125


def test_financial_years_newest_first_and_by_date(books: Books) -> None:
    """A day belongs to one year or to none."""
    assert [y["Id"] for y in books.get("financialyears")["FinancialYears"]] == [3, 2, 1]
    one = books.get("financialyears", date="2026-02-28")["FinancialYears"]
    assert [y["Id"] for y in one] == [2]
    assert books.get("financialyears", date="2031-01-01")["FinancialYears"] == []
    assert books.get("financialyears/2")["FinancialYear"]["ToDate"] == "2026-12-31"


def test_the_company_says_who_it_is(books: Books) -> None:
    """The guard against the wrong company reads these numbers; the types differ."""
    info = books.get("companyinformation")["CompanyInformation"]
    assert (info["OrganizationNumber"], info["DatabaseNumber"]) == ("559000-0005", 1000001)
    assert books.get("settings/company")["CompanySettings"]["DatabaseNumber"] == "1000001"
    assert books.get("me")["MeInformation"]["SysAdmin"]
    assert books.get("settings/lockedperiod") == {"LockedPeriod": {"EndDate": None}}


def test_predefined_accounts_are_read_changed_and_checked(books: Books) -> None:
    """An inactive or unknown account can't become ROUNDOFF."""
    listed = books.get("predefinedaccounts")["PreDefinedAccounts"]
    assert {"Name": "ROUNDOFF", "Account": 3740}.items() <= listed[
        [p["Name"] for p in listed].index("ROUNDOFF")
    ].items()
    path = "predefinedaccounts/FREIGHT"
    changed = books.call("PUT", path, {"PreDefinedAccount": {"Account": 3524}})
    assert changed["PreDefinedAccount"]["Account"] == 3524
    for number in (3051, 3999):
        with pytest.raises(RefusedError) as refused:
            books.call("PUT", path, {"PreDefinedAccount": {"Account": number}})
        assert refused.value.code == 2001265


def test_registers_refuse_doubles_and_nulls(books: Books) -> None:
    """Codes are unique; a unit can't lose its text."""
    unit = {"Unit": {"Code": "blarg9", "Description": "A value"}}
    made = books.call("POST", "units", unit)["Unit"]
    assert (list(made), made["CodeEnglish"]) == (
        ["@url", "Code", "CodeEnglish", "Description"],
        "",
    )
    with pytest.raises(RefusedError):
        books.call("POST", "units", unit)
    with pytest.raises(RefusedError) as refused:
        books.call("PUT", "units/blarg9", {"Unit": {"Description": None}})
    assert refused.value.code == 2000699
    books.call("DELETE", "units/blarg9")
    with pytest.raises(RefusedError):
        books.get("units/blarg9")


def test_deleted_customer_numbers_stay_taken(books: Books) -> None:
    """A number that was deleted can't be used again, and Fortnox says why."""
    number = books.customer(CustomerNumber="demo-1")
    books.call("DELETE", f"customers/{number}")
    with pytest.raises(RefusedError, match="blivit raderat") as refused:
        books.customer(CustomerNumber="demo-1")
    assert refused.value.code == 2000637


def test_what_is_in_use_is_not_deleted(books: Books) -> None:
    """A customer with a live invoice stays; once it is cancelled, the customer may go."""
    number = books.customer()
    document = books.invoice(CustomerNumber=number)["DocumentNumber"]
    with pytest.raises(RefusedError):
        books.call("DELETE", f"customers/{number}")
    books.call("PUT", f"invoices/{document}/cancel")
    books.call("DELETE", f"customers/{number}")


def test_active_and_inactive_customers_are_told_apart(books: Books) -> None:
    """Matching looks at active customers only."""
    books.customer(Active=False)
    active = books.customer()
    listed = books.get("customers", filter="active")["Customers"]
    assert [c["CustomerNumber"] for c in listed] == [active]
    assert len(books.get("customers", filter="inactive")["Customers"]) == 1


def test_sales_price_is_not_written_on_the_article(books: Books) -> None:
    """Prices live in price lists."""
    with pytest.raises(RefusedError) as refused:
        books.call("POST", "articles", {"Article": {"Description": "A", "SalesPrice": 10}})
    assert refused.value.code == 2000321
