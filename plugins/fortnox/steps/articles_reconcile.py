"""Task ``reconcile`` of articles and stock: both sides once more, the report, and the cache."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException

from fortnox.core.article_cache import merged_shop
from fortnox.core.article_guard import Change
from fortnox.core.article_import import held_as_kept, kept_otherwise
from fortnox.core.article_match import match_articles
from fortnox.core.article_report import (
    ArticleFindings,
    Resource,
    article_pages,
    make_article_report,
)
from fortnox.core.articles import FortnoxArticle, Presence, ShopArticle, ShopUpdate
from fortnox.core.documents import Held
from fortnox.core.names import REPORT_KEY
from fortnox.core.report_frame import Summary
from fortnox.steps.article_cache import load_cache, store_cache
from fortnox.steps.articles import (
    FORTNOX_ARTICLES,
    SHOP_ARTICLES,
    UPDATES,
    ArticlesExtracted,
    ArticlesPlanned,
    fresh_cache,
    read_shop,
)
from fortnox.steps.articles_apply import WRITTEN
from fortnox.steps.articles_compare import (
    Wanted,
    compare,
    direction_of,
    read_fortnox,
    with_details,
)
from fortnox.steps.connections import article_shop, fortnox_hook
from fortnox.steps.progress import Progress, read_progress
from fortnox.steps.reconcile import FAILED
from fortnox.steps.report_store import store_report
from fortnox.steps.run import Run, load_run, pull

log = logging.getLogger(__name__)

_NOT_APPROVED = "Run it again and approve it under Required Actions, or mend what it would change."


def prove_articles(context: Context, first_task_id: str, resource: Resource) -> dict[str, Any]:
    """Read both sides again, compare, push the report, keep the cache, and colour the run.

    Raises:
        AirflowFailException: Something differs, or could not be compared; the report is pushed.
    """
    run = load_run(context, pull(context, first_task_id))
    progress = read_progress(context, run)
    extracted: ArticlesExtracted | None = pull(context, "extract")
    planned: ArticlesPlanned | None = pull(context, "plan")
    if progress.broken or extracted is None or planned is None:
        summary = _not_delivered(run, resource, progress)
    else:
        summary = _compared(run, resource, progress, extracted, planned)
    context["ti"].xcom_push(key=REPORT_KEY, value=summary)
    log.info("%s", summary["headline"])
    if summary["verdict"] in FAILED:
        raise AirflowFailException(summary["headline"])
    return {"verdict": summary["verdict"], "headline": summary["headline"]}


def _compared(
    run: Run,
    resource: Resource,
    progress: Progress,
    extracted: ArticlesExtracted,
    planned: ArticlesPlanned,
) -> Summary:
    known = _after_apply(run, progress, planned)
    seen = run.staging.read_records(extracted["articles"], SHOP_ARTICLES)
    before = load_cache(run.shop, resource)
    full_at = run.opened_at if extracted["full"] or before is None else before.full_at
    warehouse = planned["warehouse"] or any(item["warehouse"] for item in progress.applied)
    base = fresh_cache(run, seen, known, full_at=full_at, warehouse=warehouse)
    hook = fortnox_hook(run.shop.fortnox_conn_id)
    client = hook.client()
    sent = _sent(run, resource, planned)
    articles = _with_written(run, sent, read_shop(run, base))
    now_known = read_fortnox(client, run, resource, base)
    now_known, not_compared = with_details(client, run, resource, articles, now_known)
    wanted = compare(client, run, resource, articles, now_known, warehouse=warehouse)
    store_cache(
        run.shop,
        resource,
        fresh_cache(run, articles, now_known, full_at=full_at, warehouse=warehouse),
    )
    notes = list(progress.notes)
    if not_compared:
        notes.append(
            f"{not_compared} articles are compared by what Fortnox lists; later runs read the rest."
        )
    left, held = _left_and_held(progress, wanted, sent)
    findings = ArticleFindings(
        resource=resource,
        direction=direction_of(run, resource),
        matched=wanted.matched,
        left=left,
        held=held,
        shop_articles=len(articles),
        fortnox_articles=len(now_known),
        notes=notes,
    )
    if progress.rejected:
        findings = replace(findings, remedy=_NOT_APPROVED)
    return _report(run, findings, hook.company().name, progress, client.usage.reads)


def _sent(run: Run, resource: Resource, planned: ArticlesPlanned) -> dict[str, ShopUpdate]:
    """What the plan meant to write to the shop, by product."""
    if direction_of(run, resource) == "export":
        return {}
    chunks = (run.staging.read_records(chunk, UPDATES) for chunk in planned["chunks"])
    return {update.product_id: update for chunk in chunks for update in chunk}


def _with_written(
    run: Run, sent: Mapping[str, ShopUpdate], articles: Sequence[ShopArticle]
) -> Sequence[ShopArticle]:
    """Articles with those of the plan read by themselves: a write need not move their date.

    What is not there when it is asked for by its id was deleted for good; no delta tells that.
    """
    if not sent:
        return articles
    now = {one.product_id: one for one in article_shop(run.shop).articles(sent.values())}
    deleted = sent.keys() - now.keys()
    there = [
        one for one in articles if one.product_id not in deleted or one.presence is Presence.GONE
    ]
    return merged_shop(there, now.values(), full=False)


def _after_apply(
    run: Run, progress: Progress, planned: ArticlesPlanned
) -> dict[str, FortnoxArticle]:
    """Fortnox's articles as the plan saw them, with what apply wrote since."""
    listed = run.staging.read_records(planned["fortnox"], FORTNOX_ARTICLES)
    known = {article.number: article for article in listed}
    for item in progress.applied:
        for written in run.staging.read_records(item["written"], WRITTEN):
            if written.deleted:
                known.pop(written.number, None)
                continue
            article = written.article or known.get(written.number)
            if article is None:
                continue
            price = written.price if written.price is not None else article.price
            known[written.number] = replace(article, price=price, written_s=written.written_s)
    return known


def _left_and_held(
    progress: Progress, wanted: Wanted, sent: Mapping[str, ShopUpdate]
) -> tuple[list[tuple[Change, str]], list[Held]]:
    """A change that is still wanted was refused or not kept and is held, or it is a difference."""
    refused = {item.order_id: item for item in progress.held}
    held = {item.order_id: item for item in wanted.held}
    left: list[tuple[Change, str]] = []
    for change in wanted.changes:
        before = sent.get(change.product_id) if progress.carried_out else None
        if change.product_id in refused:
            held.setdefault(change.product_id, refused[change.product_id])
        elif before and isinstance(change, ShopUpdate) and (kept := kept_otherwise(change, before)):
            held.setdefault(change.product_id, held_as_kept(change, kept))
        else:
            left.append((change, progress.not_carried_out))
    return left, list(held.values())


def _not_delivered(run: Run, resource: Resource, progress: Progress) -> Summary:
    findings = ArticleFindings(
        resource=resource,
        direction=direction_of(run, resource),
        matched=match_articles((), ()),
        left=(),
        held=progress.held,
        shop_articles=0,
        fortnox_articles=0,
        broken=progress.broken or ["a step left nothing behind"],
        notes=progress.notes,
    )
    return _report(run, findings, "", progress, 0)


def _report(
    run: Run, findings: ArticleFindings, company_name: str, progress: Progress, reads: int
) -> Summary:
    summary = make_article_report(
        findings,
        shop=run.shop,
        window=run.window,
        company_name=company_name,
        made_at=datetime.now(UTC),
        work=progress.work(reads),
    )
    store_report(run, summary, article_pages(findings))
    return summary
