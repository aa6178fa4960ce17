"""Which market a sale belongs to: decides VAT treatment, account and the customer's VATType.

Territories inside EU countries but outside EU VAT are decided by postcode or region, never by the
country alone (European Commission, "Territorial status of EU countries and certain territories").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fortnox.core.orders import Address, Buyer, BuyerKind

# fmt: off
EU_COUNTRIES = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IT", "LT", "LU", "LV", "MC", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
))
# fmt: on
#: Northern Ireland, for goods a part of EU VAT; shops know it as GB with a BT postcode.
_NORTHERN_IRELAND = "XI"

#: Postcode prefixes of territories outside EU VAT, by country.
_OUTSIDE_POSTCODES: dict[str, tuple[str, ...]] = {
    "DK": ("39",),  # Greenland
    "FI": ("22",),  # Åland
    "ES": ("35", "38", "51", "52"),  # Canary Islands, Ceuta, Melilla
    "FR": ("97", "984", "986", "987", "988"),  # overseas; 980 is Monaco, inside
    "DE": ("27498", "78266"),  # Heligoland, Büsingen
    "IT": ("23041", "22061"),  # Livigno, Campione
    "GR": ("63086",),  # Mount Athos
}
#: The same by region, as ISO 3166-2 and shops write it, for addresses without a postcode.
_OUTSIDE_REGIONS: dict[str, tuple[str, ...]] = {
    "FI": ("01", "AX"),  # Åland
    "ES": ("GC", "TF", "CN", "CE", "ML"),  # Canary Islands, Ceuta, Melilla
}


class Market(StrEnum):
    """As in the ``market`` column of accounts.csv."""

    SE = "SE"
    EU_BUSINESS = "EU_BUSINESS"
    EU_CONSUMER = "EU_CONSUMER"
    EXPORT = "EXPORT"


class VatType(StrEnum):
    """Fortnox's ``VATType`` of a customer."""

    SEVAT = "SEVAT"
    EUREVERSEDVAT = "EUREVERSEDVAT"
    EUVAT = "EUVAT"
    EXPORT = "EXPORT"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleMarket:
    """A market with its country; ``keys`` is what accounts.csv is searched by, specific first."""

    market: Market
    country: str

    @property
    def keys(self) -> tuple[str, ...]:
        """For example ``("DE", "EU_CONSUMER")``."""
        if self.market is Market.SE:
            return (Market.SE.value,)
        return (self.country, self.market.value)

    @property
    def vat_type(self) -> VatType:
        """The customer's VATType that fits: Swedish VAT to EU consumers is SEVAT (Fortnox help)."""
        if self.market is Market.EXPORT:
            return VatType.EXPORT
        if self.market is Market.EU_BUSINESS:
            return VatType.EUREVERSEDVAT
        return VatType.SEVAT


def is_outside_eu_vat(address: Address) -> bool:
    """Outside the EU, or a territory of an EU country where EU VAT does not apply."""
    country = _country(address)
    if country not in EU_COUNTRIES:
        return True
    postcode = address.postcode.replace(" ", "").upper().removeprefix(f"{country}-")
    if country == "FI":
        postcode = postcode.removeprefix("AX-")
    region = address.region.strip().upper().removeprefix(f"{country}-")
    return postcode.startswith(_OUTSIDE_POSTCODES.get(country, ())) or (
        region in _OUTSIDE_REGIONS.get(country, ())
    )


def sale_market(buyer: Buyer, *, vat_ore: int, vat_countries: Iterable[str]) -> SaleMarket | None:
    """The market of a sale from where the goods go; None when nothing tells the country.

    Args:
        buyer: Delivery address first, billing address second.
        vat_ore: All VAT of the order; tells a taxed EU company from a reverse-charged one.
        vat_countries: Countries of the order's tax rates; used when there is no address at all
            (sales over the counter have none).
    """
    address = buyer.delivery if buyer.delivery.country else buyer.billing
    country = _country(address)
    if not country:
        known = {code for code in vat_countries if code}
        if known == {"SE"}:
            return SaleMarket(market=Market.SE, country="SE")
        return None
    if country == "SE":
        return SaleMarket(market=Market.SE, country="SE")
    if is_outside_eu_vat(address):
        return SaleMarket(market=Market.EXPORT, country=country)
    business = buyer.vat_exempt or (buyer.kind is BuyerKind.COMPANY and bool(buyer.vat_number))
    if business and vat_ore == 0:
        return SaleMarket(market=Market.EU_BUSINESS, country=country)
    return SaleMarket(market=Market.EU_CONSUMER, country=country)


def _country(address: Address) -> str:
    """ISO code; Greece's VAT prefix EL is the country GR, Northern Ireland the VAT prefix XI."""
    if address.country == "GB" and (
        address.postcode.strip().upper().startswith("BT")
        or address.region.strip().upper() == _NORTHERN_IRELAND
    ):
        return _NORTHERN_IRELAND
    return "GR" if address.country == "EL" else address.country
