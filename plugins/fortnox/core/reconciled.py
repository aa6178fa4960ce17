"""What level one of the proof is made of: what was read, what is expected, and what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fortnox.core.currency import BOOKS
from fortnox.core.documents import DocumentKind, Held, Invoice, ListedInvoice
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.orders import OrderHead, Refund
from fortnox.core.window import Window


class State(StrEnum):
    """Where one order stands."""

    BOOKED = "booked"
    UNBOOKED = "unbooked"
    HELD = "held"
    MISSING = "missing"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A sale or a refund of the shop in the window; a refund's amount is negative."""

    reference: str
    order_id: str
    order_number: str
    total_ore: int
    currency: str
    #: What it stands as in Fortnox.
    document: DocumentKind = "invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """A sale or refund and its document; ``difference_ore`` is document minus shop, 0 if held.

    Amounts are in the order's currency; ``booked_sek_ore`` is what the ledger holds of it, None
    when it was not read.
    """

    reference: str
    order_id: str
    order_number: str
    state: State
    shop_ore: int
    document: ListedInvoice | None
    #: Without Fortnox's whole-krona rounding; None when no document counts.
    document_ore: int | None
    difference_ore: int
    reason: str = ""
    remedy: str = ""
    currency: str = BOOKS
    market: str = ""
    booked_sek_ore: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersLevel:
    """All orders due in a window, documents without an order, and how many were not due."""

    rows: tuple[OrderRow, ...]
    not_due: int
    #: Orders that would be due in the window, were it not before the shop's start date.
    before_start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What reconcile has read. ``gross_ore`` per document number comes from the ledger.

    ``refunds`` are those made in the window, each with its order's head (None: the order is gone);
    ``invoices`` the run's wanted documents by reference.
    """

    shop: ShopRow
    mappings: Mappings
    window: Window
    heads: Sequence[OrderHead]
    refunds: Sequence[tuple[Refund, OrderHead | None]] = ()
    documents: Sequence[ListedInvoice]
    #: Orders and offers of the window's references and, of orders, of its day.
    orders: Sequence[ListedInvoice] = ()
    offers: Sequence[ListedInvoice] = ()
    held: Sequence[Held]
    invoices: Mapping[str, Invoice]
    gross_ore: Mapping[str, int]
    #: Why a planned document may be missing, when the run knows it (not approved, apply failed).
    not_carried_out: str = "planned, but not carried out"
    #: References that are planned without an invoice: those of advances.
    planned: frozenset[str] = frozenset()
    #: What stands in a voucher of ours: reference -> (amount in öre, the vouchers' names).
    in_vouchers: Mapping[str, tuple[int, str]] = field(default_factory=dict)
