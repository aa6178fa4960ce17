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

#: Slug -> name of the shop's tax classes.
_CLASSES = {
    "standard": "Standard rate", REDUCED: "Reduced rate", LOW: "Reducerad 6", ZERO: "Zero rate",
}  # fmt: skip
#: Shipping zone -> its methods: (instance id, method, title, cost).
_ZONES = {
    "Locations not covered by your other zones": (),
    "Sverige": ((1, "flat_rate", "Fast frakt", "49"), (3, "free_shipping", "Fri frakt", "")),
    "Övriga länder": ((4, "flat_rate", "Utlandsfrakt", "149"),),
}
#: Payment method -> title at checkout.
GATEWAYS = {
    "kco": "Klarna",
    "stripe": "Kort (Stripe)",
    "swish": "Swish",
    "bacs": "Banköverföring",
    "cheque": "Faktura 30 dagar",
    "cod": "Postförskott",
}
_ONLINE = ("kco", "stripe", "swish")


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
    """The groups with the settings that matter for the books and for articles."""
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
        "products": [
            _setting("woocommerce_weight_unit", "Weight unit", "select", "kg", "lbs"),
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


def tax_classes() -> list[Json]:
    """``GET /taxes/classes``."""
    return [{"slug": slug, "name": name} for slug, name in _CLASSES.items()]


def zones() -> list[Json]:
    """``GET /shipping/zones``; zone 0 is everything that no other zone covers."""
    return [{"id": i, "name": name, "order": 0} for i, name in enumerate(_ZONES)]


def methods() -> list[Json]:
    """``GET /shipping/zones/<id>/methods`` of all zones; costs are always ex VAT."""
    return [
        {
            "zone_id": zone_id,
            "id": instance,
            "instance_id": instance,
            "title": title,
            "order": order,
            "enabled": True,
            "method_id": method,
            "method_title": method.replace("_", " ").capitalize(),
            "method_description": "",
            "settings": {"cost": {"id": "cost", "label": "Cost", "description": "",
                                  "type": "text", "value": cost, "default": "", "tip": "",
                                  "placeholder": ""}},
        }
        for zone_id, its_own in enumerate(_ZONES.values())
        for order, (instance, method, title, cost) in enumerate(its_own, 1)
    ]  # fmt: skip


def categories() -> list[Json]:
    """``GET /products/categories``."""
    return [
        {"id": 16 + i, "name": name, "slug": slug, "parent": 0, "description": "",
         "display": "default", "image": None, "menu_order": 0, "count": 0}
        for i, (slug, name) in enumerate((("hem", "Hem"), ("bocker", "Böcker"),
                                          ("livsmedel", "Livsmedel"), ("tjanster", "Tjänster")))
    ]  # fmt: skip


def attributes() -> list[Json]:
    """``GET /products/attributes``: the global ones, which products may share."""
    return [
        {"id": i, "name": name, "slug": slug, "type": "select", "order_by": "menu_order",
         "has_archives": False}
        for i, (slug, name) in enumerate((("pa_storlek", "Storlek"), ("pa_farg", "Färg")), 1)
    ]  # fmt: skip


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
            # Money that came by transfer, invoice or at the door can't be sent back by itself.
            "method_supports": ["products", "refunds"] if gateway_id in _ONLINE else ["products"],
            "settings": {},
            "needs_setup": False,
            "post_install_scripts": [],
            "settings_url": "",
            "connection_url": None,
            "setup_help_text": None,
            "required_settings_keys": [],
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
