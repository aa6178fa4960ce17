"""Which VAT codes are tried."""

from decimal import Decimal

from tests.support.builders import mapping_files, shop_row

from fortnox.core.mapping import parse_mappings
from fortnox.core.vat_code_trial import trials_of

HEADER = "shop,kind,market,vat_rate_pct,sales_account,vat_code,vat_account,valid_from,valid_to\n"


def test_codes_of_other_countries_with_one_rate_are_tried_once():
    """A code of the home country, or of any rate, has no one VAT to be compared with."""
    text = HEADER + (
        "*,goods,SE,25,3001,MP1,2611,,\n"
        "*,goods,FI,25.5,3106,FI255,2670,,\n"
        "*,shipping,FI,25.5,3106,FI255,2670,,\n"
        "*,goods,DE,19,3107,DE19,2671,,\n"
        "*,goods,EU_OSS,*,3106,,2670,,\n"
        "*,goods,NO,25,3105,NO25,2890,,\n"
    )
    parsed = parse_mappings(mapping_files(accounts=text))
    found = trials_of(parsed.mappings, shop_row())
    assert [(one.code, one.account, one.rate_pct) for one in found] == [
        ("FI255", 3106, Decimal("25.5")),
        ("DE19", 3107, Decimal(19)),
    ]
