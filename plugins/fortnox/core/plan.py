"""Wanted documents x what Fortnox has -> what to do, each with its reason. Pure.

A dry run ends here; apply makes the same decision again on a fresh snapshot, so that whatever was
done meanwhile, by us or by a person, is seen (design.md, the path of the data).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from fortnox.core.customer_match import CustomerChoice, CustomerIndex, choose_customer
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.references import DayReference
from fortnox.core.surplus import settle

#: Requests of an apply that are made once, whatever the number of documents: company guard,
#: references, unbooked list, customers, locked period, financial years, list after the creates.
FIXED_REQUESTS = 7


class ActionKind(StrEnum):
    """What happens to one wanted document."""

    CREATE = "create"
    #: It stands unbooked in Fortnox (a crash, or a late answer): verify it, then bookkeep.
    BOOK = "book"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One decision. ``document_number`` is set when the document exists already.

    ``redate``: the period of the existing draft closed meanwhile, so it gets the invoice's date
    before it is bookkept (rule 17).
    """

    kind: ActionKind
    invoice: Invoice
    reason: str
    document_number: str = ""
    customer: CustomerChoice | None = None
    redate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialYear:
    """A financial year of the company; ``year_id`` is Fortnox's Id."""

    year_id: int
    from_date: date
    to_date: date
    #: Kontantmetoden: bookings happen at payment, so a bookkept invoice would be wrong (rule 18).
    cash_method: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What Fortnox has, as far as the wanted documents are concerned.

    ``filter_proven``: a document known to exist was found by a partial reference, or each one was
    looked up exactly, so that an empty answer may be trusted (rule 3); if not, each creation looks
    its reference up first.
    """

    documents: Mapping[str, tuple[ListedInvoice, ...]]
    filter_proven: bool
    customers: CustomerIndex
    closed_through: date | None
    years: tuple[FinancialYear, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that apply may do, and what is held. ``surplus`` are documents to cancel."""

    actions: tuple[Action, ...]
    held: tuple[Held, ...]
    surplus: tuple[ListedInvoice, ...]
    requests: int
    approval_reasons: tuple[str, ...]

    def of(self, kind: ActionKind) -> tuple[Action, ...]:
        """The actions of one kind."""
        return tuple(action for action in self.actions if action.kind is kind)


def make_plan(wanted: Iterable[Invoice], snapshot: Snapshot, shop: ShopRow) -> Plan:
    """Decide each wanted invoice; the rest of the plan follows from those decisions."""
    actions: list[Action] = []
    held: list[Held] = []
    surplus: list[ListedInvoice] = []
    references: set[str] = set()
    for invoice in wanted:
        references.add(invoice.reference)
        documents = snapshot.documents.get(invoice.reference, ())
        surplus.extend(settle(documents).cancel)
        decision = _decide(invoice, documents, snapshot, shop)
        if isinstance(decision, Held):
            held.append(decision)
        else:
            actions.append(decision)
    for reference, documents in snapshot.documents.items():
        if reference not in references:
            surplus.extend(settle(documents).cancel)
    return Plan(
        actions=tuple(actions),
        held=tuple(held),
        surplus=tuple(surplus),
        requests=forecast(actions, surplus, filter_proven=snapshot.filter_proven),
        approval_reasons=tuple(_approval_reasons(actions, shop)),
    )


def forecast(
    actions: Sequence[Action], surplus: Sequence[ListedInvoice], *, filter_proven: bool
) -> int:
    """Requests that apply will make, by the floor in rules-of-the-books."""
    creates = [action for action in actions if action.kind is ActionKind.CREATE]
    books = [action for action in actions if action.kind is ActionKind.BOOK]
    if not creates and not books and not surplus:
        return 0
    customers = {a.customer.number for a in creates if a.customer and a.customer.create}
    bookkept = sum(1 for action in creates if action.invoice.bookkeep)
    lookups = 0 if filter_proven or not creates else 2
    return (
        FIXED_REQUESTS
        + len(creates)
        + bookkept
        + len(customers)
        + 2 * len(books)
        + sum(1 for action in books if action.redate)
        + 2 * len(surplus)
        + lookups
    )


def chunks(actions: Sequence[Action], *, max_requests: int) -> list[tuple[Action, ...]]:
    """Cut a long day so that each piece needs at most ``max_requests`` (scheduler rule 4)."""
    pieces: list[tuple[Action, ...]] = []
    piece: list[Action] = []
    for action in actions:
        if action.kind is ActionKind.UNCHANGED:
            continue
        piece.append(action)
        if forecast(piece, (), filter_proven=True) >= max_requests:
            pieces.append(tuple(piece))
            piece = []
    if piece:
        pieces.append(tuple(piece))
    return pieces


def _decide(
    invoice: Invoice, documents: Sequence[ListedInvoice], snapshot: Snapshot, shop: ShopRow
) -> Action | Held:
    if documents:
        decision = decide_existing(invoice, documents)
        if isinstance(decision, Action) and decision.kind is ActionKind.BOOK:
            return _with_open_date(decision, documents, snapshot, shop)
        return decision
    dated = open_date(invoice, snapshot, shop)
    if isinstance(dated, Held):
        return dated
    customer = choose_customer(invoice.customer, snapshot.customers)
    if isinstance(customer, str):
        return invoice.held(
            "customer_not_certain",
            customer,
            "Merge or correct the customer cards in Fortnox, or change customer_policy.csv.",
        )
    return Action(kind=ActionKind.CREATE, invoice=dated, reason="not in Fortnox", customer=customer)


def decide_existing(invoice: Invoice, documents: Sequence[ListedInvoice]) -> Action | Held:
    """What becomes of an invoice whose exact reference these documents carry already.

    Args:
        invoice: The wanted one.
        documents: All of its reference, cancelled ones too; at least one.
    """
    settlement = settle(documents)
    survivor = settlement.survivor
    if survivor is None:
        return _cancelled(invoice, documents)
    if settlement.double_booked:
        return _double_booked(invoice, (survivor, *settlement.double_booked))
    number = survivor.document_number
    if survivor.day_reference != invoice.day_reference:
        return _changed(invoice, survivor)
    if survivor.booked:
        kind, reason = ActionKind.UNCHANGED, f"booked as invoice {number}"
    elif not invoice.bookkeep:
        kind = ActionKind.UNCHANGED
        reason = f"stands as invoice {number}, left unbooked by document_types.csv"
    else:
        kind, reason = ActionKind.BOOK, f"invoice {number} stands unbooked"
    return Action(kind=kind, invoice=invoice, reason=reason, document_number=number)


def _with_open_date(
    action: Action, documents: Iterable[ListedInvoice], snapshot: Snapshot, shop: ShopRow
) -> Action | Held:
    """A draft is booked on an open day; one whose day closed since is dated anew (rule 17)."""
    dated = open_date(action.invoice, snapshot, shop)
    if isinstance(dated, Held):
        return replace(dated, reason=f"{action.reason}; {dated.reason}")
    draft = next(d for d in documents if d.document_number == action.document_number)
    closed = closed_through(snapshot, shop)
    is_closed = closed is not None and draft.invoice_date <= closed
    return replace(action, invoice=dated, redate=is_closed)


def _cancelled(invoice: Invoice, documents: Sequence[ListedInvoice]) -> Held:
    numbers = ", ".join(document.document_number for document in documents)
    return invoice.held(
        "cancelled_in_fortnox",
        f"invoice {numbers} of this order was cancelled in Fortnox",
        "If it was cancelled by mistake, make it anew by hand in Fortnox with the same "
        "references; else refund or cancel the order in the shop.",
    )


def _changed(invoice: Invoice, survivor: ListedInvoice) -> Held:
    number = survivor.document_number
    before = DayReference.parse(survivor.day_reference)
    moved = before is not None and before.day != invoice.accounting_day
    what = f"moved from {before.day}" if moved and before else "edited"
    state = "booked" if survivor.booked else "unbooked"
    return invoice.held(
        "changed_after_export",
        f"the order was {what} after it became {state} invoice {number} of "
        f"{format_ore(survivor.total_ore)}",
        f"Credit invoice {number} and make a new one by hand."
        if survivor.booked
        else f"Cancel invoice {number} in Fortnox and make a new one by hand.",
    )


def _double_booked(invoice: Invoice, documents: Iterable[ListedInvoice]) -> Held:
    numbers = ", ".join(document.document_number for document in documents)
    return invoice.held(
        "booked_twice",
        f"invoices {numbers} all carry this order and are booked",
        "Credit all but one of them in Fortnox.",
    )


def closed_through(snapshot: Snapshot, shop: ShopRow) -> date | None:
    """The last closed day, by Fortnox's lock or by shops.csv; None when nothing is closed."""
    return max(filter(None, (snapshot.closed_through, shop.books_closed_through)), default=None)


def open_date(invoice: Invoice, snapshot: Snapshot, shop: ShopRow) -> Invoice | Held:
    """The invoice with a date that is open, by ``late_policy``; closed is closed (rule 17)."""
    day = invoice.accounting_day
    closed = closed_through(snapshot, shop)
    dated = invoice
    if closed is not None and day <= closed:
        if shop.late_policy == "hold":
            return invoice.held(
                "period_closed",
                f"{day} lies in a period that is closed through {closed}",
                "Ask the accountant; then open the period, or set late_policy to first_open_day.",
            )
        dated = replace(
            invoice,
            invoice_date=closed + timedelta(days=1),
            comment=f"Sen bokning, affärshändelse {day.isoformat()}",
        )
    return _in_its_year(dated, snapshot)


def _in_its_year(invoice: Invoice, snapshot: Snapshot) -> Invoice | Held:
    """There must be a financial year for the date, and its method must be ours."""
    day = invoice.invoice_date
    year = next((year for year in snapshot.years if year.from_date <= day <= year.to_date), None)
    if year is None:
        return invoice.held(
            "no_financial_year",
            f"Fortnox has no financial year for {day}",
            "Create the financial year in Fortnox, then run the day again.",
        )
    if year.cash_method:
        return invoice.held(
            "cash_method",
            f"the company uses the cash method (kontantmetoden) in the year of {day}",
            "This version books by the invoice method; book by hand, or change the company's "
            "method at the turn of the year.",
        )
    return invoice


def _is_late_creation(action: Action) -> bool:
    invoice = action.invoice
    return action.kind is ActionKind.CREATE and invoice.invoice_date != invoice.accounting_day


def _approval_reasons(actions: Sequence[Action], shop: ShopRow) -> Iterable[str]:
    creates = [action for action in actions if action.kind is ActionKind.CREATE]
    total = sum(action.invoice.total_ore for action in creates)
    late = sum(1 for a in actions if a.redate or _is_late_creation(a))
    over = shop.approve_documents_over
    if over is not None and len(creates) > over:
        yield f"{len(creates)} new invoices, more than {over}"
    if shop.approve_total_over_ore is not None and total > shop.approve_total_over_ore:
        limit = format_ore(shop.approve_total_over_ore)
        yield f"{format_ore(total)} in new invoices, more than {limit}"
    if late:
        yield f"{late} invoices of a closed period, dated the first open day"
