"""Writing articles and stock when answers are lost or refused, both sandboxes over HTTP."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.support.builders import shop_row
from tests.support.worlds import World

from fortnox.core.articles import ArticleAction, ShopArticle, ShopUpdate
from fortnox.core.errors import UnreachableError
from fortnox.sandbox.faults import FaultRule
from fortnox.steps.articles_apply import write_to_fortnox, write_to_shop


def counted(world: World) -> ShopArticle:
    """An article that the shop counts ten of."""
    data = world.woocommerce.data
    item = next(one for one in data.products.values() if one["sku"] == "TERM-075")
    data.products[item["id"]] = item | {"manage_stock": True, "stock_quantity": 10}
    return now(world, str(item["id"]))


def now(world: World, product_id: str) -> ShopArticle:
    wanted = ShopUpdate(product_id=product_id, number="TERM-075")
    (article,) = world.shop().article_shop.articles([wanted])
    return article


def test_a_lost_answer_does_not_move_stock_twice(sandbox: World) -> None:
    """A delivery would be added to the shop's stock once for each try."""
    article = counted(sandbox)
    update = ShopUpdate(
        product_id=article.product_id,
        number=article.sku,
        stock_change=20,
        stock_base=Decimal(30),
        stock_mark="plan-1",
    )
    shop = sandbox.shop().article_shop
    sandbox.woocommerce.faults.add(FaultRule(method="POST", path="/batch", kind="drop_after"))
    with pytest.raises(UnreachableError):
        write_to_shop(shop, [update], lambda: None)
    assert now(sandbox, article.product_id).stock == 30
    again = write_to_shop(shop, [update], lambda: None)
    assert (again.updated, again.held) == (0, [])
    assert now(sandbox, article.product_id).stock == 30


def test_a_new_article_whose_answer_is_lost_is_made_once(sandbox: World) -> None:
    """The run would stop on a number that is taken by what it made itself."""
    action = ArticleAction(
        kind="create",
        number="NY-1",
        product_id="1",
        fields=(("ArticleNumber", "NY-1"), ("Description", "Ny"), ("SalesAccount", 3001)),
        price=Decimal("80.00"),
    )
    sandbox.faults.add(FaultRule(method="POST", path="/3/articles", kind="drop_after"))
    outcome = write_to_fortnox(sandbox.client(), shop_row(), [action])
    assert (outcome.created, outcome.held) == (1, [])
    assert sandbox.fortnox.table("articles").get("NY-1")["SalesPrice"] == 80


def test_what_fortnox_refuses_is_held_and_the_rest_goes_on(sandbox: World) -> None:
    """One article on an account that is missing would keep all others out."""

    def action(number: str, account: int) -> ArticleAction:
        fields = (("ArticleNumber", number), ("Description", "X"), ("SalesAccount", account))
        return ArticleAction(kind="create", number=number, product_id=number, fields=fields)

    outcome = write_to_fortnox(
        sandbox.client(), shop_row(), [action("A-1", 9999), action("A-2", 3001)]
    )
    assert outcome.created == 1
    (held,) = outcome.held
    assert held.order_number == "A-1"
    assert held.code.startswith("fortnox_")


def test_a_quantity_that_the_warehouse_module_refuses_stops_the_others(sandbox: World) -> None:
    """Thousands of quantities would be sent, each to be refused."""
    store = sandbox.fortnox
    client = sandbox.client()
    for number in ("A-1", "A-2"):
        client.create("articles", "Article", {"ArticleNumber": number, "Description": "X"})
    store.company = replace(store.company, has_warehouse=True)
    store.switches = replace(store.switches, warehouse_quantity="refuse")
    actions = [
        ArticleAction(kind="update", number=number, product_id=number, in_stock=Decimal(3))
        for number in ("A-1", "A-2")
    ]
    before = client.usage.writes
    outcome = write_to_fortnox(client, shop_row(), actions)
    assert outcome.warehouse
    assert [item.code for item in outcome.held] == ["warehouse_module", "warehouse_module"]
    assert client.usage.writes == before + 1
