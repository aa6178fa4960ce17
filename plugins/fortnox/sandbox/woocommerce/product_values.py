"""What WooCommerce works out about a product: prices, stock, addresses, and what may be written."""

import re
from decimal import Decimal
from typing import Any

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.errors import WpError
from fortnox.sandbox.woocommerce.schema import META, Kind
from fortnox.sandbox.woocommerce.state import Registers
from fortnox.sandbox.woocommerce.texts import money_html, plain_money, price_text

TYPES = ("simple", "grouped", "external", "variable")
STATUSES = ("draft", "pending", "private", "publish", "future", "auto-draft", "trash")
STOCK_STATUSES = ("instock", "outofstock", "onbackorder")
#: WooCommerce drops them from a global unique id without a word (an ISBN may end in X).
_NOT_OF_A_GTIN = re.compile(r"[^0-9Xx-]")
_SIZES = {"length": "string", "width": "string", "height": "string"}

#: What products and variations have in common; the rest is each one's own.
_COMMON: dict[str, Kind] = {
    "description": "string", "sku": "string", "global_unique_id": "string",
    "regular_price": "string", "sale_price": "string", "status": STATUSES, "virtual": "boolean",
    "downloadable": "boolean", "download_limit": "integer", "download_expiry": "integer",
    "tax_status": ("taxable", "shipping", "none"), "tax_class": "string",
    "stock_quantity": "integer", "inventory_delta": "integer", "stock_status": STOCK_STATUSES,
    "backorders": ("no", "notify", "yes"), "weight": "string", "dimensions": _SIZES,
    "menu_order": "integer", "meta_data": META,
}  # fmt: skip
PRODUCT_SCHEMA: dict[str, Kind] = _COMMON | {
    "name": "string", "slug": "string", "type": TYPES, "featured": "boolean",
    "catalog_visibility": ("visible", "catalog", "search", "hidden"),
    "short_description": "string", "external_url": "string", "button_text": "string",
    "manage_stock": "boolean", "sold_individually": "boolean", "reviews_allowed": "boolean",
    "upsell_ids": ["integer"], "cross_sell_ids": ["integer"], "parent_id": "integer",
    "purchase_note": "string", "grouped_products": ["integer"],
    "categories": [{"id": "integer"}], "images": ["mixed"],
    "attributes": [{"id": "integer", "name": "string", "position": "integer",
                    "visible": "boolean", "variation": "boolean", "options": ["string"]}],
}  # fmt: skip
VARIATION_SCHEMA: dict[str, Kind] = _COMMON | {
    "manage_stock": "mixed", "image": "mixed",
    "attributes": [{"id": "integer", "name": "string", "option": "string"}],
}  # fmt: skip


def check_images(written: Json) -> None:
    """Pictures would have to be fetched from elsewhere, which a sandbox does not.

    Raises:
        WpError: 400, as of a picture that can't be fetched.
    """
    if written.get("images") or written.get("image"):
        text = "Error getting remote image. The sandbox fetches nothing."
        raise WpError("woocommerce_product_image_upload_error", text, 400)


def check_sku(registers: Registers, written: Json, own_id: int) -> None:
    """A SKU belongs to one product or variation, whatever its case.

    Raises:
        WpError: 400 ``product_invalid_sku``, with the id that has it and a free one.
    """
    sku = written.get("sku", "")
    used = {
        item["sku"].lower(): key
        for table in (registers.products, registers.variations)
        for key, item in table.items()
        if item["sku"] and key != own_id and item["status"] != "trash"
    }
    if not sku or sku.lower() not in used:
        return
    number = 1
    while f"{sku}-{number}".lower() in used:
        number += 1
    raise WpError("product_invalid_sku", "Invalid or duplicated SKU.", 400,
                  resource_id=used[sku.lower()], unique_sku=f"{sku}-{number}")  # fmt: skip


def moved_stock(item: Json, given: Json) -> Json:
    """What is written of stock: a number, or else a change of what is there (``inventory_delta``).

    Not in WooCommerce's schema, but in its controllers of products and variations.
    """
    change = given.pop("inventory_delta", None)
    managed = given.get("manage_stock", item["manage_stock"])
    if change is None or "stock_quantity" in given or managed is not True:
        return given
    return given | {"stock_quantity": (item["stock_quantity"] or 0) + change}


def settle(item: Json) -> None:
    """Work out price, stock and what follows from them, after a write."""
    for name in ("regular_price", "sale_price"):
        item[name] = price_text(item[name])
    item["global_unique_id"] = _NOT_OF_A_GTIN.sub("", item["global_unique_id"])
    regular, sale = item["regular_price"], item["sale_price"]
    item["on_sale"] = bool(sale) and (not regular or Decimal(sale) < Decimal(regular))
    if item["type"] not in ("variable", "grouped"):
        item["price"] = sale if item["on_sale"] else regular
    item["purchasable"] = item["type"] not in ("external", "grouped") and item["price"] != ""
    _settle_stock(item)
    if item["type"] != "variation":
        ships = not item["virtual"] and item["type"] != "external"
        item |= {"shipping_required": ships, "shipping_taxable": ships,
                 "has_options": item["type"] == "variable"}  # fmt: skip


def _settle_stock(item: Json) -> None:
    if item["manage_stock"] == "parent":
        item["manage_stock"] = False
    backorders = item["backorders"] != "no"
    if item["manage_stock"] is True:
        quantity = item["stock_quantity"] or 0
        item["stock_quantity"] = quantity
        empty = "onbackorder" if backorders else "outofstock"
        item["stock_status"] = "instock" if quantity > 0 else empty
    else:
        # A quantity that is written without manage_stock is taken and forgotten.
        item["stock_quantity"] = None
    item |= {
        "backorders_allowed": backorders,
        "backordered": item["stock_status"] == "onbackorder",
    }


def settle_parent(registers: Registers, parent_id: int) -> None:
    """A variable product costs what its cheapest variation costs."""
    parent = registers.products[parent_id]
    its_own = [v for v in registers.variations.values() if v["parent_id"] == parent_id]
    prices = sorted((Decimal(v["price"]), v["price"]) for v in its_own if v["price"])
    parent |= {
        "variations": [v["id"] for v in its_own],
        "price": prices[0][1] if prices else "",
        "purchasable": bool(prices),
    }
    registers.products[parent_id] = parent


def price_html(registers: Registers, product: Json) -> str:
    """The price as the shop's pages show it."""
    if product["type"] in ("variable", "grouped"):
        return _range_html(registers, product)
    if product["price"] == "":
        return ""
    if not product["on_sale"] or product["regular_price"] == "":
        return money_html(product["price"])
    old, new = product["regular_price"], product["price"]
    return (
        f'<del aria-hidden="true">{money_html(old)}</del> <span class="screen-reader-text">'
        f'Original price was: {plain_money(old)}.</span><ins aria-hidden="true">{money_html(new)}'
        f'</ins><span class="screen-reader-text">Current price is: {plain_money(new)}.</span>'
    )


def _range_html(registers: Registers, product: Json) -> str:
    table = registers.variations if product["type"] == "variable" else registers.products
    parts: list[Any] = product["variations"] or product["grouped_products"]
    prices = sorted({Decimal(table[part]["price"] or 0) for part in parts if part in table})
    if not prices:
        return ""
    low, high = str(prices[0]), str(prices[-1])
    if low == high:
        return money_html(low)
    return (
        f'{money_html(low, hidden=True)} <span aria-hidden="true">&ndash;</span> '
        f'{money_html(high, hidden=True)}<span class="screen-reader-text">'
        f"Price range: {plain_money(low)} through {plain_money(high)}</span>"
    )
