"""What a shop's settings say about all its products: VAT in prices, rates, the unit of weight."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from fortnox.core.errors import FatalError
from fortnox.shops.woocommerce.client import API, WooCommerceClient
from fortnox.shops.woocommerce.fields import Json, number, text
from fortnox.shops.woocommerce.reader import read_all

#: Grams of one unit, exactly.
_GRAMS = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_STANDARD = "standard"
_SHOWN_WEIGHT = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSettings:
    """``rates_pct`` holds the rates of each tax class in the shop's own country."""

    prices_include_vat: bool
    grams_per_unit: Decimal | None
    rates_pct: dict[str, frozenset[Decimal]]

    def rates(self, tax_class: str) -> frozenset[Decimal]:
        """The rates of a class; one is certain, none or several are not."""
        return self.rates_pct.get(tax_class or _STANDARD, frozenset())

    def grams(self, weight: str) -> int | None:
        """A product's weight in whole grams; None when it has none."""
        value = number(weight)
        if value is None or self.grams_per_unit is None or value <= 0:
            return None
        grams = value * self.grams_per_unit
        return int(grams.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def weight(self, grams: int) -> str | None:
        """Grams as the shop writes a weight; None when its unit is not known."""
        if self.grams_per_unit is None:
            return None
        value = (Decimal(grams) / self.grams_per_unit).quantize(_SHOWN_WEIGHT)
        return f"{value.normalize():f}"


def read_settings(client: WooCommerceClient) -> ProductSettings:
    """Ask the shop.

    Raises:
        FatalError: The key may not read the settings: whether prices hold VAT is then a guess.
    """
    includes_vat = _setting(client, "tax/woocommerce_prices_include_tax")
    if includes_vat not in ("yes", "no"):
        raise FatalError(
            "The shop does not say whether its prices include VAT.",
            remedy="Use the key of an administrator or shop manager.",
        )
    unit = _setting(client, "products/woocommerce_weight_unit")
    home = _setting(client, "general/woocommerce_default_country").partition(":")[0]
    taxes = read_all(client, f"{API}/taxes", {})
    return ProductSettings(
        prices_include_vat=includes_vat == "yes",
        grams_per_unit=_GRAMS.get(unit),
        rates_pct=_rates(taxes, home),
    )


def _setting(client: WooCommerceClient, name: str) -> str:
    return text(client.get(f"{API}/settings/{name}"), "value")


def _rates(taxes: Iterable[Json], home: str) -> dict[str, frozenset[Decimal]]:
    """Rates of the home country; those of every country where the class has none of its own."""
    own: dict[str, set[Decimal]] = {}
    everywhere: dict[str, set[Decimal]] = {}
    for tax in taxes:
        rate, country = number(tax.get("rate")), text(tax, "country")
        if rate is None or country not in ("", home):
            continue
        rates = own if country else everywhere
        rates.setdefault(text(tax, "class") or _STANDARD, set()).add(rate)
    return {name: frozenset(rates) for name, rates in {**everywhere, **own}.items()}
