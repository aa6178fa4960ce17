"""Levels two and three of the proof: VAT per rate, and every account of the ledger. Pure.

The expectation comes from the shop's own figures (net and VAT of each line), the finding from the
vouchers in SIE 4. VAT may differ by an öre per row, because shop and Fortnox round at different
places; that is shown as VAT rounding and never hidden in the gross (rules of the books 19). All in
SEK: a document in another currency is converted by the rate that it carries.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from fortnox.core.currency import to_sek_ore
from fortnox.core.documents import Invoice, InvoiceRow, ListedInvoice, VatRate
from fortnox.core.money import format_ore

_HALF_KRONA = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseAccounts:
    """Predefined accounts of the company: CUSTCLAIM, ROUNDOFF, cash and exchange differences."""

    receivable: int = 1510
    round_off: int = 3740
    currency_win: int = 3960
    currency_loss: int = 7960
    #: By ``PaymentWay`` of a cash invoice.
    cash: Mapping[str, int] = field(
        default_factory=lambda: {"CASH": 1910, "CARD": 1930, "AG": 1930}
    )

    def claim(self, invoice: Invoice) -> int:
        """Where what the buyer owes, or has paid in cash, stands."""
        if invoice.invoice_type == "CASHINVOICE":
            return self.cash[invoice.payment_way]
        return self.receivable


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRow:
    """One rate of a country: the shop's VAT and the ledger's, in SEK; they differ by rounding."""

    rate: VatRate
    shop_ore: int
    ledger_ore: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSum:
    """One account over all documents of the window; debit positive."""

    account: int
    expected_ore: int
    ledger_ore: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFinding:
    """A document whose voucher is not what was sold."""

    invoice: Invoice
    document: ListedInvoice
    difference_ore: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLevel:
    """The ledger against the shop, over the documents that are booked and unchanged."""

    vat: tuple[VatRow, ...]
    accounts: tuple[AccountSum, ...]
    findings: tuple[LedgerFinding, ...]
    #: Document number -> gross in SEK without whole-krona rounding, as the ledger has it.
    gross_ore: Mapping[str, int]
    #: Document number -> what its voucher holds: account -> öre, debit positive.
    vouchers: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    #: Document number -> what the voucher of its payment holds.
    payments: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


#: ``(financial year id, series, number) -> {account: öre}``, debit positive.
Amounts = Mapping[tuple[int, str, int], Mapping[int, int]]


def voucher_key(document: ListedInvoice) -> tuple[int, str, int] | None:
    """Where a booked document's voucher stands in :data:`Amounts`; None when it has none."""
    if document.voucher_number is None or document.voucher_year is None:
        return None
    return document.voucher_year, document.voucher_series, document.voucher_number


def reconcile_ledger(
    pairs: Iterable[tuple[Invoice, ListedInvoice]], amounts: Amounts, *, base: BaseAccounts
) -> LedgerLevel:
    """Compare each booked document's voucher with its order, and sum up.

    Args:
        pairs: Wanted invoice and the booked document that carries it, same content hash.
        amounts: What the vouchers hold, from SIE 4.
        base: The company's receivable and rounding accounts.
    """
    expected_sums: Counter[int] = Counter()
    ledger_sums: Counter[int] = Counter()
    shop_vat: Counter[VatRate] = Counter()
    vat_accounts: dict[VatRate, int] = {}
    findings: list[LedgerFinding] = []
    gross: dict[str, int] = {}
    vouchers: dict[str, Mapping[int, int]] = {}
    for invoice, document in pairs:
        expected = expected_amounts(invoice, base, document.currency_rate)
        key = voucher_key(document)
        found = amounts.get(key) if key else None
        shop_vat.update(_sek_vat(invoice, document.currency_rate))
        vat_accounts |= {row.vat.rate: row.vat.account for row in invoice.rows if row.vat.account}
        expected_sums.update(expected)
        if found is None:
            findings.append(_no_voucher(invoice, document))
            continue
        ledger_sums.update(found)
        vouchers[document.document_number] = found
        round_off = expected.get(base.round_off, 0) - found.get(base.round_off, 0)
        gross[document.document_number] = found.get(base.claim(invoice), 0) - round_off
        finding = _compare(invoice, document, expected, found, base=base)
        if finding:
            findings.append(finding)
    return LedgerLevel(
        vat=tuple(_vat_rows(shop_vat, vat_accounts, ledger_sums)),
        accounts=tuple(
            AccountSum(account=a, expected_ore=expected_sums[a], ledger_ore=ledger_sums[a])
            for a in sorted(expected_sums.keys() | ledger_sums.keys())
        ),
        findings=tuple(findings),
        gross_ore=gross,
        vouchers=vouchers,
    )


def expected_amounts(invoice: Invoice, base: BaseAccounts, rate: Decimal) -> dict[int, int]:
    """The postings that a good accountant makes of an invoice, in SEK; debit positive, sum zero.

    Gross and VAT are converted, the net is the difference: what conversion leaves over goes to the
    largest sales account, so that the debt of VAT is exact.

    Args:
        invoice: Amounts in its currency.
        base: The receivable's account.
        rate: SEK for one unit of the currency.
    """
    amounts: Counter[int] = Counter()
    net: Counter[int] = Counter()
    amounts[base.claim(invoice)] += to_sek_ore(invoice.total_ore, rate)
    for row in invoice.rows:
        net[row.account_number] -= row.total_ore - row.shop_vat_ore
    for account, vat_ore in _vat_by_account(invoice.rows).items():
        amounts[account] -= to_sek_ore(vat_ore, rate)
    for account, net_ore in net.items():
        amounts[account] += to_sek_ore(net_ore, rate)
    rest = sum(amounts.values())
    if rest:
        amounts[max(net, key=lambda account: (abs(net[account]), -account))] -= rest
    return dict(amounts)


def _vat_by_account(rows: Iterable[InvoiceRow]) -> Counter[int]:
    sums: Counter[int] = Counter()
    for row in rows:
        if row.shop_vat_ore and row.vat.account is not None:
            sums[row.vat.account] += row.shop_vat_ore
    return sums


def _sek_vat(invoice: Invoice, rate: Decimal) -> dict[VatRate, int]:
    """The shop's VAT per country and rate, converted."""
    by_rate = invoice.shop_vat_by_rate()
    return {vat: to_sek_ore(ore, rate) for vat, ore in by_rate.items() if vat.rate_pct}


def _vat_rows(
    shop_vat: Mapping[VatRate, int], accounts: Mapping[VatRate, int], ledger: Mapping[int, int]
) -> Iterator[VatRow]:
    """Per rate, Sweden's first; rates that share an account share its difference, at the first."""
    difference: Counter[int] = Counter()
    for rate, ore in shop_vat.items():
        difference[accounts[rate]] -= ore
    for account in difference:
        difference[account] -= ledger.get(account, 0)
    for rate in sorted(shop_vat, key=swedish_first):
        ore = shop_vat[rate]
        yield VatRow(rate=rate, shop_ore=ore, ledger_ore=ore + difference.pop(accounts[rate], 0))


def swedish_first(rate: VatRate) -> tuple[bool, str, Decimal]:
    """Sorts rates: Sweden's first, then by country, the highest first."""
    return rate.country != "SE", rate.country, -rate.rate_pct


def _tolerances(invoice: Invoice, rate: Decimal) -> dict[int, int]:
    """What VAT rounding may move per account, in SEK: an öre for each row of its rates, else none.

    In another currency it is a cent, and what conversion rounds away on each account besides.
    """
    taxed = [row for row in invoice.rows if row.vat.account is not None and not row.vat.split]
    rows_of_rate = Counter(row.vat.rate for row in taxed)
    moved = {(row.account_number, row.vat.rate) for row in taxed}
    moved |= {(row.vat.account, row.vat.rate) for row in taxed if row.vat.account is not None}
    tolerances: Counter[int] = Counter()
    for account, vat in moved:
        tolerances[account] += rows_of_rate[vat]
    if rate == 1:
        return dict(tolerances)
    touched = {row.account_number for row in invoice.rows} | set(_vat_by_account(invoice.rows))
    return {account: math.ceil(tolerances[account] * rate) + len(touched) for account in touched}


def _no_voucher(invoice: Invoice, document: ListedInvoice) -> LedgerFinding:
    voucher = f"{document.voucher_series} {document.voucher_number}"
    return LedgerFinding(
        invoice=invoice,
        document=document,
        difference_ore=-to_sek_ore(invoice.total_ore, document.currency_rate),
        cause=f"voucher {voucher} of invoice {document.document_number} is not in the ledger",
    )


def _compare(
    invoice: Invoice,
    document: ListedInvoice,
    expected: Mapping[int, int],
    found: Mapping[int, int],
    *,
    base: BaseAccounts,
) -> LedgerFinding | None:
    if expected == found:
        return None
    rounding = (base.claim(invoice), base.round_off)
    tolerances_ore = _tolerances(invoice, document.currency_rate)
    wrong: list[str] = []
    worst = 0
    for account in sorted((expected.keys() | found.keys()) - set(rounding)):
        difference = found.get(account, 0) - expected.get(account, 0)
        if abs(difference) > tolerances_ore.get(account, 0):
            wrong.append(f"account {account} by {format_ore(difference)}")
            worst = max(worst, abs(difference))
    moved = [found.get(account, 0) - expected.get(account, 0) for account in rounding]
    if abs(moved[0]) > _HALF_KRONA or moved[0] + moved[1] != 0:
        wrong.append(f"receivable and rounding by {format_ore(moved[0] + moved[1])}")
        worst = max(worst, abs(moved[0] + moved[1]), 1)
    if not wrong:
        return None
    voucher = f"{document.voucher_series} {document.voucher_number}"
    return LedgerFinding(
        invoice=invoice,
        document=document,
        difference_ore=worst,
        cause=f"voucher {voucher} differs from the order: {', '.join(wrong)}",
    )
