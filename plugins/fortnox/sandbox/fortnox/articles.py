"""``/3/articles``: defaults as recorded (4.14, 4.16); VAT follows the sales account."""

import re
from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox import housework
from fortnox.sandbox.fortnox.article_fields import ACCOUNTS, AMOUNTS, DEFAULTS, FIELDS
from fortnox.sandbox.fortnox.card_register import CardRegister
from fortnox.sandbox.fortnox.document_kinds import ROWS, documents
from fortnox.sandbox.fortnox.errors import (
    ARTICLE_NOT_FOUND,
    ARTICLE_NUMBER_TAKEN,
    HOUSEWORK_EXPIRED,
    ROW_ACCOUNT_UNKNOWN,
    SALES_PRICE_READ_ONLY,
    UNIT_UNKNOWN,
    WAREHOUSE_KEEPS_STOCK,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import present, read
from fortnox.sandbox.fortnox.ledger import account_of, year_of
from fortnox.sandbox.fortnox.listing import numeric
from fortnox.sandbox.fortnox.routing import Call
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.vat import rate_of_account
from fortnox.sandbox.fortnox.wire import Json, hundredths, number

_LIST_KEYS = (
    "ArticleNumber",
    "Description",
    "DisposableQuantity",
    "EAN",
    "Housework",
    "PurchasePrice",
    "SalesPrice",
    "QuantityInStock",
    "ReservedQuantity",
    "StockPlace",
    "StockValue",
    "Unit",
    "VAT",
    "WebshopArticle",
)
_TEXT_IN_LISTS = (
    "DisposableQuantity",
    "PurchasePrice",
    "QuantityInStock",
    "ReservedQuantity",
    "StockValue",
)
_FILTERS = {
    "articlenumber": "ArticleNumber",
    "description": "Description",
    "ean": "EAN",
    "suppliernumber": "SupplierNumber",
    "manufacturer": "Manufacturer",
    "manufacturerarticlenumber": "ManufacturerArticleNumber",
    "webshop": "WebshopArticle",
}
_NUMBER = re.compile(r"[0-9A-Za-zÅÄÖåäö\-+/._]+")


def _item(data: Json) -> Json:
    """Numbers are text and VAT is null in lists (recording 4.17)."""
    shown = {key: data[key] for key in _LIST_KEYS}
    shown.update({key: str(data[key] or 0) for key in _TEXT_IN_LISTS})
    shown["SalesPrice"] = None if data["SalesPrice"] is None else str(data["SalesPrice"])
    shown["VAT"] = None
    return shown


def _is_used(store: Store, number: str) -> bool:
    """A row of a document names it."""
    for data in documents(store):
        rows = next(data[name] for name in ROWS if name in data)
        if any(row["ArticleNumber"] == number for row in rows):
            return True
    return False


def _read(call: Call) -> dict[str, Any]:
    sent = read(FIELDS, call.envelope("Article"))
    if "SalesPrice" in present(sent):
        raise ApiError(SALES_PRICE_READ_ONLY)
    # VAT is taken but follows the sales account (facts 5.2).
    sent.pop("VAT", None)
    sent.pop("SalesPrice", None)
    if call.store.company.has_warehouse and "QuantityInStock" in sent:
        # The module keeps the stock: facts 5.2, writable only without it.
        if call.store.switches.warehouse_quantity == "refuse":
            raise ApiError(WAREHOUSE_KEEPS_STOCK)
        sent.pop("QuantityInStock")
    return sent


def _defaults(store: Store) -> Json:
    """The company's predefined accounts decide an article's (recordings, point 18)."""
    predefined = {
        "EUAccount": "SALESEUREV",
        "EUVATAccount": "SALESEUVAT",
        "ExportAccount": "SALESEXPORT",
        "PurchaseAccount": "PURCASE",
        "SalesAccount": "SALES",
    }
    table = store.table("predefinedaccounts")
    found = {name: (table.get(key) or {"Account": 0}) for name, key in predefined.items()}
    return {**DEFAULTS, **{name: data["Account"] for name, data in found.items()}}


def _completed(store: Store, data: Json, sent: dict[str, Any]) -> Json:
    year = year_of(store, store.clock.today().isoformat())
    year_id = 0 if year is None else int(year["Id"])
    for name in ACCOUNTS:
        # Only what was sent is checked: the defaults may be missing in a company's chart.
        if sent.get(name) and account_of(store, year_id, data[name]) is None:
            raise ApiError(ROW_ACCOUNT_UNKNOWN)
    if sent.get("HouseworkType") in housework.EXPIRED:
        raise ApiError(HOUSEWORK_EXPIRED)
    if data["Unit"] and data["Unit"] not in store.table("units"):
        raise ApiError(UNIT_UNKNOWN)
    account = account_of(store, year_id, data["SalesAccount"] or 0)
    data["VAT"] = rate_of_account(store, account)
    for name in AMOUNTS:
        if data[name] is not None:
            data[name] = number(hundredths(Decimal(data[name])))
    data["DisposableQuantity"] = data["QuantityInStock"]
    data["StockValue"] = _stock_value(data)
    return data


def _stock_value(data: Json) -> int | Decimal:
    if not data["StockGoods"]:
        return 0
    value = Decimal(data["QuantityInStock"]) * Decimal(data["PurchasePrice"])
    return number(hundredths(value))


ROUTES = CardRegister(
    path="articles",
    single="Article",
    plural="Articles",
    number="ArticleNumber",
    named="Description",
    characters=_NUMBER,
    not_found=ARTICLE_NOT_FOUND,
    taken=ARTICLE_NUMBER_TAKEN,
    deleted=ARTICLE_NUMBER_TAKEN,
    filters=_FILTERS,
    sortable={
        "articlenumber": numeric("ArticleNumber"),
        "quantityinstock": lambda data: data["QuantityInStock"],
        "reservedquantity": lambda data: data["ReservedQuantity"],
        "stockvalue": lambda data: data["StockValue"],
    },
    item=_item,
    read=_read,
    blanks=_defaults,
    completed=_completed,
    is_used=_is_used,
).routes()
