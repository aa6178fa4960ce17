"""Where an address lies for VAT: country and EU territory are not the same thing.

Territories of EU countries outside EU VAT are decided by postcode or region, never by the country
alone (European Commission, "Territorial status of EU countries and certain territories").
"""

from fortnox.core.orders import Address

# fmt: off
EU_COUNTRIES = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
))
# fmt: on
#: Northern Ireland, for goods a part of EU VAT; shops know it as GB with a BT postcode.
NORTHERN_IRELAND = "XI"
#: Codes that shops write for a country or a part of one, as EU VAT sees it: Greece's VAT prefix,
#: and Monaco, which counts as France.
_SAME_FOR_VAT = {"EL": "GR", "MC": "FR", "UK": "GB"}

#: Postcode prefixes of territories outside EU VAT, by country.
_OUTSIDE_POSTCODES: dict[str, tuple[str, ...]] = {
    "DK": ("39", "FO"),  # Greenland, the Faroes
    "FI": ("22",),  # Åland
    "ES": ("35", "38", "51", "52"),  # Canary Islands, Ceuta, Melilla
    "FR": ("97", "984", "986", "987", "988"),  # overseas; 980 is Monaco, inside
    "DE": ("27498", "78266"),  # Heligoland, Büsingen
    "IT": ("23041", "22061"),  # Livigno, Campione
    "GR": ("63086", "63087"),  # Mount Athos
}
#: The same by region, as ISO 3166-2 and shops write it, for addresses without a postcode.
_OUTSIDE_REGIONS: dict[str, tuple[str, ...]] = {
    "FI": ("01", "AX"),  # Åland
    "ES": ("GC", "TF", "CN", "CE", "ML"),  # Canary Islands, Ceuta, Melilla
}
_FAROESE_POSTCODE_LENGTH = 3


def vat_country(address: Address) -> str:
    """The country as VAT knows it: GR for EL, FR for Monaco, XI for Northern Ireland."""
    country = country_code(address.country)
    is_northern_irish = (
        address.postcode.strip().upper().startswith("BT")
        or address.region.strip().upper() == NORTHERN_IRELAND
    )
    return NORTHERN_IRELAND if country == "GB" and is_northern_irish else country


def country_code(text: str) -> str:
    """One code per country: ``EL`` and ``GR`` are the same, Monaco's tax is France's."""
    return _SAME_FOR_VAT.get(text, text)


def is_outside_eu_vat(address: Address) -> bool:
    """Outside the EU, or a territory of an EU country where EU VAT does not apply."""
    country = vat_country(address)
    if country not in EU_COUNTRIES:
        return True
    postcode = address.postcode.replace(" ", "").upper().removeprefix(f"{country}-")
    if country == "FI":
        postcode = postcode.removeprefix("AX-")
    if country == "DK" and postcode.isdigit() and len(postcode) == _FAROESE_POSTCODE_LENGTH:
        return True
    region = address.region.strip().upper().removeprefix(f"{country}-")
    return postcode.startswith(_OUTSIDE_POSTCODES.get(country, ())) or (
        region in _OUTSIDE_REGIONS.get(country, ())
    )
