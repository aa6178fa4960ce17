"""First tasks of an articles or stock run: what changed in the shop, and what to do about it."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from airflow.sdk import Context

from fortnox.api.articles import check_price_list, read_articles, read_details
from fortnox.api.client import FortnoxClient
from fortnox.api.text import clean
from fortnox.api.warehouse import warehouse_is_on
from fortnox.core.article_cache import OVERLAP, VERSION, ArticleCache, merged_shop, usable
from fortnox.core.article_export import ExportRules, plan_export
from fortnox.core.article_guard import Change, approval_reasons, is_seen
from fortnox.core.article_import import in_scope, plan_import
from fortnox.core.article_match import Matched, match_articles
from fortnox.core.article_report import Resource
from fortnox.core.article_stock import plan_stock_export, plan_stock_import
from fortnox.core.articles import ArticleAction, FortnoxArticle, ShopArticle, ShopUpdate
from fortnox.core.documents import Held
from fortnox.core.errors import FatalError
from fortnox.core.window import modified_window
from fortnox.steps.article_cache import load_cache
from fortnox.steps.connections import article_shop, fortnox_hook, shop_client
from fortnox.steps.run import Run, RunDict, load_mappings, load_run, open_run
from fortnox.steps.staging import Pointer, Records
from fortnox.steps.stock_pending import pending_quantities
from fortnox.steps.transform import HELD

log = logging.getLogger(__name__)

SHOP_ARTICLES = Records(ShopArticle, ("product_id", "sku"))
FORTNOX_ARTICLES = Records(FortnoxArticle, ("number",))
ACTIONS = Records(ArticleAction, ("number", "kind"))
UPDATES = Records(ShopUpdate, ("number", "product_id"))
#: Single readings of a run, a quarter of an hour at Fortnox's rate; the rest is a later run's.
DETAILS_PER_RUN = 4000
#: Changes of one piece of apply: at most 20 minutes.
CHUNK_CHANGES = 2500
DESCRIPTION_CHARACTERS = 200
_DETAIL_FIELDS = frozenset({"account", "kind", "weight"})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Both sides compared: changes, what is held, and what there is."""

    matched: Matched
    changes: tuple[Change, ...]
    held: tuple[Held, ...]


def open_articles(context: Context, shop_key: str, resource: Resource) -> RunDict:
    """Open the run; its window says since when both sides are asked."""
    mappings = load_mappings(str(context["dag"].fileloc))
    shop = mappings.shop(shop_key)
    now = datetime.now(UTC).replace(microsecond=0)
    cache = usable(load_cache(shop, resource), shop.price_list, now)
    since = cache.read_at if cache else now - timedelta(days=1)
    window = modified_window(since - OVERLAP, now)
    return open_run(context, shop=shop, mappings=mappings, window=window, opened_at=now)


def direction_of(run: Run, resource: Resource) -> str:
    """Which way the resource flows.

    Raises:
        FatalError: events.csv turned it off since the run began.
    """
    event = run.mappings.event(run.shop.shop, resource)
    if event is None or event.direction == "off":
        raise FatalError(f"events.csv says off for {resource}.", remedy="Nothing is to be done.")
    return event.direction


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
    warehouse = _warehouse(client, run, resource, seen=bool(cache and cache.warehouse))
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


def _warehouse(client: FortnoxClient, run: Run, resource: Resource, *, seen: bool) -> bool:
    """Whether Fortnox keeps the stock itself: as it says, or else as an earlier run saw it."""
    if resource != "stock" or direction_of(run, resource) != "export":
        return seen
    told = warehouse_is_on(client)
    return seen if told is None else told


def read_fortnox(
    client: FortnoxClient, run: Run, resource: Resource, cache: ArticleCache | None
) -> dict[str, FortnoxArticle]:
    """All articles of the company by number, with as few requests as the cache allows."""
    export = direction_of(run, resource) == "export"
    since = (cache.read_at if cache else run.opened_at) - OVERLAP
    now = datetime.now(UTC)
    return read_articles(client, run.shop.price_list, cache, since, now, keep_written=export)


def with_details(
    client: FortnoxClient,
    run: Run,
    resource: Resource,
    articles: Sequence[ShopArticle],
    known: Mapping[str, FortnoxArticle],
) -> tuple[dict[str, FortnoxArticle], int]:
    """Read single articles where a field is compared that lists leave out.

    Returns:
        All articles, and how many of them wait for a later run with their details.
    """
    owner = "shop" if direction_of(run, resource) == "export" else "fortnox"
    owned = run.mappings.article_fields(run.shop.shop, owner)
    if resource != "articles" or not owned & _DETAIL_FIELDS:
        return dict(known), 0
    skus = {article.sku for article in articles}
    lacking = [number for number in known if number in skus and known[number].details is None]
    found = {
        number: replace(known[number], details=details)
        for number, details in read_details(client, lacking[:DETAILS_PER_RUN])
    }
    return {**known, **found}, max(0, len(lacking) - DETAILS_PER_RUN)


def compare(
    client: FortnoxClient,
    run: Run,
    resource: Resource,
    articles: Sequence[ShopArticle],
    known: Mapping[str, FortnoxArticle],
    *,
    warehouse: bool,
) -> Wanted:
    """What should change on the other side now."""
    export = direction_of(run, resource) == "export"
    # Either way: a name that differs only in letters that Fortnox has not is the same name.
    shown = [_in_fortnox_letters(article) for article in articles]
    matched = match_articles(shown, known.values())
    changes, held = _decide(client, run, resource, matched, export=export, warehouse=warehouse)
    return Wanted(matched=matched, changes=tuple(changes), held=tuple(held))


def _decide(
    client: FortnoxClient,
    run: Run,
    resource: Resource,
    matched: Matched,
    *,
    export: bool,
    warehouse: bool,
) -> tuple[Sequence[Change], Sequence[Held]]:
    shop = run.shop
    if resource == "stock" and export:
        return plan_stock_export(matched, warehouse=warehouse)
    if resource == "stock":
        pending = None
        if shop.row_articles == "number":
            pending = pending_quantities(shop_client(shop), article_shop(shop), client, run)
        pairs = in_scope(matched, only_web_articles=shop.only_web_articles)
        updates, held = plan_stock_import(pairs, pending, _mark(run))
        return updates, [*matched.held, *held]
    if export:
        day = run.opened_at.astimezone(shop.zone).date()
        return plan_export(matched, ExportRules(shop=shop, mappings=run.mappings, day=day))
    owned = run.mappings.article_fields(shop.shop, "fortnox")
    return plan_import(matched, owned, only_web_articles=shop.only_web_articles)


def _mark(run: Run) -> str:
    """Names this plan of stock; staged with it, so that every try of apply has the same."""
    plan = f"{run.dag_id}/{run.run_id}/{datetime.now(UTC).isoformat()}"
    return hashlib.sha256(plan.encode()).hexdigest()[:12]


def _in_fortnox_letters(article: ShopArticle) -> ShopArticle:
    return replace(article, name=clean(article.name, DESCRIPTION_CHARACTERS))


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
