"""Articles of both sides as somebody sees and edits them by hand, for integration tests."""

from typing import Any

from tests.support.airflow_runs import DayRun, DayRunner


def exporting(runner: DayRunner) -> DayRunner:
    """The shop owns every field; a first run may make as much as it wants."""
    runner.set_event("articles", "export")
    runner.set_shop(first_run_max_articles="1000")
    return runner


def articles(runner: DayRunner) -> dict[str, dict[str, Any]]:
    """The articles in Fortnox by number."""
    return {row["ArticleNumber"]: row for row in runner.world.fortnox.table("articles").values()}


def in_fortnox(runner: DayRunner, **quantities: int) -> None:
    """Somebody counts these articles in Fortnox, whatever module is on."""
    table = runner.world.fortnox.table("articles")
    for number, quantity in quantities.items():
        row = table.get(number)
        table.put(number, {**row, "QuantityInStock": quantity, "DisposableQuantity": quantity})


def counted(runner: DayRunner) -> dict[str, int]:
    """What the shop counts of articles that Fortnox has."""
    data = runner.world.woocommerce.data
    known = articles(runner)
    items = [*data.products.values(), *data.variations.values()]
    return {
        item["sku"]: int(item["stock_quantity"])
        for item in items
        if item["manage_stock"] is True and item["sku"] in known
    }


def product(runner: DayRunner, sku: str) -> dict[str, Any]:
    """A product or variation of the shop, as it is stored."""
    data = runner.world.woocommerce.data
    items = [*data.products.values(), *data.variations.values()]
    return next(item for item in items if item["sku"] == sku)


def change(runner: DayRunner, sku: str, **values: Any) -> None:
    """Somebody edits a product in the shop, or the shop sells it."""
    shop = runner.world.woocommerce
    item = product(runner, sku) | values
    shop.stamp(item, "date_modified")
    table = shop.data.variations if item["type"] == "variation" else shop.data.products
    table[item["id"]] = item


def shop_writes(runner: DayRunner) -> int:
    """Requests that wrote to the shop."""
    return sum(1 for one in runner.world.woocommerce.faults.requests() if one.method != "GET")


def codes(run: DayRun) -> set[str]:
    """Codes of what the run held."""
    return {item["code"] for item in run.report["held"]}
