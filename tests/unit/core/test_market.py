"""Where the goods go decides the VAT: by postcode where the country is not enough."""

import pytest
from tests.support.builders import buyer

from fortnox.core.market import Market, VatType, sale_market
from fortnox.core.orders import Address, BuyerKind


def market(country, *, postcode="", vat_ore=0, vat_countries=(), **changed):
    address = Address(country=country, postcode=postcode)
    found = sale_market(
        buyer(billing=address, delivery=address, **changed),
        vat_ore=vat_ore,
        vat_countries=vat_countries,
    )
    return found.market if found else None


@pytest.mark.parametrize(
    ("country", "postcode", "expected"),
    [
        ("SE", "11122", Market.SE),
        ("NO", "0150", Market.EXPORT),
        ("GB", "SW1A", Market.EXPORT),
        ("FI", "22100", Market.EXPORT),  # Åland
        ("FI", "AX-22100", Market.EXPORT),  # as Åland writes its postcodes
        ("FI", "00100", Market.EU_CONSUMER),
        ("ES", "35 001", Market.EXPORT),  # Canary Islands
        ("DE", "78266", Market.EXPORT),  # Büsingen
        ("MC", "98000", Market.EU_CONSUMER),  # Monaco counts as France
    ],
)
def test_by_country_and_postcode(country, postcode, expected):
    """Åland and the Canary Islands lie outside EU VAT although their countries are in it."""
    assert market(country, postcode=postcode) is expected


def test_taxed_eu_company_is_a_consumer():
    """A company that was charged VAT (no valid number) is booked as a consumer (AC-42)."""
    company = {"kind": BuyerKind.COMPANY, "vat_number": "DE123"}
    assert market("DE", vat_ore=100, **company) is Market.EU_CONSUMER
    assert market("DE", vat_ore=0, **company) is Market.EU_BUSINESS


def test_no_address_at_all():
    """A sale over the counter has no address: Swedish VAT tells Sweden, nothing tells nothing."""
    assert market("", vat_countries=["SE"]) is Market.SE
    assert market("", vat_countries=[]) is None
    assert market("", vat_countries=["SE", "DE"]) is None


def test_vat_type_of_the_card():
    """Fortnox chooses accounts by the card's VATType: it must say what the market is."""
    address = Address(country="NO")
    found = sale_market(buyer(billing=address, delivery=address), vat_ore=0, vat_countries=())
    assert found is not None
    assert found.vat_type is VatType.EXPORT
    assert found.keys == ("NO", "EXPORT")
