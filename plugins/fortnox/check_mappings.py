"""The mapping files against the connected Fortnox, before money moves.

Reads only: accounts and voucher series (:mod:`fortnox.check_accounts`), terms and modes of payment
and delivery, and the articles, customers and suppliers that the rows name.
"""

from collections.abc import Iterator
from datetime import date

from fortnox.api.client import FortnoxClient
from fortnox.api.wire import path_segment
from fortnox.check_accounts import account_errors, mapping_error
from fortnox.core.mapping import (
    CustomerPolicyRow,
    DeliveryMethodRow,
    DocumentTypeRow,
    MappingError,
    Mappings,
    PayoutRow,
    ShopRow,
    SpecialArticleRow,
)
from fortnox.core.mapping.base import MappingRow

#: Rows, their column of codes, and the register with the codes: path and key of its list.
_CODES: tuple[tuple[type[MappingRow], str, str, str], ...] = (
    (DocumentTypeRow, "terms_of_payment", "termsofpayments", "TermsOfPayments"),
    (DocumentTypeRow, "mode_of_payment", "modesofpayments", "ModesOfPayments"),
    (DeliveryMethodRow, "way_of_delivery", "wayofdeliveries", "WayOfDeliveries"),
    (DeliveryMethodRow, "terms_of_delivery", "termsofdeliveries", "TermsOfDeliveries"),
)
_BY_NUMBER = {
    "article": ("articles", "Article"),
    "customer": ("customers", "Customer"),
    "supplier": ("suppliers", "Supplier"),
}
#: Column that names a card -> what it is a card of.
_CARDS = {
    "article_number": "article",
    "shared_customer_number": "customer",
    "supplier_number": "supplier",
}


def check_against_fortnox(
    mappings: Mappings,
    shop: ShopRow,
    client: FortnoxClient,
    *,
    today: date,
) -> list[MappingError]:
    """Check that everything a shop's rows name is there in Fortnox and may be used.

    Args:
        mappings: All valid rows.
        shop: The shop; its own rows and those of ``*`` are checked.
        client: The company that the shop is booked in.
        today: Decides which financial years are looked at.

    Returns:
        All errors, by file and row; empty when all is well.

    Raises:
        FatalError: Fortnox refuses the reading (key, scope, licence).
        UnreachableError: Fortnox does not answer.
    """
    found = [
        *account_errors(mappings, shop, client, today),
        *_code_errors(mappings, shop, client),
        *_article_errors(mappings, shop, client),
        *_customer_errors(mappings, shop, client),
        *_supplier_errors(mappings, shop, client),
    ]
    return sorted(found, key=lambda error: (error.file, error.row))


def _code_errors(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient
) -> Iterator[MappingError]:
    for row_type, column, path, key in _CODES:
        rows = mappings.rows_of(row_type, shop.shop)
        if not any(getattr(row, column) for row in rows):
            continue
        codes = {str(entry["Code"]) for entry in client.list(path, key)}
        for row in rows:
            code = getattr(row, column)
            if code and code not in codes:
                known = f"Fortnox has {', '.join(sorted(codes)) or 'none'}"
                yield mapping_error(row, shop, column, f'"{code}" is not in Fortnox', known)


def _article_errors(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient
) -> Iterator[MappingError]:
    for row in mappings.rows_of(SpecialArticleRow, shop.shop):
        if row.article_number:
            yield from _card_errors(row, shop, client, "article_number", row.article_number)


def _customer_errors(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient
) -> Iterator[MappingError]:
    for row in mappings.rows_of(CustomerPolicyRow, shop.shop):
        number = row.shared_customer_number
        if number:
            yield from _card_errors(row, shop, client, "shared_customer_number", number)


def _supplier_errors(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient
) -> Iterator[MappingError]:
    for row in mappings.rows_of(PayoutRow, shop.shop):
        if row.fee_as == "supplier_invoice":
            yield from _card_errors(row, shop, client, "supplier_number", row.supplier_number)


def _card_errors(
    row: MappingRow, shop: ShopRow, client: FortnoxClient, column: str, number: str
) -> Iterator[MappingError]:
    what = _CARDS[column]
    path, envelope = _BY_NUMBER[what]
    card = client.find(f"{path}/{path_segment(number)}", envelope)
    if card is None:
        yield mapping_error(
            row, shop, column, f"{what} {number} is not in Fortnox", "create it there"
        )
    elif not card.get("Active"):
        yield mapping_error(
            row, shop, column, f"{what} {number} is not active", "activate it in Fortnox"
        )
