"""The weekly sweep: read both sides over the last weeks, compare the ids, report; no writes."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException

from fortnox.api.client import FortnoxClient
from fortnox.api.finder import find_by_reference
from fortnox.api.registers import INVOICES, ORDERS, Register
from fortnox.core.documents import ListedInvoice
from fortnox.core.mapping import DocumentTypeRow
from fortnox.core.names import REPORT_KEY, daily_dag_id
from fortnox.core.orders import OrderHead
from fortnox.core.references import order_of
from fortnox.core.report import Findings, detail_pages, make_report
from fortnox.core.report_frame import Summary, Work
from fortnox.core.sweep import (
    SweepSources,
    month_prefixes,
    sweep_notes,
    sweep_window,
    wanted_documents,
)
from fortnox.core.sweep_rows import sweep
from fortnox.shops.base import Shop
from fortnox.steps.connections import fortnox_hook, shop_client
from fortnox.steps.reconcile import FAILED
from fortnox.steps.report_store import read_days, store_report
from fortnox.steps.run import Run, load_mappings, load_run, open_run

log = logging.getLogger(__name__)


def sweep_shop(context: Context, shop_key: str) -> dict[str, Any]:
    """Read, compare, push, and colour the run.

    Raises:
        AirflowFailException: A sale has no document, a document no sale, or a sale has two.
    """
    mappings = load_mappings(str(context["dag"].fileloc))
    shop = mappings.shop(shop_key)
    now = datetime.now(UTC)
    last = now.astimezone(shop.zone).date() - timedelta(days=1)
    first = max(last - timedelta(days=shop.sweep_days - 1), min(shop.start_date, last))
    window = sweep_window(first, last, shop)
    opened = open_run(context, shop=shop, mappings=mappings, window=window, opened_at=now)
    run = load_run(context, opened)
    hook = fortnox_hook(shop.fortnox_conn_id)
    client = hook.client()
    company = hook.company()
    sources = _read(
        run, client, SweepSources(
            shop=shop, mappings=mappings, first=first, last=last, heads={}, refunds=(),
            invoices=(),
        ), now,
    )  # fmt: skip
    summary = _report(run, sources, company.name, client.usage.reads)
    context["ti"].xcom_push(key=REPORT_KEY, value=summary)
    log.info("%s", summary["headline"])
    if summary["verdict"] in FAILED:
        raise AirflowFailException(summary["headline"])
    return {"verdict": summary["verdict"], "headline": summary["headline"]}


def _report(run: Run, sources: SweepSources, company_name: str, reads: int) -> Summary:
    swept = sweep(sources)
    findings = Findings(
        orders=swept.level, ledger=None, held=swept.held, notes=sweep_notes(sources)
    )
    summary = make_report(
        findings,
        shop=run.shop,
        window=run.window,
        company_name=company_name,
        made_at=datetime.now(UTC),
        work=Work(reads=reads),
    )
    store_report(run, summary, detail_pages(swept.level))
    return summary


def _read(run: Run, client: FortnoxClient, sources: SweepSources, now: datetime) -> SweepSources:
    """Both sides: few lists, and single readings only of orders that documents name alone."""
    shop = shop_client(run.shop)
    refunds = list(shop.refunds_created(run.window.start_utc, run.window.end_utc))
    sources = replace(
        sources,
        heads=_heads(shop, run, now, (refund.order_id for refund in refunds)),
        refunds=refunds,
        held=_held(run, sources),
    )
    sources = replace(sources, invoices=_documents(client, sources, INVOICES))
    if any(
        row.document_type == "order" for row in run.mappings.rows_of(DocumentTypeRow, run.shop.shop)
    ):
        sources = replace(sources, orders=_documents(client, sources, ORDERS))
    key = run.shop.reference_key
    named = {order_of(key, one.reference) or "" for one in sources.invoices}
    unknown = sorted(named - sources.heads.keys() - {""})
    found = {order.head.order_id: order.head for order in shop.orders(unknown)} if unknown else {}
    return replace(sources, heads={**sources.heads, **found})


def _heads(shop: Shop, run: Run, now: datetime, of_refunds: Iterable[str]) -> dict[str, OrderHead]:
    """Orders made in the span or its look-back, changed since it began, or refunded in it."""
    since = run.window.start_utc - timedelta(days=run.shop.look_back_days)
    heads = {head.order_id: head for head in shop.heads_created(since, run.window.end_utc)}
    heads.update((head.order_id, head) for head in shop.heads_modified(run.window.start_utc, now))
    missing = sorted(set(of_refunds) - heads.keys())
    if missing:
        heads.update((order.head.order_id, order.head) for order in shop.orders(missing))
    return heads


def _held(run: Run, sources: SweepSources) -> frozenset[tuple[str, str]]:
    days = read_days(daily_dag_id(run.shop.shop), sources.first, sources.last)
    return frozenset(
        (str(item["kind"]), str(item["order_id"]))
        for entry in days.values()
        for item in entry.get("waiting", ())
    )


def _documents(
    client: FortnoxClient, sources: SweepSources, register: Register
) -> list[ListedInvoice]:
    """By the months that they carry, and by reference for those that the months' lists lack."""
    key = sources.shop.reference_key
    found = [
        register.parse_listed(item)
        for prefix in month_prefixes(key, sources.first, sources.last)
        for item in client.list(register.path, register.list_key, externalinvoicereference2=prefix)
    ]
    ours = [one for one in found if order_of(key, one.reference) is not None]
    wanted = {
        one.reference
        for one in wanted_documents(sources)
        if (one.document == "order") == (register is ORDERS)
    }
    missing = wanted - {one.reference for one in ours if not one.cancelled}
    return [*ours, *find_by_reference(client, key, missing, register).documents]
