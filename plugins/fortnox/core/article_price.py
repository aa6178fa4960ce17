"""Prices between a shop and a price list, exactly; both sides in kronor with two decimals.

Price lists in Fortnox hold prices without VAT; a shop's are as it enters them.
"""

from decimal import ROUND_HALF_UP, Decimal

from fortnox.core.articles import ShopArticle

_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)


def list_price(article: ShopArticle) -> Decimal | None:
    """The shop's price without VAT, as a price list holds it; None when it is not certain."""
    if article.price is None:
        return None
    if not article.price_includes_vat:
        return _rounded(article.price)
    if article.vat_rate_pct is None:
        return None
    return _rounded(article.price * _HUNDRED / (_HUNDRED + article.vat_rate_pct))


def shop_price(price: Decimal, article: ShopArticle) -> Decimal | None:
    """A list's price as this shop enters it; None when its VAT rate is not certain."""
    if not article.price_includes_vat:
        return _rounded(price)
    if article.vat_rate_pct is None:
        return None
    return _rounded(price * (_HUNDRED + article.vat_rate_pct) / _HUNDRED)


def _rounded(price: Decimal) -> Decimal:
    return price.quantize(_CENT, rounding=ROUND_HALF_UP)
