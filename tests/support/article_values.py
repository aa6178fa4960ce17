"""Small honest articles for tests: a mug at 125 kronor with 25 % VAT, on both sides."""

from decimal import Decimal
from typing import Any

from fortnox.core.articles import ArticleDetails, FortnoxArticle, ShopArticle


def shop_article(**changed: Any) -> ShopArticle:
    """As the shop has it."""
    values: dict[str, Any] = {
        "product_id": "7",
        "sku": "MUGG",
        "name": "Mugg",
        "price": Decimal("125.00"),
        "vat_rate_pct": Decimal(25),
    }
    return ShopArticle(**{**values, **changed})


def fortnox_article(**changed: Any) -> FortnoxArticle:
    """As Fortnox has it: in every field what the shop's is."""
    values: dict[str, Any] = {
        "number": "MUGG",
        "description": "Mugg",
        "webshop": True,
        "price": Decimal("100.00"),
        "details": details(),
    }
    return FortnoxArticle(**{**values, **changed})


def details(**changed: Any) -> ArticleDetails:
    """What only the single article shows."""
    values: dict[str, Any] = {
        "sales_account": 3001,
        "article_type": "STOCK",
        "weight_g": 0,
        "stock_goods": True,
    }
    return ArticleDetails(**{**values, **changed})
