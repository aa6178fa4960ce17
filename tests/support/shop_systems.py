"""Both shop systems' sandboxes with the means to make things happen in them; one class each."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from tests.support.shop_conformance import SALES, Truth
from tests.support.two_way_conformance import Goods

from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.server import RunningServer, start
from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP
from fortnox.sandbox.textalk import Drift as TextalkDrift
from fortnox.sandbox.textalk import create_app as create_textalk
from fortnox.sandbox.textalk.registers import PAYMENT_METHODS
from fortnox.sandbox.textalk.store import Store as TextalkStore
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET
from fortnox.sandbox.woocommerce import create_app as create_woocommerce
from fortnox.sandbox.woocommerce.store import Drift as WooDrift
from fortnox.sandbox.woocommerce.store import Store as WooStore
from fortnox.shops.patience import Patience
from fortnox.shops.textalk import Access, TextalkSettings, TextalkShop
from fortnox.shops.woocommerce import WooCommerceShop


class WooCommerceSystem:
    """WooCommerce's sandbox and adapter."""

    secrets = (DEFAULT_KEY, DEFAULT_SECRET, "oauth_signature")

    def __init__(self, server: RunningServer, store: WooStore) -> None:
        self._url, self._store = server.url, store

    def shop(self, *, key_works: bool = True) -> WooCommerceShop:
        secret = DEFAULT_SECRET if key_works else "cs_wrong"
        return WooCommerceShop(self._url, DEFAULT_KEY, secret, sleep=lambda _: None)

    def truth(self) -> dict[str, Truth]:
        return {
            str(order["id"]): Truth(
                _utc(order["date_created_gmt"] + "Z"),
                _utc(order["date_modified_gmt"] + "Z"),
                int(Decimal(order["total"]) * 100),
                order["currency"],
            )
            for order in self._store.orders.values()
            if order["status"] != "checkout-draft"
        }

    def touch(self, order_id: str, moment: datetime) -> None:
        changes = {"date_modified_gmt": moment.strftime("%Y-%m-%dT%H:%M:%S")}
        self._store.edit_order(int(order_id), changes, bump=False)

    def drift(self, after_lists: int, action: str, order_id: str) -> None:
        self._store.drifts.append(WooDrift(after_lists, action, int(order_id)))

    def fault(self, rule: FaultRule) -> None:
        self._store.faults.add(rule)

    def personal_data(self) -> tuple[str, ...]:
        return tuple(order["billing"]["email"] for order in self._store.orders.values())

    def goods(self) -> dict[str, Goods]:
        return {
            item["sku"]: Goods(Decimal(item["regular_price"]), item["stock_quantity"])
            for item in self._items()
            if item["sku"] and item["type"] != "variable"
        }

    def sold_number(self, *, is_variant: bool) -> str:
        lines = (line for order in self._store.orders.values() for line in order["line_items"])
        sold = {line["sku"] for line in lines if bool(line["variation_id"]) is is_variant}
        return _counted(self.goods(), sold)

    def reprice(self, number: str, price: str) -> None:
        self._edit(number, regular_price=price, price=price)

    def sell(self, number: str, pieces: int) -> None:
        self._edit(number, stock_quantity=(self.goods()[number].stock or 0) - pieces)

    def emails(self) -> list[str]:
        return [one["email"] for one in self._store.data.customers.values()]

    def _items(self) -> list[dict[str, Any]]:
        data = self._store.data
        return [*data.products.values(), *data.variations.values()]

    def _edit(self, number: str, **values: Any) -> None:
        item = next(one for one in self._items() if one["sku"] == number) | values
        self._store.stamp(item, "date_modified")
        data = self._store.data
        table = data.variations if item["type"] == "variation" else data.products
        table[item["id"]] = item


class TextalkSystem:
    """Textalk's sandbox and adapter."""

    secrets = (DEFAULT_TOKEN, quote(DEFAULT_TOKEN, safe=""), "auth=")

    def __init__(self, server: RunningServer, store: TextalkStore) -> None:
        self._url, self._store = server.url, store

    def shop(self, *, key_works: bool = True) -> TextalkShop:
        secret = DEFAULT_TOKEN if key_works else "wrong"
        return TextalkShop(
            self._url,
            Access(webshop=str(WEBSHOP), secret=secret),
            settings=TextalkSettings(eu_vat="origin"),
            patience=Patience(sleep=lambda _: None),
        )

    def truth(self) -> dict[str, Truth]:
        return {
            str(uid): Truth(
                _utc(order["ordered"]),
                _utc(order["changed"]),
                int((Decimal(order["costs"]["total"]["incVat"]) - self._by_card(order)) * 100),
                order["currency"],
            )
            for uid, order in self._store.orders.items()
            if order["ordered"]
        }

    def touch(self, order_id: str, moment: datetime) -> None:
        changes = {"changed": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
        self._store.edit_order(int(order_id), changes, bump=False)

    def drift(self, after_lists: int, action: str, order_id: str) -> None:
        drift = TextalkDrift(after_lists=after_lists, action=action, uid=int(order_id))
        self._store.drifts.append(drift)

    def fault(self, rule: FaultRule) -> None:
        self._store.faults.add(rule)

    def personal_data(self) -> tuple[str, ...]:
        return tuple(one["customer"]["info"]["email"] for one in self._store.orders.values())

    def _by_card(self, order: dict[str, Any]) -> Decimal:
        """What a gift card paid beside another method: left to pay is the rest."""
        payments = [self._store.objects["Payment"][uid] for uid in order["payments"]]
        cards = [one for one in payments if one["method"] == PAYMENT_METHODS["gift_card"][0]]
        return sum((Decimal(one["amount"]) for one in cards if len(payments) > 1), Decimal(0))

    def goods(self) -> dict[str, Goods]:
        objects = self._store.objects
        found = {
            item["articleNumber"]: Goods(_price(item), item["stock"]["stock"])
            for item in objects["Article"].values()
            if item["articleNumber"] and not item["variants"]
        }
        for one in objects["ArticleVariant"].values():
            if one["articleNumber"]:
                price = _price(objects["Article"][one["article"]])
                found[one["articleNumber"]] = Goods(price, one["stock"])
        return found

    def sold_number(self, *, is_variant: bool) -> str:
        variants = {one["articleNumber"] for one in self._store.objects["ArticleVariant"].values()}
        sold = {one["articleNumber"] for one in self._store.objects["OrderItem"].values()}
        return _counted(self.goods(), sold & variants if is_variant else sold - variants)

    def reprice(self, number: str, price: str) -> None:
        articles = self._store.objects["Article"].values()
        item = next(one for one in articles if one["articleNumber"] == number)
        item["price"]["regular"]["SEK"] = Decimal(price)
        item["changed"] = self._store.moment()

    def sell(self, number: str, pieces: int) -> None:
        """The article's own date of change stays: no more is known of a sale."""
        store = self._store
        for one in store.objects["ArticleVariant"].values():
            if one["articleNumber"] == number:
                one["stock"] -= pieces
                store.variant_changed(one)
        for one in store.objects["Article"].values():
            if one["articleNumber"] == number:
                one["stock"]["stock"] -= pieces
        items = store.objects["OrderItem"].values()
        store.edit_order(next(one["order"] for one in items if one["articleNumber"] == number))

    def emails(self) -> list[str]:
        return [one["info"]["email"] for one in self._store.objects["Customer"].values()]


def _counted(goods: dict[str, Goods], sold: set[str]) -> str:
    return min(number for number in sold if number and goods[number].stock is not None)


def _price(item: dict[str, Any]) -> Decimal:
    return Decimal(item["price"]["regular"]["SEK"])


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@contextmanager
def serving() -> Iterator[dict[str, Any]]:
    """Both shops, served once: platform -> server and store."""
    woocommerce, textalk = create_woocommerce(copy.deepcopy(SALES)), create_textalk(SALES)
    with start(woocommerce) as first, start(textalk) as second:
        yield {
            "woocommerce": (first, woocommerce.state.woocommerce),
            "textalk": (second, textalk.state.textalk),
        }


def woocommerce_system(servers: dict[str, Any]) -> WooCommerceSystem:
    """The WooCommerce shop as it was at first."""
    server, store = servers["woocommerce"]
    store.reset()
    return WooCommerceSystem(server, store)


def textalk_system(servers: dict[str, Any], *, is_hard: bool = False) -> TextalkSystem:
    """The Textalk shop as it was at first; a hard one leaves its clients without what is unsure.

    It can't filter by change or uid, cuts lists and adds in fractions.
    """
    server, store = servers["textalk"]
    store.reset()
    if is_hard:
        store.switch(
            unfilterable=("/changed", "/uid"), max_limit=37, inclusive=False, float_noise=True,
            company_field="info/company",
        )  # fmt: skip
    return TextalkSystem(server, store)
