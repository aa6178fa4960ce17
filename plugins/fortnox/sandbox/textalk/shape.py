"""The generated sales as a Textalk shop holds them: orders, items, payments, articles, customers.

The generator tells WooCommerce's story of a sale; here its consequences are told as Textalk does:
a coupon is a discount on items that stand at full price, a fee is ``costs.payment``, a gift card
is a second payment, a cancelled order is discarded, and a refund is an order edited afterwards.
"""

import html
from collections.abc import Iterator
from decimal import Decimal

from fortnox.sandbox.seed.model import Json, ShopData
from fortnox.sandbox.textalk.costs import (
    Money,
    cost,
    discounts_by_rate,
    number,
    order_costs,
)
from fortnox.sandbox.textalk.people import customer_of, registered
from fortnox.sandbox.textalk.registers import (
    ARTICLE_UID,
    DELIVERY_METHODS,
    PAYMENT_METHODS,
    articles,
    delivery_methods,
    payment_methods,
    variants,
)

ORDER_UID, ITEM_UID, PAYMENT_UID = 156_000_000, 203_000_000, 79_000_000
#: Order currency per krona, as the shop's staff typed it in.
_EXCHANGE_RATES = {"SEK": Decimal(1), "EUR": Decimal("0.089286")}
_HUNDRED = Decimal(100)

#: Class -> uid -> object.
Objects = dict[str, dict[int, Json]]


def objects_of(sales: ShopData, company_field: str) -> Objects:
    """Everything that the shop holds."""
    shop: Objects = {
        "Order": {},
        "OrderItem": {},
        "Payment": {},
        "PaymentMethod": payment_methods(sales),
        "DeliveryMethod": delivery_methods(),
        "Article": articles(sales),
        "ArticleVariant": variants(sales),
        "Customer": registered(sales, company_field),
    }  # fmt: skip
    refunds = {refund["parent_id"]: refund for refund in sales.refunds}
    for order in sales.orders:
        _add_order(shop, order, refunds.get(order["id"]), company_field)
    return shop


def _add_order(shop: Objects, order: Json, refund: Json | None, company_field: str) -> None:
    currency = order["currency"]
    uid = ORDER_UID + order["id"]
    items = list(_items(order, refund, uid))
    payments = list(_payments(order))
    for item in items:
        shop["OrderItem"][item["uid"]] = item
    for payment in payments:
        shop["Payment"][payment["uid"]] = payment
    fees = [line for line in order["fee_lines"] if Decimal(line["total"]) > 0]
    shipment = _extra_cost(order, order["shipping_lines"], currency)
    costs = order_costs(items, shipment, _extra_cost(order, fees, currency), currency)
    method = order["shipping_lines"][0]["method_title"] if order["shipping_lines"] else ""
    is_cart = order["status"] == "checkout-draft"
    refunded_at = [refund["date_created_gmt"]] if refund else []
    changed = max([order["date_modified_gmt"], *refunded_at])
    shop["Order"][uid] = {
        "uid": uid,
        "orderNumber": str(order["number"]),
        "ordered": None if is_cart else f"{order['date_created_gmt']}Z",
        "changed": f"{changed}Z",
        "customer": customer_of(order["billing"], _organisation_number(order), company_field),
        "currency": currency,
        "exchangeRate": number(_EXCHANGE_RATES[currency]),
        "items": [item["uid"] for item in items],
        "costs": costs,
        "language": "sv",
        "note": "",
        "tags": [],
        "externalOrderNumber": "",
        "discarded": order["status"] in {"cancelled", "refunded"},
        "hasVat": bool(costs["total"]["vat"]),
        "payments": [payment["uid"] for payment in payments],
        "delivery": {"method": DELIVERY_METHODS[method]},
        "paymentStatus": "paid" if order["date_paid_gmt"] else "unpaid",
        "deliveryStatus": "sent" if order["date_completed_gmt"] else "unsent",
        "discountInfo": discounts_by_rate(items),
    }


def _organisation_number(order: Json) -> str:
    values = (meta["value"] for meta in order["meta_data"] if meta["key"] == "_billing_org_nr")
    return str(next(values, ""))


def _items(order: Json, refund: Json | None, order_uid: int) -> Iterator[Json]:
    """Items at full price; what was refunded by pieces is edited away."""
    partial = refund if refund and order["status"] != "refunded" else {"line_items": []}
    back = {
        int(line["meta_data"][0]["value"]): line for line in partial["line_items"]
    }  # the refunded line's own id stands in its first meta field
    discount_name = order["coupon_lines"][0]["code"] if order["coupon_lines"] else ""
    for line in order["line_items"]:
        quantity = Decimal(line["quantity"])
        full = Money(Decimal(line["subtotal"]), Decimal(line["subtotal_tax"]))
        paid = Money(Decimal(line["total"]), Decimal(line["total_tax"]))
        gone = back.get(line["id"])
        if gone is not None:
            quantity += gone["quantity"]
            full += Money(Decimal(gone["total"]), Decimal(gone["total_tax"]))
            paid = full
        if quantity:
            yield _item(order, line, order_uid, quantity, full, _discount(
                full - paid, discount_name, _rate(order, line)
            ))  # fmt: skip


def _item(  # noqa: PLR0917 - one line's parts
    order: Json, line: Json, order_uid: int, quantity: Decimal, full: Money, discount: Json | None
) -> Json:
    rate, currency = _rate(order, line), order["currency"]
    return {
        "uid": ITEM_UID + line["id"],
        "order": order_uid,
        "article": ARTICLE_UID + line["product_id"] if line["product_id"] else None,
        "articleNumber": line["sku"] or "",
        "articleName": html.unescape(line["name"]),
        "choices": {"quantity": number(quantity)},
        "costs": {
            "total": cost(full, currency, rate),
            "unit": cost(full.piece(quantity), currency, rate),
        },
        "discountInfo": discount,
        "revenueShare": None,
        "download": None,
    }


def _discount(off: Money, name: str, rate: Decimal) -> Json | None:
    if not off.gross:
        return None
    amounts = cost(off, "", rate)
    del amounts["currency"]
    return {"name": name, "discount": 138843, **amounts}


def _rate(order: Json, line: Json) -> Decimal:
    """A line's VAT rate as a fraction; 0 where none was charged."""
    rates = {tax["rate_id"]: tax["rate_percent"] for tax in order["tax_lines"]}
    return next((Decimal(rates[tax["id"]]) / _HUNDRED for tax in line["taxes"]), Decimal(0))


def _extra_cost(order: Json, lines: list[Json], currency: str) -> Json:
    """``shipment`` or ``payment``: one cost with a rate of its own."""
    money = sum((Money(Decimal(one["total"]), Decimal(one["total_tax"])) for one in lines), Money())
    return cost(money, currency, _rate(order, lines[0]) if lines else Decimal(0))


def _payments(order: Json) -> Iterator[Json]:
    """What pays the order: the checkout's method, and a gift card for its part."""
    status = "paid" if order["date_paid_gmt"] else "unpaid"
    card = -sum(
        (Decimal(line["total"]) for line in order["fee_lines"] if Decimal(line["total"]) < 0),
        Decimal(0),
    )
    first = PAYMENT_UID + 2 * order["id"]
    if card:
        yield _payment(first + 1, "gift_card", card, status, "TK-2041")
    if order["payment_method"]:
        total = Decimal(order["total"])
        yield _payment(first, order["payment_method"], total, status, order["transaction_id"])


def _payment(uid: int, key: str, amount: Decimal, status: str, reference: str) -> Json:
    return {
        "uid": uid,
        "method": PAYMENT_METHODS[key][0],
        "status": status,
        "externalRef": reference,
        "amount": number(amount),
        "params": {},
        "externalData": {},
    }


def reprice(shop: Objects, order: Json) -> None:
    """Add an order up anew after its items were changed."""
    items = [shop["OrderItem"][uid] for uid in order["items"]]
    old = order["costs"]
    order["costs"] = order_costs(items, old["shipment"], old["payment"], order["currency"])
    order["discountInfo"] = discounts_by_rate(items)
