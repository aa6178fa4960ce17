"""The money of the booked documents: registered, on the right account, nothing left open. Pure.

Lists of payments show no voucher, lists of vouchers no amount (rules of the books 29): the voucher
of a payment is found by its reference number, its amounts in SIE 4.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fortnox.core.currency import to_sek_ore
from fortnox.core.documents import Invoice, ListedInvoice, ListedPayment, Payment
from fortnox.core.money import format_ore
from fortnox.core.reconcile_ledger import (
    AccountSum,
    Amounts,
    BaseAccounts,
    LedgerFinding,
    LedgerLevel,
)

#: ``ReferenceNumber`` of the INVOICEPAYMENT vouchers -> their keys in :data:`Amounts`. Whether that
#: number is the payment's or its invoice's is not documented, so both are tried.
VoucherLinks = Mapping[str, Sequence[tuple[int, str, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLevel:
    """What the payments should have posted, what they did, and what is wrong."""

    expected_ore: Mapping[int, int]
    ledger_ore: Mapping[int, int]
    findings: tuple[LedgerFinding, ...]
    #: Document number -> what the voucher of its payment holds.
    vouchers: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


def reconcile_payments(
    pairs: Iterable[tuple[Invoice, ListedInvoice]],
    payments: Mapping[str, Sequence[ListedPayment]],
    links: VoucherLinks,
    amounts: Amounts,
    *,
    base: BaseAccounts,
) -> PaymentLevel:
    """Compare each booked document's payment with what the shop got.

    A duplicate of a paid document is open, of course: that it is one is told where orders are.

    Args:
        pairs: Wanted document and the booked one that carries it; those without payment are passed
            over.
        payments: By invoice number.
        links: Vouchers by reference number.
        amounts: What the vouchers hold.
        base: The company's receivable and rounding accounts.
    """
    expected: Counter[int] = Counter()
    ledger: Counter[int] = Counter()
    findings: list[LedgerFinding] = []
    vouchers: dict[str, Mapping[int, int]] = {}
    pairs = list(pairs)
    times = Counter(invoice.reference for invoice, _ in pairs)
    for invoice, document in pairs:
        if invoice.payment is None or not invoice.payment.bookkeep:
            continue
        if document.balance_ore and times[invoice.reference] > 1:
            continue
        if document.balance_ore:
            findings.append(still_open(invoice, document))
            continue
        own = own_payment(invoice, invoice.payment, payments.get(document.document_number, ()))
        if own is None:
            continue
        wanted = _expected(invoice.payment, own, document, base)
        found = _voucher(own, links, amounts, wanted.get(base.receivable, 0), base)
        if found is None:
            findings.append(_no_voucher(invoice, document, own))
            continue
        expected.update(wanted)
        ledger.update(found)
        vouchers[document.document_number] = found
        if invoice.payment.account is not None and found != wanted:
            findings.append(_elsewhere(invoice, document, own, wanted, found))
    return PaymentLevel(
        expected_ore=expected, ledger_ore=ledger, findings=tuple(findings), vouchers=vouchers
    )


def with_payments(level: LedgerLevel, payments: PaymentLevel) -> LedgerLevel:
    """The ledger level of documents and their payments together."""
    sums = {row.account: (row.expected_ore, row.ledger_ore) for row in level.accounts}
    for account in payments.expected_ore.keys() | payments.ledger_ore.keys():
        expected_ore, ledger_ore = sums.get(account, (0, 0))
        sums[account] = (
            expected_ore + payments.expected_ore.get(account, 0),
            ledger_ore + payments.ledger_ore.get(account, 0),
        )
    accounts = tuple(
        AccountSum(account=account, expected_ore=sums[account][0], ledger_ore=sums[account][1])
        for account in sorted(sums)
    )
    return replace(
        level,
        accounts=accounts,
        findings=(*level.findings, *payments.findings),
        payments=payments.vouchers,
    )


def own_payment(
    invoice: Invoice, payment: Payment, found: Sequence[ListedPayment]
) -> ListedPayment | None:
    """The booked payment of ours; None when the money came another way (a bank file)."""
    wanted = replace(payment, paid_on=max(payment.paid_on, invoice.invoice_date))
    return next((one for one in found if one.booked and one.is_of(wanted)), None)


def _expected(
    payment: Payment, own: ListedPayment, document: ListedInvoice, base: BaseAccounts
) -> dict[int, int]:
    """In SEK: the claim at the invoice's rate, the money at the payment's, exchange in between."""
    rate, rounding_ore = own.currency_rate, document.total_ore - payment.amount_ore
    amounts: Counter[int] = Counter()
    amounts[payment.account or 0] += to_sek_ore(payment.amount_ore, rate)
    amounts[base.round_off] += to_sek_ore(rounding_ore, rate)
    amounts[base.receivable] -= to_sek_ore(document.total_ore, document.currency_rate)
    exchange_ore = -sum(amounts.values())
    amounts[base.currency_loss if exchange_ore > 0 else base.currency_win] += exchange_ore
    return {account: ore for account, ore in amounts.items() if ore}


def _voucher(
    own: ListedPayment, links: VoucherLinks, amounts: Amounts, claim_ore: int, base: BaseAccounts
) -> dict[int, int] | None:
    for reference in (own.number, own.invoice_number):
        for key in links.get(reference, ()):
            found = amounts.get(key, {})
            if found.get(base.receivable, 0) == claim_ore:
                return {account: ore for account, ore in found.items() if ore}
    return None


def still_open(invoice: Invoice, document: ListedInvoice) -> LedgerFinding:
    """The shop has the money, Fortnox has not been told."""
    return LedgerFinding(
        invoice=invoice,
        document=document,
        difference_ore=document.balance_ore,
        cause=f"the shop has the money, but {format_ore(document.balance_ore)} of invoice "
        f"{document.document_number} is open in Fortnox",
    )


def _no_voucher(invoice: Invoice, document: ListedInvoice, own: ListedPayment) -> LedgerFinding:
    return LedgerFinding(
        invoice=invoice,
        document=document,
        difference_ore=own.amount_ore,
        cause=f"the voucher of payment {own.number} of invoice {document.document_number} is not "
        "in the ledger with that amount",
    )


def _elsewhere(
    invoice: Invoice,
    document: ListedInvoice,
    own: ListedPayment,
    wanted: Mapping[int, int],
    found: Mapping[int, int],
) -> LedgerFinding:
    wrong = [
        f"account {account} by {format_ore(found.get(account, 0) - wanted.get(account, 0))}"
        for account in sorted(wanted.keys() | found.keys())
        if found.get(account, 0) != wanted.get(account, 0)
    ]
    return LedgerFinding(
        invoice=invoice,
        document=document,
        difference_ore=own.amount_ore,
        cause=f"payment {own.number} of invoice {document.document_number} is posted otherwise: "
        + ", ".join(wrong),
    )
