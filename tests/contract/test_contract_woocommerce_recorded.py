"""A sandbox shop made of a real shop's answers gives the same answers, writes included."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import simplejson
from fastapi.testclient import TestClient

from fortnox.sandbox.seed import generate
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET, create_app
from fortnox.sandbox.woocommerce.recorded import load, unexplained_refunds

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "woocommerce"
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="recorded WooCommerce answers are not beside this repository"
)
FILES = (
    "orders.json",
    "refunds.json",
    "other/111_products.json",
    "other/119_variations_tshirt.json",
    "other/120_variations_no_own_sku_parent_stock.json",
    "other/126_customers.json",
    "other/131_taxes.json",
    "other/141_payment_gateways.json",
)
#: Members of an order that follow from its lines and products.
COMPUTED = (
    "total", "total_tax", "cart_tax", "shipping_total", "shipping_tax", "discount_total",
    "discount_tax", "is_editable", "needs_payment", "currency_symbol", "prices_include_tax",
)  # fmt: skip
LINES = ("line_items", "shipping_lines", "fee_lines", "tax_lines")
#: Members of a line that the shop counts by itself, or the buyer's checkout adds.
OWN = {"id", "meta_data", "instance_id"}


def recorded(name: str) -> Any:
    """What the real shop answered, numbers exact."""
    return simplejson.loads((RECORDED / name).read_text(encoding="utf-8"), use_decimal=True)


@cache
def client() -> TestClient:
    """The real shop's registers and orders, served by the sandbox."""
    made = generate(end_day=date(2026, 11, 20), days=1, orders_per_day=1)
    shop = load([RECORDED / name for name in FILES], made)
    assert unexplained_refunds(shop) == 0
    return TestClient(create_app(shop, behind_tls=True))


def ask(method: str, path: str, body: Any = None) -> Any:
    """Status and JSON of a request, numbers exact."""
    answer = client().request(
        method, f"/wp-json/wc/v3/{path}", json=body, auth=(DEFAULT_KEY, DEFAULT_SECRET)
    )
    return answer.status_code, simplejson.loads(answer.content, use_decimal=True)


def test_every_recorded_order_is_answered_as_it_was() -> None:
    """A shop staged from its own orders would be read otherwise than the real one."""
    for order in recorded("orders.json"):
        assert ask("GET", f"orders/{order['id']}") == (200, order)


def test_recorded_orders_are_listed_as_they_were() -> None:
    """A field would get lost between the list and the single order."""
    by_id = {order["id"]: order for order in recorded("orders.json")}
    shown = [o for page in (1, 2) for o in ask("GET", f"orders?per_page=100&page={page}")[1]]
    # Other tests of this module add orders to the shop.
    listed = [order for order in shown if order["id"] in by_id]
    assert len(listed) > 90
    assert all(order == by_id[order["id"]] for order in listed)


def test_recorded_refunds_and_products_are_answered_as_they_were() -> None:
    """Refunds of a staged shop would carry other lines, its products other prices."""
    for refund in recorded("refunds.json"):
        assert refund in ask("GET", "refunds?per_page=100")[1]
    for product in recorded("other/111_products.json"):
        assert ask("GET", f"products/{product['id']}") == (200, product)


def rebuilt(order: dict[str, Any]) -> dict[str, Any]:
    """The request that would make such an order."""
    return {
        "status": order["status"],
        "currency": order["currency"],
        "billing": order["billing"],
        "shipping": order["shipping"],
        "meta_data": [{"key": m["key"], "value": m["value"]} for m in order["meta_data"]],
        "line_items": [
            {"product_id": line["variation_id"] or line["product_id"], "quantity": line["quantity"]}
            for line in order["line_items"]
        ],
        "shipping_lines": [
            {name: line[name] for name in ("method_id", "method_title", "total")}
            for line in order["shipping_lines"]
        ],
        "fee_lines": [
            {name: line[name] for name in ("name", "total", "tax_status")}
            for line in order["fee_lines"]
        ],
    }


def test_orders_written_over_rest_cost_what_they_cost_in_the_real_shop() -> None:
    """An order staged by a client would have other totals, VAT or lines than live."""
    known = {p["id"] for p in recorded("other/111_products.json")}
    known |= {v["id"] for name in FILES[3:5] for v in recorded(name)}
    orders = [
        order
        for order in recorded("orders.json")
        if order["created_via"] == "rest-api"
        and not order["coupon_lines"]
        and {line["variation_id"] or line["product_id"] for line in order["line_items"]} <= known
    ]
    assert len(orders) >= 7
    for order in orders:
        status, made = ask("POST", "orders", rebuilt(order))
        assert status == 201, made
        assert set(made) == set(order)
        assert {n: made[n] for n in COMPUTED} == {n: order[n] for n in COMPUTED}, order["id"]
        for kind in LINES:
            ours = [{n: v for n, v in line.items() if n not in OWN} for line in made[kind]]
            theirs = [{n: v for n, v in line.items() if n not in OWN} for line in order[kind]]
            assert rounded(ours) == rounded(theirs), (order["id"], kind)


def rounded(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``price`` to nine decimals: PHP divides in binary."""
    return [
        line | ({"price": round(Decimal(line["price"]), 9)} if "price" in line else {})
        for line in lines
    ]


@pytest.mark.parametrize(
    ("file", "body"),
    [
        ("160_error_404_order", None),
        ("161_error_404_product", None),
        ("162_error_404_customer", None),
        ("163_error_404_route", None),
        ("164_error_404_variation", None),
        ("165_error_400_per_page_101", None),
        ("166_error_400_status_bogus", None),
        ("167_error_400_orderby_total", None),
        ("168_error_400_modified_after_date_only", None),
        ("170_error_400_price_as_number", {"regular_price": 149}),
        ("171_error_400_duplicate_sku", {"name": "Kopia", "sku": "MUGG-BJORN-30"}),
        (
            "172_error_400_order_line_without_product",
            {"line_items": [{"name": "Fri", "total": "1"}]},
        ),
        ("173_error_400_duplicate_customer_email", {"email": "privat01@example.com"}),
        ("174_error_413_batch_101", {"update": [{"id": 10}] * 101}),
        ("175_error_500_refund_more_than_order", {"amount": "999999.00"}),
        ("176_error_500_refund_unknown_gateway", {"amount": "1.00"}),
        ("177_error_410_delete_trashed", None),
        ("180_write_variation_id_via_products_batch", {"update": [{"id": 44, "sku": "X"}]}),
    ],
)
def test_errors_read_as_recorded(file: str, body: Any) -> None:
    """A client would look for another status, code or text than the real shop sends."""
    index = json.loads((RECORDED / "other" / "index.json").read_text(encoding="utf-8"))
    entry = next(one for one in index if one["file"] == f"{file}.json")
    method, _, target = entry["request"].partition(" ")
    expected = (entry["status"], recorded(f"other/{file}.json"))
    assert ask(method, target.removeprefix("/wp-json/wc/v3/"), body) == expected


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("orders/statuses", "110_order_statuses"),
        ("data/currencies/current", "146_currencies_current"),
        ("taxes?per_page=100", "131_taxes"),
        ("taxes/classes", "132_tax_classes"),
    ],
)
def test_registers_read_as_recorded(path: str, file: str) -> None:
    """Names and order of what a mapping is made from would be others."""
    theirs = recorded(f"other/{file}.json")
    ours = simplejson.loads(
        simplejson.dumps(ask("GET", path)[1], use_decimal=True).replace(
            "http://testserver", "https://shop.example"
        ).replace("https://testserver", "https://shop.example"),
        use_decimal=True,
    )  # fmt: skip
    assert ours == theirs


def test_every_member_of_a_made_up_product_customer_and_variation_is_there() -> None:
    """A client that reads a field of the real shop would not find it in the made-up one."""
    made_up = TestClient(create_app(generate(end_day=date(2026, 11, 20)), behind_tls=True))
    for path, file in (
        ("products/121", "111_products"),
        ("products/101/variations", "119_variations_tshirt"),
        ("customers/5", "126_customers"),
        ("payment_gateways/swish", "141_payment_gateways"),
        ("products/categories", "124_categories"),
        ("shipping/zones/1/methods", "143_shipping_zone_methods"),
    ):
        answer = made_up.get(f"/wp-json/wc/v3/{path}", auth=(DEFAULT_KEY, DEFAULT_SECRET)).json()
        one = answer[0] if isinstance(answer, list) else answer
        assert set(one) == set(recorded(f"other/{file}.json")[0]), path


def test_files_that_are_no_shop_are_told_by_name(tmp_path: Path) -> None:
    """Somebody with a wrong file would get a stack trace."""
    made = generate(end_day=date(2026, 11, 20), days=1, orders_per_day=1)
    for content in ("{", '[{"id": 1, "x": 2}]', "[3]"):
        path = tmp_path / "wrong.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match=r"wrong\.json: "):
            load([path], made)
