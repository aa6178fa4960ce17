"""The shop's products, tax rates, settings and gateways as WooCommerce shows them."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from fortnox.sandbox.seed.catalogue import ARTICLES, LOW, REDUCED, STANDARD, ZERO, Article
from fortnox.sandbox.seed.model import WP_TIME, Json, gmt_text

#: (rate id, country, rate, label, tax class)
TAX_RATES = (
    (1, "SE", Decimal(25), "Moms 25%", STANDARD),
    (2, "SE", Decimal(12), "Moms 12%", REDUCED),
    (3, "SE", Decimal(6), "Moms 6%", LOW),
    (4, "SE", Decimal(0), "Momsfri 0%", ZERO),
    (5, "DE", Decimal(19), "MwSt 19%", STANDARD),
    (6, "DE", Decimal(7), "MwSt 7%", REDUCED),
    (7, "DE", Decimal(7), "MwSt 7%", LOW),
)

#: Payment method -> title at checkout.
GATEWAYS = {
    "kco": "Klarna",
    "stripe": "Kort (Stripe)",
    "swish": "Swish",
    "bacs": "Banköverföring",
    "cheque": "Faktura 30 dagar",
    "cod": "Postförskott",
}


def taxes() -> list[Json]:
    """``GET /taxes``: the standard class is called "standard" here and "" everywhere else."""
    return [
        {
            "id": rate_id,
            "country": country,
            "state": "",
            "postcode": "",
            "city": "",
            "rate": f"{rate:.4f}",
            "name": name,
            "priority": 1,
            "compound": False,
            "shipping": True,
            "order": order,
            "class": tax_class or "standard",
            "postcodes": [],
            "cities": [],
        }
        for order, (rate_id, country, rate, name, tax_class) in enumerate(TAX_RATES)
    ]


def settings() -> dict[str, list[Json]]:
    """The groups ``general`` and ``tax``, with the settings that matter for the books."""
    return {
        "general": [
            _setting("woocommerce_default_country", "Country / State", "select", "SE", "US:CA"),
            _setting("woocommerce_calc_taxes", "Enable taxes", "checkbox", "yes", "no"),
            _setting("woocommerce_enable_coupons", "Enable coupons", "checkbox", "yes", "yes"),
            _setting("woocommerce_currency", "Currency", "select", "SEK", "USD"),
            _setting("woocommerce_price_thousand_sep", "Thousand separator", "text", " ", ","),
            _setting("woocommerce_price_decimal_sep", "Decimal separator", "text", ",", "."),
            _setting("woocommerce_price_num_decimals", "Number of decimals", "number", "2", "2"),
        ],
        "tax": [
            _setting("woocommerce_prices_include_tax", "Prices entered with tax", "radio",
                     "yes", "no"),
            _setting("woocommerce_tax_based_on", "Calculate tax based on", "select",
                     "shipping", "shipping"),
            _setting("woocommerce_shipping_tax_class", "Shipping tax class", "select",
                     "inherit", "inherit"),
            _setting("woocommerce_tax_round_at_subtotal", "Rounding", "checkbox", "no", "no"),
        ],
    }  # fmt: skip


def _setting(setting_id: str, label: str, kind: str, value: str, default: str) -> Json:
    return {
        "id": setting_id,
        "label": label,
        "description": "",
        "type": kind,
        "default": default,
        "tip": "",
        "value": value,
    }


def gateways() -> list[Json]:
    """``GET /payment_gateways``."""
    return [
        {
            "id": gateway_id,
            "title": title,
            "description": "",
            "order": "",
            "enabled": True,
            "method_title": title,
            "method_description": "",
            "method_supports": ["products", "refunds"],
            "settings": {},
            "needs_setup": False,
        }
        for gateway_id, title in GATEWAYS.items()
    ]


def products(opened: datetime, zone: ZoneInfo, day: date) -> tuple[list[Json], list[Json]]:
    """Products and variations, with the tax classes of ``day``."""
    listed, variations = [], []
    for article in ARTICLES:
        listed.append(_product(article, opened, zone, day))
        variations += [
            _variation(article, i, opened, zone, day) for i in range(len(article.options))
        ]
    return listed, variations


def variation_id(article: Article, index: int) -> int:
    """Id of a product's variation; 0-based index, ids follow the product's."""
    return article.product_id + 1 + index


def variation_sku(article: Article, index: int) -> str:
    """A variation's own article number; the parent's when the parent has none to build on."""
    return f"{article.sku}-{article.options[index].upper()}" if article.sku else ""


def _common(article: Article, opened: datetime, zone: ZoneInfo, day: date) -> Json:
    local = opened.astimezone(zone).strftime(WP_TIME)
    return {
        "date_created": local,
        "date_created_gmt": gmt_text(opened),
        "date_modified": local,
        "date_modified_gmt": gmt_text(opened),
        "status": "publish",
        "description": "",
        "global_unique_id": "",
        "price": str(article.price),
        "regular_price": str(article.price),
        "sale_price": "",
        "on_sale": False,
        "purchasable": True,
        "virtual": article.virtual,
        "downloadable": False,
        "tax_status": "taxable",
        "tax_class": article.tax_class(day),
        "manage_stock": not article.virtual,
        "stock_quantity": None if article.virtual else 40 + article.product_id % 90,
        "stock_status": "instock",
        "backorders": "no",
        "weight": "" if article.virtual else "0.4",
        "dimensions": {"length": "", "width": "", "height": ""},
        "shipping_class": "",
        "menu_order": 0,
        "meta_data": [],
    }


def _product(article: Article, opened: datetime, zone: ZoneInfo, day: date) -> Json:
    product = _common(article, opened, zone, day)
    product |= {
        "id": article.product_id,
        "name": article.name,
        "slug": f"artikel-{article.product_id}",
        "type": "variable" if article.options else "simple",
        "sku": article.sku,
        "shipping_required": not article.virtual,
        "parent_id": 0,
        "categories": [],
        "tags": [],
        "images": [],
        "attributes": [],
        "variations": [variation_id(article, i) for i in range(len(article.options))],
    }
    if article.options:
        product |= {"regular_price": "", "manage_stock": False, "stock_quantity": None}
        product["attributes"] = [
            {"id": 0, "name": "Utförande", "slug": "Utförande", "position": 0, "visible": True,
             "variation": True, "options": list(article.options)},
        ]  # fmt: skip
    return product


def _variation(article: Article, index: int, opened: datetime, zone: ZoneInfo, day: date) -> Json:
    option = article.options[index]
    return _common(article, opened, zone, day) | {
        "id": variation_id(article, index),
        "type": "variation",
        "name": option,
        "sku": variation_sku(article, index),
        "image": None,
        "attributes": [{"id": 0, "name": "Utförande", "slug": "Utförande", "option": option}],
        "parent_id": article.product_id,
    }
