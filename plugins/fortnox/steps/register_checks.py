"""What preflight asks about articles, prices and stock, where events.csv lets them flow."""

from collections.abc import Iterator

from fortnox.api.articles import check_price_list
from fortnox.api.client import FortnoxClient
from fortnox.api.warehouse import warehouse_is_on
from fortnox.core.checks import Check, Severity
from fortnox.core.errors import FatalError
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.steps.article_cache import load_cache


def register_checks(mappings: Mappings, shop: ShopRow, client: FortnoxClient) -> Iterator[Check]:
    """The price list is there, and the stock is Fortnox's to be told.

    Whether the warehouse module is on is asked; where the company does not say, it shows at the
    first quantity that is written, and the runs remember it.
    """
    if _flows(mappings, shop, "articles"):
        yield _price_list(client, shop.price_list)
    if _flows(mappings, shop, "stock") == "export":
        yield _warehouse(shop, client)


def _flows(mappings: Mappings, shop: ShopRow, resource: str) -> str:
    event = mappings.event(shop.shop, resource)
    return "" if event is None or event.direction == "off" else event.direction


def _price_list(client: FortnoxClient, code: str) -> Check:
    what = f"price list {code}"
    try:
        check_price_list(client, code)
    except FatalError as error:
        return Check(what=what, severity=Severity.WARNING, seen=error.message, remedy=error.remedy)
    return Check(what=what, seen="there")


def _warehouse(shop: ShopRow, client: FortnoxClient) -> Check:
    told = warehouse_is_on(client)
    cache = load_cache(shop, "stock")
    seen = cache is not None and cache.warehouse
    if told or (told is None and seen):
        return Check(
            what="warehouse module",
            severity=Severity.WARNING,
            seen="Fortnox's warehouse module keeps the stock itself, so the shop's is not written",
            remedy="write import for stock in events.csv, or turn it off",
        )
    if told is None:
        return Check(
            what="warehouse module",
            seen="not seen so far; Fortnox tells it where the app has the scope warehouse",
        )
    return Check(what="warehouse module", seen="off")
