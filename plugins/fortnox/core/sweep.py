"""The weekly sweep: ids on both sides over the last weeks, whatever single runs believed. Pure.

A sale without a document, a document without a sale, two documents of one sale. Ids only: amounts,
VAT and accounts are proven by each day's own report. Sales that stand in vouchers or as offers have
no document to list, and are counted. How a row is judged: :mod:`fortnox.core.sweep_rows`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fortnox.core.dates import Due, SaleDate, ledger_sale, sale_date
from fortnox.core.documents import DocumentKind, ListedInvoice
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.orders import OrderHead, Refund
from fortnox.core.references import refund_reference, sale_reference
from fortnox.core.window import Window, WindowKind, local_day, local_midnight_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSources:
    """What was read of both sides.

    Attributes:
        shop: Row of shops.csv.
        mappings: All mappings.
        first: First accounting day.
        last: Last accounting day, included.
        heads: Every order that can have a date in the span, by id, and those that documents name.
        refunds: Made in the span.
        invoices: All invoices that carry a day of the span or are of its orders.
        orders: Fortnox orders, likewise.
        held: ``(kind, order id)`` of what the days' newest reports hold.
    """

    shop: ShopRow
    mappings: Mappings
    first: date
    last: date
    heads: Mapping[str, OrderHead]
    refunds: Sequence[Refund]
    invoices: Sequence[ListedInvoice]
    orders: Sequence[ListedInvoice] = ()
    held: frozenset[tuple[str, str]] = frozenset()

    def has(self, day: date | None) -> bool:
        """Whether a day is in the span."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDocument:
    """A sale or refund that must have a document of a kind since a day; a refund is negative."""

    reference: str
    order_id: str
    order_number: str
    amount_ore: int
    currency: str
    day: date
    document: DocumentKind = "invoice"

    @property
    def is_refund(self) -> bool:
        """Negative documents count, positive ones take them back."""
        return self.amount_ore < 0


def sweep_window(first: date, last: date, shop: ShopRow) -> Window:
    """The span as a run's window; it has no accounting day of its own."""
    return Window(
        kind=WindowKind.MODIFIED,
        start_utc=local_midnight_utc(first, shop.zone),
        end_utc=local_midnight_utc(last + timedelta(days=1), shop.zone),
        day=None,
        label=f"sweep-{first}-{last}",
    )


def month_prefixes(key: str, first: date, last: date) -> list[str]:
    """What the second references of a span begin with: one list for each of its months."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{key}:{month // 12:04}-{month % 12 + 1:02}-" for month in months]


def wanted_documents(sources: SweepSources) -> list[WantedDocument]:
    """Every sale and refund of the span that must have a document of its own."""
    return [*_sales(sources), *_refunds(sources)]


def sweep_notes(sources: SweepSources) -> list[str]:
    """What the sweep did not look at, and orders that a daily run can't find (rule 16)."""
    shop = sources.shop
    sales = [
        (head, sale)
        for head in sources.heads.values()
        if (sale := sale_date(head, shop, sources.mappings)).due is Due.DUE
        and sources.has(sale.day)
    ]
    look_back = timedelta(days=shop.look_back_days)
    elsewhere = sum(is_elsewhere(sale) for _, sale in sales)
    late = sum(
        1
        for head, sale in sales
        if sale.day and sale.day - local_day(head.created_utc, shop.zone) > look_back
    )
    notes = ["Ids only: amounts, VAT and accounts are proven by each day's own report."]
    if elsewhere:
        notes.append(f"{elsewhere} sales stand in vouchers or as offers: see their days' reports.")
    if late:
        notes.append(
            f"{late} orders were made more than look_back_days ({shop.look_back_days}) before "
            "their day: a backfill of that day would miss them. Raise it in shops.csv."
        )
    return notes


def is_elsewhere(sale: SaleDate) -> bool:
    """In a voucher, or an offer: nothing that a list of documents shows."""
    row = sale.document_type
    in_voucher = sale.is_advance or (row is not None and row.document_type == "day_voucher")
    return in_voucher or sale.document == "offer"


def _sales(sources: SweepSources) -> Iterator[WantedDocument]:
    """The order's own document, and the invoice of a Fortnox order that was delivered."""
    shop, mappings = sources.shop, sources.mappings
    for head in sources.heads.values():
        sale = sale_date(head, shop, mappings)
        if sale.due is not Due.DUE or sale.day is None or head.total_ore == 0:
            continue
        if sources.has(sale.day) and not is_elsewhere(sale):
            yield _sale(head, sale.document, sale.day, shop)
        invoiced_on = ledger_sale(head, shop, mappings).invoiced_on
        if invoiced_on is not None and sources.has(invoiced_on):
            yield _sale(head, "invoice", invoiced_on, shop)


def _sale(head: OrderHead, document: DocumentKind, day: date, shop: ShopRow) -> WantedDocument:
    return WantedDocument(
        reference=sale_reference(shop.reference_key, head.order_id),
        order_id=head.order_id,
        order_number=head.number,
        amount_ore=head.total_ore,
        currency=head.currency,
        day=day,
        document=document,
    )


def _refunds(sources: SweepSources) -> Iterator[WantedDocument]:
    """Refunds since the start date, but for those of sales that are booked elsewhere."""
    shop = sources.shop
    for refund in sources.refunds:
        head = sources.heads.get(refund.order_id)
        sale = sale_date(head, shop, sources.mappings) if head else None
        day = local_day(refund.created_utc, shop.zone)
        is_ours = sale is None or (sale.due is Due.DUE and not is_elsewhere(sale))
        if is_ours and day >= shop.start_date and refund.amount_ore:
            yield WantedDocument(
                reference=refund_reference(shop.reference_key, refund.order_id, refund.refund_id),
                order_id=refund.order_id,
                order_number=head.number if head else refund.order_id,
                amount_ore=-refund.amount_ore,
                currency=head.currency if head else "",
                day=day,
            )
