"""What becomes of a wanted order, offer, or invoice of an order, by what Fortnox has. Pure.

The rules for surplus are an invoice's (rules of the books 5 and 6); an order that is invoiced is
locked, as a booked invoice is. Orders stay unbooked, so a duplicate that Fortnox makes late is
found by the next run over them, not prevented.
"""

from collections.abc import Sequence
from dataclasses import replace

from fortnox.core.actions import Action, ActionKind, Snapshot
from fortnox.core.customer_match import CustomerChoice, choose_customer
from fortnox.core.decide import cancelled, decide_sale, double_booked, uncertain_customer
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.open_dates import open_date
from fortnox.core.order_documents import order_of_invoice
from fortnox.core.sending import with_sending
from fortnox.core.surplus import settle


def decide_order(invoice: Invoice, snapshot: Snapshot) -> Action | Held:
    """What becomes of an order or offer. Closed periods don't matter: nothing is booked."""
    documents = snapshot.unposted(invoice.document).documents.get(invoice.reference, ())
    if not documents:
        customer = choose_customer(invoice.customer, snapshot.customers)
        if isinstance(customer, str):
            return uncertain_customer(invoice, customer)
        return Action(
            kind=ActionKind.CREATE, invoice=invoice, reason="not in Fortnox", customer=customer
        )
    return with_sending(_of_existing(invoice, documents), documents)


def _of_existing(invoice: Invoice, documents: Sequence[ListedInvoice]) -> Action | Held:
    settlement = settle(documents)
    survivor = settlement.survivor
    if survivor is None:
        return cancelled(invoice, _numbers(documents))
    if settlement.double_booked:
        return double_booked(invoice, (survivor, *settlement.double_booked))
    number, is_same = survivor.document_number, survivor.day_reference == invoice.day_reference
    if not is_same and survivor.booked:
        return _changed_after_invoice(invoice, survivor)
    kind = ActionKind.BOOK if settlement.cancel or not is_same else ActionKind.UNCHANGED
    reason = f"stands as {invoice.document} {number}"
    return Action(
        kind=kind,
        invoice=invoice,
        reason=reason if is_same else f"{reason}, and was edited in the shop since",
        document_number=number,
        rewrite=not is_same,
    )


def decide_invoice_of_order(
    invoice: Invoice, documents: Sequence[ListedInvoice], snapshot: Snapshot, shop: ShopRow
) -> Action | Held:
    """What becomes of the invoice that a delivered order gets.

    Args:
        invoice: The wanted one.
        documents: Invoices of its reference, cancelled ones too.
        snapshot: With the orders of the reference.
        shop: Row of shops.csv.
    """
    orders = snapshot.orders.documents.get(invoice.reference, ())
    if documents:
        decision = with_sending(_of_invoice(invoice, documents, snapshot, shop), documents)
        return _settling(decision) if settle(orders).cancel else decision
    dated = open_date(invoice, snapshot, shop)
    if isinstance(dated, Held):
        return dated
    if not orders:
        customer = choose_customer(invoice.customer, snapshot.customers)
        if isinstance(customer, str):
            return uncertain_customer(invoice, customer)
        return Action(
            kind=ActionKind.CREATE, invoice=dated, reason="not in Fortnox", customer=customer
        )
    return _of_order(dated, orders)


def _of_order(invoice: Invoice, orders: Sequence[ListedInvoice]) -> Action | Held:
    settlement = settle(orders)
    order = settlement.survivor
    if order is None:
        return cancelled(order_of_invoice(invoice), _numbers(orders))
    if settlement.double_booked:
        return double_booked(order_of_invoice(invoice), (order, *settlement.double_booked))
    source = invoice.source_order
    is_same = source is not None and order.day_reference == source.day_reference
    return Action(
        kind=ActionKind.CREATE,
        invoice=invoice,
        reason=f"order {order.document_number} is delivered and not invoiced",
        customer=CustomerChoice(number=order.customer_number, create=False),
        order_number=order.document_number,
        rewrite=not is_same and not order.booked,
    )


def _of_invoice(
    invoice: Invoice, documents: Sequence[ListedInvoice], snapshot: Snapshot, shop: ShopRow
) -> Action | Held:
    """An unbooked one gets its header anew: a crash may have left it dated today (rule 22)."""
    survivor = settle(documents).survivor
    if survivor is not None and is_made_by_hand(
        invoice, survivor.day_reference, booked=survivor.booked
    ):
        return made_by_hand(invoice, survivor.document_number)
    decision = decide_sale(invoice, documents, snapshot, shop)
    if isinstance(decision, Action) and decision.kind is ActionKind.BOOK:
        return replace(decision, rewrite=True, redate=False)
    return decision


def is_made_by_hand(invoice: Invoice, day_reference: str, *, booked: bool) -> bool:
    """A booked invoice of the order that does not carry its own day: a person made it."""
    source = invoice.source_order
    if source is None or not booked or day_reference == invoice.day_reference:
        return False
    return day_reference in {"", source.day_reference}


def made_by_hand(invoice: Invoice, number: str) -> Held:
    """The sale is in the ledger, but not as we would have booked it."""
    return invoice.held(
        "invoiced_by_hand",
        f"invoice {number} was made from this order and booked in Fortnox, not by this package",
        f"Compare invoice {number} with the sale ({format_ore(invoice.total_ore)}, delivered "
        f"{invoice.accounting_day}) and its payment; nothing more is written for it.",
    )


def _settling(decision: Action | Held) -> Action | Held:
    """Done, but for a second order of the sale, which is to be cancelled."""
    if isinstance(decision, Action) and decision.kind is ActionKind.UNCHANGED:
        return replace(decision, kind=ActionKind.BOOK, reason=f"{decision.reason}, order doubled")
    return decision


def _numbers(documents: Sequence[ListedInvoice]) -> list[str]:
    return [document.document_number for document in documents]


def _changed_after_invoice(invoice: Invoice, order: ListedInvoice) -> Held:
    return invoice.held(
        "changed_after_export",
        f"the order was edited after {invoice.document} {order.document_number} of "
        f"{format_ore(order.total_ore)} was invoiced; it is {format_ore(invoice.total_ore)} now",
        "Credit its invoice and make a new one by hand; or undo the edit in the shop.",
    )
