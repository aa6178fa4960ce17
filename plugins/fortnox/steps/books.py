"""What the proof reads of a company's books beside documents: accounts, payments, voucher links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from fortnox.api.payments import earliest_day, payments_since
from fortnox.api.reader import Reader
from fortnox.api.snapshot import financial_years
from fortnox.core.documents import Invoice, ListedInvoice, ListedPayment
from fortnox.core.reconcile_ledger import BaseAccounts

_PAYMENT_VOUCHER = "INVOICEPAYMENT"
_CASH_ACCOUNTS = {"CASH": "CASH", "CARD": "CASHBYCARD", "AG": "AG"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBooks:
    """Payments by invoice number, and their vouchers by reference number."""

    payments: Mapping[str, Sequence[ListedPayment]] = field(default_factory=dict)
    links: Mapping[str, Sequence[tuple[int, str, int]]] = field(default_factory=dict)

    @property
    def voucher_keys(self) -> list[tuple[int, str, int]]:
        """All vouchers that the ledger must show."""
        return [key for keys in self.links.values() for key in keys]


def base_accounts(client: Reader) -> BaseAccounts:
    """The company's predefined accounts for claims, cash and rounding."""
    accounts = {
        item["Name"]: int(item["Account"])
        for item in client.list("predefinedaccounts", "PreDefinedAccounts")
        if item.get("Account")
    }
    default = BaseAccounts()
    return BaseAccounts(
        receivable=accounts.get("CUSTCLAIM", default.receivable),
        round_off=accounts.get("ROUNDOFF", default.round_off),
        currency_win=accounts.get("CURRENCYWIN", default.currency_win),
        currency_loss=accounts.get("CURRENCYLOSS", default.currency_loss),
        cash={way: accounts.get(name, default.cash[way]) for way, name in _CASH_ACCOUNTS.items()},
    )


def read_payments(client: Reader, pairs: Iterable[tuple[Invoice, ListedInvoice]]) -> PaidBooks:
    """The payments of documents that should have one, and the vouchers of those days."""
    wanted = {
        doc.document_number: invoice
        for invoice, doc in pairs
        if invoice.payment or (invoice.posted_when_paid and doc.is_in_ledger)
    }
    if not wanted:
        return PaidBooks()
    since = payments_since(client, earliest_day(wanted.values()))
    payments = {number: since[number] for number in wanted if number in since}
    booked = [one for found in payments.values() for one in found if one.booked]
    if not booked:
        return PaidBooks(payments=payments)
    references = {one.number for one in booked} | {one.invoice_number for one in booked}
    days = [one.paid_on for one in booked]
    return PaidBooks(
        payments=payments, links=_voucher_links(client, min(days), max(days), references)
    )


def _voucher_links(
    client: Reader, first: date, last: date, references: set[str]
) -> dict[str, list[tuple[int, str, int]]]:
    links: dict[str, list[tuple[int, str, int]]] = {}
    for year in financial_years(client):
        start, end = max(first, year.from_date), min(last, year.to_date)
        if start > end:
            continue
        listed = client.list(
            "vouchers",
            "Vouchers",
            financialyear=year.year_id,
            fromdate=start.isoformat(),
            todate=end.isoformat(),
        )
        for item in listed:
            reference = str(item.get("ReferenceNumber") or "")
            if item.get("ReferenceType") == _PAYMENT_VOUCHER and reference in references:
                key = (int(item["Year"]), str(item["VoucherSeries"]), int(item["VoucherNumber"]))
                links.setdefault(reference, []).append(key)
    return links
