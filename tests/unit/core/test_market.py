"""Where the goods go decides the VAT: by postcode where the country is not enough."""

import pytest
from tests.support.builders import buyer, line, order

from fortnox.core.market import Market, SaleMarket, VatType, sale_market
from fortnox.core.orders import Address, BuyerKind, LineKind


def sold(country, *lines, postcode="", region="", **changed) -> SaleMarket | None:
    """The market of an order to an address; one untaxed line unless others are given."""
    address = Address(country=country, postcode=postcode, region=region)
    return sale_market(
        order(
            *(lines or [line("100.00", None)]),
            buyer=buyer(billing=address, delivery=address, **changed),
        )
    )


def market(*args, **changed) -> Market | None:
    found = sold(*args, **changed)
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
        ("ES", "51001", Market.EXPORT),  # Ceuta
        ("ES", "52001", Market.EXPORT),  # Melilla
        ("ES", "28001", Market.EU_CONSUMER),
        ("DE", "78266", Market.EXPORT),  # Büsingen
        ("DE", "27498", Market.EXPORT),  # Heligoland
        ("FR", "97400", Market.EXPORT),  # Réunion
        ("GR", "63086", Market.EXPORT),  # Mount Athos
        ("EL", "10431", Market.EU_CONSUMER),  # Greece by its VAT prefix
        ("IT", "23041", Market.EXPORT),  # Livigno
        ("IT", "22061", Market.EXPORT),  # Campione
        ("DK", "3900", Market.EXPORT),  # Greenland
        ("DK", "100", Market.EXPORT),  # Tórshavn: Faroese postcodes have three digits
        ("DK", "FO-100", Market.EXPORT),
        ("DK", "1000", Market.EU_CONSUMER),
        ("FO", "100", Market.EXPORT),
        ("GI", "GX11 1AA", Market.EXPORT),
        ("JE", "JE2 3AB", Market.EXPORT),
        ("MC", "98000", Market.EU_CONSUMER),  # Monaco counts as France
        ("GB", "BT1 1AA", Market.EU_CONSUMER),  # Northern Ireland, goods
        ("PT", "9500-321", Market.EU_CONSUMER),  # the Azores are inside
    ],
)
def test_by_country_and_postcode(country, postcode, expected):
    """Åland and the Canary Islands lie outside EU VAT although their countries are in it."""
    assert market(country, postcode=postcode) is expected


@pytest.mark.parametrize(
    ("country", "region"), [("FI", "01"), ("FI", "FI-01"), ("ES", "TF"), ("ES", "es-gc")]
)
def test_by_region_without_a_postcode(country, region):
    """Shops that ask for no postcode still know the region."""
    assert market(country, region=region) is Market.EXPORT


def test_taxed_eu_company_is_a_consumer():
    """A company that was charged VAT (no valid number) is booked as a consumer (AC-42)."""
    company = {"kind": BuyerKind.COMPANY, "vat_number": "DE123"}
    assert market("DE", line(), **company) is Market.EU_CONSUMER
    assert market("DE", **company) is Market.EU_BUSINESS


def test_exempt_without_a_number_is_no_business():
    """A mark in the shop is no VAT number: the sale without VAT must be held, not reversed."""
    assert market("DE", vat_exempt=True, kind=BuyerKind.COMPANY) is Market.EU_CONSUMER


def test_no_address_at_all():
    """A sale over the counter has no address: Swedish VAT tells Sweden, nothing tells nothing."""
    assert market("", line()) is Market.SE
    assert market("") is None
    assert market("", line(), line("10.00", "19", country="DE")) is None


@pytest.mark.parametrize(
    ("country", "postcode", "rate", "rate_country", "keys"),
    [
        ("DE", "10115", "19", "DE", ("DE", "EU_OSS")),
        ("DE", "10115", "25", "SE", ("EU_CONSUMER",)),
        ("DK", "1000", "25", "DK", ("DK", "EU_OSS")),
        ("GR", "10431", "24", "EL", ("GR", "EU_OSS")),
        ("MC", "98000", "20", "FR", ("FR", "EU_OSS")),
        # Shops have Northern Ireland's rate under Great Britain.
        ("GB", "BT1 1AA", "20", "GB", ("XI", "EU_OSS")),
        ("NO", "0150", "25", "NO", ("NO",)),
        ("NO", "0150", "0", "NO", ("NO", "EXPORT")),
        ("IE", "D01", "0", "IE", ("IE", "EU_OSS")),
        # A territory has its country's code, and none of its VAT.
        ("FI", "22100", None, "", ("EXPORT",)),
    ],
)
def test_whose_vat_was_charged(country, postcode, rate, rate_country, keys):
    """The shop's own charge and its country decide the account, not a threshold of ours."""
    found = sold(country, line("100.00", rate, country=rate_country), postcode=postcode)
    assert found is not None
    assert found.keys == keys


def test_services_to_northern_ireland_are_export():
    """EU VAT covers goods there, and nothing else."""
    service = line("100.00", None, kind=LineKind.SERVICE)
    found = sold("GB", service, postcode="BT1 1AA")
    assert found is not None
    assert (found.market, found.keys) == (Market.EXPORT, ("GB", "EXPORT"))
    assert market("GB", line("100.00", None), postcode="BT1 1AA") is Market.EU_CONSUMER


def test_swedish_reverse_charge_only_on_the_shops_word():
    """A Swedish company without VAT is reverse charge only if shop and number both say so."""
    company = {"kind": BuyerKind.COMPANY, "organisation_number": "559000-0005"}
    assert market("SE", vat_exempt=True, **company) is Market.SE_REVERSE
    assert market("SE", line(), vat_exempt=True, **company) is Market.SE
    assert market("SE", vat_exempt=True) is Market.SE
    assert market("SE", **company) is Market.SE


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (sold("NO"), VatType.EXPORT),
        (sold("DE", vat_number="DE1"), VatType.EUREVERSEDVAT),
        (sold("DE", line("119.00", "19", country="DE")), VatType.SEVAT),
        (sold("SE", vat_exempt=True, organisation_number="559000-0005"), VatType.SEREVERSEDVAT),
    ],
)
def test_vat_type_of_the_card(found, expected):
    """Fortnox chooses accounts by the card's VATType: it must say what the market is."""
    assert found is not None
    assert found.vat_type is expected


def test_the_reason_is_a_sentence_without_the_buyer():
    """The accountant reads why; a VAT number or a name would be personal data in a report."""
    german = sold("DE", line("119.00", "19", country="DE"))
    assert str(german) == ("EU_CONSUMER because delivered to DE, no VAT number, VAT of DE charged")
    business = str(sold("FI", vat_number="FI20774740"))
    assert business == "EU_BUSINESS because delivered to FI, with a VAT number, no VAT charged"
    assert str(sold("ES", postcode="35001")) == (
        "EXPORT because delivered to ES, a territory outside EU VAT, no VAT charged"
    )
