"""What an export, an import and a stock run change: only differences, and nothing twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.support.article_values import details, fortnox_article, shop_article
from tests.support.builders import mappings, shop_row

from fortnox.core.article_export import ExportRules, plan_export
from fortnox.core.article_guard import approval_reasons
from fortnox.core.article_import import kept_otherwise, plan_import
from fortnox.core.article_match import match_articles
from fortnox.core.article_price import list_price, shop_price
from fortnox.core.article_stock import plan_stock_export, plan_stock_import, still_wanted
from fortnox.core.articles import (
    ArticleAction,
    FortnoxArticle,
    Presence,
    ShopArticle,
    ShopUpdate,
    StockAt,
)

RULES = ExportRules(shop=shop_row(), mappings=mappings(), day=date(2026, 5, 4))
FIELDS = frozenset({"name", "price", "ean", "weight"})
PRICES = st.integers(0, 10**7).map(lambda ore: Decimal(ore).scaleb(-2))
RATES = st.sampled_from([Decimal(25), Decimal(12), Decimal(6), Decimal(0)])
QUANTITIES = st.integers(-50, 500).map(Decimal)
SHOP = st.builds(
    shop_article,
    name=st.sampled_from(["Mugg", "Kopp"]),
    presence=st.sampled_from([Presence.SOLD, Presence.DRAFT]),
    virtual=st.booleans(),
    price=st.none() | PRICES,
    price_includes_vat=st.booleans(),
    vat_rate_pct=RATES,
    weight_g=st.none() | st.integers(1, 5000),
    ean=st.sampled_from(["", "735"]),
)
FORTNOX = st.builds(
    fortnox_article,
    description=st.sampled_from(["Mugg", "Fat"]),
    active=st.booleans(),
    webshop=st.booleans(),
    ean=st.sampled_from(["", "735", "736"]),
    price=st.none() | PRICES,
    details=st.builds(
        details,
        sales_account=st.sampled_from([None, 3001, 3041]),
        article_type=st.sampled_from(["STOCK", "SERVICE"]),
        weight_g=st.integers(0, 5000),
    ),
)


def after(existing: FortnoxArticle, action: ArticleAction) -> FortnoxArticle:
    """Fortnox once the action is carried out."""
    names = {
        "Description": "description",
        "EAN": "ean",
        "WebshopArticle": "webshop",
        "Active": "active",
    }
    single = {"SalesAccount": "sales_account", "Type": "article_type", "Weight": "weight_g"}
    fields = dict(action.fields)
    changed = {names[name]: value for name, value in fields.items() if name in names}
    inner = {single[name]: value for name, value in fields.items() if name in single}
    price = existing.price if action.price is None else action.price
    made = replace(existing, price=price, **changed)
    return replace(made, details=replace(made.details or details(), **inner))


@given(SHOP, FORTNOX)
def test_an_export_repeated_writes_nothing(article: ShopArticle, existing: FortnoxArticle) -> None:
    """Every run would rewrite every article, and hide a person's edits."""
    actions, held = plan_export(match_articles([article], [existing]), RULES)
    assert held == []
    for action in actions:
        again, _ = plan_export(match_articles([article], [after(existing, action)]), RULES)
        assert again == []


@given(SHOP, FORTNOX)
def test_an_import_repeated_writes_nothing(article: ShopArticle, existing: FortnoxArticle) -> None:
    """The shop would be written all the time, and its caches thrown away."""
    updates, _ = plan_import(match_articles([article], [existing]), FIELDS, only_web_articles=False)
    for update in updates:
        said = {name: getattr(update, name) for name in ("name", "price", "ean", "weight_g")}
        changed = replace(article, **{k: v for k, v in said.items() if v is not None})
        again, _ = plan_import(
            match_articles([changed], [existing]), FIELDS, only_web_articles=False
        )
        assert again == []


@given(PRICES, RATES)
def test_a_list_price_is_within_half_an_ore_of_the_exact_one(price: Decimal, rate: Decimal) -> None:
    """Prices would drift by binary arithmetic or by rounding the wrong way."""
    article = shop_article(price=price, vat_rate_pct=rate)
    net = list_price(article)
    assert net is not None
    assert abs(net * (100 + rate) - price * 100) * 2 <= 100 + rate
    gross = shop_price(net, article)
    assert gross is not None
    assert abs(gross - price) <= Decimal("0.01")


def test_a_price_without_vat_stays_as_it_is() -> None:
    """A business shop's prices would be taken for consumer prices."""
    article = shop_article(price=Decimal("99.90"), price_includes_vat=False, vat_rate_pct=None)
    assert list_price(article) == shop_price(Decimal("99.90"), article) == Decimal("99.90")


def test_a_gone_product_makes_its_article_inactive_and_nothing_else() -> None:
    """An article that old invoices name would be deleted, or stay for sale."""
    gone = shop_article(presence=Presence.GONE, name="Annat")
    (action,), _ = plan_export(match_articles([gone], [fortnox_article()]), RULES)
    assert (action.kind, action.fields, action.price) == ("deactivate", (("Active", False),), None)
    inactive = fortnox_article(active=False)
    assert plan_export(match_articles([gone], [inactive]), RULES)[0] == []


def test_a_draft_is_not_made_in_fortnox() -> None:
    """Half-finished products would fill the article register."""
    draft = shop_article(presence=Presence.DRAFT)
    assert plan_export(match_articles([draft], []), RULES) == ([], [])


def test_an_article_without_an_account_is_held() -> None:
    """Its invoices would be booked on Fortnox's default account."""
    _, held = plan_export(match_articles([shop_article(vat_rate_pct=Decimal(10))], []), RULES)
    assert [item.code for item in held] == ["unmapped_account"]


def test_a_price_of_zero_is_never_given_to_the_shop() -> None:
    """An article without a price in the list would be sold for nothing."""
    free = fortnox_article(price=Decimal(0))
    updates, held = plan_import(
        match_articles([shop_article()], [free]), FIELDS, only_web_articles=False
    )
    assert updates == []
    assert [item.code for item in held] == ["price_zero"]


def test_a_price_of_zero_makes_nothing_free_that_has_no_price() -> None:
    """What is sold on request only would be given away."""
    matched = match_articles([shop_article(price=None)], [fortnox_article(price=Decimal(0))])
    assert plan_import(matched, FIELDS, only_web_articles=False) == ([], [])


@given(PRICES, RATES)
def test_a_price_that_was_exported_comes_back_as_nothing(price: Decimal, rate: Decimal) -> None:
    """Who turns the direction around would see prices move by an öre: 1.02 is 1.03 in no list."""
    article = shop_article(price=price, vat_rate_pct=rate)
    exported = match_articles([article], [fortnox_article(price=list_price(article))])
    assert plan_import(exported, FIELDS, only_web_articles=False)[0] == []


def test_what_the_shop_took_and_did_not_keep_is_named() -> None:
    """A run would be red every hour, and say only that something was not carried out."""
    sent = ShopUpdate(product_id="7", number="MUGG", ean="ABC-1", price=Decimal("9.00"))
    still = ShopUpdate(product_id="7", number="MUGG", ean="ABC-1")
    assert kept_otherwise(still, sent) == ("ean",)
    for other in (
        replace(still, ean="ABC-2"),
        replace(still, name="Krus"),
        replace(still, stock_base=Decimal(1)),
    ):
        assert kept_otherwise(other, sent) == ()


def test_articles_without_the_flag_are_left_alone_if_so_set() -> None:
    """Prices of what is not meant for the shop would reach it."""
    other = fortnox_article(webshop=False, price=Decimal(1))
    matched = match_articles([shop_article()], [other])
    assert plan_import(matched, FIELDS, only_web_articles=True) == ([], [])


@given(
    stock=QUANTITIES,
    base=st.none() | QUANTITIES,
    fortnox=QUANTITIES,
    sold_meanwhile=st.integers(0, 5),
)
def test_an_import_of_stock_keeps_every_sale(
    stock: Decimal, base: Decimal | None, fortnox: Decimal, sold_meanwhile: int
) -> None:
    """A sale between reading and writing would come back as a piece that is not there."""
    article = shop_article(stock_at=StockAt.ITSELF, stock=stock, stock_base=base)
    source = fortnox_article(disposable=fortnox)
    updates, held = plan_stock_import([(article, source)], None, "plan-1")
    assert held == []
    change = sum(update.stock_change or 0 for update in updates)
    moved = fortnox - (stock if base is None else base)
    assert stock - sold_meanwhile + change == stock + moved - sold_meanwhile
    done = replace(
        article, stock=stock - sold_meanwhile + change, stock_base=fortnox, stock_mark="plan-1"
    )
    assert plan_stock_import([(done, source)], None, "plan-2") == ([], [])
    for update in updates:
        assert still_wanted(update, done) is None


@given(stock=QUANTITIES, fortnox=QUANTITIES, sold=st.integers(0, 9))
def test_where_invoices_move_stock_unheard_sales_are_taken_off(
    stock: Decimal, fortnox: Decimal, sold: int
) -> None:
    """A sale that is not in Fortnox yet would be put back on the shelf for an hour."""
    article = shop_article(stock_at=StockAt.ITSELF, stock=stock, stock_base=Decimal(1))
    source = fortnox_article(disposable=fortnox)
    updates, _ = plan_stock_import([(article, source)], {"MUGG": Decimal(sold)}, "plan-1")
    assert stock + sum(update.stock_change or 0 for update in updates) == fortnox - sold


def test_part_of_a_piece_is_held() -> None:
    """Rounding would invent or lose goods."""
    article = shop_article(stock_at=StockAt.ITSELF, stock=Decimal(1))
    pair = (article, fortnox_article(disposable=Decimal("1.5")))
    assert [item.code for item in plan_stock_import([pair], None, "p")[1]] == ["stock_fraction"]


def test_what_fortnox_does_not_count_is_not_sold_out() -> None:
    """Articles that nobody counts in Fortnox show 0 there: the shop would sell none of them."""
    article = shop_article(stock_at=StockAt.ITSELF, stock=Decimal(10), stock_base=Decimal(0))
    for known in (details(stock_goods=False), None):
        (held,) = plan_stock_import([(article, fortnox_article(details=known))], None, "p")[1]
        assert held.code == "stock_not_counted"
    sold_out = fortnox_article(details=details(stock_goods=True))
    (update,), _ = plan_stock_import([(replace(article, stock_base=None), sold_out)], None, "p")
    assert update.stock_change == -10
    entered = fortnox_article(disposable=Decimal(4), details=details(stock_goods=False))
    (update,), _ = plan_stock_import([(article, entered)], None, "p")
    assert update.stock_change == 4


def test_a_stock_export_writes_only_what_differs_and_nothing_into_a_warehouse() -> None:
    """Quantities would be written that are there, or that Fortnox throws away."""
    article = shop_article(stock_at=StockAt.ITSELF, stock=Decimal(5))
    same = match_articles([article], [fortnox_article(in_stock=Decimal("5.00"))])
    assert plan_stock_export(same, warehouse=False) == ([], [])
    other = match_articles([article], [fortnox_article()])
    (action,), _ = plan_stock_export(other, warehouse=False)
    assert (action.fields, action.in_stock) == ((), Decimal(5))
    actions, held = plan_stock_export(other, warehouse=True)
    assert (actions, [item.code for item in held]) == ([], ["warehouse_module"])


def test_parts_of_a_piece_are_exported_as_fortnox_keeps_them() -> None:
    """A third of a metre would be written by every run, and taken for the warehouse module."""
    third = shop_article(stock_at=StockAt.ITSELF, stock=Decimal("0.335"))
    (action,), _ = plan_stock_export(match_articles([third], [fortnox_article()]), warehouse=False)
    assert action.in_stock == Decimal("0.34")
    kept = fortnox_article(in_stock=Decimal("0.34"))
    assert plan_stock_export(match_articles([third], [kept]), warehouse=False) == ([], [])


def emptying(count: int) -> list[ShopUpdate]:
    return [
        ShopUpdate(product_id=str(n), number=str(n), stock_change=-3, stock_base=Decimal(0))
        for n in range(count)
    ]


def test_a_run_that_would_empty_the_shop_asks_a_person_first() -> None:
    """One wrong setting in Fortnox would make a whole shop sold out."""
    shop = shop_row(max_article_changes_pct=20, first_run_max_articles=1000)
    stocks = {str(n): 3 for n in range(100)}
    for first in (True, False):
        reasons = approval_reasons(emptying(21), shop, known=100, first_run=first, stocks=stocks)
        assert any("sold out" in reason for reason in reasons)
        fine = approval_reasons(emptying(20), shop, known=100, first_run=first, stocks=stocks)
        assert fine == []


def test_a_first_run_that_only_notes_equal_stocks_asks_nobody() -> None:
    """Somebody would be asked about 50 000 changes, none of which can be seen."""
    pairs = [
        (
            shop_article(
                product_id=str(n), sku=f"A-{n}", stock_at=StockAt.ITSELF, stock=Decimal(n)
            ),
            fortnox_article(number=f"A-{n}", disposable=Decimal(n)),
        )
        for n in range(50)
    ]
    updates, _ = plan_stock_import(pairs, None, "plan-1")
    assert [update.stock_base for update in updates] == [source.disposable for _, source in pairs]
    shop = shop_row(first_run_max_articles=10, max_article_changes_pct=20)
    for first in (True, False):
        assert approval_reasons(updates, shop, known=50, first_run=first, stocks={}) == []


def test_the_first_run_asks_by_number_and_later_ones_by_share() -> None:
    """A lost cache, or a wrong price list, would change every article unseen."""
    shop = shop_row(max_article_changes_pct=20, first_run_max_articles=30)
    changes = [ShopUpdate(product_id=str(n), number=str(n), name="x") for n in range(31)]
    stocks: dict[str, int] = {}
    (first,) = approval_reasons(changes, shop, known=1000, first_run=True, stocks=stocks)
    assert "first_run_max_articles" in first
    assert approval_reasons(changes, shop, known=1000, first_run=False, stocks=stocks) == []
    (later,) = approval_reasons(changes, shop, known=100, first_run=False, stocks=stocks)
    assert "max_article_changes_pct" in later
