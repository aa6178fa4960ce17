"""A marked order, made and removed by the smoke test."""

from collections.abc import Mapping

from fortnox.core.smoke import SmokeProduct
from fortnox.shops.woocommerce.client import API, WooCommerceClient
from fortnox.shops.woocommerce.convert import TEST_ORDER_KEY
from fortnox.shops.woocommerce.fields import Json, number, rows, text
from fortnox.shops.woocommerce.reader import ORDERS
from fortnox.shops.woocommerce.transport import Write

#: Reserved for documentation (RFC 2606): mail to it reaches nobody.
_BUYER = {
    "first_name": "Fortnox",
    "last_name": "Testorder",
    "address_1": "Testgatan 1",
    "postcode": "11122",
    "city": "Stockholm",
    "country": "SE",
    "email": "fortnox-testorder@example.com",
}


class WooCommerceMarkedOrders:
    """Implements ``MarkedOrders``.

    Args:
        client: The shop's client; its key needs the permission Read/Write.
    """

    def __init__(self, client: WooCommerceClient) -> None:
        self._client = client

    def product(self) -> SmokeProduct | None:
        """A simple published product with a price; one with a SKU before others."""
        query = {
            "status": "publish",
            "type": "simple",
            "orderby": "id",
            "order": "asc",
            "_fields": "id,sku,price,name,manage_stock,stock_quantity",
        }
        found = [
            _product(item)
            for item in self._client.list(f"{API}/products", query).items
            if number(item.get("price"))
        ]
        return next((one for one in found if one.sku), found[0] if found else None)

    def make(self, product: SmokeProduct, payment_method: str) -> str:
        """One of the product, paid; returns the order's id."""
        body = {
            "payment_method": payment_method,
            "payment_method_title": "Testorder",
            "set_paid": True,
            "customer_note": "Testorder: skicka inte",
            "billing": _BUYER,
            "line_items": [{"product_id": int(product.product_id), "quantity": 1}],
            "meta_data": [{"key": TEST_ORDER_KEY, "value": "yes"}],
        }
        made = self._client.write_once(ORDERS, Write(method="POST", body=body))
        return text(made, "id")

    def refund(self, order_id: str) -> None:
        """All of it, line by line; the payment's gateway is not asked."""
        order = self._client.get(f"{ORDERS}/{order_id}")
        lines = {
            text(line, "id"): {
                "quantity": line.get("quantity"),
                "refund_total": text(line, "total"),
                "refund_tax": [
                    {"id": tax.get("id"), "refund_total": text(tax, "total")}
                    for tax in rows(line, "taxes")
                ],
            }
            for line in rows(order, "line_items")
        }
        body = {
            "amount": text(order, "total"),
            "api_refund": False,
            "reason": "Testorder",
            "line_items": [{"id": int(line_id), **line} for line_id, line in lines.items()],
        }
        self._client.write_once(f"{ORDERS}/{order_id}/refunds", Write(method="POST", body=body))

    def remove(self, order_id: str) -> None:
        """Delete it for good."""
        params: Mapping[str, str] = {"force": "true"}
        path = f"{ORDERS}/{order_id}"
        self._client.write_once(path, Write(method="DELETE", body={}, params=params))


def _product(item: Json) -> SmokeProduct:
    return SmokeProduct(
        product_id=text(item, "id"),
        sku=text(item, "sku"),
        name=text(item, "name"),
        stock=number(item.get("stock_quantity")) if item.get("manage_stock") is True else None,
    )
