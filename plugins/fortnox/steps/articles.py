"""First tasks of an articles or stock run: what changed in the shop, and what to do about it."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from airflow.sdk import Context

from fortnox.api.articles import check_price_list
from fortnox.core.article_cache import OVERLAP, VERSION, ArticleCache, merged_shop, usable
from fortnox.core.article_guard import Change, approval_reasons, is_seen
from fortnox.core.article_report import Resource
from fortnox.core.articles import ArticleAction, FortnoxArticle, ShopArticle, ShopUpdate
from fortnox.core.window import modified_window
from fortnox.steps.article_cache import load_cache
from fortnox.steps.articles_compare import (
    compare,
    keeps_stock_itself,
    read_fortnox,
    with_details,
)
from fortnox.steps.connections import article_shop, fortnox_hook
from fortnox.steps.run import Run, RunDict, load_mappings, load_run, open_run
from fortnox.steps.staging import Pointer, Records
from fortnox.steps.transform import HELD

log = logging.getLogger(__name__)

SHOP_ARTICLES = Records(ShopArticle, ("product_id", "sku"))
FORTNOX_ARTICLES = Records(FortnoxArticle, ("number",))
ACTIONS = Records(ArticleAction, ("number", "kind"))
UPDATES = Records(ShopUpdate, ("number", "product_id"))
#: Changes of one piece of apply: at most 20 minutes.
CHUNK_CHANGES = 2500


class ArticlesExtracted(TypedDict):
    """The XCom of ``extract``. ``full``: everything was read; ``first``: nothing was known."""

    articles: Pointer
    full: bool
    first: bool


class ArticlesPlanned(TypedDict):
    """The XCom of ``plan``, with what ``approve`` reads."""

    chunks: list[Pointer]
    held: Pointer
    fortnox: Pointer
    create: int
    update: int
    unchanged: int
    requests: int
    not_compared: int
    warehouse: bool
    approval_reasons: list[str]
    made_at: str
    fingerprint: str
    reads: int


def open_articles(context: Context, shop_key: str, resource: Resource) -> RunDict:
    """Open the run; its window says since when both sides are asked."""
    mappings = load_mappings(str(context["dag"].fileloc))
    shop = mappings.shop(shop_key)
    now = datetime.now(UTC).replace(microsecond=0)
    cache = usable(load_cache(shop, resource), shop.price_list, now)
    since = cache.read_at if cache else now - timedelta(days=1)
    window = modified_window(since - OVERLAP, now)
    return open_run(context, shop=shop, mappings=mappings, window=window, opened_at=now)


def extract_articles(context: Context, run_dict: RunDict, resource: Resource) -> ArticlesExtracted:
    """The shop's articles: the cache, and what changed since."""
    run = load_run(context, run_dict)
    raw = load_cache(run.shop, resource)
    cache = usable(raw, run.shop.price_list, run.opened_at)
    articles = read_shop(run, cache)
    log.info("%d articles in the shop, %s", len(articles), "cached" if cache else "all read")
    return {
        "articles": run.staging.write_records("shop-articles", SHOP_ARTICLES, articles),
        "full": cache is None,
        "first": raw is None,
    }


def read_shop(run: Run, cache: ArticleCache | None) -> tuple[ShopArticle, ...]:
    """All articles of the shop, with as few requests as the cache allows."""
    since = cache.read_at - OVERLAP if cache else None
    read = article_shop(run.shop).changed_articles(since)
    return merged_shop(cache.shop if cache else (), read, full=cache is None)


def plan_articles(
    context: Context, run_dict: RunDict, extracted: ArticlesExtracted, resource: Resource
) -> ArticlesPlanned:
    """Read Fortnox, compare, decide, stage. Writes nothing."""
    run = load_run(context, run_dict)
    cache = usable(load_cache(run.shop, resource), run.shop.price_list, run.opened_at)
    if extracted["full"]:
        cache = None
    articles = run.staging.read_records(extracted["articles"], SHOP_ARTICLES)
    client = fortnox_hook(run.shop.fortnox_conn_id).client()
    check_price_list(client, run.shop.price_list)
    known = read_fortnox(client, run, resource, cache)
    known, not_compared = with_details(client, run, resource, articles, known)
    warehouse = keeps_stock_itself(client, run, resource, seen=bool(cache and cache.warehouse))
    wanted = compare(client, run, resource, articles, known, warehouse=warehouse)
    log.info("%d changes, %d held", len(wanted.changes), len(wanted.held))
    reasons = approval_reasons(
        wanted.changes,
        run.shop,
        known=len(wanted.matched.pairs),
        first_run=extracted["first"],
        stocks={article.product_id: int(article.stock or 0) for article in articles},
    )
    staged = run.staging.write_records("fortnox", FORTNOX_ARTICLES, list(known.values()))
    return {
        **_counted(wanted.changes, len(wanted.matched.pairs)),
        "chunks": _stage_chunks(run, wanted.changes),
        "held": run.staging.write_records("plan-held", HELD, wanted.held),
        "fortnox": staged,
        "not_compared": not_compared,
        "warehouse": warehouse,
        "approval_reasons": reasons,
        "made_at": datetime.now(UTC).isoformat(),
        "fingerprint": run.fingerprint,
        "reads": client.usage.reads,
    }


class _Counted(TypedDict):
    create: int
    update: int
    unchanged: int
    requests: int


def _counted(changes: Sequence[Change], pairs: int) -> _Counted:
    actions = [one for one in changes if isinstance(one, ArticleAction)]
    create = sum(1 for one in actions if one.kind == "create")
    update = sum(1 for one in changes if is_seen(one)) - create
    return {
        "create": create,
        "update": update,
        "unchanged": max(0, pairs - update),
        "requests": sum(one.requests for one in actions),
    }


def _stage_chunks(run: Run, changes: Sequence[Change]) -> list[Pointer]:
    # Variations of a product stay together: each product's are written in one batch.
    ordered = sorted(changes, key=lambda one: getattr(one, "parent_id", ""))
    records: Records[Any] = ACTIONS
    if ordered and isinstance(ordered[0], ShopUpdate):
        records = UPDATES
    pieces = [
        ordered[start : start + CHUNK_CHANGES] for start in range(0, len(ordered), CHUNK_CHANGES)
    ]
    return [
        run.staging.write_records(f"chunk-{number}", records, piece)
        for number, piece in enumerate(pieces)
    ]


def fresh_cache(
    run: Run,
    articles: Sequence[ShopArticle],
    known: Mapping[str, FortnoxArticle],
    *,
    full_at: datetime,
    warehouse: bool,
) -> ArticleCache:
    """Both sides as they were when this run began to read them."""
    return ArticleCache(
        version=VERSION,
        read_at=run.opened_at,
        full_at=full_at,
        price_list=run.shop.price_list,
        shop=tuple(articles),
        fortnox=tuple(known.values()),
        warehouse=warehouse,
    )
