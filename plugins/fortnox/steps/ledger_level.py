"""Levels two and three of a day's proof: its documents' vouchers, and those of their payments."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from fortnox.api.client import FortnoxClient
from fortnox.api.snapshot import financial_years
from fortnox.core.documents import Invoice
from fortnox.core.netted import Netted, correction_rows, voucher_keys
from fortnox.core.open_dates import by_method
from fortnox.core.orders import OrderHead
from fortnox.core.reconcile_cash import merged_levels, reconcile_cash
from fortnox.core.reconcile_ledger import (
    BaseAccounts,
    LedgerLevel,
    reconcile_ledger,
    voucher_key,
)
from fortnox.core.reconcile_payments import reconcile_payments, with_payments
from fortnox.core.reconciled import OrderRow
from fortnox.core.window import WindowKind
from fortnox.core.year_end import year_end_notes
from fortnox.steps.books import base_accounts, read_payments
from fortnox.steps.ledger import ledger_amounts
from fortnox.steps.run import Run


def invoices_by_method(
    client: FortnoxClient, run: Run, invoices: dict[str, Invoice]
) -> dict[str, Invoice]:
    """The wanted documents as their year's accounting method has them (rule 18)."""
    if run.shop.cash_method != "tested":
        return invoices
    years = financial_years(client)
    return {
        reference: by_method(invoice, years, run.shop) for reference, invoice in invoices.items()
    }


def notes_of_the_year(client: FortnoxClient, run: Run, heads: Sequence[OrderHead]) -> list[str]:
    """What the last day of a financial year must say; years end with a month."""
    day = run.window.day
    if day is None or (day + timedelta(days=1)).day != 1:
        return []
    years = financial_years(client)
    return list(year_end_notes(heads, years, day, shop=run.shop, mappings=run.mappings))


def ledger_level(
    client: FortnoxClient,
    run: Run,
    invoices: Mapping[str, Invoice],
    netted: Netted,
) -> tuple[LedgerLevel | None, dict[int, str], BaseAccounts, list[OrderRow]]:
    """The level, the accounts' names, the company's own accounts, and corrections that are uneven.

    For days only: hourly runs check their documents, not the ledger.
    """
    if run.window.kind is not WindowKind.ACCOUNTING_DAY:
        return None, {}, BaseAccounts(), []
    pairs = [
        (invoice, document)
        for document in netted.standing
        if not document.cancelled
        and (invoice := invoices.get(document.reference))
        and invoice.document == "invoice"
        and invoice.day_reference == document.day_reference
        and (document.booked or (invoice.posted_when_paid and document.sent))
    ]
    posted = [pair for pair in pairs if not pair[0].posted_when_paid]
    unposted = [pair for pair in pairs if pair[0].posted_when_paid]
    paid = read_payments(client, pairs)
    keys = [key for _, document in posted if (key := voucher_key(document)) is not None]
    keys += voucher_keys(netted)
    conn_id = run.shop.fortnox_conn_id
    amounts, names = ledger_amounts(client, conn_id, [*keys, *paid.voucher_keys])
    base = base_accounts(client) if pairs else BaseAccounts()
    level = with_payments(
        reconcile_ledger(posted, amounts, base=base),
        reconcile_payments(posted, paid.payments, paid.links, amounts, base=base),
    )
    if unposted:
        cash = reconcile_cash(unposted, paid.payments, paid.links, amounts, base=base)
        level = merged_levels([level, cash])
    uneven = correction_rows(netted, amounts, run.shop.reference_key)
    return level, dict(names), base, uneven
