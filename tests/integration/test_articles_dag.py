"""Articles to Fortnox and back over HTTP: once by ``dag.test``, else by the DAG's steps."""

from decimal import Decimal

import pytest
from tests.support.airflow_runs import ROOT, DayRunner
from tests.support.articles import articles, change, codes, exporting, product, shop_writes
from tests.support.step_runs import StepRunner
from tests.support.worlds import environment


def test_the_dag_itself(runner: DayRunner) -> None:
    """Operators and mapped tasks would not hand on what the steps leave."""
    run = exporting(runner).run_articles()
    assert run.state == "success", (run.tasks, run.report)
    assert run.report["counts"]["created"] == len(articles(runner)) > 40


def test_every_article_is_made_once_with_account_price_and_kind(steps: StepRunner) -> None:
    """Invoices with article numbers would be refused, or book on a wrong account."""
    exporting(steps)
    first = steps.run_articles()
    assert first.state == "success", (first.tasks, first.report)
    made = articles(steps)
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

    before, in_shop = steps.writes(), shop_writes(steps)
    second = steps.run_articles()
    assert second.state == "success", second.report
    assert steps.writes() == before
    assert shop_writes(steps) == in_shop == 0
    assert second.report["counts"]["created"] == second.report["counts"]["updated"] == 0


def test_only_what_changed_is_written_and_the_trash_makes_inactive(steps: StepRunner) -> None:
    """Each run would write every article again, or delete one that invoices name."""
    exporting(steps).run_articles()
    before = steps.writes()
    change(steps, "TERM-075", regular_price="375.00", price="375.00")
    change(steps, "TVAL-ENB", name="Handtvål &amp; enbär")
    change(steps, "SLIP-FIN", status="trash")
    run = steps.run_articles()
    assert run.state == "success", run.report
    made = articles(steps)
    assert made["TERM-075"]["SalesPrice"] == 300
    assert made["TVAL-ENB"]["Description"] == "Handtvål & enbär"
    assert made["SLIP-FIN"]["Active"] is False
    assert steps.writes() == before + 3
    assert run.report["counts"]["updated"] == 3

    steps.world.client().delete("articles/HALS-30")
    change(steps, "HALS-30", name="Halsband, silver")
    deleted = steps.run_articles()
    assert (deleted.state, "article_deleted" in codes(deleted)) == ("success", True)


def test_prices_and_names_come_from_fortnox_and_nothing_is_made_in_the_shop(
    steps: StepRunner,
) -> None:
    """The shop would sell at old prices, or get products that nobody described."""
    exporting(steps).run_articles()
    steps.set_event("articles", "import")
    steps.set_owners("fortnox", "name", "price", "ean", "weight")
    client = steps.world.client()
    client.update("prices/A/TERM-075", "Price", {"Price": 320})
    client.update("prices/A/TRJ-TALL-M", "Price", {"Price": "300.00"})
    client.update("articles/TVAL-ENB", "Article", {"Description": "Tvål, enbär", "EAN": "735000"})
    client.update("articles/KOK-GNI", "Article", {"Weight": 1250})
    client.create("articles", "Article", {"ArticleNumber": "NY-1", "Description": "Ny vara"})
    client.update("articles/SLIP-FIN", "Article", {"EAN": "Slip 735"})
    client.update("prices/A/HALS-30", "Price", {"Price": 1})
    gone = product(steps, "HALS-30")["id"]
    del steps.world.woocommerce.data.products[gone]
    products = len(steps.world.woocommerce.data.products)
    run = steps.run_articles()
    assert run.state == "success", run.report
    assert product(steps, "TERM-075")["regular_price"] == "400.00"
    assert product(steps, "TRJ-TALL-M")["regular_price"] == "375.00"
    soap = product(steps, "TVAL-ENB")
    assert (soap["name"], soap["global_unique_id"]) == ("Tvål, enbär", "735000")
    assert product(steps, "KOK-GNI")["weight"] == "1.25"
    assert len(steps.world.woocommerce.data.products) == products
    assert run.report["counts"]["only_in_fortnox"] >= 2
    assert "shop_keeps_other" in codes(run), "WooCommerce drops the letters of an EAN"
    client.update("articles/SLIP-FIN", "Article", {"EAN": "735"})

    before, in_shop = steps.writes(), shop_writes(steps)
    again = steps.run_articles()
    assert again.state == "success", again.report
    assert (steps.writes(), shop_writes(steps)) == (before, in_shop)


def test_prices_go_to_the_chosen_list_and_the_standard_one_stays(steps: StepRunner) -> None:
    """The prices that other customers pay would be overwritten by the shop's."""
    exporting(steps)
    steps.set_shop(price_list="WEBB")
    client = steps.world.client()
    client.create("pricelists", "PriceList", {"Code": "WEBB", "Description": "Webbutik"})
    assert steps.run_articles().state == "success"
    prices = {
        (row["PriceList"], row["ArticleNumber"]): row["Price"]
        for row in steps.world.fortnox.table("prices").values()
    }
    assert prices["WEBB", "TERM-075"] == Decimal("279.2")
    assert ("A", "TERM-075") not in prices
    before = steps.writes()
    assert steps.run_articles().state == "success"
    assert steps.writes() == before


@pytest.mark.parametrize("resource", ["articles", "stock", "customers"])
def test_dags_come_and_go_with_the_rows_of_events_csv(runner: DayRunner, resource: str) -> None:
    """A resource that is off would run all the same, or one that is on never."""
    from airflow.dag_processing.dagbag import DagBag

    found = []
    for direction in ("off", "export", "import"):
        runner.set_event(resource, direction)
        with environment({"FORTNOX_MAPPINGS_DIR": str(runner.mappings)}):
            bag = DagBag(dag_folder=str(ROOT / "dags" / f"fortnox_{resource}.py"))
        assert bag.import_errors == {}
        found.append(sorted(bag.dags))
    assert found == [[], [f"fortnox_{resource}__demo"], [f"fortnox_{resource}__demo"]]
