"""Levels two and three of the proof for a company on the cash method (rules of the books 18). Pure.

Its invoices have no voucher: their payments post the sale. So what the payments of a paid invoice
posted together is held against the invoice, with the money where its claim would be. What is not
paid, or in part only, is in the proof by its gross.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fortnox.core.currency import to_sek_ore
from fortnox.core.documents import Invoice, ListedInvoice, ListedPayment, VatRate
from fortnox.core.reconcile_ledger import (
    AccountSum,
    Amounts,
    BaseAccounts,
    LedgerLevel,
    VatRow,
    expected_amounts,
    reconcile_ledger,
    swedish_first,
)
from fortnox.core.reconcile_payments import VoucherLinks, own_payment, still_open

_Key = tuple[int, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the proof has read beside the documents."""

    payments: Mapping[str, Sequence[ListedPayment]]
    links: VoucherLinks
    amounts: Amounts
    base: BaseAccounts


@dataclass(frozen=True, slots=True, kw_only=True)
class _PaidSale:
    """A paid invoice, what its payments posted together, and the account of the money."""

    invoice: Invoice
    document: ListedInvoice
    posted: Mapping[int, int]
    money_account: int


def reconcile_cash(
    pairs: Iterable[tuple[Invoice, ListedInvoice]],
    payments: Mapping[str, Sequence[ListedPayment]],
    links: VoucherLinks,
    amounts: Amounts,
    *,
    base: BaseAccounts,
) -> LedgerLevel:
    """Compare what each invoice's payments posted with its order.

    Args:
        pairs: Wanted invoice and the document that is sent, same content hash.
        payments: By invoice number.
        links: Vouchers by reference number.
        amounts: What the vouchers hold.
        base: The company's rounding account.
    """
    paired = list(pairs)
    read = _Read(payments=payments, links=links, amounts=amounts, base=base)
    sales = [
        _paid_sale(invoice, document, read)
        for invoice, document in paired
        if document.balance_ore == 0
    ]
    levels = [
        reconcile_ledger(
            [(sale.invoice, sale.document) for sale in sales if sale.money_account == account],
            {_key(sale): sale.posted for sale in sales if sale.posted},
            base=replace(base, receivable=account),
        )
        for account in sorted({sale.money_account for sale in sales})
    ]
    findings = tuple(
        still_open(invoice, document)
        for invoice, document in paired
        if document.balance_ore and invoice.payment is not None and invoice.payment.bookkeep
    )
    level = merged_levels(levels)
    return replace(level, findings=(*level.findings, *findings))


def _key(sale: _PaidSale) -> _Key:
    document = sale.document
    return document.voucher_year or 0, document.voucher_series, document.voucher_number or 0


def _paid_sale(invoice: Invoice, document: ListedInvoice, read: _Read) -> _PaidSale:
    """The sale under its last payment's voucher; one without any voucher is a finding."""
    booked = [one for one in read.payments.get(document.document_number, ()) if one.booked]
    keys = [key for one in booked for key in _vouchers(one, read)]
    posted: Counter[int] = Counter()
    for key in dict.fromkeys(keys):
        posted.update(read.amounts[key])
    year, series, number = keys[-1] if keys else (0, "", 0)
    # The sale is made at the payment's rate: there is no exchange difference.
    rate = booked[-1].currency_rate if booked else document.currency_rate
    named = replace(
        document,
        voucher_year=year,
        voucher_series=series,
        voucher_number=number,
        currency_rate=rate,
    )
    own = own_payment(invoice, invoice.payment, booked) if invoice.payment else None
    account = invoice.payment.account if own and invoice.payment else None
    return _PaidSale(
        invoice=invoice,
        document=named,
        posted={account: ore for account, ore in posted.items() if ore},
        money_account=account or _money_account(invoice, posted, rate, read.base),
    )


def _vouchers(payment: ListedPayment, read: _Read) -> Iterator[_Key]:
    """The payment's voucher: it has that number, or its invoice's, and moves that much money."""
    sek_ore = to_sek_ore(payment.amount_ore, payment.currency_rate)
    for reference in (payment.number, payment.invoice_number):
        keys = read.links.get(reference, ())
        found = [key for key in keys if sek_ore in read.amounts.get(key, {}).values()]
        if found:
            yield from found
            return


def _money_account(
    invoice: Invoice, posted: Mapping[int, int], rate: Decimal, base: BaseAccounts
) -> int:
    """Where most of the money went that a person registered: none of the sale's own accounts."""
    own = expected_amounts(invoice, base, rate).keys() | {base.round_off}
    others = {account: abs(ore) for account, ore in posted.items() if account not in own}
    return max(others, key=lambda account: (others[account], -account), default=base.receivable)


def merged_levels(levels: Iterable[LedgerLevel]) -> LedgerLevel:
    """Several levels, over different documents, as one."""
    shop_vat: Counter[VatRate] = Counter()
    ledger_vat: Counter[VatRate] = Counter()
    expected: Counter[int] = Counter()
    found: Counter[int] = Counter()
    parts = list(levels)
    for level in parts:
        shop_vat.update({row.rate: row.shop_ore for row in level.vat})
        ledger_vat.update({row.rate: row.ledger_ore for row in level.vat})
        expected.update({row.account: row.expected_ore for row in level.accounts})
        found.update({row.account: row.ledger_ore for row in level.accounts})
    return LedgerLevel(
        vat=tuple(
            VatRow(rate=rate, shop_ore=shop_vat[rate], ledger_ore=ledger_vat[rate])
            for rate in sorted(shop_vat, key=swedish_first)
        ),
        accounts=tuple(
            AccountSum(account=a, expected_ore=expected[a], ledger_ore=found[a])
            for a in sorted(expected.keys() | found.keys())
        ),
        findings=tuple(finding for level in parts for finding in level.findings),
        gross_ore={number: ore for level in parts for number, ore in level.gross_ore.items()},
        vouchers={number: rows for level in parts for number, rows in level.vouchers.items()},
        payments={number: rows for level in parts for number, rows in level.payments.items()},
    )
