"""WooCommerce's members of each resource, in its order, and what they hold if nothing is said.

Read off the answers of a WooCommerce 11.
"""

import copy
from typing import Any

from fortnox.sandbox.seed.model import Json

_DATES = ("date_created", "date_created_gmt", "date_modified", "date_modified_gmt")
_SALE_DATES = (
    "date_on_sale_from", "date_on_sale_from_gmt", "date_on_sale_to", "date_on_sale_to_gmt",
)  # fmt: skip
_NOTHING: dict[str, Any] = {"length": "", "width": "", "height": ""}

ADDRESS: Json = dict.fromkeys(
    ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode",
     "country"), "",
)  # fmt: skip
BILLING: Json = ADDRESS | {"email": "", "phone": ""}
SHIPPING: Json = ADDRESS | {"phone": ""}

ORDER: Json = {
    "id": 0, "parent_id": 0, "status": "pending", "currency": "SEK", "version": "11.0.1",
    "prices_include_tax": True, "date_created": None, "date_modified": None,
    "discount_total": "0.00", "discount_tax": "0.00", "shipping_total": "0.00",
    "shipping_tax": "0.00", "cart_tax": "0.00", "total": "0.00", "total_tax": "0.00",
    "customer_id": 0, "order_key": "", "billing": BILLING, "shipping": SHIPPING,
    "payment_method": "", "payment_method_title": "", "transaction_id": "",
    "customer_ip_address": "", "customer_user_agent": "", "created_via": "rest-api",
    "customer_note": "", "date_completed": None, "date_paid": None, "cart_hash": "", "number": "",
    "meta_data": [], "line_items": [], "tax_lines": [], "shipping_lines": [], "fee_lines": [],
    "coupon_lines": [], "refunds": [], "is_editable": True, "needs_payment": True,
    "needs_processing": True, "date_created_gmt": None, "date_modified_gmt": None,
    "date_completed_gmt": None, "date_paid_gmt": None, "currency_symbol": "kr",
}  # fmt: skip

PRODUCT: Json = {
    "id": 0, "name": "", "slug": "", "permalink": "", **dict.fromkeys(_DATES), "type": "simple",
    "status": "publish", "featured": False, "catalog_visibility": "visible", "description": "",
    "short_description": "", "sku": "", "price": "", "regular_price": "", "sale_price": "",
    **dict.fromkeys(_SALE_DATES), "on_sale": False, "purchasable": False, "total_sales": 0,
    "virtual": False, "downloadable": False, "downloads": [], "download_limit": -1,
    "download_expiry": -1, "external_url": "", "button_text": "", "tax_status": "taxable",
    "tax_class": "", "manage_stock": False, "stock_quantity": None, "backorders": "no",
    "backorders_allowed": False, "backordered": False, "low_stock_amount": None,
    "sold_individually": False, "weight": "", "dimensions": _NOTHING, "shipping_required": True,
    "shipping_taxable": True, "shipping_class": "", "shipping_class_id": 0,
    "reviews_allowed": True, "average_rating": "0.00", "rating_count": 0, "upsell_ids": [],
    "cross_sell_ids": [], "parent_id": 0, "purchase_note": "", "categories": [], "brands": [],
    "tags": [], "images": [], "attributes": [], "default_attributes": [], "variations": [],
    "grouped_products": [], "menu_order": 0, "price_html": "", "related_ids": [], "meta_data": [],
    "stock_status": "instock", "has_options": False, "post_password": "", "global_unique_id": "",
}  # fmt: skip

VARIATION: Json = {
    "id": 0, "type": "variation", **dict.fromkeys(_DATES), "description": "", "permalink": "",
    "sku": "", "global_unique_id": "", "price": "", "regular_price": "", "sale_price": "",
    **dict.fromkeys(_SALE_DATES), "on_sale": False, "status": "publish", "purchasable": False,
    "virtual": False, "downloadable": False, "downloads": [], "download_limit": -1,
    "download_expiry": -1, "tax_status": "taxable", "tax_class": "", "manage_stock": False,
    "stock_quantity": None, "stock_status": "instock", "backorders": "no",
    "backorders_allowed": False, "backordered": False, "low_stock_amount": None, "weight": "",
    "dimensions": _NOTHING, "shipping_class": "", "shipping_class_id": 0, "image": None,
    "gallery_image_ids": [], "attributes": [], "menu_order": 0, "meta_data": [], "name": "",
    "parent_id": 0,
}  # fmt: skip

CUSTOMER: Json = {
    "id": 0, **dict.fromkeys(_DATES), "email": "", "first_name": "", "last_name": "",
    "role": "customer", "username": "",
    "billing": {**{n: "" for n in ADDRESS if n != "state"}, "state": "", "email": "", "phone": ""},
    "shipping": {**{n: "" for n in ADDRESS if n != "state"}, "state": "", "phone": ""},
    "is_paying_customer": False, "avatar_url": "", "meta_data": [],
}  # fmt: skip


def fresh(template: Json, given: Json) -> Json:
    """A copy of a template with what is given, in the template's order."""
    copied = {
        name: given[name] if name in given else copy.deepcopy(value)
        for name, value in template.items()
    }
    return copied | given


def order_from_seed(order: Json) -> Json:
    """An order with every member. One that was recorded is left as it is."""
    return order if "_links" in order else fresh(ORDER, order)


def product_from_seed(product: Json) -> Json:
    """A product with every member. One that was recorded is left as it is."""
    if "_links" in product:
        return product
    whole = fresh(PRODUCT, product)
    whole |= {
        "has_options": product["type"] == "variable",
        "shipping_taxable": whole["shipping_required"],
    }
    return whole


def variation_from_seed(variation: Json) -> Json:
    """A variation with every member. One that was recorded is left as it is."""
    return variation if "_links" in variation else fresh(VARIATION, variation)
