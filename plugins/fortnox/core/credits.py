"""Credit invoices of refunds: which invoice they credit, and never more than was sold. Pure.

A refund is a document of its own beside the sale's (rules of the books 21): Fortnox's ``/credit``
would date it today, answer the original and happen once per invoice only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fortnox.core.actions import Action, ActionKind, Snapshot
from fortnox.core.customer_match import CustomerChoice, choose_customer
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.open_dates import open_date
from fortnox.core.references import refund_prefix, sale_of
from fortnox.core.surplus import settle


class Credits:
    """What is sold and credited per sale: in Fortnox, and by this plan so far."""

    def __init__(self, documents: Mapping[str, Sequence[ListedInvoice]]) -> None:
        self._documents = documents
        self._planned_sales: dict[str, Action | Held] = {}
        self._planned_ore: dict[str, int] = {}

    def add(self, invoice: Invoice, decision: Action | Held) -> None:
        """Take a decision into account."""
        sale = invoice.sale_reference
        if not invoice.is_refund:
            self._planned_sales[sale] = decision
        elif isinstance(decision, Action) and decision.kind is ActionKind.CREATE:
            self._planned_ore[sale] = self._planned_ore.get(sale, 0) - invoice.total_ore

    def sale_document(self, sale_reference: str) -> ListedInvoice | None:
        """The document that stands for the sale; None when there is none that counts."""
        return settle(self._documents.get(sale_reference, ())).survivor

    def planned_sale(self, sale_reference: str) -> Action | Held | None:
        """What this plan does about the sale."""
        return self._planned_sales.get(sale_reference)

    def credited_ore(self, sale_reference: str) -> int:
        """Live credits of the sale, ours and those made by hand in Fortnox, and planned ones."""
        live = [
            document
            for reference, documents in self._documents.items()
            if reference == sale_reference
            or reference.startswith(refund_prefix(sale_of(sale_reference)))
            for document in documents
            if not document.cancelled and document.total_ore < 0
        ]
        return -sum(document.total_ore for document in live) + self._planned_ore.get(
            sale_reference, 0
        )


def decide_credit(
    invoice: Invoice, credited: Credits, snapshot: Snapshot, shop: ShopRow
) -> Action | Held:
    """What becomes of a refund that Fortnox has no document of."""
    sale = credited.sale_document(invoice.sale_reference)
    planned = credited.planned_sale(invoice.sale_reference)
    if isinstance(planned, Held) or (
        sale is None and planned is None and not invoice.sale_before_start
    ):
        return _no_sale(invoice, planned)
    if sale is None and planned is None and shop.refunds_before_start == "hold":
        return _before_start(invoice)
    already_ore = credited.credited_ore(invoice.sale_reference)
    sold_ore = sale.total_ore if sale else invoice.sale_total_ore
    if already_ore - invoice.total_ore > max(sold_ore, invoice.sale_total_ore):
        return _too_much(invoice, already_ore, sold_ore)
    dated = open_date(invoice, snapshot, shop)
    if isinstance(dated, Held):
        return dated
    customer = _customer(invoice, sale, planned, snapshot)
    if isinstance(customer, str):
        return invoice.held(
            "customer_not_certain",
            customer,
            "Merge or correct the customer cards in Fortnox, or change customer_policy.csv.",
        )
    number = sale.document_number if sale else ""
    return Action(
        kind=ActionKind.CREATE,
        invoice=dated,
        reason=f"refund {invoice.refund_id} is not in Fortnox",
        customer=customer,
        credits_number=number,
    )


def with_credited_number(invoice: Invoice, number: str) -> Invoice:
    """The text that the law on change invoices wants (ML 17 kap. 22-23 §§), once it is known."""
    if number:
        text = f"Kreditfaktura, avser faktura {number}"
    else:
        text = f"Kreditfaktura, avser order {invoice.order_number}"
    return replace(invoice, remarks=f"{text}. {invoice.remarks}".removesuffix(". "))


def _customer(
    invoice: Invoice, sale: ListedInvoice | None, planned: Action | None, snapshot: Snapshot
) -> CustomerChoice | str:
    """The card of the sale's invoice, whatever the policy says today."""
    if sale and sale.customer_number:
        return CustomerChoice(number=sale.customer_number, create=False)
    if planned and planned.customer:
        return replace(planned.customer, create=False)
    return choose_customer(invoice.customer, snapshot.customers)


def _no_sale(invoice: Invoice, planned: Held | Action | None) -> Held:
    if isinstance(planned, Held):
        return invoice.held(
            "sale_held",
            f"its sale is held: {planned.reason}",
            "Mend the sale; the refund goes through with it.",
        )
    return invoice.held(
        "sale_not_in_fortnox",
        f"refund {invoice.refund_id}: its sale is not in Fortnox",
        "Run the day of the sale first (backfill it), then this day again.",
    )


def _before_start(invoice: Invoice) -> Held:
    return invoice.held(
        "refund_of_sale_before_start",
        f"refund {invoice.refund_id}: its sale is older than start_date, another system booked it",
        "Credit it there, or set refunds_before_start in shops.csv to approve or book: it is then "
        "credited here, by the rates of the shop's order.",
    )


def _too_much(invoice: Invoice, already_ore: int, sold_ore: int) -> Held:
    return invoice.held(
        "more_credited_than_sold",
        f"the sale was {format_ore(sold_ore)}, {format_ore(already_ore)} is credited already, and "
        f"refund {invoice.refund_id} gives back {format_ore(-invoice.total_ore)} more",
        "See in Fortnox which credit invoices the sale has; cancel or correct the one too many.",
    )
