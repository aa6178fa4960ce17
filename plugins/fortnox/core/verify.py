"""Is what Fortnox answered what we wanted? Compared before bookkeeping (rules of the books 19).

What wins among a row's account, the article's and the customer's VATType is not documented, and
Fortnox rounds VAT by a rule that nobody has written down: so every figure is read back.
"""

from collections import Counter
from collections.abc import Iterator

from fortnox.core.documents import FortnoxInvoice, Invoice, VatRate
from fortnox.core.money import format_ore
from fortnox.core.row_vat import sent_rows

#: Whole-krona rounding moves at most half a krona.
ROUND_OFF_LIMIT_ORE = 50


def mismatches(wanted: Invoice, customer_number: str, answer: FortnoxInvoice) -> list[str]:
    """What differs, a sentence each; empty means: may be bookkept."""
    return [
        *_head(wanted, customer_number, answer),
        *_total(wanted, answer),
        *_rows(wanted, answer),
        *_vat(wanted, answer),
    ]


def _head(wanted: Invoice, customer_number: str, answer: FortnoxInvoice) -> Iterator[str]:
    pairs = (
        ("ExternalInvoiceReference1", wanted.reference, answer.reference),
        ("ExternalInvoiceReference2", wanted.day_reference, answer.day_reference),
        ("InvoiceDate", wanted.invoice_date.isoformat(), answer.invoice_date.isoformat()),
        ("InvoiceType", wanted.invoice_type, answer.invoice_type),
        ("Currency", wanted.currency, answer.currency),
        ("CurrencyRate", wanted.currency_rate, answer.currency_rate),
        ("CustomerNumber", customer_number, answer.customer_number),
        ("VATIncluded", True, answer.vat_included),
    )
    for name, expected, found in pairs:
        if expected != found:
            yield f"{name} is {found}, wanted {expected}"
    if answer.cancelled:
        yield "it is cancelled"


def _total(wanted: Invoice, answer: FortnoxInvoice) -> Iterator[str]:
    """RoundOff is what was added to the exact sum, or what was taken from it: nobody knows which.

    So its size must be the distance from the shop's total, in either direction; that the exact sum
    is the shop's is seen by the rows.
    """
    if answer.round_off_ore and wanted.invoice_type == "CASHINVOICE":
        yield f"a cash invoice is paid as it stands; RoundOff is {format_ore(answer.round_off_ore)}"
    elif abs(answer.round_off_ore) > ROUND_OFF_LIMIT_ORE:
        yield f"RoundOff is {format_ore(answer.round_off_ore)}"
    elif abs(answer.total_ore - wanted.total_ore) != abs(answer.round_off_ore):
        yield (
            f"Total is {format_ore(answer.total_ore)} with RoundOff "
            f"{format_ore(answer.round_off_ore)}, the shop's total is "
            f"{format_ore(wanted.total_ore)}"
        )


def _rows(wanted: Invoice, answer: FortnoxInvoice) -> Iterator[str]:
    rows = sent_rows(wanted.rows)
    if len(rows) != len(answer.rows):
        yield f"{len(answer.rows)} rows, wanted {len(rows)}"
        return
    for number, (row, found) in enumerate(zip(rows, answer.rows, strict=True), start=1):
        if found.account_number != row.account_number:
            yield f"row {number}: account {found.account_number}, wanted {row.account_number}"
        if row.vat.code:
            # The percent beside a code is a whole number; that the VAT is right is seen below.
            if found.vat_code != row.vat.code:
                yield f"row {number}: VATCode {found.vat_code or 'none'}, wanted {row.vat.code}"
        elif found.vat_pct != row.vat.rate.rate_pct:
            yield f"row {number}: VAT {found.vat_pct} %, wanted {row.vat.rate.rate_pct} %"
        if found.total_ore != row.total_ore:
            yield (
                f"row {number}: {format_ore(found.total_ore)}, wanted {format_ore(row.total_ore)}"
            )


def _vat(wanted: Invoice, answer: FortnoxInvoice) -> Iterator[str]:
    """Per country and rate, over the rows that carry it; split VAT was compared as a row."""
    shop: Counter[VatRate] = Counter()
    found: Counter[VatRate] = Counter()
    rows: Counter[VatRate] = Counter()
    for row, answered in zip(sent_rows(wanted.rows), answer.rows, strict=False):
        shop[row.vat.rate] += row.shop_vat_ore
        found[row.vat.rate] += answered.total_ore - answered.total_excl_vat_ore
        rows[row.vat.rate] += 1
    for rate, shop_ore in sorted(shop.items()):
        if abs(found[rate] - shop_ore) > rows[rate]:
            yield (
                f"VAT at {rate} is {format_ore(found[rate])}, the shop's is {format_ore(shop_ore)}"
            )
