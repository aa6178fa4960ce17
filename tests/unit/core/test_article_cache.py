"""Deltas: what is asked for again, and what of the cache still counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from tests.support.article_values import fortnox_article, shop_article

from fortnox.core.article_cache import (
    FULL_READING_EVERY,
    VERSION,
    ArticleCache,
    merged_fortnox,
    merged_shop,
    swedish_since,
    usable,
)

NOW = datetime(2026, 10, 25, 6, 0, tzinfo=UTC)
SWEDEN = ZoneInfo("Europe/Stockholm")
#: Around both nights on which the clocks change.
MOMENTS = st.sampled_from(
    [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)]
)
MINUTES = st.integers(0, 400)


@given(MOMENTS, MINUTES, st.integers(0, 300), st.integers(0, 300))
def test_no_change_is_missed_whatever_the_clocks_do(
    start: datetime, minutes: int, later: int, until: int
) -> None:
    """Articles changed in the night when the clocks go back would stay old for a week."""
    since = start + timedelta(minutes=minutes)
    changed = since + timedelta(minutes=later)
    now = changed + timedelta(minutes=until)
    asked = datetime.fromisoformat(swedish_since(since, now))
    # As text, and as either of the two moments that a local time can mean.
    assert asked <= changed.astimezone(SWEDEN).replace(tzinfo=None)
    for fold in (0, 1):
        meant = asked.replace(tzinfo=SWEDEN, fold=fold)
        assert meant.astimezone(UTC) <= changed


def cache(**changed) -> ArticleCache:
    values = {
        "version": VERSION,
        "read_at": NOW - timedelta(hours=1),
        "full_at": NOW - timedelta(days=1),
        "price_list": "A",
        "shop": (),
        "fortnox": (),
    }
    return ArticleCache(**{**values, **changed})


def test_a_cache_counts_only_while_it_is_certain() -> None:
    """Prices of another list, or articles that are long deleted, would be taken for true."""
    assert usable(cache(), "A", NOW) == cache()
    assert usable(None, "A", NOW) is None
    assert usable(cache(), "B", NOW) is None
    assert usable(cache(version=VERSION + 1), "A", NOW) is None
    assert usable(cache(full_at=NOW - FULL_READING_EVERY), "A", NOW) is None
    assert usable(cache(read_at=NOW + timedelta(minutes=1)), "A", NOW) is None


def test_what_was_read_now_replaces_what_was_known() -> None:
    """A delta would lose what did not change, or keep what did."""
    old, kept = shop_article(product_id="1"), shop_article(product_id="2")
    new = replace(old, name="Ny")
    assert merged_shop([old, kept], [new], full=False) == (new, kept)
    assert merged_shop([old, kept], [new], full=True) == (new,)


def test_a_product_that_got_variations_is_an_article_no_longer() -> None:
    """Its price would be written to what is no article, beside those of its variations."""
    before = shop_article(product_id="1")
    sizes = [shop_article(product_id=n, parent_id="1", sku=f"MUGG-{n}") for n in ("2", "3")]
    assert merged_shop([before], sizes, full=False) == tuple(sizes)


def test_details_stay_only_where_our_own_write_explains_the_change() -> None:
    """A person's edit would go unseen, or each run would read again what it wrote itself."""
    ours = fortnox_article(written_s=100)
    listed = replace(ours, details=None, written_s=0)
    known = {"MUGG": ours}
    assert merged_fortnox(known, [listed], full=False, since_s=90)["MUGG"] == ours
    assert merged_fortnox(known, [listed], full=False, since_s=101)["MUGG"].details is None
    edited = replace(listed, description="Kopp")
    assert merged_fortnox(known, [edited], full=False, since_s=90)["MUGG"] == edited
