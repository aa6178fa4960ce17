"""The hash of what is booked, by which an edited sale is told from an unchanged one. Pure."""

from collections.abc import Iterable
from datetime import date

from fortnox.core.documents import CustomerWish, InvoiceRow, VatRate
from fortnox.core.references import content_hash


def invoice_hash(
    rows: Iterable[InvoiceRow], customer: CustomerWish, *, day: date, currency: str
) -> str:
    """Hash of what is booked (rule 2): amounts, accounts, VAT, date, buyer kind; no texts.

    The accounting day counts, not the invoice date: a period that closes later must not make an
    unchanged sale look edited. Rows are summed per account and rate, so that their order and
    split do not matter.
    """
    sums: dict[tuple[int, VatRate], list[int]] = {}
    for row in rows:
        entry = sums.setdefault((row.account_number, row.vat.rate), [0, 0])
        entry[0] += row.total_ore
        entry[1] += row.shop_vat_ore
    in_order = sorted(sums, key=lambda key: (key[0], key[1].rate_pct, key[1].country))
    return content_hash(
        {
            "rows": [
                [account, _hashed_rate(rate), *sums[account, rate]] for account, rate in in_order
            ],
            "day": day.isoformat(),
            "currency": currency,
            "vat_type": customer.vat_type.value,
            "company": customer.is_company,
        }
    )


def _hashed_rate(rate: VatRate) -> int | str:
    """A number for Swedish rates and for none, as ever: what is booked must not look edited."""
    return str(rate) if rate.country not in ("", "SE") else int(rate.rate_pct)
