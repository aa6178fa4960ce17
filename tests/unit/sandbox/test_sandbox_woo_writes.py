"""What a client writes to the sandbox shop: products, customers, orders, refunds and the rest."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests
from woo_sandbox_kit import Shop, running

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
#: A simple product at 25 % VAT, a book at 6 %, and a product with variations.
CUP, BOOK, SHIRT = 131, 461, 101
SWEDEN = {"country": "SE", "first_name": "Alva", "last_name": "Ek"}


@pytest.fixture(scope="module")
def server() -> Iterator[Shop]:
    """One server for the module: starting and stopping costs more than the tests."""
    with running(store_now=NOW) as running_shop:
        yield running_shop


@pytest.fixture
def shop(server: Shop) -> Shop:
    """A running shop whose clock stands still, as seeded."""
    server.store.reset()
    return server


def write(shop: Shop, method: str, path: str, body: Any, status: int = 200) -> Any:
    """Send JSON, expect a status, return the answer's JSON."""
    answer = shop.send(method, path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def refused(answer: requests.Response) -> tuple[int, str]:
    """Status and code of an error."""
    return answer.status_code, answer.json()["code"]


# ------------------------------------------------------------------ products


def test_product_from_creation_to_the_trash(shop: Shop) -> None:
    """An article export could not be staged: create, change, find by SKU, delete."""
    body = {"name": "Salt & Peppar", "sku": "SP-1", "regular_price": "14,29"}
    made = write(shop, "POST", "/products", body, 201)
    assert (made["name"], made["slug"], made["price"]) == (
        "Salt &amp; Peppar",
        "salt-peppar",
        "14.29",
    )
    path = f"/products/{made['id']}"
    sale = write(shop, "PUT", path, {"sale_price": "9.90", "manage_stock": True})
    assert (sale["price"], sale["on_sale"], sale["stock_quantity"]) == ("9.90", True, 0)
    assert (sale["stock_status"], sale["date_modified_gmt"]) == (
        "outofstock",
        "2026-11-21T09:30:00",
    )
    assert [p["id"] for p in shop.get("/products", sku="sp-1").json()] == [made["id"]]
    assert shop.send("DELETE", path).json()["status"] == "publish"
    assert refused(shop.send("DELETE", path)) == (410, "woocommerce_rest_already_trashed")
    assert shop.send("DELETE", path, params={"force": "true"}).status_code == 200
    assert shop.get(path).status_code == 404


def test_stock_quantity_without_managed_stock_is_ignored(shop: Shop) -> None:
    """A stock sync would seem to work and change nothing live."""
    service = write(shop, "PUT", "/products/301", {"stock_quantity": 7})
    assert (service["manage_stock"], service["stock_quantity"]) == (False, None)
    stocked = write(shop, "PUT", "/products/301", {"manage_stock": True, "stock_quantity": 7})
    assert (stocked["stock_quantity"], stocked["stock_status"]) == (7, "instock")


def test_price_as_a_number_is_refused(shop: Shop) -> None:
    """A client that sends 149 instead of "149" would work here only."""
    answer = shop.send("PUT", f"/products/{CUP}", json={"regular_price": 149})
    assert refused(answer) == (400, "rest_invalid_param")
    detail = answer.json()["data"]["details"]["regular_price"]
    assert (detail["code"], detail["data"]) == ("rest_invalid_type", {"param": "regular_price"})


def test_sku_is_unique_whatever_its_case(shop: Shop) -> None:
    """Two articles with one number would be created here and refused live."""
    answer = shop.send("POST", "/products", json={"name": "Kopia", "sku": "mugg-dim"})
    assert refused(answer) == (400, "product_invalid_sku")
    assert answer.json()["data"] == {"status": 400, "resource_id": CUP, "unique_sku": "mugg-dim-1"}


def test_variation_shows_what_it_lacks_of_its_product(shop: Shop) -> None:
    """SKU and stock of a variation without its own would be a surprise."""
    made = write(shop, "POST", f"/products/{SHIRT}/variations",
                 {"regular_price": "10", "attributes": [{"name": "Utförande", "option": "XS"}]},
                 201)  # fmt: skip
    assert (made["name"], made["sku"], made["tax_class"]) == ("XS", "TRJ-TALL", "parent")
    path = f"/products/{SHIRT}"
    parent = write(shop, "PUT", path, {"manage_stock": True, "stock_quantity": 60})
    assert parent["price"] == "10"
    assert made["id"] in parent["variations"]
    shown = shop.get(f"{path}/variations/{made['id']}").json()
    assert (shown["manage_stock"], shown["stock_quantity"]) == ("parent", 60)
    assert shown["tax_class"] == ""


def test_variation_is_not_written_as_a_product(shop: Shop) -> None:
    """A stock sync by the wrong address would work here only."""
    variation = shop.get(f"/products/{SHIRT}/variations").json()[0]["id"]
    body = {"update": [{"id": variation, "stock_quantity": 1}, {"id": CUP, "stock_quantity": 5}]}
    failed, done = write(shop, "POST", "/products/batch", body)["update"]
    assert (failed["id"], failed["error"]["data"]["status"]) == (variation, 404)
    assert failed["error"]["code"] == "woocommerce_rest_invalid_product_id"
    assert done["stock_quantity"] == 5


def test_batch_answers_200_with_errors_inside(shop: Shop) -> None:
    """A client that looks at the status alone would take failed writes for done."""
    body = {
        "create": [{"name": "Ny", "sku": "NY-1"}, {"name": "Kopia", "sku": "NY-1"}],
        "update": [{"id": 999999, "name": "x"}, {"id": CUP, "regular_price": 1}],
        "delete": [BOOK],
    }
    answered = write(shop, "POST", "/products/batch", body)
    assert answered["create"][0]["sku"] == "NY-1"
    assert answered["create"][1]["error"]["code"] == "product_invalid_sku"
    codes = [item["error"]["code"] for item in answered["update"]]
    assert codes == ["woocommerce_rest_product_invalid_id", "rest_invalid_param"]
    assert answered["delete"][0]["id"] == BOOK
    assert shop.get(f"/products/{BOOK}").status_code == 404


def test_batch_of_more_than_a_hundred_is_refused(shop: Shop) -> None:
    """A client's chunks would be too large live."""
    body = {"update": [{"id": CUP}] * 60, "delete": [1] * 41}
    answer = shop.send("POST", "/products/batch", json=body)
    assert refused(answer) == (413, "woocommerce_rest_request_entity_too_large")


def test_variations_batch(shop: Shop) -> None:
    """Stock of variations could not be written in one request."""
    ids = [v["id"] for v in shop.get(f"/products/{SHIRT}/variations").json()[:2]]
    body = {"update": [{"id": i, "manage_stock": True, "stock_quantity": 3} for i in ids]}
    done = write(shop, "POST", f"/products/{SHIRT}/variations/batch", body)["update"]
    assert [(v["id"], v["stock_quantity"]) for v in done] == [(i, 3) for i in ids]


def test_meta_data_is_written_by_key_and_taken_away_by_null(shop: Shop) -> None:
    """A note of ours at an article would be doubled by each write."""
    path = f"/products/{CUP}"
    for value in ("1", "2"):
        meta = write(shop, "PUT", path, {"meta_data": [{"key": "_nr", "value": value}]})[
            "meta_data"
        ]
    assert [(m["key"], m["value"]) for m in meta] == [("_nr", "2")]
    gone = write(shop, "PUT", path, {"meta_data": [{"id": meta[0]["id"], "value": None}]})
    assert gone["meta_data"] == []


# ------------------------------------------------------------------ customers


def test_customer_from_creation_to_deletion(shop: Shop) -> None:
    """A customer export could not be staged."""
    body = {"email": "ny@example.com", "billing": {"city": "Umeå"}}
    made = write(shop, "POST", "/customers", body, 201)
    assert (made["username"], made["role"], made["billing"]["city"]) == ("ny", "customer", "Umeå")
    path = f"/customers/{made['id']}"
    assert write(shop, "PUT", path, {"first_name": "Ny"})["billing"]["city"] == "Umeå"
    assert refused(shop.send("DELETE", path)) == (501, "woocommerce_rest_trash_not_supported")
    assert shop.send("DELETE", path, params={"force": "true"}).status_code == 200
    assert refused(shop.get(path)) == (404, "wc_user_invalid_id")


def test_email_belongs_to_one_customer(shop: Shop) -> None:
    """A second card of the same buyer would be made here and refused live."""
    taken = shop.get("/customers").json()[0]["email"]
    answer = shop.send("POST", "/customers", json={"email": taken.upper()})
    assert refused(answer) == (400, "registration-error-email-exists")
    assert refused(shop.send("POST", "/customers", json={})) == (400, "rest_missing_callback_param")
    odd = shop.send("POST", "/customers", json={"email": "no address"})
    assert odd.json()["data"]["details"]["email"]["code"] == "rest_invalid_email"


# ------------------------------------------------------------------ orders


def test_order_is_priced_from_the_products(shop: Shop) -> None:
    """An order made over REST would cost something else than in a real shop."""
    body = {
        "set_paid": True, "payment_method": "swish", "billing": SWEDEN, "shipping": SWEDEN,
        "line_items": [{"product_id": BOOK, "quantity": 1}, {"sku": "MUGG-DIM", "quantity": 2}],
        "shipping_lines": [{"method_id": "flat_rate", "method_title": "Frakt", "total": "39.20"}],
    }  # fmt: skip
    order = write(shop, "POST", "/orders", body, 201)
    price = {p["id"]: Decimal(p["price"]) for p in shop.store.data.products.values()}
    gross = price[BOOK] + 2 * price[CUP] + Decimal("49.00")
    assert Decimal(order["total"]) == gross
    assert [line["rate_percent"] for line in order["tax_lines"]] == [6, 25]
    assert order["tax_lines"][1]["shipping_tax_total"] == "9.80"
    assert (order["status"], order["date_paid_gmt"]) == ("processing", "2026-11-21T09:30:00")
    assert order["number"] == str(order["id"])
    assert shop.get(f"/orders/{order['id']}").json() == order


@pytest.mark.parametrize(("country", "share"), [("NO", Decimal(1)), ("DE", Decimal("1.19"))])
def test_abroad_the_swedish_vat_comes_off_and_the_buyers_goes_on(
    shop: Shop, country: str, share: Decimal
) -> None:
    """Export and OSS orders would carry Swedish VAT."""
    buyer = SWEDEN | {"country": country}
    body = {"billing": buyer, "shipping": buyer, "line_items": [{"product_id": CUP}]}
    order = write(shop, "POST", "/orders", body, 201)
    net = Decimal(shop.store.data.products[CUP]["price"]) / Decimal("1.25")
    assert abs(Decimal(order["total"]) - net * share) < Decimal("0.01")
    assert bool(order["tax_lines"]) == (country == "DE")


def test_exempt_order_has_no_vat(shop: Shop) -> None:
    """Reverse charge, which only the meta data tells, could not be played."""
    body = {"line_items": [{"product_id": CUP}], "billing": SWEDEN, "shipping": SWEDEN,
            "meta_data": [{"key": "is_vat_exempt", "value": "yes"}]}  # fmt: skip
    order = write(shop, "POST", "/orders", body, 201)
    assert (order["total_tax"], order["tax_lines"]) == ("0.00", [])


def test_negative_fee_takes_vat_off_even_when_not_taxable(shop: Shop) -> None:
    """A gift card entered as a fee lowers the order by more than its amount; it would not here."""
    fee = {"name": "Presentkort", "total": "-100.00", "tax_status": "none"}
    body = {"line_items": [{"product_id": CUP, "quantity": 3}], "fee_lines": [fee],
            "billing": SWEDEN, "shipping": SWEDEN}  # fmt: skip
    order = write(shop, "POST", "/orders", body, 201)
    price = Decimal(shop.store.data.products[CUP]["price"])
    assert Decimal(order["total"]) == 3 * price - 125
    assert order["fee_lines"][0]["total_tax"] == "-25.00"
    body["fee_lines"] = [fee | {"total": "-99999.00"}]
    assert write(shop, "POST", "/orders", body, 201)["total"] == "0.00"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"line_items": [{"name": "Fritext", "total": "10"}]},
         "woocommerce_rest_required_product_reference"),
        ({"line_items": [{"product_id": 999999}]}, "woocommerce_rest_invalid_product_id"),
        ({"customer_id": 999999}, "woocommerce_rest_invalid_customer_id"),
        ({"shipping_lines": [{"total": "10"}]}, "woocommerce_rest_invalid_shipping_item"),
        ({"fee_lines": [{"total": "10"}]}, "woocommerce_rest_invalid_fee_item"),
        ({"coupon_lines": [{"code": "nej"}]}, "woocommerce_rest_invalid_coupon"),
        ({"status": "bogus"}, "rest_invalid_param"),
        ({"line_items": "x"}, "rest_invalid_param"),
    ],
)  # fmt: skip
def test_orders_that_are_refused(shop: Shop, body: dict[str, Any], code: str) -> None:
    """A client's mistake would be taken for an order."""
    assert refused(shop.send("POST", "/orders", json=body)) == (400, code)


def test_lines_are_changed_and_taken_away_by_id(shop: Shop) -> None:
    """An edited order, which a booked invoice no longer agrees with, could not be played."""
    body = {"billing": SWEDEN, "shipping": SWEDEN,
            "line_items": [{"product_id": CUP, "quantity": 2}, {"product_id": BOOK}]}  # fmt: skip
    order = write(shop, "POST", "/orders", body, 201)
    cup, book = order["line_items"]
    changes = {"line_items": [{"id": cup["id"], "name": None},
                              {"id": book["id"], "total": "100.00"}]}  # fmt: skip
    changed = write(shop, "PUT", f"/orders/{order['id']}", changes)
    assert [line["product_id"] for line in changed["line_items"]] == [BOOK]
    assert (changed["total"], changed["total_tax"]) == ("106.00", "6.00")
    stray = {"line_items": [{"id": 1, "quantity": 1}]}
    answer = shop.send("PUT", f"/orders/{order['id']}", json=stray)
    assert refused(answer) == (400, "woocommerce_rest_invalid_item_id")


def test_meta_data_alone_leaves_the_totals(shop: Shop) -> None:
    """A write-back would work the order out anew and move öre."""
    order = shop.get("/orders", status="completed", per_page=1).json()[0]
    body = {"meta_data": [{"key": "_fortnox", "value": "17"}]}
    changed = write(shop, "PUT", f"/orders/{order['id']}", body)
    different = {name for name in order if order[name] != changed[name]}
    assert different == {"meta_data", "date_modified", "date_modified_gmt"}


def test_status_refunded_by_hand_gives_the_rest_back_without_lines(shop: Shop) -> None:
    """A refund whose VAT nobody tells would not be met before a real shop has one."""
    order = shop.get("/orders", status="completed", per_page=1).json()[0]
    changed = write(shop, "PUT", f"/orders/{order['id']}", {"status": "refunded"})
    summary = changed["refunds"][0]
    assert (changed["status"], summary["total"]) == ("refunded", f"-{order['total']}")
    assert (summary["reason"], summary["total_tax"]) == ("Order fully refunded.", "0.00")
    assert shop.get(f"/orders/{order['id']}/refunds").json()[0]["line_items"] == []


# ------------------------------------------------------------------ refunds


def paid(shop: Shop, method: str) -> dict[str, Any]:
    """A new order of two cups and shipping, paid by a method."""
    body = {
        "set_paid": True, "payment_method": method, "billing": SWEDEN, "shipping": SWEDEN,
        "line_items": [{"product_id": CUP, "quantity": 2}],
        "shipping_lines": [{"method_id": "flat_rate", "method_title": "Frakt", "total": "39.20"}],
    }  # fmt: skip
    order: dict[str, Any] = write(shop, "POST", "/orders", body, 201)
    return order


def test_refund_by_lines(shop: Shop) -> None:
    """A refund's lines would have another sign, or not name what they are of."""
    order = paid(shop, "swish")
    line = order["line_items"][0]
    body = {"amount": "179.00", "reason": "Sprucken", "line_items": [
        {"id": line["id"], "quantity": 1, "refund_total": 143.2,
         "refund_tax": [{"id": 1, "refund_total": 35.8}]}]}  # fmt: skip
    refund = write(shop, "POST", f"/orders/{order['id']}/refunds", body, 201)
    back = refund["line_items"][0]
    assert (refund["amount"], refund["refunded_payment"]) == ("179.00", True)
    assert (back["quantity"], back["total"], back["total_tax"]) == (-1, "-143.20", "-35.80")
    assert back["meta_data"][0]["value"] == str(line["id"])
    assert refund["tax_lines"][0]["tax_total"] == "-35.80"
    shown = shop.get(f"/orders/{order['id']}").json()
    assert shown["refunds"] == [{"id": refund["id"], "reason": "Sprucken", "total": "-179.00",
                                 "total_tax": "-35.80"}]  # fmt: skip
    assert shown["status"] == "processing"
    rest = {"amount": str(Decimal(order["total"]) - 179), "api_refund": False}
    write(shop, "POST", f"/orders/{order['id']}/refunds", rest, 201)
    assert shop.get(f"/orders/{order['id']}").json()["status"] == "refunded"


def test_refunds_that_a_shop_accepts_all_the_same(shop: Shop) -> None:
    """No amount, nothing, or an amount beside its lines: a reader would not be ready."""
    path = f"/orders/{paid(shop, 'swish')['id']}"
    none = write(shop, "POST", f"{path}/refunds", {"reason": "Bara antal"}, 201)
    zero = write(shop, "POST", f"{path}/refunds", {"amount": "0"}, 201)
    assert (none["amount"], zero["amount"]) == ("", "0.00")
    assert [r["total"] for r in shop.get(path).json()["refunds"]] == ["-", "-0.00"]


@pytest.mark.parametrize(
    ("method", "amount", "text"),
    [
        ("swish", "99999.00", "Invalid refund amount."),
        ("nosuch", "10.00", "The payment gateway for this order does not exist."),
        ("bacs", "10.00", "The payment gateway for this order does not support automatic refunds."),
    ],
)
def test_refused_refunds_are_500_and_not_transient(
    shop: Shop, method: str, amount: str, text: str
) -> None:
    """A client that repeats a 500 would repeat for ever."""
    path = f"/orders/{paid(shop, method)['id']}/refunds"
    answer = shop.send("POST", path, json={"amount": amount})
    assert answer.status_code == 500
    assert answer.json() == {"code": "woocommerce_rest_cannot_create_order_refund",
                             "message": text, "data": 500}  # fmt: skip


def test_deleted_refund_leaves_the_date(shop: Shop) -> None:
    """A change that no list by date shows would not be met."""
    order = paid(shop, "swish")
    path = f"/orders/{order['id']}/refunds"
    refund = write(shop, "POST", path, {"amount": "10.00"}, 201)
    assert refused(shop.send("DELETE", f"{path}/{refund['id']}"))[0] == 501
    shop.store.edit_order(order["id"], {"date_modified_gmt": "2026-01-01T00:00:00"}, bump=False)
    shop.send("DELETE", f"{path}/{refund['id']}", params={"force": "true"})
    left = shop.get(f"/orders/{order['id']}").json()
    assert (left["refunds"], left["date_modified_gmt"]) == ([], "2026-01-01T00:00:00")


# ------------------------------------------------------------------ the rest


def test_note_does_not_move_the_orders_date(shop: Shop) -> None:
    """A note that says where an order is booked would trigger the next run."""
    order_id = shop.ids(status="completed")[0]
    before = shop.store.orders[order_id]["date_modified_gmt"]
    answer = shop.send("POST", f"/orders/{order_id}/notes", json={"note": "Bokförd som A17"})
    note = answer.json()
    assert (answer.status_code, note["customer_note"]) == (201, False)
    assert answer.headers["Location"] == note["_links"]["self"][0]["href"]
    assert [n["id"] for n in shop.get(f"/orders/{order_id}/notes").json()] == [note["id"]]
    assert shop.get(f"/orders/{order_id}").json()["date_modified_gmt"] == before


def test_webhooks_are_kept_and_keep_their_secret(shop: Shop) -> None:
    """Setting up a webhook could not be tried, or would answer its secret."""
    body = {"topic": "order.updated", "delivery_url": "https://example.com/in", "secret": "s3"}
    hook = write(shop, "POST", "/webhooks", body, 201)
    assert (hook["resource"], hook["event"], "secret" in hook) == ("order", "updated", False)
    paused = write(shop, "PUT", f"/webhooks/{hook['id']}", {"status": "paused"})
    assert paused["status"] == "paused"
    bad = shop.send("POST", "/webhooks", json=body | {"topic": "moon.risen"})
    assert refused(bad) == (400, "woocommerce_rest_webhook_invalid_topic")
    assert shop.send("DELETE", f"/webhooks/{hook['id']}", params={"force": "1"}).status_code == 200
    assert shop.get("/webhooks").json() == []


def test_tax_rate_that_is_added_counts(shop: Shop) -> None:
    """A rate set for another country would not reach the orders."""
    body = {"country": "DK", "rate": "25", "name": "Moms DK"}
    made = write(shop, "POST", "/taxes", body, 201)
    assert (made["rate"], made["class"]) == ("25.0000", "standard")
    buyer = SWEDEN | {"country": "DK"}
    order = {"billing": buyer, "shipping": buyer, "line_items": [{"product_id": CUP}]}
    lines = write(shop, "POST", "/orders", order, 201)["tax_lines"]
    assert [(line["rate_id"], line["rate_percent"]) for line in lines] == [(made["id"], 25)]
    assert {c["slug"] for c in shop.get("/taxes/classes").json()} >= {"standard", "reduced-rate"}


def test_setting_is_changed_within_its_choices(shop: Shop) -> None:
    """A setting that no shop can have would be accepted."""
    path = "/settings/general/woocommerce_calc_taxes"
    assert write(shop, "PUT", path, {"value": "no"})["value"] == "no"
    answer = shop.send("PUT", path, json={"value": "perhaps"})
    assert refused(answer) == (400, "rest_setting_value_invalid")


def test_zones_gateways_categories_and_currency_are_read(shop: Shop) -> None:
    """What a mapping of shipping and payment methods starts from would be missing."""
    zones = shop.get("/shipping/zones").json()
    methods = shop.get(f"/shipping/zones/{zones[1]['id']}/methods").json()
    assert methods[0]["method_id"] == "flat_rate"
    assert shop.get("/payment_gateways/swish").json()["id"] == "swish"
    assert write(shop, "PUT", "/payment_gateways/swish", {"enabled": False})["enabled"] is False
    assert shop.get("/products/categories").json()
    assert shop.get("/products/attributes").json()
    assert shop.get("/data/currencies/current").json()["code"] == "SEK"


@pytest.mark.parametrize("path", ["/orders", "/products", "/customers"])
@pytest.mark.parametrize(
    "raw", [b"[]", b"1", b'"x"', b'{"meta_data": [1]}', b'{"billing": 1}', b'{"a": NaN}', b"\xff"]
)
def test_odd_bodies_are_no_server_errors(shop: Shop, path: str, raw: bytes) -> None:
    """A fuzzed or broken client would get a 500 that nobody asked for."""
    assert shop.send("POST", path, data=raw).status_code < 500


def test_shipping_takes_the_class_of_the_lines(shop: Shop) -> None:
    """Shipping of books alone carries 6 %, and 25 % as soon as one line does."""
    shipping = [{"method_id": "flat_rate", "method_title": "Frakt", "total": "100.00"}]
    body = {"line_items": [{"product_id": BOOK}], "shipping_lines": shipping,
            "billing": SWEDEN, "shipping": SWEDEN}  # fmt: skip
    books = write(shop, "POST", "/orders", body, 201)
    assert books["shipping_tax"] == "6.00"
    assert books["shipping_lines"][0]["taxes"] == [{"id": 3, "total": "6.00", "subtotal": ""}]
    both = body | {"line_items": [{"product_id": BOOK}, {"product_id": CUP}]}
    assert write(shop, "POST", "/orders", both, 201)["shipping_tax"] == "25.00"


def test_dp_beyond_reason_is_no_server_error(shop: Shop) -> None:
    """A fuzzed parameter would get a 500 that nobody asked for."""
    path = f"/orders/{shop.ids(status='completed')[0]}"
    for dp in (-3, 30, 9999):
        assert shop.get(path, dp=dp).status_code == 200


@pytest.mark.parametrize("text", ["9" * 30, "1e999", "NaN", "-", "", "abc", "."])
def test_prices_that_are_none_are_stored_as_none(shop: Shop, text: str) -> None:
    """An impossible price would stop the whole product list."""
    made = write(shop, "POST", "/products", {"name": "x", "regular_price": text}, 201)
    assert (made["price"] == "", made["purchasable"]) in ((True, False), (False, True))
    assert shop.get("/products", per_page=100).status_code == 200


def test_variations_are_deleted_with_their_product(shop: Shop) -> None:
    """A variation would outlive its product, and be sold by SKU."""
    ids = shop.get(f"/products/{SHIRT}").json()["variations"]
    one = f"/products/{SHIRT}/variations/{ids[0]}"
    assert shop.send("DELETE", one, params={"force": "true"}).json()["id"] == ids[0]
    assert ids[0] not in shop.get(f"/products/{SHIRT}").json()["variations"]
    shop.send("DELETE", f"/products/{SHIRT}", params={"force": "true"})
    assert shop.get(f"/products/{ids[1]}").status_code == 404


def test_orders_are_searched_and_filtered(shop: Shop) -> None:
    """A client's search would list everything, or nothing."""
    body = {"billing": SWEDEN | {"last_name": "Unikson"}, "line_items": [{"product_id": CUP}]}
    made = write(shop, "POST", "/orders", body, 201)
    assert shop.ids(search="unikson") == [made["id"]]
    assert made["id"] in shop.ids(product=CUP)
    assert made["id"] not in shop.ids(product=BOOK)


def test_orders_batch(shop: Shop) -> None:
    """Statuses of many orders could not be written in one request."""
    ids = shop.ids(status="processing")[:2]
    body = {"update": [{"id": i, "status": "completed"} for i in ids] + [{"id": 999999}],
            "create": [{"line_items": [{"product_id": CUP}]}]}  # fmt: skip
    done = write(shop, "POST", "/orders/batch", body)
    assert [o.get("status") for o in done["update"]] == ["completed", "completed", None]
    assert done["update"][2]["error"]["data"]["status"] == 400
    assert done["create"][0]["status"] == "pending"
