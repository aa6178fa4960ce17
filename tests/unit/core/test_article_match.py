"""SKU = article number: exact, or held with its reason."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tests.support.article_values import fortnox_article, shop_article

from fortnox.core.article_match import is_article_number, match_articles
from fortnox.core.articles import Presence

SKUS = st.sampled_from(["A", "a", "B-1", "C/2", "", "É", "D D", "x" * 51, "..", "Å.1"])
SHOP = st.lists(
    st.builds(
        shop_article,
        product_id=st.integers(1, 10**6).map(str),
        sku=SKUS,
        parent_id=st.sampled_from(["", "9"]),
        parent_sku=SKUS,
        presence=st.sampled_from(list(Presence)),
    ),
    unique_by=lambda article: article.product_id,
    max_size=8,
)
FORTNOX = st.lists(
    st.builds(fortnox_article, number=SKUS.filter(bool)), unique_by=lambda a: a.number
)


@given(SHOP, FORTNOX)
def test_each_article_of_the_shop_is_in_one_place_only(shop, fortnox) -> None:
    """An article would be made and held at once, or be lost without a word."""
    matched = match_articles(shop, fortnox)
    placed = Counter(
        [
            *(article.product_id for article, _ in matched.pairs),
            *(article.product_id for article in matched.only_in_shop),
            *(item.order_id for item in matched.held),
        ]
    )
    assert all(count == 1 for count in placed.values())
    sold = {article.product_id for article in shop if article.presence is Presence.SOLD}
    assert sold <= set(placed)


@given(SHOP, FORTNOX)
def test_a_pair_has_the_same_number_and_no_number_has_two_owners(shop, fortnox) -> None:
    """One product's price would land on another's article."""
    matched = match_articles(shop, fortnox)
    assert all(article.sku == existing.number for article, existing in matched.pairs)
    used = [article.sku for article, _ in matched.pairs if article.presence is not Presence.GONE]
    used += [article.sku for article in matched.only_in_shop]
    assert len({sku.casefold() for sku in used}) == len(used)
    assert all(is_article_number(sku) for sku in used)


def held_code(*shop, fortnox=()) -> set[str]:
    return {item.code for item in match_articles(shop, fortnox).held}


def test_every_doubtful_sku_has_its_reason() -> None:
    """Somebody would have to guess why an article is not in Fortnox."""
    assert held_code(shop_article(sku="")) == {"missing_sku"}
    variation = shop_article(sku="RAGG", parent_sku="RAGG", parent_id="49")
    assert held_code(variation) == {"parent_sku"}
    twins = (shop_article(product_id="1", sku="MUGG"), shop_article(product_id="2", sku="mugg"))
    assert held_code(*twins) == {"duplicate_sku"}
    assert held_code(shop_article(sku="MUGG 30")) == {"sku_refused"}
    assert held_code(shop_article(sku="MUGG/1")) == {"sku_refused"}
    spelled = held_code(shop_article(sku="Mugg"), fortnox=[fortnox_article(number="MUGG")])
    assert spelled == {"sku_case_differs"}


def test_the_rest_goes_on_when_some_are_held() -> None:
    """One product without a SKU would keep the whole shop out of Fortnox."""
    good = shop_article(product_id="3", sku="TERM-1")
    matched = match_articles([shop_article(sku=""), good], [])
    assert matched.only_in_shop == (good,)


def test_a_thrown_away_product_does_not_block_the_one_that_took_its_number_over() -> None:
    """A product made anew would be held as a duplicate until the trash is emptied."""
    old = shop_article(product_id="1", sku="A-1", presence=Presence.GONE)
    new = shop_article(product_id="2", sku="A-1")
    existing = fortnox_article(number="A-1")
    matched = match_articles([old, new], [existing])
    assert matched.pairs == ((new, existing),)
    assert matched.held == ()
