"""Task ``apply`` of articles and stock, mapped over the plan's chunks: the only one that writes."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import TypedDict

from airflow.sdk import Context

from fortnox.api.articles import write_article
from fortnox.api.client import FortnoxClient
from fortnox.api.errors import WAREHOUSE_MODULE
from fortnox.core.article_export import held_as_deleted
from fortnox.core.article_import import held_by_shop
from fortnox.core.article_match import held_article
from fortnox.core.article_report import Resource
from fortnox.core.article_stock import held_by_warehouse, still_wanted
from fortnox.core.articles import ArticleAction, FortnoxArticle, ShopArticle, ShopUpdate
from fortnox.core.documents import Held
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError
from fortnox.core.mapping import ShopRow
from fortnox.shops.base import ArticleShop
from fortnox.steps.apply import check_plan
from fortnox.steps.articles import ACTIONS, UPDATES, ArticlesPlanned
from fortnox.steps.articles_compare import direction_of
from fortnox.steps.connections import article_shop
from fortnox.steps.run import RunDict, load_run
from fortnox.steps.staging import Pointer, Records
from fortnox.steps.transform import HELD
from fortnox.steps.writing import holder_of, writing_to

log = logging.getLogger(__name__)

#: WooCommerce's most items of a batch.
_BATCH = 100
#: So many changes without an answer: Fortnox itself is ill, so stop.
_GIVE_UP_AFTER = 3
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A change that Fortnox confirmed; ``article`` is None when only a price was written."""

    number: str
    article: FortnoxArticle | None = None
    price: Decimal | None = None
    written_s: int = 0
    #: Instead: Fortnox no longer has the article.
    deleted: bool = False


WRITTEN = Records(Written, ("number",))


class ArticlesApplied(TypedDict):
    """The task's XCom; ``booked`` counts updates, in the words of the orders' report."""

    created: int
    booked: int
    paid: int
    unchanged: int
    surplus_cancelled: int
    held: Pointer
    written: Pointer
    warehouse: bool
    reads: int
    writes: int
    milliseconds: int


@dataclass(slots=True)
class ArticleOutcome:
    """What apply did."""

    created: int = 0
    updated: int = 0
    held: list[Held] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    warehouse: bool = False


def apply_articles(
    context: Context,
    run_dict: RunDict,
    planned: ArticlesPlanned,
    chunk: Pointer,
    resource: Resource,
) -> ArticlesApplied:
    """Carry one piece of the plan out, under the company's lease and behind the company guard."""
    run = load_run(context, run_dict)
    check_plan(planned, run, datetime.now(UTC))
    started = time.monotonic()
    with writing_to(run.shop, holder=holder_of(context, run)) as writing:
        if direction_of(run, resource) == "export":
            actions = run.staging.read_records(chunk, ACTIONS)
            outcome = write_to_fortnox(writing.client, run.shop, actions)
        else:
            updates = run.staging.read_records(chunk, UPDATES)
            outcome = write_to_shop(article_shop(run.shop), updates, writing.lease.check)
    log.info("%d created, %d updated, %d held", outcome.created, outcome.updated, len(outcome.held))
    return {
        "created": outcome.created,
        "booked": outcome.updated,
        "paid": 0,
        "unchanged": 0,
        "surplus_cancelled": 0,
        "held": run.staging.write_records(f"{chunk['step']}-held", HELD, outcome.held),
        "written": run.staging.write_records(f"{chunk['step']}-written", WRITTEN, outcome.written),
        "warehouse": outcome.warehouse,
        "reads": writing.client.usage.reads,
        "writes": writing.client.usage.writes,
        "milliseconds": int((time.monotonic() - started) * 1000),
    }


def write_to_fortnox(
    client: FortnoxClient, shop: ShopRow, actions: Sequence[ArticleAction]
) -> ArticleOutcome:
    """Each change once; what Fortnox refuses is held, the others go on.

    Raises:
        UnreachableError: Several changes without any answer.
    """
    outcome = ArticleOutcome()
    unanswered = 0
    for action in actions:
        if outcome.warehouse:
            outcome.held.append(held_by_warehouse(_as_article(action)))
            continue
        try:
            _write_one(client, shop, action, outcome)
        except DocumentError as error:
            if error.http_status == _NOT_FOUND and action.kind != "create":
                outcome.written.append(Written(number=action.number, deleted=True))
                outcome.held.append(held_as_deleted(action))
                continue
            outcome.held.append(_refused(action, error))
            outcome.warehouse = error.vendor_code == WAREHOUSE_MODULE
        except UnknownOutcomeError as error:
            unanswered += 1
            if unanswered >= _GIVE_UP_AFTER:
                raise UnreachableError(error.message, remedy="Try again later.") from error
    return outcome


def _write_one(
    client: FortnoxClient, shop: ShopRow, action: ArticleAction, outcome: ArticleOutcome
) -> None:
    now = datetime.now(UTC)
    article = write_article(client, action, shop.price_list, now)
    if article and action.in_stock is not None and article.in_stock != action.in_stock:
        # Taken and forgotten: the warehouse module keeps the stock.
        outcome.warehouse = True
        outcome.held.append(held_by_warehouse(_as_article(action)))
        return
    if action.kind == "create":
        outcome.created += 1
    else:
        outcome.updated += 1
    outcome.written.append(
        Written(
            number=action.number,
            article=article,
            price=action.price,
            written_s=int(now.timestamp()),
        )
    )


def write_to_shop(
    shop: ArticleShop, updates: Iterable[ShopUpdate], before_write: Callable[[], None]
) -> ArticleOutcome:
    """What is still missing in the shop, by the hundred; refused ones are held.

    The shop is read anew first, so that a second try does nothing twice.
    """
    outcome = ArticleOutcome()
    pending = iter(updates)
    while piece := list(islice(pending, _BATCH)):
        now = {article.product_id: article for article in shop.articles(piece)}
        left = [still_wanted(update, now.get(update.product_id)) for update in piece]
        wanted = [update for update in left if update is not None]
        if not wanted:
            continue
        before_write()
        refused = {refusal.product_id: refusal for refusal in shop.update_articles(wanted)}
        for update in wanted:
            refusal = refused.get(update.product_id)
            if refusal is None:
                outcome.updated += not update.is_note
                continue
            outcome.held.append(held_by_shop(_as_article(update), refusal))
    return outcome


def _refused(action: ArticleAction, error: DocumentError) -> Held:
    if error.vendor_code == WAREHOUSE_MODULE:
        return held_by_warehouse(_as_article(action))
    code = f"fortnox_{error.vendor_code}" if error.vendor_code else "fortnox_refused"
    return held_article(
        _as_article(action),
        code,
        f"Fortnox refused it: {error.vendor_message or error.message}",
        error.remedy or "correct the product in the shop",
    )


def _as_article(change: ArticleAction | ShopUpdate) -> ShopArticle:
    return ShopArticle(product_id=change.product_id, sku=change.number)
