"""Both sides of articles or stock, compared: what Fortnox has, and what should change now."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from fortnox.api.articles import read_articles, read_details
from fortnox.api.client import FortnoxClient
from fortnox.api.text import clean
from fortnox.api.warehouse import warehouse_is_on
from fortnox.core.article_cache import OVERLAP, ArticleCache
from fortnox.core.article_export import ExportRules, plan_export
from fortnox.core.article_guard import Change
from fortnox.core.article_import import in_scope, plan_import
from fortnox.core.article_match import Matched, match_articles
from fortnox.core.article_report import Resource
from fortnox.core.article_stock import may_be_uncounted, plan_stock_export, plan_stock_import
from fortnox.core.articles import FortnoxArticle, ShopArticle
from fortnox.core.documents import Held
from fortnox.core.errors import FatalError
from fortnox.steps.connections import article_shop, shop_client
from fortnox.steps.run import Run
from fortnox.steps.stock_pending import pending_quantities

#: Single readings of a run, a quarter of an hour at Fortnox's rate; the rest is a later run's.
DETAILS_PER_RUN = 4000
DESCRIPTION_CHARACTERS = 200
_DETAIL_FIELDS = frozenset({"account", "kind", "weight"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Both sides compared: changes, what is held, and what there is."""

    matched: Matched
    changes: tuple[Change, ...]
    held: tuple[Held, ...]


def direction_of(run: Run, resource: Resource) -> str:
    """Which way the resource flows.

    Raises:
        FatalError: events.csv turned it off since the run began.
    """
    event = run.mappings.event(run.shop.shop, resource)
    if event is None or event.direction == "off":
        raise FatalError(f"events.csv says off for {resource}.", remedy="Nothing is to be done.")
    return event.direction


def keeps_stock_itself(client: FortnoxClient, run: Run, resource: Resource, *, seen: bool) -> bool:
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
    """Read single articles where something matters that lists leave out.

    Returns:
        All articles, and how many of them wait for a later run with their details.
    """
    wants = _wants_details(run, resource)
    lacking = dict.fromkeys(
        article.sku
        for article in articles
        if (source := known.get(article.sku)) is not None
        and source.details is None
        and wants(article, source)
    )
    found = {
        number: replace(known[number], details=details)
        for number, details in read_details(client, islice(lacking, DETAILS_PER_RUN))
    }
    return {**known, **found}, max(0, len(lacking) - DETAILS_PER_RUN)


def _wants_details(run: Run, resource: Resource) -> Callable[[ShopArticle, FortnoxArticle], bool]:
    export = direction_of(run, resource) == "export"
    if resource == "stock":
        return (lambda *_: False) if export else may_be_uncounted
    owned = run.mappings.article_fields(run.shop.shop, "shop" if export else "fortnox")
    return lambda *_: bool(owned & _DETAIL_FIELDS)


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
