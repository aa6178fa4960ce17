"""Settings about VAT that every report must say aloud, so that no reader takes them for granted."""

from collections.abc import Collection

from fortnox.core.documents import Invoice
from fortnox.core.mapping import ShopRow

_ACCEPTED = {
    "eu": "to EU businesses without proof from VIES",
    "se": "with reverse charge in Sweden",
}


def vat_notes(shop: ShopRow, invoices: Collection[Invoice]) -> list[str]:
    """Sentences for the report's notes."""
    notes = [
        f"Setting accept_shop_zero={word}: sales {_ACCEPTED[word]} are booked without VAT on the "
        "shop's word."
        for word in shop.accept_shop_zero
    ]
    split = sum(any(row.vat.split for row in invoice.rows) for invoice in invoices)
    if split:
        notes.append(
            f"{split} documents carry another country's VAT on rows of their own, for an invoice "
            "row takes no such rate (oss_rows=split)."
        )
    return notes
