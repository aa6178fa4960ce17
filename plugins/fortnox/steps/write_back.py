"""Task ``write_back``: tells the shop's orders what became of them in Fortnox, after the proof.

A task of its own and not a part of ``reconcile``: the books are proven and reported before the shop
is written to, a slow or refusing shop changes nothing of the run's colour, and it needs no place in
the company's pool for longer than one list.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep
from typing import TypedDict

from airflow.sdk import Context

from fortnox.api.client import FortnoxClient
from fortnox.api.finder import find_by_reference, order_of_item
from fortnox.api.private_file import read_json, write_private
from fortnox.api.registers import INVOICES, ORDERS, Register
from fortnox.core.documents import ListedInvoice
from fortnox.core.errors import PipelineError
from fortnox.core.lastmodified import lastmodified
from fortnox.core.mapping import DocumentTypeRow
from fortnox.core.orders import OrderHead
from fortnox.core.reconcile import without_foreign_credits
from fortnox.core.window import WindowKind
from fortnox.core.write_back import (
    OrderNote,
    SaleDocument,
    documents_by_order,
    is_only_ours,
    note_write,
    sale_documents,
)
from fortnox.shops.base import OrderNotes
from fortnox.steps.connections import fortnox_hook, order_notes
from fortnox.steps.run import Run, RunDict, load_run
from fortnox.steps.staging import local_folder, staging_base

log = logging.getLogger(__name__)

_FORMAT = 1
#: How long our own changes are remembered: longer than any hourly window looks back.
_REMEMBERED = timedelta(days=2)
_SECOND_OVER_S = 1.1


class WrittenBack(TypedDict):
    """The task's XCom; orders as counts. ``problem`` says why it was not done, or not all."""

    written: int
    unchanged: int
    refused: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChanges:
    """Until when documents were told, and the dates of change that our own writes left."""

    mark: datetime | None = None
    orders: Mapping[str, datetime] = field(default_factory=dict)


def write_back(context: Context, run_dict: RunDict) -> WrittenBack:
    """Never fails: the books are right whatever the shop says; the next run tells the rest."""
    try:
        return tell(load_run(context, run_dict))
    except PipelineError as error:
        log.warning("Not written back: %s", error)
        return {"written": 0, "unchanged": 0, "refused": 0, "problem": str(error)}


def tell(run: Run) -> WrittenBack:
    """Read the documents that changed since, then the orders; write what the orders lack."""
    path = own_changes_path(run)
    own = load_own_changes(path)
    since = own.mark or run.window.start_utc
    client = fortnox_hook(run.shop.fortnox_conn_id).client()
    types = run.mappings.rows_of(DocumentTypeRow, run.shop.shop)
    documents = current_documents(
        client,
        run.shop.reference_key,
        since,
        with_orders=any(row.document_type == "order" for row in types),
    )
    shop = order_notes(run.shop)
    before = {note.order_id: note for note in shop.order_notes(sorted(documents))}
    writes = [
        write
        for order_id, note in before.items()
        if (write := note_write(note, documents[order_id], run.shop.paid_status))
    ]
    answers = shop.write_order_notes(writes)
    told = [w.order_id for w, after in zip(writes, answers, strict=True) if after is not None]
    refused = len(writes) - len(told)
    ours = own_changes(shop, before, told, seen_until=run.window.end_utc)
    remembered = {
        order_id: moment
        for order_id, moment in {**own.orders, **ours}.items()
        if run.opened_at - moment < _REMEMBERED
    }
    _save(path, OwnChanges(mark=run.opened_at, orders=remembered))
    log.info("%d orders told, %d refused", len(told), refused)
    return {
        "written": len(told),
        "unchanged": len(before) - len(writes),
        "refused": refused,
        "problem": f"the shop refused {refused} orders" if refused else "",
    }


def own_changes(
    shop: OrderNotes, before: Mapping[str, OrderNote], told: Sequence[str], *, seen_until: datetime
) -> dict[str, datetime]:
    """The dates of change that our writes left, of orders that nobody else changed.

    A shop's dates are whole seconds: somebody who changes an order in the second of our write
    leaves the same date. So they are read when that second is over.
    """
    if not told:
        return {}
    sleep(_SECOND_OVER_S)
    return {
        after.order_id: after.modified_utc
        for after in shop.order_notes(told)
        if after.modified_utc and is_only_ours(before[after.order_id], after, seen_until=seen_until)
    }


def current_documents(
    client: FortnoxClient, key: str, since: datetime, *, with_orders: bool
) -> dict[str, SaleDocument]:
    """By order, where something changed since: booked, paid or cancelled, by whomever.

    A cancelled invoice may have a live sibling that did not change, and an order an invoice: those
    are looked up. Offers are not told of: their lists do not say which sale they are of.
    """
    invoices = documents_by_order(key, without_foreign_credits(_changed(client, key, since)))
    orders: dict[str, ListedInvoice] = {}
    if with_orders:
        orders = documents_by_order(key, _changed(client, key, since, ORDERS))
    unsure = {document.reference for document in invoices.values() if document.cancelled}
    unsure |= {order.reference for order_id, order in orders.items() if order_id not in invoices}
    if unsure:
        siblings = find_by_reference(client, key, unsure).documents
        invoices |= documents_by_order(
            key, without_foreign_credits(one for one in siblings if one.reference in unsure)
        )
    return sale_documents(invoices, orders)


def _changed(
    client: FortnoxClient, key: str, since: datetime, register: Register = INVOICES
) -> list[ListedInvoice]:
    """This shop's documents that changed since."""
    filters = {register.filter_name: f"{key}:", "lastmodified": lastmodified(since)}
    items = client.list(register.path, register.list_key, **filters)
    return [register.parse_listed(item) for item in items if order_of_item(key, item) is not None]


def without_own_changes(run: Run, heads: Iterable[OrderHead]) -> list[OrderHead]:
    """Heads that somebody else than :func:`tell` changed; days are read whole, so only hours."""
    found = list(heads)
    if run.shop.write_back == "none" or run.window.kind is not WindowKind.MODIFIED:
        return found
    own = load_own_changes(own_changes_path(run)).orders
    return [head for head in found if own.get(head.order_id) != head.modified_utc]


def own_changes_path(run: Run) -> Path:
    """The file of a shop, in its company's folder; it holds order ids and times."""
    name = f"write-back-{run.shop.shop}.json"
    return local_folder(staging_base(), run.shop.fortnox_conn_id) / name


def load_own_changes(path: Path) -> OwnChanges:
    """What was remembered; nothing if it is lost: then an hourly run reads some orders again."""
    data = read_json(path)
    try:
        if data is None or data["format"] != _FORMAT:
            return OwnChanges()
        return OwnChanges(
            mark=datetime.fromisoformat(data["mark"]),
            orders={
                str(order_id): datetime.fromisoformat(moment)
                for order_id, moment in data["orders"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return OwnChanges()


def _save(path: Path, own: OwnChanges) -> None:
    data = {
        "format": _FORMAT,
        "mark": own.mark.isoformat() if own.mark else "",
        "orders": {order_id: moment.isoformat() for order_id, moment in own.orders.items()},
    }
    write_private(path, json.dumps(data).encode())
