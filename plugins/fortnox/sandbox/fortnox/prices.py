"""``/3/prices``: a base price per list and article, and graduated ones above it (facts 5.3).

The base row (FromQuantity 0) is always there and stays; in list A it is the article's SalesPrice.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from fortnox.sandbox.fortnox.errors import (
    ARTICLE_NOT_FOUND,
    BAD_VALUE,
    CODE_TAKEN,
    ROW_ARTICLE_UNKNOWN,
    VALUE_IS_NULL,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, created, present, read, updated
from fortnox.sandbox.fortnox.listing import changed, page
from fortnox.sandbox.fortnox.register_errors import (
    BASE_PRICE_STAYS,
    PRICE_LIST_NOT_FOUND,
    PRICE_LIST_UNKNOWN,
    PRICE_NOT_FOUND,
)
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import SWEDISH_TIME, Store
from fortnox.sandbox.fortnox.wire import Answer, Json, hundredths, number

STANDARD_LIST = "A"
_FIELDS = {
    "ArticleNumber": Field("text", 50),
    "Date": Field(),
    "FromQuantity": Field("number"),
    "Percent": Field("number"),
    "Price": Field("number"),
    "PriceList": Field("text", 100),
}
_LIST_KEYS = ("ArticleNumber", "FromQuantity", "Price", "PriceList")


def _key(price_list: object, article: object, quantity: object) -> str:
    return f"{price_list}/{article}/{number(Decimal(str(quantity)))}"


def _shown(call: Call, data: Json) -> Json:
    place = _key(data["PriceList"], data["ArticleNumber"], data["FromQuantity"])
    return {"@url": call.url(f"prices/{place}"), **data}


def _blank(store: Store, price_list: str, article: str) -> Json:
    return {
        "ArticleNumber": article,
        "Date": store.clock.now().astimezone(SWEDISH_TIME).strftime("%Y-%m-%d %H:%M:%S"),
        "FromQuantity": 0,
        "Percent": 0,
        "Price": 0,
        "PriceList": price_list,
    }


def _listed(call: Call, rows: list[Json]) -> Answer:
    rows.sort(key=lambda d: (d["PriceList"], d["ArticleNumber"], Decimal(d["FromQuantity"])))
    return page(
        rows,
        call.query,
        plural="Prices",
        item=lambda data: {name: _shown(call, data)[name] for name in ("@url", *_LIST_KEYS)},
        max_limit=call.store.switches.max_limit,
    )


def _list(call: Call) -> Answer:
    return _listed(call, list(changed(call.store.table("prices"), call.query)))


def _sublist(call: Call) -> Answer:
    price_list, article = _require_place(call)
    rows = [
        data
        for data in changed(call.store.table("prices"), call.query)
        if (data["PriceList"], data["ArticleNumber"]) == (price_list, article)
    ]
    if not any(data["FromQuantity"] == 0 for data in rows):
        rows.append(_blank(call.store, price_list, article))
    return _listed(call, rows)


def _require_place(call: Call) -> tuple[str, str]:
    price_list, article = call.args["list"], call.args["article"]
    if price_list not in call.store.table("pricelists"):
        raise ApiError(PRICE_LIST_NOT_FOUND)
    if article not in call.store.table("articles"):
        raise ApiError(ARTICLE_NOT_FOUND)
    return price_list, article


def _found(call: Call) -> Json:
    price_list, article = _require_place(call)
    try:
        quantity = Decimal(call.args.get("quantity", "0"))
    except InvalidOperation as error:
        raise ApiError(PRICE_NOT_FOUND) from error
    if not quantity.is_finite():
        raise ApiError(PRICE_NOT_FOUND)
    data = call.store.table("prices").get(_key(price_list, article, quantity))
    if data is None and quantity == 0:
        return _blank(call.store, price_list, article)
    if data is None:
        raise ApiError(PRICE_NOT_FOUND)
    return data


def _get(call: Call) -> Answer:
    return Answer(body={"Price": _shown(call, _found(call))})


def _create(call: Call) -> Answer:
    sent = present(read(_FIELDS, call.envelope("Price")))
    if not sent.get("ArticleNumber") or not sent.get("PriceList"):
        raise ApiError(VALUE_IS_NULL)
    if sent["PriceList"] not in call.store.table("pricelists"):
        raise ApiError(PRICE_LIST_UNKNOWN)
    if sent["ArticleNumber"] not in call.store.table("articles"):
        raise ApiError(ROW_ARTICLE_UNKNOWN)
    sent.pop("Date", None)
    blank = _blank(call.store, sent["PriceList"], sent["ArticleNumber"])
    data = created(blank, sent)
    if _key(data["PriceList"], data["ArticleNumber"], data["FromQuantity"]) in call.store.table(
        "prices"
    ):
        raise ApiError(CODE_TAKEN)
    return Answer(status=201, body={"Price": _kept(call, data)}, headers={"Location": "prices"})


def _update(call: Call) -> Answer:
    current = _found(call)
    sent = read(_FIELDS, call.envelope("Price"))
    sent.pop("Date", None)
    blank = _blank(call.store, current["PriceList"], current["ArticleNumber"])
    data = updated(current, sent, {**blank, "FromQuantity": current["FromQuantity"]})
    for name in ("ArticleNumber", "PriceList", "FromQuantity"):
        if data[name] != current[name]:
            raise ApiError(BAD_VALUE, name=name)
    return Answer(body={"Price": _kept(call, {**data, "Date": blank["Date"]})})


def _kept(call: Call, data: Json) -> Json:
    """Round, store, and carry the standard list's base price over to the article."""
    for name in ("FromQuantity", "Percent", "Price"):
        value: Any = Decimal(data[name] or 0)
        if value < 0:
            raise ApiError(BAD_VALUE, name=name)
        data[name] = number(hundredths(value))
    table = call.store.table("prices")
    table.put(_key(data["PriceList"], data["ArticleNumber"], data["FromQuantity"]), data)
    if data["PriceList"] == STANDARD_LIST and data["FromQuantity"] == 0:
        articles = call.store.table("articles")
        article = articles.get(data["ArticleNumber"]) or {}
        articles.put(data["ArticleNumber"], {**article, "SalesPrice": data["Price"]})
    return _shown(call, data)


def _delete(call: Call) -> Answer:
    data = _found(call)
    if data["FromQuantity"] == 0:
        raise ApiError(BASE_PRICE_STAYS)
    key = _key(data["PriceList"], data["ArticleNumber"], data["FromQuantity"])
    call.store.table("prices").delete(key)
    return Answer(status=204)


_BASE = "prices/{list}/{article}"
ROUTES = (
    Route("GET", "prices", "price", _list),
    Route("POST", "prices", "price", _create),
    Route("GET", "prices/sublist/{list}/{article}", "price", _sublist),
    Route("GET", _BASE, "price", _get),
    Route("PUT", _BASE, "price", _update),
    Route("GET", _BASE + "/{quantity}", "price", _get),
    Route("PUT", _BASE + "/{quantity}", "price", _update),
    Route("DELETE", _BASE + "/{quantity}", "price", _delete),
)
