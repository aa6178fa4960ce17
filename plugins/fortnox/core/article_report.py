"""The report of an articles or stock run: the form of the orders' one, with ``kind``. Pure.

Nothing in it is money, so every amount is 0; what counts stands in ``counts``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from fortnox.core.article_guard import Change
from fortnox.core.article_match import Matched
from fortnox.core.currency import BOOKS
from fortnox.core.documents import Held
from fortnox.core.mapping import ShopRow
from fortnox.core.report_frame import (
    LISTED_ROWS,
    SCHEMA,
    Summary,
    Work,
    details_of,
    frame,
    held_row,
    in_pages,
    verdict_of,
    work_done,
)
from fortnox.core.window import Window

Resource = Literal["articles", "stock"]
_NO_AMOUNT = {"shop": 0, "documents": 0, "held": 0, "ledger": None, "difference": 0}
_NO_MONEY = {"amount_ore": 0, "currency": ""}
_CONFLICTS = frozenset({"duplicate_sku", "sku_case_differs", "parent_sku"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFindings:
    """What the last reading of both sides says."""

    resource: Resource
    direction: str
    matched: Matched
    #: Changes that should have been made by now, each with why it was not.
    left: Sequence[tuple[Change, str]]
    held: Sequence[Held]
    shop_articles: int
    fortnox_articles: int
    #: What to do about them.
    remedy: str = "Run it again; if it stays, see the log of apply."
    broken: Sequence[str] = ()
    notes: Sequence[str] = ()


def make_article_report(
    findings: ArticleFindings,
    *,
    shop: ShopRow,
    window: Window,
    company_name: str,
    made_at: datetime,
    work: Work,
) -> Summary:
    """Assemble the summary; the verdicts are those of the orders' report."""
    differences = [_difference(change, cause, findings.remedy) for change, cause in findings.left]
    verdict = verdict_of(broken=findings.broken, differences=differences, held=findings.held)
    counts = _counts(findings, work)
    rows = len(_rows(findings))
    return {
        "schema": SCHEMA,
        "kind": findings.resource,
        "direction": findings.direction,
        "verdict": verdict,
        "headline": _headline(verdict, findings, counts),
        **frame(shop=shop, window=window, company_name=company_name, made_at=made_at),
        "currency": BOOKS,
        "counts": counts,
        "totals_ore": dict(_NO_AMOUNT),
        "currencies": [],
        "vat": [],
        "accounts": [],
        "differences": differences[:LISTED_ROWS],
        "held": [{**held_row(item), **_NO_MONEY} for item in findings.held][:LISTED_ROWS],
        **work_done(work),
        "notes": [*findings.broken, *findings.notes],
        "details": details_of(rows),
    }


def article_pages(findings: ArticleFindings) -> list[list[dict[str, Any]]]:
    """What differs, is held or stands on one side only, in pages of 500; not what is alike."""
    return in_pages(_rows(findings))


def _counts(findings: ArticleFindings, work: Work) -> dict[str, int]:
    matched = findings.matched
    unsettled = {change.product_id for change, _ in findings.left}
    unsettled |= {item.order_id for item in findings.held}
    return {
        "shop": findings.shop_articles,
        "fortnox": findings.fortnox_articles,
        "paired": len(matched.pairs),
        "created": work.created,
        "updated": work.booked,
        "unchanged": sum(1 for article, _ in matched.pairs if article.product_id not in unsettled),
        "held": len(findings.held),
        "conflicts": sum(1 for item in findings.held if item.code in _CONFLICTS),
        "missing": len(findings.left),
        "only_in_shop": len(matched.only_in_shop),
        "only_in_fortnox": len(matched.only_in_fortnox),
    }


def _headline(verdict: str, findings: ArticleFindings, counts: Mapping[str, int]) -> str:
    what = f"{findings.resource.capitalize()}, {findings.direction}"
    if verdict == "not_delivered":
        return f"Not proven: {findings.broken[0]}"
    if verdict == "differs":
        return f"{what}: {counts['missing']} articles differ"
    held = f", {counts['held']} held" if counts["held"] else ""
    return (
        f"{what}: {counts['created']} created, {counts['updated']} updated, "
        f"{counts['unchanged']} alike{held}"
    )


def _difference(change: Change, cause: str, remedy: str) -> dict[str, Any]:
    return {
        "order_id": change.product_id,
        "order_number": change.number,
        "reference": change.number,
        "document_number": change.number,
        "shop_ore": 0,
        "document_ore": None,
        "difference_ore": 0,
        "cause": f"{change.reason}: {cause}",
        "remedy": remedy,
    }


def _rows(findings: ArticleFindings) -> list[dict[str, Any]]:
    """Worst first."""
    rows = [
        _row(change.product_id, change.number, "differs", f"{change.reason}: {cause}")
        for change, cause in findings.left
    ]
    rows += [_row(item.order_id, item.order_number, "held", item.reason) for item in findings.held]
    rows += [
        _row(article.product_id, article.sku, "only_in_shop", article.name)
        for article in findings.matched.only_in_shop
    ]
    rows += [
        _row("", article.number, "only_in_fortnox", article.description)
        for article in findings.matched.only_in_fortnox
    ]
    return rows


def _row(product_id: str, number: str, state: str, reason: str) -> dict[str, Any]:
    return {
        "order_id": product_id,
        "order_number": number,
        "reference": number,
        "state": state,
        "shop_ore": 0,
        "document_number": number or None,
        "document_ore": None,
        "voucher": None,
        "difference_ore": 0,
        "reason": reason,
    }
