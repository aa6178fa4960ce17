"""What the plan is made of: what Fortnox has, and what may happen to one document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from fortnox.core.booked import BookedInvoice
from fortnox.core.currency import Currency
from fortnox.core.customer_match import CustomerChoice, CustomerIndex
from fortnox.core.documents import DocumentKind, Invoice, ListedInvoice, ListedPayment
from fortnox.core.foreign_postings import Elsewhere


class ActionKind(StrEnum):
    """What happens to one wanted document."""

    CREATE = "create"
    #: It stands unbooked in Fortnox (a crash, or a late answer): verify it, then bookkeep.
    BOOK = "book"
    UNCHANGED = "unchanged"
    #: It is booked, and the shop has the money: register the payment.
    PAY = "pay"
    #: It is done but for being marked as sent.
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One decision. ``document_number`` is set when the document exists already.

    ``redate``: the period of the existing draft closed meanwhile, so it gets the invoice's date
    before it is bookkept (rule 17). ``rewrite``: the order was edited while its draft stood
    unbooked, so the draft gets everything anew. ``credits_number``: the invoice that a credit
    invoice credits; empty when that one is made in the same run, or was another system's.
    ``order_number``: the order that a new invoice is made from (``rewrite`` is then about that
    order); empty when the order is made in the same run.
    """

    kind: ActionKind
    invoice: Invoice
    reason: str
    document_number: str = ""
    customer: CustomerChoice | None = None
    redate: bool = False
    rewrite: bool = False
    credits_number: str = ""
    order_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialYear:
    """A financial year of the company; ``year_id`` is Fortnox's Id."""

    year_id: int
    from_date: date
    to_date: date
    #: Kontantmetoden: bookings happen at payment, so a bookkept invoice would be wrong (rule 18).
    cash_method: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unposted:
    """Orders or offers by reference; ``booked`` of one says that it is invoiced, so locked."""

    documents: Mapping[str, tuple[ListedInvoice, ...]] = field(default_factory=dict)
    filter_proven: bool = True


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
    #: By code; read only when something was sold in another currency than SEK.
    currencies: Mapping[str, Currency] = field(default_factory=dict)
    #: By invoice number, of wanted documents that are booked and unpaid.
    payments: Mapping[str, tuple[ListedPayment, ...]] = field(default_factory=dict)
    #: What others booked of the sales that are missing; looked for by the plan.
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    #: By invoice number: booked invoices that may have to be credited whole.
    booked: Mapping[str, BookedInvoice] = field(default_factory=dict)
    orders: Unposted = field(default_factory=Unposted)
    offers: Unposted = field(default_factory=Unposted)

    def unposted(self, document: DocumentKind) -> Unposted:
        """The orders or the offers; nothing for invoices."""
        return {"order": self.orders, "offer": self.offers}.get(document, Unposted())
