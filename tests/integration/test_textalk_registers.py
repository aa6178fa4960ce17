"""A Textalk shop's articles, stock and customers through the same steps, either way, over HTTP."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.support.articles import articles, codes, exporting, in_fortnox
from tests.support.step_runs import StepRunner
from tests.support.worlds import END_DAY, environment

from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import start
from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP, Store, create_app


@pytest.fixture
def shop() -> Iterator[Store]:
    """A Textalk shop, and the Airflow connection to it."""
    app = create_app(generate(seed=7, end_day=END_DAY, days=3, orders_per_day=6))
    with start(app) as server:
        connection = {"conn_type": "textalk", "host": server.url, "password": DEFAULT_TOKEN,
                      "extra": {"webshop": WEBSHOP, "service_articles": "TJ-*"}}  # fmt: skip
        with environment({"AIRFLOW_CONN_TEXTALK_DEMO": json.dumps(connection)}):
            yield app.state.textalk


@pytest.fixture
def textalk(steps: StepRunner, shop: Store) -> StepRunner:
    """The demo company with a Textalk shop instead of its WooCommerce one."""
    steps.set_shop(platform="textalk", shop_conn_id="textalk_demo")
    return steps


def writes_to(shop: Store) -> list[str]:
    """Calls that wrote to the shop."""
    return [method for method in shop.calls if method.endswith((".set", ".create"))]


def article(shop: Store, number: str) -> dict[str, Any]:
    """An article as the shop keeps it."""
    found = shop.objects["Article"].values()
    return next(one for one in found if one["articleNumber"] == number)


def test_articles_go_one_way_and_come_back_and_a_repeated_run_writes_nothing(
    textalk: StepRunner, shop: Store
) -> None:
    """A Textalk shop's numbers would not be in Fortnox, or be written again each hour."""
    first = exporting(textalk).run_articles()
    assert first.state == "success", first.report
    made = articles(textalk)
    assert first.report["counts"]["created"] == len(made) > 40
    jumper, service = made["TRJ-TALL-S"], made["TJ-SLIP"]
    assert (jumper["SalesPrice"], jumper["Description"]) == (
        Decimal("319.2"),
        "Tröja Tallkotte - S",
    )
    assert (service["Type"], service["SalesAccount"]) == ("SERVICE", 3041)
    assert codes(first) == {"missing_sku"}
    before = textalk.writes()
    assert textalk.run_articles().state == "success"
    assert (textalk.writes(), writes_to(shop)) == (before, [])

    textalk.set_event("articles", "import")
    textalk.set_owners("fortnox", "name", "price", "ean", "weight")
    client = textalk.world.client()
    client.update("prices/A/TERM-075", "Price", {"Price": 320})
    client.update("prices/A/TRJ-TALL-M", "Price", {"Price": 300})
    client.update("articles/TVAL-ENB", "Article", {"Description": "Tvål, enbär", "EAN": "735000"})
    run = textalk.run_articles()
    assert run.state == "success", run.report
    assert article(shop, "TERM-075")["price"]["regular"]["SEK"] == 400
    soap = article(shop, "TVAL-ENB")
    assert (soap["name"]["sv"], soap["ean"]) == ("Tvål, enbär", "735000")
    assert soap["name"]["en"].endswith("(en)")
    assert codes(run) == {"missing_sku", "kept_by_product"}
    before, in_shop = textalk.writes(), len(writes_to(shop))
    assert in_shop == 2
    assert textalk.run_articles().state == "success"
    assert (textalk.writes(), len(writes_to(shop))) == (before, in_shop)


def test_stock_follows_fortnox_and_no_sale_is_undone(textalk: StepRunner, shop: Store) -> None:
    """The shop would sell pieces that it no longer has, or never get what came in."""
    assert exporting(textalk).run_articles().state == "success"
    textalk.set_event("stock", "import")
    textalk.set_shop(row_articles="number")
    counted = {
        one["articleNumber"]: one["stock"]["stock"]
        for one in shop.objects["Article"].values()
        if one["stock"]["stock"] is not None
    } | {one["articleNumber"]: one["stock"] for one in shop.objects["ArticleVariant"].values()}
    sold = next(
        item for item in shop.objects["OrderItem"].values() if item["articleNumber"] == "TERM-075"
    )
    known = {number: pieces for number, pieces in counted.items() if number}
    in_fortnox(textalk, **{**known, "TERM-075": 27, "TRJ-TALL-S": known["TRJ-TALL-S"] + 6})
    run = textalk.run_articles("stock")
    assert run.state == "success", run.report
    waiting = sum(
        Decimal(item["choices"]["quantity"])
        for order in shop.orders.values()
        if not order["discarded"] and order["ordered"]
        for item in map(shop.objects["OrderItem"].get, order["items"])
        if item and item["articleNumber"] == sold["articleNumber"]
    )
    assert waiting > 0
    assert article(shop, "TERM-075")["stock"]["stock"] == 27 - waiting
    before = writes_to(shop)
    assert textalk.run_articles("stock").state == "success"
    assert writes_to(shop) == before


def test_customers_go_one_way_and_come_back_and_a_repeated_run_writes_nothing(
    textalk: StepRunner, shop: Store
) -> None:
    """A customer would have two cards, or two accounts, or lose an address."""
    textalk.set_event("customers", "export")
    first = textalk.run_customers()
    assert first.state == "success", first.report
    cards = textalk.world.fortnox.table("customers").values()
    assert first.report["counts"]["created"] == len(cards) > 0
    before = textalk.writes()
    again = textalk.run_customers()
    assert again.state == "success", again.report
    assert (textalk.writes(), writes_to(shop)) == (before, [])

    textalk.set_event("customers", "import")
    client = textalk.world.client()
    body = {"CustomerNumber": "500", "Name": "Firman AB", "Type": "COMPANY",
            "Email": "f@example.com", "City": "Orten", "CountryCode": "SE"}  # fmt: skip
    client.create("customers", "Customer", body)
    client.update(f"customers/{cards[0]['CustomerNumber']}", "Customer", {"City": "Ny stad"})
    run = textalk.run_customers()
    assert run.state == "success", run.report
    made = next(
        one for one in shop.objects["Customer"].values() if one["info"]["email"] == "f@example.com"
    )
    assert made["info"]["type"] == "business"
    assert made["address"]["town"] == "Orten"
    assert run.report["counts"]["updated"] == 1
    before_import = writes_to(shop)
    for _ in range(2):
        assert textalk.run_customers().state == "success"
    assert writes_to(shop) == before_import
