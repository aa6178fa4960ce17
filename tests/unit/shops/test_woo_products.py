"""Products and variations as articles, from a sandbox shop over HTTP and from single answers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.article_values import details, fortnox_article
from tests.support.builders import mappings, shop_row
from tests.support.once import wait_for

from fortnox.api.text import clean
from fortnox.core.article_export import ExportRules, plan_export
from fortnox.core.article_import import plan_import
from fortnox.core.article_match import match_articles
from fortnox.core.articles import (
    ArticleAction,
    FortnoxArticle,
    Presence,
    ShopArticle,
    ShopUpdate,
    StockAt,
)
from fortnox.core.errors import FatalError, UnreachableError
from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import start
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET, create_app
from fortnox.shops.woocommerce import WooCommerceShop
from fortnox.shops.woocommerce.product_convert import (
    is_article,
    product_article,
    variation_article,
)
from fortnox.shops.woocommerce.product_settings import ProductSettings

SETTINGS = ProductSettings(
    prices_include_vat=True,
    grams_per_unit=Decimal(1000),
    rates_pct={
        "standard": frozenset({Decimal("25.0000")}),
        "odd": frozenset({Decimal(25), Decimal(12)}),
    },
)


REAL = replace(
    SETTINGS,
    rates_pct={
        name: frozenset({Decimal(rate)})
        for name, rate in (("standard", 25), ("reduced-rate", 12), ("reducerad-6", 6),
                           ("zero-rate", 0))
    },
)  # fmt: skip


def product(**changed: Any) -> dict[str, Any]:
    """A simple product as WooCommerce answers it."""
    values = {
        "id": 18,
        "type": "simple",
        "status": "publish",
        "name": "Salt &amp; Peppar-set",
        "sku": "SP-LYX",
        "global_unique_id": "",
        "regular_price": "549.00",
        "tax_status": "taxable",
        "tax_class": "",
        "virtual": False,
        "weight": "0.45",
        "manage_stock": True,
        "stock_quantity": 148,
        "meta_data": [],
    }
    return {**values, **changed}


def variation(**changed: Any) -> dict[str, Any]:
    """A variation that shows what it lacks of its product."""
    own = {"id": 50, "parent_id": 49, "attributes": [{"name": "Storlek", "option": "36–39"}]}
    return product(**{"name": "36–39", **own, **changed})


def as_made(action: ArticleAction) -> FortnoxArticle:
    """Fortnox's article once it is created so."""
    sent: dict[str, Any] = dict(action.fields)
    return fortnox_article(
        number=action.number,
        description=sent["Description"],
        ean=sent.get("EAN", ""),
        price=action.price,
        details=details(
            sales_account=sent["SalesAccount"],
            article_type=sent["Type"],
            weight_g=sent.get("Weight", 0),
        ),
    )


RAGG = product(id=49, type="variable", name="Raggsocka", sku="RAGG", stock_quantity=60)


def test_names_are_read_without_html() -> None:
    """Fortnox's register would be full of &amp;."""
    article = product_article(product(), SETTINGS)
    assert article.name == "Salt & Peppar-set"
    assert (article.price, article.vat_rate_pct) == (Decimal("549.00"), Decimal(25))
    assert (article.weight_g, article.stock) == (450, Decimal(148))


def test_a_variation_that_leans_on_its_product_is_seen_as_that() -> None:
    """Three variations would share one article and overwrite each other's stock."""
    leaning = variation(sku="RAGG", manage_stock="parent", stock_quantity=60)
    article = variation_article(leaning, RAGG, SETTINGS)
    assert article.shows_parents_sku
    assert article.stock_at is StockAt.PARENT
    assert article.name == "Raggsocka - 36–39"


def test_stock_that_is_not_managed_is_no_number() -> None:
    """A product that is made to order would count as sold out."""
    article = product_article(product(manage_stock=False, stock_quantity=None), SETTINGS)
    assert (article.stock_at, article.stock) == (StockAt.NOWHERE, None)


def test_a_text_of_ten_thousand_characters_is_cut_once_and_left_alone() -> None:
    """Fortnox would refuse the article, or a cut name look changed in every run."""
    long = product_article(product(name="<b>Å</b>&amp;" + "ö 🎄" * 3_000), SETTINGS)
    name = clean(long.name, 200)
    assert len(name) <= 200
    assert "&amp;" not in name
    rules = ExportRules(shop=shop_row(), mappings=mappings(), day=date(2026, 5, 4))
    (made,), _ = plan_export(match_articles([replace(long, name=name)], []), rules)
    existing = fortnox_article(
        number="SP-LYX", description=dict(made.fields)["Description"], price=made.price,
        details=details(weight_g=450),
    )  # fmt: skip
    matched = match_articles([replace(long, name=clean(long.name, 200))], [existing])
    assert plan_export(matched, rules) == ([], [])


def test_recorded_products_are_read_as_what_they_are(shared_data: Path) -> None:
    """A shop as it really answers would fill the register with entities, doubles or gift cards."""
    folder = shared_data / "woocommerce" / "other"
    read = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal)
        for name in ("111_products", "119_variations_tshirt",
                     "120_variations_no_own_sku_parent_stock")
    }  # fmt: skip
    products = {item["id"]: item for item in read["111_products"]}
    articles = [product_article(item, REAL) for item in products.values() if is_article(item)]
    sizes = [variation_article(item, products[40], REAL) for item in read["119_variations_tshirt"]]
    leaning = read["120_variations_no_own_sku_parent_stock"]
    articles += [*sizes, *(variation_article(item, products[49], REAL) for item in leaning)]
    assert not any("&" in one.name.replace(" & ", "") or "<" in one.name for one in articles)
    assert {one.stock for one in articles if one.stock_at is StockAt.NOWHERE} == {None}
    assert {one.sku: one.stock for one in articles}["PUMP-1"] == -4
    rules = ExportRules(shop=shop_row(), mappings=mappings(), day=date(2026, 5, 4))
    actions, held = plan_export(match_articles(articles, []), rules)
    accounts = {one.number: dict(one.fields)["SalesAccount"] for one in actions}
    assert accounts["PK-500"] == 2421, "a gift card is a debt to its holder, no sale"
    assert accounts["TS-S-SVART"] == 3001
    assert {item.code for item in held} == {"missing_sku", "parent_sku"}
    assert not {"FIKA-GRP", "EXT-1", "RAGG", "TS", "UTKAST-1"} & accounts.keys()
    in_fortnox = match_articles(articles, [as_made(action) for action in actions])
    assert plan_export(in_fortnox, rules)[0] == [], "a second run writes nothing"
    fields = frozenset({"name", "price", "ean", "weight"})
    assert plan_import(in_fortnox, fields, only_web_articles=True)[0] == [], "nor does one back"


def test_what_is_thrown_away_goes_with_its_variations() -> None:
    """The articles of a product in the trash would stay for sale."""
    article = variation_article(variation(), RAGG | {"status": "trash"}, SETTINGS)
    assert article.presence is Presence.GONE
    assert product_article(product(status="draft"), SETTINGS).presence is Presence.DRAFT


def test_a_variation_for_any_option_has_its_products_name() -> None:
    """Its name would end in a dash, or repeat what its product is called."""
    for attributes, name in (
        ([], "Raggsocka"),
        ([{"name": "Storlek", "option": ""}, {"name": "Färg", "option": "Röd &amp; blå"}],
         "Raggsocka - Röd & blå"),
    ):  # fmt: skip
        article = variation_article(variation(attributes=attributes, name=""), RAGG, SETTINGS)
        assert article.name == name


@pytest.mark.parametrize("route", [True, False])
def test_a_product_of_more_than_a_hundred_variations_is_read_whole(
    served: Any, route: bool
) -> None:
    """Sizes beyond the first page would never reach Fortnox."""
    shop, store = served
    store.switches.variations_route = route
    one = next(item for item in store.data.variations.values() if item["sku"] == "TRJ-TALL-S")
    for number in range(90_000, 90_130):
        store.data.variations[number] = {**one, "id": number, "sku": f"V-{number}"}
    read = by_sku(shop.article_shop.changed_articles(None))
    assert {f"V-{number}" for number in range(90_000, 90_130)} <= read.keys()


@pytest.mark.parametrize("kind", ["variable", "grouped", "external", "pw-gift-card"])
def test_what_has_no_number_of_its_own_is_no_article(kind: str) -> None:
    """Means of payment and mere pages would become articles."""
    assert not is_article(product(type=kind))


@pytest.mark.parametrize(
    ("shown", "stock_at", "stock"),
    [
        ({"manage_stock": False, "stock_quantity": None}, StockAt.NOWHERE, None),
        ({"manage_stock": True, "stock_quantity": None}, StockAt.NOWHERE, None),
        ({"manage_stock": False, "stock_quantity": 12}, StockAt.NOWHERE, None),
        ({"manage_stock": True, "stock_quantity": 0}, StockAt.ITSELF, Decimal(0)),
        ({"manage_stock": True, "stock_quantity": -4}, StockAt.ITSELF, Decimal(-4)),
        ({"manage_stock": True, "stock_quantity": Decimal("2.5")}, StockAt.ITSELF, Decimal("2.5")),
        ({"manage_stock": "parent", "stock_quantity": 60}, StockAt.PARENT, Decimal(60)),
        ({"manage_stock": "parent", "stock_quantity": None}, StockAt.PARENT, None),
    ],
)
def test_each_way_of_counting_is_read_as_it_is(
    shown: dict[str, Any], stock_at: StockAt, stock: Decimal | None
) -> None:
    """Nothing counted would become 0, half a piece a whole one, or shared stock everybody's own."""
    article = variation_article(variation(**shown), RAGG, SETTINGS)
    assert (article.stock_at, article.stock) == (stock_at, stock)


def test_a_tax_class_without_one_rate_is_a_problem() -> None:
    """A price would be worked out with a rate that nobody chose."""
    for name, code in (("odd", "several_vat_rates"), ("none-such", "no_vat_rate")):
        article = product_article(product(tax_class=name), SETTINGS)
        assert article.vat_rate_pct is None
        assert [problem.code for problem in article.problems] == [code]
    assert product_article(product(tax_status="none"), SETTINGS).vat_rate_pct == 0


@pytest.fixture
def served() -> Iterator[tuple[WooCommerceShop, Any]]:
    """A sandbox shop and its adapter, without waiting between tries."""
    app = create_app(generate(end_day=date(2026, 11, 20), days=2, orders_per_day=1))
    with start(app) as server:
        shop = WooCommerceShop(server.url, DEFAULT_KEY, DEFAULT_SECRET, patience_s=0)
        yield shop, app.state.woocommerce


def by_sku(articles: Any) -> dict[str, ShopArticle]:
    return {article.sku: article for article in articles}


@pytest.mark.parametrize("route", [True, False])
def test_a_delta_finds_changed_variations_of_new_and_old_shops(served: Any, route: bool) -> None:
    """A new price of one size would reach Fortnox a week later."""
    shop, store = served
    store.switches.variations_route = route
    since = datetime.now(UTC) - timedelta(minutes=5)
    everything = list(shop.article_shop.changed_articles(None))
    assert {"TRJ-TALL-S", "TERM-075"} <= set(by_sku(everything))
    assert "TRJ-TALL" not in by_sku(everything)
    assert len({article.product_id for article in everything}) == len(everything)
    assert list(shop.article_shop.changed_articles(since)) == []
    item = next(one for one in store.data.variations.values() if one["sku"] == "TRJ-TALL-S")
    touched = item if route else store.data.products[item["parent_id"]]
    store.stamp(touched, "date_modified")
    assert "TRJ-TALL-S" in by_sku(shop.article_shop.changed_articles(since))


def test_writes_go_by_the_hundred_and_one_refusal_costs_no_other(served: Any) -> None:
    """One product with an error would keep all new prices out of the shop."""
    shop, store = served
    known = by_sku(shop.article_shop.changed_articles(None))
    wanted = [
        ShopUpdate(product_id=one.product_id, parent_id=one.parent_id, number=sku, price=Decimal(9))
        for sku, one in known.items()
        if sku in ("TERM-075", "TRJ-TALL-S")
    ]
    gone = ShopUpdate(product_id="999999", number="X", price=Decimal(9))
    store.faults.forget_requests()
    (refused,) = shop.article_shop.update_articles([*wanted, gone])
    assert refused.product_id == "999999"
    assert [one.method for one in store.faults.requests()] == ["POST", "POST"]
    now = by_sku(shop.article_shop.articles([*wanted, gone]))
    assert {article.price for article in now.values()} == {Decimal("9.00")}


def test_a_write_without_an_answer_is_never_sent_again_by_itself(served: Any) -> None:
    """Stock would be moved twice."""
    shop, store = served
    store.faults.add(FaultRule(method="POST", path="/batch", kind="drop_after"))
    one = by_sku(shop.article_shop.changed_articles(None))["TERM-075"]
    update = ShopUpdate(product_id=one.product_id, number=one.sku, price=Decimal(9))
    store.faults.forget_requests()
    with pytest.raises(UnreachableError):
        shop.article_shop.update_articles([update])
    # The sandbox notes a request only after it has dropped the connection.
    wait_for(store.faults.requests)
    assert [request.method for request in store.faults.requests()] == ["POST"]


def test_a_shop_that_does_not_tell_its_prices_vat_is_not_guessed_at(served: Any) -> None:
    """Every price would be wrong by the VAT."""
    shop, store = served
    setting = store.data.settings["tax/woocommerce_prices_include_tax"]
    store.data.settings["tax/woocommerce_prices_include_tax"] = setting | {"value": ""}
    with pytest.raises(FatalError, match="include VAT"):
        list(shop.article_shop.changed_articles(None))
