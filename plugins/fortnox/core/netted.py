"""Versions of a sale set off against the credit invoices that take them back. Pure.

What the shop says of an order is compared with the one version that stands; a version and its
credit are nothing together, which is itself proven: by their totals, and account by account. So
are a duplicate and the credit that a person made of it in Fortnox.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from fortnox.core.documents import ListedInvoice
from fortnox.core.money import format_ore
from fortnox.core.reconcile import without_foreign_credits
from fortnox.core.reconcile_ledger import Amounts, voucher_key
from fortnox.core.reconciled import OrderRow, State
from fortnox.core.references import (
    correction_reference,
    is_credit,
    is_refund,
    order_of,
    sale_of,
    version_of,
)
from fortnox.core.surplus import credited_duplicates


@dataclass(frozen=True, slots=True, kw_only=True)
class Netted:
    """Documents without versions that are taken back.

    Attributes:
        standing: A later version stands under its sale's reference, so that the two compare.
        taken_back: Each booked version, or duplicate, with its booked credit invoice.
        by_hand: Further credits that somebody made in Fortnox, which copies references.
    """

    standing: tuple[ListedInvoice, ...]
    taken_back: tuple[tuple[ListedInvoice, ListedInvoice], ...]
    by_hand: tuple[ListedInvoice, ...] = ()


def net_versions(documents: Iterable[ListedInvoice]) -> Netted:
    """Pair each version with its credit invoice.

    A credit invoice that is not booked yet takes nothing back; one without its version, or of
    another amount, stays in sight beside what stands.
    """
    everything, taken_back = _without_credited_duplicates(documents)
    living = without_foreign_credits(everything)
    made = {one.reference: one for one in living if _is_correction(one) and one.booked}
    standing: list[ListedInvoice] = []
    for document in living:
        if _is_correction(document):
            continue
        sale, number = sale_of(document.reference), version_of(document.reference)
        credit = made.get(correction_reference(sale, number))
        if credit and document.booked and document.total_ore + credit.total_ore == 0:
            taken_back.append((document, made.pop(credit.reference)))
        else:
            standing.append(replace(document, reference=sale))
    standing += [replace(one, reference=sale_of(one.reference)) for one in made.values()]
    return Netted(
        standing=tuple(standing),
        taken_back=tuple(taken_back),
        by_hand=tuple(one for one in everything if one not in living),
    )


def _without_credited_duplicates(
    documents: Iterable[ListedInvoice],
) -> tuple[list[ListedInvoice], list[tuple[ListedInvoice, ListedInvoice]]]:
    """What lives otherwise, and each duplicate that somebody credited with its credit."""
    living: dict[str, dict[str, ListedInvoice]] = {}
    for document in documents:
        if not document.cancelled:
            living.setdefault(document.reference, {})[document.document_number] = document
    left: list[ListedInvoice] = []
    pairs: list[tuple[ListedInvoice, ListedInvoice]] = []
    for found in living.values():
        credited = credited_duplicates(tuple(found.values()))
        pairs += credited
        gone = {one.document_number for pair in credited for one in pair}
        left += [one for number, one in found.items() if number not in gone]
    return left, pairs


def _is_correction(document: ListedInvoice) -> bool:
    return is_credit(document.reference) and not is_refund(document.reference)


def voucher_keys(netted: Netted) -> list[tuple[int, str, int]]:
    """Where the vouchers of what was taken back stand in the ledger."""
    documents = [document for pair in netted.taken_back for document in pair]
    return [key for document in documents if (key := voucher_key(document)) is not None]


def correction_rows(netted: Netted, amounts: Amounts, key: str) -> list[OrderRow]:
    """A row for each version and credit that are not nothing together, account by account.

    Args:
        netted: The pairs.
        amounts: What their vouchers hold, from SIE 4.
        key: ``reference_key`` of the shop.
    """
    rows: list[OrderRow] = []
    for document, credit in netted.taken_back:
        rest: Counter[int] = Counter()
        for one in (document, credit):
            place = voucher_key(one)
            rest.update(amounts.get(place, {}) if place else {})
        wrong = {account: ore for account, ore in sorted(rest.items()) if ore}
        if wrong:
            rows.append(_row(document, credit, wrong, key))
    return rows


def _row(
    document: ListedInvoice, credit: ListedInvoice, wrong: dict[int, int], key: str
) -> OrderRow:
    order_id = order_of(key, credit.reference) or ""
    shown = ", ".join(f"account {account} by {format_ore(ore)}" for account, ore in wrong.items())
    return OrderRow(
        reference=credit.reference,
        order_id=order_id,
        order_number=order_id,
        state=State.DIFFERS,
        shop_ore=0,
        document=credit,
        document_ore=0,
        difference_ore=max(wrong.values(), key=abs),
        reason=f"credit invoice {credit.document_number} does not take invoice "
        f"{document.document_number} back: {shown}",
        remedy="Correct the two vouchers in Fortnox.",
        currency=credit.currency,
    )
