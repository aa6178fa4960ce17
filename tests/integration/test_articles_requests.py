"""What a run costs when few of many articles changed: requests on both sides, counted.

Enough articles that a reading of all of them would be seen: 30 pages of the shop, 6 of Fortnox.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.support.airflow_runs import DayRunner
from tests.support.articles import exporting
from tests.support.step_runs import StepRunner

from fortnox.api.articles import parse_article
from fortnox.core.article_cache import VERSION, ArticleCache
from fortnox.core.mapping import parse_mappings
from fortnox.mapping_files import read_folder
from fortnox.shops.woocommerce.product_convert import product_article
from fortnox.shops.woocommerce.product_settings import ProductSettings

COUNT, CHANGED = 3_000, 20
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)
SETTINGS = ProductSettings(
    prices_include_vat=True,
    grams_per_unit=Decimal(1000),
    rates_pct={"standard": frozenset({Decimal(25)})},
)


def known(runner: DayRunner, monkeypatch: pytest.MonkeyPatch, count: int) -> DayRunner:
    """Both sides have so many articles, alike, and the last run read them an hour ago."""
    from fortnox.steps.article_cache import store_cache

    exporting(runner)
    shop, fortnox = runner.world.woocommerce, runner.world.fortnox
    product = next(one for one in shop.data.products.values() if one["sku"] == "TERM-075")
    shop.data.variations.clear()
    shop.data.products.clear()
    products = {n: _product(product, n) for n in range(1, count + 1)}
    dict.update(shop.data.products, products)
    article = _article(runner)
    table = fortnox.table("articles")
    rows = {f"N-{n}": article | {"ArticleNumber": f"N-{n}"} for n in products}
    for number, row in rows.items():
        table.load(number, row, LONG_AGO)
    monkeypatch.setenv("FORTNOX_STAGING", str(runner.folder / "staging"))
    row = parse_mappings(read_folder(runner.mappings)).mappings.shop("demo")
    now = datetime.now(UTC).replace(microsecond=0)
    cache = ArticleCache(
        version=VERSION,
        read_at=now - timedelta(hours=1),
        full_at=now - timedelta(days=1),
        price_list="A",
        shop=tuple(product_article(one, SETTINGS) for one in products.values()),
        fortnox=tuple(parse_article(one) for one in rows.values()),
    )
    store_cache(row, "articles", cache)
    return runner


def _product(product: dict[str, Any], number: int) -> dict[str, Any]:
    long_ago = {"date_modified": "2026-11-01T01:00:00", "date_modified_gmt": "2026-11-01T00:00:00"}
    return product | {"id": number, "sku": f"N-{number}", "slug": f"n-{number}", **long_ago}


def _article(runner: DayRunner) -> dict[str, Any]:
    """One article as the export makes it, by a run over one product."""
    client = runner.world.client()
    body = {
        "ArticleNumber": "N-0",
        "Description": "Termos 0,75 l",
        "Type": "STOCK",
        "SalesAccount": 3001,
        "Unit": "st",
        "WebshopArticle": True,
        "Weight": 400,
    }
    client.create("articles", "Article", body)
    client.update("prices/A/N-0", "Price", {"Price": Decimal("279.20")})
    table = runner.world.fortnox.table("articles")
    row = dict(table.get("N-0"))
    table.delete("N-0")
    return row


def requests_of(runner: DayRunner) -> tuple[int, int]:
    """Requests since the logs were emptied: to Fortnox's API, and to the shop."""
    fortnox = [one for one in runner.world.faults.requests() if one.path.startswith("/3/")]
    shop = [one for one in runner.world.woocommerce.faults.requests() if "/wc/v3/" in one.path]
    runner.world.faults.forget_requests()
    runner.world.woocommerce.faults.forget_requests()
    return len(fortnox), len(shop)


def test_a_run_costs_what_changed_and_not_what_there_is(
    steps: StepRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shop of 50 000 articles would take hours of Fortnox's rate, every hour."""
    known(steps, monkeypatch, COUNT)
    data = steps.world.woocommerce
    for number in range(1, CHANGED + 1):
        item = data.data.products[number] | {"regular_price": "400.00", "price": "400.00"}
        data.stamp(item, "date_modified")
        data.data.products[number] = item
    requests_of(steps)
    run = steps.run_articles()
    assert run.state == "success", run.report
    assert run.report["counts"]["updated"] == CHANGED
    assert run.report["counts"]["unchanged"] == COUNT
    lists = [one for one in steps.world.faults.requests() if one.path == "/3/articles"]
    assert [one.query for one in lists if "page=2" in one.query] == []
    fortnox, shop = requests_of(steps)
    assert fortnox <= CHANGED + 20, fortnox
    assert shop <= 25, shop
    table = steps.world.fortnox.table("articles")
    assert table.get("N-1")["SalesPrice"] == 320
    assert table.get(f"N-{CHANGED + 1}")["SalesPrice"] == Decimal("279.2")


def test_a_quiet_run_is_cheap_and_a_lost_cache_means_a_full_reading(
    steps: StepRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who empties the working files would rewrite the whole register."""
    known(steps, monkeypatch, 300)
    requests_of(steps)
    quiet = steps.run_articles()
    assert quiet.state == "success", quiet.report
    fortnox, shop = requests_of(steps)
    assert (fortnox <= 20, shop <= 25) == (True, True), (fortnox, shop)
    for path in (steps.folder / "staging").rglob("articles-demo.json.gz"):
        path.write_bytes(b"broken")
    run = steps.run_articles()
    assert run.state == "success", run.report
    assert run.report["counts"]["unchanged"] == 300
    assert [one for one in steps.world.faults.requests() if one.method == "PUT"] == []
