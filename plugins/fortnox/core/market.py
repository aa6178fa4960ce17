"""Which market a sale belongs to: decides VAT treatment, account and the customer's VATType.

Decided from where the goods go, whose VAT the shop charged, and who bought; each decision carries
its sentence ("EU_CONSUMER because delivered to DE, no VAT number, VAT of DE charged").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fortnox.core.eu_rates import RATES
from fortnox.core.orders import Buyer, LineKind, Order, OrderLine
from fortnox.core.territories import (
    EU_COUNTRIES,
    NORTHERN_IRELAND,
    country_code,
    is_outside_eu_vat,
    vat_country,
)

#: In accounts.csv: consumers in other EU countries, taxed there (one-stop shop). ``EU_CONSUMER``
#: are those who were charged Swedish VAT; 25 % is both Sweden's and Denmark's rate.
EU_OSS = "EU_OSS"


class Market(StrEnum):
    """As in the ``market`` column of accounts.csv and customer_policy.csv."""

    SE = "SE"
    SE_REVERSE = "SE_REVERSE"
    EU_BUSINESS = "EU_BUSINESS"
    EU_CONSUMER = "EU_CONSUMER"
    EXPORT = "EXPORT"


class VatType(StrEnum):
    """Fortnox's ``VATType`` of a customer."""

    SEVAT = "SEVAT"
    SEREVERSEDVAT = "SEREVERSEDVAT"
    EUREVERSEDVAT = "EUREVERSEDVAT"
    EUVAT = "EUVAT"
    EXPORT = "EXPORT"


#: Swedish and OSS VAT to consumers are SEVAT: Fortnox's help leaves OSS customers as Swedish ones.
_VAT_TYPES = {
    Market.SE_REVERSE: VatType.SEREVERSEDVAT,
    Market.EU_BUSINESS: VatType.EUREVERSEDVAT,
    Market.EXPORT: VatType.EXPORT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleMarket:
    """A market, why it is this one, and whose VAT was charged.

    Attributes:
        country: Where the sale went, as VAT knows it (``XI`` for Northern Ireland).
        vat_country: Country whose VAT the shop charged; empty when it charged none.
        because: The reason, for people: country and kind of buyer, nothing else about them.
    """

    market: Market
    country: str
    vat_country: str = ""
    because: str = ""

    def __str__(self) -> str:
        return f"{self.market.value} because {self.because}"

    @property
    def is_foreign_vat(self) -> bool:
        """Another country's VAT was charged: OSS, VOEC and the like."""
        return self.vat_country not in ("", "SE")

    @property
    def is_untaxed(self) -> bool:
        """Rightly without VAT: a line without any rate is one of 0 %, not a mistake."""
        return not self.vat_country and self.market in _VAT_TYPES

    @property
    def keys(self) -> tuple[str, ...]:
        """What accounts.csv is searched by, specific first: ``("DE", "EU_OSS")``.

        A country's own row speaks of that country's VAT, so it is never asked for Swedish VAT or
        for reverse charge; outside the EU it also serves sales without VAT.
        """
        if self.is_foreign_vat:
            is_oss = self.vat_country in EU_COUNTRIES
            return (self.vat_country, EU_OSS) if is_oss else (self.vat_country,)
        if self.market is Market.EXPORT and self.country not in EU_COUNTRIES:
            return (self.country, Market.EXPORT.value)
        return (self.market.value,)

    @property
    def vat_type(self) -> VatType:
        """The customer's VATType that fits."""
        return _VAT_TYPES.get(self.market, VatType.SEVAT)


def sale_market(order: Order) -> SaleMarket | None:
    """The market of a sale; None when nothing tells the country.

    Delivery address first, then billing address; a sale over the counter has neither, and is
    Swedish if its VAT is.
    """
    buyer = order.buyer
    address = buyer.delivery if buyer.delivery.country else buyer.billing
    country = vat_country(address)
    charged = _charged(order.lines, country)
    if not country:
        named = {line.vat_country for line in order.lines if line.vat_country}
        if named != {"SE"}:
            return None
        because = "no address, Swedish VAT rates"
        return SaleMarket(market=Market.SE, country="SE", vat_country="SE", because=because)
    if country == "SE":
        return _in_sweden(buyer, charged)
    if country == NORTHERN_IRELAND and _only_services(order.lines):
        because = "services delivered to Northern Ireland, where EU VAT is for goods only"
        return _made(Market.EXPORT, "GB", _charged(order.lines, "GB"), because)
    where = f"delivered to {country}"
    if is_outside_eu_vat(address):
        inside = country in EU_COUNTRIES
        place = "a territory outside EU VAT" if inside else "outside the EU"
        return _made(Market.EXPORT, country, charged, f"{where}, {place}")
    if buyer.vat_number and not charged:
        return _made(Market.EU_BUSINESS, country, charged, f"{where}, with a VAT number")
    if not charged and _is_zero_rated(order.lines, country):
        charged = country
    number = "with a VAT number" if buyer.vat_number else "no VAT number"
    return _made(Market.EU_CONSUMER, country, charged, f"{where}, {number}")


def buyer_market(buyer: Buyer) -> SaleMarket | None:
    """The market of somebody who has bought nothing yet; None when nothing tells the country.

    A company in another EU country that has a VAT number buys without VAT.
    """
    address = buyer.delivery if buyer.delivery.country else buyer.billing
    country = vat_country(address)
    if not country:
        return None
    if country == "SE":
        return SaleMarket(market=Market.SE, country=country)
    if is_outside_eu_vat(address):
        return SaleMarket(market=Market.EXPORT, country=country)
    market = Market.EU_BUSINESS if buyer.vat_number else Market.EU_CONSUMER
    return SaleMarket(market=market, country=country)


def _in_sweden(buyer: Buyer, charged: str) -> SaleMarket:
    """Swedish reverse charge (construction, phones, scrap) only if the shop itself says exempt."""
    if buyer.vat_exempt and not charged and buyer.organisation_number:
        because = "delivered to SE, a company that the shop has as exempt from VAT"
        return _made(Market.SE_REVERSE, "SE", charged, because)
    return SaleMarket(
        market=Market.SE, country="SE", vat_country=charged or "SE", because="delivered to SE"
    )


def _made(market: Market, country: str, charged: str, because: str) -> SaleMarket:
    vat = f"VAT of {charged} charged" if charged else "no VAT charged"
    return SaleMarket(
        market=market, country=country, vat_country=charged, because=f"{because}, {vat}"
    )


def vat_countries(lines: Iterable[OrderLine], country: str) -> set[str]:
    """Countries whose VAT the lines carry, by the lines' own tax rates.

    A rate of 0 % is how some shops say export, so it does not count.
    """
    named = {line.vat_country for line in lines if line.vat_ore or line.vat_rate_pct}
    return {tax_country(name, country) for name in named}


def tax_country(rate_country: str, country: str) -> str:
    """A tax rate's country as VAT knows it; without one it is the shop's own, Sweden.

    Shops have Northern Ireland's rate under Great Britain.
    """
    code = country_code(rate_country) or "SE"
    return NORTHERN_IRELAND if country == NORTHERN_IRELAND and code == "GB" else code


def _charged(lines: Iterable[OrderLine], country: str) -> str:
    """The one country; of several the foreign one, which :mod:`fortnox.core.vat` then refuses."""
    named = vat_countries(lines, country)
    return max(named - {"SE"}, default="SE" if named else "")


def _is_zero_rated(lines: Iterable[OrderLine], country: str) -> bool:
    """Every line at 0 % of a country that has such a rate (books in Ireland), not just untaxed."""
    sold = [line for line in lines if line.gross_ore]
    own = all(
        line.vat_rate_pct == 0 and tax_country(line.vat_country, country) == country
        for line in sold
    )
    return bool(sold) and own and any(rate.rate_pct == 0 for rate in RATES.get(country, ()))


def _only_services(lines: Iterable[OrderLine]) -> bool:
    kinds = {line.kind for line in lines if line.gross_ore}
    return LineKind.SERVICE in kinds and kinds <= {LineKind.SERVICE, LineKind.FEE}
