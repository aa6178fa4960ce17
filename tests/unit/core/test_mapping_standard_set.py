"""The mapping files that we ship, and the page that explains them."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fortnox.core.mapping import ROW_TYPES, Mappings, ParsedMappings, parse_mappings
from fortnox.sandbox.fortnox.company import DATABASE_NUMBER, ORGANISATION_NUMBER
from fortnox.sandbox.seed.registers import GATEWAYS

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "include" / "mappings"
CASES = ROOT.parent / "shared" / "data" / "accounting-cases.json"
DAY = date(2026, 5, 4)


def parse(**instead: str) -> ParsedMappings:
    """Parse the shipped files; ``accounts="x.csv"`` reads that file as accounts.csv."""
    names = {name: instead.get(name.removesuffix(".csv"), name) for name in ROW_TYPES}
    return parse_mappings({name: (FOLDER / path).read_bytes() for name, path in names.items()})


def mappings() -> Mappings:
    """What is valid of the shipped files."""
    return parse().mappings


@pytest.mark.parametrize("accounts", ["accounts.csv", "accounts.3001-3004.example.csv"])
def test_both_sets_are_without_errors(accounts: str) -> None:
    """A newcomer's first check would fail on our own files."""
    parsed = parse(accounts=accounts)

    assert parsed.errors == ()
    assert [row.shop for row in parsed.mappings.usable_shops()] == ["demo"]


def test_the_demo_shop_belongs_to_the_sandbox_company() -> None:
    """The company guard would stop the demo."""
    shop = mappings().shop("demo")

    assert (shop.organisation_number, shop.database_number) == (
        ORGANISATION_NUMBER,
        DATABASE_NUMBER,
    )
    assert (shop.shop_conn_id, shop.fortnox_conn_id) == ("woocommerce_demo", "fortnox_demo")


@pytest.mark.parametrize("payment_method", sorted(GATEWAYS))
def test_every_payment_method_of_the_demo_is_mapped(payment_method: str) -> None:
    """The demo's sales would all be held."""
    assert mappings().document_type("demo", payment_method, DAY) is not None


@pytest.mark.parametrize("buyer_kind", ["private", "company"])
@pytest.mark.parametrize("market", ["SE", "EU_CONSUMER", "EXPORT"])
def test_every_buyer_of_the_demo_has_a_policy(market: str, buyer_kind: str) -> None:
    """A buyer would be held for want of a row."""
    assert mappings().customer_policy("demo", market, buyer_kind) is not None


@pytest.mark.parametrize(
    ("kind", "market", "rate", "account"),
    [
        *(("goods", "SE", rate, 3000 + i) for i, rate in enumerate(("25", "12", "6", "0"), 1)),
        *(("service", "SE", rate, 3040 + i) for i, rate in enumerate(("25", "12", "6", "0"), 1)),
        ("shipping", "SE", "25", 3520),
        ("fee", "SE", "25", 3540),
        ("rounding", "SE", "0", 3740),
        ("goods", "EXPORT", "0", 3105),
        ("service", "EXPORT", "0", 3305),
        ("shipping", "EXPORT", "0", 3522),
        ("gift_card", "SE", "0", 2421),
    ],
)
def test_accounts_are_those_of_the_bas_chart(
    kind: str, market: str, rate: str, account: int
) -> None:
    """An accountant would find sales on accounts that mean something else."""
    row = mappings().account("demo", kind, (market,), Decimal(rate), DAY)

    assert row is not None
    assert row.sales_account == account


def test_swedish_vat_abroad_is_booked_as_at_home() -> None:
    """A small shop's sales to Finland would be held below the OSS threshold."""
    at_home = mappings().account("demo", "goods", ("SE",), Decimal(25), DAY)
    abroad = mappings().account("demo", "goods", ("FI", "EU_CONSUMER"), Decimal(25), DAY)

    assert at_home is not None
    assert abroad is not None
    assert abroad.sales_account == at_home.sales_account


def test_another_countrys_rate_is_not_mapped() -> None:
    """German VAT would be booked as Swedish."""
    assert mappings().account("demo", "goods", ("DE", "EU_CONSUMER"), Decimal(19), DAY) is None


def _roles() -> Iterator[tuple[str, int]]:
    for case in json.loads(CASES.read_text(encoding="utf-8")):
        for posting in case["expected_postings"]:
            yield posting["role"].removesuffix(" (refund)"), int(posting["account"])


@pytest.mark.skipif(not CASES.exists(), reason="the shared accounting cases are not here")
def test_accounts_agree_with_the_accounting_cases() -> None:
    """The cases that an accountant worked out would be booked on other accounts."""
    kinds = {
        "sales.goods": "goods",
        "sales.service": "service",
        "freight": "shipping",
        "fee": "fee",
    }
    checked = set()
    for role, account in _roles():
        found = re.fullmatch(r"(sales\.goods|sales\.service|freight|fee)\.(\d+)", role)
        if found:
            kind, rate = kinds[found[1]], Decimal(found[2])
            row = mappings().account("demo", kind, ("SE",), rate, DAY)
            assert row is not None, role
            assert (role, row.sales_account) == (role, account)
            checked.add(role)

    assert len(checked) >= 8


@pytest.mark.parametrize("file", sorted(ROW_TYPES))
def test_every_column_is_explained(file: str) -> None:
    """A user would have to guess what to write into a column."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    section = page.partition(f"## {file}:")[2].partition("\n## ")[0]
    explained = set(re.findall(r"`([a-z_]+)`", "\n".join(re.findall(r"(?m)^\| (.*?) \|", section))))

    assert explained == set(ROW_TYPES[file].columns())


@pytest.mark.parametrize("file", sorted(ROW_TYPES))
def test_every_column_stands_in_the_shipped_header(file: str) -> None:
    """A user would not see that an option exists."""
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    header = next(line for line in lines if not line.startswith("#"))

    assert header.split(",") == list(ROW_TYPES[file].columns())
