"""What tells an invoice, an order and an offer apart; everything else about them is shared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from fortnox.sandbox.fortnox.errors import Kind as Refusal
from fortnox.sandbox.fortnox.fields import Fields
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json

#: How a document was calculated; kept with it, so that a switch thrown later changes nothing.
RULES = "_rules"
#: What is left of a booked invoice's receivable in SEK, öre: kept, never shown.
CLAIM = "_claim_ore"
#: Names of the lists of rows.
ROWS = ("InvoiceRows", "OrderRows", "OfferRows")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of document.

    Attributes:
        path: Path, table and ``Location`` of the documents.
        single: Envelope and prefix of the rows' name, such as ``Invoice``.
        plural: Envelope of a list.
        scope: What a token must cover.
        not_found: Refusal of an unknown number.
        fields: Writable header fields.
        parts: Writable fields of the objects inside the header.
        row_fields: Writable row fields.
        row_keys: Fields of a row in an answer, in their order.
        counted: The row field that is multiplied with the price.
        defaults: A new document before customer and request, in the wire's key order.
        email: The customer's address for it, before the general one.
        needs_rows: True where a PUT of no rows is refused (seen live on offers only).
        is_ledger_document: True for what will be booked: its date needs an open financial year.
    """

    path: str
    single: str
    plural: str
    scope: str
    not_found: Refusal
    fields: Fields
    parts: Mapping[str, Fields]
    row_fields: Fields
    row_keys: tuple[str, ...]
    counted: str
    defaults: Callable[[Store], Json] = field(repr=False)
    email: str
    is_ledger_document: bool = False
    needs_rows: bool = False

    @property
    def rows(self) -> str:
        """Name of the list of rows."""
        return f"{self.single}Rows"

    @property
    def day(self) -> str:
        """Name of the document's date."""
        return f"{self.single}Date"


def documents(store: Store) -> Iterator[Json]:
    """All invoices, orders and offers."""
    for table in ("invoices", "orders", "offers"):
        yield from store.table(table).values()
