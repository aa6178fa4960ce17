"""The shop's registers as Textalk shows them: articles, variants, ways to pay and to deliver."""

import html
from decimal import Decimal

from fortnox.sandbox.seed.model import Json, ShopData
from fortnox.sandbox.textalk.costs import number

ARTICLE_UID, VARIANT_UID = 166_400_000, 70_600_000
#: Payment method of the generator -> its uid here, and Textalk's kind of method.
PAYMENT_METHODS = {
    "kco": (342601, "klarna"),
    "stripe": (342602, "card"),
    "swish": (342603, "swish"),
    "bacs": (342604, "manual"),
    "cheque": (342605, "invoice"),
    "cod": (342606, "cod"),
    "gift_card": (342607, "giftcard"),
}
DELIVERY_METHODS = {"Fast frakt": 66231, "Fri frakt": 66232, "": 66233}


def delivery_methods() -> dict[int, Json]:
    """The delivery methods by uid."""
    return {
        uid: {"uid": uid, "name": {"sv": name or "Digital leverans"}, "allowCod": False,
              "rates": []}
        for name, uid in DELIVERY_METHODS.items()
    }  # fmt: skip


def payment_methods(sales: ShopData) -> dict[int, Json]:
    """The payment methods by uid."""
    titles = {gateway["id"]: gateway["title"] for gateway in sales.gateways}
    return {
        uid: {
            "uid": uid,
            "active": True,
            "type": kind,
            "name": {"sv": titles.get(key, "Presentkort"), "en": key},
            "description": {},
            "position": place,
            "fee": {},
            "orderStatus": "",
        }
        for place, (key, (uid, kind)) in enumerate(PAYMENT_METHODS.items())
    }


def articles(sales: ShopData) -> dict[int, Json]:
    """The articles by uid, with names in two languages."""
    found: dict[int, Json] = {}
    for product in sales.products:
        uid = ARTICLE_UID + product["id"]
        name = html.unescape(product["name"])
        price = number(Decimal(product["price"]))
        found[uid] = {
            "uid": uid,
            "created": f"{product['date_created_gmt']}Z",
            "changed": f"{product['date_modified_gmt']}Z",
            "articleNumber": product["sku"],
            "name": {"sv": name, "en": f"{name} (en)"},
            "description": {"sv": "", "en": ""},
            "price": {"current": {"SEK": price}, "regular": {"SEK": price}},
            "stock": {"useStock": product["manage_stock"], "stock": product["stock_quantity"]},
            "type": "Standard",
            "draft": False,
            "hidden": False,
            "isBuyable": True,
            "vatIsIncluded": True,
            "hasChoices": bool(product["variations"]),
            "weight": 0 if product["virtual"] else 400,
            "variants": [VARIANT_UID + one for one in product["variations"]],
        }
    return found


def variants(sales: ShopData) -> dict[int, Json]:
    """The articles' variants by uid."""
    return {
        VARIANT_UID + one["id"]: {
            "uid": VARIANT_UID + one["id"],
            "articleNumber": one["sku"],
            "article": ARTICLE_UID + one["parent_id"],
            "stock": one["stock_quantity"],
        }
        for one in sales.variations
    }
