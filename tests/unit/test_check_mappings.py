"""The mapping rows against a Fortnox; over HTTP it is tried in tests/integration."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fortnox.check_mappings import check_against_fortnox
from fortnox.core.mapping import (
    AccountRow,
    CustomerPolicyRow,
    DocumentTypeRow,
    Mappings,
    PayoutRow,
    ShopRow,
    SpecialArticleRow,
)
from fortnox.core.mapping.base import MappingRow

MAY = date(2026, 5, 4)
NOVEMBER = date(2026, 11, 21)
SHOP = ShopRow(
    row=2,
    shop="demo",
    name="Demo",
    reference_key="demo",
    platform="woocommerce",
    shop_conn_id="woo",
    fortnox_conn_id="fx",
    organisation_number="559000-0005",
    timezone="Europe/Stockholm",
    start_date=date(2026, 1, 1),
)


class Company:
    """A Fortnox that answers from a few registers, in the shapes of the real one."""

    def __init__(self) -> None:
        self.years = [
            {"Id": 2, "FromDate": "2026-01-01", "ToDate": "2026-12-31"},
            {"Id": 1, "FromDate": "2025-01-01", "ToDate": "2025-12-31"},
        ]
        self.accounts: dict[int, list[dict[str, Any]]] = {
            2: [
                {"Number": 3001, "Active": True, "VATCode": "MP1"},
                {"Number": 3002, "Active": False, "VATCode": "MP2"},
                {"Number": 3105, "Active": True, "VATCode": "E"},
                {"Number": 2611, "Active": True, "VATCode": "U1"},
            ]
        }
        self.series: dict[int, list[dict[str, Any]]] = {
            2: [{"Code": "A", "Manual": True}, {"Code": "B", "Manual": False}]
        }
        self.lists = {
            "termsofpayments": [{"Code": "30"}, {"Code": "10"}],
            "modesofpayments": [{"Code": "BG"}],
            "currencies": [{"Code": "SEK"}],
        }
        self.cards: Mapping[str, dict[str, Any]] = {
            "articles/F1": {"Active": True},
            "articles/F2": {"Active": False},
            "customers/9000": {"Active": True},
            "suppliers/7": {"Active": True},
        }

    def list(self, path: str, key: str, **params: Any) -> Iterator[dict[str, Any]]:
        """All entries of a register."""
        if path == "financialyears":
            return iter(self.years)
        if path == "accounts":
            return iter(self.accounts[params["financialyear"]])
        if path == "voucherseries":
            assert key == "VoucherSeriesCollection"
            return iter(self.series[params["financialyear"]])
        return iter(self.lists[path])

    def find(self, path: str, envelope: str) -> dict[str, Any] | None:
        """One card, or None."""
        return self.cards.get(path)


def check(*rows: MappingRow, company: Company | None = None, today: date = MAY) -> list[str]:
    """What a user reads about these rows."""
    mappings = Mappings(rows=(SHOP, *rows))
    client: Any = company or Company()
    return [str(error) for error in check_against_fortnox(mappings, SHOP, client, today=today)]


def account(number: int, rate: str = "25", **more: Any) -> AccountRow:
    """A row of goods in line 7."""
    return AccountRow(
        row=7,
        shop="*",
        kind="goods",
        market="SE",
        vat_rate_pct=Decimal(rate),
        sales_account=number,
        **more,
    )


@pytest.mark.parametrize(
    "row", [account(3001), account(3001, vat_code="MP1", vat_account=2611), account(3105, "0")]
)
def test_good_accounts_are_well(row: AccountRow) -> None:
    """A right set would be refused, and users would learn to ignore the check."""
    assert check(row) == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            account(3099),
            (
                "accounts.csv:7:sales_account: account 3099 is not in the chart of 2026-01-01 to "
                "2026-12-31; add it in Fortnox, or change the row"
            ),
        ),
        (
            account(3002, "12"),
            (
                "accounts.csv:7:sales_account: account 3002 is not active in 2026-01-01 to "
                "2026-12-31; activate it in Fortnox, or change the row"
            ),
        ),
        (
            account(3001, vat_account=2619),
            (
                "accounts.csv:7:vat_account: account 2619 is not in the chart of 2026-01-01 to "
                "2026-12-31; add it in Fortnox, or change the row"
            ),
        ),
        (
            account(3105, "25", vat_code="MP1"),
            (
                "accounts.csv:7:vat_code: account 3105 has VAT code E in 2026-01-01 to 2026-12-31, "
                "the row says MP1; change the account's code, or the row"
            ),
        ),
        (
            account(3001, "12"),
            (
                "accounts.csv:7:sales_account: account 3001 has VAT code MP1 in 2026-01-01 to "
                "2026-12-31, which means 25 %; the row is for 12 %; use an account for that rate"
            ),
        ),
    ],
)
def test_a_wrong_account_is_named(row: AccountRow, message: str) -> None:
    """The first sale would be refused at bookkeeping, or spoil the VAT return."""
    assert check(row) == [message]


@pytest.mark.parametrize(("number", "is_there"), [(3001, True), (2429, False)])
def test_the_account_of_advances_must_be_there(number: int, is_there: bool) -> None:
    """Every advance would be refused, each with a file in the inbox."""
    shop = SHOP.replaced(advances="strict", advances_account=number)
    client: Any = Company()
    errors = check_against_fortnox(Mappings(rows=(shop,)), shop, client, today=MAY)
    assert [error.column for error in errors] == ([] if is_there else ["advances_account"])


def test_next_years_chart_counts_from_november() -> None:
    """On 1 January every sale would be refused: accounts are per financial year."""
    company = Company()
    company.years.append({"Id": 3, "FromDate": "2027-01-01", "ToDate": "2027-12-31"})
    company.accounts[3] = []

    assert check(account(3001), company=company, today=MAY) == []
    assert check(account(3001), company=company, today=NOVEMBER) == [
        (
            "accounts.csv:7:sales_account: account 3001 is not in the chart of 2027-01-01 to "
            "2027-12-31; add it in Fortnox, or change the row"
        )
    ]


def test_a_row_counts_only_for_the_years_of_its_dates() -> None:
    """A row that ended long ago would be an error for ever."""
    past = account(3099, valid_to=date(2025, 12, 31))
    future = account(3098, valid_from=date(2027, 1, 1))

    assert check(past, future) == []


def test_a_missing_financial_year_is_named() -> None:
    """Nothing can be bookkept without one."""
    company = Company()
    company.years = company.years[1:]

    assert check(company=company) == [
        (
            "shops.csv:2:fortnox_conn_id: Fortnox has no financial year for 2026-05-04; "
            "create the year in Fortnox"
        )
    ]


def test_unknown_terms_and_modes_are_named_with_those_that_exist() -> None:
    """Every invoice of that payment method would be refused."""
    row = DocumentTypeRow(
        row=4,
        shop="demo",
        payment_method="cod",
        document_type="invoice",
        document_date="paid",
        bookkeep=True,
        terms_of_payment="14",
        mode_of_payment="Klarna",
    )

    assert check(row) == [
        'document_types.csv:4:terms_of_payment: "14" is not in Fortnox; Fortnox has 10, 30',
        'document_types.csv:4:mode_of_payment: "Klarna" is not in Fortnox; Fortnox has BG',
    ]


def test_articles_and_shared_customers_must_be_there_and_active() -> None:
    """Every order with freight, or every guest's order, would be refused."""
    rows = [
        SpecialArticleRow(row=3 + i, shop="*", purpose=purpose, article_number=number)
        for i, (purpose, number) in enumerate(
            (("shipping", "F1"), ("fee", "F2"), ("rounding", "F 3/4".replace(" ", "")))
        )
    ]
    shared = CustomerPolicyRow(
        row=2,
        shop="*",
        market="SE",
        buyer_kind="private",
        match=("number",),
        when_missing="shared",
        shared_customer_number="9001",
    )

    assert check(*rows, shared) == [
        (
            "customer_policy.csv:2:shared_customer_number: customer 9001 is not in Fortnox; "
            "create it there"
        ),
        "special_articles.csv:4:article_number: article F2 is not active; activate it in Fortnox",
        "special_articles.csv:5:article_number: article F3/4 is not in Fortnox; create it there",
    ]


def test_other_shops_rows_do_not_count() -> None:
    """Another company's accounts would be looked for in this one."""
    assert check(account(3099).replaced(shop="other")) == []


def payout(**changed: Any) -> PayoutRow:
    """Stripe in line 5 of payouts.csv, on accounts that the company has."""
    values: dict[str, Any] = {
        "row": 5,
        "shop": "*",
        "provider": "stripe",
        "clearing_account": 3001,
        "bank_account": 3105,
        "fee_account": 2611,
        "fee_vat": "exempt",
        "vat_account": 2611,
    }
    return PayoutRow(**{**values, **changed})


@pytest.mark.parametrize(
    ("changed", "column", "problem"),
    [
        ({"clearing_account": 1686}, "clearing_account", "account 1686 is not in the chart"),
        ({"bank_account": 3002}, "bank_account", "account 3002 is not active"),
        ({"voucher_series": "X"}, "voucher_series", 'voucher series "X" is not in 2026'),
        ({"voucher_series": "B"}, "voucher_series", '"B" is not a manual one'),
        (
            {"fee_as": "supplier_invoice", "supplier_number": "8"},
            "supplier_number",
            "supplier 8 is not in Fortnox",
        ),
    ],
)
def test_what_a_payout_names_must_be_there(
    changed: dict[str, Any], column: str, problem: str
) -> None:
    """A payout voucher that Fortnox refuses would be found weeks later, by the bank balance."""
    (found,) = check(payout(**changed))
    assert found.startswith(f"payouts.csv:5:{column}: ")
    assert problem in found


def test_reverse_charge_accounts_count_only_where_fees_may_be_reverse_charged() -> None:
    """Most companies lack 4535, and need it only for a provider abroad that sells services."""
    assert check(payout(voucher_series="A")) == []
    found = check(payout(service_fee_vat="reverse_charge"))
    assert [line.split(":")[2] for line in found] == [
        "reverse_charge_account",
        "reverse_vat_in_account",
        "reverse_vat_out_account",
    ]


def test_the_account_of_a_payment_must_be_there() -> None:
    """Every payment of the method would stay unbooked, and the receivable open."""
    row = DocumentTypeRow(
        row=4,
        shop="*",
        payment_method="stripe",
        document_type="invoice",
        document_date="paid",
        bookkeep=True,
        payment="book",
        payment_account=1580,
    )
    (found,) = check(row)
    assert found.startswith("document_types.csv:4:payment_account: account 1580 is not in the")
