"""Levels two and three of the proof: VAT per rate, and every account of the ledger. Pure.

The expectation comes from the shop's own figures (net and VAT of each line), the finding from the
vouchers in SIE 4. VAT may differ by an öre per row, because shop and Fortnox round at different
places; that is shown as VAT rounding and never hidden in the gross (rules of the books 19).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from fortnox.core.documents import Invoice, ListedInvoice
from fortnox.core.mapping import AccountRow, Mappings, ShopRow
from fortnox.core.mapping.cells import ANY
from fortnox.core.market import Market
from fortnox.core.money import format_ore

#: BAS accounts of output VAT by rate, when accounts.csv names none.
BAS_VAT_ACCOUNTS = {25: 2611, 12: 2621, 6: 2631}
_HALF_KRONA = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseAccounts:
    """Predefined accounts of the company: CUSTCLAIM, ROUNDOFF, CASH, CASHBYCARD and AG."""

    receivable: int = 1510
    round_off: int = 3740
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
    """One rate: the shop's VAT, the ledger's, and the difference from rounding per row."""

    rate_pct: int
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
    #: Document number -> gross without whole-krona rounding, as the ledger has it.
    gross_ore: Mapping[str, int]


#: ``(financial year id, series, number) -> {account: öre}``, debit positive.
Amounts = Mapping[tuple[int, str, int], Mapping[int, int]]


def voucher_key(document: ListedInvoice) -> tuple[int, str, int] | None:
    """Where a booked document's voucher stands in :data:`Amounts`; None when it has none."""
    if document.voucher_number is None or document.voucher_year is None:
        return None
    return document.voucher_year, document.voucher_series, document.voucher_number


def reconcile_ledger(
    pairs: Iterable[tuple[Invoice, ListedInvoice]],
    amounts: Amounts,
    *,
    base: BaseAccounts,
    vat_accounts: Mapping[int, int],
) -> LedgerLevel:
    """Compare each booked document's voucher with its order, and sum up.

    Args:
        pairs: Wanted invoice and the booked document that carries it, same content hash.
        amounts: What the vouchers hold, from SIE 4.
        base: The company's receivable and rounding accounts.
        vat_accounts: VAT rate in percent -> account.
    """
    expected_sums: Counter[int] = Counter()
    ledger_sums: Counter[int] = Counter()
    shop_vat: Counter[int] = Counter()
    findings: list[LedgerFinding] = []
    gross: dict[str, int] = {}
    for invoice, document in pairs:
        expected = expected_amounts(invoice, base, vat_accounts)
        key = voucher_key(document)
        found = amounts.get(key) if key else None
        shop_vat.update(invoice.shop_vat_by_rate())
        expected_sums.update(expected)
        if found is None:
            findings.append(_no_voucher(invoice, document))
            continue
        ledger_sums.update(found)
        round_off = expected.get(base.round_off, 0) - found.get(base.round_off, 0)
        gross[document.document_number] = found.get(base.claim(invoice), 0) - round_off
        finding = _compare(invoice, document, expected, found, base=base, vat_accounts=vat_accounts)
        if finding:
            findings.append(finding)
    return LedgerLevel(
        vat=tuple(
            VatRow(
                rate_pct=rate,
                shop_ore=ore,
                ledger_ore=-ledger_sums[vat_accounts[rate]] if rate in vat_accounts else 0,
            )
            for rate, ore in sorted(shop_vat.items(), reverse=True)
            if rate
        ),
        accounts=tuple(
            AccountSum(account=a, expected_ore=expected_sums[a], ledger_ore=ledger_sums[a])
            for a in sorted(expected_sums.keys() | ledger_sums.keys())
        ),
        findings=tuple(findings),
        gross_ore=gross,
    )


def expected_amounts(
    invoice: Invoice, base: BaseAccounts, vat_accounts: Mapping[int, int]
) -> dict[int, int]:
    """The postings that a good accountant makes of an invoice; debit positive, sum zero."""
    amounts: Counter[int] = Counter()
    amounts[base.claim(invoice)] += invoice.total_ore
    for row in invoice.rows:
        amounts[row.account_number] -= row.total_ore - row.shop_vat_ore
        if row.shop_vat_ore:
            amounts[vat_accounts[row.vat_pct]] -= row.shop_vat_ore
    return dict(amounts)


def vat_accounts_of(mappings: Mappings, shop: ShopRow) -> dict[int, int]:
    """Swedish VAT rate -> account, from accounts.csv where it says so, else BAS.

    Rows of another country say where that country's VAT goes: Denmark's 25 % is not Sweden's.
    """
    accounts = dict(BAS_VAT_ACCOUNTS)
    domestic = [
        row for row in mappings.rows_of(AccountRow, shop.shop) if row.market in (Market.SE, ANY)
    ]
    for row in sorted(domestic, key=lambda row: _specificity(row, shop)):
        rate = row.vat_rate_pct
        if row.vat_account is not None and rate and rate == rate.to_integral_value():
            accounts[int(rate)] = row.vat_account
    return accounts


def _specificity(row: AccountRow, shop: ShopRow) -> tuple[bool, bool, date]:
    """As the look-ups have it, the most specific last; of two periods the later one."""
    return row.shop == shop.shop, row.market == Market.SE, row.valid_from or date.min


def _tolerances(invoice: Invoice, vat_accounts: Mapping[int, int]) -> dict[int, int]:
    """What VAT rounding may move per account: an öre for each row of its rates, else nothing."""
    rows_of_rate = Counter(row.vat_pct for row in invoice.rows if row.vat_pct)
    moved = {(row.account_number, row.vat_pct) for row in invoice.rows if row.vat_pct}
    moved |= {(vat_accounts[rate], rate) for rate in rows_of_rate if rate in vat_accounts}
    tolerances: Counter[int] = Counter()
    for account, rate in moved:
        tolerances[account] += rows_of_rate[rate]
    return dict(tolerances)


def _no_voucher(invoice: Invoice, document: ListedInvoice) -> LedgerFinding:
    voucher = f"{document.voucher_series} {document.voucher_number}"
    return LedgerFinding(
        invoice=invoice,
        document=document,
        difference_ore=-invoice.total_ore,
        cause=f"voucher {voucher} of invoice {document.document_number} is not in the ledger",
    )


def _compare(
    invoice: Invoice,
    document: ListedInvoice,
    expected: Mapping[int, int],
    found: Mapping[int, int],
    *,
    base: BaseAccounts,
    vat_accounts: Mapping[int, int],
) -> LedgerFinding | None:
    rounding = (base.claim(invoice), base.round_off)
    tolerances_ore = _tolerances(invoice, vat_accounts)
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
