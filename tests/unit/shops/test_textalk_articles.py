"""A Textalk article and its variants as articles, from single answers."""

from decimal import Decimal
from typing import Any

import pytest

from fortnox.core.article_import import plan_import
from fortnox.core.article_match import match_articles
from fortnox.core.articles import FortnoxArticle, Presence, ShopArticle, StockAt
from fortnox.shops.textalk.article_convert import CatalogueFacts, articles_of
from fortnox.shops.textalk.settings import TextalkSettings

FACTS = CatalogueFacts(
    currency="SEK",
    language="sv",
    prices_include_vat=True,
    settings=TextalkSettings(service_articles=("TJ-*",)),
)


def article(**changed: Any) -> dict[str, Any]:
    """An article as the shop answers it."""
    values = {
        "uid": 166400002,
        "changed": "2025-03-09T08:20:11Z",
        "articleNumber": "BOK-1",
        "name": {"sv": "Bok", "en": "Book"},
        "price": {"regular": {"SEK": Decimal("212.5"), "NOK": Decimal("368.6487")}},
        "vatRate": Decimal("0.06"),
        "stock": {"useStock": True, "stock": 7},
        "draft": False,
        "type": "Standard",
        "weight": 400,
        "variants": [],
    }
    return {**values, **changed}


def shirt(*overrides: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """An article whose sizes are variants."""
    uids = [70617857 + number for number in range(len(overrides))]
    schema = {"enum": [str(uid) for uid in uids], "enumNames": ["S", "M"][: len(uids)]}
    variants = [
        {"uid": uid, "definedBy": {"4125185": str(uid)}, "overrides": own}
        for uid, own in zip(uids, overrides, strict=True)
    ]
    more = {"choiceSchema": {"sv": {"properties": {"4125185": schema}}}, "variants": variants}
    return article(**{"articleNumber": "TS", "name": {"sv": "T-shirt"}, **more, **changed})


def read(item: dict[str, Any]) -> list[ShopArticle]:
    """What a Swedish shop's adapter makes of it."""
    return list(articles_of(item, FACTS))


def test_an_article_as_it_is() -> None:
    """Price, weight, rate or stock would be another one than the shop's."""
    (found,) = read(article())
    assert (found.product_id, found.sku, found.name) == ("166400002", "BOK-1", "Bok")
    assert (found.price, found.vat_rate_pct, found.weight_g) == (Decimal("212.50"), 6, 400)
    assert (found.stock_at, found.stock) == (StockAt.ITSELF, 7)
    assert (found.presence, found.problems) == (Presence.SOLD, ())


def test_variants_are_the_articles_and_are_named_by_their_options() -> None:
    """All sizes would share one article, and one stock overwrite the others."""
    own = ({"articleNumber": "TS-S", "stock": 3, "ean": "735"}, {"articleNumber": "TS-M"})
    small, medium = read(shirt(*own))
    assert [one.name for one in (small, medium)] == ["T-shirt - S", "T-shirt - M"]
    assert small.product_id == "v70617857"
    assert (small.parent_id, small.ean) == ("166400002", "735")
    assert (small.stock_at, small.stock) == (StockAt.ITSELF, 3)
    assert (medium.stock_at, medium.stock) == (StockAt.PARENT, 7)


def test_a_variant_without_a_number_shows_its_article_s() -> None:
    """Its sales would be taken for its neighbour's."""
    (found,) = read(shirt({"stock": 3}))
    assert found.shows_parents_sku


@pytest.mark.parametrize(
    ("changed", "field", "value"),
    [
        ({"draft": True}, "presence", Presence.DRAFT),
        ({"articleNumber": "TJ-SLIP"}, "virtual", True),
        ({"stock": {"useStock": False, "stock": 9}}, "stock", None),
        ({"stock": None}, "stock_at", StockAt.NOWHERE),
        ({"weight": 0}, "weight_g", None),
        ({"vatIsIncluded": False}, "price_includes_vat", False),
        ({"price": {"regular": {"EUR": 9}}}, "price", None),
        ({"price": {"current": {"SEK": 90}}}, "price", Decimal(90)),
        ({"price": {"regular": {"SEK": Decimal("30.000000000000004")}}}, "price", Decimal(30)),
        ({"name": {"en": "Book"}}, "name", "Book"),
    ],
)
def test_what_the_shop_says_otherwise(changed: dict[str, Any], field: str, value: Any) -> None:
    """What is not counted would be 0, a derived price the price, or a draft be sold."""
    (found,) = read(article(**changed))
    assert getattr(found, field) == value
    assert found.problems == ()


def test_gift_cards_are_no_articles() -> None:
    """A means of payment would be booked as a sale."""
    assert read(article(type="GiftCard")) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"vatRate": None}, "no_vat_rate"),
        ({"vatRate": Decimal("0.11885674")}, "no_vat_rate"),
        ({"price": {"regular": {"SEK": Decimal("9.999")}}}, "unreadable_amount"),
        ({"price": {"regular": {"SEK": -1}}}, "unreadable_amount"),
    ],
)
def test_doubt_holds_the_article(changed: dict[str, Any], code: str) -> None:
    """A price would be worked out with a rate that nobody chose."""
    (found,) = read(article(**changed))
    assert [problem.code for problem in found.problems] == [code]


def test_an_option_that_costs_extra_leaves_the_price_open() -> None:
    """The dear size would be sold in Fortnox at the price of the cheap one."""
    (found,) = read(shirt({"articleNumber": "TS-S"}, choiceOptionPrices={"1": {"SEK": 50}}))
    assert found.price is None


def test_a_variant_s_price_is_held_and_not_written_to_its_article() -> None:
    """One size's price would become that of all of them."""
    small, medium = read(shirt({"articleNumber": "TS-S"}, {"articleNumber": "TS-M"}))
    both = [
        FortnoxArticle(number="TS-S", description="T-shirt - S", price=Decimal("200.47")),
        FortnoxArticle(number="TS-M", description="T-shirt - M", price=Decimal(300)),
    ]
    owned = frozenset({"name", "price"})
    updates, held = plan_import(
        match_articles([small, medium], both), owned, only_web_articles=False
    )
    assert updates == []
    assert [(item.order_number, item.code) for item in held] == [("TS-M", "kept_by_product")]
