"""Wanted documents x what Fortnox has -> what to do, each with its reason. Pure.

A dry run ends here; apply makes the same decision again on a fresh snapshot, so that whatever was
done meanwhile, by us or by a person, is seen (design.md, the path of the data).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from fortnox.core.documents import CustomerWish, Held, Invoice, ListedInvoice
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.references import DayReference
from fortnox.core.surplus import settle

#: Requests of an apply that are made once, whatever the number of documents: company guard,
#: locked period, financial years, unbooked list, customers, and the list after the last create.
FIXED_REQUESTS = 6


class ActionKind(StrEnum):
    """What happens to one wanted document."""

    CREATE = "create"
    #: It stands unbooked in Fortnox (a crash, or a late answer): verify it, then bookkeep.
    BOOK = "book"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChoice:
    """The card a document goes to; ``create`` when it must be made first."""

    number: str
    create: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One decision. ``document_number`` is set when the document exists already."""

    kind: ActionKind
    invoice: Invoice
    reason: str
    document_number: str = ""
    customer: CustomerChoice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialYear:
    """A financial year of the company; ``year_id`` is Fortnox's Id."""

    year_id: int
    from_date: date
    to_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerIndex:
    """Active customer cards by what they can be matched on; several cards may share a key."""

    numbers: frozenset[str] = frozenset()
    by_organisation_number: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_email: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What Fortnox has, as far as the wanted documents are concerned.

    ``filter_proven``: a document known to exist was found by a partial reference, so an empty
    answer of a range list may be trusted (rule 3); if not, each creation looks its reference up.
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
        settlement = settle(documents)
        surplus.extend(settlement.cancel)
        decision = _decide(invoice, documents, settlement.survivor, snapshot, shop)
        if settlement.double_booked:
            decision = _double_booked(invoice, settlement.survivor, settlement.double_booked)
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


def choose_customer(wish: CustomerWish, index: CustomerIndex) -> CustomerChoice | str:
    """The card for a buyer, or the sentence why it is held. Compares exactly, never on empty."""
    for key in wish.match:
        found = _matches(key, wish, index)
        if len(found) > 1:
            return f"{len(found)} active customers share the {key.replace('_', ' ')}"
        if found:
            return CustomerChoice(number=found[0], create=False)
    if wish.when_missing == "shared":
        return CustomerChoice(number=wish.shared_number, create=False)
    if wish.when_missing == "create" and wish.number:
        return CustomerChoice(number=wish.number, create=wish.number not in index.numbers)
    return "no customer card matches, and customer_policy.csv says hold"


def _matches(key: str, wish: CustomerWish, index: CustomerIndex) -> tuple[str, ...]:
    if key == "number":
        return (wish.number,) if wish.number and wish.number in index.numbers else ()
    if key == "organisation_number":
        digits = digits_only(wish.organisation_number)
        found = index.by_organisation_number.get(digits, ()) if digits else ()
    else:
        email = wish.email.strip().lower()
        found = index.by_email.get(email, ()) if email else ()
    prefix, suffixes = wish.foreign_numbers
    return tuple(n for n in found if not (n.startswith(prefix) and n.endswith(suffixes)))


def digits_only(text: str) -> str:
    """An organisation number as ten digits, however it was written; empty if it is not one."""
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) == 12 and digits.startswith(("16", "19", "20")):  # noqa: PLR2004
        digits = digits[2:]
    return digits if len(digits) == 10 else ""  # noqa: PLR2004


def _decide(
    invoice: Invoice,
    documents: Sequence[ListedInvoice],
    survivor: ListedInvoice | None,
    snapshot: Snapshot,
    shop: ShopRow,
) -> Action | Held:
    if survivor is not None:
        return _existing(invoice, survivor)
    if documents:
        return _held(
            invoice,
            "cancelled_in_fortnox",
            f"invoice {documents[0].document_number} of this order was cancelled in Fortnox",
            "If it was cancelled by mistake, make it anew by hand in Fortnox with the same "
            "references; else refund or cancel the order in the shop.",
        )
    dated = open_date(invoice, snapshot, shop)
    if isinstance(dated, Held):
        return dated
    customer = choose_customer(invoice.customer, snapshot.customers)
    if isinstance(customer, str):
        return _held(
            invoice,
            "customer_not_certain",
            customer,
            "Merge or correct the customer cards in Fortnox, or change customer_policy.csv.",
        )
    return Action(kind=ActionKind.CREATE, invoice=dated, reason="not in Fortnox", customer=customer)


def _existing(invoice: Invoice, survivor: ListedInvoice) -> Action | Held:
    number = survivor.document_number
    if survivor.day_reference != invoice.day_reference:
        return _changed(invoice, survivor)
    if survivor.booked:
        return Action(
            kind=ActionKind.UNCHANGED,
            invoice=invoice,
            reason=f"booked as invoice {number}",
            document_number=number,
        )
    if not invoice.bookkeep:
        return Action(
            kind=ActionKind.UNCHANGED,
            invoice=invoice,
            reason=f"stands as invoice {number}, left unbooked by document_types.csv",
            document_number=number,
        )
    return Action(
        kind=ActionKind.BOOK,
        invoice=invoice,
        reason=f"invoice {number} stands unbooked",
        document_number=number,
    )


def _changed(invoice: Invoice, survivor: ListedInvoice) -> Held:
    number = survivor.document_number
    before = DayReference.parse(survivor.day_reference)
    moved = before is not None and before.day != invoice.accounting_day
    what = f"moved from {before.day}" if moved and before else "edited"
    state = "booked" if survivor.booked else "unbooked"
    return _held(
        invoice,
        "changed_after_export",
        f"the order was {what} after it became {state} invoice {number} of "
        f"{format_ore(survivor.total_ore)}",
        f"Credit invoice {number} and make a new one by hand."
        if survivor.booked
        else f"Cancel invoice {number} in Fortnox and make a new one by hand.",
    )


def _double_booked(
    invoice: Invoice, survivor: ListedInvoice | None, others: Sequence[ListedInvoice]
) -> Held:
    numbers = ", ".join(
        document.document_number for document in ([survivor] if survivor else []) + list(others)
    )
    return _held(
        invoice,
        "booked_twice",
        f"invoices {numbers} all carry this order and are booked",
        "Credit all but one of them in Fortnox.",
    )


def open_date(invoice: Invoice, snapshot: Snapshot, shop: ShopRow) -> Invoice | Held:
    """The invoice with a date that is open, by ``late_policy``; closed is closed (rule 17)."""
    day = invoice.accounting_day
    closed = max(filter(None, (snapshot.closed_through, shop.books_closed_through)), default=None)
    dated = invoice
    if closed is not None and day <= closed:
        if shop.late_policy == "hold":
            return _held(
                invoice,
                "period_closed",
                f"{day} lies in a period that is closed through {closed}",
                "Ask the accountant; then open the period, or set late_policy to first_open_day.",
            )
        dated = replace(
            invoice,
            invoice_date=closed + timedelta(days=1),
            comment=f"Sen bokning, affärshändelse {day.isoformat()}",
        )
    if not any(year.from_date <= dated.invoice_date <= year.to_date for year in snapshot.years):
        return _held(
            invoice,
            "no_financial_year",
            f"Fortnox has no financial year for {dated.invoice_date}",
            "Create the financial year in Fortnox, then run the day again.",
        )
    return dated


def _approval_reasons(actions: Iterable[Action], shop: ShopRow) -> Iterable[str]:
    creates = [action for action in actions if action.kind is ActionKind.CREATE]
    total = sum(action.invoice.total_ore for action in creates)
    late = sum(1 for a in creates if a.invoice.invoice_date != a.invoice.accounting_day)
    over = shop.approve_documents_over
    if over is not None and len(creates) > over:
        yield f"{len(creates)} new invoices, more than {over}"
    if shop.approve_total_over_ore is not None and total > shop.approve_total_over_ore:
        limit = format_ore(shop.approve_total_over_ore)
        yield f"{format_ore(total)} in new invoices, more than {limit}"
    if late:
        yield f"{late} invoices of a closed period, dated the first open day"


def _held(invoice: Invoice, code: str, reason: str, remedy: str) -> Held:
    return Held(
        kind="order",
        order_id=invoice.order_id,
        order_number=invoice.order_number,
        amount_ore=invoice.total_ore,
        code=code,
        reason=reason,
        remedy=remedy,
        day=invoice.accounting_day,
    )
