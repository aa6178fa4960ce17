"""Articles from the shop to Fortnox and back, by ``dag.test``, both sandboxes over HTTP."""

from decimal import Decimal

from tests.support.airflow_runs import DayRunner
from tests.support.articles import articles, change, exporting, product, shop_writes


def test_every_article_is_made_once_with_account_price_and_kind(runner: DayRunner) -> None:
    """Invoices with article numbers would be refused, or book on a wrong account."""
    exporting(runner)
    first = runner.run_articles()
    assert first.state == "success", (first.tasks, first.report)
    made = articles(runner)
    jumper, service, book = made["TRJ-TALL-S"], made["TJ-SLIP"], made["BOK-SKOG"]
    assert (jumper["Type"], jumper["SalesAccount"], jumper["SalesPrice"]) == (
        "STOCK",
        3001,
        Decimal("319.2"),
    )
    assert (service["Type"], service["SalesAccount"]) == ("SERVICE", 3041)
    assert (book["SalesAccount"], book["SalesPrice"]) == (3003, Decimal("325.47"))
    assert all(one["WebshopArticle"] for one in made.values())
    assert first.report["kind"] == "articles"
    assert first.report["counts"]["created"] == len(made)
    codes = {item["code"] for item in first.report["held"]}
    assert "missing_sku" in codes

    before, in_shop = runner.writes(), shop_writes(runner)
    second = runner.run_articles()
    assert second.state == "success", second.report
    assert runner.writes() == before
    assert shop_writes(runner) == in_shop == 0
    assert second.report["counts"]["created"] == second.report["counts"]["updated"] == 0


def test_only_what_changed_is_written_and_the_trash_makes_inactive(runner: DayRunner) -> None:
    """Each run would write every article again, or delete one that invoices name."""
    exporting(runner).run_articles()
    before = runner.writes()
    change(runner, "TERM-075", regular_price="375.00", price="375.00")
    change(runner, "TVAL-ENB", name="Handtvål &amp; enbär")
    change(runner, "SLIP-FIN", status="trash")
    run = runner.run_articles()
    assert run.state == "success", run.report
    made = articles(runner)
    assert made["TERM-075"]["SalesPrice"] == 300
    assert made["TVAL-ENB"]["Description"] == "Handtvål & enbär"
    assert made["SLIP-FIN"]["Active"] is False
    assert runner.writes() == before + 3
    assert run.report["counts"]["updated"] == 3


def test_prices_and_names_come_from_fortnox_and_nothing_is_made_in_the_shop(
    runner: DayRunner,
) -> None:
    """The shop would sell at old prices, or get products that nobody described."""
    exporting(runner).run_articles()
    runner.set_event("articles", "import")
    runner.set_owners("fortnox", "name", "price", "ean", "weight")
    client = runner.world.client()
    client.update("prices/A/TERM-075", "Price", {"Price": 320})
    client.update("prices/A/TRJ-TALL-M", "Price", {"Price": "300.00"})
    client.update("articles/TVAL-ENB", "Article", {"Description": "Tvål, enbär", "EAN": "735000"})
    client.update("articles/KOK-GNI", "Article", {"Weight": 1250})
    client.create("articles", "Article", {"ArticleNumber": "NY-1", "Description": "Ny vara"})
    products = len(runner.world.woocommerce.data.products)
    run = runner.run_articles()
    assert run.state == "success", run.report
    assert product(runner, "TERM-075")["regular_price"] == "400.00"
    assert product(runner, "TRJ-TALL-M")["regular_price"] == "375.00"
    soap = product(runner, "TVAL-ENB")
    assert (soap["name"], soap["global_unique_id"]) == ("Tvål, enbär", "735000")
    assert product(runner, "KOK-GNI")["weight"] == "1.25"
    assert len(runner.world.woocommerce.data.products) == products
    assert run.report["counts"]["only_in_fortnox"] >= 1

    before, in_shop = runner.writes(), shop_writes(runner)
    again = runner.run_articles()
    assert again.state == "success", again.report
    assert (runner.writes(), shop_writes(runner)) == (before, in_shop)


def test_prices_go_to_the_chosen_list_and_the_standard_one_stays(runner: DayRunner) -> None:
    """The prices that other customers pay would be overwritten by the shop's."""
    exporting(runner)
    runner.set_shop(price_list="WEBB")
    client = runner.world.client()
    client.create("pricelists", "PriceList", {"Code": "WEBB", "Description": "Webbutik"})
    assert runner.run_articles().state == "success"
    prices = {
        (row["PriceList"], row["ArticleNumber"]): row["Price"]
        for row in runner.world.fortnox.table("prices").values()
    }
    assert prices["WEBB", "TERM-075"] == Decimal("279.2")
    assert ("A", "TERM-075") not in prices
    before = runner.writes()
    assert runner.run_articles().state == "success"
    assert runner.writes() == before
