"""Sales without VAT that the law lets pass only with evidence (rules of the books 23). Pure.

Goods to an EU business are free of VAT only if its number was valid in VIES when they were sold;
what VIES answered is kept by the shop (order meta) or by people (vat_evidence.csv). VIES outranks
the number's form: python-stdnum knows check digits, VIES knows who is registered.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.market import Market, SaleMarket
from fortnox.core.orders import Buyer, LineKind, Order, Problem
from fortnox.core.territories import EU_COUNTRIES
from fortnox.core.vat_check import VatCheck

#: A check further than this from the sale says nothing about the day of the sale.
MAX_DISTANCE = timedelta(days=31)
_LAW = {
    True: "Unionsintern varuleverans, undantag 10 kap. 42 § ML, artikel 138 direktiv 2006/112/EG",
    False: "Tjänst, 6 kap. 33 § ML, artikel 44 och 196 direktiv 2006/112/EG",
}


def reverse_charge_problem(
    order: Order, market: SaleMarket, shop: ShopRow, mappings: Mappings, day: date
) -> Problem | None:
    """Why a sale without VAT can't be booked so; None when it can, and for all other sales."""
    if market.market is Market.SE_REVERSE and "se" not in shop.accept_shop_zero:
        return Problem(
            code="se_reverse_charge",
            text="the shop has this Swedish company as exempt from VAT: reverse charge "
            "(construction, phones, scrap), or a mistake",
            remedy="Set accept_shop_zero to se in shops.csv if the shop is right; else correct "
            "the order.",
        )
    if market.market is not Market.EU_BUSINESS:
        return None
    number = buyer_vat_number(order.buyer)
    if number[:2] not in _prefixes():
        return Problem(
            code="vat_number_not_foreign",
            text=f"sold without VAT to {market.country} with a VAT number that is not of another "
            "EU country",
            remedy="Ask the buyer for the right number, or charge VAT.",
        )
    check = _nearest((order.buyer.vat_check, *mappings.vat_checks(shop.shop, number)), day)
    if check is None:
        return _without_evidence(number, market, shop)
    if check.is_valid:
        return None
    return Problem(
        code="vat_number_invalid",
        text=f"sold without VAT to {market.country}, but VIES called the VAT number invalid on "
        f"{check.checked_on}",
        remedy="Charge VAT: correct the order in the shop, or ask the buyer for the right number.",
    )


def buyer_vat_number(buyer: Buyer) -> str:
    """The number as VIES and the customer card have it: ``DE123456789``, country in front.

    A Swedish company's number follows from its organisation number.
    """
    digits = "".join(sign for sign in buyer.organisation_number if sign.isdigit())
    text = buyer.vat_number or (f"SE{digits}01" if digits else "")
    compact = "".join(sign for sign in text.upper() if sign.isalnum())
    if not compact or compact[:2] in {*_prefixes(), "SE", "GB"}:
        return compact
    address = buyer.billing if buyer.billing.country else buyer.delivery
    return _prefix(address.country) + compact


def remarks(order: Order, market: SaleMarket) -> str:
    """What the invoice must say (ML 17 kap. 24 §): why there is no VAT, and the buyer's number."""
    if market.market not in (Market.EU_BUSINESS, Market.SE_REVERSE):
        return ""
    text = "Omvänd betalningsskyldighet / Reverse charge."
    if market.market is Market.EU_BUSINESS:
        services = {line.kind is LineKind.SERVICE for line in order.lines if line.gross_ore}
        laws = [_LAW[is_goods] for is_goods in (True, False) if (not is_goods) in services]
        text = f"{text} {'. '.join(laws)}."
    number = buyer_vat_number(order.buyer)
    return f"{text} Köparens VAT-nummer / Buyer's VAT number: {number}"


def _prefixes() -> frozenset[str]:
    """VAT prefixes of the other EU countries; Greece writes EL."""
    return (EU_COUNTRIES - {"GR", "SE"}) | {"EL"}


def _prefix(country: str) -> str:
    return {"GR": "EL", "MC": "FR"}.get(country, country)


def _nearest(checks: Iterable[VatCheck | None], day: date) -> VatCheck | None:
    """The check nearest to the sale, if it is near enough; of two equally near the later one."""
    near = [one for one in checks if one and abs(one.checked_on - day) <= MAX_DISTANCE]
    return min(
        near, key=lambda one: (abs(one.checked_on - day), -one.checked_on.toordinal()), default=None
    )


def _without_evidence(number: str, market: SaleMarket, shop: ShopRow) -> Problem | None:
    if not _is_well_formed(number):
        return Problem(
            code="vat_number_malformed",
            text=f"sold without VAT to {market.country}, and the VAT number is none by its form",
            remedy="Ask the buyer for the right number, or charge VAT.",
        )
    if "eu" in shop.accept_shop_zero:
        return None
    return Problem(
        code="reverse_charge_evidence",
        text=f"sale without VAT to an EU business in {market.country}: no proof that its number "
        "was valid in VIES at the time of sale",
        remedy="Check the number in VIES, keep the answer as a row of vat_evidence.csv, and run "
        "the day again.",
    )


def _is_well_formed(number: str) -> bool:
    from stdnum.eu import vat  # noqa: PLC0415 - loads a module per country, and is rarely asked

    # Northern Irish numbers are British ones under another prefix.
    if number.startswith("XI"):
        from stdnum.gb import vat as british  # noqa: PLC0415 - as above

        return bool(british.is_valid(f"GB{number[2:]}"))
    return bool(vat.is_valid(number))
