"""Task ``reconcile``: reads both worlds by itself, pushes the report, decides the run's colour."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Asset, Context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from fortnox.api.client import FortnoxClient
from fortnox.api.finder import find_by_reference
from fortnox.api.registers import OFFERS, ORDERS
from fortnox.api.snapshot import documents_of_day
from fortnox.core.advance_proof import advances_in_vouchers
from fortnox.core.advance_proof import as_voucher_proofs as proofs_of_advances
from fortnox.core.dates import Due, ledger_sale
from fortnox.core.day_voucher_proof import (
    as_voucher_proofs,
    difference_rows,
    held_by_order,
    sales_in_vouchers,
)
from fortnox.core.documents import DocumentKind, Held, ListedInvoice
from fortnox.core.mapping import DocumentTypeRow
from fortnox.core.names import REPORT_KEY
from fortnox.core.netted import net_versions
from fortnox.core.orders import OrderHead, Refund
from fortnox.core.reconcile import due_documents, reconcile_orders
from fortnox.core.reconciled import Evidence, OrdersLevel
from fortnox.core.references import refund_reference, sale_of, sale_reference
from fortnox.core.report import Findings, detail_pages, make_report
from fortnox.core.report_bridge import BridgeSource
from fortnox.core.report_frame import Summary
from fortnox.core.report_plan import dry_run_report
from fortnox.core.vat_notes import vat_notes
from fortnox.core.voucher_proof import with_vouchers
from fortnox.core.window import WindowKind, local_day
from fortnox.shops.base import Shop
from fortnox.steps.advances import advances_level, prove_advances
from fortnox.steps.connections import fortnox_hook, shop_client
from fortnox.steps.day_vouchers import prove_day_vouchers
from fortnox.steps.extract import read_heads
from fortnox.steps.ledger_level import invoices_by_method, ledger_level, notes_of_the_year
from fortnox.steps.progress import Progress, read_progress
from fortnox.steps.report_store import store_index, store_report
from fortnox.steps.run import Run, is_dry_run, load_run, pull

log = logging.getLogger(__name__)

#: Verdicts that colour a run red.
FAILED = ("differs", "not_delivered")


def prove(context: Context, first_task_id: str, ledger: Asset | None) -> dict[str, Any]:
    """Read, compare, push, and colour the run.

    Raises:
        AirflowFailException: The books differ, or could not be proven; the report is pushed.
        AirflowSkipException: An hourly run in which nothing changed, or a dry run.
    """
    run = load_run(context, pull(context, first_task_id))
    progress = read_progress(context, run)
    if progress.nothing_changed:
        raise AirflowSkipException("Nothing changed in the shop.")
    if is_dry_run(context) and not progress.broken:
        summary = _dry_run_report(run, progress)
        context["ti"].xcom_push(key=REPORT_KEY, value=summary)
        # Skipped, not green: an event of the ledger would say that the day is proven.
        raise AirflowSkipException(summary["headline"])
    summary = _report(run, progress)
    if not is_dry_run(context):
        store_index(run, summary)
    context["ti"].xcom_push(key=REPORT_KEY, value=summary)
    log.info("%s", summary["headline"])
    if summary["verdict"] in FAILED:
        raise AirflowFailException(summary["headline"])
    _announce(context, run, summary, ledger)
    return {"verdict": summary["verdict"], "headline": summary["headline"]}


def _dry_run_report(run: Run, progress: Progress) -> Summary:
    """Neither stored nor in the index: the day's last real report stays what it was."""
    findings = Findings(orders=OrdersLevel(rows=(), not_due=0), ledger=None, held=progress.held)
    report = make_report(
        findings,
        shop=run.shop,
        window=run.window,
        company_name=fortnox_hook(run.shop.fortnox_conn_id).company().name,
        made_at=datetime.now(UTC),
        work=progress.work(0),
    )
    return dry_run_report(report, progress.planned or {})


def _announce(context: Context, run: Run, summary: Summary, ledger: Asset | None) -> None:
    """The day's event; a run without partition (param ``day``) adds it by itself."""
    if ledger is None or run.window.day is None:
        return
    event = context["outlet_events"][ledger]
    event.extra = {
        "verdict": summary["verdict"],
        "held": summary["counts"]["held"],
        "difference_ore": summary["totals_ore"]["difference"],
    }
    if not getattr(context["dag_run"], "partition_key", None):
        event.add_partitions(run.window.day.isoformat())


def _report(run: Run, progress: Progress) -> Summary:
    hook = fortnox_hook(run.shop.fortnox_conn_id)
    company = hook.company()
    client = hook.client()
    shop = shop_client(run.shop)
    heads = read_heads(shop, run, datetime.now(UTC))
    refunds = read_refunds(shop, run, heads)
    due = due_documents(heads, run.shop, run.mappings, run.window)
    netted = net_versions(find_documents(client, run, expected_references(due, refunds, run)))
    invoices = invoices_by_method(client, run, progress.invoices)
    ledger, names, base, uneven = ledger_level(client, run, invoices, netted)
    proofs = prove_day_vouchers(client, run, progress.day_sales)
    advances = prove_advances(client, run, progress.advances)
    orders = reconcile_orders(
        Evidence(
            shop=run.shop,
            mappings=run.mappings,
            window=run.window,
            heads=heads,
            refunds=refunds,
            documents=netted.standing,
            orders=find_orders(client, run, due),
            offers=find_offers(client, run, due),
            held=[*progress.held, *held_by_order(progress.held, proofs)],
            invoices=invoices,
            gross_ore=ledger.gross_ore if ledger else {},
            not_carried_out=progress.not_carried_out,
            planned=frozenset(advance.reference for advance in progress.advances),
            in_vouchers={
                **sales_in_vouchers(proofs),
                **advances_in_vouchers(advances.proofs),
            },
        )
    )
    deliveries = advances_level(
        run,
        heads,
        advances,
        advances=progress.advances,
        held=progress.held,
        not_carried_out=progress.not_carried_out,
    )
    orders = replace(orders, rows=(*orders.rows, *uneven, *difference_rows(proofs), *deliveries))
    if ledger is not None:
        vouchers = (*as_voucher_proofs(proofs), *proofs_of_advances(advances.proofs))
        ledger = with_vouchers(ledger, vouchers)
    findings = Findings(
        orders=orders,
        ledger=ledger,
        held=current(progress.held, orders, run.shop.reference_key),
        account_names=names,
        broken=progress.broken,
        notes=[
            *progress.notes,
            *vat_notes(run.shop, list(invoices.values())),
            *notes_of_the_year(client, run, heads),
        ],
        bridge=BridgeSource(invoices=invoices, ledger=ledger, base=base),
    )
    work = progress.work(client.usage.reads)
    summary = make_report(
        findings,
        shop=run.shop,
        window=run.window,
        company_name=company.name,
        made_at=datetime.now(UTC),
        work=work,
    )
    store_report(run, summary, detail_pages(orders, findings.bridge))
    return summary


def read_refunds(
    shop: Shop, run: Run, heads: Iterable[OrderHead]
) -> list[tuple[Refund, OrderHead | None]]:
    """The window's refunds as they are now, each with its order's head.

    Of a day also those that were made before it, on sales of the day.
    """
    refunds = list(shop.refunds_created(run.window.start_utc, run.window.end_utc))
    earlier = shop.refunds_of(_refunded_before(heads, run)) if run.window.day else ()
    refunds += [refund for refund in earlier if refund.created_utc < run.window.start_utc]
    ids = sorted({refund.order_id for refund in refunds})
    of_orders = {order.head.order_id: order.head for order in (shop.orders(ids) if ids else ())}
    return [(refund, of_orders.get(refund.order_id)) for refund in refunds]


def _refunded_before(heads: Iterable[OrderHead], run: Run) -> list[str]:
    """Refunded sales of the day that are not dated by the payment: money came, and went, before."""
    found: list[str] = []
    for head in heads:
        sale = ledger_sale(head, run.shop, run.mappings)
        is_of_day = sale.due is Due.DUE and sale.accounting_day == run.window.day
        is_paid_on_it = head.paid_utc and local_day(head.paid_utc, run.shop.zone) == run.window.day
        if head.has_refunds and is_of_day and not is_paid_on_it:
            found.append(head.order_id)
    return found


def expected_references(
    due: Mapping[str, DocumentKind],
    refunds: Sequence[tuple[Refund, OrderHead | None]],
    run: Run,
) -> list[str]:
    """References of the invoices that the shop has in the window."""
    key = run.shop.reference_key
    return [
        *_references_of(due, "invoice", key),
        *(refund_reference(key, refund.order_id, refund.refund_id) for refund, _ in refunds),
    ]


def _references_of(due: Mapping[str, DocumentKind], kind: DocumentKind, key: str) -> list[str]:
    return [sale_reference(key, order_id) for order_id, found in due.items() if found == kind]


def find_orders(
    client: FortnoxClient, run: Run, due: Mapping[str, DocumentKind]
) -> list[ListedInvoice]:
    """Orders that the window expects, and all of its day; none where no payment method has any."""
    key = run.shop.reference_key
    references = _references_of(due, "order", key)
    rows = run.mappings.rows_of(DocumentTypeRow, run.shop.shop)
    if not references and all(row.document_type != "order" for row in rows):
        return []
    documents: list[ListedInvoice] = []
    if run.window.kind is WindowKind.ACCOUNTING_DAY and run.window.day:
        documents.extend(documents_of_day(client, key, run.window.day, ORDERS))
    missing = set(references) - {one.reference for one in documents if not one.cancelled}
    looked_up = find_by_reference(client, key, missing, ORDERS).documents
    return [*documents, *(one for one in looked_up if one.reference in missing)]


def find_offers(
    client: FortnoxClient, run: Run, due: Mapping[str, DocumentKind]
) -> list[ListedInvoice]:
    """Offers that the window expects; they carry no day to be listed by (rule 10)."""
    key = run.shop.reference_key
    references = _references_of(due, "offer", key)
    return list(find_by_reference(client, key, references, OFFERS).documents)


def find_documents(
    client: FortnoxClient, run: Run, references: Sequence[str]
) -> list[ListedInvoice]:
    """By the day that they carry, and by reference for those that the day's list lacks.

    Credits that somebody made in Fortnox, which copies references, are among them.
    """
    key = run.shop.reference_key
    documents: list[ListedInvoice] = []
    if run.window.kind is WindowKind.ACCOUNTING_DAY and run.window.day:
        documents.extend(documents_of_day(client, key, run.window.day))
    found = {sale_of(document.reference) for document in documents if not document.cancelled}
    missing = set(references) - found
    looked_up = find_by_reference(client, key, missing).documents
    documents.extend(document for document in looked_up if sale_of(document.reference) in missing)
    return documents


def current(held: Sequence[Held], orders: OrdersLevel, key: str) -> list[Held]:
    """What is held of sales and refunds that are still this window's.

    A refund that another day's report tells of may have been tried again with its sale.
    """
    ids = {row.order_id for row in orders.rows}
    references = {row.reference for row in orders.rows}

    def is_shown(item: Held) -> bool:
        if item.refund_id:
            return refund_reference(key, item.order_id, item.refund_id) in references
        return item.kind == "document" or item.order_id in ids

    return [item for item in held if is_shown(item)]
