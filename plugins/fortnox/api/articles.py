"""Fortnox's articles and prices: few lists, single articles only where lists leave things out."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from fortnox.api.client import FortnoxClient
from fortnox.api.wire import JsonObject, path_segment
from fortnox.core.article_cache import ArticleCache, merged_fortnox, swedish_since
from fortnox.core.articles import ArticleAction, ArticleDetails, FortnoxArticle
from fortnox.core.errors import DocumentError, FatalError, UnknownOutcomeError

#: The list whose base prices are the articles' SalesPrice, which the article list shows.
STANDARD_LIST = "A"
_NOT_FOUND = 404


def read_articles(
    client: FortnoxClient,
    price_list: str,
    cache: ArticleCache | None,
    since: datetime,
    now: datetime,
    *,
    keep_written: bool = False,
) -> dict[str, FortnoxArticle]:
    """All articles by number: everything, or the cache and what changed since.

    Args:
        client: The company.
        price_list: Whose base prices are wanted.
        cache: What was read before; None reads everything.
        since: Start of what is asked for, with a cache.
        now: The present.
        keep_written: Take an article that is as our own last write left it for unchanged.
    """
    params = {} if cache is None else {"lastmodified": swedish_since(since, now)}
    listed = {
        str(one["ArticleNumber"]): one for one in client.list("articles", "Articles", **params)
    }
    inactive: dict[str, JsonObject] = {}
    if listed:
        found = client.list("articles", "Articles", filter="inactive", **params)
        inactive = {str(one["ArticleNumber"]): one for one in found}
    known = {} if cache is None else {article.number: article for article in cache.fortnox}
    prices: dict[str, Decimal] | None = None
    if price_list != STANDARD_LIST:
        prices = _prices(client, price_list, params)
    # Nobody documents whether a list without a filter holds inactive articles too.
    everything = {**inactive, **listed}.values()
    read = [_listed(item, inactive, prices, known) for item in everything]
    # From the next second on nothing is written yet: every changed article counts as changed.
    since_s = int(since.timestamp()) if keep_written else int(now.timestamp()) + 1
    merged = merged_fortnox(known, read, full=cache is None, since_s=since_s)
    for number, price in (prices or {}).items():
        if number in merged:
            merged[number] = replace(merged[number], price=price)
    return merged


def read_details(
    client: FortnoxClient, numbers: Iterable[str]
) -> Iterator[tuple[str, ArticleDetails]]:
    """What lists leave out, one request each; an article that is gone is left out."""
    for number in numbers:
        found = client.find(f"articles/{path_segment(number)}", "Article")
        if found is not None:
            yield number, _details(found)


def check_price_list(client: FortnoxClient, code: str) -> None:
    """The price list exists; the standard one always does.

    Raises:
        FatalError: It does not.
    """
    if code == STANDARD_LIST or client.find(f"pricelists/{path_segment(code)}", "PriceList"):
        return
    raise FatalError(
        f"Fortnox has no price list {code}.",
        remedy="Create it in Fortnox, or change price_list in shops.csv.",
    )


def write_article(
    client: FortnoxClient, action: ArticleAction, price_list: str, now: datetime
) -> FortnoxArticle | None:
    """Carry one change out; the article as Fortnox answered it, None when only a price changed.

    Every write says what is to hold, so one without an answer is simply made again.

    Raises:
        DocumentError: Fortnox refuses it.
        UnknownOutcomeError: Twice no answer.
    """
    written = None
    if action.fields or action.in_stock is not None:
        answer = _twice(client, action)
        written = replace(parse_article(answer), written_s=int(now.timestamp()))
    if action.price is not None:
        _write_price(client, action.number, action.price, price_list)
        written = replace(written, price=action.price) if written else None
    return written


def parse_article(answer: JsonObject) -> FortnoxArticle:
    """A whole article as answered to GET, POST and PUT."""
    return FortnoxArticle(
        number=str(answer["ArticleNumber"]),
        description=answer.get("Description") or "",
        ean=answer.get("EAN") or "",
        webshop=answer.get("WebshopArticle") is True,
        active=answer.get("Active") is not False,
        price=_decimal(answer.get("SalesPrice")),
        in_stock=_decimal(answer.get("QuantityInStock")) or Decimal(0),
        disposable=_decimal(answer.get("DisposableQuantity")) or Decimal(0),
        details=_details(answer),
    )


def _twice(client: FortnoxClient, action: ArticleAction) -> JsonObject:
    try:
        return _send(client, action)
    except UnknownOutcomeError:
        if action.kind == "create" and (found := _found(client, action.number)):
            return found
        return _send(client, action)


def _send(client: FortnoxClient, action: ArticleAction) -> JsonObject:
    body: JsonObject = dict(action.fields)
    if action.in_stock is not None:
        body["QuantityInStock"] = action.in_stock
    if action.kind == "create":
        return client.create("articles", "Article", body)
    return client.update(f"articles/{path_segment(action.number)}", "Article", body)


def _found(client: FortnoxClient, number: str) -> JsonObject | None:
    return client.find(f"articles/{path_segment(number)}", "Article")


def _write_price(client: FortnoxClient, number: str, price: Decimal, price_list: str) -> None:
    """The base row of the list; it is made where the article is new in that list."""
    path = f"prices/{path_segment(price_list)}/{path_segment(number)}"
    for _ in range(2):
        try:
            client.update(path, "Price", {"Price": price})
        except UnknownOutcomeError:
            continue
        except DocumentError as error:
            if error.http_status != _NOT_FOUND:
                raise
            body = {
                "ArticleNumber": number,
                "PriceList": price_list,
                "FromQuantity": 0,
                "Price": price,
            }
            client.create("prices", "Price", body)
        return
    raise UnknownOutcomeError(f"Twice no answer to the price of article {number}.")


def _listed(
    item: JsonObject,
    inactive: Collection[str],
    prices: dict[str, Decimal] | None,
    known: dict[str, FortnoxArticle],
) -> FortnoxArticle:
    number = str(item["ArticleNumber"])
    if prices is None:
        price = _decimal(item.get("SalesPrice"))
    else:
        before = known[number].price if number in known else None
        price = prices.get(number, before)
    return FortnoxArticle(
        number=number,
        description=item.get("Description") or "",
        ean=item.get("EAN") or "",
        webshop=item.get("WebshopArticle") is True,
        active=number not in inactive,
        price=price,
        in_stock=_decimal(item.get("QuantityInStock")) or Decimal(0),
        disposable=_decimal(item.get("DisposableQuantity")) or Decimal(0),
    )


def _prices(client: FortnoxClient, price_list: str, params: dict[str, str]) -> dict[str, Decimal]:
    """Base prices of one list; Fortnox lists those of all of them together."""
    found: dict[str, Decimal] = {}
    for item in client.list("prices", "Prices", **params):
        price = _decimal(item.get("Price"))
        is_base = not _decimal(item.get("FromQuantity"))
        if item.get("PriceList") == price_list and is_base and price is not None:
            found[str(item["ArticleNumber"])] = price
    return found


def _details(answer: JsonObject) -> ArticleDetails:
    account = answer.get("SalesAccount")
    return ArticleDetails(
        sales_account=int(account) if account else None,
        article_type=answer.get("Type") or "",
        weight_g=int(_decimal(answer.get("Weight")) or 0),
        stock_goods=answer.get("StockGoods") is True,
    )


def _decimal(value: object) -> Decimal | None:
    """Numbers are text in lists and numbers in single articles."""
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
