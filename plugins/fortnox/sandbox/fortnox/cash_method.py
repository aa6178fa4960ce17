"""Kontantmetoden: an invoice has no voucher, its payments post the sale and its VAT.

What of an invoice is paid, is sold: a part payment posts its part of every account, and the last
one what is left, so that the payments together are the invoice to the öre. At the year's end
Fortnox posts nothing by itself: what is unpaid then is the accountant's to book (BFL 5 kap. 2 §).
"""

from collections import defaultdict
from decimal import Decimal

from fortnox.sandbox.fortnox.documents import half_up
from fortnox.sandbox.fortnox.invoice_bookkeep import postings
from fortnox.sandbox.fortnox.ledger import Posting
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json, to_ore


def is_posted_when_paid(invoice: Json) -> bool:
    """A cash invoice is paid when it is bookkept, so it is posted then under both methods."""
    return bool(invoice["AccountingMethod"] == "CASH" and invoice["InvoiceType"] != "CASHINVOICE")


def is_payable(store: Store, invoice: Json) -> bool:
    """Whether it takes payments although it has no voucher."""
    if not is_posted_when_paid(invoice):
        return bool(invoice["Booked"])
    return bool(invoice["Sent"] or invoice["Booked"] or store.switches.cash_payable == "created")


def is_partly_paid(invoice: Json) -> bool:
    """Whether the sale, or a part of it, is in the ledger."""
    return is_posted_when_paid(invoice) and to_ore(invoice["Balance"]) != to_ore(invoice["Total"])


def sale_postings(store: Store, invoice: Json, *, settled_ore: int, day: str) -> list[Posting]:
    """What a payment that settles so much posts of sales, VAT and rounding, in SEK.

    Args:
        store: The company.
        invoice: Before the payment.
        settled_ore: In the invoice's currency; the payment and what it writes off.
        day: The payment's, whose chart of accounts counts.
    """
    total_ore = to_ore(invoice["Total"])
    before_ore = total_ore - to_ore(invoice["Balance"])
    whole = postings(store, invoice, day=day)[1:]
    shares = [
        _until(row.ore, before_ore + settled_ore, total_ore)
        - _until(row.ore, before_ore, total_ore)
        for row in whole
    ]
    return [row._replace(ore=ore) for row, ore in zip(whole, shares, strict=True)]


def _until(ore: int, settled_ore: int, total_ore: int) -> int:
    """What is posted of an amount once so much of the total is settled."""
    return half_up(Decimal(ore) * settled_ore / total_ore)


def with_rest_on_largest(rows: list[Posting]) -> list[Posting]:
    """Balanced: what rounding, or another rate than the invoice's, leaves goes to the largest sale.

    The first row is the money. Under the cash method the sale is made at the payment's rate, so
    there is no exchange difference.
    """
    sums: dict[int, int] = defaultdict(int)
    for row in rows[1:]:
        sums[row.account] += row.ore
    rest = sum(row.ore for row in rows)
    if not rest or not sums:
        return rows
    largest = max(sums, key=lambda account: (abs(sums[account]), -account))
    number = next(n for n, row in enumerate(rows) if n and row.account == largest)
    rows[number] = rows[number]._replace(ore=rows[number].ore - rest)
    return rows
