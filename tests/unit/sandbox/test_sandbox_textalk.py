"""The Textalk sandbox through its JSON-RPC address: context, query language, selections, writes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import RunningServer, start
from fortnox.sandbox.textalk import (
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USERNAME,
    WEBSHOP,
    Store,
    create_app,
)

SALES = generate(end_day=date(2026, 11, 20), days=14, orders_per_day=6)
#: ``call(method, *params, **context)``: the whole envelope.
Call = Callable[..., dict[str, Any]]


class Served:
    """A served shop."""

    def __init__(self, server: RunningServer, store: Store) -> None:
        self.store = store
        self.address = f"{server.url}/backend/jsonrpc/v1/"
        self.control = f"{server.url}/_sandbox"

    def call(self, method: str, *params: Any, **context: str) -> dict[str, Any]:
        """One call with the standing token, unless the context says otherwise."""
        query = {"webshop": str(WEBSHOP), "auth": DEFAULT_TOKEN, **context}
        body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": list(params)}
        answer = requests.post(self.address, params=query, json=body, timeout=10)
        assert answer.status_code == 200
        envelope: dict[str, Any] = answer.json(parse_float=Decimal)
        assert envelope["id"] == 7
        return envelope

    def result(self, method: str, *params: Any) -> Any:
        """The result of a call that works."""
        return self.call(method, *params)["result"]

    def code(self, method: str, *params: Any, **context: str) -> int:
        """The error code of a call that does not work."""
        return int(self.call(method, *params, **context)["error"]["code"])


@pytest.fixture(scope="module")
def served() -> Any:
    """One shop for the module."""
    app = create_app(SALES)
    with start(app) as server:
        yield Served(server, app.state.textalk)


@pytest.fixture
def shop(served: Served) -> Served:
    """The shop as it was at first."""
    served.store.reset()
    return served


def test_context_is_checked_in_order(shop: Served) -> None:
    """A client would not learn from the sandbox which part of its connection is wrong."""
    assert shop.code("Order.list", webshop="") == 1001
    assert shop.code("Order.list", webshop="1") == 1002
    assert shop.code("Order.list", language="xx") == 1003
    assert shop.code("Order.list", auth="wrong") == 1004
    assert shop.code("Order.list", auth="") == 1006
    assert "result" in shop.call("Article.list", auth="")


def test_envelope_errors(shop: Served) -> None:
    """Nobody documents batches; a kinder sandbox would let a client rely on them."""
    query = {"webshop": str(WEBSHOP), "auth": DEFAULT_TOKEN}
    for raw, code in (("[1", -32700), ("[]", -32600), ('{"method": 1}', -32600)):
        answer = requests.post(shop.address, params=query, data=raw, timeout=10).json()
        assert answer["error"]["code"] == code
    assert shop.code("Order.refund", 1) == -32601
    assert shop.code("Order.list", True, True, True) == -32602


def test_login_token_lives_a_day(shop: Served) -> None:
    """A client that never renews its token would work here and stop in the night."""
    token = shop.result("Admin.login", DEFAULT_USERNAME, DEFAULT_PASSWORD)
    assert "result" in shop.call("Order.count", auth=token)
    shop.store.login_tokens[token] -= timedelta(hours=25)
    assert shop.code("Order.count", auth=token) == 1004
    assert shop.code("Admin.login", DEFAULT_USERNAME, "wrong") == 1006


def test_auth_tokens_need_a_login(shop: Served) -> None:
    """Only a person who logged in makes lasting tokens; they end when they are switched off."""
    assert shop.code("AuthToken.create", {"name": "books"}, ["uid"]) == 1006
    login = shop.result("Admin.login", DEFAULT_USERNAME, DEFAULT_PASSWORD)
    made = shop.call("AuthToken.create", {"name": "books"}, ["uid"], auth=login)["result"]["uid"]
    assert "result" in shop.call("Order.count", auth=made)
    shop.call("AuthToken.set", made, {"active": False}, auth=login)
    assert shop.code("Order.count", auth=made) == 1004


def test_query_shows_what_is_asked_for(shop: Served) -> None:
    """A client's query would be answered with other properties than by the real shop."""
    selection = {"limit": 1, "filters": {"/paymentStatus": "paid"}}
    (plain,) = shop.result("Order.list", ["uid", "items"], selection)
    assert all(isinstance(uid, int) for uid in plain["items"])
    query = {"uid": True, "items": {"uid": True, "article": {"type": True}}, "customer": "info"}
    (opened,) = shop.result("Order.list", query, selection)
    assert set(opened) == {"uid", "items", "customer"}
    assert set(opened["customer"]) == {"info"}
    assert [item["uid"] for item in opened["items"]] == plain["items"]
    assert opened["items"][0]["article"] == {"type": "Standard"}
    (article,) = shop.result("Article.list", {"name": "sv"}, {"limit": 1})
    assert set(article["name"]) == {"sv"}


@pytest.mark.parametrize(
    ("query", "selection", "pointer"),
    [
        (["total"], True, "/0/total"),
        ({"items": ["prize"]}, {"filters": {"/paymentStatus": "paid"}}, "/0/items/prize"),
        (["uid"], {"filter": {}}, "/1"),
        (["uid"], {"sort": "total"}, "/1/sort"),
        (["uid"], {"limit": -1}, "/1/limit"),
        (["uid"], {"filters": {"/ordered": {"after": 1}}}, "/1/filters/~1ordered/after"),
        (["uid"], {"filters": {"/oredered": 1}}, "/1/filters/~1oredered"),
    ],
)
def test_wrong_query_points_at_the_place(
    shop: Served, query: Any, selection: Any, pointer: str
) -> None:
    """A misspelt property would be taken silently, and the client lose what it filters."""
    error = shop.call("Order.list", query, selection)["error"]
    assert error["code"] == -32602
    assert error["data"][0]["pointer"] == pointer


def test_filters_sort_limit_and_count_agree(shop: Served) -> None:
    """Paging and counting would contradict each other."""
    filters = {"/ordered": {"min": "2026-11-15T00:00:00Z", "max": "2026-11-18T00:00:00+01:00"},
               "/discarded": False, "/customer/info/type": {"in": ["individual"]}}  # fmt: skip
    total = shop.result("Order.count", filters)
    pages = [
        shop.result("Order.list", ["uid", "ordered"], {"filters": filters, "limit": 4, "offset": n})
        for n in range(0, total + 4, 4)
    ]
    rows = [row for page in pages for row in page]
    assert len(rows) == total > 8
    assert [row["uid"] for row in rows] == sorted({row["uid"] for row in rows})
    assert all("2026-11-15" <= row["ordered"] < "2026-11-18" for row in rows)
    last = shop.result("Order.list", ["uid"], {"filters": filters, "descending": True, "limit": 1})
    assert last[0]["uid"] == rows[-1]["uid"]


def test_order_adds_up_as_observed(shop: Served) -> None:
    """Items stand before discount, and net, VAT and gross each add up to the total."""
    query = {"items": ["costs", "discountInfo"], "costs": True, "discountInfo": True}
    orders = shop.result("Order.list", query, {"limit": 500})
    for order in orders:
        for part in ("exVat", "vat", "incVat"):
            discounts = [item["discountInfo"] for item in order["items"] if item["discountInfo"]]
            cart = sum(item["costs"]["total"][part] for item in order["items"])
            cart -= sum(info[part] for info in discounts)
            costs = order["costs"]
            assert costs["cart"][part] == cart
            extras = costs["payment"][part] + costs["shipment"][part]
            assert costs["total"][part] == cart + extras
            assert sum(info[part] for info in order["discountInfo"]) == sum(
                info[part] for info in discounts
            )
    assert any(order["discountInfo"] for order in orders)
    assert any(order["costs"]["payment"]["incVat"] for order in orders)


def test_what_happened_to_sales_is_there(shop: Served) -> None:
    """The awkward kinds would be missing from every test that is made on this shop."""
    query = ["discarded", "paymentStatus", "deliveryStatus", "currency", "exchangeRate", "hasVat",
             "payments", "customer"]  # fmt: skip
    orders = shop.result("Order.list", query, {"limit": 500})
    assert {order["currency"] for order in orders} == {"SEK", "EUR"}
    assert all(order["exchangeRate"] < 1 for order in orders if order["currency"] == "EUR")
    assert {order["paymentStatus"] for order in orders} == {"paid", "unpaid"}
    assert {order["deliveryStatus"] for order in orders} == {"sent", "unsent"}
    assert {order["discarded"] for order in orders} == {True, False}
    assert {order["hasVat"] for order in orders} == {True, False}
    assert {len(order["payments"]) for order in orders} == {1, 2}
    businesses = [o["customer"] for o in orders if o["customer"]["info"]["type"] == "business"]
    assert businesses
    assert all(one["address"]["companyName"] and one["info"]["nin"] for one in businesses)


def test_a_cart_is_no_order(shop: Served) -> None:
    """Carts would be counted as sales."""
    cart = next(iter(shop.store.orders))
    shop.store.edit_order(cart, {"ordered": None})
    assert shop.code("Order.get", cart, ["uid"]) == 9003
    assert shop.result("Order.count", {"/uid": cart}) == 0


def test_writing_merges_and_moves_changed(shop: Served) -> None:
    """A write-back would not come back as a change, and its loop not be seen in staging."""
    uid = max(shop.store.orders)
    before = shop.result("Order.get", uid, ["changed"])["changed"]
    shown = shop.result("Order.set", str(uid), {"externalOrderNumber": "901"}, True)
    assert shown["externalOrderNumber"] == "901"
    assert shown["changed"] > before
    assert shop.code("Order.set", uid, {"costs": {}}) == 9001
    wrong = shop.result("Order.validate", uid, {"costs": {}})
    assert wrong[0]["pointer"] == "/costs"
    article = shop.result("Article.list", ["uid"], {"limit": 1})[0]["uid"]
    stock = shop.result("Article.set", article, {"stock": {"stock": 5}}, ["stock"])["stock"]
    assert stock["stock"] == 5
    assert "useStock" in stock
    made = shop.result("Article.create", {"articleNumber": "NY-1", "name": {"sv": "Ny"}}, ["uid"])
    assert shop.result("Article.delete", made["uid"]) is True
    assert shop.code("Article.get", made["uid"]) == 9003


def test_registers_and_schemas_can_be_read(shop: Served) -> None:
    """A client that learns the fields at connect would learn nothing."""
    for name in ("PaymentMethod", "DeliveryMethod", "Customer", "ArticleVariant"):
        assert shop.result(f"{name}.list", True, {"limit": 3})
        assert "uid" in shop.result(f"{name}.getSchema", None)["properties"]
    assert shop.result("Webshop.get", WEBSHOP, ["baseCurrency"]) == {"baseCurrency": "SEK"}
    assert shop.result("Context.get", True)["webshop"] == str(WEBSHOP)
    info = shop.result("Order.getSchema", None)["properties"]["customer"]["properties"]["info"]
    assert "nin" in info["properties"]


def test_unknowns_are_switches(shop: Served) -> None:
    """What nobody documents could not be tried both ways."""
    span = {"/ordered": {"min": "2026-11-18T00:00:00Z"}}
    control = requests.post(
        f"{shop.control}/switches",
        json={
            "unfilterable": ["/changed"],
            "ignored_filters": ["/ordered"],
            "max_limit": 3,
            "missing_fields": ["Payment.amount"],
            "company_field": "info/company",
            "float_noise": True,
        },
        timeout=10,
    )
    assert control.status_code == 200
    assert shop.code("Order.count", {"/changed": {"min": "2026-01-01T00:00:00Z"}}) == -32602
    assert shop.result("Order.count", span) == shop.result("Order.count")
    assert len(shop.result("Order.list", ["uid"], {"limit": 100})) == 3
    assert shop.code("Payment.get", 1, ["amount"]) in {-32602, 9003}
    assert "amount" not in shop.result("Payment.getSchema", None)["properties"]
    orders = shop.store.orders.values()
    assert any("company" in order["customer"]["info"] for order in orders)
    noisy = shop.result("Order.list", ["costs"], {"limit": 3})
    assert any(len(str(one["costs"]["total"]["incVat"])) > 10 for one in noisy)
    assert requests.post(f"{shop.control}/switches", json={"x": 1}, timeout=10).status_code == 400


def test_control_changes_the_shop(shop: Served) -> None:
    """A stager could not make the shop sell, take goods back, drift or fail."""
    made = requests.post(f"{shop.control}/orders", json={}, timeout=10).json()["uid"]
    assert shop.result("Order.get", made, ["uid"]) == {"uid": made}
    two = next(uid for uid, one in shop.store.orders.items() if len(one["items"]) > 1)
    before = shop.result("Order.get", two, ["costs"])["costs"]["total"]["incVat"]
    requests.post(f"{shop.control}/remove-item", json={"uid": two}, timeout=10)
    assert shop.result("Order.get", two, ["costs"])["costs"]["total"]["incVat"] < before
    drift = {"after_lists": 1, "action": "discard", "uid": made}
    requests.post(f"{shop.control}/drift", json=drift, timeout=10)
    shop.result("Order.list", ["uid"], {"limit": 1})
    assert shop.result("Order.get", made, ["discarded"]) == {"discarded": True}
    failure = {"method": "Order.count", "code": -32603}
    requests.post(f"{shop.control}/rpc-errors", json=failure, timeout=10)
    assert shop.code("Order.count") == -32603
    assert "result" in shop.call("Order.count")
    state = requests.get(f"{shop.control}/state", timeout=10).json()
    assert state["calls"][-1] == "Order.count"


def test_state_survives_a_restart(tmp_path: Path) -> None:
    """Who stages on it would lose the orders of yesterday, or an öre in the file."""
    file = tmp_path / "textalk.json"
    first = Store(SALES, state_file=file, now=lambda: datetime(2026, 11, 21, tzinfo=UTC))
    made = first.add_order({"note": "kvar"})
    again = Store(SALES, state_file=file)
    assert again.orders[made]["note"] == "kvar"
    assert again.orders == first.orders
