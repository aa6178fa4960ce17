"""Own document numbers (rules of the books 27): a repeated POST of a sale is refused as taken.

An option (``document_numbers_from`` in shops.csv), and a help beside the two phases, not in their
place: what Fortnox does with a chosen number is undocumented. Sales only, in their first version;
credit invoices, later versions, orders and what Fortnox makes of orders have its own numbers.
"""

from collections.abc import Iterable

from fortnox.core.checks import Check, Severity
from fortnox.core.documents import ListedInvoice
from fortnox.core.mapping import ShopRow
from fortnox.core.references import order_of

#: Numbers of one shop. A payment names its invoice in 32 bits (Fortnox's OpenAPI document), and
#: 2 000 000 000 and this are below that.
RANGE = 100_000_000


def own_number(shop: ShopRow, order_id: str) -> str:
    """``document_numbers_from`` plus the order's id; empty: Fortnox's own number."""
    first = shop.document_numbers_from
    is_id = order_id.isascii() and order_id.isdecimal() and not order_id.startswith("0")
    if first is None or not is_id or len(order_id) >= len(str(RANGE)):
        return ""
    return str(first + int(order_id))


def number_check(shop: ShopRow, newest: Iterable[ListedInvoice]) -> Check:
    """Whether the company's own series stays below the shop's numbers.

    Args:
        shop: With ``document_numbers_from``.
        newest: The company's invoices with the highest numbers.
    """
    what, first = "own document numbers", shop.document_numbers_from or 0
    others = (int(one.document_number) for one in newest if not _is_chosen(shop, one))
    highest = max(others, default=0)
    if first <= highest < first + RANGE:
        return Check(
            what=what,
            severity=Severity.FATAL,
            seen=f"invoice {highest} has none of our numbers and stands among them (from {first}): "
            "Fortnox's own series goes on from them, or somebody else uses them",
            remedy="leave document_numbers_from empty in shops.csv",
        )
    return Check(what=what, seen=f"the highest other number is {highest}, ours begin at {first}")


def _is_chosen(shop: ShopRow, document: ListedInvoice) -> bool:
    order_id = order_of(shop.reference_key, document.reference)
    return order_id is not None and own_number(shop, order_id) == document.document_number
