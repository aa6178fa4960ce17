"""What was read last time, so that the next run reads only what changed since. Pure.

The cache is a convenience, never a truth: lost or of another version it means a full reading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fortnox.core.articles import FortnoxArticle, ShopArticle

#: Raised when a cached value means something else than before.
VERSION = 2
#: Asked for once more: clocks differ, and what is written now may show under an earlier second.
OVERLAP = timedelta(minutes=10)
#: Deltas tell nothing of what was deleted; now and then everything is read again.
FULL_READING_EVERY = timedelta(days=7)
#: Fortnox compares ``lastmodified`` with Swedish local time, wherever the company is.
SWEDEN = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCache:
    """Both sides as they were at ``read_at``."""

    version: int
    read_at: datetime
    #: When all was read, rather than what had changed.
    full_at: datetime
    #: The price list that prices are from.
    price_list: str
    shop: tuple[ShopArticle, ...]
    fortnox: tuple[FortnoxArticle, ...]
    #: Fortnox was seen to keep the stock by itself.
    warehouse: bool = False


def usable(cache: ArticleCache | None, price_list: str, now: datetime) -> ArticleCache | None:
    """The cache, unless it is of another version or price list, too old, or from the future."""
    if cache is None or cache.version != VERSION or cache.price_list != price_list:
        return None
    fresh = cache.read_at <= now < cache.full_at + FULL_READING_EVERY
    return cache if fresh else None


def swedish_since(moment: datetime, now: datetime) -> str:
    """``lastmodified`` for everything changed since a moment, whatever the clocks did meanwhile.

    In the hour that comes twice, local time can't say which one is meant, and what changed after
    the clocks went back has an earlier local time than what changed before: both are covered by
    asking an hour earlier.

    Args:
        moment: Aware; asked from this minute on.
        now: Aware; when it is asked.
    """
    local = moment.astimezone(SWEDEN)
    went_back = (local.utcoffset() or timedelta()) - (
        now.astimezone(SWEDEN).utcoffset() or timedelta()
    )
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    earlier = timedelta(hours=1) if twice or went_back > timedelta() else timedelta()
    return f"{local.replace(tzinfo=None) - earlier:%Y-%m-%d %H:%M}"


def merged_shop(
    known: Iterable[ShopArticle], read: Iterable[ShopArticle], *, full: bool
) -> tuple[ShopArticle, ...]:
    """The shop's articles after a reading.

    Absence alone never makes an article inactive in Fortnox: a list can lack what is there. What
    was thrown away is read from the shop's trash. A product that got variations since is none.
    """
    kept = {} if full else {article.product_id: article for article in known}
    now = {article.product_id: article for article in read}
    for product_id in {article.parent_id for article in now.values()} - now.keys():
        kept.pop(product_id, None)
    return tuple({**kept, **now}.values())


def merged_fortnox(
    known: Mapping[str, FortnoxArticle], read: Iterable[FortnoxArticle], *, full: bool, since_s: int
) -> dict[str, FortnoxArticle]:
    """Fortnox's articles after a reading, with the details that are still certain.

    Details stay when our own last write explains why the article is among the changed ones.
    """
    articles = {} if full else dict(known)
    for article in read:
        before = known.get(article.number)
        ours = (
            before is not None
            and before.written_s >= since_s
            and replace(before, details=None, written_s=0) == article
        )
        articles[article.number] = before if ours and before else article
    return articles
