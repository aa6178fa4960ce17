"""What the smoke test looks up in Fortnox beside the document: the article and the card."""

from dataclasses import replace
from decimal import Decimal

from fortnox.api.client import FortnoxClient
from fortnox.api.text import clean
from fortnox.api.wire import path_segment
from fortnox.core.money import decimal_to_ore
from fortnox.core.smoke import Check, SmokeProduct, customer_check, product_checks
from fortnox.steps.articles_compare import DESCRIPTION_CHARACTERS


def article_checks(
    client: FortnoxClient,
    product: SmokeProduct,
    *,
    gross_ore: int,
    net_ore: int,
    name_flows: bool,
) -> list[Check]:
    """The article of a product's SKU; arguments as of :func:`product_checks`."""
    article = None
    if product.sku:
        article = client.find(f"articles/{path_segment(product.sku)}", "Article")
    price = article.get("SalesPrice") if article else None
    return product_checks(
        replace(product, name=clean(product.name, DESCRIPTION_CHARACTERS)),
        article,
        price_ore=None if price in (None, "") else decimal_to_ore(Decimal(str(price))),
        gross_ore=gross_ore,
        net_ore=net_ore,
        name_flows=name_flows,
    )


def card_check(client: FortnoxClient, number: str) -> Check:
    """The customer that a document goes to."""
    return customer_check(number, client.find(f"customers/{path_segment(number)}", "Customer"))
