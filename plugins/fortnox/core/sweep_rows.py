"""Each sale and refund of a sweep against the documents that carry its reference. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fortnox.core.dates import Due, sale_date
from fortnox.core.documents import Held, ListedInvoice
from fortnox.core.netted import net_versions
from fortnox.core.reconciled import OrderRow, OrdersLevel, State
from fortnox.core.references import DayReference, is_refund, order_of, sale_reference
from fortnox.core.surplus import ONE_TOO_MANY
from fortnox.core.sweep import SweepSources, WantedDocument, wanted_documents

_ByReference = Mapping[str, Sequence[ListedInvoice]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """Rows as of a day's report, and what is held."""

    level: OrdersLevel
    held: tuple[Held, ...]


def sweep(sources: SweepSources) -> Swept:
    """Compare both sides, id by id."""
    wanted = wanted_documents(sources)
    netted = net_versions(sources.invoices)
    invoices, orders = _living((*netted.standing, *netted.by_hand)), _living(sources.orders)
    rows = [
        _row(one, (orders if one.document == "order" else invoices).get(one.reference, ()), sources)
        for one in wanted
    ]
    rows.extend(_extras(sources, invoices, {one.reference for one in wanted}))
    days = {one.reference: one.day for one in wanted}
    return Swept(
        level=OrdersLevel(rows=tuple(rows), not_due=_not_due(sources)),
        held=tuple(_held(row, days[row.reference]) for row in rows if row.state is State.HELD),
    )


def _living(documents: Iterable[ListedInvoice]) -> _ByReference:
    found: dict[str, dict[str, ListedInvoice]] = {}
    for one in documents:
        if not one.cancelled:
            found.setdefault(one.reference, {})[one.document_number] = one
    return {reference: list(numbers.values()) for reference, numbers in found.items()}


def _not_due(sources: SweepSources) -> int:
    return sum(
        sale_date(head, sources.shop, sources.mappings).due is Due.NOT_DUE
        for head in sources.heads.values()
    )


def _row(one: WantedDocument, found: Sequence[ListedInvoice], sources: SweepSources) -> OrderRow:
    """Missing, held, doubled, or there. A credit made by hand copies the reference: one less."""
    documents = [doc for doc in found if (doc.total_ore < 0) == one.is_refund]
    taken_back = len(found) - len(documents)
    what = "refund" if one.is_refund else "order"
    row = OrderRow(
        reference=one.reference,
        order_id=one.order_id,
        order_number=one.order_number,
        state=State.BOOKED,
        shop_ore=one.amount_ore,
        document=documents[0] if documents else None,
        document_ore=one.amount_ore if documents else None,
        difference_ore=0,
        currency=one.currency,
    )
    if not documents and (what, one.order_id) in sources.held:
        reason, remedy = f"held by the report of {one.day}", "See that report for the remedy."
        return replace(row, state=State.HELD, reason=reason, remedy=remedy)
    if not documents:
        return replace(
            row,
            state=State.MISSING,
            difference_ore=-one.amount_ore,
            reason=f"the {what} of {one.day} has no document in Fortnox",
            remedy=f"Run the day {one.day} again; if it stays, its report says why.",
        )
    surplus = len(documents) - taken_back - 1
    if surplus > 0:
        numbers = ", ".join(sorted(doc.document_number for doc in documents))
        return replace(
            row,
            state=State.DIFFERS,
            document_ore=one.amount_ore * (surplus + 1),
            difference_ore=one.amount_ore * surplus,
            reason=f"{one.document}s {numbers} all carry this {what}",
            remedy=ONE_TOO_MANY,
        )
    if any(doc.is_in_ledger for doc in documents):
        return row
    return replace(row, state=State.UNBOOKED, reason="stands unbooked")


def _extras(sources: SweepSources, invoices: _ByReference, wanted: set[str]) -> Iterator[OrderRow]:
    """Invoices of the span whose order is gone, or is no sale: what is left of them in the books.

    All invoices of the order count, so that what was credited already is no finding; an order that
    is a sale of another day is that day's.
    """
    key = sources.shop.reference_key
    by_order: dict[str, list[ListedInvoice]] = {}
    for documents in invoices.values():
        for one in documents:
            by_order.setdefault(order_of(key, one.reference) or "", []).append(one)
    for order_id, documents in sorted(by_order.items()):
        in_span = [one for one in documents if sources.has(_day_of(one))]
        left_ore = sum(one.total_ore for one in documents)
        is_sale = sale_reference(key, order_id) in wanted or _is_sale(order_id, sources)
        if not order_id or not in_span or is_sale or left_ore == 0:
            continue
        yield _extra(order_id, in_span, left_ore, is_known=order_id in sources.heads, key=key)


def _extra(
    order_id: str, documents: Sequence[ListedInvoice], left_ore: int, *, is_known: bool, key: str
) -> OrderRow:
    numbers = ", ".join(one.document_number for one in documents if not is_refund(one.reference))
    why = "which is no sale now" if is_known else "which the shop no longer has"
    return OrderRow(
        reference=sale_reference(key, order_id),
        order_id=order_id,
        order_number=order_id,
        state=State.DIFFERS,
        shop_ore=0,
        document=documents[0],
        document_ore=left_ore,
        difference_ore=left_ore,
        reason=f"invoice {numbers} is of order {order_id}, {why}",
        remedy="Credit or cancel the invoice in Fortnox, or restore the order in the shop.",
        currency=documents[0].currency,
    )


def _is_sale(order_id: str, sources: SweepSources) -> bool:
    head = sources.heads.get(order_id)
    return head is not None and sale_date(head, sources.shop, sources.mappings).due is Due.DUE


def _day_of(document: ListedInvoice) -> date | None:
    reference = DayReference.parse(document.day_reference)
    return reference.day if reference else None


def _held(row: OrderRow, day: date) -> Held:
    return Held(
        kind="refund" if is_refund(row.reference) else "order",
        order_id=row.order_id,
        order_number=row.order_number,
        amount_ore=row.shop_ore,
        code="held_by_its_day",
        reason=row.reason,
        remedy=row.remedy,
        day=day,
        currency=row.currency,
    )
