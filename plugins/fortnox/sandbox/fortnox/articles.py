"""``/3/articles``: defaults as recorded (4.14, 4.16); VAT follows the sales account."""

import re
from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox import housework
from fortnox.sandbox.fortnox.article_fields import ACCOUNTS, AMOUNTS, DEFAULTS, FIELDS
from fortnox.sandbox.fortnox.document_kinds import ROWS, documents
from fortnox.sandbox.fortnox.errors import (
    ARTICLE_NOT_FOUND,
    ARTICLE_NUMBER_TAKEN,
    BAD_FILTER,
    BAD_VALUE,
    HOUSEWORK_EXPIRED,
    IN_USE,
    NOT_ALPHANUMERIC,
    ROW_ACCOUNT_UNKNOWN,
    SALES_PRICE_READ_ONLY,
    UNIT_UNKNOWN,
    VALUE_IS_NULL,
    WAREHOUSE_KEEPS_STOCK,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import created, present, read, updated
from fortnox.sandbox.fortnox.ledger import account_of, year_of
from fortnox.sandbox.fortnox.listing import changed, contains, numeric, ordered, page
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.vat import rate_of_account
from fortnox.sandbox.fortnox.wire import Answer, Json, hundredths, number

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


def _shown(call: Call, data: Json) -> Json:
    return {"@url": call.url(f"articles/{data['ArticleNumber']}"), **data}


def _item(call: Call, data: Json) -> Json:
    """Numbers are text and VAT is null in lists (recording 4.17)."""
    shown = {key: data[key] for key in _LIST_KEYS}
    shown.update({key: str(data[key] or 0) for key in _TEXT_IN_LISTS})
    shown["SalesPrice"] = None if data["SalesPrice"] is None else str(data["SalesPrice"])
    shown["VAT"] = None
    return {"@url": call.url(f"articles/{data['ArticleNumber']}"), **shown}


def _list(call: Call) -> Answer:
    rows = list(changed(call.store.table("articles"), call.query))
    wanted = call.query.get("filter", "")
    if wanted not in ("", "active", "inactive"):
        raise ApiError(BAD_FILTER)
    if wanted:
        rows = [data for data in rows if data["Active"] == (wanted == "active")]
    for parameter, name in _FILTERS.items():
        text = call.query.get(parameter, "")
        if text:
            rows = [data for data in rows if contains(data, name, text)]
    sortable: dict[str, Any] = {
        "articlenumber": numeric("ArticleNumber"),
        "quantityinstock": lambda data: data["QuantityInStock"],
        "reservedquantity": lambda data: data["ReservedQuantity"],
        "stockvalue": lambda data: data["StockValue"],
    }
    return page(
        ordered(rows, call.query, "articlenumber", sortable),
        call.query,
        plural="Articles",
        item=lambda data: _item(call, data),
        max_limit=call.store.switches.max_limit,
    )


def _found(call: Call) -> Json:
    data = call.store.table("articles").get(call.args["number"])
    if data is None:
        raise ApiError(ARTICLE_NOT_FOUND)
    return data


def _get(call: Call) -> Answer:
    return Answer(body={"Article": _shown(call, _found(call))})


def _create(call: Call) -> Answer:
    sent = _read(call)
    if not sent.get("Description"):
        raise ApiError(VALUE_IS_NULL)
    data = created(_defaults(call.store), sent)
    data["ArticleNumber"] = _number(call.store, data["ArticleNumber"])
    data = _completed(call.store, data, present(sent))
    call.store.table("articles").put(data["ArticleNumber"], data)
    return Answer(
        status=201, body={"Article": _shown(call, data)}, headers={"Location": "articles"}
    )


def _update(call: Call) -> Answer:
    call.envelope("Article")
    current = _found(call)
    sent = _read(call)
    if "Description" in sent and sent["Description"] is None:
        raise ApiError(VALUE_IS_NULL)
    if sent.get("ArticleNumber") not in (None, "", current["ArticleNumber"]):
        raise ApiError(BAD_VALUE, name="ArticleNumber")
    sent.pop("ArticleNumber", None)
    data = _completed(call.store, updated(current, sent, _defaults(call.store)), present(sent))
    call.store.table("articles").put(data["ArticleNumber"], data)
    return Answer(body={"Article": _shown(call, data)})


def _delete(call: Call) -> Answer:
    key = _found(call)["ArticleNumber"]
    for data in documents(call.store):
        rows = next(data[name] for name in ROWS if name in data)
        if any(row["ArticleNumber"] == key for row in rows):
            raise ApiError(IN_USE)
    call.store.table("articles").delete(key)
    call.store.table("deleted").put(f"articles:{key}", {})
    return Answer(status=204)


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


def _number(store: Store, chosen: str) -> str:
    articles, deleted = store.table("articles"), store.table("deleted")
    if chosen:
        if not _NUMBER.fullmatch(chosen):
            raise ApiError(NOT_ALPHANUMERIC, value=chosen)
        if chosen in articles or f"articles:{chosen}" in deleted:
            raise ApiError(ARTICLE_NUMBER_TAKEN, number=chosen)
        return chosen
    while True:
        free = str(store.next_number("article"))
        if free not in articles and f"articles:{free}" not in deleted:
            return free


ROUTES = (
    Route("GET", "articles", "article", _list),
    Route("POST", "articles", "article", _create),
    Route("GET", "articles/{number}", "article", _get),
    Route("PUT", "articles/{number}", "article", _update),
    Route("DELETE", "articles/{number}", "article", _delete),
)
