"""The shipped mapping files against the sandbox Fortnox, over HTTP."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import requests

from fortnox.api.auth import ClientCredentials
from fortnox.api.client import FortnoxClient
from fortnox.api.limiter import Pacer
from fortnox.check_mappings import check_against_fortnox
from fortnox.core.mapping import ParsedMappings, parse_mappings
from fortnox.mapping_files import read_folder
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.company import default_company
from fortnox.sandbox.server import start

STANDARD = Path(__file__).parents[2] / "include" / "mappings"


@pytest.fixture(scope="module")
def client() -> Iterator[FortnoxClient]:
    """The sandbox company over HTTP, unhurried by the pace."""
    company = default_company()
    with start(create_app(company)) as server, requests.Session() as session:
        tokens = ClientCredentials(
            token_url=f"{server.url}/oauth-v1/token",
            client_id=company.client_id,
            client_secret=company.client_secret,
            tenant_id=company.tenant_id,
            session=session,
        )
        yield FortnoxClient(
            base_url=f"{server.url}/3", tokens=tokens, pacer=Pacer(), session=session
        )


def parsed(**instead: str) -> ParsedMappings:
    """The shipped files; ``accounts="x.csv"`` reads that file as accounts.csv."""
    files = read_folder(STANDARD)
    files.update({f"{name}.csv": (STANDARD / path).read_bytes() for name, path in instead.items()})
    return parse_mappings(files)


@pytest.mark.parametrize("accounts", ["accounts.csv", "accounts.3001-3004.example.csv"])
@pytest.mark.parametrize("today", [date(2026, 5, 4), date(2026, 11, 21)])
def test_the_shipped_sets_fit_the_sandbox_company(
    today: date, accounts: str, client: FortnoxClient
) -> None:
    """The demo's preflight would fail, or its first sale at bookkeeping."""
    mappings = parsed(accounts=accounts).mappings
    found = check_against_fortnox(mappings, mappings.shop("demo"), client, today=today)

    assert [str(error) for error in found] == []


def test_an_account_that_is_not_there_is_found(client: FortnoxClient) -> None:
    """The check would pass whatever Fortnox has."""
    files = read_folder(STANDARD)
    files["accounts.csv"] = files["accounts.csv"].replace(b",3305,", b",3199,")
    mappings = parse_mappings(files).mappings
    found = check_against_fortnox(mappings, mappings.shop("demo"), client, today=date(2026, 5, 4))

    assert [(error.column, error.shop) for error in found] == [("sales_account", "demo")]
    assert "account 3199 is not in the chart" in found[0].problem


def test_codes_of_delivery_that_fortnox_lacks_are_found(client: FortnoxClient) -> None:
    """Every order with that shipping method would be refused when it is made."""
    files = read_folder(STANDARD)
    rows = b"*,flat_rate,PAKET,FVL\n*,pickup,HAMTA,FRITT\n*,express,,DDP\n"
    files["delivery_methods.csv"] += rows
    mappings = parse_mappings(files).mappings
    found = check_against_fortnox(mappings, mappings.shop("demo"), client, today=date(2026, 5, 4))

    assert [(error.row, error.column) for error in found] == [
        (5, "way_of_delivery"),
        (6, "terms_of_delivery"),
    ]
    assert "Fortnox has" in found[0].expected
