"""Lines of an order that is written over REST: what may be said, and what it becomes."""

from decimal import Decimal
from typing import Any

from fortnox.sandbox.seed.arithmetic import half_up, six
from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError
from fortnox.sandbox.woocommerce.order_totals import net_price
from fortnox.sandbox.woocommerce.schema import META, Kind
from fortnox.sandbox.woocommerce.texts import escaped, price_text, with_meta

LINE_SCHEMAS: dict[str, Kind] = {
    "line_items": [{"id": "integer", "name": "mixed", "product_id": "mixed",
                    "variation_id": "integer", "quantity": "integer", "tax_class": "string",
                    "subtotal": "string", "total": "string", "sku": "mixed", "meta_data": META}],
    "shipping_lines": [{"id": "integer", "method_title": "mixed", "method_id": "mixed",
                        "instance_id": "string", "total": "string", "meta_data": META}],
    "fee_lines": [{"id": "integer", "name": "mixed", "tax_class": "string",
                   "tax_status": ("taxable", "none"), "total": "string", "meta_data": META}],
    "coupon_lines": [{"id": "integer", "code": "mixed", "meta_data": META}],
}  # fmt: skip
_NAMES = {"line_items": "name", "shipping_lines": "method_title", "fee_lines": "name"}


def write_lines(ctx: Context, order: Json, written: Json, *, home: str) -> None:
    """Put the written lines into an order: by id changed or (named null) taken away, else new.

    Raises:
        WpError: 400: a line that is not the order's, no product, no such coupon.
    """
    for coupon in written.get("coupon_lines", ()):
        if coupon.get("code"):
            # The sandbox's REST knows no coupons: refused rather than wrongly shared out.
            text = f'Coupon "{coupon["code"]}" cannot be applied because it does not exist.'
            raise WpError("woocommerce_rest_invalid_coupon", text, 400)
    for kind, its_name in _NAMES.items():
        for line in written.get(kind, ()):
            old = _old(order[kind], line)
            if old is not None and its_name in line and line[its_name] is None:
                order[kind].remove(old)
            else:
                _WRITERS[kind](ctx, order, old, line, home)


def _old(lines: list[Json], written: Json) -> Json | None:
    if not written.get("id"):
        return None
    for line in lines:
        if line["id"] == written["id"]:
            return line
    text = "Order item ID provided is not associated with order."
    raise WpError("woocommerce_rest_invalid_item_id", text, 400)


def _item(ctx: Context, order: Json, old: Json | None, written: Json, home: str) -> None:
    line: Json = {} if old is None else dict(old)
    if old is None or written.get("product_id") or written.get("variation_id"):
        product, parent = _product(ctx, written)
        line |= _of_product(product, parent)
    else:
        product = None
    quantity = int(str(written.get("quantity", line.get("quantity", 1))))
    line |= {"quantity": quantity}
    for name in ("name", "tax_class"):
        if isinstance(written.get(name), str):
            line[name] = escaped(written[name])
    amounts = {name: _money(written[name]) for name in ("subtotal", "total") if written.get(name)}
    if product is not None:
        net = net_price(ctx.data, product, quantity, home=home)
        amounts = {"subtotal": net, "total": amounts.get("subtotal", net)} | amounts
        line["_taxable"] = product["tax_status"] == "taxable"
    _price(ctx, line, amounts)
    line["meta_data"] = _line_meta(ctx, line.get("meta_data", []), written)
    _put(order["line_items"], old, {"id": line["id"]} | _in_order(line))


def _price(ctx: Context, line: Json, amounts: dict[str, Decimal]) -> None:
    """Amounts ex VAT; what lies beyond the öre is kept aside."""
    line.setdefault("id", 0)
    if not line["id"]:
        line["id"] = ctx.data.next_id("item")
    kept: Json = dict(ctx.data.unrounded.get(line["id"]) or {})
    for name, amount in amounts.items():
        line[name] = str(half_up(amount))
        kept[name] = six(amount)
    ctx.data.unrounded[line["id"]] = kept
    total = Decimal(str(kept.get("total", line["total"])))
    # PHP divides in binary; 15 digits are what of it is the same here.
    price = Decimal(f"{total / line['quantity'] if line['quantity'] else Decimal(0):.15g}")
    line["price"] = int(price) if price == int(price) else price


def _product(ctx: Context, written: Json) -> tuple[Json, Json | None]:
    """The product or variation that a line names by id or SKU, and a variation's product."""
    data = ctx.data
    wanted = written.get("variation_id") or written.get("product_id")
    found = None
    if isinstance(wanted, int | str) and str(wanted).isdigit() and int(wanted):
        found = data.variations.get(int(wanted)) or data.products.get(int(wanted))
    elif isinstance(written.get("sku"), str) and written["sku"]:
        every = [*data.products.values(), *data.variations.values()]
        found = next((p for p in every if p["sku"].lower() == written["sku"].lower()), None)
    else:
        text = "Product ID or SKU is required."
        raise WpError("woocommerce_rest_required_product_reference", text, 400)
    if found is None:
        raise WpError("woocommerce_rest_invalid_product_id", "Invalid product ID.", 400)
    return found, data.products.get(found["parent_id"])


def _of_product(product: Json, parent: Json | None) -> Json:
    name = f"{parent['name']} - {product['name']}" if parent else product["name"]
    return {
        "name": name,
        "product_id": parent["id"] if parent else product["id"],
        "variation_id": product["id"] if parent else 0,
        "tax_class": product["tax_class"],
        "sku": product["sku"] or (parent["sku"] if parent else ""),
        "global_unique_id": product["global_unique_id"],
        "image": {"id": 0 if parent else "", "src": ""},
        "parent_name": parent["name"] if parent else None,
    }


def _in_order(line: Json) -> Json:
    """The members as WooCommerce orders them."""
    names = (
        "name", "product_id", "variation_id", "quantity", "tax_class", "subtotal", "subtotal_tax",
        "total", "total_tax", "taxes", "meta_data", "sku", "global_unique_id", "price", "image",
        "parent_name",
    )  # fmt: skip
    whole = {"subtotal_tax": "0.00", "total_tax": "0.00", "taxes": []} | line
    shown = {name: whole[name] for name in names}
    return shown | ({"_taxable": line["_taxable"]} if "_taxable" in line else {})


def _shipping(ctx: Context, order: Json, old: Json | None, written: Json, _home: str) -> None:
    if old is None and not written.get("method_id"):
        text = "Shipping method ID is required."
        raise WpError("woocommerce_rest_invalid_shipping_item", text, 400)
    line: Json = old or {
        "id": ctx.data.next_id("item"), "method_title": "", "method_id": "", "instance_id": "",
        "total": "0.00", "total_tax": "0.00", "taxes": [], "tax_status": "taxable",
        "meta_data": [],
    }  # fmt: skip
    for name in ("method_title", "method_id", "instance_id"):
        if isinstance(written.get(name), str):
            line[name] = written[name]
    if "total" in written:
        line["total"] = str(half_up(_money(written["total"])))
    line["meta_data"] = _line_meta(ctx, line["meta_data"], written)
    _put(order["shipping_lines"], old, line)


def _fee(ctx: Context, order: Json, old: Json | None, written: Json, _home: str) -> None:
    if old is None and not written.get("name"):
        text = "Fee name is required."
        raise WpError("woocommerce_rest_invalid_fee_item", text, 400)
    line: Json = old or {
        "id": ctx.data.next_id("item"), "name": "", "tax_class": "", "tax_status": "taxable",
        "amount": "", "total": "0.00", "total_tax": "0.00", "taxes": [], "meta_data": [],
    }  # fmt: skip
    for name in ("name", "tax_class", "tax_status"):
        if isinstance(written.get(name), str):
            line[name] = written[name]
    if "total" in written:
        line["total"] = str(half_up(_money(written["total"])))
    line["meta_data"] = _line_meta(ctx, line["meta_data"], written)
    _put(order["fee_lines"], old, line)


_WRITERS: dict[str, Any] = {"line_items": _item, "shipping_lines": _shipping, "fee_lines": _fee}


def _put(lines: list[Json], old: Json | None, line: Json) -> None:
    if old is None:
        lines.append(line)
    else:
        lines[lines.index(old)] = line


def _line_meta(ctx: Context, old: list[Json], written: Json) -> list[Json]:
    made = with_meta(old, written.get("meta_data", ()), ctx.data)
    return [meta | {"display_key": meta["key"], "display_value": meta["value"]} for meta in made]


def _money(text: str) -> Decimal:
    return Decimal(price_text(text) or 0)
