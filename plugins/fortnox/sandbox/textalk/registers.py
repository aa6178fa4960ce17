"""The shop's registers as Textalk shows them: articles, variants, ways to pay and to deliver."""

import html
from decimal import Decimal

from fortnox.sandbox.seed.catalogue import RATES, STANDARD
from fortnox.sandbox.seed.model import Json, ShopData
from fortnox.sandbox.textalk.costs import number

ARTICLE_UID, VARIANT_UID = 166_400_000, 70_600_000
CHOICE_UID, OPTION_UID = 4_125_185, 10_000
_HUNDRED, _GRAMS = Decimal(100), Decimal(1000)
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
    """The articles by uid, with names in two languages; variants show what is their own."""
    own = variants(sales)
    found: dict[int, Json] = {}
    for product in sales.products:
        uid = ARTICLE_UID + product["id"]
        name = html.unescape(product["name"])
        price = number(Decimal(product["regular_price"] or product["price"]))
        children = [own[VARIANT_UID + one] for one in product["variations"]]
        found[uid] = {
            "uid": uid,
            "created": f"{product['date_created_gmt']}Z",
            "changed": f"{product['date_modified_gmt']}Z",
            "articleNumber": product["sku"],
            "name": {"sv": name, "en": f"{name} (en)"},
            "description": {"sv": "", "en": ""},
            "price": {"current": {"SEK": price}, "regular": {"SEK": price}},
            "stock": {
                "useStock": product["manage_stock"] or any(one["stock"] for one in children),
                "stock": product["stock_quantity"],
            },
            "type": "Standard",
            "draft": False,
            "hidden": False,
            "isBuyable": True,
            "vatIsIncluded": True,
            "vatRate": number(RATES.get(product["tax_class"], RATES[STANDARD]) / _HUNDRED),
            "ean": "",
            "unit": "st",
            "hasChoices": bool(children),
            "weight": number(Decimal(product["weight"] or 0) * _GRAMS),
            "choiceOptionPrices": {},
            "choiceSchema": _choice_schema(sales, product["id"]),
            "variants": [shown_variant(one) for one in children],
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


def shown_variant(variant: Json) -> Json:
    """A variant as its article shows it: what is its own are overrides, the rest the article's."""
    own = {name: variant[name] for name in ("articleNumber", "stock") if variant[name] is not None}
    return {
        "uid": variant["uid"],
        "definedBy": {str(CHOICE_UID): str(_option_uid(variant["uid"]))},
        "overrides": {name: value for name, value in own.items() if value != ""},
    }


def _choice_schema(sales: ShopData, product_id: int) -> Json:
    """The names of the options that tell an article's variants apart, as a form would show them."""
    options = [
        (str(_option_uid(VARIANT_UID + one["id"])), one["attributes"][0]["option"])
        for one in sales.variations
        if one["parent_id"] == product_id
    ]
    if not options:
        return {}
    choice = {"enum": [uid for uid, _ in options], "enumNames": [name for _, name in options]}
    return {"sv": {"type": "object", "properties": {str(CHOICE_UID): choice}}}


def _option_uid(variant_uid: int) -> int:
    return OPTION_UID + variant_uid
