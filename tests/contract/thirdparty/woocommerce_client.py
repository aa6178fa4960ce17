"""The ``woocommerce`` package against a shop; prints what it saw as JSON.

Runs in an environment of its own. ``read`` is safe on a real shop, ``write`` is not.
"""

import json
import os
import sys
from typing import Any

from woocommerce import API


def main() -> None:
    """``woocommerce_client.py read|write``, the shop and its key from the environment."""
    shop = API(
        url=os.environ["SHOP_URL"],
        consumer_key=os.environ["SHOP_KEY"],
        consumer_secret=os.environ["SHOP_SECRET"],
        timeout=30,
        query_string_auth=os.environ.get("SHOP_QUERY_AUTH") == "1",
    )
    seen = read(shop) if sys.argv[1] == "read" else write(shop)
    print(json.dumps(seen))


def read(shop: API) -> dict[str, Any]:
    """Lists, single resources, paging headers and an error."""
    first = shop.get("orders", params={"per_page": 2, "status": "processing,completed", "dp": 2})
    orders = first.json()
    one = shop.get(f"orders/{orders[0]['id']}")
    missing = shop.get("orders/999999999")
    return {
        "statuses": [first.status_code, one.status_code, missing.status_code],
        "orders": len(orders),
        "same": one.json()["id"] == orders[0]["id"],
        "members": sorted(one.json()),
        "total_header": int(first.headers["X-WP-Total"]),
        "missing": missing.json()["code"],
        "products": shop.get("products", params={"per_page": 1}).status_code,
        "customers": shop.get("customers", params={"per_page": 1}).status_code,
        "taxes": shop.get("taxes").status_code,
        "refunds": shop.get("refunds").status_code,
        "status": shop.get("system_status").json()["environment"]["default_timezone"],
    }


def write(shop: API) -> dict[str, Any]:
    """A product, an order of it, a refund, a batch, and all of it deleted."""
    product = shop.post("products", {"name": "Å & Ä", "sku": "TP-1", "regular_price": "125.00"})
    line = {"product_id": product.json()["id"], "quantity": 2}
    order = shop.post("orders", {"line_items": [line], "set_paid": True}).json()
    meta = {"meta_data": [{"key": "_booked", "value": "A17"}]}
    changed = shop.put(f"orders/{order['id']}", meta).json()
    refund = shop.post(f"orders/{order['id']}/refunds", {"amount": "10.00", "api_refund": False})
    batch = shop.post("products/batch", {"update": [{"id": line["product_id"], "name": "Ny"}]})
    deleted = shop.delete(f"products/{line['product_id']}", params={"force": True})
    return {
        "created": product.status_code,
        "name": product.json()["name"],
        "total": order["total"],
        "meta": [meta["value"] for meta in changed["meta_data"]],
        "refund": [refund.status_code, refund.json()["amount"]],
        "batch": batch.json()["update"][0]["name"],
        "deleted": deleted.status_code,
    }


if __name__ == "__main__":
    main()
